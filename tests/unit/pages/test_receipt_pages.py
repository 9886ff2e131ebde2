"""The citizen's page of an attention's papers, in every language."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.papers.accounts import attended, lowered, minute, seen
from tests.unit.pages.made_up_rights import RESTRICTED, held, opening, papers, stopped
from videoattention.domain.accounts import Told
from videoattention.domain.deliveries import LOCKS, TRIES
from videoattention.domain.receipts import receipt_of
from videoattention.domain.retention import Keeping
from videoattention.domain.rights import GROUNDS, RequestStage, Right
from videoattention.domain.stages import Stage
from videoattention.entrypoints.http.faults import Fault
from videoattention.entrypoints.http.languages import LANGUAGES
from videoattention.entrypoints.http.pages import Pages
from videoattention.entrypoints.http.wording import whole_years
from videoattention.services.receipt_links import PIN_LETTERS, may_be_pin, may_be_token

if TYPE_CHECKING:
    from videoattention.domain.accounts import Account
    from videoattention.domain.rights import DataRequest

WEB = Path(__file__).parents[3] / "web"
WATCHED = (
    Told(
        minute(90),
        "auditor:nuria",
        "PurposeStated",
        {"purpose": "Reclamació <b>2026</b>", "case": "2026/117", "function": "Auditora"},
    ),
    Told(minute(95), "auditor:nuria", "PurposeStated", {"purpose": "Mostreig trimestral"}),
    Told(minute(97), "auditor:nuria", "IdentificationSeen", {"visual": "v1"}),
    Told(minute(98), "operator:pere", "LoginProofGiven", {"evidence": "ab", "purpose": "Diligències 88"}),
    Told(minute(99), "operator:pere", "RecordingExported", {"purpose": "Requeriment del jutjat"}),
)

RIGHTS: Any = {"requests": (), "keeping": None, "laws": GROUNDS, "rights": tuple(Right)}


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages(WEB)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_who_has_watched_when_and_what_for(pages: Pages, language: str) -> None:
    account = replace(attended(language), told=(*attended().told, *WATCHED))
    page = pages.render("receipts/papers.html", language, account=account, csrf="token", **RIGHTS)
    for told in ("Auditora", "Reclamació &lt;b&gt;2026&lt;/b&gt;", "2026/117", "Mostreig trimestral", "jutjat"):
        assert told in page
    assert page.count("Mostreig trimestral") == 2, "the pictures were opened for it too"
    assert "Diligències 88" in page
    assert "nuria" not in page
    assert page.count('href="/receipt/papers/') == 2
    assert 'href="/receipt/receipt.pdf"' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_consent_that_is_still_given_can_be_withdrawn_when_the_call_is_over(pages: Pages, language: str) -> None:
    account = attended(language)
    page = pages.render("receipts/papers.html", language, account=account, csrf="token", **RIGHTS)
    assert page.count('action="/receipt/withdrawals"') == 1
    assert 'name="consent" value="c1"' in page
    talking = replace(account, attention=replace(account.attention, stage=Stage.TALKING))
    page = pages.render("receipts/papers.html", language, account=talking, csrf="token", **RIGHTS)
    assert "/receipt/withdrawals" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_watched_and_nothing_is_there(pages: Pages, language: str) -> None:
    bare = replace(attended().attention, consents=(), identification=None)
    account = replace(attended(language), attention=bare, told=(), recordings=(), deliveries=())
    page = pages.render("receipts/papers.html", language, account=account, csrf="token", **RIGHTS)
    assert page.count('class="none"') == 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_says_one_thing_whatever_was_wrong(pages: Pages, language: str) -> None:
    fault = Fault("open", "", "link_refused")
    page = pages.render("receipts/open.html", language, **opening(fault, tried=1, written='"><script>'))
    assert "<script>" not in page.split("</head>")[1].replace('<script type="module"', "")
    assert 'role="alert"' in page


def test_a_refused_pin_tells_what_may_be_wrong_how_many_are_left_and_when_to_try_again(pages: Pages) -> None:
    def told(tried: int) -> str:
        return pages.render("receipts/open.html", "en", **opening(Fault("open", "", "link_refused"), tried=tried))

    assert "After 4 more wrong PINs at the latest" in told(1)
    assert "After one more wrong PIN at the latest" in told(4)
    assert "not even the right PIN opens it" in told(5)
    assert "not even the right PIN opens it" in told(6)
    assert (TRIES, [lock.total_seconds() / 3600 for lock in LOCKS]) == (5, [0.25, 1, 4, 24]), "as the words say"
    assert not set(PIN_LETTERS) & set("01IO"), "as the hint says"


@pytest.mark.parametrize(
    ("typed", "can_be"),
    [
        ("K7QM-2PXR", True),
        (" k7qm 2pxr ", True),
        ("K7QM2PX", False),
        ("K7QM-2PXRR", False),
        ("K7QM-2PX0", False),
        ("K7QM-2PXÉ", False),
        ("", False),
    ],
)
def test_what_cannot_be_a_pin_is_known_without_a_link(typed: str, *, can_be: bool) -> None:
    assert may_be_pin(typed) is can_be


@pytest.mark.parametrize(("length", "can_be"), [(16, True), (15, False), (17, False)])
def test_a_token_has_its_length(length: int, *, can_be: bool) -> None:
    assert may_be_token(secrets.token_urlsafe(length)) is can_be


@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_and_levels_are_told(pages: Pages, language: str) -> None:
    page = pages.render("receipts/papers.html", language, account=seen(language), csrf="token", **RIGHTS)
    assert 'data-images="kept"' in page
    assert 'data-part="images"' in page
    page = pages.render("receipts/papers.html", language, account=lowered(language), csrf="token", **RIGHTS)
    assert 'data-levels="informative attended informative"' in page


@pytest.mark.parametrize("template", ["receipts/papers.html", "receipts/pdf/receipt.html"])
def test_an_identification_that_was_stopped_is_no_identification_that_was_not_needed(
    pages: Pages, template: str
) -> None:
    page = _told(pages, template, stopped())
    assert "no vau quedar identificats" in page.lower()
    assert "No ha calgut que diguéssiu qui sou" not in page
    assert "abans que es prengués cap imatge" in page
    bare = replace(stopped(), told=(), visuals=())
    assert "No ha calgut que diguéssiu qui sou" in _told(pages, template, bare)


def test_a_term_of_pictures_is_told_only_where_pictures_may_be_kept(pages: Pages) -> None:
    def column(*facts: str) -> str:
        page = _told(pages, "receipts/pdf/receipt.html", seen("ca", *facts))
        return page.split("que es prenguin imatges")[1].split("</tr>")[0]

    assert "no es va prendre cap imatge" in column("VisualAgreed", "VisualStopped")
    assert "només on la llei ho exigeix" in column("VisualAgreed", "StillTaken", "VisualStopped")
    assert "15 anys" in column("VisualAgreed", "StillTaken", "VisualIdentified")


@pytest.mark.parametrize(
    ("language", "template", "words"),
    [
        ("ca", "receipts/papers.html", "oposar-vos al fet que es tractin"),
        ("ca", "receipts/pdf/receipt.html", "oposar-vos al fet que es tractin"),
        ("en", "receipts/papers.html", "to object to their use"),
        ("en", "receipts/pdf/receipt.html", "to object to their use"),
    ],
)
def test_the_right_to_object_is_named(pages: Pages, language: str, template: str, words: str) -> None:
    assert words in _told(pages, template, attended(language), language)


def test_who_never_answered_is_not_told_that_they_did(pages: Pages) -> None:
    unanswered, answered = (
        _told(pages, "receipts/pdf/receipt.html", replace(seen("ca", *facts), attention=stopped().attention))
        for facts in (("VisualStopped",), ("VisualAgreed", "VisualStopped"))
    )
    assert ("Vau respondre" in unanswered, "Vau respondre" in answered) == (False, True)


def _of(pages: Pages, account: Account, *requests: DataRequest) -> str:
    return pages.render("receipts/papers.html", "ca", **papers(account, None, *requests))


def _told(pages: Pages, template: str, account: Account, language: str = "ca") -> str:
    told = {"record_id": "9f1c-1", "number": 1, "issued_at": minute(30).isoformat(), **receipt_of(account)}
    return pages.render(template, language, account=account, receipt=told, signed=False, csrf="token", **RIGHTS)


def test_a_hold_a_restriction_and_a_package_are_told(pages: Pages) -> None:
    page = _of(pages, held(), RESTRICTED)
    assert [page.count(f'data-part="{part}"') for part in ("held", "hold", "restriction")] == [1, 1, 1]
    assert "Diligències" not in page, "why it is held is told by the office"
    assert "sense cap gravació, es va lliurar en un paquet" in page
    assert 'data-part="duration">21 minuts' in page
    freed = Told(minute(50), "operator:pere", "HoldReleased", {"recording": "r1", "hold": "h1", "reason": "Tancat"})
    page = _of(pages, replace(held(), told=(*held().told, freed)), replace(RESTRICTED, stage=RequestStage.LIFTED))
    assert [page.count(f'data-part="{part}"') for part in ("held", "hold", "restriction")] == [0, 0, 0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_erased_has_no_link_and_says_when(pages: Pages, language: str) -> None:
    erased = Told(minute(99), "service", "PersonalDataErased", {"cause": "request", "entries": 3})
    account = replace(attended(language), told=(*attended().told, erased))
    page = pages.render("receipts/papers.html", language, account=account, csrf="token", **RIGHTS)
    assert "/receipt/papers/" not in page
    assert page.count('data-part="erased-paper"') == 2


@pytest.mark.parametrize(
    ("days", "years"), [(365, 1), (366, 1), (1825, 5), (1826, 5), (5475, 15), (30, 0), (400, 0), (0, 0), (1700, 0)]
)
def test_days_of_keeping_are_told_as_years_where_they_are(days: int, years: int) -> None:
    assert whole_years(days) == years


@pytest.mark.parametrize(
    ("days", "language", "told"),
    [
        (1825, "ca", "es conserven com a mínim: 5 anys, fins al"),
        (1826, "en", "are kept at least: 5 years, until"),
        (30, "en", "are kept at least: 30 days, until"),
        (0, "en", "are kept until"),
    ],
)
def test_how_long_data_are_kept_is_told_as_in_the_receipt(pages: Pages, days: int, language: str, told: str) -> None:
    account = attended(language)
    ended = account.attention.ended_at or minute(60)
    account = replace(account, attention=replace(account.attention, ended_at=ended))
    kept = Keeping(account.attention.id, ended + timedelta(days=days), "ajut/attended")
    page = pages.render("receipts/papers.html", language, account=account, csrf="token", **RIGHTS | {"keeping": kept})
    assert told in page


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [("ca", "Consentiment de representació", "Document: "), ("en", "Consent to be represented", "Document: ")],
)
def test_papers_are_told_by_kind_name_and_moment(pages: Pages, language: str, first: str, second: str) -> None:
    account = attended(language)
    page = pages.render("receipts/papers.html", language, account=account, csrf="token", **RIGHTS)
    told = re.findall(r"<strong>(.*?)</strong> <span[^>]*><time datetime=\"([^\"]+)\"", page.split('class="papers"')[1])
    assert [(words.startswith(begin), at) for (words, at), begin in zip(told, (first, second), strict=True)] == [
        (True, one.at.isoformat(timespec="seconds")) for one in account.documents
    ]
