"""Asking a TURN server what it would do for a stranger, and for us."""
