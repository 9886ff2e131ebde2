"""The officer's pages and the citizen's papers over a real database: what is refused at its field, and what is told."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from tests.integration.settings.administrators import Browser, TownHall, somebody
from tests.unit.services.conftest import founded, quiet
from tests.unit.services.test_service_deliveries import PDF, Room, room
from tests.unit.services.town import OURS, by_citizen
from videoattention.adapters.db.deliveries import DatabaseLinkOwners
from videoattention.adapters.db.queries.receipts import DatabaseAccounts
from videoattention.adapters.db.queries.rights import DatabaseRights
from videoattention.adapters.db.sessions import DatabaseSessions
from videoattention.adapters.db.tables import journal, sessions
from videoattention.adapters.streamed_zip import StreamedZip
from videoattention.domain.deliveries import Shown, attention_named
from videoattention.domain.facts import (
    CitizenLookedUp,
    CopyFetched,
    ReceiptLinkGiven,
    ReceiptLinkReason,
    ReceiptOpened,
)
from videoattention.domain.people import Role, Side
from videoattention.domain.rights import RequestStage, Right
from videoattention.entrypoints.http.lost_links import LostLinkPages
from videoattention.entrypoints.http.receipts import ReceiptPages
from videoattention.entrypoints.http.rights import RightsPages
from videoattention.entrypoints.visitors import CITIZEN, RECEIPT
from videoattention.services.copied_papers import CopiedPapers
from videoattention.services.copies import Copies
from videoattention.services.deliveries import Handed
from videoattention.services.lost_links import LostLinks
from videoattention.services.receipt_links import LinkRefused, Links
from videoattention.services.rights import Rights
from videoattention.services.unmaking import Unmaking
from videoattention.services.withdrawing import Withdrawing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from videoattention.adapters.db.database import Database
    from videoattention.bootstrap import ground
    from videoattention.domain.rights import DataRequest
    from videoattention.entrypoints.http.rendering import Rendering
    from videoattention.entrypoints.visitors import Opened
    from videoattention.services.archive import Archive
    from videoattention.services.receipt_links import NewLink

__all__ = ["founded", "quiet", "room"]

WHY = "He perdut el paper i no recordo el PIN"


class _NothingRecorded:
    """No recording is there to erase."""

    async def erase(self, organisation: str, recording: str, *, reason: str, by: str, answering: str = "") -> bool:
        raise AssertionError(recording)


class Office(TownHall):
    """The officer's pages and the papers."""

    def __init__(self, database: Database, papers: Room) -> None:
        super().__init__(database)
        self.papers = papers
        self.clock = papers.town.clock
        self.work = papers.town.work

    def rooms(self, rendering: Rendering, archive: Archive) -> Sequence[ground.Room]:
        """What is served."""
        town, kept, accounts = self.papers.town, DatabaseRights(self.database), DatabaseAccounts(self.database)
        self.kept = kept
        unmaking = Unmaking(self.work, _NothingRecorded(), scrub=self.database.scrub)
        self.rights = Rights(self.work, archive, unmaking=unmaking, kept=kept, new_id=town.new_id)
        self.links = Links(self.work, DatabaseLinkOwners(self.database))
        lost = LostLinks(self.work, self.links, archive, accounts=accounts, sessions=DatabaseSessions(self.database))
        stills = self.papers.vault
        papers = CopiedPapers(
            self.register,
            self.clock,
            vault=self.papers.vault,
            stills=stills,  # type: ignore[arg-type]  # nobody was identified by sight
            signer=self.papers.receipts._signer,
        )
        copies = Copies(
            self.register, self.clock, accounts=accounts, kept=kept, files=town.files, papers=papers, bundle=StreamedZip
        )
        return (
            RightsPages(rendering, self.visitors, rights=self.rights, kept=kept, copies=copies, clock=self.clock),
            LostLinkPages(rendering, self.visitors, lost=lost, public_url=self.url),
            ReceiptPages(
                rendering,
                self.visitors,
                links=self.links,
                receipts=self.papers.receipts,
                accounts=accounts,
                rights=kept,
                withdrawing=Withdrawing(self.work),
                public_url=self.url,
            ),
        )

    async def request(self, name: str) -> DataRequest:
        async with self.papers.town.begin() as transaction:
            return await transaction.requests.get(name)

    async def reader(self, attention: str, cookie: str = RECEIPT) -> Browser:
        """A browser in which the papers are open."""
        opened = await self.visitors.open(cookie, organisation=OURS, attention=attention)
        return Browser(self, f"{cookie}={opened.token}", opened.session.csrf)


@pytest.fixture
async def office(room: Room) -> AsyncIterator[Office]:
    async with Office(room.town.database, room) as opened:
        yield opened


@pytest.fixture
async def officer(office: Office) -> Browser:
    return await office.signed_in(somebody("staff-montse", Role.DATA_OFFICER))


@pytest.fixture
async def another(office: Office) -> Browser:
    """The other officer."""
    return await office.signed_in(somebody("staff-roser", Role.DATA_OFFICER))


@pytest.fixture
async def attention(room: Room) -> str:
    """One that is over, with a file and a receipt."""
    name, _ = await room.town.attended()
    await room.handing.hand_over(by_citizen(), name, Side.CITIZEN, Handed("contracte.pdf", PDF))
    await room.over(name)
    await room.receipts.current(OURS, name)
    return name


async def _decide(officer: Browser, request: str, **said: str) -> int:
    sent = {"csrf": officer.csrf, "ground": "unneeded", "words": "Fet.", **said}
    answer = await officer.post(f"/rights/requests/{request}/decision", sent)
    return answer.status


async def test_an_erasure_is_not_granted_without_the_word_of_who_grants_it(
    office: Office, officer: Browser, attention: str
) -> None:
    asked = await office.rights.ask(OURS, attention, Right.ERASURE, "")
    sent = {"csrf": officer.csrf, "ground": "unneeded", "words": "Ja no cal <b>res</b>."}
    answer = await officer.post(f"/rights/requests/{asked}/decision", sent)
    assert answer.status == 422
    assert f'href="#understood-{asked}"' in answer.text
    assert f'id="understood-{asked}-fault"' in answer.text
    assert answer.text.count('class="fault"') == 1
    assert "Ja no cal &lt;b&gt;res&lt;/b&gt;." in answer.text
    assert '<option value="unneeded" selected>' in answer.text
    assert (await office.request(asked)).stage is RequestStage.ASKED
    assert await _decide(officer, asked, understood="no") == 422
    assert (await office.request(asked)).stage is RequestStage.ASKED
    assert await _decide(officer, asked, understood="yes") == 303
    assert (await office.request(asked)).stage is RequestStage.DONE


async def test_a_refusal_needs_no_such_word_and_its_faults_are_told_at_their_field(
    office: Office, officer: Browser, attention: str
) -> None:
    asked = await office.rights.ask(OURS, attention, Right.ERASURE, "")
    for said, field in (({"ground": "claims"}, "words"), ({"ground": "access", "words": WHY}, "ground")):
        sent = {"csrf": officer.csrf, "words": "No", **said}
        answer = await officer.post(f"/rights/requests/{asked}/decision", sent)
        assert (answer.status, f'id="{field}-{asked}-fault"' in answer.text) == (422, True)
    assert await _decide(officer, asked, ground="claims", words=WHY) == 303
    assert (await office.request(asked)).stage is RequestStage.REFUSED


async def test_who_is_no_officer_learns_nothing_by_leaving_the_box_empty(office: Office, attention: str) -> None:
    asked = await office.rights.ask(OURS, attention, Right.ERASURE, "")
    other = await office.signed_in(somebody("staff-marta", Role.INFORMER))
    assert await _decide(other, asked) == 403


async def test_a_copy_that_an_erasure_empties_is_told_before_and_after(
    office: Office, officer: Browser, attention: str
) -> None:
    copy = await office.rights.ask(OURS, attention, Right.COPY, "")
    asked = await office.rights.ask(OURS, attention, Right.ERASURE, "")
    assert "has no answer yet" in (await officer.get("/rights")).words
    assert await _decide(officer, copy, ground="access") == 303
    page = await officer.get("/rights")
    assert page.text.count('data-part="copy-lost"') == 1
    assert "Ask the person to download it first" in page.words
    reader = await office.reader(attention)
    assert "/receipt/papers/" in (await reader.get("/receipt")).text
    assert await _decide(officer, asked, understood="yes") == 303
    page = await reader.get("/receipt")
    assert 'data-part="copy-empty"' in page.text
    assert 'data-part="erased"' in page.text
    assert 'data-part="erased-paper"' in page.text
    assert "/receipt/papers/" not in page.text
    for link in re.findall(r'href="(/receipt/receipt[^"]*|/receipt/key.pem)"', page.text):
        assert (await reader.get(link)).status == 200, link
    async with office.http.get(f"{office.url}/receipt/copy/{copy}", headers={"Cookie": reader.cookie}) as answer:
        with zipfile.ZipFile(io.BytesIO(await answer.read())) as archive:
            assert PDF not in {archive.read(name) for name in archive.namelist()}


async def test_what_is_asked_in_person_takes_the_number_of_a_receipt_and_says_when_there_is_none(
    office: Office, officer: Browser, attention: str
) -> None:
    sent = {"csrf": officer.csrf, "attention": "9f1c0d5e77a14b609f1c0d5e77a14b60-1", "right": "copy", "words": WHY}
    answer = await officer.post("/rights/requests", sent)
    assert answer.status == 422
    assert "There is no attention with this number" in answer.words
    assert 'href="#attention-record"' in answer.text
    assert 'id="attention-record-fault"' in answer.text
    assert (await officer.post("/rights/requests", {**sent, "attention": attention})).status == 303
    answer = await officer.post("/rights/requests", {**sent, "attention": attention})
    assert 'id="right-record-fault"' in answer.text
    answer = await officer.post("/rights/requests", {**sent, "attention": attention, "right": "erasure", "words": "No"})
    assert 'id="words-record-fault"' in answer.text


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("9f1c0d5e77a14b60-1", "9f1c0d5e77a14b60"),
        (" 9F1C0D5E 77A14B60 - 12 ", "9f1c0d5e77a14b60"),
        ("9f1c0d5e77a14b60", "9f1c0d5e77a14b60"),
        ("id-0001", "id-0001"),
        ("x" * 200, "x" * 64),
    ],
)
def test_a_number_is_read_as_people_write_it(said: str, named: str) -> None:
    assert attention_named(said) == named


# --- the link that was lost ------------------------------------------------------------


async def _given(officer: Browser, attention: str, **said: str) -> tuple[int, str]:
    sent = {
        "csrf": officer.csrf,
        "number": attention,
        "shown": Shown.PASSPORT.value,
        "seen": "yes",
        "reason": WHY,
        **said,
    }
    answer = await officer.post("/rights/links/new", {name: value for name, value in sent.items() if value != "-"})
    return answer.status, answer.text


def _read(page: str, url: str) -> tuple[str, str]:
    link = re.search(re.escape(url) + r"/receipt#([\w-]+)", page)
    pin = re.search(r"<output[^>]*>([\w-]+)</output>", page)
    assert link
    assert pin
    return link[1], pin[1]


async def test_a_new_link_opens_the_old_one_is_dead_and_the_journal_says_who_and_why(
    office: Office, officer: Browser, attention: str
) -> None:
    old: NewLink = await office.links.make(OURS, attention)
    open_before = [await office.reader(attention), await office.reader(attention, CITIZEN)]
    found = await officer.get(f"/rights/links?number={attention}")
    assert (found.status, "Joan Vila" in found.words, "12345678Z" in found.text) == (200, True, False)
    status, page = await _given(officer, attention)
    assert status == 200
    assert await office.links.open(*_read(page, office.url)) == (OURS, attention)
    with pytest.raises(LinkRefused):
        await office.links.open(old.token, old.pin)
    for reader in open_before:
        assert "/receipt/leave" not in (await reader.get("/receipt")).text
    town = office.papers.town
    assert town.facts(ReceiptLinkGiven)[0].shown == Shown.PASSPORT
    assert town.facts(ReceiptLinkReason)[0].reason == WHY
    assert [entry.actor for entry in town.told if isinstance(entry.fact, ReceiptLinkGiven)] == ["staff:staff-montse"]
    assert _read(page, office.url)[1] not in repr(office.papers.town.told)


@pytest.mark.parametrize(
    ("asked", "status"), [("", 200), ("?number=", 422), ("?number=%20%20", 422), ("?number=1", 422)]
)
async def test_a_number_that_is_not_written_is_told_at_its_field(officer: Browser, asked: str, status: int) -> None:
    answer = await officer.get(f"/rights/links{asked}")
    assert (answer.status, 'id="number-link-fault"' in answer.text) == (status, status == 422)


async def test_an_old_link_that_is_being_opened_meanwhile_is_dead_too(
    office: Office, officer: Browser, attention: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the right PIN and the session an officer gives another link: closing what is open finds nothing yet."""
    old = await office.links.make(OURS, attention)
    given: list[int] = []
    opening = office.visitors.open

    async def slowly(cookie: str, **known: object) -> Opened:
        given.append((await _given(officer, attention))[0])
        return await opening(cookie, **known)

    monkeypatch.setattr(office.visitors, "open", slowly)
    opened = await Browser(office, "").post("/receipt", {"token": old.token, "pin": old.pin})
    assert (given, opened.status) == ([200], 403)
    async with office.database.reading() as connection:
        assert not (await connection.execute(select(sessions).where(sessions.c.attention == attention))).all()


async def test_a_browser_that_an_officer_closes_meanwhile_is_shown_no_link(
    office: Office, officer: Browser, attention: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    left_open = await office.reader(attention, CITIZEN)
    hashing = office.links._hashed

    async def slowly(pin: str, salt: bytes) -> bytes:
        monkeypatch.setattr(office.links, "_hashed", hashing)
        assert (await _given(officer, attention))[0] == 200
        return await hashing(pin, salt)

    monkeypatch.setattr(office.links, "_hashed", slowly)
    answer = await left_open.post("/attention/receipt-link", {"csrf": left_open.csrf, "from": "goodbye"})
    assert (answer.status, "/receipt#" in answer.text) == (404, False)


async def test_an_old_link_whose_pin_is_being_looked_at_is_dead_too(
    office: Office, officer: Browser, attention: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = await office.links.make(OURS, attention)
    looking = office.links._hashed

    async def slowly(pin: str, salt: bytes) -> bytes:
        monkeypatch.setattr(office.links, "_hashed", looking)
        assert (await _given(officer, attention))[0] == 200
        return await looking(pin, salt)

    monkeypatch.setattr(office.links, "_hashed", slowly)
    with pytest.raises(LinkRefused):
        await office.links.open(old.token, old.pin)
    assert not office.papers.town.facts(ReceiptOpened)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"shown": "-"}, "shown"),
        ({"shown": "a smile"}, "shown"),
        ({"seen": "-"}, "seen"),
        ({"reason": "perdut"}, "reason"),
        ({"number": "no-such"}, "number"),
    ],
)
async def test_no_link_is_given_before_the_officer_says_who_it_is_and_why(
    office: Office, officer: Browser, attention: str, said: dict[str, str], field: str
) -> None:
    old = await office.links.make(OURS, attention)
    status, page = await _given(officer, attention, **said)
    assert status == 422
    assert f'id="{field}-link-fault"' in page
    assert f'href="#{field}-link"' in page
    assert page.count('class="fault"') == 1
    assert await office.links.open(old.token, old.pin) == (OURS, attention)


async def test_no_link_to_what_goes_on_was_erased_or_is_another_s(office: Office, officer: Browser, room: Room) -> None:
    talking = await room.town.talking("joan")
    assert "The attention is not over yet" in (await officer.get(f"/rights/links?number={talking}")).words
    informer = await office.signed_in(somebody("staff-marta", Role.INFORMER))
    assert (await informer.get(f"/rights/links?number={talking}")).status == 403
    assert (await _given(informer, talking))[0] == 403
    theirs = await office.signed_in(somebody("staff-ona", Role.DATA_OFFICER, organisation="vila-demo"))
    assert "There is no attention with this number" in (await theirs.get(f"/rights/links?number={talking}")).words
    assert (await officer.get("/rights/links")).status == 200
    assert (await officer.get("/rights/links/new")).location == "/rights/links"


# --- no officer alone -------------------------------------------------------------------

_GRANTS = {Right.COPY: "access", Right.ERASURE: "unneeded"}


@pytest.mark.parametrize("right", [Right.COPY, Right.ERASURE])
async def test_who_gave_the_newest_link_grants_no_copy_and_no_erasure(
    office: Office, officer: Browser, another: Browser, attention: str, right: Right
) -> None:
    assert (await _given(officer, attention))[0] == 200
    asked = await office.rights.ask(OURS, attention, right, "")
    assert 'data-part="anothers"' in (await officer.get("/rights")).text
    assert 'data-part="link-given"' in (await another.get("/rights")).text
    sent = {"csrf": officer.csrf, "ground": _GRANTS[right], "words": "Fet.", "understood": "yes"}
    answer = await officer.post(f"/rights/requests/{asked}/decision", sent)
    assert (answer.status, f'id="ground-{asked}-fault"' in answer.text) == (422, True)
    assert "It must be another person" in answer.words
    assert (await office.request(asked)).stage is RequestStage.ASKED
    assert await _decide(another, asked, ground=_GRANTS[right], understood="yes") == 303
    assert (await office.request(asked)).stage is RequestStage.DONE


async def test_a_newer_link_of_another_frees_who_gave_the_one_before(
    office: Office, officer: Browser, another: Browser, attention: str
) -> None:
    assert (await _given(officer, attention))[0] == 200
    assert (await _given(another, attention))[0] == 200
    asked = await office.rights.ask(OURS, attention, Right.COPY, "")
    assert await _decide(another, asked, ground="access") == 422
    assert await _decide(officer, asked, ground="access") == 303


@pytest.mark.parametrize("right", [Right.COPY, Right.ERASURE])
async def test_who_wrote_a_request_down_refuses_it_and_does_not_grant_it(
    office: Office, officer: Browser, another: Browser, attention: str, right: Right
) -> None:
    sent = {"csrf": officer.csrf, "attention": attention, "right": right.value, "words": WHY}
    assert (await officer.post("/rights/requests", sent)).status == 303
    page = await officer.get("/rights")
    found = re.search(r'data-request="([\w-]+)"', page.text)
    assert found
    asked = found[1]
    assert 'data-part="anothers"' in page.text
    assert '<optgroup label="Grant it" disabled>' in page.text
    assert 'data-part="anothers"' not in (await another.get("/rights")).text
    assert await _decide(officer, asked, ground=_GRANTS[right], understood="yes") == 422
    assert (await office.request(asked)).stage is RequestStage.ASKED
    assert await _decide(officer, asked, ground="repeated", words=WHY) == 303
    assert (await another.post("/rights/requests", {**sent, "csrf": another.csrf})).status == 303
    assert (await officer.get("/rights")).text.count('data-part="anothers"') == 0


@pytest.mark.parametrize("right", [Right.COPY, Right.ERASURE])
async def test_who_gave_the_link_with_which_it_was_asked_does_not_grant_it_after_another_gave_a_new_one(
    office: Office, officer: Browser, another: Browser, attention: str, right: Right
) -> None:
    assert (await _given(officer, attention))[0] == 200
    asked = await office.rights.ask(OURS, attention, right, "")
    office.clock.move(60)
    assert (await _given(another, attention))[0] == 200
    assert 'data-part="anothers"' in (await officer.get("/rights")).text
    third = await office.signed_in(somebody("staff-ramon", Role.DATA_OFFICER))
    for one, status in ((officer, 422), (another, 422), (third, 303)):
        assert await _decide(one, asked, ground=_GRANTS[right], understood="yes") == status


@pytest.mark.parametrize("ground", ["contested", "repeated"])
async def test_who_attended_neither_answers_a_request_about_it_nor_ends_its_restriction(
    office: Office, another: Browser, attention: str, ground: str
) -> None:
    both = frozenset({Role.DATA_OFFICER, Role.INFORMER})
    theirs = await office.signed_in(replace(somebody("marta", Role.INFORMER), roles=both))
    sent = {"csrf": theirs.csrf, "attention": attention, "right": "restriction", "words": WHY}
    assert (await theirs.post("/rights/requests", sent)).status == 303
    (asked,) = (one.id for one in await office.kept.requests_of(OURS, attention))
    answer = await theirs.post(
        f"/rights/requests/{asked}/decision", {"csrf": theirs.csrf, "ground": ground, "words": WHY}
    )
    assert (answer.status, f'id="ground-{asked}-fault"' in answer.text) == (422, True)
    assert "You attended this person yourself" in answer.words
    assert await _decide(another, asked, ground="contested", words=WHY) == 303
    lifting = f"/rights/requests/{asked}/lifting"
    assert (await theirs.post(lifting, {"csrf": theirs.csrf, "words": WHY})).status == 422
    assert (await another.post(lifting, {"csrf": another.csrf, "words": WHY})).status == 303


async def test_a_restriction_takes_one_officer(office: Office, officer: Browser, attention: str) -> None:
    sent = {"csrf": officer.csrf, "attention": attention, "right": "restriction", "words": WHY}
    assert (await officer.post("/rights/requests", sent)).status == 303
    page = (await officer.get("/rights")).text
    found = re.search(r'data-request="([\w-]+)"', page)
    assert found
    assert 'data-part="anothers"' not in page
    assert await _decide(officer, found[1], ground="contested") == 303


async def test_a_copy_from_before_a_new_link_is_asked_for_again(
    office: Office, officer: Browser, another: Browser, attention: str
) -> None:
    copy = await office.rights.ask(OURS, attention, Right.COPY, "")
    assert await _decide(another, copy, ground="access") == 303
    reader = await office.reader(attention)
    assert f"/receipt/copy/{copy}" in (await reader.get("/receipt")).text
    office.clock.move(60)
    assert (await _given(officer, attention))[0] == 200
    reader = await office.reader(attention)
    page = await reader.get("/receipt")
    assert (f"/receipt/copy/{copy}" in page.text, 'data-part="copy-before-link"' in page.text) == (False, True)
    assert (await reader.get(f"/receipt/copy/{copy}")).status == 409
    assert not office.papers.town.facts(CopyFetched)
    erasure = await office.rights.ask(OURS, attention, Right.ERASURE, "")
    assert 'data-part="copy-lost"' not in (await another.get("/rights")).text
    assert await _decide(another, erasure, ground="claims", words=WHY) == 303
    again = await office.rights.ask(OURS, attention, Right.COPY, "")
    assert await _decide(officer, again, ground="access") == 422
    assert await _decide(another, again, ground="access") == 303
    async with office.http.get(f"{office.url}/receipt/copy/{again}", headers={"Cookie": reader.cookie}) as answer:
        assert (answer.status, answer.content_type) == (200, "application/zip")


async def test_what_was_shown_at_the_office_stays_in_the_journal_and_why_does_not(
    office: Office, officer: Browser, another: Browser, attention: str
) -> None:
    assert (await _given(officer, attention))[0] == 200
    asked = await office.rights.ask(OURS, attention, Right.ERASURE, "")
    assert await _decide(another, asked, understood="yes") == 303
    async with office.database.reading() as connection:
        rows = await connection.execute(select(journal.c.kind, journal.c.body).where(journal.c.attention == attention))
        bodies = {row.kind: row.body for row in rows}
    assert Shown.PASSPORT.value in bodies["ReceiptLinkGiven"]
    assert bodies["ReceiptLinkReason"] is None


async def test_an_officer_who_attended_the_person_gives_them_no_link(office: Office, attention: str) -> None:
    old = await office.links.make(OURS, attention)
    both = await office.signed_in(somebody("marta", Role.DATA_OFFICER))
    assert "You attended this person yourself" in (await both.get(f"/rights/links?number={attention}")).words
    assert (await _given(both, attention))[0] == 422
    assert await office.links.open(old.token, old.pin) == (OURS, attention)
    assert not office.papers.town.facts(CitizenLookedUp)


async def test_who_a_number_belongs_to_is_in_the_journal_before_it_is_shown(
    office: Office, officer: Browser, attention: str
) -> None:
    town = office.papers.town
    assert (await officer.get("/rights/links?number=no-such")).status == 422
    assert not town.facts(CitizenLookedUp)
    assert "Joan Vila" in (await officer.get(f"/rights/links?number={attention}")).words
    assert [(one.actor, one.fact.attention) for one in town.told if isinstance(one.fact, CitizenLookedUp)] == [
        ("staff:staff-montse", attention)
    ]


async def test_nothing_stays_open_beside_a_new_link_even_if_the_process_ends_in_between(
    office: Office, officer: Browser, attention: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = [await office.reader(attention), await office.reader(attention, CITIZEN)]
    whole = DatabaseSessions.close_of
    closed: list[str] = []

    async def once(self: DatabaseSessions, organisation: str, name: str) -> None:
        if closed:
            raise ConnectionError("the process ended")
        closed.append(name)
        await whole(self, organisation, name)

    monkeypatch.setattr(DatabaseSessions, "close_of", once)
    assert (await _given(officer, attention))[0] == 500
    assert office.papers.town.facts(ReceiptLinkGiven)
    for reader in readers:
        assert "/receipt/leave" not in (await reader.get("/receipt")).text
