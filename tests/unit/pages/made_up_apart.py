"""Pages that stand apart: an identification in the archive, a link shown once, the phone of the demonstration."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from tests.unit.pages.made_up import NOW, STAFF
from tests.unit.pages.made_up_archive import LONG, STILLS
from tests.unit.pages.made_up_rights import opening
from videoattention.domain.consent import ConsentText
from videoattention.domain.papers import FEATURES, DocumentKind, Reading
from videoattention.domain.visual import Visual
from videoattention.domain.visual_parts import Challenge
from videoattention.domain.visual_stages import ACTIONS, VisualStage
from videoattention.services.receipt_links import NewLink
from videoattention.services.sms import ShownMessage

if TYPE_CHECKING:
    from collections.abc import Mapping

ACCEPTED: Final = Visual(
    "visual-1",
    "gencat-demo",
    "9f1c0d5e77a14b60",
    "staff-marta",
    ConsentText("images", "1", "ca", "5e"),
    NOW,
    VisualStage.ACCEPTED,
    kind=DocumentKind.DNI4,
    drawn={DocumentKind.DNI4: FEATURES[DocumentKind.DNI4]},
    reading=Reading("99999999R", LONG.name.upper(), "2035-06-01", (), ()),
    challenge=Challenge(ACTIONS, "4711"),
    ended_at=NOW,
)


def _identification(**changed: Any) -> Mapping[str, Any]:  # noqa: ANN401 - what the template takes
    told = {"visual": ACCEPTED, "informer": "Marta Puig i Ferrer", "stills": STILLS, "recording": "r1", "leave": "1.ab"}
    return {"person": STAFF, "csrf": "token", **told, **changed}


def _link(*, in_call: bool) -> Mapping[str, Any]:
    link = NewLink("N2s8" * 6, "K7QM-2PXR", NOW + timedelta(days=90))
    return {"link": link, "address": f"https://video.example.cat/receipt#{link.token}", "in_call": in_call}


MESSAGES: Final = (
    ShownMessage("+34600111222", "El codi és 482913. Val deu minuts. No el digueu a ningú que us truqui.", NOW),
    ShownMessage("+376312345", "The code is 482913.", NOW - timedelta(minutes=3)),
)

PAGES: dict[str, tuple[str, Mapping[str, Any]]] = {
    "identification": ("archive/identification.html", _identification()),
    "identification-without-pictures": (
        "archive/identification.html",
        _identification(visual=replace(ACCEPTED, reading=None, challenge=None), stills=(), informer=""),
    ),
    "receipt-link": ("receipts/link.html", _link(in_call=False)),
    "receipt-link-in-call": ("receipts/link.html", _link(in_call=True)),
    "papers-open": ("receipts/open.html", opening(written="")),
    "demo-phone": ("demo_phone.html", {"messages": MESSAGES}),
    "demo-phone-empty": ("demo_phone.html", {"messages": ()}),
}
"""Name -> template, and what it is given."""
