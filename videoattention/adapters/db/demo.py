"""The organisations of the demonstration: invented, but with the procedures that people really come for."""

from __future__ import annotations

from typing import Final

from videoattention.adapters.db.catalogue import Office, Organisation, Procedure

_HOURS: Final = {"ca": "De dilluns a divendres, de 9 a 14 h", "en": "Monday to Friday, 9 am to 2 pm"}
_GENCAT_WAYS: Final = {
    "ca": "Al taulell amb cita prèvia, al telèfon 012 o a l'oficina electrònica",
    "en": "At the counter by appointment, on the telephone 012 or at the electronic office",
}
_VILA_WAYS: Final = {
    "ca": "Al taulell de la plaça de la Vila, al telèfon 010 o a la seu electrònica",
    "en": "At the counter in the town square, on the telephone 010 or at the electronic office",
}

GENCAT: Final = Organisation(
    id="gencat-demo",
    name={"ca": "Generalitat de Catalunya (demostració)", "en": "Government of Catalonia (demonstration)"},
    offices=(
        Office("oac-girona", {"ca": "OAC de Girona", "en": "Citizen office of Girona"}, _HOURS, _GENCAT_WAYS),
        Office(
            "oac-terres-ebre",
            {"ca": "OAC de les Terres de l'Ebre", "en": "Citizen office of Terres de l'Ebre"},
            _HOURS,
            _GENCAT_WAYS,
        ),
    ),
    procedures=(
        Procedure(
            "lloguer",
            {"ca": "Ajuts al lloguer", "en": "Rent support"},
            {
                "ca": "Sol·licitar un ajut per pagar el lloguer o saber com està la sol·licitud.",
                "en": "Apply for help with the rent, or ask how your application is going.",
            },
        ),
        Procedure(
            "idcat",
            {"ca": "Certificat digital idCAT", "en": "idCAT digital certificate"},
            {
                "ca": "Obtenir, renovar o revocar el certificat per fer tràmits per internet.",
                "en": "Get, renew or revoke the certificate for doing procedures on the internet.",
            },
        ),
        Procedure(
            "familia-nombrosa",
            {"ca": "Família nombrosa", "en": "Large family card"},
            {
                "ca": "Demanar o renovar el títol i el carnet de família nombrosa.",
                "en": "Apply for or renew the large family title and card.",
            },
        ),
        Procedure(
            "beques",
            {"ca": "Beques i ajuts", "en": "Grants and student support"},
            {
                "ca": "Beques de menjador, de transport i d'estudis: requisits i terminis.",
                "en": "School meals, transport and study grants: who can apply and when.",
            },
        ),
        Procedure(
            "consulta",
            {"ca": "Consulta general", "en": "General enquiry"},
            {
                "ca": "Qualsevol altra pregunta sobre serveis i tràmits.",
                "en": "Any other question about services and procedures.",
            },
        ),
    ),
)

VILA: Final = Organisation(
    id="vila-demo",
    name={"ca": "Ajuntament de Vilademo", "en": "Vilademo Town Hall"},
    offices=(Office("oac-vila", {"ca": "OAC de Vilademo", "en": "Citizen office of Vilademo"}, _HOURS, _VILA_WAYS),),
    procedures=(
        Procedure(
            "padro",
            {"ca": "Padró d'habitants", "en": "Register of residents"},
            {
                "ca": "Empadronar-se, canviar de domicili o demanar un volant.",
                "en": "Register your address, change it or ask for a certificate.",
            },
        ),
        Procedure(
            "tributs",
            {"ca": "Impostos i taxes", "en": "Local taxes"},
            {
                "ca": "Rebuts, domiciliacions i bonificacions de l'IBI, l'IVTM i les escombraries.",
                "en": "Bills, direct debits and discounts on property, vehicle and waste taxes.",
            },
        ),
        Procedure(
            "targeta-aparcament",
            {"ca": "Targeta d'aparcament per a persones amb discapacitat", "en": "Disabled parking badge"},
            {
                "ca": "Demanar la targeta, renovar-la o comunicar-ne la pèrdua.",
                "en": "Apply for the badge, renew it or report its loss.",
            },
        ),
        Procedure(
            "obres-menors",
            {"ca": "Obres menors", "en": "Minor building works"},
            {
                "ca": "Comunicar una obra petita a casa i saber quins papers calen.",
                "en": "Notify small works at home and learn which papers are needed.",
            },
        ),
        Procedure(
            "consulta",
            {"ca": "Consulta general", "en": "General enquiry"},
            {
                "ca": "Qualsevol altra pregunta sobre l'Ajuntament.",
                "en": "Any other question about the Town Hall.",
            },
        ),
    ),
)

DEMO: Final = (GENCAT, VILA)
"""What `videoattention.adapters.db.catalogue.seed` sets up for a demonstration."""
