"""The words of the journal for levels, proofs and consents that are not of the first version."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from videoattention.entrypoints.http.sentences import N_

LEVEL_KINDS: Final = MappingProxyType(
    {
        "language_chosen": N_("The person goes on in another language: %(language)s."),
        "identification_asked": N_("The person was asked to show who they are: %(way)s."),
        "identification_stopped": N_("The person is not asked any more who they are."),
        "picture_seen": N_("The person's picture reached the informer with %(lines)s lines."),
        "consent_witnessed": N_(
            "The person cannot click and answered aloud (%(answer)s); the informer wrote it down. "
            "SHA-256 of the witness note: %(note)s"
        ),
        "clip_ended": N_("The recorded authorisation is over: %(cause)s."),
        "form_delivered": N_("The person was given the form of consent to be represented. SHA-256: %(hash)s"),
        "attention_concluded": N_(
            "The outcome was written at the level “%(level)s”. Kind of result: %(kind)s. "
            "In the informer's words: “%(outcome)s”"
        ),
    },
)
"""The sentence of every kind of fact; the names in it are fields of the fact."""

LEVEL_WORDS: Final = MappingProxyType(
    {
        "electronic": N_("with electronic identification"),
        "visual": N_("by sight"),
        "give": N_("accepted"),
        "refuse": N_("did not accept"),
        "heard": N_("the informer heard it"),
        "time": N_("it has lasted its time"),
        "clip_ended": N_("the spoken authorisation was recorded"),
        "level_changed": N_("another level came into force"),
        "agreed": N_("both agreed on it"),
        "identity_lost": N_("who the person is was proved less surely"),
        "transcription": N_("transcription"),
        "translation": N_("translation"),
        "informed": N_("informed"),
        "helped": N_("helped"),
        "represented": N_("represented"),
        "unfinished": N_("not brought to an end"),
    },
)
"""The phrase of every code that such a fact carries."""

LEVEL_CODED: Final = frozenset({"way", "answer", "kind"})
"""The fields that carry codes."""
