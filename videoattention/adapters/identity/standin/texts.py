"""What the stand-in's pages say, in the two languages that a demonstration needs."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_CATALAN: Final = {
    "lang": "ca",
    "title": "Identificació de demostració \N{EN DASH} no apta per a producció",
    "warning": "Aquestes persones són inventades. No s'hi demana cap contrasenya.",
    "staff": "Trieu amb quina persona de l'organització voleu entrar.",
    "citizens": "Trieu amb quina ciutadana o ciutadà voleu identificar-vos.",
    "assurance": "Nivell de seguretat de la identificació",
    "low": "Baix",
    "substantial": "Substancial",
    "high": "Alt",
    "method": "Manera d'identificar-se",
    "idcatmobil": "idCAT Mòbil",
    "certificat": "Certificat digital",
    "clave": "Cl@ve",
    "people": "Persones",
    "cancel": "Cancel·la",
    "end": "Voleu tancar la sessió de demostració?",
    "end_button": "Tanca la sessió",
    "ended": "La sessió de demostració s'ha tancat.",
    "fault": "Aquesta petició no es pot atendre",
}
_ENGLISH: Final = {
    "lang": "en",
    "title": "Demonstration login \N{EN DASH} not for production",
    "warning": "These people are invented. No password is asked.",
    "staff": "Choose the member of staff to sign in as.",
    "citizens": "Choose the citizen to identify as.",
    "assurance": "Level of assurance of the identification",
    "low": "Low",
    "substantial": "Substantial",
    "high": "High",
    "method": "Way of identifying",
    "idcatmobil": "idCAT Mòbil",
    "certificat": "Digital certificate",
    "clave": "Cl@ve",
    "people": "People",
    "cancel": "Cancel",
    "end": "Do you want to end the demonstration session?",
    "end_button": "Sign out",
    "ended": "The demonstration session has ended.",
    "fault": "This request cannot be served",
}
_TABLES: Final = {"ca": MappingProxyType(_CATALAN), "en": MappingProxyType(_ENGLISH)}


def texts(ui_locales: str, accept_language: str) -> Mapping[str, str]:
    """Pick the first language that we have of those wished for, in order; else Catalan."""
    wished = [*ui_locales.split(), *accept_language.split(",")]
    for wish in wished:
        found = _TABLES.get(wish.strip()[:2].lower())
        if found is not None:
            return found
    return _TABLES["ca"]
