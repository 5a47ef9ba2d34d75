"""The text of the dataset card: a datasheet filled from what was measured.

Values from the data, such as the names of sites, are hostile text: whatever the template prints
is escaped for Markdown unless it is marked as this program's own. What has no value has no line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from importlib.resources import files
from typing import Any

import jinja2

from builder.config import Config, DatasetConfig
from builder.measure import score_interval
from builder.records import Calibration
from builder.release.dataset import Features, Size
from builder.release.history import history_table
from builder.release.manifest import PastVersion, library_versions
from builder.release.markdown import escaped, on_one_line
from builder.release.quality import CERTAINTY, Quality, Share
from builder.release.shares import LEAST_OF_A_LABEL, LEAST_POWERED, LEAST_SAMPLE, LabelShare
from builder.release.splits import SPLITS
from builder.release.statistics import Counts, Statistics, told_apart
from builder.release.version import folder_name


@dataclass(frozen=True, slots=True)
class People:
    """What people did: how many they were, what they decided, and what became of it.

    `removed` quotations were found to be none; `lost` decisions could not be applied; `withdrawn`
    quotations and whole `withdrawn_documents` are left out on request.
    """

    annotators: int = 0
    decisions: int = 0
    removed: int = 0
    lost: int = 0
    withdrawn: int = 0
    withdrawn_documents: int = 0


@dataclass(frozen=True, slots=True)
class CardInputs:
    """What the card is made of.

    `sizes` holds the size of each split of each configuration of the dataset; `model_notes` says
    of a stance model, by its name, what it was trained on, and `model_terms` what the licences of its
    data ask; `config_file` is the name of the file that the dataset was built from; `history` are the
    versions up to this one; `pseudonyms` says whether annotators have any; `calibrations` are by which
    labels values were accepted.
    """

    config: Config
    version: str
    features: Mapping[str, Features]
    sizes: Mapping[str, Mapping[str, Size]]
    statistics: Statistics
    quality: Quality
    people: People
    rejects: Counts
    model_notes: Mapping[str, str]
    config_file: str | None
    history: Sequence[PastVersion]
    pseudonyms: bool = False
    calibrations: Sequence[Calibration] = ()
    model_terms: Mapping[str, str] = field(default_factory=dict)


def render_datasheet(inputs: CardInputs) -> str:
    """The text of the card below its metadata."""
    environment = jinja2.Environment(
        autoescape=False,  # noqa: S701 - it would escape for HTML; `finalize` escapes for Markdown
        finalize=_markdown,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "verbatim": _Verbatim,
        "share": _share,
        "interval": _interval,
        "estimate": _estimate,
        "exact": _exact,
        "decimal": _decimal,
        "listed": _listed,
    }
    template = environment.from_string(files("builder.release").joinpath("card.md.j2").read_text("utf-8"))
    statistics, release = inputs.statistics, inputs.config.release
    targets, others = told_apart(statistics.targets)
    return template.render(
        dataset=inputs.config.dataset,
        release=release,
        review=inputs.config.review,
        shares=release.splits,
        version=inputs.version,
        folder=folder_name(inputs.version),
        program=version("quotestance"),
        libraries=library_versions(),
        follows=folder_name(inputs.history[-2].version) if len(inputs.history) > 1 else "",
        loader=version("datasets"),
        splits=SPLITS,
        sizes=inputs.sizes,
        totals={config: sum(size.rows for size in sizes.values()) for config, sizes in inputs.sizes.items()},
        sources={config: dict(found) for config, found in statistics.sources.items()},
        statistics=statistics,
        targets=targets,
        others=others,
        estimated=[one for one in targets if one.shares is not None and one.shares.of_all],
        least={"powered": LEAST_POWERED, "label": LEAST_OF_A_LABEL, "sample": LEAST_SAMPLE},
        quality=inputs.quality,
        people=inputs.people,
        pseudonyms=inputs.pseudonyms,
        routes=inputs.config.routes,
        calibrations=[one for one in inputs.calibrations if one.labels],
        rejects=inputs.rejects,
        model_notes=_of_models(statistics.stance_models, inputs.model_notes),
        model_terms=_of_models(statistics.stance_models, inputs.model_terms),
        config_file=inputs.config_file,
        versions=_Verbatim(history_table(inputs.history)),
        citation=_citation(inputs.config.dataset, inputs.version),
    )


def _of_models(models: Counts, told: Mapping[str, str]) -> list[tuple[str, str]]:
    """What is told of the models that rows name: they may add to a name the arithmetic it was run in."""
    return [
        (name, text)
        for name, _ in models
        for model, text in told.items()
        if text and (name == model or name.startswith(f"{model}-"))
    ]


def _citation(dataset: DatasetConfig, number: str) -> str:
    """How the dataset is cited, in BibTeX."""
    if dataset.citation:
        return dataset.citation.strip()
    fields = {
        "title": dataset.title or dataset.name,
        "author": " and ".join(dataset.authors),
        "version": number,
        "howpublished": rf"\url{{{dataset.homepage}}}" if dataset.homepage else "",
    }
    lines = [f"  {name} = {{{on_one_line(value)}}}" for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{dataset.name},", ",\n".join(lines), "}"])


class _Verbatim(str):
    """Text that the template prints as it is."""

    __slots__ = ()


def _markdown(value: Any) -> Any:
    """A value as the template prints it: on one line, without a character that Markdown reads."""
    if isinstance(value, str) and not isinstance(value, _Verbatim):
        return escaped(value)
    return value


def _share(part: int, whole: int) -> _Verbatim:
    return _Verbatim(f"{100 * part / whole:.1f} %" if whole else "0 %")


def _interval(part: int, whole: int) -> _Verbatim:
    """A share with its score interval; nothing is known of a share of nothing."""
    if not whole:
        return _Verbatim("–")
    low, high = score_interval(part, whole, CERTAINTY)
    return _Verbatim(f"{_share(part, whole)} ({100 * low:.1f} to {100 * high:.1f})")


def _estimate(one: LabelShare) -> _Verbatim:
    """A share of all rows with its interval, marked where the sample alone gives it."""
    counted = "" if one.method == "powered" else r" \*"
    return _Verbatim(f"{100 * one.share:.1f} % ({100 * one.low:.1f} to {100 * one.high:.1f}){counted}")


def _exact(share: Share) -> _Verbatim:
    told = f"{share.hits} ({_share(share.hits, share.trials)}; exact 95 % interval"
    return _Verbatim(f"{told} {100 * share.low:.1f} to {100 * share.high:.1f} %)")


def _decimal(value: float, digits: int = 3) -> _Verbatim:
    return _Verbatim(f"{value:.{digits}f}")


def _listed(counts: Sequence[tuple[str, int]]) -> _Verbatim:
    return _Verbatim(", ".join(f"{_markdown(value)} ({number})" for value, number in counts))
