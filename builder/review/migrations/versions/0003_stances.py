"""The stances that hold, in columns, filled from the answers that are there; an index for counting items."""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

Number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
AT_ONCE = 1_000

HOLDING = """
    SELECT answer.id, answer.campaign_id, answer.item_id, answer.account_id, answer.hidden, answer.content,
        item.payload
    FROM answer JOIN item ON item.id = answer.item_id
    WHERE answer.kind = 'answer' AND answer.id > :after AND NOT EXISTS (
        SELECT 1 FROM answer AS later
        WHERE later.item_id = answer.item_id AND later.account_id = answer.account_id
            AND later.revision > answer.revision AND later.kind IN ('answer', 'skip', 'withdrawal')
    )
    ORDER BY answer.id LIMIT :most
"""


def upgrade() -> None:
    """Creates the table and fills it."""
    references = [
        sa.Column(
            f"{name}_id", Number, sa.ForeignKey(f"{name}.id", name=f"fk_stance_{name}_id"), nullable=False
        )
        for name in ("campaign", "item", "account", "answer")
    ]
    table = op.create_table(
        "stance",
        sa.Column("id", Number),
        *references,
        sa.Column("target", sa.String(200), nullable=False),
        sa.Column("label", sa.String(200)),
        sa.Column("suggested", sa.String(200)),
        sa.Column("confidence", sa.Float()),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_stance"),
    )
    op.create_index("ix_stance_pair", "stance", ["campaign_id", "item_id", "target", "answer_id", "label"])
    counted = ["campaign_id", "state", "origin", "overlap", "answered", "rank"]
    op.create_index("ix_item_counts", "item", counted)
    after = 0
    while rows := op.get_bind().execute(sa.text(HOLDING), {"after": after, "most": AT_ONCE}).all():
        after = rows[-1].id
        if found := [stance for row in rows for stance in _stances(row)]:
            op.bulk_insert(table, found)


def _reference(to: str) -> sa.Column[int]:
    key = sa.ForeignKey(f"{to}.id", name=f"fk_stance_{to}_id")
    return sa.Column(f"{to}_id", Number, key, nullable=False)


def _stances(row: Any) -> Iterator[dict[str, Any]]:
    given = json.loads(row.content).get("stances") or {}
    for target in json.loads(row.payload)["targets"]:
        suggestion = target["suggestion"] or {}
        if target["id"] in given:
            yield {
                "campaign_id": row.campaign_id,
                "item_id": row.item_id,
                "account_id": row.account_id,
                "answer_id": row.id,
                "target": target["id"],
                "label": given[target["id"]],
                "suggested": suggestion.get("label"),
                "confidence": suggestion.get("confidence"),
                "hidden": bool(row.hidden),
            }
