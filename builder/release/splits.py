"""Which split a row belongs to: drawn by duplicate cluster, never by row.

Two versions of one wire story never stand on two sides of a split. The draw is a hash of the
cluster's id and the seed, so that adding documents moves nobody. `test` holds rows that people
labelled, and nothing else; a row that only the model labelled in a cluster drawn for `test` may
stand in no other labelled split either, so its label is withheld and it is published unlabelled.
"""

import hashlib
from typing import Literal, get_args

from builder.config import SplitConfig
from builder.release.label_source import HUMAN, LabelSource

Split = Literal["train", "validation", "test", "unlabelled"]

SPLITS: tuple[Split, ...] = get_args(Split)


def split_of(cluster: str, source: LabelSource, shares: SplitConfig) -> Split:
    """The split of a row whose label is from `source` and whose document is in `cluster`."""
    drawn = _drawn(cluster, shares)
    if source == "none" or (drawn == "test" and source not in HUMAN):
        return "unlabelled"
    return drawn


def _drawn(cluster: str, shares: SplitConfig) -> Split:
    digest = hashlib.sha256(f"{shares.seed}:{cluster}".encode()).digest()
    position = int.from_bytes(digest[:8], "big") / 2**64
    if position < shares.test:
        return "test"
    if position < shares.test + shares.validation:
        return "validation"
    return "train"
