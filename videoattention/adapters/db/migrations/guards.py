"""Triggers that make a table append-only, in the words of each database.

They stop mistakes and the service's own account; whoever may drop a trigger is found by the journal's chain instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import op

if TYPE_CHECKING:
    from collections.abc import Sequence


def only_grows(table: str, *, erasable: Sequence[str] = (), fixed: Sequence[str] = ()) -> None:
    """Refuse every DELETE and UPDATE, but for an UPDATE that sets all of ``erasable`` to NULL and leaves ``fixed``."""
    same = {"postgresql": "IS NOT DISTINCT FROM", "sqlite": "IS"}[op.get_bind().dialect.name]
    erased = [f"NEW.{column} IS NULL" for column in erasable]
    kept = [f"NEW.{column} {same} OLD.{column}" for column in fixed]
    allowed = " AND ".join([*erased, *kept]) if erasable else "1 = 0"
    guard = _guard_postgresql if op.get_bind().dialect.name == "postgresql" else _guard_sqlite
    guard(table, allowed)


def _guard_sqlite(table: str, allowed: str) -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
    op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} WHEN NOT ({allowed}) {refuse}")
    op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")


def _guard_postgresql(table: str, allowed: str) -> None:
    refuse = f"BEGIN RAISE EXCEPTION '{table} only grows' USING ERRCODE = 'restrict_violation'; END"
    op.execute(f"CREATE FUNCTION {table}_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$ {refuse} $$")
    call = f"EXECUTE FUNCTION {table}_only_grows()"
    op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW WHEN (NOT ({allowed})) {call}")
    op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {call}")
    op.execute(f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {call}")
