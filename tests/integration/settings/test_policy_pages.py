"""Administrators change the policy: what is shown, what is refused and why, what is made and written down."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from tests.integration.settings.administrators import ORGANISATION, Browser, TownHall, somebody
from videoattention.adapters.db.database import Database
from videoattention.adapters.db.journal import Journal, Verified
from videoattention.adapters.db.policy_tables import policies
from videoattention.adapters.db.queries.views import DatabaseViews
from videoattention.domain.facts import AccessRefused, PolicyChanged
from videoattention.domain.identification import Assurance
from videoattention.domain.informers import Desk, Readiness
from videoattention.domain.levels import Level
from videoattention.domain.people import Habilitation, Role
from videoattention.domain.policies import BUILT_IN, Policy
from videoattention.services.policies import fingerprint
from videoattention.services.reception import Reception
from videoattention.services.work import the_service

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.integration.settings.administrators import Said
    from videoattention.domain.attention import Attention
    from videoattention.domain.people import Person

IDCAT = "/settings/procedures/idcat/attended"
ATTENDED = "/settings/levels/attended"
WHY = "The certificate opens every door: article 11 of our own rules"


EVERYWHERE = pytest.mark.parametrize(
    "address", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)


@pytest.fixture
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """SQLite, unless the test says `EVERYWHERE`."""
    if getattr(request, "param", "sqlite") == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path / 'policy.db'}"


@pytest.fixture
async def hall(address: str) -> AsyncIterator[TownHall]:
    database = Database(address)
    async with TownHall(database) as opened:
        yield opened
    await database.close()


@pytest.fixture
async def pere(hall: TownHall) -> Browser:
    return await hall.signed_in(somebody())


async def looked_at(browser: Browser, path: str, **changed: str) -> Said:
    """The difference, after writing this in the form."""
    form = await browser.get(path)
    assert form.status == 200, form.words
    sent = {**form.fields, "step": "review", **changed}
    return await browser.post(path, {name: said for name, said in sent.items() if said != "-"})


async def made(browser: Browser, path: str, reason: str = WHY, **changed: str) -> Said:
    shown = await looked_at(browser, path, **changed)
    assert shown.status == 200, shown.words
    return await browser.post(path, {**shown.fields, "step": "make", "reason": reason})


async def current(hall: TownHall) -> Policy:
    async with hall.register.begin(ORGANISATION, "service", hall.clock.now()) as transaction:
        return await transaction.policies.current()


def changes(hall: TownHall) -> list[PolicyChanged]:
    return [entry.fact for entry in hall.quiet.told if isinstance(entry.fact, PolicyChanged)]


async def test_the_policy_in_force_is_told_in_plain_words(pere: Browser) -> None:
    page = await pere.get("/settings")
    assert page.status == 200
    for words in (
        "Informative attention",
        "None: people may stay anonymous",
        "Declared: a name, and a phone shown to be in the person",
        "Only the clip in which the person authorises",
        "Verified: assurance substantial or more",
        "The whole session, from the consent to the end",
        "5 years",
        "RD 203/2021, art. 30",
        "Royal Decree 203/2021, art. 30",
        "Per fer el tràmit en nom vostre",
        "No procedure demands more than its level.",
    ):
        assert words in page.words, words
    for path in ("/settings/versions", "/settings/versions/0", ATTENDED, "/settings/levels/informative", IDCAT):
        assert (await pere.get(path)).status == 200
    assert "Compare two versions" not in (await pere.get("/settings/versions")).words, "there is only one"


@EVERYWHERE
async def test_a_stricter_procedure_is_shown_as_a_difference_made_with_a_reason_and_rolled_back(
    hall: TownHall, pere: Browser
) -> None:
    shown = await looked_at(pere, IDCAT, identity="high")
    assert "Identity of the citizen Attended procedure · idCAT digital certificate" in shown.words
    assert "Before Verified: assurance substantial or more After Verified: assurance high" in shown.words
    assert (await current(hall)) == BUILT_IN
    short = await pere.post(IDCAT, {**shown.fields, "step": "make", "reason": "because"})
    assert (short.status, "at least 10 characters" in short.words) == (422, True)
    done = await pere.post(IDCAT, {**short.fields, "step": "make", "reason": WHY})
    assert (done.status, done.location) == (303, "/settings/versions/1?made=1")

    policy = await current(hall)
    assert policy.of("idcat").of(Level.ATTENDED).identity is Assurance.HIGH
    assert policy.of("beques") == BUILT_IN.of("")
    page = await pere.get(done.location)
    for words in (WHY, "Pere Casals", fingerprint(policy), "The change is made"):
        assert words in page.words

    again = await pere.get("/settings/versions/0/again")
    assert "Before Verified: assurance high After Verified: assurance substantial or more" in again.words
    back = await pere.post("/settings/versions/0/again", {**again.fields, "step": "make", "reason": WHY + " (no more)"})
    assert back.location == "/settings/versions/2?made=1"
    assert (await current(hall)) == Policy(2, BUILT_IN.levels)
    assert [(one.version, one.rolled_back_to, one.changes) for one in changes(hall)] == [
        (1, -1, ("idcat/attended.identity",)),
        (2, 0, ("idcat/attended.identity",)),
    ]
    assert changes(hall)[0].why == sha256(WHY.encode()).hexdigest()
    listed = await pere.get("/settings/versions?old=0&new=1")
    assert "Compare two versions" in listed.words
    assert "Verified: assurance high" in listed.words
    assert "It repeats: The product" in listed.words
    async with hall.database.reading() as connection:
        rows = (await connection.execute(select(policies).order_by(policies.c.version))).all()
    for row in rows:
        words = json.dumps(row.body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        assert sha256(words.encode()).hexdigest() == row.hash, "whoever has the row can check it"
    assert isinstance(await Journal(hall.database).verify(ORGANISATION), Verified)


REFUSED: tuple[tuple[str, dict[str, str], str, str], ...] = (
    (IDCAT, {"identity": "declared"}, "identity", "The level demands more."),
    (IDCAT, {"consents_representation": "-"}, "consents", "The level demands more."),
    (IDCAT, {"habilitation": ""}, "habilitation", "The level demands more."),
    (IDCAT, {"review": "-"}, "review", "The level demands more."),
    (ATTENDED, {"identity": "low"}, "identity", "less than the law and the product demand"),
    (ATTENDED, {"consents_recording": "-"}, "consents", "less than the law and the product demand"),
    (ATTENDED, {"habilitation": "other"}, "habilitation", "less than the law and the product demand"),
    (ATTENDED, {"retention_days": "0"}, "retention_days", "must be kept for a day at least"),
    (ATTENDED, {"review": "-", "second_review": "on"}, "second_review", "only where there is a first one"),
    (ATTENDED, {"retention_days": "many"}, "retention_days", "a whole number that is within the limits"),
    (ATTENDED, {"picture": "99999"}, "picture", "a whole number that is within the limits"),
    (ATTENDED, {"legal_basis_ca": " "}, "legal_basis", "on which articles it rests"),
    (ATTENDED, {"legal_basis_en": ""}, "legal_basis", "in each language"),
    (ATTENDED, {"legal_basis_en": "x" * 301}, "legal_basis", "It is too long"),
    ("/settings/levels/informative", {"legal_basis_en": ""}, "legal_basis", "in each language"),
    (ATTENDED, {"scripts_en": ""}, "scripts", "in each language"),
    (ATTENDED, {"identity": "perhaps"}, "identity", "Choose one of the list"),
    (ATTENDED, {"habilitation": "Not a name"}, "habilitation", "small letters, figures, hyphens"),
    ("/settings/levels/assisted", {"identity": "none"}, "identity", "less than the law and the product demand"),
    ("/settings/levels/assisted", {"clip_seconds": "2"}, "clip_seconds", "within the limits"),
    ("/settings/levels/assisted", {"form": "on"}, "form", "not asked for at this level"),
    (ATTENDED, {}, "", "there is nothing to change"),
)


async def test_what_is_weaker_or_impossible_is_refused_with_the_reason_at_the_field(
    hall: TownHall, pere: Browser
) -> None:
    for path, changed, field, told in REFUSED:
        refused = await looked_at(pere, path, **changed)
        assert (refused.status, "There is a problem" in refused.words) == (422, True), changed
        assert told in refused.words, changed
        assert ("there is nothing to change" in refused.words) is not bool(field), "what cannot be read is no sameness"
        if field:
            assert f'id="{field}-fault"' in refused.text
            assert 'aria-invalid="true"' in refused.text
        # nor can it be made by sending it as if it had been looked at
        form = await pere.get(path)
        sent = {**form.fields, "step": "make", "reason": WHY, **changed}
        forced = await pere.post(path, {name: said for name, said in sent.items() if said != "-"})
        assert forced.status == 422, changed
    assert (await current(hall)) == BUILT_IN
    assert not changes(hall)


async def test_a_habilitation_is_offered_if_somebody_has_it_and_one_that_nobody_has_is_told_before(
    hall: TownHall, pere: Browser
) -> None:
    assisted = "/settings/levels/assisted"
    empty = await pere.get(assisted)
    assert "No informer of your organisation has one yet." in empty.words
    held = (Habilitation("tax_office", date(2026, 12, 31)), Habilitation("of no rule", date(2026, 12, 31)))
    await _comes(hall, replace(somebody("staff-marta", Role.INFORMER), habilitations=held))
    page = await pere.get(assisted)
    assert "Those that informers of your organisation have: tax_office ." in page.words
    assert re.findall(r'<option value="([^"]+)"></option>', page.text) == ["tax_office"]
    assert 'data-part="unheld"' not in (await looked_at(pere, assisted, habilitation="tax_office")).text
    shown = await looked_at(pere, assisted, habilitation="tax-office")
    assert (shown.status, 'data-part="unheld"' in shown.text) == (200, True)
    assert "nobody can attend what demands it: tax-office" in shown.words


async def _comes(hall: TownHall, person: Person) -> None:
    """An informer comes to a desk."""
    async with hall.register.begin(ORGANISATION, "staff", hall.clock.now()) as transaction:
        await transaction.desks.save(Desk(person, Readiness.PAUSED, hall.clock.now()))
        await transaction.commit()


async def test_the_level_at_which_attentions_begin_demands_nothing_whatever_is_sent(
    hall: TownHall, pere: Browser
) -> None:
    path = "/settings/levels/informative"
    bases = {"legal_basis_ca": "Llei 19/2014", "legal_basis_en": "Law 19/2014"}
    await made(pere, path, **bases, identity="high", consents_recording="on", recording="whole_session")
    level = (await current(hall)).general.of(Level.INFORMATIVE)
    assert (level.legal_basis, level.identity, level.consents, level.recording) == (
        {"ca": "Llei 19/2014", "en": "Law 19/2014"},
        Assurance.NONE,
        frozenset(),
        "never",
    )


async def test_of_two_administrators_one_is_told_that_somebody_was_faster(hall: TownHall, pere: Browser) -> None:
    anna = await hall.signed_in(somebody("staff-anna-admin"))
    hers = await looked_at(anna, ATTENDED, retention_days="3650")
    assert (await made(pere, IDCAT, identity="high")).status == 303
    late = await anna.post(ATTENDED, {**hers.fields, "step": "make", "reason": "Ten years, as the archive asks"})
    assert late.status == 409
    assert "Somebody was faster Pere Casals made version 1" in late.words
    assert WHY in late.words
    assert late.fields["retention_days"] == "3650", "what she wrote is still there"
    assert late.fields["base"] == "1"
    shown = await anna.post(ATTENDED, {**late.fields, "step": "review"})
    done = await anna.post(ATTENDED, {**shown.fields, "step": "make", "reason": "Ten years, as the archive asks"})
    assert done.location == "/settings/versions/2?made=1"
    policy = await current(hall)
    assert policy.of("idcat").of(Level.ATTENDED).identity is Assurance.HIGH
    assert policy.of("idcat").of(Level.ATTENDED).retention_days == 3650, "what it had from its level follows it"


@EVERYWHERE
async def test_many_at_the_same_moment_make_one_version_each_time(hall: TownHall, pere: Browser) -> None:
    for number in range(5):
        shown = [await looked_at(pere, ATTENDED, retention_days=str(2000 + 10 * number + one)) for one in range(4)]
        answers = await asyncio.gather(
            *(pere.post(ATTENDED, {**page.fields, "step": "make", "reason": WHY}) for page in shown)
        )
        assert sorted(answer.status for answer in answers) == [303, 409, 409, 409]
    assert (await current(hall)).version == 5
    assert [one.version for one in changes(hall)] == [1, 2, 3, 4, 5]


async def test_a_level_that_comes_to_demand_more_takes_its_procedures_along_and_loosening_it_does_not(
    hall: TownHall, pere: Browser
) -> None:
    await made(pere, IDCAT, second_review="on")
    shown = await looked_at(pere, ATTENDED, identity="high")
    assert "Identity of the citizen Attended procedure Before" in shown.words
    await pere.post(ATTENDED, {**shown.fields, "step": "make", "reason": WHY})
    own = (await current(hall)).of("idcat").of(Level.ATTENDED)
    assert (own.identity, own.second_review) == (Assurance.HIGH, True)

    shown = await looked_at(pere, ATTENDED, identity="substantial")
    await pere.post(ATTENDED, {**shown.fields, "step": "make", "reason": WHY})
    policy = await current(hall)
    assert policy.general.of(Level.ATTENDED).identity is Assurance.SUBSTANTIAL
    assert policy.of("idcat").of(Level.ATTENDED).identity is Assurance.HIGH

    form = await pere.get(IDCAT)
    assert "As the level says" in form.words
    without = {"csrf": pere.csrf, "base": form.fields["base"], "step": "review", "remove": "1"}
    shown = await pere.post(IDCAT, without)
    assert "Second reviewer" in shown.words
    assert (await pere.post(IDCAT, {**shown.fields, "step": "make", "reason": WHY})).status == 303
    assert (await current(hall)).procedures == {}


@EVERYWHERE
async def test_an_attention_keeps_the_rules_that_it_began_with(hall: TownHall, pere: Browser) -> None:
    ids = iter(("before", "after"))
    reception = Reception(hall.work, DatabaseViews(hall.database), lambda: next(ids))
    await reception.request("oac-girona", "idcat", "ca")
    await made(pere, IDCAT, identity="high")
    await reception.request("oac-girona", "idcat", "ca")

    async def attention(name: str) -> Attention:
        async with hall.register.begin(ORGANISATION, "service", hall.clock.now()) as transaction:
            return await transaction.attentions.get(name)

    before, after = await attention("before"), await attention("after")
    assert (before.policy_version, before.policy.of(Level.ATTENDED).identity) == (0, Assurance.SUBSTANTIAL)
    assert (after.policy_version, after.policy.of(Level.ATTENDED).identity) == (1, Assurance.HIGH)
    await hall.work.change(the_service(ORGANISATION), "before", lambda a, now: a.abandon("left", now))
    kept = await attention("before")
    assert (kept.policy, kept.policy_version) == (before.policy, 0)


OTHERS = [role for role in Role if role is not Role.ADMINISTRATOR]


async def test_nobody_else_reads_or_changes_it_and_the_attempt_is_written_down(hall: TownHall) -> None:
    reading = ("/settings", "/settings/versions", "/settings/versions/0", ATTENDED, IDCAT, "/settings/versions/0/again")
    for role in OTHERS:
        other = await hall.signed_in(somebody("staff-x", role))
        for path in reading:
            hall.quiet.told.clear()
            page = await other.get(path)
            assert (page.status, page.reason) == (403, "role"), path
            (entry,) = hall.quiet.told
            assert entry.fact == AccessRefused("read_policy", "settings", "role")
        for path in (ATTENDED, "/settings/versions/0/again"):
            sent = {"csrf": other.csrf, "base": "0", "step": "make", "reason": WHY}
            assert (await other.post(path, sent)).status == 403
    assert (await current(hall)) == BUILT_IN


async def test_nobody_signed_in_is_sent_to_sign_in(hall: TownHall) -> None:
    nobody = Browser(hall, "none=none")
    for path in ("/settings", "/settings/versions", ATTENDED):
        assert (await nobody.get(path)).location == "/staff/sign-in?to=/settings"


async def test_another_organisations_policy_is_another(hall: TownHall, pere: Browser) -> None:
    await made(pere, IDCAT, identity="high")
    vila = await hall.signed_in(somebody("staff-v", organisation="vila-demo"))
    page = await vila.get("/settings")
    assert "The rules that the product comes with" in page.words
    assert (await vila.get("/settings/versions/1")).status == 404
    assert (await vila.get(IDCAT)).status == 404
    assert WHY not in (await vila.get("/settings/versions")).text


async def test_what_nobody_sends_from_the_pages_changes_nothing(hall: TownHall, pere: Browser) -> None:
    nobody = await hall.signed_in(somebody("staff-other"))
    form = await pere.get(ATTENDED)
    stolen = {**form.fields, "step": "make", "reason": WHY, "retention_days": "99"}
    assert (await nobody.post(ATTENDED, stolen)).status == 400, "another's token"
    for path in (
        "/settings/levels/highest",
        "/settings/procedures/none/attended",
        "/settings/versions/9",
        "/settings/versions?old=x&new=1",
        f"/settings/versions?old={'9' * 5000}&new=1",
    ):
        assert (await pere.get(path)).status == 404, path
    for base in ("", "-1", "9", "٣", "1e1"):
        late = await pere.post(ATTENDED, {**form.fields, "base": base, "step": "make", "reason": WHY})
        assert late.status == 409, base
    script = '<script>alert(1)</script> & "quotes"'
    shown = await looked_at(pere, ATTENDED, scripts_en=script, legal_basis_en=script)
    assert shown.status == 200
    assert "<script>alert" not in shown.text
    done = await pere.post(ATTENDED, {**shown.fields, "step": "make", "reason": script + " reason"})
    assert done.status == 303
    assert "<script>alert" not in (await pere.get(done.location)).text
    assert (await current(hall)).general.of(Level.ATTENDED).scripts["en"] == script
