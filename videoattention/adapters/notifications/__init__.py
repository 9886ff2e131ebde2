"""Messages to people: what takes them for delivery, and what numbers there are."""
