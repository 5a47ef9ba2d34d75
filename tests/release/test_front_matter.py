"""The metadata at the head of a card."""

import pytest

from builder.errors import ReleaseError
from builder.release.front_matter import metadata_of, with_metadata


def test_metadata_are_read_as_they_were_written() -> None:
    metadata = {"pretty_name": "Zürich: “quotes” ---", "configs": [{"config_name": "quotes"}]}
    card = with_metadata(metadata, "# Title\n\n---\n\nText.\n")
    assert card.startswith("---\npretty_name:")
    assert card.endswith("---\n\n# Title\n\n---\n\nText.\n")
    assert metadata_of(card) == metadata


@pytest.mark.parametrize(
    ("card", "problem"),
    [
        ("", "does not begin with metadata"),
        ("# Title\n", "does not begin with metadata"),
        ("---\nno end", "does not begin with metadata"),
        ("\n---\na: 1\n---\n", "does not begin with metadata"),
        ("---\na: [\n---\n", "are no YAML"),
        ("---\n- a\n---\n", "are no table"),
    ],
)
def test_a_card_without_metadata_is_refused(card: str, problem: str) -> None:
    with pytest.raises(ReleaseError, match=problem):
        metadata_of(card)
