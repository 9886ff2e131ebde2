"""From the claims that a provider signed to the people that the service knows; deny by default."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - read at run time by the mapping's file
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final

from videoattention.domain.identification import Assurance
from videoattention.domain.people import Habilitation, Person, Role
from videoattention.services.identity import Dialect, Realm, SignedClaims, SignInRefused

_LONGEST: Final = 200
_PREFIX: Final = "urn:videoattention:assurance:"
_ROLES: Final = MappingProxyType({role.value: role for role in Role})
_LEVELS: Final = MappingProxyType(
    {
        _PREFIX + "low": Assurance.LOW,
        _PREFIX + "substantial": Assurance.SUBSTANTIAL,
        _PREFIX + "high": Assurance.HIGH,
    },
)


@dataclass(frozen=True, slots=True)
class ClaimsMapping:
    """Where a provider says what; the defaults are those of the stand-in.

    The first nine are names of claims; a dot walks into an object (``realm_access.roles``) unless a claim
    bears the whole name. ``role_values`` and ``assurance_values`` translate the provider's words, and a word
    that is not there grants nothing. ``organisation_aliases`` renames organisations; others keep their name.
    """

    name: str = "name"
    position: str = "position"
    organisation: str = "organisation"
    roles: str = "roles"
    offices: str = "offices"
    habilitations: str = "habilitations"
    document: str = "document"
    assurance: str = "acr"
    method: str = "amr"
    role_values: Mapping[str, Role] = field(default_factory=lambda: _ROLES)
    organisation_aliases: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    assurance_values: Mapping[str, Assurance] = field(default_factory=lambda: _LEVELS)


_VALID: Final = ClaimsMapping(
    assurance="assurance",
    method="method",
    assurance_values=MappingProxyType(
        {level.removeprefix(_PREFIX): assurance for level, assurance in _LEVELS.items()},
    ),
)
"""VÀLid's own words, which no operator chooses."""


@dataclass(frozen=True, slots=True)
class CitizenIdentity:
    """A citizen as an electronic login vouches for them; ``provider`` is the issuer.

    ``document`` is in capitals, without spaces, dots or hyphens; its check letter is not verified here. ``method`` is
    how the person logged in, in the provider's words; empty if it does not say. ``evidence`` is what it answered, to be
    kept.
    """

    name: str
    document: str
    subject: str
    provider: str
    assurance: Assurance
    method: str = ""
    evidence: bytes = field(default=b"", repr=False)


def staff_person(signed: SignedClaims, mapping: ClaimsMapping) -> Person:
    """Recognise a member of staff.

    Raises `SignInRefused` with ``wrong_realm``, ``name_missing``, ``organisation_missing`` or ``role_missing``.
    """
    _require_realm(signed, Realm.STAFF)
    said = _text(signed.claims, mapping.organisation, missing="organisation_missing")
    words = _texts(signed.claims, mapping.roles)
    roles = frozenset(mapping.role_values[word] for word in words if word in mapping.role_values)
    if not roles:
        raise SignInRefused("role_missing", "This account holds no role in video attention.")
    return Person(
        subject=signed.subject,
        organisation=mapping.organisation_aliases.get(said, said),
        name=_text(signed.claims, mapping.name, missing="name_missing"),
        position=_clean(_claim(signed.claims, mapping.position)),
        roles=roles,
        offices=_texts(signed.claims, mapping.offices),
        habilitations=_habilitations(_claim(signed.claims, mapping.habilitations)),
    )


def _habilitations(said: object) -> tuple[Habilitation, ...]:
    """Those that are named and dated as they must be; any other entitles to nothing."""
    entries = [one for one in said if isinstance(one, dict)] if isinstance(said, list) else []
    read = ((_clean(one.get("name")), _day(one.get("until"))) for one in entries)
    return tuple(Habilitation(name, until) for name, until in read if name and until is not None)


def _day(said: object) -> date | None:
    try:
        return date.fromisoformat(_clean(said))
    except ValueError:
        return None


def citizen_identity(signed: SignedClaims, mapping: ClaimsMapping) -> CitizenIdentity:
    """Recognise a citizen.

    Raises `SignInRefused` with ``wrong_realm``, ``name_missing``, ``document_missing`` or ``assurance_unknown``.
    """
    _require_realm(signed, Realm.CITIZENS)
    mapping = _VALID if signed.dialect is Dialect.VALID else mapping
    level = mapping.assurance_values.get(_clean(_claim(signed.claims, mapping.assurance)))
    if level is None:
        raise SignInRefused("assurance_unknown", "The login did not say how sure it is of who you are.")
    document = _text(signed.claims, mapping.document, missing="document_missing")
    return CitizenIdentity(
        name=_text(signed.claims, mapping.name, missing="name_missing"),
        document="".join(character for character in document.upper() if character.isalnum()),
        subject=signed.subject,
        provider=signed.issuer,
        assurance=level,
        method=" ".join(sorted(_texts(signed.claims, mapping.method))),
        evidence=signed.evidence,
    )


def _require_realm(signed: SignedClaims, realm: Realm) -> None:
    if signed.realm is not realm:
        raise SignInRefused("wrong_realm", "This login is for other people.")


_SENTENCES: Final = {
    "name_missing": "The login did not say the person's name.",
    "document_missing": "The login did not say the number of the identity document.",
    "organisation_missing": "The login did not say which organisation this account belongs to.",
}


def _text(claims: Mapping[str, object], name: str, *, missing: str) -> str:
    text = _clean(_claim(claims, name))
    if not text:
        raise SignInRefused(missing, _SENTENCES[missing])
    return text


def _texts(claims: Mapping[str, object], name: str) -> frozenset[str]:
    value = _claim(claims, name)
    values = value if isinstance(value, list) else [value]
    return frozenset(text for text in map(_clean, values) if text)


def _claim(claims: Mapping[str, object], name: str) -> object:
    if name in claims:
        return claims[name]
    step, dot, rest = name.partition(".")
    inner = claims.get(step)
    return _claim(inner, rest) if dot and isinstance(inner, dict) else None


def _clean(value: object) -> str:
    """One line of printable text; empty for anything else, or when longer than a name can be."""
    if not isinstance(value, str) or len(value) > _LONGEST:
        return ""
    line = " ".join(value.split())
    return line if line.isprintable() else ""
