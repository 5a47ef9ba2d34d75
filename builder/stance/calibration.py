"""What people's labels say of a model's confidence: from where on it is enough, and how it is to be read."""

from dataclasses import dataclass, field

from builder.config import RoutesConfig
from builder.records import Calibration, Probability, rounded
from builder.stance.accept import Judged, choose_threshold
from builder.stance.calibrate import fit_on_probabilities

FEWEST_FOR_TEMPERATURE = (
    100  # labels; with fewer, the temperature says more about chance than about the model
)


@dataclass(slots=True)
class Labels:
    """The labels of one field: what was judged, and probabilities with the label that people gave."""

    judged: list[Judged] = field(default_factory=list)
    answers: list[tuple[Probability, ...]] = field(default_factory=list)
    gold: list[str] = field(default_factory=list)

    def __add__(self, other: "Labels") -> "Labels":
        return Labels(self.judged + other.judged, self.answers + other.answers, self.gold + other.gold)


def calibrated(name: str, labels: Labels, routes: RoutesConfig) -> Calibration:
    """The calibration of a field by its labels."""
    chosen = choose_threshold(labels.judged, routes.error, routes.certainty)
    enough = len(labels.gold) >= FEWEST_FOR_TEMPERATURE
    return Calibration(
        field=name,
        labels=len(labels.judged),
        threshold=chosen.value if chosen else None,
        accepted=chosen.accepted if chosen else 0,
        wrong=chosen.wrong if chosen else 0,
        bound=rounded(chosen.bound) if chosen else None,
        temperature=round(fit_on_probabilities(labels.answers, labels.gold), 4) if enough else None,
    )
