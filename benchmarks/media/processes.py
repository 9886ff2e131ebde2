"""A server's process: where it may run, and what it has cost."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_BEFORE_OTHERS = -15


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and all its threads, those that ended too, in nanosecond steps.

    Linux makes the number of a process's clock like this (clock_getcpuclockid); /proc/<pid>/stat counts hundredths.
    """
    return time.clock_gettime((~pid << 3) | 2)


def memory_mb(pid: int) -> float:
    """Resident memory."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def full_sockets() -> int:
    """Datagrams that the kernel dropped since its start because the socket that they were for was full."""
    names, values = [line.split() for line in Path("/proc/net/snmp").read_text().splitlines() if line[:4] == "Udp:"]
    return int(values[names.index("RcvbufErrors")])


def cores() -> tuple[int | None, int | None]:
    """The core of the load and the core of the server under test; None twice if there is only one."""
    free = sorted(os.sched_getaffinity(0))
    return (free[0], free[-1]) if len(free) > 1 else (None, None)


@contextmanager
def before_others() -> Iterator[None]:
    """Let this process, and those that it starts, go before others of the machine, as far as that is allowed."""
    weigh(os.getpid(), _BEFORE_OTHERS)
    try:
        yield
    finally:
        weigh(os.getpid(), 0)


def weigh(pid: int, niceness: int = _BEFORE_OTHERS) -> None:
    """Set the niceness of a process and of its session; nothing happens if that is not allowed.

    Linux weighs whole sessions (autogroup), and on each core by how much of the session runs there: a server with many
    threads starts in a session of its own, or it takes the weight of the load away.
    """
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, pid, niceness)
        Path(f"/proc/{pid}/autogroup").write_text(str(niceness))


def pin(pid: int, core: int | None) -> None:
    """Keep a process, with every thread that it has or makes, on one core."""
    if core is None:
        return
    for task in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208 - names are all that is wanted
        os.sched_setaffinity(int(task), {core})
