"""An attended attention with everything that papers tell of one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from videoattention.domain.accounts import Account, Kept, KeptVisual, Notice, Told
from videoattention.domain.attention import AttendingInformer, Attention
from videoattention.domain.consent import Consent, ConsentStage, ConsentText
from videoattention.domain.deliveries import Delivery, DeliveryKind
from videoattention.domain.identification import Assurance, Identification
from videoattention.domain.levels import Level, OutcomeKind, Purpose
from videoattention.domain.people import Habilitation
from videoattention.domain.stages import Stage
from videoattention.domain.visual_parts import Still
from videoattention.domain.visual_stages import StillKind, VisualStage

IMAGES: Final = "1a" * 32
START: Final = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
HASH: Final = "ab" * 32
PURPOSES: Final = frozenset({Purpose.REPRESENTATION, Purpose.RECORDING})
PARAGRAPHS: Final = (
    "Autoritzo la persona funcionària habilitada que m'atén a signar en nom meu, només en aquest tràmit.",
    "Autoritzo que la videotrucada s'enregistri, amb imatge i so de totes dues parts, fins que acabi.",
)


def minute(number: int) -> datetime:
    return START + timedelta(minutes=number)


def _consent(name: str, stage: ConsentStage, *, withdrawn: datetime | None = None) -> Consent:
    text = ConsentText("attended", "2", "ca", HASH)
    return Consent(name, text, PURPOSES, minute(2), stage, minute(3), withdrawn)


def attended(language: str = "ca") -> Account:
    """Consented, withdrawn, consented again; recorded; two files; concluded."""
    attention = Attention(
        id="9f1c0d5e77a14b60",
        organisation="gencat-demo",
        office="oac-girona",
        procedure="lloguer",
        language=language,
        arrived_at=minute(0),
        stage=Stage.CLOSED,
        level=Level.ATTENDED,
        informer=AttendingInformer(
            "staff-marta",
            "Marta Puig Serra",
            "Tècnica d'atenció ciutadana",
            (Habilitation("attended", date(2027, 3, 1)),),
        ),
        identification=Identification(
            Assurance.HIGH, "Aina Ferrer i Soler", "12345678Z", "s", "https://valid.example.cat", minute(2)
        ),
        consents=(
            _consent("c0", ConsentStage.WITHDRAWN, withdrawn=minute(4)),
            _consent("c1", ConsentStage.GIVEN),
        ),
        talking_since=minute(1),
        ended_at=minute(22),
        outcome="S'ha presentat la sol·licitud d'ajut. Número de registre 2026/0412.",
        outcome_kind=OutcomeKind.REPRESENTED,
        form="f1",
    )
    return Account(
        attention=attention,
        controller="Generalitat de Catalunya (demostració)",
        office="OAC de Girona",
        procedure="Ajuts al lloguer",
        contact="Al taulell amb cita prèvia o al telèfon 012",
        notices={HASH: Notice("Consentiment per ser representat i enregistrat", PARAGRAPHS)},
        told=(
            Told(minute(2), "informer:marta", "ConsentAsked", {"consent": "c0"}),
            Told(minute(3), "citizen", "ConsentGiven", {"consent": "c0"}),
            Told(minute(4), "citizen", "ConsentWithdrawn", {"consent": "c0"}),
            Told(minute(5), "informer:marta", "ConsentAsked", {"consent": "c1"}),
            Told(minute(6), "citizen", "ConsentGiven", {"consent": "c1"}),
        ),
        recordings=(Kept("r1", "sealed", 1081.2, minute(6), None),),
        deliveries=(
            Delivery("f1", "a", DeliveryKind.FORM, "service", "form.pdf", "application/pdf", 1, "cd" * 32, minute(6)),
            Delivery(
                "d1", "a", DeliveryKind.DOCUMENT, "citizen", "contracte.pdf", "application/pdf", 1, "ef" * 32, minute(7)
            ),
        ),
    )


def lowered(language: str = "ca") -> Account:
    """Attended for a while, then taken back: it ended as informative attention."""
    account = attended(language)
    told = (
        *account.told,
        Told(minute(7), "service", "LevelRaised", {"level": "attended"}),
        Told(minute(15), "citizen", "LevelLowered", {"level": "informative", "cause": "consent_withdrawn"}),
    )
    return replace(account, attention=replace(account.attention, level=Level.INFORMATIVE), told=told)


def seen(language: str = "ca", *facts: str, kept: bool = True) -> Account:
    """Attended by sight; ``facts`` are the kinds of what happened to the identification after it began."""
    account = attended(language)
    text = {"visual": "v1", "text": "images", "version": "1", "language": "ca", "hash": IMAGES}
    kinds = facts or ("VisualAgreed", "VisualIdentified")
    told = [Told(minute(3), "informer:marta", "VisualBegun", text)]
    told += [
        Told(minute(4 + at), "citizen" if kind in _CITIZENS else "informer:marta", kind, {"visual": "v1"})
        for at, kind in enumerate(kinds)
    ]
    stills = tuple(Still(f"s{at}", kind, f"{at}f" * 32, 1280, 720) for at, kind in enumerate(StillKind))
    row = KeptVisual("v1", VisualStage.ACCEPTED, stills, minute(8) + timedelta(days=15 * 365))
    return replace(
        account,
        notices={**account.notices, IMAGES: Notice("Identificació visual", ("Es prenen tres imatges.",))},
        told=(*account.told, *told),
        visuals=(row,) if kept else (),
    )


_CITIZENS: Final = frozenset({"VisualAgreed", "VisualRefused"})
