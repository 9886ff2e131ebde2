"""Who came in, who was let see what, and who was not."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PurposeStated:
    """A person said why they need to see a recording, and was let in until ``until`` (ISO 8601, UTC).

    ``case`` is the number of the case that it is for, ``function`` what the person is there; older facts have neither.
    """

    attention: str
    recording: str
    grant: str
    purpose: str
    until: str
    case: str = ""
    function: str = ""


@dataclass(frozen=True, slots=True)
class PlaybackRefused:
    """Someone asked to play a recording and was not let. ``recording`` is what they named."""

    recording: str
    reason: str
    attention: str | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person signed in through a provider."""

    subject: str
    provider: str
    attention: str | None = None


@dataclass(frozen=True, slots=True)
class SignedOut:
    """A person's sessions ended. ``cause``: asked, back_channel, expired."""

    subject: str
    cause: str
    attention: str | None = None


@dataclass(frozen=True, slots=True)
class SignInFailed:
    """A provider's answer was refused; ``code`` says which check."""

    realm: str
    code: str
    attention: str | None = None


@dataclass(frozen=True, slots=True)
class AccessRefused:
    """A person asked for what their role does not let them do."""

    action: str
    resource: str
    reason: str
    attention: str | None = None


@dataclass(frozen=True, slots=True)
class ReadinessChanged:
    """An informer said whether they attend, or an unanswered offer said it for them."""

    subject: str
    readiness: str
    attention: str | None = None


AccessFact = PurposeStated | PlaybackRefused | SignedIn | SignedOut | SignInFailed | AccessRefused | ReadinessChanged
