"""Who may do what: one function, deny by default, always with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from videoattention.domain.people import Role

if TYPE_CHECKING:
    from videoattention.domain.people import Person


class Action(StrEnum):
    """What a member of staff can ask for."""

    ATTEND = "attend"
    SEARCH_ARCHIVE = "search_archive"
    STATE_PURPOSE = "state_purpose"
    PLAY = "play"
    READ_JOURNAL = "read_journal"
    READ_SUSPICIONS = "read_suspicions"
    REVIEW = "review"
    EXPORT = "export"
    APPROVE_EXPORT = "approve_export"
    READ_POLICY = "read_policy"
    CHANGE_POLICY = "change_policy"
    FETCH_EXPORT = "fetch_export"
    EXPORT_ATTENTION = "export_attention"
    DECIDE_RIGHTS = "decide_rights"


@dataclass(frozen=True, slots=True)
class Resource:
    """What is asked for. ``office`` is empty when the action is about the organisation as a whole.

    ``restricted``: the citizen's data are restricted (GDPR, article 18) and no hold needs them for a claim.
    """

    organisation: str
    office: str = ""
    purpose_stated: bool = False
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer; ``reason`` is a stable code."""

    allowed: bool
    reason: str


ENTITLED: dict[Action, frozenset[Role]] = {
    Action.ATTEND: frozenset({Role.INFORMER}),
    Action.SEARCH_ARCHIVE: frozenset({Role.AUDITOR}),
    Action.STATE_PURPOSE: frozenset({Role.AUDITOR}),
    Action.PLAY: frozenset({Role.AUDITOR}),
    Action.READ_JOURNAL: frozenset({Role.AUDITOR}),
    Action.READ_SUSPICIONS: frozenset({Role.AUDITOR}),
    Action.REVIEW: frozenset({Role.AUDITOR}),
    Action.EXPORT: frozenset({Role.AUDITOR}),
    Action.APPROVE_EXPORT: frozenset({Role.AUDITOR}),
    Action.READ_POLICY: frozenset({Role.ADMINISTRATOR}),
    Action.CHANGE_POLICY: frozenset({Role.ADMINISTRATOR}),
    Action.FETCH_EXPORT: frozenset({Role.AUDITOR}),
    Action.EXPORT_ATTENTION: frozenset({Role.AUDITOR, Role.DATA_OFFICER}),
    Action.DECIDE_RIGHTS: frozenset({Role.DATA_OFFICER}),
}
"""Which roles may do what; an action that is not here is nobody's."""


OPENS: frozenset[Action] = frozenset({Action.PLAY, Action.REVIEW, Action.EXPORT})
"""What needs a purpose and a case stated before."""


def decide(person: Person, action: Action, resource: Resource) -> Decision:
    """Whether this person may do this to that, and why (not)."""
    if person.organisation != resource.organisation:
        return Decision(allowed=False, reason="other_organisation")
    if not person.roles & ENTITLED.get(action, frozenset()):
        return Decision(allowed=False, reason="role")
    if action is Action.ATTEND and resource.office and resource.office not in person.offices:
        return Decision(allowed=False, reason="other_office")
    if action in OPENS and resource.restricted:
        return Decision(allowed=False, reason="restricted")
    if action in OPENS and not resource.purpose_stated:
        return Decision(allowed=False, reason="no_purpose")
    return Decision(allowed=True, reason="entitled")
