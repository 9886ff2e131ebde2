"""One thing changed at a time in what an honest VÀLid says, and the reason to be given for refusing it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.integration.identity.hostile import as_a_page, drips, hangs_up, moved, says
from tests.integration.identity.valid_stage import HONEST

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integration.identity.hostile import Answer
    from tests.integration.identity.valid_stage import HostileValid

    Change = Callable[[HostileValid], object]


def details(**changed: object) -> Change:
    return lambda hostile: hostile.details.update(changed)


def without(name: str) -> Change:
    return lambda hostile: hostile.details.pop(name)


def evidence(**changed: object) -> Change:
    return lambda hostile: hostile.evidence.update(changed)


def tokens(**changed: object) -> Change:
    return lambda hostile: hostile.tokens.update(changed)


def answer(**changed: str | None) -> Change:
    return lambda hostile: hostile.answer.update(changed)


def instead(name: str, does: Answer) -> Change:
    return lambda hostile: hostile.instead.update({name: does})


def replaced(name: str, way: Callable[..., Answer]) -> Change:
    return lambda hostile: hostile.instead.update({name: way(hostile, name)})


DETAILS: dict[str, tuple[str, Change]] = {
    "a status of failure": ("provider_refused", details(status="ko", error="no")),
    "no status": ("provider_refused", without("status")),
    "a status that is true": ("provider_refused", details(status=True)),
    "no assurance": ("assurance_unknown", without("assuranceLevel")),
    "an assurance that nobody knows": ("assurance_unknown", details(assuranceLevel="very high")),
    "an assurance in capitals": ("assurance_unknown", details(assuranceLevel="HIGH")),
    "an assurance that is a number": ("assurance_unknown", details(assuranceLevel=4)),
    "an assurance that is a list": ("assurance_unknown", details(assuranceLevel=["high"])),
    "an assurance with a space": ("assurance_unknown", details(assuranceLevel="high ")),
    "no number": ("userinfo_invalid", without("identifier")),
    "an empty number": ("userinfo_invalid", details(identifier="")),
    "a number that is none": ("userinfo_invalid", details(identifier=14)),
    "a number without end": ("userinfo_invalid", details(identifier="1" * 33)),
    "a number with a line break": ("userinfo_invalid", details(identifier="00000014Z\nX")),
    "a number with a script": ("userinfo_invalid", details(identifier="<script>")),
    "a kind of number that is an object": ("userinfo_invalid", details(identifierType={"is": 1})),
    "no name": ("userinfo_invalid", without("name")),
    "a name of spaces": ("userinfo_invalid", details(name="   ")),
    "a name without end": ("userinfo_invalid", details(name="n" * 201)),
    "a name that is a list": ("userinfo_invalid", details(name=["Clara"])),
    "a name that turns the line round": ("userinfo_invalid", details(name="Clara\u202e")),
    "surnames that are nothing": ("userinfo_invalid", details(surnames=None)),
    "no method": ("userinfo_invalid", without("method")),
    "a method that is an object": ("userinfo_invalid", details(method={})),
    "a method with a script": ("userinfo_invalid", details(method="<b>")),
    "details said twice": (
        "provider_unreachable",
        instead("getUserInfo", says(json.dumps(HONEST)[:-1] + ', "assuranceLevel": "high"}')),
    ),
    "details as a list": ("provider_unreachable", instead("getUserInfo", says("[]"))),
    "details in other letters": ("provider_unreachable", instead("getUserInfo", says(b'{"name": "\xff"}'))),
    "details as a page": ("provider_unreachable", replaced("getUserInfo", as_a_page)),
    "details elsewhere": ("provider_unreachable", replaced("getUserInfo", moved)),
    "details of 5 MB": ("provider_unreachable", instead("getUserInfo", says('{"x": "' + "x" * 5_000_000 + '"}'))),
    "details drop by drop": ("provider_unreachable", instead("getUserInfo", drips)),
    "details cut off": ("provider_unreachable", instead("getUserInfo", hangs_up)),
    "details in trouble": ("provider_unreachable", instead("getUserInfo", says(json.dumps(HONEST), status=500))),
    "details beside a 401": ("provider_unreachable", instead("getUserInfo", says(json.dumps(HONEST), status=401))),
}

EVIDENCE: dict[str, tuple[str, Change]] = {
    "evidence that failed": ("evidence_missing", evidence(status="ko")),
    "empty evidence": ("evidence_missing", evidence(evidence="")),
    "evidence of nothing": ("evidence_missing", lambda hostile: hostile.evidence.pop("evidence")),
    "evidence about another person": ("userinfo_mismatch", evidence(identifier="00000023T")),
    "evidence of a lower assurance": ("userinfo_mismatch", evidence(assuranceLevel="low")),
    "no evidence there": ("provider_unreachable", instead("getEvidence", says("{}", status=404))),
    "evidence as a page": ("provider_unreachable", replaced("getEvidence", as_a_page)),
    "evidence elsewhere": ("provider_unreachable", replaced("getEvidence", moved)),
    "evidence without end": ("provider_unreachable", instead("getEvidence", says('{"x": "' + "x" * 300_000 + '"}'))),
}

TOKENS: dict[str, tuple[str, Change]] = {
    "no access token": ("token_response_invalid", tokens(access_token=None)),
    "an empty access token": ("token_response_invalid", tokens(access_token="")),
    "an access token that is a list": ("token_response_invalid", tokens(access_token=["a"])),
    "an access token with a line break": ("token_response_invalid", tokens(access_token="a\r\nX: y")),
    "another kind of token": ("token_response_invalid", tokens(token_type="mac")),
    "no kind of token": ("token_response_invalid", tokens(token_type=None)),
    "a token that has ended": ("token_response_invalid", tokens(expires_in=0)),
    "a token for years": ("token_response_invalid", tokens(expires_in=10**8)),
    "an end of another type": ("token_response_invalid", tokens(expires_in="soon")),
    "a refused code": ("code_refused", instead("token", says('{"error": "invalid_grant"}', status=400))),
    "tokens elsewhere": ("provider_unreachable", replaced("token", moved)),
    "tokens as a page": ("provider_unreachable", replaced("token", as_a_page)),
    "a token endpoint in trouble": ("provider_unreachable", instead("token", says("{}", status=503))),
    "tokens drop by drop": ("provider_unreachable", instead("token", drips)),
}

ANSWER: dict[str, tuple[str, Change]] = {
    "another state": ("state_mismatch", answer(state="guess")),
    "no state": ("state_mismatch", answer(state=None)),
    "iss of another": ("answer_issuer_mismatch", answer(iss="https://elsewhere.example")),
    "no code": ("code_missing", answer(code=None)),
    "a code without end": ("code_missing", answer(code="c" * 4097)),
    "an error": ("provider_refused", answer(error="server_error", error_description="<script>")),
    "an error beside a code": ("sign_in_cancelled", answer(error="access_denied")),
}

EVERY = {"details": DETAILS, "evidence": EVIDENCE, "tokens": TOKENS, "answer": ANSWER}
