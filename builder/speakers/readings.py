"""What the second reading knows: what the first one found for the source and for those around.

The first reading looks at each source by itself (`features.py`).
"""

import math
from collections.abc import Sequence

import numpy as np

from builder.speakers.features import Floats, Question, fit
from builder.speakers.phrases import Pronoun

SECOND = 23


def second(asked: Sequence[Question], first: Sequence[Floats]) -> list[Floats]:
    """The numbers (choices, SECOND) of the second reading of each question.

    `first` are the probabilities of the choices of each question by the first reading.
    """
    found = [
        dict(zip((choice.key for choice in one.choices), some.tolist(), strict=True))
        for one, some in zip(asked, first, strict=True)
    ]
    best = [max(some, key=some.__getitem__) for some in found]
    number = {one.quotation.id: at for at, one in enumerate(asked)}
    same: dict[Pronoun, list[int]] = {}
    before_same, after_same = [-1] * len(asked), [-1] * len(asked)
    for at, one in enumerate(asked):
        if one.pronoun:
            before = same.setdefault(one.pronoun, [])
            if before:
                before_same[at], after_same[before[-1]] = before[-1], at
            before.append(at)
    answered: dict[tuple[str, int], list[int]] = {}
    added = []
    for at, one in enumerate(asked):
        outer = number.get(one.outer or "", -1)
        around = [at - 1, at - 2, at - 3, at + 1, at + 2, before_same[at], after_same[at], outer]
        nearby = [found[other] if 0 <= other < len(asked) else {} for other in around]
        top = [*sorted(found[at].values(), reverse=True), 0.0]
        asking = [float(one.phrase is None), float(one.pronoun == "he"), float(one.pronoun == "she")]
        beside = [
            float(at > 0),
            float(at > 0 and asked[at - 1].paragraph == one.paragraph),
            float(at + 1 < len(asked) and asked[at + 1].paragraph == one.paragraph),
            float(outer >= 0),
            float(before_same[at] >= 0),
        ]
        rows = []
        for choice in one.choices:
            key = choice.key
            chance = found[at][key]
            earlier = answered.get(key, [])
            gap = one.place.start - asked[earlier[-1]].place.start if earlier else -1
            rows.append(
                [
                    *asking,
                    fit(choice.entity, one.pronoun) if choice.entity else math.nan,
                    _log_odds(chance),
                    chance - (top[1] if chance == top[0] else top[0]),
                    *[some.get(key, 0.0) for some in nearby],
                    math.log1p(len(earlier)),
                    math.log1p(gap) if earlier else math.nan,
                    float(at - earlier[-1]) if earlier else math.nan,
                    float(at > 0 and best[at - 1] == key),
                    *beside,
                ]
            )
        answered.setdefault(best[at], []).append(at)
        added.append(np.array(rows, dtype=np.float32))
    return added


def _log_odds(share: float) -> float:
    share = min(max(share, 1e-4), 1 - 1e-4)
    return math.log(share / (1 - share))
