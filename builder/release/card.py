"""The dataset card: metadata that the Hub and `datasets` read, and a datasheet of measured numbers."""

from collections.abc import Mapping
from typing import Any

from builder.config import DatasetConfig
from builder.errors import UsageError
from builder.release.dataset import QUOTES, Size, dataset_info
from builder.release.datasheet import CardInputs, render_datasheet
from builder.release.front_matter import with_metadata
from builder.release.label_source import HUMAN
from builder.release.markdown import on_one_line
from builder.release.splits import SPLITS
from builder.release.statistics import Statistics

OTHER = "other"
TAGS = ("quotation-attribution", "stance-detection", "news", "quotations")
TASKS = ("text-classification", "token-classification")
SIZES = (
    (10**3, "n<1K"),
    (10**4, "1K<n<10K"),
    (10**5, "10K<n<100K"),
    (10**6, "100K<n<1M"),
    (10**7, "1M<n<10M"),
)


def render_card(inputs: CardInputs) -> str:
    """The text of the card."""
    return with_metadata(_metadata(inputs), render_datasheet(inputs))


def require_licence(dataset: DatasetConfig) -> None:
    """Refuses a dataset whose terms nobody could look up.

    Raises:
        UsageError: its licence is "other", and what it is called or where it stands is not given.
    """
    if dataset.license == OTHER and not (dataset.license_name.strip() and dataset.license_link.strip()):
        raise UsageError(
            f'dataset.license = "{OTHER}" says nothing: choose a licence, such as cc-by-4.0, '
            "or give dataset.license_name and dataset.license_link"
        )


def _metadata(inputs: CardInputs) -> dict[str, Any]:
    dataset = inputs.config.dataset
    return {
        # A line of dashes within a value would end the metadata.
        "pretty_name": on_one_line(dataset.title or dataset.name),
        "license": dataset.license,
        **{
            name: on_one_line(value)
            for name, value in (
                ("license_name", dataset.license_name),
                ("license_link", dataset.license_link),
            )
            if value
        },
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


def _rows_of(sizes: Mapping[str, Size]) -> int:
    return sum(size.rows for size in sizes.values())
