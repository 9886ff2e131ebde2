"""One-use codes sent to a citizen's phone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; going back is restoring a copy."""
    _checks()
    _sends()
    _alarms()


def _checks() -> None:
    op.create_table(
        "phone_checks",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("attention", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("masked", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "id", name="pk_phone_checks"),
        sa.ForeignKeyConstraint(
            ["organisation", "attention"],
            ["attentions.organisation", "attentions.id"],
            name="fk_phone_checks_attentions",
        ),
    )
    op.create_index("ix_phone_checks_attention", "phone_checks", ["organisation", "attention", "place"], unique=False)
    op.create_index("ix_phone_checks_asked", "phone_checks", ["organisation", "asked_at"], unique=False)


def _sends() -> None:
    op.create_table(
        "phone_sends",
        sa.Column("check", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("check", name="pk_phone_sends"),
    )
    op.create_index("ix_phone_sends_number", "phone_sends", ["number", "at"], unique=False)
    op.create_index("ix_phone_sends_address", "phone_sends", ["address", "at"], unique=False)


def _alarms() -> None:
    op.create_table(
        "sms_alarms",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "day", name="pk_sms_alarms"),
        sa.ForeignKeyConstraint(["organisation"], ["organisations.id"], name="fk_sms_alarms_organisations"),
    )
