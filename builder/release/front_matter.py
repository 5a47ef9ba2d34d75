"""The metadata at the head of a dataset card, in YAML between two lines of dashes: written and read."""

from collections.abc import Mapping
from typing import Any

import yaml

from builder.errors import ReleaseError

LINE = "---\n"


def with_metadata(metadata: Mapping[str, Any], text: str) -> str:
    """A card of metadata and a text in Markdown."""
    front = yaml.safe_dump(dict(metadata), sort_keys=False, allow_unicode=True, width=100)
    return f"{LINE}{front}{LINE}\n{text}"


def metadata_of(card: str) -> dict[str, Any]:
    """The metadata of a card.

    Raises:
        ReleaseError: it has none, or what is there is no YAML.
    """
    front, end, _ = card.partition(f"\n{LINE}")  # a value may end in dashes, too
    if not (front.startswith(LINE) and end):
        raise ReleaseError("the card does not begin with metadata between two lines of dashes")
    try:
        metadata = yaml.safe_load(front)
    except yaml.YAMLError as error:
        raise ReleaseError(f"the metadata of the card are no YAML: {str(error).splitlines()[0]}") from error
    if not isinstance(metadata, dict):
        raise ReleaseError("the metadata of the card are no table")
    return metadata
