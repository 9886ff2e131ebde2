"""The rules of each organisation, in versions, and what an attention keeps of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from videoattention.adapters.db.columns import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_WORDS = {
    "attentions": ("identification_way", "identity_way", "outcome_kind", "clip", "form"),
    "consents": ("note",),
}


def upgrade() -> None:
    """Go forward; going back is restoring a copy."""
    for table, names in _WORDS.items():
        for name in names:
            op.add_column(table, sa.Column(name, sa.Text(), nullable=False, server_default=""))
    for table, name in (("attentions", "informer_habilitations"), ("desks", "habilitations")):
        op.add_column(table, sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
    for name in ("picture", "policy_version"):
        op.add_column("attentions", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column("attentions", sa.Column("policy", sa.JSON(none_as_null=True)))
    op.add_column("consents", sa.Column("level", sa.Text(), nullable=False, server_default="attended"))
    op.add_column("consents", sa.Column("answered_by", sa.Text(), nullable=False, server_default="citizen"))
    op.create_table(
        "policies",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_by_name", sa.Text(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("restored", sa.Integer()),
        sa.PrimaryKeyConstraint("organisation", "version"),
        sa.ForeignKeyConstraint(["organisation"], ["organisations.id"]),
    )
