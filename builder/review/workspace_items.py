"""Reading the items of a review off a workspace, shard by shard."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from builder.config import Target
from builder.engine.corpus import ALL
from builder.engine.workspace import Workspace
from builder.quotes.wording import wording
from builder.records import AddedQuotation, Cluster, Document, Quotation, Route, Speaker, Stance
from builder.review.adjudicate import outcomes_of
from builder.review.decisions import ARTICLE, ImportedDecision
from builder.review.drafts import Draft, article_draft, quotation_draft
from builder.review.items import Duplicate
from builder.review.matching import decided_items, match_decisions
from builder.review.words import words_of
from builder.stance.label import text_of
from builder.stance.sample import draw, is_audited, place_in_sample


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Quotations with the words of another of their cluster, and `of` which one stands for which."""

    of: Mapping[str, tuple[Duplicate, ...]]
    repeated: frozenset[str]


class Clusters:
    """The cluster of each document, and the document that stands for it."""

    def __init__(self, workspace: Workspace) -> None:
        rows = workspace.read("clusters", ALL, Cluster)
        self.of = {row.member: row.cluster for row in rows}
        self.canonical = {row.member: row.canonical for row in rows}
        sizes: defaultdict[str, int] = defaultdict(int)
        for row in rows:
            sizes[row.cluster] += 1
        self.shared = {row.member for row in rows if sizes[row.cluster] > 1}


@dataclass(frozen=True, slots=True)
class Selection:
    """What people look at beside what was routed to them.

    `random_share` of all quotations is always decided on, `audit_share` of those of which something was
    accepted; so many whole `articles` are searched for what was missed; `gold` are decisions that are known
    to be right.
    """

    targets: Sequence[Target]
    random_share: float = 0.0
    audit_share: float = 0.0
    articles: int = 0
    gold: Sequence[ImportedDecision] = ()


class Wanted:
    """What becomes an item beside what was routed to people; `added` are quotations by document."""

    def __init__(
        self,
        selection: Selection,
        clusters: Clusters,
        duplicates: Duplicates,
        added: Mapping[str, Sequence[AddedQuotation]],
    ) -> None:
        self.selection, self.clusters, self.duplicates, self.added = selection, clusters, duplicates, added
        self.targets = {target.id: target for target in selection.targets}
        self.articles = _sampled_articles(clusters, selection.articles)


def find_duplicates(
    workspace: Workspace, shards: Sequence[str], clusters: Clusters, worked_on: Collection[str]
) -> Duplicates:
    """The quotations that need no decision of their own, because another of their cluster has their words.

    One that people have worked on stands for the others, or else the one in the cluster's canonical
    document, or else the one of the smallest id.
    """
    groups: defaultdict[tuple[str, str], list[tuple[bool, bool, str, Quotation]]] = defaultdict(list)
    for shard in shards:
        documents = {
            one.id: one for one in workspace.read("documents", shard, Document) if one.id in clusters.shared
        }
        for one in workspace.read("quotations", shard, Quotation) if documents else ():
            if one.document in documents:
                words = " ".join(words_of(wording(documents[one.document].text, one.content)))
                key = clusters.of[one.document], hashlib.sha256(words.encode()).hexdigest()
                is_canonical = one.document == clusters.canonical[one.document]
                groups[key].append((one.id not in worked_on, not is_canonical, one.id, one))
    of = {}
    for group in groups.values():
        first, *others = [one for *_, one in sorted(group, key=lambda member: member[:3])]
        # Words that a document repeats are said twice there; only another document's are duplicates.
        others = [one for one in others if one.document != first.document]
        if others:
            of[first.id] = tuple(Duplicate(one.id, one.document, one.content) for one in others)
    return Duplicates(of, frozenset(one.key for some in of.values() for one in some))


def _sampled_articles(clusters: Clusters, most: int) -> frozenset[str]:
    """Documents drawn by their ids, one of a cluster at most."""
    distinct = {clusters.canonical[one] for one in clusters.of}
    return frozenset(sorted(distinct, key=lambda one: draw("article", one))[:most])


def drafts(workspace: Workspace, shard: str, wanted: Wanted) -> Iterator[Draft]:
    """The items of a shard: quotations that need a look, and those that people added; then whole articles."""
    selection = wanted.selection
    documents = {one.id: one for one in workspace.read("documents", shard, Document)}
    quotations = workspace.read("quotations", shard, Quotation)
    speakers = {one.quotation: one for one in workspace.read("speakers", shard, Speaker)}
    stances, routes = defaultdict(list), defaultdict(list)
    for stance in workspace.read("stance", shard, Stance):
        stances[stance.quotation].append(stance)
    for route in workspace.read("routes", shard, Route):
        routes[route.item].append(route)
    known = _known_answers(selection.gold, documents, quotations)
    # Of what people added there is nothing to ask but the stances.
    added = [one for name in documents for one in wanted.added.get(name, ()) if one.stances]
    for some in added:
        speakers[some.quotation.id] = some.speaker
        stances[some.quotation.id] += some.stances
        routes[some.quotation.id] += some.routes
    for one in [*quotations, *(some.quotation for some in added)]:
        if one.id in wanted.duplicates.repeated:
            continue
        document, speaker = documents[one.document], speakers[one.id]
        cluster = wanted.clusters.of[document.id]
        draft = quotation_draft(
            document, one, speaker, stances[one.id], routes[one.id], wanted.targets, cluster
        )
        chance = place_in_sample(text_of(document, one))
        if one.id in known:
            draft = replace(draft, origin="gold", gold=known[one.id])
        elif chance < selection.random_share:
            draft = replace(draft, origin="random", chance=chance)
        elif draft.item.accepted and is_audited(one.id, selection.audit_share):
            draft = replace(draft, origin="audit")
        if draft.origin != "audit" or is_audited(one.id, selection.audit_share):
            same = wanted.duplicates.of.get(one.id, ())
            yield replace(draft, item=replace(draft.item, duplicates=same))
    for document in documents.values():
        if document.id in wanted.articles:
            theirs = [one for one in quotations if one.document == document.id]
            yield article_draft(document, theirs, speakers)


def _known_answers(
    gold: Sequence[ImportedDecision], documents: Mapping[str, Document], quotations: Sequence[Quotation]
) -> dict[str, str]:
    """What gold decisions say of the quotations that they are about: JSON of values by field."""
    here = [one for one in gold if one.document in documents and one.decision.field != ARTICLE]
    items = [item for some in decided_items(here).values() for item in some]
    outcomes = outcomes_of(here)
    return {
        quotation: json.dumps(
            {
                field: outcome.after
                for field, outcome in outcomes[item.id].items()
                if outcome.settled != "none"
            }
        )
        for quotation, item in match_decisions(items, documents, quotations).items()
    }
