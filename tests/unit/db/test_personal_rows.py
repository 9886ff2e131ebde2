"""No table that belongs to an attention is forgotten when the law says that it be."""

from __future__ import annotations

from videoattention.adapters.db.personal_rows import BLANKED, DELETED, LEFT
from videoattention.adapters.db.schema import metadata


def test_every_table_of_an_attention_is_blanked_deleted_or_left_for_a_reason() -> None:
    theirs = {table.name for table in metadata.tables.values() if "attention" in table.c} | {"attentions"}
    said = {table.name for table in (*BLANKED, *DELETED)} | set(LEFT)
    assert theirs - said == set(), "say in adapters/db/personal_rows.py"
    assert said - theirs == set()
