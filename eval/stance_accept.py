"""How much may be accepted without a person, when the error among it must stay under a bound.

The threshold is chosen on half of the labels, as the product does it, and tried on the other half.
`python -m eval bound` says how often the bound fails to hold.
"""

import random
from collections.abc import Sequence
from statistics import fmean

from builder.config import RoutesConfig
from builder.stance.accept import Judged, choose_threshold

DRAWS = 100
ROUTES = RoutesConfig()


def acceptance(
    confidences: Sequence[float], correct: Sequence[bool], draws: int = DRAWS
) -> dict[str, float | None]:
    """What is accepted at the error bound, over many draws of the half that the threshold is chosen on.

    The bound and its certainty are those of a configuration that says nothing of them.

    Returns:
        `coverage`, the mean share that is accepted of the other half, with the 5th and 95th percentile
        of it (`lowest`, `highest`); `error`, the share of wrong ones among all that was accepted there,
        None if nothing was; `nothing`, the share of draws in which nothing could be accepted; `labels`,
        how many the threshold is chosen on; `all`, the share accepted if it is chosen on all labels.
    """
    judged = [Judged(*one) for one in zip(confidences, correct, strict=True)]
    half = len(judged) // 2
    shares, accepted, nothing = [], [], 0
    for seed in range(draws):
        drawn = random.Random(seed).sample(judged, len(judged))  # noqa: S311 - no secret
        above = reaching(drawn[half:], drawn[:half])
        shares.append(len(above) / max(len(judged) - half, 1))
        accepted += above
        nothing += not above
    shares.sort()
    return {
        "labels": half,
        "coverage": round(fmean(shares), 4),
        "lowest": round(shares[int(0.05 * draws)], 4),
        "highest": round(shares[int(0.95 * draws)], 4),
        "error": round(fmean(not one.is_right for one in accepted), 4) if accepted else None,
        "nothing": round(nothing / draws, 4),
        "all": round(len(reaching(judged, judged)) / max(len(judged), 1), 4),
    }


def reaching(answers: Sequence[Judged], labels: Sequence[Judged]) -> list[Judged]:
    """The answers that are accepted at the threshold that some labels give."""
    threshold = choose_threshold(labels, ROUTES.error, ROUTES.certainty)
    return [] if threshold is None else [one for one in answers if one.confidence >= threshold.value]
