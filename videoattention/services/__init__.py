"""Use cases: load, ask the domain, save state and facts together, announce."""
