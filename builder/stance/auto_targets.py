"""Targets that nobody configured: the people, organisations and governments that a quotation names.

Each goes by its fullest form in the article, and its id is made of that form, so that an entity that several
articles name in full is one target; where there is an authority table, of the entry that it is linked to.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence

from builder.config import AUTO_TARGET, StanceConfig, Target
from builder.ids import sha256
from builder.records import Document, Quotation, Span, Speaker, TargetMention
from builder.speakers.accents import without_accents
from builder.speakers.authority import Authority, link
from builder.stance.named import Mention, Named, mentions_of
from builder.stance.targets import TargetMatch, inside

LONGEST_SLUG = 60  # letters of a name that its id shows


class AutoTargets:
    """Finds the automatic targets of one document after the other."""

    def __init__(self, config: StanceConfig, authority: Authority | None = None) -> None:
        self.config, self.authority = config, authority

    def of(
        self,
        document: Document,
        quotations: Sequence[Quotation],
        speakers: Mapping[str, Speaker],
        configured: Mapping[str, Sequence[TargetMatch]],
    ) -> dict[str, list[TargetMatch]]:
        """The automatic targets of each quotation, in the order of their first mentions.

        `speakers` and what the `configured` targets matched are given by quotation. Words that name a
        configured target name no automatic one.
        """
        if not self.config.auto_targets or not quotations:
            return {}
        spoken = {one.name.casefold(): one.kind for one in speakers.values() if one.name}
        mentions = mentions_of(document.text, document.body(), spoken)
        targets = self._targets(document, list(dict.fromkeys(one.of for one in mentions)))
        return {
            quotation.id: list(
                self._matches(
                    quotation, mentions, targets, speakers.get(quotation.id), configured.get(quotation.id, ())
                )
            )[: self.config.most_auto_targets]
            for quotation in quotations
        }

    def _matches(
        self,
        quotation: Quotation,
        mentions: Sequence[Mention],
        targets: Mapping[Named, Target],
        speaker: Speaker | None,
        configured: Sequence[TargetMatch],
    ) -> Iterator[TargetMatch]:
        taken = [mention.span for match in configured for mention in match.mentions]
        found: dict[str, tuple[Target, list[TargetMention]]] = {}
        for mention in _between(mentions, quotation.content):
            target = targets[mention.of]
            if _overlaps(mention.span, taken):
                continue
            taken.append(mention.span)
            wanted = mention.of.kind in self.config.auto_targets
            if wanted and (self.config.auto_target_speaker or not _is_speaker(target, speaker)):
                found.setdefault(target.id, (target, []))[1].append(TargetMention(mention.span, mention.text))
        for target, some in found.values():
            yield TargetMatch(target, tuple(some), "quotation")

    def _targets(self, document: Document, named: Sequence[Named]) -> dict[Named, Target]:
        """The target that each of those named is."""
        linked = self._linked(document, named)
        targets = {}
        for one, entry in zip(named, linked, strict=True):
            name = entry[1] if entry else one.name
            targets[one] = Target(id=id_of(entry[0] if entry else name), name=name)
        return targets

    def _linked(self, document: Document, named: Sequence[Named]) -> list[tuple[str, str] | None]:
        """Id and name of the entry of the authority table that each of those named is linked to, if any."""
        if self.authority is None:
            return [None] * len(named)
        speakers = [
            Speaker(str(number), one.name, one.kind, one.place, None, "target", 1.0)
            for number, one in enumerate(named)
        ]
        return [
            (one.entity, self.authority.known[one.entity].entry.name) if one.entity is not None else None
            for one in link(document, speakers, self.authority)
        ]


def id_of(name: str) -> str:
    """The id of the automatic target of a name: the same in whatever case and accents."""
    letters = without_accents(name.casefold())
    slug = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
    written = re.sub(r"[\W_]+", "", letters)
    if len(slug) > LONGEST_SLUG or slug.replace("-", "") != written:
        # Letters that a slug cannot show, or too many of them: a hash tells such names apart.
        slug = (
            f"{slug[:LONGEST_SLUG].strip('-')}-{sha256(letters.encode('utf-8', 'surrogatepass'))[:8]}".strip(
                "-"
            )
        )
    return AUTO_TARGET + slug


def _between(mentions: Sequence[Mention], content: Sequence[Span]) -> Iterator[Mention]:
    """The mentions that stand wholly in a quotation."""
    for part in content:
        first = bisect_left(mentions, part.start, key=lambda one: one.span.start)
        for mention in mentions[first:]:
            if mention.span.start >= part.end:
                break
            if inside(mention.span, content):
                yield mention


def _overlaps(span: Span, others: Collection[Span]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in others)


def _is_speaker(target: Target, speaker: Speaker | None) -> bool:
    """Whether a target is who speaks: by the table's entry, or by the name, which both have in full."""
    if speaker is None or not speaker.name:
        return False
    return target.id in {id_of(speaker.entity or speaker.name), id_of(speaker.name)}
