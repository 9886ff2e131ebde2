"""Who is told together: names that only the service chooses."""

from __future__ import annotations

CITIZEN = "/citizen"
DESK = "/desk"
WORKER = "/media"


def of_attention(attention: str) -> str:
    """Every page of the attention's citizen."""
    return f"attention:{attention}"


def of_desk(organisation: str, subject: str) -> str:
    """Every page of an informer."""
    return f"desk:{organisation}:{subject}"


def of_session(key: str) -> str:
    """Every socket of one browser session, so that a sign-out reaches them all."""
    return f"session:{key}"
