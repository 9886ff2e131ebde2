"""What the journal says of reviews and of packages that two people ask."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from videoattention.entrypoints.http.sentences import N_

REVIEW_KINDS: Final = MappingProxyType(
    {
        "review_asked": N_("The recording is to be reviewed: %(reasons)s."),
        "review_spared": N_("The recording needs no review."),
        "review_opened": N_("The review was taken (%(place)s)."),
        "review_left": N_("The review was given back without a verdict (%(place)s)."),
        "verdict_given": N_("A verdict was given (%(place)s): %(verdict)s."),
        "review_closed": N_("The review was closed: %(verdict)s."),
        "export_asked": N_("A package was asked for, for the case %(case)s and the purpose: “%(purpose)s”"),
        "export_decided": N_("The package that %(asked_by)s had asked for was answered: %(answer)s."),
        "export_rejected": N_("A step towards a package was not let: %(reason)s."),
        "export_unmade": N_(
            "The package could not be made: %(cause)s. Nobody received it, and it can be fetched again."
        ),
        "attention_exported": N_(
            "The package of the attention, of which there is no recording, was given away "
            "for the purpose: “%(purpose)s”"
        ),
        "seal_checked": N_("The recording was compared with its seal. Things that are not as they were: %(faults)s."),
    },
)
"""The sentence of every kind of fact of this room."""

REVIEW_WORDS: Final = MappingProxyType(
    {
        # actions
        "review": N_("reviewing"),
        "export": N_("asking for a package"),
        "approve_export": N_("answering a request for a package"),
        "fetch_export": N_("fetching a package"),
        "export_attention": N_("giving attentions without a recording away"),
        # reviews
        "first": N_("first"),
        "second": N_("second"),
        "fine": N_("fine"),
        "findings": N_("with findings"),
        "cannot_judge": N_("it cannot be judged"),
        "disagreed": N_("the two reviewers disagree"),
        "required": N_("the policy requires it"),
        "risk": N_("what happened in it"),
        "drawn": N_("drawn by chance"),
        # packages
        "approved": N_("approved"),
        "refused": N_("refused"),
        "same_person": N_("it must be another person"),
        "own_work": N_("that person attended in it"),
        "export_lapsed": N_("its time was over"),
        "illegal_step": N_("it was answered or fetched already"),
        "not_your_export": N_("another person asked for it"),
        # risks, a sentence each
        "risk_gaps": N_("Part of it was not recorded."),
        "risk_incomplete": N_("It was sealed as incomplete."),
        "risk_changed_mind": N_("The person first refused the consent, and accepted later."),
        "risk_witnessed": N_("The informer wrote the consent down for the person."),
        "risk_visual": N_("The person was identified by sight."),
        "risk_withdrawn": N_("The person withdrew the consent."),
        "risk_low_picture": N_("The person's picture was poor."),
        "risk_short": N_("The call ended within a minute of the consent."),
        "risk_hurried_consent": N_("The consent was answered within five seconds."),
        "risk_stopped": N_("An identification was stopped."),
        "risk_past_findings": N_("Earlier recordings of the informer had findings."),
    },
)
"""The phrase of every code of this room."""

REVIEW_CODED: Final = frozenset({"place", "verdict", "reasons", "answer"})
"""The fields that carry codes."""
