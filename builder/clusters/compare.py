"""Whether two texts are near-duplicates, by comparing them."""

from collections.abc import Set

from builder.config import ClusterConfig

# A few sentences that many articles contain (a notice, a biography) must not join these articles.
LEAST_CONTAINED = 50  # 5-grams


def are_near_duplicates(one: Set[int], other: Set[int], config: ClusterConfig) -> bool:
    """Whether the (hashed) 5-grams of two texts are similar, or the longer contains the shorter."""
    if not one or not other:
        return False
    shared = len(one & other)
    if shared >= config.similarity * (len(one) + len(other) - shared):
        return True
    shorter = min(len(one), len(other))
    return shorter >= LEAST_CONTAINED and shared >= config.containment * shorter
