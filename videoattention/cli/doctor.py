"""Commands that examine what the service relies on, from outside."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from videoattention.cli.command import Command
from videoattention.config import SettingsRefused
from videoattention.environment import is_ip

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from videoattention.config import Settings


def turn(settings: Settings, said: Namespace) -> None:
    """Try what strangers and people of ours can do at each TURN server; exit status 1 if anything is at fault."""
    from videoattention.bootstrap.turn_probe import examine_turn

    if not settings.turn.urls:
        raise SettingsRefused(["There is no TURN server to examine: set VIDEOATTENTION_TURN_URLS and _TURN_SECRET."])
    wrong = [worker for worker in said.worker if not is_ip(worker)]
    if wrong:
        raise SettingsRefused([f"--worker {one!r} is no IP address." for one in wrong])
    found = asyncio.run(examine_turn(settings, said.worker))
    for sentence, _ in found:
        print(sentence)  # noqa: T201 - what was asked for
    sys.exit(0 if all(may_stay for _, may_stay in found) else 1)


def sms(settings: Settings, _: Namespace) -> None:
    """Try whether the message service lets us in, without sending anything; exit status 1 if it does not."""
    from videoattention.bootstrap.phone import examine_sms

    if not settings.sms.host:
        raise SettingsRefused(
            ["There is no message service to examine: set VIDEOATTENTION_SMS_SMPP_HOST and the rest."]
        )
    sentence, is_well = asyncio.run(examine_sms(settings))
    print(sentence)  # noqa: T201 - what was asked for
    sys.exit(0 if is_well else 1)


def _turn_arguments(parser: ArgumentParser) -> None:
    about = "the address of one more media worker, which has settings of its own; may be said again"
    parser.add_argument("--worker", action="append", default=[], metavar="ADDRESS", help=about)


COMMANDS = (
    Command("doctor turn", "try who may use the TURN servers, and where they relay to", turn, _turn_arguments),
    Command("doctor sms", "try whether the message service lets us in, without sending anything", sms),
)
