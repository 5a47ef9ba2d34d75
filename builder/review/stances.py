"""The stances that hold, in a table of their own, kept in the transactions that enter and withdraw answers.

It says nothing that the answers do not say: charts and counts are sums over it, where reading every answer
would take seconds.
"""

from sqlalchemy import Connection, delete, insert

from builder.review.items import Actor, Content, Item, QuotationAnswer, Receipt
from builder.review.tables import stance


def keep_stances(
    connection: Connection,
    actor: Actor,
    campaign_id: int,
    found: Item,
    entered: Receipt,
    content: Content,
    hidden: bool,
) -> None:
    """Keeps the stances of an answer that holds from now on, beside what the model would have said."""
    if not isinstance(content, QuotationAnswer):
        return
    rows = [
        {
            "campaign_id": campaign_id,
            "item_id": entered.item,
            "account_id": actor.id,
            "answer_id": entered.id,
            "target": target.id,
            "label": content.stances[target.id],
            "suggested": target.suggestion.label if target.suggestion else None,
            "confidence": target.suggestion.confidence if target.suggestion else None,
            "hidden": hidden,
        }
        for target in found.targets
        if target.id in content.stances
    ]
    if rows:
        connection.execute(insert(stance), rows)


def drop_stances(connection: Connection, actor: Actor, number: int) -> None:
    """Drops those of an answer that is withdrawn."""
    connection.execute(delete(stance).where(stance.c.item_id == number, stance.c.account_id == actor.id))
