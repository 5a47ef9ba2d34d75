"""Reading the label scheme: what annotators choose from, and the guidelines that they work by."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from builder.config import Section
from builder.errors import ConfigError
from builder.review.items import Label, Scheme


class _Label(Section):
    name: Annotated[str, Field(min_length=1)]
    key: Annotated[str, Field(pattern="^[1-9]$")]  # 0 is "cannot tell", and letters are actions
    definition: str = ""


class _Scheme(Section):
    version: Annotated[str, Field(min_length=1, max_length=50)]
    guidelines: str = ""
    scale: Annotated[list[str], Field(default_factory=list)]
    labels: Annotated[list[_Label], Field(min_length=2)]


def read_scheme(path: Path, labels: Sequence[str]) -> Scheme:
    """The scheme of a TOML file; its guidelines are a Markdown file beside it.

    Raises:
        ConfigError: a file cannot be read, is not what it should be, or has other labels than `labels`.
    """
    try:
        read = _Scheme.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        guide = path.parent / read.guidelines
        guidelines = guide.read_text(encoding="utf-8") if read.guidelines else ""
    except OSError as error:
        raise ConfigError(error.filename or path, "", f"cannot be read: {error.strerror}") from error
    except ValidationError as error:
        problem = error.errors()[0]
        raise ConfigError(path, ".".join(map(str, problem["loc"])), problem["msg"]) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(path, "", f"is not TOML in UTF-8: {error}") from error
    if sorted(label.name for label in read.labels) != sorted(labels):
        raise ConfigError(path, "labels", f"must be those of stance.labels: {', '.join(labels)}")
    if len({label.key for label in read.labels}) < len(read.labels):
        raise ConfigError(path, "labels", "two have the same key")
    if read.scale and sorted(read.scale) != sorted(labels):
        raise ConfigError(path, "scale", f"must name each label once: {', '.join(labels)}")
    found = tuple(Label(one.name, one.key, one.definition) for one in read.labels)
    return Scheme(read.version, found, guidelines, tuple(read.scale))


def plain_scheme(labels: Sequence[str]) -> Scheme:
    """A scheme of bare labels, the first nine given by the number keys."""
    return Scheme("", tuple(Label(name, str(number), "") for number, name in enumerate(labels, 1)), "")
