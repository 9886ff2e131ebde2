"""The log: one JSON object a line on standard error, and nothing in it that a person said.

The message of an exception may quote what caused it (a header, a form, the parameters of a query). So an exception is
told by its type and by the places that it came through, and never by its message. What the libraries log is told the
same way, for their sentences quote as well.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO, cast

import structlog

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor, WrappedLogger

_PLACES: Final = 12
"""The innermost places that are told of an exception."""

_TALKATIVE: Final = ("socketio.server", "engineio.server", "socketio.client", "engineio.client")


class StandardError:
    """Standard error as it is when a line is written: it may be another than when the log was set up."""

    def write(self, text: str) -> int:
        """As any stream's."""
        return sys.stderr.write(text)

    def flush(self) -> None:
        """As any stream's."""
        sys.stderr.flush()


class Libraries(logging.Handler):
    """Passes on that a library logged something, and where; its words stay behind."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        source = f"{record.module}:{record.lineno}"
        log = structlog.get_logger()
        log.log(record.levelno, "library", library=record.name, source=source, exc_info=record.exc_info)


def configure() -> None:
    """Write every log line of this process this way, from now on."""
    structlog.configure(
        processors=_PROCESSORS,
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=cast("TextIO", StandardError())),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(handlers=[Libraries()], level=logging.WARNING, force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.ERROR)
    threading.excepthook = _thread_failed


def _thread_failed(failed: threading.ExceptHookArgs) -> None:
    """A thread of a library ended by an exception; Python would print it with its words."""
    structlog.get_logger().error("thread_failed", exc_info=failed.exc_value)


def without_words(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Replace ``exc_info`` by ``error``, ``because`` (the types of its causes) and ``places``, outermost first."""
    said = event.pop("exc_info", None)
    if said is True:
        said = sys.exc_info()[1]
    elif isinstance(said, tuple):
        said = said[1]
    if not isinstance(said, BaseException):
        return event
    frames = traceback.extract_tb(said.__traceback__)[-_PLACES:]
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    return {**event, "error": _name(said), "because": [_name(cause) for cause in _causes(said)], "places": places}


def _causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    cause = error.__cause__ or error.__context__
    while cause is not None and cause not in found and len(found) < _PLACES:
        found.append(cause)
        cause = cause.__cause__ or cause.__context__
    return found


def _name(error: BaseException) -> str:
    return type(error).__qualname__


_PROCESSORS: Final[list[Processor]] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    without_words,
    structlog.processors.JSONRenderer(),
]
"""One list for good: loggers keep the one that they began with, and who configures again must not part them."""
