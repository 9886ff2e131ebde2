"""The journal of what citizens take home in words; `journal_words` has those of everything else."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from videoattention.entrypoints.http.sentences import N_

DELIVERY_KINDS: Final = MappingProxyType(
    {
        "document_delivered": N_("A file was handed over in the call by %(side)s. SHA-256: %(hash)s"),
        "receipt_signed": N_("Receipt no. %(number)s was signed. SHA-256: %(hash)s; of its PDF: %(pdf)s"),
        "receipt_link_made": N_("The person got a link and a PIN to what is kept of the attention."),
        "receipt_link_given": N_(
            "The data officer gave the person, who showed who they are (%(shown)s), a new link and PIN; the ones "
            "before lead nowhere."
        ),
        "receipt_link_reason": N_("Why the person needed a new link: %(reason)s"),
        "citizen_looked_up": N_(
            "The data officer was shown who the person is, to compare it with what somebody at the office shows."
        ),
        "receipt_opened": N_("What is kept of the attention was opened with the link and the PIN."),
        "receipt_refused": N_("Opening what is kept of the attention by its link was refused: %(cause)s."),
    },
)
"""The sentence of every kind of fact of what citizens take home."""

DELIVERY_WORDS: Final = MappingProxyType(
    {
        "shown_identity_document": N_("an identity document"),
        "shown_passport": N_("a passport"),
        "shown_residence_card": N_("a residence card"),
        "shown_other": N_("something else, as the reason says"),
        "wrong_pin": N_("the PIN was wrong"),
        "locked": N_("too many PINs had been wrong"),
        "link_expired": N_("the link had expired"),
    },
)
"""The phrase of every code that those facts carry."""

DELIVERY_CODED: Final = frozenset({"side", "shown"})
"""The fields of those facts that hold codes, besides those of every fact."""
