"""Who vouches for people: a client of OpenID providers, and the stand-in provider for demonstrations."""
