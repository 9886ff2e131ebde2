"""What a citizen takes home: receipts, forms, and the link to reach them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; going back is restoring a copy."""
    _deliveries()
    op.create_table(
        "receipts",
        *_columns("attention", "basis", "signed", "pdf"),
        sa.Column("number", sa.Integer(), nullable=False),
        _moment("at"),
        sa.PrimaryKeyConstraint("organisation", "attention", "number", name="pk_receipts"),
        _of_an_attention("receipts"),
    )
    op.create_table(
        "receipt_links",
        *_columns("attention", "token"),
        *(sa.Column(name, sa.LargeBinary(), nullable=False) for name in ("salt", "pin")),
        *(_moment(name) for name in ("made_at", "expires_at")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("tries", "lockouts", "version")),
        sa.Column("locked_until", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("organisation", "attention", name="pk_receipt_links"),
        _of_an_attention("receipt_links"),
        sa.UniqueConstraint("token", name="uq_receipt_links_token"),
    )


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        *_columns("id", "attention", "kind", "side", "name", "media_type", "sha256"),
        sa.Column("size", sa.Integer(), nullable=False),
        _moment("at"),
        sa.PrimaryKeyConstraint("organisation", "id", name="pk_deliveries"),
        _of_an_attention("deliveries"),
    )
    op.create_index("ix_deliveries_attention", "deliveries", ["organisation", "attention", "at"], unique=False)
    op.create_table(
        "delivery_bodies",
        *_columns("delivery"),
        *(sa.Column(name, sa.LargeBinary(), nullable=False) for name in ("wrapped", "sealed")),
        sa.PrimaryKeyConstraint("organisation", "delivery", name="pk_delivery_bodies"),
        sa.ForeignKeyConstraint(
            ["organisation", "delivery"],
            ["deliveries.organisation", "deliveries.id"],
            name="fk_delivery_bodies_deliveries",
        ),
    )


def _columns(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in ("organisation", *names)]


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _of_an_attention(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation", "attention"], ["attentions.organisation", "attentions.id"], name=f"fk_{table}_attentions"
    )
