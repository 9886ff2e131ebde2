"""Who the citizen was shown to be, and how."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IdentificationAsked:
    """The informer asked the citizen to show who they are. ``way``: electronic, phone, visual."""

    attention: str
    way: str = "electronic"


@dataclass(frozen=True, slots=True)
class IdentificationStopped:
    """The informer does not ask the citizen any more; nothing was proved by it."""

    attention: str


@dataclass(frozen=True, slots=True)
class CitizenIdentified:
    """A provider vouched for the citizen with this assurance; ``subject`` is the provider's name for the person.

    ``way`` as in `IdentificationAsked`, and ``method`` how the person logged in, in the provider's word; each is empty
    where it was not told. ``evidence`` is the SHA-256 (hex) of what the provider answered, which is kept encrypted.
    """

    attention: str
    provider: str
    assurance: str
    subject: str
    way: str = ""
    method: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class IdentityRevealed:
    """The attending informer saw the citizen's whole document number for a moment."""

    attention: str


@dataclass(frozen=True, slots=True)
class LoginProofGiven:
    """What a provider answered about the citizen was given away, for a purpose that was stated before.

    ``evidence`` is the SHA-256 (hex) of the answer, as in `CitizenIdentified`.
    """

    attention: str
    evidence: str
    purpose: str


IdentityFact = IdentificationAsked | IdentificationStopped | CitizenIdentified | IdentityRevealed | LoginProofGiven
