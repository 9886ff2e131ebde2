"""The time stamp in a package, made by OpenSSL's authority, is checked with nothing but cryptography."""

from __future__ import annotations

import io
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from tests.integration.timestamps.authority import Authority
from tests.unit.proof.packages import Made
from videoattention.adapters.timestamps.tokens import StampQuestion
from videoattention.offline import DoesNotHold, Given, NothingToCompare, check, read_der

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
async def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    made = Authority(tmp_path_factory.mktemp("authority"))
    await made.found()
    return made


@pytest.fixture(scope="module")
async def answer(authority: Authority) -> bytes:
    """A stamp for the seal of the package that `Made` makes."""
    signature = Made().files()["manifest.sig"]
    return await authority.answer(StampQuestion.over(signature).request.as_bytes())


def said(answer: bytes, certificate: Path | None = None) -> str:
    made = Made(stamp=lambda _: answer).bytes()
    given = Given(tsa_certificate=certificate.read_bytes() if certificate else None)
    return " ".join(check(io.BytesIO(made), given))


def wrong(answer: bytes, certificate: Path | None = None) -> str:
    with pytest.raises(DoesNotHold) as found:
        said(answer, certificate)
    return str(found.value)


def test_it_says_when_and_not_who(answer: bytes) -> None:
    sentences = said(answer)
    assert "The time stamp is for this seal and says 20" in sentences
    assert "not checked: who made the time stamp" in sentences


@pytest.mark.parametrize("certificate", ["stamps.pem", "root.pem"])
def test_the_authority_or_its_root_tells_who(authority: Authority, answer: bytes, certificate: str) -> None:
    assert "made by an authority for which" in said(answer, authority.folder / certificate)


def test_the_token_alone_is_enough(authority: Authority, answer: bytes) -> None:
    _, token = read_der(answer)
    assert "made by an authority" in said(token.whole, authority.root)


def test_without_a_certificate_to_compare_with_it_is_not_judged(answer: bytes, tmp_path: Path) -> None:
    (tmp_path / "given.pem").write_text("no certificate")
    with pytest.raises(NothingToCompare):
        said(answer, tmp_path / "given.pem")


async def test_another_authority_is_not_believed(answer: bytes, tmp_path: Path) -> None:
    other = Authority(tmp_path / "other")
    await other.found()
    for certificate in ("stamps.pem", "root.pem"):
        assert "does not vouch for" in wrong(answer, other.folder / certificate)


async def test_a_stamp_for_something_else_is_found(authority: Authority) -> None:
    for_another = await authority.answer(StampQuestion.over(b"another seal").request.as_bytes())
    assert "was made for something else" in wrong(for_another)


async def test_a_refusal_is_no_stamp(authority: Authority) -> None:
    question = StampQuestion.over(b"x").request.as_bytes()
    refused = await authority.answer(question[:-1])
    assert "timestamp.tsr cannot be read" in wrong(refused)


def test_a_changed_byte_of_what_was_signed_is_found(authority: Authority, answer: bytes) -> None:
    """The certificates that come along are not signed by the stamp: they only lead to the one that was given."""
    missed = []
    for at in range(len(answer)):
        with suppress(DoesNotHold):
            said(answer[:at] + bytes((answer[at] ^ 1,)) + answer[at + 1 :], authority.folder / "stamps.pem")
            missed.append(at)
    content = answer.index(bytes.fromhex("060b2a864886f70d0109100104"))
    assert not [at for at in missed if content <= at < content + 150], "what the authority said"
    assert not [at for at in missed if at >= len(answer) - 256], "its signature"
