"""People, moments and attentions for the tests of the database."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from videoattention.domain.attention import AttendingInformer, Attention
from videoattention.domain.consent import Consent, ConsentStep, ConsentText
from videoattention.domain.facts import AttentionRequested, RecorderAdmitted
from videoattention.domain.identification import Assurance, Identification
from videoattention.domain.informers import Desk, Readiness
from videoattention.domain.levels import Level, Purpose
from videoattention.domain.people import Habilitation, Person, Role
from videoattention.domain.recording import KeptTrack, Recording
from videoattention.services.texts import ShownText

if TYPE_CHECKING:
    from videoattention.domain.change import Change
    from videoattention.domain.facts import Fact
    from videoattention.services.media import Track
    from videoattention.services.ports import Register

ORGANISATION: Final = "gencat-demo"
OTHER: Final = "vila-demo"
OFFICE: Final = "oac-girona"
NOW: Final = datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=UTC)
ENTITLED: Final = (Habilitation("attended", date(2026, 12, 31)),)
PURPOSES: Final = frozenset({Purpose.REPRESENTATION, Purpose.RECORDING})


def text(version: str, title: str, *paragraphs: str) -> ShownText:
    """A consent text as the service shows it."""
    words = hashlib.sha256("\n".join([title, *paragraphs]).encode()).hexdigest()
    return ShownText(ConsentText("attended", version, "ca", words), title, paragraphs, PURPOSES)


TEXTS: Final = (text("1", "Autorització", "Autoritzo que em representin.", "Autoritzo la gravació."),)


def later(seconds: float) -> datetime:
    """So long after `NOW`."""
    return NOW + timedelta(seconds=seconds)


def person(subject: str = "marta", *, organisation: str = ORGANISATION, offices: tuple[str, ...] = (OFFICE,)) -> Person:
    """An informer."""
    return Person(
        subject, organisation, f"Nom {subject}", "Informadora", frozenset({Role.INFORMER}), frozenset(offices), ENTITLED
    )


def attending(subject: str = "marta") -> AttendingInformer:
    """The same informer as the citizen sees them."""
    return AttendingInformer(subject, f"Nom {subject}", "Informadora", ENTITLED)


def waiting(
    attention: str = "a1", *, arrived: float = 0, office: str = OFFICE, organisation: str = ORGANISATION
) -> Attention:
    """A citizen who has just arrived."""
    return Attention(attention, organisation, office, "consulta", "ca", arrived_at=later(arrived))


def talking(attention: str = "a1", *, informer: str = "marta", organisation: str = ORGANISATION) -> Attention:
    """A citizen who talks with an informer."""
    office = OFFICE if organisation == ORGANISATION else "oac-vila"
    arrived = waiting(attention, office=office, organisation=organisation)
    return arrived.take(attending(informer), later(60)).attention


def identified(attention: Attention, *, document: str = "12345678Z") -> Attention:
    """The attended level is proposed and the citizen has shown who they are."""
    assert attention.informer
    proposed = attention.propose_level(attention.informer.subject, Level.ATTENDED, NOW).attention
    asked = proposed.ask_identification(attention.informer.subject).attention
    proof = Identification(Assurance.SUBSTANTIAL, "Pere Puig", document, "citizen-7", "stand-in", later(90))
    return asked.identify(proof).attention


def consenting(attention: Attention, consent: str = "c1") -> Change:
    """The citizen gives the consent that the attended level demands."""
    assert attention.informer
    asked = attention.ask_consent(
        attention.informer.subject, Consent(consent, TEXTS[0].wording, PURPOSES, asked_at=later(100))
    )
    return asked.then(asked.attention.answer_consent(consent, ConsentStep.GIVE, later(110)))


def kept(track: Track, duration: float) -> KeptTrack:
    """A closed file."""
    return KeptTrack(track.value, 0.25, duration, 100, 5000, "ab" * 32)


async def commit(register: Register, *facts: Fact, organisation: str = ORGANISATION) -> None:
    """Journal facts that change nothing else."""
    async with register.begin(organisation, "service", NOW) as transaction:
        await transaction.commit(*facts)


async def add(register: Register, *attentions: Attention) -> None:
    """Keep new attentions."""
    for attention in attentions:
        async with register.begin(attention.organisation, "citizen", NOW) as transaction:
            await transaction.attentions.add(attention)
            taken = AttentionRequested(attention.id, attention.office, attention.procedure, attention.language)
            await transaction.commit(taken)


async def save(register: Register, change: Change) -> None:
    """Keep a change of an attention."""
    async with register.begin(change.attention.organisation, "service", NOW) as transaction:
        await transaction.attentions.save(change.attention)
        await transaction.commit(*change.facts)


async def sit_down(register: Register, *people: Person, readiness: Readiness = Readiness.AVAILABLE) -> None:
    """Informers come to their desks, and their pages are heard of."""
    for someone in people:
        async with register.begin(someone.organisation, f"informer:{someone.subject}", NOW) as transaction:
            await transaction.desks.save(Desk(someone, readiness, NOW))
            await transaction.commit()
        await register.seen(f"desk:{someone.organisation}:{someone.subject}", now=NOW)


async def record(register: Register, attention: str = "a1", recording: str = "r1", *, requested: float = 120) -> None:
    """A talking citizen consents, and the recorder is admitted."""
    consent = f"c-{attention}"
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        given = consenting(identified(await transaction.attentions.get(attention)), consent)
        await transaction.attentions.save(given.attention)
        admitted = Recording(recording, attention, ORGANISATION, consent, requested_at=later(requested))
        await transaction.recordings.add(admitted)
        await transaction.commit(*given.facts, RecorderAdmitted(attention, recording, consent))
