"""The log tells what went wrong and where, and never what a person said."""

from __future__ import annotations

import json
import subprocess
import sys

SECRET = "Clara-00000014Z-canary"

SPEAKS = f"""
import logging, structlog, threading
from videoattention.entrypoints import log_lines
log_lines.configure()

def handle(said):
    try:
        int(said)
    except ValueError as error:
        raise LookupError(said) from error

try:
    handle({SECRET!r})
except LookupError as error:
    structlog.get_logger().exception("request_failed", path="/desk")
    structlog.get_logger().error("request_failed", exc_info=error)
    logging.getLogger("aiohttp.server").error("cookie %s", {SECRET!r}, exc_info=True)
logging.getLogger("engineio.server").error({SECRET!r} + " is not an accepted origin")
logging.getLogger("engineio.server").warning({SECRET!r})
logging.getLogger("asyncio").warning({SECRET!r})
thread = threading.Thread(target=handle, args=({SECRET!r},))
thread.start()
thread.join()
structlog.get_logger().info("quiet\\nas one line", call="a\\nb")
"""


def lines() -> list[dict[str, object]]:
    said = subprocess.run([sys.executable, "-c", SPEAKS], check=True, capture_output=True, text=True)  # noqa: S603 - our own text
    assert SECRET not in said.stderr + said.stdout
    return [json.loads(line) for line in said.stderr.splitlines()]


def test_an_error_is_told_by_its_type_its_causes_and_its_places() -> None:
    ours, given, library, origin, asyncios, thread, plain = lines()
    assert (ours["event"], ours["path"]) == ("request_failed", "/desk")
    for told in (ours, given, library, thread):
        assert (told["level"], told["error"], told["because"]) == ("error", "LookupError", ["ValueError"])
        assert str(told["places"]).count("handle") == 1
    assert library["library"] == "aiohttp.server"
    assert (origin["library"], origin["level"]) == ("engineio.server", "error")
    assert (asyncios["library"], asyncios["level"]) == ("asyncio", "warning")
    assert thread["event"] == "thread_failed"
    assert plain["call"] == "a\nb"


ELSEWHERE = """
import io, sys, structlog
from videoattention.entrypoints import log_lines
sys.stderr, real = io.StringIO(), sys.stderr
log_lines.configure()
log = structlog.get_logger()
log.info("first")
sys.stderr.close()
sys.stderr = real
log.info("second")
"""


def test_lines_go_to_standard_error_as_it_is_now() -> None:
    said = subprocess.run([sys.executable, "-c", ELSEWHERE], check=True, capture_output=True, text=True)  # noqa: S603 - our own text
    assert [json.loads(line)["event"] for line in said.stderr.splitlines()] == ["second"]
