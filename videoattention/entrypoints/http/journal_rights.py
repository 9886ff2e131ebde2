"""The journal of requests about personal data, and of erasing, in words."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from videoattention.entrypoints.http.sentences import N_

RIGHTS_KINDS: Final = MappingProxyType(
    {
        "data_requested": N_("The person asked for: %(right)s. It was written down by: %(by)s."),
        "data_request_extended": N_("The time to answer the request was extended until %(due)s."),
        "data_request_lapsed": N_("The time to answer the request was over on %(due)s, and nobody had answered."),
        "data_request_granted": N_("The request was granted (%(right)s): %(ground)s."),
        "data_request_refused": N_("The request was refused (%(right)s): %(ground)s."),
        "data_request_done": N_("What was granted was carried out: %(right)s."),
        "restriction_lifted": N_("The restriction of the person's data ended."),
        "copy_fetched": N_("The person downloaded the copy of their data."),
        "quarantine_begun": N_("The period of keeping is over (%(rule)s): the data will be erased on %(until)s."),
        "quarantine_ended": N_("The data are kept until %(until)s: %(cause)s."),
        "personal_data_erased": N_(
            "The personal data were erased: %(cause)s. Erased lines of the journal: %(entries)s."
        ),
    },
)
"""The sentence of every kind of fact of this room."""

RIGHTS_WORDS: Final = MappingProxyType(
    {
        "decide_rights": N_("answering requests about personal data"),
        "officer": N_("the data officer"),
        # what can be asked
        "copy": N_("a copy of the data"),
        "restriction": N_("that the data be restricted"),
        "erasure": N_("that the data be erased"),
        # why it is granted
        "access": N_("everybody may have a copy of their data"),
        "unneeded": N_("the data are not needed any more"),
        "withdrawn": N_("the consent was withdrawn, and there is no other basis"),
        "objected": N_("the person objects, and nothing weighs more"),
        "unlawful": N_("the data were processed unlawfully"),
        "obliged": N_("the law demands that they be erased"),
        "child": N_("the data of a child were collected on a consent to an online service"),
        "contested": N_("the person contests that the data are right, and that is being checked"),
        "unlawful_kept": N_("the processing is unlawful, and the person does not want them erased"),
        "needed_by_person": N_("the person needs the data for a claim"),
        "objection_pending": N_("the person objects, and that is being weighed"),
        # why it is refused
        "expression": N_("freedom of expression and information"),
        "public_task": N_("a legal obligation, or a task in the public interest"),
        "health": N_("public health"),
        "public_archive": N_("archives in the public interest, research or statistics"),
        "claims": N_("legal claims need the data"),
        "archive": N_("documents of a procedure that has ended must be kept in the electronic archive"),
        "blocked": N_("the data are blocked: only judges and authorities can reach them until claims lapse"),
        "hold": N_("somebody answers for it that the recording must be kept: a hold is in force"),
        "not_the_case": N_("none of the cases in which data are restricted"),
        "others": N_("the copy would harm the rights of others"),
        "repeated": N_("the request is excessive, because it is repeated without a reason"),
        "not_shown": N_("the person did not show who they are"),
        "restricted_by_law": N_("a law restricts this right"),
        # keeping
        "request_open": N_("a request of the person waits for an answer"),
        "restricted": N_("the person's data are restricted"),
        "copy_ready": N_("a copy that was granted to the person can still be downloaded"),
        "rule": N_("the period of keeping is longer"),
        "retention": N_("the period of keeping is over"),
        "request": N_("the person asked for it and it was granted"),
        "visual": N_("visual identification"),
        "suspected_fraud": N_("suspected fraud"),
        "never_looked_at": N_("before its period was over"),
        # stages of a request
        "lapsed": N_("late: it must be answered all the same"),
        "granted": N_("granted, and being carried out"),
        "done": N_("granted and carried out"),
        "lifted": N_("the restriction ended"),
    },
)
"""The phrase of every code of this room."""

RIGHTS_CODED: Final = frozenset({"right", "ground"})
"""The fields that carry codes."""
