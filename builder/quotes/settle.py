"""Which attributions stay: those that are sure enough, each word in the content of one at most."""

from collections.abc import Iterable, Iterator

from builder.quotes.attributions import Attribution

# Of two attributions that claim the same words the surer one keeps them; the other is dropped if it
# would lose more than this share of its content.
MOST_LOST = 0.5


def settled(
    rated: Iterable[tuple[float, Attribution]], least_confidence: float, least_without_source: float
) -> Iterator[tuple[float, Attribution]]:
    """The attributions that stay, the surest first, without the words that surer ones claim.

    One without a source has a bar of its own: such are rare, so the model is less sure of them.
    """
    claimed: set[tuple[int, int]] = set()
    for confidence, one in sorted(rated, key=lambda pair: (-pair[0], pair[1].window, pair[1].anchor)):
        if confidence < (least_confidence if one.source else least_without_source):
            continue
        words = {(one.window, word) for run in one.content for word in range(run.first, run.last)}
        lost = {word for _, word in words & claimed}
        if words and len(lost) <= MOST_LOST * len(words):
            yield confidence, one.without(lost) if lost else one
            claimed |= words
