"""The findings as a table, as goals met or not, and as one line of JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from benchmarks.media.comparison import RECORD, RELAY, RELAY_RECORD

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.media.comparison import Findings
    from benchmarks.media.window import Window

_CASES = (RELAY, RELAY_RECORD, RECORD)
_KEPT = (RELAY_RECORD, RECORD)
_LOSS_AT, _DELAY_AT, _STOCK_AT = 128, 64, 32


def table(findings: Findings, numbers: Sequence[int]) -> str:
    """CPU seconds per participant-minute, medians over the rounds."""
    lines = ["| N | " + " | ".join(f"{case}: ours | Janus | ratio" for case in _CASES) + " |"]
    lines.append("|---" * (1 + 3 * len(_CASES)) + "|")
    for number in numbers:
        cells = []
        for case in _CASES:
            figures = [findings.cpu("ours", case, number), findings.cpu("janus", case, number)]
            cells += [*map(_figure, figures), _figure(findings.ratio(case, number))]
        lines.append(f"| {number} | " + " | ".join(cells) + " |")
    stock = ", ".join(f"{form} {window.cpu_a_minute:.1f}" for form, window in findings.stock.items())
    return "\n".join([*lines, f"aiortc's MediaRecorder, N=1, record: {stock or 'not measured'}"])


def figures(findings: Findings, numbers: Sequence[int]) -> dict[str, object]:
    """What the JSON line holds; null where something was not measured."""
    ratios = {case: {str(n): findings.ratio(case, n) for n in numbers} for case in _CASES}
    kept = findings.kept.get(("ours", RELAY_RECORD, _LOSS_AT))
    stock = {form: _to_ours(findings, window, numbers) for form, window in findings.stock.items()}
    return {
        "relay_ratio": ratios[RELAY],
        "relay_record_ratio": ratios[RELAY_RECORD],
        "record_ratio": ratios[RECORD],
        "stock_ratio": stock["webm"][RECORD].get(str(_STOCK_AT)) if "webm" in stock else None,
        "stock_ratio_by_format_case_n": stock,
        "lost_packets_128": kept.lost if kept else None,
        "latency_p99_ms_64": findings.delay_ms("ours", _DELAY_AT, 0.99),
        "latency_p99_ms_64_janus": findings.delay_ms("janus", _DELAY_AT, 0.99),
        "notes": len(findings.notes),
    }


def goals(found: dict[str, object]) -> list[str]:
    """Each goal, what was measured, and whether it is met."""
    ratios = found["relay_record_ratio"]
    assert isinstance(ratios, dict)
    wanted = [(f"relay+record at N={n} to Janus <= {most}", ratios.get(str(n)), most) for n, most in _MOST.items()]
    lines = [_goal(text, figure, met=figure <= most if figure is not None else None) for text, figure, most in wanted]
    for text, name, holds in _OTHERS:
        figure = found[name]
        lines.append(_goal(text, figure, met=holds(figure) if isinstance(figure, (int, float)) else None))
    return lines


def json_line(found: dict[str, object]) -> str:
    """The one line for machines."""
    return json.dumps(found)


_MOST = {8: 1.0, 32: 0.8, 64: 0.8, 128: 0.8}
_OTHERS: tuple[tuple[str, str, Callable[[float], bool]], ...] = (
    (f"stock MediaRecorder (webm, N=1) to ours (record, N={_STOCK_AT}) >= 100", "stock_ratio", lambda x: x >= 100),
    ("packets lost in the files at 128 participants: 0", "lost_packets_128", lambda x: x == 0),
    ("added latency p99 at 64 participants <= 5 ms", "latency_p99_ms_64", lambda x: x <= 5),
)


def _to_ours(findings: Findings, stock: Window, numbers: Sequence[int]) -> dict[str, dict[str, float | None]]:
    """How many times ours the stock recorder costs, by case and number of ours."""
    ours = {case: {n: findings.cpu("ours", case, n) for n in numbers} for case in _KEPT}
    return {
        case: {str(n): round(stock.cpu_a_minute / cpu, 1) if cpu else None for n, cpu in by_number.items()}
        for case, by_number in ours.items()
    }


def _goal(text: str, figure: object, *, met: bool | None) -> str:
    said = {True: "met", False: "NOT MET", None: "not measured"}[met]
    return f"{said}: {text} ({figure})"


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
