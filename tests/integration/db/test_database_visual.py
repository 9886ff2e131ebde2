"""Visual identification from its beginning to its end, in both databases, with real keys and signatures."""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Final

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from sqlalchemy import select
from structlog.testing import capture_logs

from tests.fakes.clock import Clock
from tests.integration.db.cases import NOW, ORGANISATION, add, person, talking
from tests.integration.db.test_database_costs import plans_of, walks
from videoattention.adapters.db.organisation_keys import DatabaseOrganisationKeys
from videoattention.adapters.db.personal_rows import PersonalRows
from videoattention.adapters.db.queries import DatabaseViews
from videoattention.adapters.db.queries.receipts import DatabaseAccounts
from videoattention.adapters.db.queries.visual import _paper
from videoattention.adapters.db.register import DatabaseRegister
from videoattention.adapters.db.rotation import DatabaseRotation
from videoattention.adapters.db.seals import DatabaseSigningKeys
from videoattention.adapters.db.visual import DatabaseVisuals
from videoattention.adapters.db.visual_tables import suspicions, visual_stills, visuals
from videoattention.adapters.vault.keyring import VaultKeyRing
from videoattention.adapters.vault.keys import MasterKey
from videoattention.adapters.vault.rotation import NewOrganisationKey
from videoattention.adapters.vault.signer import VaultSigner
from videoattention.adapters.vault.stills import EncryptedStills, SignedPseudonyms
from videoattention.domain import facts
from videoattention.domain.accounts import Notice
from videoattention.domain.consent import ConsentText
from videoattention.domain.errors import StepRefused
from videoattention.domain.identification import Assurance, Way
from videoattention.domain.levels import Level, Purpose
from videoattention.domain.papers import DocumentKind
from videoattention.domain.people import Habilitation
from videoattention.domain.receipts import receipt_of
from videoattention.domain.recording import Recording
from videoattention.domain.retention import QUARANTINE
from videoattention.domain.visual_parts import Instant
from videoattention.domain.visual_stages import SUSPICIOUS, Reason, StillKind, VisualStage
from videoattention.services import visual_watch
from videoattention.services.ports import NotFound
from videoattention.services.texts import ShownText
from videoattention.services.vault import MediaTampered
from videoattention.services.visual import Papers, VisualIdentity
from videoattention.services.visual_decision import Keeping, VisualDecision
from videoattention.services.visual_finding import look
from videoattention.services.visual_stills import Taken, VisualStills, instant_of
from videoattention.services.visual_watch import VisualWatch
from videoattention.services.work import Acting, Work

if TYPE_CHECKING:
    from collections.abc import Sequence

    from videoattention.adapters.db.database import Database
    from videoattention.domain.attention import Attention
    from videoattention.domain.visual import Visual
    from videoattention.services.ports import Entry
    from videoattention.services.visual_ports import Suspicion

MASTER: Final = MasterKey(bytes(range(32)))
MARTA: Final = Acting(ORGANISATION, "informer:marta", "marta")
CITIZEN: Final = Acting(ORGANISATION, "citizen")
SESSION: Final = "5e" * 32
ZONE: Final = "IDESPBAA000589599999999R<<<<<<\n8001014F3006014ESP<<<<<<<<<<<5\nESPANOLA<ESPANOLA<<CARMEN<<<<<"
PAPERS: Final = Papers("99999999r", "Carmen Española", ZONE)
CODE: Final = "424242"


def jpeg(mark: bytes = b"") -> bytes:
    """The least that is a JPEG of 1280 by 720, with a camera's note in it."""
    note = b"\xff\xe1" + (2 + 4).to_bytes(2, "big") + b"Exif"
    frame = b"\xff\xc0" + (2 + 15).to_bytes(2, "big") + b"\x08" + (720).to_bytes(2, "big") + (1280).to_bytes(2, "big")
    scan = b"\xff\xda" + (2 + 10).to_bytes(2, "big") + bytes(10) + b"coded \xff\x00 picture" + mark
    return b"\xff\xd8" + note + frame + bytes(10) + scan + b"\xff\xd9"


class Texts:
    def current(self, text: str, language: str) -> ShownText:
        assert (text, language) == ("images", "ca")
        wording = ConsentText("images", "1", "ca", "ab" * 32)
        return ShownText(wording, "Imatges", ("Text.",), frozenset({Purpose.IMAGES}))


class Phone:
    """A phone that everybody can read."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    async def send(self, acting: Acting, attention: str, number: str) -> None:
        self.sent.append(number)

    async def check(self, acting: Acting, attention: str, code: str) -> None:
        if code != CODE:
            raise StepRefused("code_wrong", "that is not the code")


class Room:
    """Everything of visual identification over one database, and what was committed."""

    def __init__(self, database: Database) -> None:
        self.database, self.clock = database, Clock(NOW)
        self.told: list[Entry] = []
        self.register = DatabaseRegister(database)
        self.ring = VaultKeyRing(MASTER, DatabaseOrganisationKeys(database))
        self.signer = VaultSigner(self.ring, DatabaseSigningKeys(database), self.clock)
        self.connected = True
        self.work = Work(self.register, self.clock, self)
        self.watch = VisualWatch(self.work, DatabaseVisuals(database), lambda _: self.connected)
        self.phone = Phone()
        ids = count(1)
        self.identity = VisualIdentity(self.work, Texts(), phone=self.phone, new_id=lambda: f"vis-{next(ids)}")
        self.decision = VisualDecision(
            self.work, signer=self.signer, pseudonyms=SignedPseudonyms(self.signer), keeping=Keeping()
        )
        self.vault = EncryptedStills(self.ring)
        self.stills = VisualStills(self.work, vault=self.vault, new_id=lambda: f"still-{next(ids)}")

    def committed(self, entries: Sequence[Entry]) -> None:
        self.told += entries
        self.watch.committed(entries)

    def kinds(self) -> list[str]:
        return [type(entry.fact).__name__ for entry in self.told]

    async def asked(self, attention: str = "a1") -> None:
        """Somebody talks, the attended level is proposed, and identification by sight is asked for."""
        arrived = talking(attention).propose_level("marta", Level.ATTENDED, NOW).attention
        await add(self.register, arrived.ask_identification("marta", Way.VISUAL).attention)

    async def to(self, stage: VisualStage, attention: str = "a1") -> Visual:
        """All the way to a stage."""
        await self.asked(attention)
        await self.identity.begin(MARTA, attention, person())
        for step in (self._agree, self._code, self._document, self._actions, self._take):
            if (await self.now(attention)).stage is stage:
                break
            await step(attention)
        found = await self.now(attention)
        assert found.stage is stage
        return found

    async def now(self, attention: str = "a1") -> Visual:
        return await look(self.work, MARTA, attention)

    async def _agree(self, attention: str) -> None:
        await self.identity.agree(CITIZEN, attention, (await self.now(attention)).id)

    async def _code(self, attention: str) -> None:
        await self.identity.send_code(MARTA, attention, "600 000 000")
        await self.identity.type_code(CITIZEN, attention, CODE, "citizen")

    async def _document(self, attention: str) -> None:
        await self.identity.choose_document(MARTA, attention, DocumentKind.DNI4)
        for feature in (await self.now(attention)).features:
            await self.identity.tick_feature(MARTA, attention, feature, seen=True)
        await self.identity.read_document(MARTA, attention, PAPERS)
        await self.identity.finish_step(MARTA, attention)

    async def _actions(self, attention: str) -> None:
        challenge = (await self.now(attention)).challenge
        assert challenge
        for action in challenge.actions:
            await self.identity.tick_action(MARTA, attention, action, done=True)
        await self.identity.finish_step(MARTA, attention)

    async def _take(self, attention: str) -> None:
        for kind in StillKind:
            await self.stills.keep(MARTA, attention, Taken(kind, jpeg(kind.encode()), timedelta(seconds=1), "90000"))
        await self.identity.finish_step(MARTA, attention)

    async def attention(self, attention: str = "a1") -> Attention:
        async with self.register.begin(ORGANISATION, "service", NOW) as transaction:
            return await transaction.attentions.get(attention)

    async def suspicions(self) -> Sequence[Suspicion]:
        async with self.register.begin(ORGANISATION, "service", NOW) as transaction:
            lines = await transaction.visuals.suspicions(None, 50)
            return [await transaction.visuals.suspicion(line.visual) for line in lines]

    async def count(self, table: object) -> int:
        async with self.database.reading() as connection:
            return len((await connection.execute(select(table))).all())  # type: ignore[call-overload]  # any table


@pytest.fixture
def room(database: Database) -> Room:
    return Room(database)


async def test_the_whole_way_identifies_the_citizen_and_is_signed(room: Room) -> None:
    visual = await room.to(VisualStage.DECISION)
    await room.decision.accept(MARTA, "a1", SESSION)
    identified = (await room.attention()).identification
    assert identified
    assert (identified.assurance, identified.way, identified.provider) == (Assurance.SUBSTANTIAL, Way.VISUAL, "visual")
    assert (identified.name, identified.document) == ("Carmen Española", "99999999R")
    assert "99999999" not in identified.subject
    assert room.kinds()[-2:] == ["VisualIdentified", "CitizenIdentified"]
    async with room.database.reading() as connection:
        row = (await connection.execute(select(visuals))).one()
    said = json.loads(row.statement)
    assert (said["decision"], said["session"], said["informer"]) == ("accepted", SESSION, "marta")
    assert [still["sha256"] for still in said["stills"]] == [still.hash for still in visual.stills]
    assert row.keep_until == NOW + Keeping().completed
    told = next(entry.fact for entry in room.told if isinstance(entry.fact, facts.VisualIdentified))
    assert told.hash == hashlib.sha256(row.statement).hexdigest()
    public = load_pem_public_key(await room.signer.public_key(ORGANISATION, told.key))
    assert isinstance(public, Ed25519PublicKey)
    public.verify(row.signature, row.statement)


async def test_a_yes_that_arrives_late_agrees_to_no_text_that_was_asked_since(room: Room) -> None:
    shown = await room.to(VisualStage.INFORMED)
    await room.decision.stop(MARTA, "a1", Reason.BAD_MEDIA, SESSION)
    await room.work.change(MARTA, "a1", lambda a, _: a.ask_identification("marta", Way.VISUAL))
    await room.identity.begin(MARTA, "a1", person())
    with pytest.raises(StepRefused) as refused:
        await room.identity.agree(CITIZEN, "a1", shown.id)
    assert refused.value.code == "unknown_consent"
    asked = await room.now()
    assert (asked.stage, room.kinds().count("VisualAgreed")) == (VisualStage.INFORMED, 0)
    await room.identity.agree(CITIZEN, "a1", asked.id)
    assert (await room.now()).stage is VisualStage.CODE


async def test_a_command_that_comes_again_is_acknowledged_although_nothing_goes_on_any_more(room: Room) -> None:
    await room.to(VisualStage.INFORMED)
    await room._agree("a1")
    await room.identity.send_code(MARTA, "a1", "600 000 000")
    for _ in range(2):
        await room.identity.type_code(replace(CITIZEN, command="typed"), "a1", CODE, "citizen")
    with pytest.raises(StepRefused):
        await room.identity.type_code(replace(CITIZEN, command="another"), "a1", CODE, "citizen")
    for step in (room._document, room._actions, room._take):
        await step("a1")
    for _ in range(2):
        await room.decision.accept(replace(MARTA, command="accepted"), "a1", SESSION)
    with pytest.raises(NotFound):
        await room.decision.accept(replace(MARTA, command="again"), "a1", SESSION)
    assert [room.kinds().count(kind) for kind in ("VisualCodeProved", "VisualIdentified")] == [1, 1]


async def test_a_stop_that_comes_again_is_acknowledged(room: Room) -> None:
    await room.to(VisualStage.DECISION)
    for _ in range(2):
        await room.decision.stop(replace(MARTA, command="stopped"), "a1", Reason.BAD_MEDIA, SESSION)
    assert room.kinds().count("VisualStopped") == 1


async def test_no_name_and_no_number_is_in_the_journal(room: Room) -> None:
    await room.to(VisualStage.DECISION)
    await room.decision.accept(MARTA, "a1", SESSION)
    journal = repr([entry.fact for entry in room.told])
    for told in ("Carmen", "99999999", "600 000 000", "600000000", CODE):
        assert told not in journal


async def test_the_same_document_is_known_again_and_only_in_its_organisation(room: Room) -> None:
    pseudonyms = SignedPseudonyms(room.signer)
    first = await pseudonyms.of(ORGANISATION, "visual subject", "99999999R")
    assert first == await pseudonyms.of(ORGANISATION, "visual subject", "99999999R")
    assert first != await pseudonyms.of("vila-demo", "visual subject", "99999999R")
    assert first != await pseudonyms.of(ORGANISATION, "another use", "99999999R")


async def test_a_lapsed_habilitation_cannot_begin(room: Room) -> None:
    await room.asked()
    lapsed = replace(person(), habilitations=(Habilitation("attended", date(2026, 1, 31)),))
    with pytest.raises(StepRefused, match="2026-01-31") as refused:
        await room.identity.begin(MARTA, "a1", lapsed)
    assert refused.value.code == "habilitation_lapsed"
    with pytest.raises(NotFound):
        await room.now()


async def test_it_begins_only_where_it_was_asked_for_and_once(room: Room) -> None:
    await add(room.register, talking("a2", informer="joan"))
    with pytest.raises(StepRefused) as refused:
        await room.identity.begin(Acting(ORGANISATION, "informer:joan", "joan"), "a2", person("joan"))
    assert refused.value.code == "visual_not_asked"
    await room.to(VisualStage.INFORMED)
    with pytest.raises(StepRefused) as refused:
        await room.identity.begin(MARTA, "a1", person())
    assert refused.value.code == "visual_going_on"


async def test_nothing_is_stored_before_the_citizen_agreed(room: Room) -> None:
    await room.to(VisualStage.INFORMED)
    taken = Taken(StillKind.FACE, jpeg(), timedelta(0))
    with pytest.raises(StepRefused):
        await room.stills.keep(MARTA, "a1", taken)
    assert await room.count(visual_stills) == 0


async def test_a_still_is_kept_encrypted_and_opens_for_its_informer(room: Room) -> None:
    visual = await room.to(VisualStage.DECISION)
    async with room.database.reading() as connection:
        rows = (await connection.execute(select(visual_stills))).all()
    assert len(rows) == len(StillKind)
    assert all(b"picture" not in row.sealed for row in rows)
    for still in visual.stills:
        shown = await room.stills.show(MARTA, "a1", still.id)
        assert hashlib.sha256(shown).hexdigest() == still.hash
        assert b"Exif" not in shown, "the camera's notes are no part of the picture"
        assert (still.width, still.height) == (1280, 720)
    with pytest.raises(StepRefused):
        await room.stills.show(Acting(ORGANISATION, "informer:joan", "joan"), "a1", visual.stills[0].id)
    kept = rows[0]
    async with room.database.writing() as connection:
        await connection.execute(visual_stills.update().values(sealed=kept.sealed[:-1] + b"\0"))
        await connection.commit()
    with pytest.raises(MediaTampered):
        await room.stills.show(MARTA, "a1", kept.id)


async def test_a_still_names_the_recorder_s_own_picture_of_its_instant(room: Room) -> None:
    asked = Recording("r1", "a1", ORGANISATION, "c1", requested_at=NOW)
    shown = NOW + timedelta(seconds=61.5)
    nowhere = Instant(shown.isoformat(), "90000")
    assert [instant_of(shown, "90000", recording) for recording in (None, asked)] == [nowhere, nowhere]
    capturing = asked.open(1, NOW + timedelta(seconds=60)).recording
    mark = instant_of(shown, "90000", capturing)
    assert (mark.recording, mark.part, mark.track, mark.offset) == ("r1", 1, "citizen-video", 1.5)
    await room.to(VisualStage.STILLS)
    await room.stills.keep(MARTA, "a1", Taken(StillKind.FACE, jpeg(), timedelta(seconds=1), "90000"))
    (still,) = [entry.fact for entry in room.told if isinstance(entry.fact, facts.StillTaken)]
    assert (still.recording, still.rtp, still.shown_at) == ("", "90000", (NOW - timedelta(seconds=1)).isoformat())


async def test_keys_that_are_rotated_open_the_stills_all_the_same(room: Room) -> None:
    visual = await room.to(VisualStage.DECISION)
    before = await room.stills.show(MARTA, "a1", visual.stills[0].id)
    rotated = await DatabaseRotation(room.database).organisation(
        ORGANISATION, lambda wrapped: NewOrganisationKey(ORGANISATION, wrapped, (MASTER,)), lambda *_: None
    )
    assert rotated == len(StillKind)
    assert await room.stills.show(MARTA, "a1", visual.stills[0].id) == before


@pytest.mark.parametrize("reason", Reason)
async def test_a_stop_is_signed_and_a_suspicion_is_kept_apart(room: Room, reason: Reason) -> None:
    await room.to(VisualStage.DECISION)
    await room.decision.stop(MARTA, "a1", reason, SESSION, witnessed=True)
    attention = await room.attention()
    assert (attention.identification, attention.identification_asked) == (None, False)
    assert "VisualStopped" in room.kinds()
    assert reason.value not in repr([entry.fact for entry in room.told])
    async with room.database.reading() as connection:
        row = (await connection.execute(select(visuals))).one()
    assert json.loads(row.statement)["reason"] == reason.value
    assert row.keep_until == NOW + Keeping().stopped
    kept = await room.suspicions()
    suspected = reason in SUSPICIOUS
    assert await room.count(visual_stills) == (len(StillKind) if suspected else 0)
    assert [(one.reason, one.number) for one in kept] == ([(reason, "99999999R")] if suspected else [])


async def test_no_suspicion_is_filed_unseen_nor_before_a_document_is_chosen(room: Room) -> None:
    await room.to(VisualStage.DOCUMENT)
    with pytest.raises(StepRefused, match="no document"):
        await room.decision.stop(MARTA, "a1", Reason.NOT_LIVE, SESSION, witnessed=True)
    await room.identity.choose_document(MARTA, "a1", DocumentKind.DNI4)
    with pytest.raises(StepRefused, match="saw it"):
        await room.decision.stop(MARTA, "a1", Reason.NOT_LIVE, SESSION)
    assert await room.suspicions() == []
    assert "VisualStopped" not in room.kinds()


async def test_the_list_of_suspicions_is_read_by_its_index_a_page_at_a_time(room: Room) -> None:
    await room.to(VisualStage.DECISION)
    await room.decision.stop(MARTA, "a1", Reason.FALSE_DOCUMENT, SESSION, witnessed=True)
    (one,) = await room.suspicions()

    async def listed(after: tuple[datetime, str] | None) -> list[str]:
        async with room.register.begin(ORGANISATION, "service", NOW) as transaction:
            return [line.visual for line in await transaction.visuals.suspicions(after, 26)]

    assert await listed(None) == [one.visual]
    assert await listed((one.at, one.visual)) == []
    assert await listed((one.at, "")) == [one.visual]
    assert await listed((one.at + timedelta(seconds=1), "zzz")) == [one.visual]
    plans = await plans_of(room.database, listed((one.at, one.visual)))
    assert not [line for line in plans if walks(line, "suspicions") or walks(line, "desks")], plans
    if room.database.engines[0].dialect.name == "sqlite":
        assert "ix_suspicions_at" in " ".join(plans), plans


async def test_the_accepted_one_is_found_by_its_attention(room: Room) -> None:
    await room.to(VisualStage.DECISION)
    async with room.register.begin(ORGANISATION, "service", NOW) as transaction:
        assert await transaction.visuals.accepted_of("a1") is None
    await room.decision.accept(MARTA, "a1", SESSION)
    async with room.register.begin(ORGANISATION, "service", NOW) as transaction:
        found = await transaction.visuals.accepted_of("a1")
    assert found
    assert (found.stage, len(found.stills)) == (VisualStage.ACCEPTED, len(StillKind))


@pytest.mark.parametrize("reason", [Reason.DOUBT, Reason.FALSE_DOCUMENT])
async def test_nobody_can_tell_from_the_account_whether_there_is_a_suspicion(room: Room, reason: Reason) -> None:
    await room.to(VisualStage.DECISION)
    await room.decision.stop(MARTA, "a1", reason, SESSION, witnessed=True)
    account = await DatabaseAccounts(room.database).of(ORGANISATION, "a1")
    assert account
    (images,) = account.images
    assert (images.kept, images.state, images.stills) == ("stopped", "stopped", ())
    assert images.kept_until == NOW + Keeping().stopped
    told = receipt_of(replace(account, notices={images.wording["hash"]: Notice("Imatges", ("Text.",))}))
    assert (told["attention"]["identifying"], told["attention"]["identified"]) == ("sight", None)
    assert reason.value not in json.dumps(told)


@pytest.mark.parametrize("reason", [Reason.COERCION, Reason.FALSE_DOCUMENT])
async def test_of_one_that_was_stopped_before_its_pictures_no_picture_is_told(room: Room, reason: Reason) -> None:
    await room.to(VisualStage.ACTIONS)
    await room.decision.stop(MARTA, "a1", reason, SESSION, witnessed=True)
    account = await DatabaseAccounts(room.database).of(ORGANISATION, "a1")
    assert account
    (images,) = account.images
    assert (images.kept, images.stills, images.kept_until) == ("untaken", (), None)
    seen = await DatabaseViews(room.database).citizen(ORGANISATION, "a1", "ca", seen_since=NOW)
    assert seen
    assert (seen.visual.stage, seen.visual.days) == ("ended", 0), "a term would tell a stop from a lapse"


async def test_the_account_tells_the_pictures_until_they_are_erased(room: Room) -> None:
    await room.to(VisualStage.DECISION)
    await room.decision.accept(MARTA, "a1", SESSION)
    accounts = DatabaseAccounts(room.database)
    account = await accounts.of(ORGANISATION, "a1")
    assert account
    (images,) = account.images
    assert (images.kept, images.kept_until) == ("kept", NOW + Keeping().completed)
    assert {still.kind for still in images.stills} == set(StillKind)
    seen = await DatabaseViews(room.database).citizen(ORGANISATION, "a1", "ca", seen_since=NOW)
    assert seen
    assert (seen.visual.stage, seen.visual.days) == ("accepted", Keeping().completed.days)
    async with room.register.begin(ORGANISATION, "service", NOW) as transaction:
        entries = await transaction.personal.erase("a1")
        await transaction.commit(facts.PersonalDataErased("a1", "request", entries))
    account = await accounts.of(ORGANISATION, "a1")
    assert account
    (images,) = account.images
    assert (images.kept, images.stills, images.erased_at) == ("erased", (), NOW)


async def test_a_citizen_who_leaves_takes_everything_with_them(room: Room) -> None:
    await room.to(VisualStage.DECISION)
    await room.identity.refuse(CITIZEN, "a1")
    assert await room.count(visual_stills) == 0
    assert not (await room.attention()).identification_asked
    async with room.database.reading() as connection:
        assert "99999999" not in repr((await connection.execute(select(visuals))).one())


async def test_a_wrong_code_opens_nothing(room: Room) -> None:
    await room.to(VisualStage.CODE)
    with pytest.raises(StepRefused, match="no code was sent"):
        await room.identity.type_code(CITIZEN, "a1", CODE, "citizen")
    await room.identity.send_code(MARTA, "a1", "600000000")
    with pytest.raises(StepRefused, match="not the code"):
        await room.identity.type_code(MARTA, "a1", "000000", "informer")
    assert (await room.now()).stage is VisualStage.CODE
    await room.identity.type_code(MARTA, "a1", CODE, "informer")
    assert (await room.now()).stage is VisualStage.DOCUMENT


async def test_what_does_not_hold_of_a_document_keeps_the_step_open(room: Room) -> None:
    await room.to(VisualStage.DOCUMENT)
    await room.identity.choose_document(MARTA, "a1", DocumentKind.DNI4)
    for feature in (await room.now()).features:
        await room.identity.tick_feature(MARTA, "a1", feature, seen=True)
    await room.identity.read_document(MARTA, "a1", replace(PAPERS, number="99999999A"))
    with pytest.raises(StepRefused) as refused:
        await room.identity.finish_step(MARTA, "a1")
    assert refused.value.code == "document_fails"


async def test_a_draw_is_never_too_small_over_many_identifications(room: Room) -> None:
    await room.to(VisualStage.DOCUMENT)
    seen = set()
    for kind in DocumentKind:
        await room.identity.choose_document(MARTA, "a1", kind)
        features = (await room.now()).features
        assert len(features) >= 3
        seen.add(features)
    assert len(seen) > 1


async def test_a_repeated_command_sends_no_second_code(room: Room) -> None:
    await room.to(VisualStage.CODE)
    once = replace(MARTA, command="c-1")
    await room.identity.send_code(once, "a1", "600000000")
    await room.identity.send_code(once, "a1", "600000000")
    assert (room.phone.sent, room.kinds().count("VisualCodeSent")) == (["600000000"], 1)


async def test_nothing_is_kept_once_the_question_is_taken_back(room: Room) -> None:
    await room.to(VisualStage.STILLS)
    await room.work.change(CITIZEN, "a1", lambda a, _: a.drop_proposal("declined"))
    with pytest.raises(StepRefused) as refused:
        await room.stills.keep(MARTA, "a1", Taken(StillKind.FACE, jpeg(), timedelta(0)))
    assert (refused.value.code, await room.count(visual_stills)) == ("visual_not_asked", 0)
    with pytest.raises(StepRefused):
        await room.identity.finish_step(MARTA, "a1")


# --- the watch ----------------------------------------------------------------------------------------------------


async def test_a_connection_lost_for_more_than_ten_seconds_restarts_the_step(room: Room) -> None:
    await room.to(VisualStage.STILLS)
    await room.stills.keep(MARTA, "a1", Taken(StillKind.FACE, jpeg(), timedelta(0)))
    await room.watch.look()
    room.connected = False
    await room.watch.look()
    room.clock.move(9.9)
    await room.watch.look()
    assert (await room.now()).stills, "not yet"
    room.clock.move(0.2)
    await room.watch.look()
    lost = await room.now()
    assert (lost.interrupted, lost.stills, lost.stage) == ("connection_lost", (), VisualStage.STILLS)
    assert await room.count(visual_stills) == 0
    room.clock.move(30)
    await room.watch.look()
    room.connected = True
    await room.watch.look()
    back = await room.now()
    assert (back.interrupted, back.restarts) == ("", 1)
    assert room.kinds()[-2:] == ["VisualInterrupted", "VisualResumed"]


async def test_a_short_gap_restarts_nothing(room: Room) -> None:
    await room.to(VisualStage.ACTIONS)
    for _ in range(5):
        room.connected = False
        await room.watch.look()
        room.clock.move(9)
        room.connected = True
        await room.watch.look()
    assert "VisualInterrupted" not in room.kinds()


async def test_a_service_that_starts_again_restarts_every_step(room: Room) -> None:
    await room.to(VisualStage.ACTIONS)
    anew = Room(room.database)
    await anew.watch.begin()
    assert (await anew.now()).interrupted
    await anew.watch.look()
    back = await anew.now()
    assert (back.interrupted, back.done) == ("", {})
    assert back.challenge, "other actions are asked"


# what ends an identification besides its own end
ENDS: Final = {
    "call_ended": lambda a, now: a.hang_up("informer", now),
    "proposal_dropped": lambda a, _: a.drop_proposal("declined"),
    "another_way": lambda a, _: a.ask_identification("marta", Way.ELECTRONIC),
}


@pytest.mark.parametrize("cause", ENDS)
async def test_it_ends_with_the_call_the_proposal_or_the_question(room: Room, cause: str) -> None:
    # without the walk, which begins by interrupting what goes on
    ending = asyncio.create_task(room.watch._end())
    try:
        await room.to(VisualStage.DECISION)
        await room.work.change(MARTA, "a1", ENDS[cause])
        await room.watch.settled()
    finally:
        ending.cancel()
    with pytest.raises(NotFound):
        await room.now()
    lapsed = room.told[-1].fact
    assert isinstance(lapsed, facts.VisualLapsed)
    assert lapsed.cause == cause
    assert await room.count(visual_stills) == 0


async def test_what_is_past_its_term_is_deleted(room: Room) -> None:
    await room.to(VisualStage.DECISION)
    await room.decision.stop(MARTA, "a1", Reason.FALSE_DOCUMENT, SESSION, witnessed=True)
    room.clock.move((Keeping().stopped + QUARANTINE).total_seconds() - 1)
    await room.watch.look()
    assert await room.count(suspicions) == 1
    room.clock.move(3601)
    await room.watch.look()
    assert [await room.count(table) for table in (visuals, visual_stills, suspicions)] == [0, 0, 0]
    assert room.kinds()[-1] == "VisualErased"


@pytest.mark.parametrize("keeps", ["held", "request_open"])
async def test_what_a_hold_or_a_request_keeps_outlives_its_term(
    room: Room, keeps: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await room.to(VisualStage.DECISION)
    await room.decision.stop(MARTA, "a1", Reason.FALSE_DOCUMENT, SESSION, witnessed=True)
    room.clock.move((Keeping().stopped + QUARANTINE).total_seconds() + 3600)

    async def held(*_: object) -> bool:
        return keeps == "held"

    with monkeypatch.context() as kept:
        kept.setattr(PersonalRows, "held", held)
        kept.setattr(visual_watch, "kept_by_requests", lambda *_: keeps if keeps != "held" else "")
        await room.watch.look()
    assert [await room.count(table) for table in (visuals, suspicions)] == [1, 1]
    room.clock.move(3601)
    await room.watch.look()
    assert await room.count(visuals) == 0


async def test_one_that_cannot_be_read_ends_no_watch_and_keeps_no_other_waiting(room: Room) -> None:
    await room.to(VisualStage.ACTIONS)
    await room.work.change(CITIZEN, "a1", lambda a, now: a.hang_up("citizen", now))
    await room.work.change(MARTA, "a1", lambda a, _: a.conclude("marta", "done"))
    await room.to(VisualStage.ACTIONS, "a2")
    async with room.database.writing() as connection:
        broken = visuals.update().where(visuals.c.attention == "a1").values(body={"interrupted": ""})
        await connection.execute(broken)
        await connection.commit()
    anew = Room(room.database)
    await anew.watch.begin()
    assert (await anew.now("a2")).interrupted
    await anew.watch.look()
    assert not (await anew.now("a2")).interrupted


async def test_one_that_cannot_be_read_and_that_nobody_asks_for_is_logged_once(room: Room) -> None:
    await room.to(VisualStage.ACTIONS)
    async with room.database.writing() as connection:
        await connection.execute(visuals.update().where(visuals.c.attention == "a1").values(body={}))
        await connection.commit()
    await room.work.change(CITIZEN, "a1", lambda a, now: a.hang_up("citizen", now))
    anew = Room(room.database)
    with capture_logs() as logged:
        await anew.watch.begin()
        for _ in range(5):
            await anew.watch.look()
            room.clock.move(1)
    failures = [line for line in logged if line["event"] == "visual_watch_failed"]
    assert [(line["attention"], line["log_level"]) for line in failures] == [("a1", "error")]


async def test_what_nobody_asks_for_any_more_lapses_with_the_next_look(room: Room) -> None:
    await room.to(VisualStage.DECISION)
    anew = Room(room.database)
    await anew.watch.begin()
    await room.work.change(CITIZEN, "a1", lambda a, _: a.drop_proposal("declined"))
    await anew.watch.look()
    with pytest.raises(NotFound):
        await anew.now()
    assert await anew.count(visual_stills) == 0


async def test_number_and_name_are_seen_only_where_they_are_worked_with(room: Room) -> None:
    seen = {}
    deciding = await room.to(VisualStage.DECISION)
    for stage in VisualStage:
        paper = _paper(replace(deciding, stage=stage))
        assert paper
        seen[stage] = bool(paper.number or paper.name)
    assert {stage for stage, told in seen.items() if told} == {VisualStage.DOCUMENT, VisualStage.DECISION}


async def test_a_document_without_a_name_is_not_read_yet(room: Room) -> None:
    deciding = await room.to(VisualStage.DECISION)
    assert deciding.reading
    nameless = replace(deciding, stage=VisualStage.DOCUMENT, reading=replace(deciding.reading, name=""))
    assert nameless.lacking == "document_not_read"
