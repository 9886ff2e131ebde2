"""`make conformance`: sign-in against programs that no one here wrote, and against a provider that lies.

Prints one line of JSON: ``counterparts`` (each with its version, when all that it was held against passed),
``mutations`` (lies told) and ``refused``. Ends with status 0 only if everything holds; the rest is on standard error.
"""

from __future__ import annotations

import json
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from tests.conformance.counterparts import version_of

COUNTERPARTS = ("oidc-provider", "openid-client")
LEAST = 40


class Tally:
    """What became of each test; one that was skipped, or broke before its end, did not pass."""

    def __init__(self) -> None:
        self._passed: dict[str, bool] = {}
        self._mutations: set[str] = set()
        self._counterparts: dict[str, str] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Know what each test is for."""
        for item in items:
            counterpart = item.get_closest_marker("counterpart")
            if counterpart:
                self._counterparts[item.nodeid] = counterpart.args[0]
            if item.get_closest_marker("mutation"):
                self._mutations.add(item.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """The test itself decides, and whatever fails around it."""
        if report.when == "call" or report.failed:
            self._passed[report.nodeid] = report.passed

    def held(self) -> dict[str, str]:
        """The counterparts of which every test passed, with their versions."""
        tests = {name: [node for node, named in self._counterparts.items() if named == name] for name in COUNTERPARTS}
        passed = {name: bool(nodes) and all(map(self._has_passed, nodes)) for name, nodes in tests.items()}
        return {name: version_of(name) for name in COUNTERPARTS if passed[name]}

    def lies(self) -> tuple[int, int]:
        """How many were told, and how many refused."""
        return len(self._mutations), sum(map(self._has_passed, self._mutations))

    def _has_passed(self, node: str) -> bool:
        return self._passed.get(node, False)


def main() -> int:
    """Run the tests of this folder and tell what came of them."""
    tally = Tally()
    with redirect_stdout(sys.stderr):
        status = pytest.main(["-q", str(Path(__file__).parent)], plugins=[tally])
    held, (told, refused) = tally.held(), tally.lies()
    print(json.dumps({"counterparts": held, "mutations": told, "refused": refused}))  # noqa: T201 - what it is for
    everything = len(held) == len(COUNTERPARTS) and LEAST <= told == refused
    return 0 if status == 0 and everything else 1


if __name__ == "__main__":
    sys.exit(main())
