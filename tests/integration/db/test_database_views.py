"""What people see, as the tables tell it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from tests.integration.db.cases import (
    NOW,
    OFFICE,
    ORGANISATION,
    OTHER,
    TEXTS,
    add,
    attending,
    later,
    person,
    record,
    save,
    sit_down,
    talking,
    waiting,
)
from videoattention.domain.consent import Consent
from videoattention.domain.identification import Way
from videoattention.domain.informers import Readiness
from videoattention.domain.levels import Level
from videoattention.domain.policies import BUILT_IN
from videoattention.services.views import (
    AttendedSeen,
    ConsentSeen,
    DeskView,
    IdentitySeen,
    InformerSeen,
    OfferSeen,
    WaitingSeen,
)

if TYPE_CHECKING:
    from videoattention.adapters.db.queries import DatabaseViews
    from videoattention.adapters.db.register import DatabaseRegister
    from videoattention.services.views import CitizenView


async def _citizen(views: DatabaseViews, attention: str = "a1", language: str = "ca") -> CitizenView:
    seen = await views.citizen(ORGANISATION, attention, language, seen_since=NOW)
    assert seen
    return seen


# --- the entry page --------------------------------------------------------------------------------------------------


async def test_the_entry_page_shows_every_office_and_who_is_there(
    register: DatabaseRegister, views: DatabaseViews
) -> None:
    await add(register, waiting("a1"), waiting("a2", office="oac-terres-ebre"), waiting("a3"), talking("a4"))
    await save(register, waiting("a3").offer(attending("joan"), later(20)))
    await sit_down(register, person("marta", offices=(OFFICE, "oac-terres-ebre")), person("joan"))
    await sit_down(register, person("pausa"), readiness=Readiness.PAUSED)
    offices = await views.offices("ca", seen_since=NOW)
    assert [(seen.organisation, seen.id, seen.waiting, seen.informers) for seen in offices] == [
        (ORGANISATION, OFFICE, 2, 2),
        (ORGANISATION, "oac-terres-ebre", 1, 1),
        (OTHER, "oac-vila", 0, 0),
    ]
    girona = offices[0]
    assert girona.organisation_name == "Generalitat de Catalunya (demostració)"
    assert girona.name == "OAC de Girona"
    assert "9 a 14 h" in girona.hours
    assert "012" in girona.other_ways
    assert [procedure.id for procedure in girona.procedures] == [
        "lloguer",
        "idcat",
        "familia-nombrosa",
        "beques",
        "consulta",
    ]
    assert girona.procedures[0].name == "Ajuts al lloguer"


async def test_labels_are_in_the_language_asked_for_or_in_catalan(
    register: DatabaseRegister, views: DatabaseViews
) -> None:
    await add(register, waiting())
    assert (await views.offices("en", seen_since=NOW))[0].procedures[0].name == "Rent support"
    assert (await views.offices("oc", seen_since=NOW))[0].procedures[0].name == "Ajuts al lloguer"
    assert (await _citizen(views, language="en")).procedure == "General enquiry"


async def test_an_informer_whose_page_fell_silent_attends_nobody(
    register: DatabaseRegister, views: DatabaseViews
) -> None:
    await sit_down(register, person())
    assert (await views.offices("ca", seen_since=later(1)))[0].informers == 0


# --- the citizen's page ----------------------------------------------------------------------------------------------


async def test_a_waiting_citizen_sees_the_place_and_an_honest_wait(
    register: DatabaseRegister, views: DatabaseViews
) -> None:
    await add(register, waiting("a1"), waiting("a2", arrived=5), waiting("a3", arrived=9))
    await add(register, waiting("a0", arrived=-9, office="oac-terres-ebre"))
    seen = await _citizen(views, "a3")
    assert (seen.stage, seen.place, seen.informers, seen.wait_from, seen.wait_to) == ("waiting", 3, 0, 0, 0)
    await sit_down(register, person())
    seen = await _citizen(views, "a3")
    assert (seen.place, seen.informers, seen.wait_from, seen.wait_to) == (3, 1, 12, 36)
    assert (seen.office, seen.procedure, seen.informer) == ("OAC de Girona", "Consulta general", None)
    girona = (await views.offices("ca", seen_since=NOW))[0]
    assert (seen.hours, seen.other_ways) == (girona.hours, girona.other_ways)
    assert "9 am" in (await _citizen(views, "a3", language="en")).hours
    await save(register, waiting("a1").offer(attending(), later(20)))
    assert (await _citizen(views, "a3")).place == 3
    offered = await _citizen(views, "a1")
    assert (offered.stage, offered.place, offered.informer) == ("offered", 1, None)


async def test_the_revision_grows_with_every_committed_fact(register: DatabaseRegister, views: DatabaseViews) -> None:
    await add(register, waiting("a1"))
    before = await _citizen(views)
    await add(register, waiting("a2"))
    assert (before.revision, (await _citizen(views)).revision) == (1, 2)


async def test_a_talking_citizen_sees_everything_of_the_call(register: DatabaseRegister, views: DatabaseViews) -> None:
    await add(register, talking())
    seen = await _citizen(views)
    assert (seen.stage, seen.place, seen.level, seen.proposed, seen.missing) == (
        "talking",
        0,
        "informative",
        "",
        (),
    )
    assert seen.demanded == "none"
    assert seen.informer == InformerSeen("Nom marta", "Informadora")
    assert seen.talking_since == later(60).isoformat()
    proposed = talking().propose_level("marta", Level.ATTENDED, NOW)
    await save(register, proposed.then(proposed.attention.ask_identification("marta")))
    seen = await _citizen(views)
    assert (seen.proposed, seen.missing) == ("attended", ("identification", "consent"))
    assert seen.demanded == "substantial"
    assert (seen.identification_asked, seen.identity) == (True, None)


async def test_beside_a_text_that_is_asked_stands_who_answers_for_the_data_and_for_how_long(
    register: DatabaseRegister, views: DatabaseViews
) -> None:
    await add(register, talking())
    proposed = talking().propose_level("marta", Level.ATTENDED, NOW)
    asked = Consent("c1", TEXTS[0].wording, TEXTS[0].purposes, asked_at=NOW)
    await save(register, proposed.then(proposed.attention.ask_consent("marta", asked)))
    seen = await _citizen(views)
    assert seen.controller == "Generalitat de Catalunya (demostració)"
    days = BUILT_IN.general.of(Level.ATTENDED).retention_days
    assert [(one.stage, one.place, one.total, one.days) for one in seen.consents] == [("asked", 1, 1, days)]


async def test_identity_consent_and_recorder_are_seen_on_both_sides(
    register: DatabaseRegister, views: DatabaseViews
) -> None:
    await add(register, talking())
    await sit_down(register, person())
    await record(register)
    consent = ConsentSeen("c-a1", "given", TEXTS[0].title, TEXTS[0].paragraphs, "1", ("recording", "representation"))
    identity = IdentitySeen("Pere Puig", "•••••678Z", "substantial")
    seen = await _citizen(views)
    assert (seen.identity, seen.consents, seen.recorder) == (identity, (consent,), "entering")
    assert (seen.level, seen.missing) == ("attended", ())
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        opened = (await transaction.recordings.get("r1")).open(1, later(121))
        await transaction.recordings.save(opened.recording)
        await transaction.commit(*opened.facts)
    assert (await _citizen(views)).recorder == "in_call"
    attended = (await views.desk(ORGANISATION, "marta", "ca", seen_since=NOW)).attended
    assert attended
    assert (attended.identity, attended.consent, attended.recorder) == (identity, "given", "in_call")
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        stopped = (await transaction.recordings.get("r1")).stop("call_ended")
        await transaction.recordings.save(stopped.recording)
        await transaction.commit(*stopped.facts)
    assert (await _citizen(views)).recorder == "absent"


async def test_no_view_shows_the_whole_document(register: DatabaseRegister, views: DatabaseViews) -> None:
    await add(register, talking())
    await sit_down(register, person())
    await record(register)
    desk = await views.desk(ORGANISATION, "marta", "ca", seen_since=NOW)
    assert "12345678Z" not in str(asdict(await _citizen(views))) + str(asdict(desk))


# --- the desk --------------------------------------------------------------------------------------------------------


async def test_an_informer_who_never_came_sees_no_line(register: DatabaseRegister, views: DatabaseViews) -> None:
    await add(register, waiting())
    assert await views.desk(ORGANISATION, "marta", "ca", seen_since=NOW) == DeskView(1, "paused", None, None, ())


async def test_the_desk_shows_the_line_of_its_offices_and_the_offer(
    register: DatabaseRegister, views: DatabaseViews
) -> None:
    await add(register, waiting("a2", arrived=5), waiting("a1"), waiting("a3", office="oac-terres-ebre"))
    await add(register, waiting("a4", arrived=15))
    await register.seen("attention:a1", now=later(12))
    await sit_down(register, person())
    await save(register, waiting("a1").offer(attending(), later(20)))
    desk = await views.desk(ORGANISATION, "marta", "ca", seen_since=later(10))
    named = "OAC de Girona", "Consulta general", "ca"
    assert desk == DeskView(
        revision=5,
        readiness="available",
        offer=OfferSeen("a1", *named, later(0).isoformat(), later(20).isoformat()),
        attended=None,
        waiting=(
            WaitingSeen("a1", *named, later(0).isoformat(), present=True, offered=True),
            WaitingSeen("a2", *named, later(5).isoformat(), present=False, offered=False),
            WaitingSeen("a4", *named, later(15).isoformat(), present=True, offered=False),
        ),
    )


async def test_the_desk_shows_whom_it_attends_until_the_outcome_is_written(
    register: DatabaseRegister, views: DatabaseViews
) -> None:
    await add(register, talking())
    await sit_down(register, person())
    seen = (await views.desk(ORGANISATION, "marta", "ca", seen_since=NOW)).attended
    assert seen
    assert seen == AttendedSeen(
        attention="a1",
        stage="talking",
        office="OAC de Girona",
        procedure="Consulta general",
        language="ca",
        level="informative",
        proposed="",
        missing=(),
        undone=(),
        clip="",
        picture=0,
        script="",
        outcomes=("informed", "unfinished"),
        identification_asked=False,
        identification_way="",
        identity=None,
        consent="",
        consent_id="",
        recorder="absent",
        talking_since=later(60).isoformat(),
        ways=tuple(Way),
        visual=seen.visual,
    )
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        ended = (await transaction.attentions.get("a1")).hang_up("citizen", later(300))
        await transaction.attentions.save(ended.attention)
        await transaction.commit(*ended.facts)
    seen = (await views.desk(ORGANISATION, "marta", "ca", seen_since=NOW)).attended
    assert seen
    assert seen.stage == "wrapping_up"
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        done = (await transaction.attentions.get("a1")).conclude("marta", "informed")
        await transaction.attentions.save(done.attention)
        await transaction.commit(*done.facts)
    assert (await views.desk(ORGANISATION, "marta", "ca", seen_since=NOW)).attended is None
    closed = await _citizen(views)
    assert (closed.stage, closed.outcome, closed.informer) == (
        "closed",
        "informed",
        InformerSeen("Nom marta", "Informadora"),
    )


async def test_a_call_is_deserted_when_neither_page_was_heard_of(
    register: DatabaseRegister, views: DatabaseViews
) -> None:
    await add(register, talking("a1", informer="marta"), talking("a2", informer="joan"), talking("a3", informer="pau"))
    await register.seen("attention:a1", now=later(400))
    await register.seen(f"desk:{ORGANISATION}:joan", now=later(400))
    await register.seen("attention:a3", now=later(100))
    assert await views.deserted(seen_since=later(300)) == [(ORGANISATION, "a3")]
    assert await views.deserted(seen_since=NOW) == []
