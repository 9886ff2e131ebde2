"""What a comparison with the seal found, in the language of the page; the finding itself stays beside it.

Whoever keeps the service reads the findings as the commands write them, in English; an auditor reads what they mean.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from videoattention.entrypoints.http.sentences import N_

if TYPE_CHECKING:
    from collections.abc import Callable

_TRACKS: Final = MappingProxyType(
    {
        "citizen-audio": N_("the citizen's sound"),
        "citizen-video": N_("the citizen's picture"),
        "informer-audio": N_("the informer's sound"),
        "informer-video": N_("the informer's picture"),
    }
)
_PLACE: Final = re.compile(
    r"part (?P<part>\d+), (?P<track>[a-z-]+)(?:, (?:header|record (?P<record>\d+)))?: (?P<what>.+)"
)
_IN_RECORD: Final = N_("Part %(part)s, %(track)s, from record %(record)s on: %(what)s")
_IN_FILE: Final = N_("Part %(part)s, %(track)s: %(what)s")

_FILES: Final = (
    (r"the file is missing", N_("the file is missing.")),
    (r"its key is missing", N_("its key is missing, so it cannot be opened.")),
    (r"the file ends here, .*", N_("the end of the file is missing.")),
    (r"\d+ bytes follow that .*", N_("something was added to the file after it was sealed.")),
    (r"the file is not the one .*", N_("the file is not the one that was sealed.")),
    (r"it does not continue the record .*", N_("something was taken out, added or put in another order.")),
    (r"its (head|content) does not verify", N_("something in it was changed.")),
)
_FILE: Final = N_("it is not as it was sealed.")

_WHOLE: Final = (
    (r"it has no seal", N_("The recording has no seal.")),
    (r"the manifest cannot be read.*", N_("The sealed list of what was recorded cannot be read.")),
    (r"the manifest does not bear .*", N_("The seal does not bear the organisation's signature.")),
    (r"the manifest is that of another .*", N_("The seal is that of another recording.")),
    (r"the recording has other parts .*", N_("The recording has other parts than the seal lists.")),
    (r"the journal does not say that this manifest.*", N_("The journal does not tell of this seal.")),
    (
        r"entry \d+ of the journal is not .*",
        N_("The journal is not the one that the seal names: an entry was changed."),
    ),
    (r"an entry of the journal that told .*", N_("An entry of the journal that told of a seal was emptied.")),
    (
        r"the journal says that it was sealed.*",
        N_("The journal says that it was sealed, and it is kept as if it was not."),
    ),
    (
        r"the journal says that it was erased.*",
        N_("The journal says that it was erased, and it is kept as if it was not."),
    ),
    (r"it is kept as erased, and .*", N_("It is kept as erased, and there is no certificate of it.")),
    (
        r"the certificate of its erasure does not .*",
        N_("The certificate of its erasure is not signed by the organisation."),
    ),
    (r"the certificate of its erasure is for .*", N_("The certificate of its erasure is that of another recording.")),
    (r"the journal does not say that this certificate .*", N_("The journal does not tell of this certificate.")),
)
_SOMETHING: Final = N_("Something is not as it was sealed.")


def finding_in_words(finding: str, translate: Callable[[str], str]) -> str:
    """The sentence of a finding; one of a later version is told in general."""
    place = _PLACE.fullmatch(finding)
    if place is None or place["track"] not in _TRACKS:
        return translate(_found(_WHOLE, finding, _SOMETHING))
    what = translate(_found(_FILES, place["what"], _FILE))
    said = place.groupdict() | {"track": translate(_TRACKS[place["track"]]), "what": what}
    return translate(_IN_RECORD if place["record"] else _IN_FILE) % said


def _found(known: tuple[tuple[str, str], ...], finding: str, otherwise: str) -> str:
    return next((words for pattern, words in known if re.fullmatch(pattern, finding)), otherwise)
