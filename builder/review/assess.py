"""What a campaign's decisions are worth, read from its database: quality, audits, disagreements."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from builder.review.articles import searched_articles
from builder.review.audit import ArticleAudit, Share, audit_accepted, audit_articles
from builder.review.campaigns import campaign_by_name
from builder.review.disagreement import Disagreement, disagreements
from builder.review.exchange.own import decisions_in
from builder.review.history import current, gold_of, reviewed
from builder.review.items import Item
from builder.review.quality import Quality, quality_of
from builder.review.rows import campaign_named
from builder.review.store import Store
from builder.review.tables import item


@dataclass(frozen=True, slots=True)
class Assessment:
    """Agreement and anchoring; precision and recall over whole articles; the error of what was accepted."""

    quality: Quality
    articles: ArticleAudit
    accepted: dict[str, Share]


def assess(store: Store, name: str) -> Assessment:
    """Assesses a campaign; answers stream by, and only some words of each are kept.

    Raises:
        Unknown: there is no such campaign.
    """
    scale = campaign_by_name(store, name).scheme.scale
    gold = {number: json.loads(known) for number, known in gold_of(store, name).items()}
    audited = _of_origin_audit(store, name)
    articles = ((one, current(entries)) for one, entries in reviewed(store, name) if one.kind == "article")
    sampled = (
        (one, list(decisions_in([(one, current(entries))])))
        for one, entries in reviewed(store, name)
        if one.id in audited
    )
    return Assessment(
        quality_of(reviewed(store, name), scale, gold),
        audit_articles(searched_articles(decisions_in(articles))),
        audit_accepted(sampled),
    )


def all_disagreements(store: Store, name: str) -> Iterator[tuple[Item, list[Disagreement]]]:
    """The items of a campaign that people answered differently, with the fields they did so on.

    Raises:
        Unknown: there is no such campaign.
    """
    for one, entries in reviewed(store, name):
        if found := disagreements(one, entries):
            yield one, found


def _of_origin_audit(store: Store, name: str) -> set[int]:
    with store.reading() as connection:
        number = campaign_named(connection, name).id
        wanted = select(item.c.id).where(item.c.campaign_id == number, item.c.origin == "audit")
        return set(connection.scalars(wanted))
