"""What a page stands for in raising a level: the same words as `web/static/elements/level-state.js` says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from videoattention.entrypoints.http.wording import whole_years

if TYPE_CHECKING:
    from collections.abc import Collection

    from videoattention.services.views import AttendedSeen, CitizenView

_ALL_WAYS: Final = {1: "electronic", 2: "verified", 3: "all"}
_BEST: Final = ("represented", "helped")
_NOTHING: Final = ("agreeing", "hand", "habilitation", "lines", "script", "bar", "unhelped", "unrepresented")
_ANSWERED: Final = frozenset({"given", "refused"})
_HELD: Final = frozenset({"given", "withdrawn", "ended"})


def of_citizen(view: CitizenView) -> dict[str, str]:
    """The words that both pages have, as the citizen sees them."""
    last = view.consents[-1] if view.consents else None
    shared = _shared(
        view.missing,
        aimed=bool(view.proposed) or view.level != "informative",
        stage=last.stage if last else "",
        hand=last.answered_by if last else "",
        force=any(consent.stage == "given" for consent in view.consents),
    )
    return {**shared, "texts": "several" if last and last.total > 1 else "one", "term": _term(last.days if last else 0)}


def of_informer(seen: AttendedSeen | None) -> dict[str, str]:
    """The same of the attention at the desk, and what only the informer needs."""
    if seen is None:
        return {**dict.fromkeys(_NOTHING, "none"), "force": "no", "ways": "all", "best": "informed"}
    shared = _shared(
        seen.missing,
        aimed=bool(seen.proposed) or seen.level != "informative",
        stage=seen.consent,
        hand=seen.answered_by,
        force=seen.in_force,
    )
    return {
        **shared,
        "ways": _ALL_WAYS.get(len(seen.ways), "all"),
        "script": "some" if seen.script else "none",
        "best": next((kind for kind in _BEST if kind in seen.outcomes), "informed"),
        "unhelped": _withheld(seen, "helped"),
        "unrepresented": _withheld(seen, "represented"),
        "bar": _bar(seen),
    }


def bar_until(seen: AttendedSeen | None) -> str:
    """The last day of a habilitation for the attended level that lapsed, ISO 8601; empty when none did."""
    return next((barred.until for barred in (seen.barred if seen else ()) if barred.level == "attended"), "")


def recorded_word(view: CitizenView) -> str:
    """What of the call was recorded: nothing, erased, only a clip, a part, the whole, or the whole with gaps."""
    if not view.recorded:
        return "nothing"
    if view.erased:
        return "erased"
    if not any("representation" in consent.purposes for consent in view.consents if consent.stage in _HELD):
        return "clip"
    if view.level != "attended":
        return "part"
    return "gaps" if view.gaps else "whole"


def _term(days: int) -> str:
    """In what a time of keeping is told: years, one year, days, or not at all."""
    if not days:
        return "none"
    return {0: "days", 1: "year"}.get(whole_years(days), "years")


def _shared(missing: Collection[str], *, aimed: bool, stage: str, hand: str, force: bool) -> dict[str, str]:
    return {
        "agreeing": _agreeing(missing, aimed=aimed, stage=stage),
        "hand": hand if stage in _ANSWERED and hand else "none",
        "force": "yes" if force else "no",
        "habilitation": "missing" if "habilitation" in missing else "none",
        "lines": "missing" if "picture" in missing else "none",
    }


def _agreeing(missing: Collection[str], *, aimed: bool, stage: str) -> str:
    if stage == "asked":
        return "asked"
    if "consent" in missing:
        return "wanted"
    return "given" if aimed else "none"


def _withheld(seen: AttendedSeen, kind: str) -> str:
    """Why an outcome of the level cannot be written; ``none`` where it can, or where the level does not have it."""
    return next((one.reason for one in seen.withheld if one.kind == kind), "none")


def _bar(seen: AttendedSeen) -> str:
    if not any(barred.level == "attended" for barred in seen.barred):
        return "none"
    return "lapsed" if bar_until(seen) else "missing"
