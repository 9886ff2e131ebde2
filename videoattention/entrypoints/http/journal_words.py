"""The journal in words: for every kind of fact a sentence, for every code inside a fact a phrase."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from videoattention.domain.erasure_reasons import read_reason
from videoattention.entrypoints.http.erasure_words import erasure_in_words
from videoattention.entrypoints.http.journal_deliveries import DELIVERY_CODED, DELIVERY_KINDS, DELIVERY_WORDS
from videoattention.entrypoints.http.journal_levels import LEVEL_CODED, LEVEL_KINDS, LEVEL_WORDS
from videoattention.entrypoints.http.journal_phone import PHONE_KINDS, PHONE_WORDS
from videoattention.entrypoints.http.journal_reviews import REVIEW_CODED, REVIEW_KINDS, REVIEW_WORDS
from videoattention.entrypoints.http.journal_rights import RIGHTS_CODED, RIGHTS_KINDS, RIGHTS_WORDS
from videoattention.entrypoints.http.journal_visual import VISUAL_CODED, VISUAL_KINDS, VISUAL_WORDS
from videoattention.entrypoints.http.naming import NOBODY
from videoattention.entrypoints.http.sentences import N_
from videoattention.entrypoints.http.wording import decimal, language_name, long_day

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from videoattention.entrypoints.http.naming import Names
    from videoattention.services.views import JournalLine

KINDS: Final = MappingProxyType(
    {
        "attention_requested": N_("A turn was taken for the procedure “%(procedure)s” at the office “%(office)s”."),
        "offer_made": N_("The person was offered to the informer %(informer)s."),
        "offer_lapsed": N_("The offer to the informer %(informer)s lapsed: %(cause)s."),
        "offer_accepted": N_("The informer %(informer)s attended, and the call began."),
        "attention_abandoned": N_("The turn ended before any call: %(cause)s."),
        "level_proposed": N_("The informer proposed the level “%(level)s”."),
        "level_proposal_dropped": N_("The proposal of the level “%(level)s” was dropped: %(cause)s."),
        "level_raised": N_("The level “%(level)s” came into force."),
        "level_lowered": N_("The level went down to “%(level)s”: %(cause)s."),
        "citizen_identified": N_("The person identified through %(provider)s with assurance “%(assurance)s”."),
        "login_proof_given": N_("What the login answered was given away for the purpose: “%(purpose)s”"),
        "identity_revealed": N_("The informer looked at the whole number of the person's document."),
        "consent_asked": N_(
            "The consent text “%(text)s”, version %(version)s, was put before the person to be answered (%(language)s)."
        ),
        "consent_given": N_("The person accepted, for: %(purposes)s."),
        "consent_refused": N_("The person refused."),
        "consent_withdrawn": N_("The person withdrew the consent."),
        "consent_ended": N_("The consent ended with the level: %(cause)s."),
        "call_ended": N_("The call ended. Hung up by: %(by)s."),
        "recorder_admitted": N_("The recorder was admitted to the call under the consent in force."),
        "recording_started": N_("The recorder entered; recording began with part %(part)s."),
        "recorder_refused": N_("The recorder could not record: %(cause)s."),
        "recording_interrupted": N_("Recording stopped in part %(part)s although it should go on: %(cause)s."),
        "recording_resumed": N_("Recording went on with part %(part)s; %(gap_seconds)s s were not recorded."),
        "recorder_dismissed": N_("The recorder left the call: %(cause)s."),
        "recording_sealed": N_("The recording was closed and sealed. Parts: %(parts)s. Length: %(seconds)s s."),
        "recording_lost": N_("Nothing of the recording could be kept: %(cause)s."),
        "recording_held": N_("The recording was put on hold and cannot be erased: “%(reason)s”"),
        "hold_released": N_("A hold on the recording was released: “%(reason)s”"),
        "recording_erased": N_("The recording was erased: “%(reason)s” Certificate: %(certificate)s"),
        "erasure_refused": N_("Erasing the recording was refused: %(cause)s."),
        "recording_exported": N_("The recording was given away as a package for the purpose: “%(purpose)s”"),
        "purpose_stated": N_(
            "Leave to play the recording was given for the case %(case)s and the purpose: “%(purpose)s”"
        ),
        "playback_refused": N_("Playing the recording was refused: %(reason)s."),
        "signed_in": N_("%(subject)s signed in through %(provider)s."),
        "signed_out": N_("The sessions of %(subject)s ended: %(cause)s."),
        "sign_in_failed": N_("A sign-in of the realm “%(realm)s” was refused: %(code)s."),
        "readiness_changed": N_("The informer %(subject)s is now: %(readiness)s."),
        "policy_changed": N_("Version %(version)s of the policy was made. What changed: %(changes)s."),
        "access_refused": N_("Access was refused (%(action)s): %(reason)s."),
        **DELIVERY_KINDS,
        **LEVEL_KINDS,
        **LEVEL_KINDS,
        **PHONE_KINDS,
        **RIGHTS_KINDS,
        **REVIEW_KINDS,
        **VISUAL_KINDS,
    },
)
"""The sentence of every kind of fact; the names in it are fields of the fact."""

SEALED: Final = MappingProxyType(
    {
        ("recording_sealed", True): N_(
            "The recording was closed and sealed, complete. Parts: %(parts)s. Length: %(seconds)s s."
        ),
        ("recording_sealed", False): N_(
            "The recording was closed and sealed, incomplete because %(causes)s. "
            "Parts: %(parts)s. Length: %(seconds)s s."
        ),
        ("recording_lost", False): N_("Nothing of the recording could be kept, and that was sealed: %(causes)s."),
    },
)
"""The sentence of a fact that tells of a manifest, by whether the recording is complete."""

WORDS: Final = MappingProxyType(
    {
        # levels and assurance
        "informative": N_("informative"),
        "assisted": N_("assisted"),
        "attended": N_("attended"),
        "none": N_("none"),
        "declared": N_("declared"),
        "low": N_("low"),
        "substantial": N_("substantial"),
        "high": N_("high"),
        # an informer's readiness
        "available": N_("available"),
        "paused": N_("paused"),
        "missed": N_("paused after an unanswered offer"),
        # purposes
        "remote_help": N_("remote help"),
        "representation": N_("representation"),
        "recording": N_("recording"),
        # people
        "citizen": N_("the citizen"),
        "informer": N_("the informer"),
        "auditor": N_("the auditor"),
        "administrator": N_("the administrator"),
        "service": N_("the service"),
        "operator": N_("the operator"),
        "staff": N_("staff"),
        "citizens": N_("citizens"),
        # causes and reasons
        "unanswered": N_("nobody answered"),
        "gone": N_("the informer's page was closed"),
        "left": N_("the person left the line"),
        "absent": N_("the person's page was closed for too long"),
        "declined": N_("it was declined"),
        "refused_consent": N_("the consent was refused"),
        "withdrawn_by_informer": N_("the informer withdrew it"),
        "another_proposed": N_("the informer proposed another level"),
        "consent_withdrawn": N_("the consent was withdrawn"),
        "asked_by_citizen": N_("the citizen asked for it"),
        "asked_by_informer": N_("the informer asked for it"),
        "level_lowered": N_("the level went down"),
        "call_ended": N_("the call ended"),
        "nobody_there": N_("both people were away"),
        "not_admitted": N_("nothing admits it any more"),
        "call_closed": N_("the call ended"),
        "stopped": N_("the recorder was asked to leave"),
        "epoch_ended": N_("a connection ended or was made again"),
        "worker_lost": N_("the recorder's machine stopped"),
        "worker_replaced": N_("the call was moved to another machine"),
        "service_lost": N_("the recorder lost the service"),
        "failed": N_("storing failed"),
        "no_consent": N_("no consent admitted it"),
        "no_space": N_("there was no room on the disk"),
        "storage_failed": N_("the disk failed"),
        "nothing_kept": N_("no media arrived"),
        "torn": N_("the end of a file was cut off when the recorder's machine stopped"),
        "not_closed": N_("a file was not closed by the recorder"),
        "file_missing": N_("a file is missing"),
        "file_tampered": N_("a file was changed"),
        "file_differs": N_("a file is not what the recorder told"),
        "key_missing": N_("the key of a file is missing"),
        "asked": N_("the person asked for it"),
        "back_channel": N_("the corporate login ended them"),
        "expired": N_("the time was over"),
        "role": N_("the role does not entitle to it"),
        "other_organisation": N_("it belongs to another organisation"),
        "other_office": N_("it belongs to another office"),
        "no_purpose": N_("no purpose was stated"),
        "not_played": N_("it was not to be played on its page"),
        "on_hold": N_("a hold is in force"),
        "not_sealed": N_("it is not sealed yet"),
        "already_erased": N_("it was erased"),
        # actions
        "attend": N_("attending"),
        "search_archive": N_("looking into the archive"),
        "state_purpose": N_("stating a purpose"),
        "play": N_("playing a recording"),
        "read_journal": N_("reading the journal"),
        "read_policy": N_("reading the policy"),
        "change_policy": N_("changing the policy"),
        **DELIVERY_WORDS,
        **LEVEL_WORDS,
        **LEVEL_WORDS,
        **PHONE_WORDS,
        **RIGHTS_WORDS,
        **REVIEW_WORDS,
        **VISUAL_WORDS,
    },
)
"""The phrase of every code that a fact carries."""

_CODED = (
    frozenset(
        {"cause", "causes", "level", "assurance", "by", "reason", "realm", "text", "action", "purposes", "readiness"}
    )
    | DELIVERY_CODED
    | REVIEW_CODED
    | RIGHTS_CODED
    | LEVEL_CODED
    | LEVEL_CODED
    | VISUAL_CODED
)


ERASED: Final = N_("What this line said was erased on %(when)s, by law. Its place in the chain stays.")


def kind_of(name: str) -> str:
    """A fact's kind in snake case, whether it comes as its class name or so already."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def fact_in_words(
    line: JournalLine, translate: Callable[[str], str], language: str = "en", names: Names = NOBODY
) -> str:
    """The sentence of a fact in ``language``, that of ``translate``; a kind of a later version is told by its code."""
    if line.erased_at is not None:
        return translate(ERASED) % {"when": long_day(line.erased_at, language)}
    sentence = _sentence(line)
    if sentence is None:
        return line.kind
    return translate(sentence) % _Filled(line.body, translate, language, names)


def _sentence(line: JournalLine) -> str | None:
    kind = kind_of(line.kind)
    sealed = SEALED.get((kind, line.body.get("complete") is True)) if line.body.get("manifest") else None
    return sealed or KINDS.get(kind)


def actor_in_words(actor: str, translate: Callable[[str], str], names: Names = NOBODY) -> str:
    """Who acted: ``citizen``, ``service``, or a role and a subject parted by a colon."""
    role, _, subject = actor.partition(":")
    named = phrase_of(role, translate)
    if subject in names.staff:
        named = f"{names.staff[subject]}, {named}"
    return f"{named} ({subject})" if subject else named


def erasure_reason(said: str, translate: Callable[[str], str]) -> str:
    """Why a recording was erased, in words."""
    return erasure_in_words(said, lambda code: phrase_of(code, translate), translate)


def phrase_of(code: str, translate: Callable[[str], str]) -> str:
    """The phrase of a code; one without a phrase stays as it is."""
    return translate(WORDS[code]) if code in WORDS else code


class _Filled(dict[str, str]):
    """The fields of a fact as text; one that an older fact lacks is a dash, so that every journal can be read."""

    def __init__(
        self, body: Mapping[str, object], translate: Callable[[str], str], language: str, names: Names
    ) -> None:
        self._translate = translate
        self._names = names
        self._language = language
        super().__init__({name: self._text(name, value) for name, value in body.items()})

    def __missing__(self, name: str) -> str:
        return "—"

    def _text(self, name: str, value: object) -> str:
        values = value if isinstance(value, list | tuple) else [value]
        return ", ".join(self._one(name, each) for each in values)

    def _one(self, name: str, value: object) -> str:
        if isinstance(value, float):
            return decimal(value, self._language)
        known = self._names.of(name, str(value))
        if known is not None:
            return known
        if name == "language":
            return language_name(str(value), self._language)
        if name == "reason" and read_reason(str(value)) is not None:
            return erasure_reason(str(value), self._translate)
        return phrase_of(str(value), self._translate) if name in _CODED else str(value)
