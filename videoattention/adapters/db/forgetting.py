"""What may be forgotten without anybody missing it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from videoattention.adapters.db.phone_tables import phone_checks, phone_sends
from videoattention.adapters.db.tables import commands, presence, sessions, sign_ins, used_tokens
from videoattention.domain.phone import LASTS, OPEN, CheckStage

if TYPE_CHECKING:
    from datetime import datetime

    from videoattention.adapters.db.database import Database

REPEATABLE: Final = timedelta(days=2)
"""How long a command is recognised when it comes again, and a page that fell silent is remembered."""


async def forget_expired(database: Database, now: datetime) -> int:
    """Delete sessions, sign-ins and tokens that ended, and old commands and presences; returns how many rows.

    Names that people declared beside a code that nobody typed in its time are blanked: they were kept for the code.
    """
    old = now - REPEATABLE
    untyped = phone_checks.c.asked_at <= now - LASTS, phone_checks.c.stage.in_([stage.value for stage in OPEN])
    statements = (
        sessions.delete().where(sessions.c.ends_at < now),
        sign_ins.delete().where(sign_ins.c.until < now),
        used_tokens.delete().where(used_tokens.c.until < now),
        commands.delete().where(commands.c.at < old),
        presence.delete().where(presence.c.seen_at < old),
        phone_sends.delete().where(phone_sends.c.at < old),
        phone_checks.update().where(*untyped).values(name="", stage=CheckStage.LAPSED.value),
    )
    async with database.writing() as connection:
        forgotten = [(await connection.execute(statement)).rowcount for statement in statements]
        await connection.commit()
    return sum(forgotten)
