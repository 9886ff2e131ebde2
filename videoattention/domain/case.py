"""What is known of one citizen's case, and what follows from it. What can happen to it is in `attention`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from videoattention.domain.consent import DISMISSALS, ConsentStage
from videoattention.domain.errors import StepRefused
from videoattention.domain.identification import Assurance, Identification, Way
from videoattention.domain.levels import (
    OUTCOMES,
    Level,
    LevelPolicy,
    OutcomeKind,
    Purpose,
    RecordingRule,
    Requirement,
    Standing,
)
from videoattention.domain.people import must_be_entitled
from videoattention.domain.policies import AS_BUILT, BUILT_IN, ProcedurePolicy
from videoattention.domain.proving import NEEDS, RECORDED, Clip, Undone, Unproved
from videoattention.domain.stages import Stage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from videoattention.domain.consent import Consent
    from videoattention.domain.people import Habilitation


@dataclass(frozen=True, slots=True)
class AttendingInformer:
    """The informer of an attention, as the citizen sees them."""

    subject: str
    name: str
    position: str
    habilitations: tuple[Habilitation, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of one citizen's case. ``version`` grows by one with each saved change; times are aware, UTC.

    ``policy`` is what holds for it from its beginning to its end, version ``policy_version`` of the organisation's;
    ``picture`` the lines of the citizen's picture on the informer's screen; ``form`` the document in which the consent
    to be represented was given to the citizen, empty until then.
    """

    id: str
    organisation: str
    office: str
    procedure: str
    language: str
    arrived_at: datetime
    stage: Stage = Stage.WAITING
    level: Level = Level.INFORMATIVE
    proposed: Level | None = None
    informer: AttendingInformer | None = None
    offer_until: datetime | None = None
    identification_asked: bool = False
    identification_way: Way | None = None
    identification: Identification | None = None
    consents: tuple[Consent, ...] = ()
    talking_since: datetime | None = None
    ended_at: datetime | None = None
    outcome: str = ""
    outcome_kind: OutcomeKind | None = None
    clip: Clip = Clip.NONE
    form: str = ""
    picture: int = 0
    policy: ProcedurePolicy = AS_BUILT
    policy_version: int = BUILT_IN.version
    version: int = 0

    # --- what is so -----------------------------------------------------------------------------------------------

    def is_attended_by(self, subject: str) -> bool:
        """Whether this is the member of staff who attends, or to whom it is offered."""
        return self.informer is not None and self.informer.subject == subject

    @property
    def assurance(self) -> Assurance:
        """How sure the citizen's identity is now."""
        return self.identification.assurance if self.identification else Assurance.NONE

    def standing(self, level: Level) -> Standing:
        """What is proved now for a level; consents count for the level that they were asked for only.

        When the call is over, what was in force at its end: a consent that is taken back later undoes nothing.
        """
        given = (c.purposes for c in self.consents if c.held_until(self.ended_at) and c.level == level)
        since = self.talking_since
        held = self.informer.habilitations if self.informer and since else ()
        return Standing(
            self.assurance,
            frozenset(purpose for purposes in given for purpose in purposes),
            frozenset(one.name for one in held if since and one.in_force(since)),
            self.picture,
        )

    @property
    def barred(self) -> tuple[tuple[Level, date | None], ...]:
        """The levels that the informer is not entitled to, each with the last day of a habilitation that lapsed."""
        held = self.informer.habilitations if self.informer else ()
        wanted = ((policy.level, policy.habilitation) for policy in self.policy.levels if policy.habilitation)
        theirs = ((level, [one for one in held if one.name == name]) for level, name in wanted)
        since = self.talking_since
        return tuple(
            (level, max((one.until for one in own), default=None))
            for level, own in theirs
            if not (since and any(one.in_force(since) for one in own))
        )

    @property
    def pending_consent(self) -> Consent | None:
        """The request that the citizen has not answered yet."""
        return next((c for c in self.consents if c.stage is ConsentStage.ASKED), None)

    @property
    def in_force(self) -> LevelPolicy:
        """The policy of the level in force."""
        return self.policy.of(self.level)

    @property
    def target(self) -> LevelPolicy:
        """The policy that both people are working towards: the proposed level's, else that of the level in force."""
        return self.policy.of(self.proposed or self.level)

    @property
    def missing(self) -> tuple[Requirement, ...]:
        """What is still to be proved for the target: the one answer that both pages show and the service enforces."""
        return self.target.missing(self.standing(self.target.level))

    @property
    def wanted_purposes(self) -> frozenset[Purpose]:
        """The purposes for which the target still needs the citizen's yes."""
        return self.target.consents - self.standing(self.target.level).consented

    @property
    def asked_text(self) -> tuple[int, int]:
        """Which of how many texts is before the citizen: each purpose beyond those of the text has one of its own.

        Both 0 while none is.
        """
        asked = self.pending_consent
        if asked is None:
            return 0, 0
        place = 1 + sum(c.in_force and c.level == self.target.level for c in self.consents)
        return place, place + len(self.wanted_purposes - asked.purposes)

    @property
    def days_kept(self) -> int:
        """Days from the end of the call for which the rules keep what is left, once the target is reached."""
        return max(self.target.retention_days, self.in_force.retention_days)

    @property
    def undone(self) -> tuple[Undone, ...]:
        """The steps that keep the informer from closing the call, in the order in which they are asked for."""
        open_now = {
            Undone.PROPOSAL: self.proposed is not None,
            Undone.CONSENT: self.pending_consent is not None,
            Undone.IDENTIFICATION: self.identification_asked,
            Undone.CLIP: self.clip is Clip.WANTED,
            Undone.FORM: self.in_force.form and not self.form,
        }
        return tuple(step for step in Undone if open_now[step])

    def outcomes(self, stored: frozenset[str]) -> frozenset[OutcomeKind]:
        """What the informer may say came of it: never more than what was proved.

        ``stored`` are the consents under which the recorder stored something (`recording.stored_under`).
        """
        return OUTCOMES[self.level] - self.withheld(stored).keys()

    def withheld(
        self, stored: frozenset[str], *, settling: frozenset[str] = frozenset()
    ) -> Mapping[OutcomeKind, Unproved]:
        """The outcomes that the level in force has and that cannot be written, each with the first reason.

        ``settling`` are the consents of recordings of which it is still to be told what they kept
        (`recording.settling_under`).
        """
        rule = self.in_force.recording
        lacks = rule is not RecordingRule.NEVER and not self._is_recorded(stored)
        settles = lacks and self._is_recorded(settling)
        lacking = {
            Unproved.PROOFS: bool(self.in_force.lost(self.standing(self.level))),
            Unproved.FORM: self.in_force.form and not self.form,
            Unproved.CLIP: rule is RecordingRule.CONSENT_CLIP and self.clip is not Clip.DONE,
            Unproved.RECORDING: lacks and not settles,
            Unproved.SETTLING: settles,
        }
        first = {kind: next((why for why in reasons if lacking[why]), None) for kind, reasons in NEEDS.items()}
        return {kind: why for kind, why in first.items() if why and kind in OUTCOMES[self.level]}

    def _is_recorded(self, stored: frozenset[str]) -> bool:
        mine = (c for c in self.consents if c.held_until(self.ended_at) and c.level == self.level)
        return any(consent.id in stored for consent in mine)

    @property
    def recorder_consent(self) -> Consent | None:
        """The consent that admits a recorder now; ``None`` means that no second may be stored."""
        if self.stage is not Stage.TALKING or self.clip is Clip.DONE:
            return None
        if not self.in_force.admits_recorder(self.standing(self.level)):
            return None
        mine = (c for c in self.consents if c.in_force and c.level == self.level)
        return next((c for c in mine if Purpose.RECORDING in c.purposes), None)

    def dismissal(self, consent: str) -> str:
        """Why a recorder that this consent let in must leave now; empty while it may stay."""
        admitting = self.recorder_consent
        if admitting is not None and admitting.id == consent:
            return ""
        if self.clip is Clip.DONE and self.stage is Stage.TALKING:
            return "clip_ended"
        stage = self._consent(consent).stage
        if stage is ConsentStage.ENDED and self.level is not Level.INFORMATIVE:
            return "level_changed"
        return DISMISSALS.get(stage, "call_ended")

    # --- what a step may demand ---------------------------------------------------------------------------------------

    def must_be_attended_by(self, informer: str) -> None:
        """Raises ``not_yours`` for any other informer."""
        if not self.is_attended_by(informer):
            raise StepRefused("not_yours", "another informer attends, or nobody")

    def _must_be_entitled(self, habilitation: str, now: datetime) -> None:
        if habilitation:
            must_be_entitled(self.informer.habilitations if self.informer else (), habilitation, now)

    def _must_be_wanted(self, requirement: Requirement) -> None:
        if requirement not in self.missing:
            raise StepRefused("not_needed", f"{requirement} is not missing for the level")

    def _must_be_proved(self, kind: OutcomeKind, stored: frozenset[str], settling: frozenset[str]) -> None:
        why = self.withheld(stored, settling=settling).get(kind)
        if why is Unproved.SETTLING:
            raise StepRefused("recording_settling", f"what was recorded for {kind} is not told yet")
        if why in RECORDED:
            raise StepRefused("outcome_not_recorded", f"{kind} stands on a recording that is not there")
        if kind not in self.outcomes(stored):
            raise StepRefused("outcome_not_proved", f"{kind} was not proved at the {self.level} level")

    def _consent(self, consent: str) -> Consent:
        found = next((c for c in self.consents if c.id == consent), None)
        if found is None:
            raise StepRefused("unknown_consent", "no such consent in this attention")
        return found
