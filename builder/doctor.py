"""What is installed, what is missing for which command, and whether the models load."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement

from builder.config import QuoteConfig, StanceConfig
from builder.errors import QuotestanceError
from builder.quotes.extract import load_extractor
from builder.stance.classifier import load_classifier, model_folder

EXTRAS = {
    "train": "training neural models",
    "ray": "running stages on a Ray cluster",
    "postgres": "a review queue on PostgreSQL",
    "peers": "evaluating extractors that work on spaCy's documents",
    "dev": "the project's own checks",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: whether it is good, what was found, and what needs it."""

    name: str
    good: bool
    found: str
    needed_for: str

    @property
    def fatal(self) -> bool:
        """Whether nothing works without it."""
        return not self.good and self.needed_for == EVERYTHING


EVERYTHING = "everything"


def checks() -> Iterator[Check]:
    """Everything there is to check; what all commands need comes first."""
    yield Check("python >= 3.11", sys.version_info >= (3, 11), sys.version.split()[0], EVERYTHING)
    requirements = [Requirement(one) for one in requires("quotestance") or []]
    for requirement in requirements:
        if requirement.marker is None:
            yield _installed(requirement, EVERYTHING)
    yield _loads("quotation extractor", lambda: load_extractor(QuoteConfig()).name)
    stance = StanceConfig()
    yield _loads("stance model", lambda: load_classifier(stance, model_folder(stance, Path.cwd())).name)
    for extra, purpose in EXTRAS.items():
        for requirement in requirements:
            if requirement.marker is not None and requirement.marker.evaluate({"extra": extra}):
                yield _installed(requirement, f"{purpose}: pip install 'quotestance[{extra}]'")


def _installed(requirement: Requirement, needed_for: str) -> Check:
    name = f"{requirement.name} {requirement.specifier}"
    try:
        found = version(requirement.name)
    except PackageNotFoundError:
        return Check(name, good=False, found="not installed", needed_for=needed_for)
    return Check(name, requirement.specifier.contains(found, prereleases=True), found, needed_for)


def _loads(name: str, load: Callable[[], str]) -> Check:
    try:
        return Check(name, good=True, found=load(), needed_for=EVERYTHING)
    except QuotestanceError as error:
        return Check(name, good=False, found=str(error), needed_for=EVERYTHING)
