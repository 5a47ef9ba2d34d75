"""The queue: campaigns, items, assignments, answers, accounts, sessions and the audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

Number = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Creates the tables."""
    op.create_table(
        "account",
        sa.Column("id", Number),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("password", sa.Text()),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("name", name="uq_account_name"),
    )
    op.create_table(
        "campaign",
        sa.Column("id", Number),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("overlap", sa.Integer(), nullable=False),
        sa.Column("lease_minutes", sa.Float(), nullable=False),
        sa.Column("hidden_share", sa.Float(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_campaign"),
        sa.UniqueConstraint("name", name="uq_campaign_name"),
    )
    op.create_table(
        "invitation",
        sa.Column("id", Number),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.Column("used_at", sa.Float()),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.UniqueConstraint("digest", name="uq_invitation_digest"),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(50)),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_setting"),
    )
    op.create_table(
        "audit",
        sa.Column("id", Number),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("account_id", Number, sa.ForeignKey("account.id", name="fk_audit_account_id")),
        sa.Column("action", sa.String(50), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_table(
        "item",
        sa.Column("id", Number),
        sa.Column(
            "campaign_id", Number, sa.ForeignKey("campaign.id", name="fk_item_campaign_id"), nullable=False
        ),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("origin", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("overlap", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("cluster", sa.String(100)),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("gold", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_item"),
        sa.UniqueConstraint("campaign_id", "kind", "key", name="uq_item_campaign_id_kind_key"),
    )
    op.create_index(
        "ix_item_queue",
        "item",
        ["campaign_id", "rank"],
        sqlite_where=sa.text("state = 'open' AND places > 0"),
        postgresql_where=sa.text("state = 'open' AND places > 0"),
    )
    op.create_table(
        "session",
        sa.Column("id", Number),
        sa.Column(
            "account_id", Number, sa.ForeignKey("account.id", name="fk_session_account_id"), nullable=False
        ),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.Column("revoked_at", sa.Float()),
        sa.PrimaryKeyConstraint("id", name="pk_session"),
        sa.UniqueConstraint("digest", name="uq_session_digest"),
    )
    op.create_table(
        "answer",
        sa.Column("id", Number),
        sa.Column("item_id", Number, sa.ForeignKey("item.id", name="fk_answer_item_id"), nullable=False),
        sa.Column(
            "account_id", Number, sa.ForeignKey("account.id", name="fk_answer_account_id"), nullable=False
        ),
        sa.Column(
            "campaign_id", Number, sa.ForeignKey("campaign.id", name="fk_answer_campaign_id"), nullable=False
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("token", sa.String(64)),
        sa.Column("content", sa.Text()),
        sa.Column("note", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("seconds", sa.Float()),
        sa.Column("guideline", sa.String(50), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_answer"),
        sa.UniqueConstraint(
            "item_id", "account_id", "revision", name="uq_answer_item_id_account_id_revision"
        ),
    )
    op.create_index("ix_answer_campaign", "answer", ["campaign_id", "item_id"])
    op.create_index("ix_answer_mine", "answer", ["account_id", "campaign_id", "id"])
    op.create_table(
        "assignment",
        sa.Column("id", Number),
        sa.Column("item_id", Number, sa.ForeignKey("item.id", name="fk_assignment_item_id"), nullable=False),
        sa.Column(
            "account_id", Number, sa.ForeignKey("account.id", name="fk_assignment_account_id"), nullable=False
        ),
        sa.Column(
            "campaign_id",
            Number,
            sa.ForeignKey("campaign.id", name="fk_assignment_campaign_id"),
            nullable=False,
        ),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("taken_at", sa.Float(), nullable=False),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_assignment"),
        sa.UniqueConstraint("item_id", "account_id", name="uq_assignment_item_id_account_id"),
        sa.UniqueConstraint("token", name="uq_assignment_token"),
    )
    op.create_index(
        "ix_assignment_holder",
        "assignment",
        ["account_id", "campaign_id"],
        sqlite_where=sa.text("state = 'leased'"),
        postgresql_where=sa.text("state = 'leased'"),
    )
    op.create_index(
        "ix_assignment_leased",
        "assignment",
        ["campaign_id", "expires_at"],
        sqlite_where=sa.text("state = 'leased'"),
        postgresql_where=sa.text("state = 'leased'"),
    )
