"""Every reason for which a provider's word is not accepted: one stable code and one sentence each."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from videoattention.services.identity import SignInRefused


class Refusal(StrEnum):
    """Stable codes; they reach pages, journals and monitoring, so a code is never renamed."""

    PROVIDER_UNREACHABLE = "provider_unreachable"
    PROVIDER_MISCONFIGURED = "provider_misconfigured"
    PROVIDER_REFUSED = "provider_refused"
    CANCELLED = "sign_in_cancelled"
    STATE = "state_mismatch"
    REPLAYED = "answer_replayed"
    ANSWER_ISSUER = "answer_issuer_mismatch"
    CODE_MISSING = "code_missing"
    CODE_REFUSED = "code_refused"
    TOKEN_RESPONSE = "token_response_invalid"  # noqa: S105 - the name of a reason, not a secret
    MALFORMED = "token_malformed"
    HEADER = "token_header_refused"
    ALGORITHM = "token_algorithm_refused"
    TYPE = "token_type_refused"
    KEY = "key_unknown"
    SIGNATURE = "token_signature_invalid"
    ISSUER = "issuer_mismatch"
    AUDIENCE = "audience_mismatch"
    PARTY = "authorised_party_mismatch"
    NONCE = "nonce_mismatch"
    EXPIRED = "token_expired"
    TOO_EARLY = "token_not_yet_valid"
    LIFETIME = "token_lifetime_refused"
    SUBJECT = "subject_missing"
    ACCESS_HASH = "at_hash_mismatch"
    ASSURANCE = "assurance_insufficient"
    ASSURANCE_UNKNOWN = "assurance_unknown"
    LOGIN_AGE = "login_not_fresh"
    USERINFO = "userinfo_mismatch"
    DETAILS = "userinfo_invalid"
    EVIDENCE = "evidence_missing"
    LOGOUT_UNKNOWN = "logout_unknown"
    LOGOUT_EVENT = "logout_event_missing"
    LOGOUT_NONCE = "logout_nonce_present"
    LOGOUT_ID = "logout_id_missing"


_SENTENCES: Final = {
    Refusal.PROVIDER_UNREACHABLE: "The login service does not answer as it should; try again in a moment.",
    Refusal.PROVIDER_MISCONFIGURED: "The login service describes itself in a way that cannot be trusted.",
    Refusal.PROVIDER_REFUSED: "The login service did not let this sign-in go on.",
    Refusal.CANCELLED: "The sign-in was cancelled.",
    Refusal.STATE: "This answer does not belong to the sign-in that this browser began.",
    Refusal.REPLAYED: "This sign-in was already used; begin again.",
    Refusal.ANSWER_ISSUER: "The answer comes from another login service than the one asked.",
    Refusal.CODE_MISSING: "The login service answered without a code.",
    Refusal.CODE_REFUSED: "The login service no longer accepts this sign-in; begin again.",
    Refusal.TOKEN_RESPONSE: "The login service answered without the tokens that it promised.",
    Refusal.MALFORMED: "The login service's token cannot be read.",
    Refusal.HEADER: "The login service's token asks for something that is never allowed.",
    Refusal.ALGORITHM: "The login service's token is signed in a way that is not allowed.",
    Refusal.TYPE: "The login service's token is of another kind.",
    Refusal.KEY: "The login service's token is signed with a key that it does not publish.",
    Refusal.SIGNATURE: "The signature of the login service's token is not valid.",
    Refusal.ISSUER: "The token was issued by another login service.",
    Refusal.AUDIENCE: "The token was issued for another service.",
    Refusal.PARTY: "The token was issued at the request of another service.",
    Refusal.NONCE: "The token does not belong to the sign-in that this browser began.",
    Refusal.EXPIRED: "The token is no longer valid; begin again.",
    Refusal.TOO_EARLY: "The token is not valid yet; a clock may be wrong.",
    Refusal.LIFETIME: "The token is valid for longer than is allowed.",
    Refusal.SUBJECT: "The token does not say whom it is about.",
    Refusal.ACCESS_HASH: "The two tokens of the login service do not belong together.",
    Refusal.ASSURANCE: "The login was not made with the level of assurance that is required.",
    Refusal.ASSURANCE_UNKNOWN: "The login did not say how sure it is of who you are.",
    Refusal.LOGIN_AGE: "The login was made before this sign-in began; log in again.",
    Refusal.USERINFO: "The login service's details are about another person.",
    Refusal.DETAILS: "The login service's details about the person are incomplete or cannot be understood.",
    Refusal.EVIDENCE: "The login service gave no proof of the login that could be kept.",
    Refusal.LOGOUT_UNKNOWN: "This login service tells of no logouts.",
    Refusal.LOGOUT_EVENT: "The token does not tell of a logout.",
    Refusal.LOGOUT_NONCE: "A logout token must not carry a nonce.",
    Refusal.LOGOUT_ID: "The logout token bears no identifier.",
}


def refused(why: Refusal) -> SignInRefused:
    """Make the error to raise: the code beside its sentence, and nothing that the provider wrote."""
    return SignInRefused(why.value, _SENTENCES[why])
