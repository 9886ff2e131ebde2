"""Invented requests about personal data and papers, to look at their pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from tests.integration.papers.accounts import attended, lowered, minute, seen
from videoattention.domain.accounts import Account, Told
from videoattention.domain.deliveries import TRIES, Shown
from videoattention.domain.own_work import Hands
from videoattention.domain.people import Person, Role
from videoattention.domain.retention import RESCUES, Keeping, RetentionStage
from videoattention.domain.rights import GROUNDS, Answer, DataRequest, RequestStage, Right, Said, grounds_for
from videoattention.entrypoints.http.faults import NO_FAULT, Fault
from videoattention.services.receipt_links import NewLink
from videoattention.services.rights_ports import QuarantineSeen, RequestSeen

if TYPE_CHECKING:
    from datetime import datetime

ATTENTION: Final = "9f1c0d5e77a14b60"
LONG: Final = "Ajuts per a la rehabilitació energètica d'edificis d'habitatges i intervencions de conservació"
OFFICER: Final = Person(
    "staff-montse", "gencat-demo", "Montse Arnau i Puigdevall", "Delegada", frozenset({Role.DATA_OFFICER}), frozenset()
)
STAFF: Final = {"person": OFFICER, "csrf": "token"}
NOW: Final = minute(60)


def _asked(name: str, right: Right, **more: Any) -> DataRequest:  # noqa: ANN401 - fields of a request
    due = NOW + timedelta(days=30)
    words = Said("Ja no em cal, i no vull que se'n conservi res. " * 3)
    return DataRequest(name, ATTENTION, "gencat-demo", right, "citizen", minute(30), due, words, **more)


ERASURE: Final = _asked("q1", Right.ERASURE)
COPY: Final = _asked("q2", Right.COPY, stage=RequestStage.DONE, ground="access", decided_at=minute(40))
REFUSED: Final = _asked("q3", Right.ERASURE, stage=RequestStage.REFUSED, ground="hold", decided_by="service")
RESTRICTED: Final = _asked("q4", Right.RESTRICTION, stage=RequestStage.DONE, ground="contested")
EVERY: Final = (ERASURE, COPY, REFUSED, RESTRICTED)
QUARANTINED: Final = (
    QuarantineSeen("a7", "OAC de Girona", LONG, minute(1), "lloguer/attended", NOW + timedelta(days=7), held=True),
)


_NOBODY: Final = Hands()


def _officer(
    fault: Fault = NO_FAULT,
    hands: Hands = _NOBODY,
    **more: Any,  # noqa: ANN401 - what the template takes
) -> dict[str, Any]:
    return {
        **STAFF,
        "now": NOW,
        "requests": [RequestSeen(one, "OAC de Girona", LONG, held=False, hands=hands) for one in EVERY],
        "copies": {ERASURE.id: COPY},
        "quarantined": QUARANTINED,
        "words_quarantined": 12,
        "laws": GROUNDS,
        "grounds": {right: {answer: grounds_for(right, answer) for answer in Answer} for right in Right},
        "rights": tuple(Right),
        "rescues": RESCUES,
        "fault": fault,
        **more,
    }


def _link(fault: Fault = NO_FAULT, account: Account | None = None) -> dict[str, Any]:
    return {**STAFF, "number": f"{ATTENTION}-1", "account": account, "shown": tuple(Shown), "fault": fault}


def papers(
    account: Account, keeping: Keeping | None = None, *requests: DataRequest, link_given: datetime | None = None
) -> dict[str, Any]:
    """The citizen's papers."""
    rights = {"laws": GROUNDS, "rights": tuple(Right), "link_given": link_given}
    return {"account": account, "csrf": "token", "requests": requests, "keeping": keeping, **rights}


def opening(fault: Fault = NO_FAULT, *, tried: int = 0, written: str = "abc") -> dict[str, Any]:
    """The form that opens papers."""
    return {"fault": fault, "token": written, "tried": tried, "most": TRIES}


def erased() -> Account:
    """An attention by sight whose data were erased."""
    account = seen()
    gone = Told(minute(50), "staff:montse", "PersonalDataErased", {"cause": "request", "entries": 9})
    kept = tuple(replace(one, erased_at=minute(50)) for one in account.recordings)
    files = tuple(replace(one, name="") for one in account.deliveries)
    return replace(account, told=(*account.told, gone), recordings=kept, deliveries=files)


def stopped() -> Account:
    """An identification by sight that the informer ended before any picture was taken."""
    account = seen("ca", "VisualAgreed", "VisualStopped")
    return replace(account, attention=replace(account.attention, identification=None, consents=()))


def held() -> Account:
    """Recorded and held, and given away without its recording."""
    account = attended()
    hold = {"recording": account.recordings[0].id, "hold": "h1", "reason": "Diligències 214/2026"}
    package = Told(minute(42), "operator:pere", "AttentionExported", {"purpose": "Reclamació", "case": "2026/117"})
    return replace(account, told=(*account.told, Told(minute(40), "operator:pere", "RecordingHeld", hold), package))


_NOT_UNDERSTOOD = Fault("q1", "understood", "not_understood", {"ground": "unneeded", "words": "S'ha mirat."})
_UNKNOWN = Fault("record", "attention", "attention_unknown", {"attention": "9f1c-1", "right": "copy", "words": "DNI"})
_NO_REASON = Fault("link", "reason", "reason_too_short", {"shown": Shown.PASSPORT, "seen": "yes", "reason": "perdut"})
_GONE = Keeping(ATTENTION, minute(50), "lloguer/attended", RetentionStage.ERASED)

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "rights": ("rights/requests.html", _officer()),
    "rights-empty": ("rights/requests.html", _officer(requests=[], copies={}, quarantined=(), words_quarantined=0)),
    "rights-not-understood": ("rights/requests.html", _officer(_NOT_UNDERSTOOD)),
    "rights-unknown": ("rights/requests.html", _officer(_UNKNOWN)),
    "rights-anothers": ("rights/requests.html", _officer(hands=Hands(OFFICER.subject, minute(40)))),
    "rights-after-a-link": ("rights/requests.html", _officer(hands=Hands("staff-roser", minute(40)))),
    "papers-copy-before-link": ("receipts/papers.html", papers(seen(), None, COPY, link_given=minute(50))),
    "rights-link": ("rights/link.html", _link()),
    "rights-link-found": ("rights/link.html", _link(_NO_REASON, attended())),
    "rights-link-unknown": ("rights/link.html", _link(Fault("link", "number", "attention_unknown"))),
    "rights-link-given": (
        "rights/link_given.html",
        {**STAFF, "link": NewLink("t", "K7QM-2PXR", NOW), "address": "https://video.example.cat/receipt#" + "N2s8" * 6},
    ),
    "papers": ("receipts/papers.html", papers(seen(), None, COPY)),
    "papers-stopped": ("receipts/papers.html", papers(stopped())),
    "papers-held": ("receipts/papers.html", papers(held(), None, RESTRICTED)),
    "papers-lowered": ("receipts/papers.html", papers(lowered())),
    "papers-erased": ("receipts/papers.html", papers(erased(), _GONE, COPY, ERASURE, REFUSED)),
    "papers-closed": ("receipts/open.html", opening(Fault("open", "", "link_refused"), tried=2)),
    "papers-locked": ("receipts/open.html", opening(Fault("open", "", "link_refused"), tried=5)),
    "papers-misspelt": ("receipts/open.html", opening(Fault("open", "pin", "pin_misspelt"))),
}
"""Every page in every state: name -> template, and what it is given."""
