"""What the service says to people for each code that it says to programs: one sentence per code, written once.

The sentences are the source strings of the catalogues (web/locales), so each is marked with `N_`.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from videoattention.entrypoints.http.marking import N_
from videoattention.entrypoints.http.phone_sentences import PHONE_SENTENCES
from videoattention.entrypoints.http.review_sentences import REVIEW_SENTENCES
from videoattention.entrypoints.http.visual_sentences import VISUAL_SENTENCES

__all__ = ["NOTICES", "N_", "SENTENCES", "UNEXPECTED", "Notice", "notice_of", "sentence_of"]


@dataclass(frozen=True, slots=True)
class Notice:
    """A page that says one thing: what happened, what it means, what the person can do."""

    title: str
    sentence: str
    advice: str


_START_AGAIN = N_("Go back to the start and try again.")
_TRY_LATER = N_("Try again in a few minutes. If it goes on, use the other ways of being attended.")

UNEXPECTED: Final = Notice(
    N_("Something did not go well"),
    N_("The service could not do what you asked. Nothing was changed."),
    _TRY_LATER,
)

NOTICES: Final = MappingProxyType(
    {
        "not_found": Notice(
            N_("This page does not exist"),
            N_("The address may be mistyped, or what it led to is no longer here."),
            N_("Check the address, or go to the start."),
        ),
        "forbidden": Notice(
            N_("You cannot see this page"),
            N_("Your account is not entitled to it. The attempt has been written down."),
            N_("If you need it for your work, ask whoever manages the accounts of your organisation."),
        ),
        "sign_in_refused": Notice(
            N_("You could not sign in"),
            N_("The login did not end well, and nobody has been signed in."),
            N_("Begin again. If it goes on, tell whoever manages your account."),
        ),
        "bad_request": Notice(
            N_("We could not understand the request"),
            N_("What the browser sent is not complete, or it comes from a page that was open for too long."),
            _START_AGAIN,
        ),
        "too_large": Notice(
            N_("That is too large"),
            N_("What was sent is larger than the service takes."),
            N_("Send something smaller."),
        ),
        "too_many_requests": Notice(
            N_("Too many attempts"),
            N_("This browser has asked for too much in a short time."),
            N_("Wait a minute and try again."),
        ),
        "session_ended": Notice(
            N_("Your session has ended"),
            N_("For safety, sessions end after some time without use, and when you sign out elsewhere."),
            N_("Sign in again, or go back to the start."),
        ),
        "no_attention": Notice(
            N_("You have no turn in this browser"),
            N_("Here you would see your place in the line and your call."),
            N_("Choose an office and a procedure to take a turn."),
        ),
        "already_erased": Notice(
            N_("This recording was erased"),
            N_(
                "Its sound and picture cannot be recovered from this service. "
                "Its journal and a signed certificate stay."
            ),
            N_("Its page in the archive says when and why."),
        ),
        "closed": Notice(
            N_("This office does not take turns now"),
            N_("The office or the procedure does not attend by video at this moment."),
            N_("Look at its opening hours, or use the other ways of being attended."),
        ),
        "unavailable": Notice(
            N_("The service is not available"),
            N_("It will be back as soon as possible. If you were in a line, your place is kept."),
            _TRY_LATER,
        ),
        "unexpected": UNEXPECTED,
    },
)
"""The notices that have a page of their own, by code."""

_NOT_NOW = N_("This cannot be done at this moment of the attention.")
_CHANGED = N_("Something changed in the meantime. Look at the page and try again.")
_NOT_UNDERSTOOD = N_("The service did not understand this page. Reload it and try again.")
_NOT_ENTITLED = N_("Your account is not entitled to do this.")
_LOGIN_DOWN = N_("The login service is not answering as it should. Try again in a few minutes.")
_LOGIN_STALE = N_("This sign-in is no longer valid. Begin again.")
_LOGIN_DISTRUSTED = N_("The answer of the login service could not be trusted. Begin again; if it goes on, tell us.")
_LOGIN_INCOMPLETE = N_("The login service did not say everything that is needed about you.")
_NOT_RECORDED = N_("The recording could not go on. What was recorded until then is kept.")

SENTENCES: Final = MappingProxyType(
    {
        "unexpected": N_("It could not be done. Nothing was changed."),
        # rules of an attention
        "illegal_step": _NOT_NOW,
        "not_yours": N_("Another informer attends this person now."),
        "offer_lapsed": N_("The time to answer this offer is over."),
        "level_not_possible": N_("This level of attention is not possible now."),
        "nothing_proposed": N_("No level is proposed any more."),
        "not_asked": N_("Nobody has asked for an identification."),
        "not_identified": N_("The person has not identified yet."),
        "not_needed": N_("This is not needed any more."),
        "already_asked": N_("The person already has the consent before them."),
        "consent_too_narrow": N_("This consent does not cover what the level needs."),
        "unknown_consent": N_("This consent is not of this attention."),
        "not_an_answer": _NOT_UNDERSTOOD,
        "stale_part": _NOT_RECORDED,
        "way_too_weak": N_("This way of identifying does not prove enough for the level."),
        "step_undone": N_("A step is still to be done, and the call cannot be ended yet. The page says which."),
        "outcome_not_proved": N_("That outcome says more than was proved in this call. Choose another."),
        "outcome_not_recorded": N_("The recording that this outcome stands on is not there. Choose another outcome."),
        "recording_settling": N_("The recording is still being closed. Try again in some seconds."),
        "text_missing": N_("No consent text exists for what the policy demands. Tell whoever manages the policy."),
        "no_clip": N_("No authorisation is being recorded now."),
        "clip_too_short": N_("It is too soon: let the person say the authorisation to the end."),
        "note_too_short": N_("Say it with at least 10 characters."),
        "reason_too_short": N_("Say it with at least 10 characters."),
        "on_hold": N_("The recording is on hold and cannot be erased."),
        "not_on_hold": N_("The recording is not on hold."),
        "not_sealed": N_("The recording is not sealed yet."),
        "already_erased": N_("The recording was erased. What is left of it is its journal and its certificate."),
        **VISUAL_SENTENCES,
        # the organisation's policy
        "below_least": N_("It cannot be less than the law and the product demand at this level."),
        "below_level": N_("The level demands more. A procedure can be stricter than its level, never weaker."),
        "nobody_to_ask": N_("Every attention begins at this level, before anybody could be asked for it."),
        "not_told": N_("More would be recorded than the text says that people accept at this level."),
        "no_text": N_("There is no text to ask people for one of these consents."),
        "nothing_to_review": N_("Nothing is recorded at this level, so there is nothing to review."),
        "reviewed_once_first": N_("There is a second reviewer only where there is a first one."),
        "nobody_represented": N_("The form is of the consent to be represented, which is not asked for at this level."),
        "consent_to_record": N_("What is recorded and the consent to be recorded go together."),
        "kept_for_no_time": N_("What people consent to must be kept for a day at least."),
        "choice_unknown": N_("Choose one of the list."),
        "number_unclear": N_("Write a whole number that is within the limits."),
        "habilitation_unclear": N_(
            "Write its name as the corporate login says it: small letters, figures, hyphens and underscores, "
            "without spaces or accents, 40 characters at most."
        ),
        "legal_basis_missing": N_("Say on which articles it rests, in each language."),
        "script_missing": N_("Write what the informer says, in each language."),
        "words_too_long": N_("It is too long."),
        "policy_overtaken": N_("Somebody changed the rules in the meantime. Look at them again."),
        "policy_weaker": N_("These rules cannot hold: something is weaker than it may be."),
        "nothing_changed": N_("This says the same as the rules in force: there is nothing to change."),
        # persistence
        "not_found": N_("It is no longer here."),
        "stale": _CHANGED,
        # access
        "forbidden": _NOT_ENTITLED,
        "role": _NOT_ENTITLED,
        "other_organisation": _NOT_ENTITLED,
        "other_office": N_("You do not work for this office."),
        "restricted": N_("The citizen's data are restricted: the recording cannot be used until the restriction ends."),
        # requests about personal data
        "attention_unknown": N_("There is no attention with this number. Look at the number on the receipt again."),
        "not_understood": N_("Say that you know that it cannot be undone. Nothing has been erased."),
        "identity_unchecked": N_("Say that you have seen who the person is, and with what they showed it."),
        "attention_goes_on": N_("The attention is not over yet."),
        "asked_before": N_("This was asked already, and it is not over."),
        "nothing_kept": N_("The data of this attention were erased: nothing is kept any more."),
        "extended_before": N_("The time to answer can be extended only once."),
        "too_late_to_extend": N_("The time to answer is over and cannot be extended any more."),
        "ground_unknown": N_("Choose a legal reason that answers this request."),
        "not_restricted": N_("There is no restriction to end."),
        "not_in_quarantine": N_("These data do not wait to be erased."),
        "days_unknown": N_("Choose for how long the data are kept."),
        "no_copy": N_("There is no copy to download, or its time is over."),
        "not_yet": _NOT_NOW,
        "request_open": N_("A request of the person waits for an answer."),
        "copy_ready": N_("A copy that was granted to the person can still be downloaded."),
        "restriction_first": N_("The data are restricted. End the restriction first, then grant the erasure."),
        "not_played": N_("A recording is played on its page. To take it away, ask for its package."),
        "no_purpose": N_("State first why you need to see the recording."),
        "purpose_too_short": N_("Say it with at least 10 characters."),
        **REVIEW_SENTENCES,
        "entitled": N_("You are entitled to do this."),
        # what changes hands
        "field_empty": N_("This is still missing."),
        "document_not_picked": N_("Choose a file first."),
        "document_kind": N_("Only PDF, PNG and JPEG files can be handed over."),
        "document_empty": N_("The file is empty."),
        "document_too_large": N_("The file is too large: 10 MB at most."),
        "documents_too_many": N_("No more files can be handed over in this call."),
        "not_in_call": N_("Files are handed over while you are in the call."),
        "no_receipt_yet": N_("The receipt is made when the call is over."),
        "link_refused": N_("This does not open anything now. Check the link and the PIN."),
        "token_misspelt": N_("This is not a whole code of a link: it has 22 characters. It was not counted as a try."),
        "pin_misspelt": N_("This cannot be a PIN: it has eight letters and figures. It was not counted as a try."),
        "locked": N_("This does not open anything now. Check the link and the PIN."),
        "link_expired": N_("This does not open anything now. Check the link and the PIN."),
        # the edge
        "bad_message": _NOT_UNDERSTOOD,
        "unknown_message": _NOT_UNDERSTOOD,
        "too_large": N_("What was sent is larger than the service takes."),
        "too_many": N_("Too many attempts in a short time. Wait a little."),
        "session_ended": N_("Your session has ended. Reload the page."),
        "unreachable": N_("There is no connection, and it could not be sent. Try again when it is back."),
        # media
        "bad_sdp": N_("This browser and the service did not agree on how to talk. Reload the page."),
        "unknown_call": N_("The call is over."),
        "no_consent": N_("Without consent in force nothing is recorded."),
        "not_connected": N_("There is no sound or picture yet."),
        "no_space": _NOT_RECORDED,
        "storage_failed": _NOT_RECORDED,
        "key_refused": _NOT_RECORDED,
        **PHONE_SENTENCES,
        # sign-in
        "wrong_realm": N_("This login is for other people."),
        "name_missing": _LOGIN_INCOMPLETE,
        "document_missing": _LOGIN_INCOMPLETE,
        "organisation_missing": _LOGIN_INCOMPLETE,
        "role_missing": N_("This account has no role in video attention."),
        "assurance_unknown": N_("The login did not say how sure it is of who you are. Choose another way to identify."),
        "assurance_insufficient": N_("This way of identifying is not sure enough for the procedure. Choose another."),
        "sign_in_cancelled": N_("You left the identification before the end."),
        "provider_unreachable": _LOGIN_DOWN,
        "provider_misconfigured": _LOGIN_DOWN,
        "provider_refused": N_("The login service did not let the sign-in go on."),
        "sign_in_unknown": _LOGIN_STALE,
        "state_mismatch": _LOGIN_STALE,
        "answer_replayed": _LOGIN_STALE,
        "code_missing": _LOGIN_STALE,
        "code_refused": _LOGIN_STALE,
        "token_expired": _LOGIN_STALE,
        "login_not_fresh": _LOGIN_STALE,
        "answer_issuer_mismatch": _LOGIN_DISTRUSTED,
        "token_response_invalid": _LOGIN_DISTRUSTED,
        "token_malformed": _LOGIN_DISTRUSTED,
        "token_header_refused": _LOGIN_DISTRUSTED,
        "token_algorithm_refused": _LOGIN_DISTRUSTED,
        "token_type_refused": _LOGIN_DISTRUSTED,
        "key_unknown": _LOGIN_DISTRUSTED,
        "token_signature_invalid": _LOGIN_DISTRUSTED,
        "issuer_mismatch": _LOGIN_DISTRUSTED,
        "audience_mismatch": _LOGIN_DISTRUSTED,
        "authorised_party_mismatch": _LOGIN_DISTRUSTED,
        "nonce_mismatch": _LOGIN_DISTRUSTED,
        "token_not_yet_valid": _LOGIN_DISTRUSTED,
        "token_lifetime_refused": _LOGIN_DISTRUSTED,
        "subject_missing": _LOGIN_DISTRUSTED,
        "at_hash_mismatch": _LOGIN_DISTRUSTED,
        "userinfo_mismatch": _LOGIN_DISTRUSTED,
        "userinfo_invalid": _LOGIN_INCOMPLETE,
        "evidence_missing": _LOGIN_INCOMPLETE,
        "logout_unknown": _LOGIN_DISTRUSTED,
        "logout_event_missing": _LOGIN_DISTRUSTED,
        "logout_nonce_present": _LOGIN_DISTRUSTED,
        "logout_id_missing": _LOGIN_DISTRUSTED,
        "logout_replayed": _LOGIN_DISTRUSTED,
    },
)
"""The sentence of every code that a person may meet inside a page."""


def sentence_of(code: str) -> str:
    """The source string of a code; of one that nobody wrote a sentence for, that nothing was changed."""
    return SENTENCES.get(code, SENTENCES["unexpected"])


def notice_of(code: str) -> Notice:
    """The notice of a code; of one that has no page of its own, its sentence under a general title."""
    if code in NOTICES:
        return NOTICES[code]
    return Notice(UNEXPECTED.title, sentence_of(code), UNEXPECTED.advice)
