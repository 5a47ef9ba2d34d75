"""The dataset card: metadata that the Hub and `datasets` read, and a datasheet of measured numbers.

Values from the data, such as the names of sites, are hostile text: whatever the template prints
is escaped for Markdown unless it is marked as this program's own. What has no value has no line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from typing import Any

import jinja2

from builder.config import Config
from builder.release.dataset import QUOTES, Features, Size, dataset_info
from builder.release.front_matter import with_metadata
from builder.release.history import history_table
from builder.release.label_source import HUMAN
from builder.release.manifest import PastVersion
from builder.release.markdown import escaped, on_one_line
from builder.release.splits import SPLITS
from builder.release.statistics import Counts, Statistics
from builder.release.version import folder_name

TAGS = ("quotation-attribution", "stance-detection", "news", "quotations")
TASKS = ("text-classification", "token-classification")
SIZES = (
    (10**3, "n<1K"),
    (10**4, "1K<n<10K"),
    (10**5, "10K<n<100K"),
    (10**6, "100K<n<1M"),
    (10**7, "1M<n<10M"),
)


@dataclass(frozen=True, slots=True)
class People:
    """What people did: how many they were, what they decided, and what became of it.

    `removed` quotations were found to be none; `lost` decisions could not be applied.
    """

    annotators: int = 0
    decisions: int = 0
    removed: int = 0
    lost: int = 0


@dataclass(frozen=True, slots=True)
class CardInputs:
    """What the card is made of.

    `sizes` holds the size of each split of each configuration of the dataset; `model_notes` says
    of a stance model, by its name, what it was trained on; `config_file` is the name of the file
    that the dataset was built from; `history` are the versions up to this one.
    """

    config: Config
    version: str
    features: Mapping[str, Features]
    sizes: Mapping[str, Mapping[str, Size]]
    statistics: Statistics
    people: People
    rejects: Counts
    model_notes: Mapping[str, str]
    config_file: str | None
    history: Sequence[PastVersion]


def render_card(inputs: CardInputs) -> str:
    """The text of the card."""
    return with_metadata(_metadata(inputs), _datasheet(inputs))


def _metadata(inputs: CardInputs) -> dict[str, Any]:
    dataset = inputs.config.dataset
    return {
        # A line of dashes within a value would end the metadata.
        "pretty_name": on_one_line(dataset.title or dataset.name),
        "license": on_one_line(dataset.license),
        "language": list(dataset.language),
        "task_categories": list(TASKS),
        "tags": list(TAGS),
        "size_categories": [_size_category(_rows_of(inputs.sizes[QUOTES]))],
        "annotations_creators": _annotations_creators(inputs.statistics),
        "configs": [
            {
                "config_name": config,
                **({"default": True} if config == QUOTES else {}),
                "data_files": [
                    {"split": split, "path": f"{config}/{split}/*.parquet"}
                    for split in SPLITS
                    if split in sizes
                ],
            }
            for config, sizes in inputs.sizes.items()
        ],
        "dataset_info": [
            dataset_info(config, inputs.features[config], sizes) for config, sizes in inputs.sizes.items()
        ],
    }


def _annotations_creators(statistics: Statistics) -> list[str]:
    """What the Hub calls those who made the labels; quotations are always found by machine."""
    sources = {source for found in statistics.sources.values() for source, _ in found}
    return ["machine-generated", *(["expert-generated"] if sources.intersection(HUMAN) else [])]


def _size_category(rows: int) -> str:
    return next((name for limit, name in SIZES if rows < limit), "n>10M")


def _datasheet(inputs: CardInputs) -> str:
    environment = jinja2.Environment(
        autoescape=False,  # noqa: S701 - it would escape for HTML; `finalize` escapes for Markdown
        finalize=_markdown,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"verbatim": _Verbatim, "share": _share, "listed": _listed}
    template = environment.from_string(files("builder.release").joinpath("card.md.j2").read_text("utf-8"))
    statistics = inputs.statistics
    return template.render(
        config=inputs.config,
        dataset=inputs.config.dataset,
        release=inputs.config.release,
        version=inputs.version,
        folder=folder_name(inputs.version),
        program=version("quotestance"),
        loader=version("datasets"),
        splits=SPLITS,
        sizes=inputs.sizes,
        totals={config: _rows_of(sizes) for config, sizes in inputs.sizes.items()},
        sources={config: dict(found) for config, found in statistics.sources.items()},
        statistics=statistics,
        people=inputs.people,
        rejects=inputs.rejects,
        model_notes=inputs.model_notes,
        config_file=inputs.config_file,
        versions=_Verbatim(history_table(inputs.history)),
    )


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


def _listed(counts: Sequence[tuple[str, int]]) -> _Verbatim:
    return _Verbatim(", ".join(f"{_markdown(value)} ({number})" for value, number in counts))


def _rows_of(sizes: Mapping[str, Size]) -> int:
    return sum(size.rows for size in sizes.values())
