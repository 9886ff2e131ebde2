"""A certificate of a made-up organisation, as an operator has it: a PKCS#12 file and its password."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from pathlib import Path

PASSWORD = b"una contrasenya llarga"


def certificate_in(folder: Path) -> tuple[Path, Path]:
    """The PKCS#12 file, and the one with its password."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Segell de proves")])
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    file, password = folder / "seal.p12", folder / "seal.password"
    encrypted = BestAvailableEncryption(PASSWORD)
    file.write_bytes(serialize_key_and_certificates(b"seal", key, certificate, None, encrypted))
    password.write_bytes(PASSWORD + b"\n")
    (folder / "seal.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    return file, password
