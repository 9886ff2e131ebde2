"""The certificate that signs PDFs: a file and its password, both or neither, and one that opens."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.story.certificate import certificate_in
from videoattention.bootstrap.deliveries import signer_of
from videoattention.config import Papers, SettingsRefused, read

if TYPE_CHECKING:
    from pathlib import Path


def test_certificate_and_password_need_each_other(tmp_path: Path) -> None:
    certificate, password = certificate_in(tmp_path)
    said = {"VIDEOATTENTION_PAPERS_CERTIFICATE": str(certificate)}
    with pytest.raises(SettingsRefused, match="need each other"):
        read(said)
    settings = read(said | {"VIDEOATTENTION_PAPERS_PASSWORD_FILE": str(password)})
    assert settings.papers == Papers(certificate, password)
    assert signer_of(settings) is not None
    assert signer_of(read({})) is None


def test_one_that_the_password_does_not_open_is_told_at_the_start(tmp_path: Path) -> None:
    certificate, password = certificate_in(tmp_path)
    settings = replace(read({}), papers=Papers(certificate, password))
    password.write_bytes(b"another")
    with pytest.raises(SettingsRefused, match="cannot be used") as refused:
        signer_of(settings)
    assert "opens" in str(refused.value)
    certificate.write_bytes(b"nothing")
    with pytest.raises(SettingsRefused, match="cannot be used"):
        signer_of(settings)
