"""The stand-in: an OpenID provider with invented people, for development, tests and demonstrations only."""
