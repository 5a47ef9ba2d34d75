"""The label scheme: the one that is in the repository, and what is refused."""

from pathlib import Path

import pytest

from builder.config import StanceConfig
from builder.errors import ConfigError
from builder.review.scheme import plain_scheme, read_scheme

SCHEME = Path(__file__).parent.parent.parent / "annotations" / "scheme.toml"
LABELS = StanceConfig().labels

LABEL = """
[[labels]]
name = "{name}"
key = "{key}"
"""


def write(path: Path, head: str, *labels: tuple[str, str]) -> Path:
    path.write_text(head + "".join(LABEL.format(name=name, key=key) for name, key in labels))
    return path


def test_the_scheme_of_the_repository_can_be_shown() -> None:
    scheme = read_scheme(SCHEME, LABELS)
    assert [(one.name, one.key) for one in scheme.labels] == [
        ("favor", "1"),
        ("against", "2"),
        ("neutral", "3"),
    ]
    assert scheme.scale == ("against", "neutral", "favor")
    for one in scheme.labels:
        assert 0 < len(one.definition) <= 100  # a line beside its key
        assert f"**{one.name}**" in scheme.guidelines
    assert f"version {scheme.version}" in scheme.guidelines.splitlines()[0]
    for heading in ("## Is it a quotation", "## Who is the speaker?", "## Where does the speaker stand?"):
        assert heading in scheme.guidelines


def test_bare_labels_have_no_scale() -> None:
    scheme = plain_scheme(LABELS)
    assert [(one.name, one.key) for one in scheme.labels] == [
        ("favor", "1"),
        ("against", "2"),
        ("neutral", "3"),
    ]
    assert (scheme.scale, scheme.guidelines) == ((), "")
    assert len(plain_scheme([f"label {number}" for number in range(12)]).labels) == 12


@pytest.mark.parametrize(
    ("head", "labels", "told"),
    [
        ('version = "1"', [("yes", "1"), ("no", "1")], "labels: two have the same key"),
        ('version = "1"', [("yes", "f"), ("no", "2")], "labels.0.key"),
        ('version = "1"', [("yes", "1"), ("no", "0")], "labels.1.key"),
        ('version = "1"', [("yes", "1"), ("maybe", "2")], "labels: must be those of stance.labels: yes, no"),
        ('version = "1"\nscale = ["yes"]', [("yes", "1"), ("no", "2")], "scale: must name each label once"),
        ('version = "1"\ncolour = "red"', [("yes", "1"), ("no", "2")], "colour"),
        ('version = "1"\nguidelines = "none.md"', [("yes", "1"), ("no", "2")], "none.md: cannot be read"),
        ("version = ", [], "is not TOML in UTF-8"),
    ],
)
def test_what_is_no_scheme_is_refused_by_file_and_key(
    tmp_path: Path, head: str, labels: list[tuple[str, str]], told: str
) -> None:
    path = write(tmp_path / "scheme.toml", head, *labels)
    with pytest.raises(ConfigError) as error:
        read_scheme(path, ("yes", "no"))
    assert str(tmp_path) in str(error.value)
    assert told in str(error.value)
