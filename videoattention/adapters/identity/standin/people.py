"""The invented people of the demonstrations. Any likeness is chance; the document numbers belong to nobody known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from videoattention.services.identity import Realm

if TYPE_CHECKING:
    from collections.abc import Mapping

ORGANISATIONS: Final = {
    "gencat-demo": "Generalitat de Catalunya (demostració)",
    "vila-demo": "Ajuntament de Vilademo (demostració)",
}
OFFICES: Final = {
    "oac-girona": "gencat-demo",
    "oac-terres-ebre": "gencat-demo",
    "oac-vila": "vila-demo",
}
ASSURANCE_LEVELS: Final = ("low", "substantial", "high")
METHODS: Final = ("idcatmobil", "certificat", "clave")
"""How citizens log in at VÀLid."""
ASSURANCE_PREFIX: Final = "urn:videoattention:assurance:"
_BOTH: Final = ("oac-girona", "oac-terres-ebre")


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to sign in as; ``claims`` go into the tokens beside ``sub`` and ``name``."""

    subject: str
    name: str
    caption: str
    claims: Mapping[str, object]


def _staff(
    subject: str,
    name: str,
    *,
    position: str,
    organisation: str,
    role: str,
    offices: tuple[str, ...],
    habilitated: str = "",
) -> DemoPerson:
    claims: dict[str, object] = {
        "position": position,
        "organisation": organisation,
        "roles": [role],
        "offices": list(offices),
    }
    if habilitated:
        claims["habilitations"] = [{"name": "attended", "until": habilitated}]
    return DemoPerson(subject, name, f"{position} · {ORGANISATIONS[organisation]}", claims)


def _citizen(subject: str, name: str, *, document: str) -> DemoPerson:
    return DemoPerson(subject, name, document, {"document": document})


STAFF: Final = (
    _staff(
        "staff-marta",
        "Marta Puig i Ferrer",
        position="Informadora",
        organisation="gencat-demo",
        role="informer",
        offices=("oac-girona",),
        habilitated="2099-12-31",
    ),
    _staff(
        "staff-joan",
        "Joan Serra",
        position="Informador",
        organisation="gencat-demo",
        role="informer",
        offices=_BOTH,
        habilitated="2099-12-31",
    ),
    _staff(
        "staff-quim",
        "Quim Batlle",
        position="Informador",
        organisation="gencat-demo",
        role="informer",
        offices=_BOTH,
        habilitated="2026-03-31",
    ),
    _staff(
        "staff-montse",
        "Montse Arnau",
        position="Delegada de protecció de dades",
        organisation="gencat-demo",
        role="data_officer",
        offices=_BOTH,
    ),
    _staff(
        "staff-roser",
        "Roser Camps",
        position="Tècnica de protecció de dades",
        organisation="gencat-demo",
        role="data_officer",
        offices=_BOTH,
    ),
    _staff(
        "staff-laia",
        "Laia Roca i Sunyer",
        position="Supervisora",
        organisation="gencat-demo",
        role="supervisor",
        offices=_BOTH,
    ),
    _staff(
        "staff-nuria",
        "Núria Vidal",
        position="Auditora",
        organisation="gencat-demo",
        role="auditor",
        offices=_BOTH,
    ),
    _staff(
        "staff-oriol",
        "Oriol Batlle",
        position="Auditor",
        organisation="gencat-demo",
        role="auditor",
        offices=_BOTH,
    ),
    _staff(
        "staff-pere",
        "Pere Casals",
        position="Administrador",
        organisation="gencat-demo",
        role="administrator",
        offices=_BOTH,
    ),
    _staff(
        "staff-anna",
        "Anna Soler",
        position="Informadora",
        organisation="vila-demo",
        role="informer",
        offices=("oac-vila",),
        habilitated="2099-12-31",
    ),
    _staff(
        "staff-ricard",
        "Ricard Font",
        position="Auditor",
        organisation="vila-demo",
        role="auditor",
        offices=("oac-vila",),
    ),
)

CITIZENS: Final = (
    _citizen("citizen-clara", "Clara Ribas Mestre", document="00000014Z"),
    _citizen("citizen-omar", "Omar El Idrissi", document="X0000000T"),
    _citizen(
        "citizen-montserrat",
        "Maria de la Mercè Montserrat Despuig-Vallgornera i de Sant Climent-Sescases",
        document="00000023T",
    ),
    _citizen("citizen-xu", "Xu Wei", document="Y0000001S"),
)

PEOPLE: Final = {Realm.STAFF: STAFF, Realm.CITIZENS: CITIZENS}


def find(realm: Realm, subject: str) -> DemoPerson | None:
    """Find one of the realm's people."""
    return next((person for person in PEOPLE[realm] if person.subject == subject), None)
