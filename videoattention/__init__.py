"""Video attention for a public administration."""

__version__ = "0.1.0"
