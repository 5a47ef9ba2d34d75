"""How far a calibration error can be chance: that of a model whose confidences are exactly right."""

from collections.abc import Sequence

import numpy as np

from builder.measure import CALIBRATION_BINS

DRAWS = 2000
AT_ONCE = 100  # draws that are held together


def simulated_ece(
    confidences: Sequence[float], percentile: float = 95.0, draws: int = DRAWS, seed: int = 0
) -> float:
    """A percentile of the expected calibration error, were each answer right as often as it claims.

    Each draw makes every answer right with its own confidence as probability, and takes the error as
    `builder.measure.expected_calibration_error` does. A classifier whose measured error is not above
    the 95th percentile cannot be told from one that is calibrated, on so many rows (Vaicenavicius et
    al. 2019, "Evaluating model calibration in classification", consistency resampling). 0 of nothing.
    """
    claimed = np.asarray(confidences, dtype=np.float64)
    if not len(claimed):
        return 0.0
    chance = np.random.default_rng(seed)
    bins = np.minimum((claimed * CALIBRATION_BINS).astype(np.int64), CALIBRATION_BINS - 1)
    in_bin = np.eye(CALIBRATION_BINS)[bins]  # (rows, bins)
    errors = np.empty(draws)
    for start in range(0, draws, AT_ONCE):
        size = min(AT_ONCE, draws - start)
        right = chance.random((size, len(claimed))) < claimed
        errors[start : start + size] = np.abs((claimed - right) @ in_bin).sum(axis=1) / len(claimed)
    return float(np.percentile(errors, percentile))
