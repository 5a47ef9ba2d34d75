"""Reading what another program wrote: a JSON object whose fields are of unknown types."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of an object; each reader raises a ValueError that names the field and what it should be."""

    values: Mapping[str, Any]

    def value(self, name: str) -> Any:
        """Whatever a field holds; None where it is missing."""
        return self.values.get(name)

    def text(self, name: str) -> str:
        """A field that must be text."""
        value = self.values.get(name)
        self._require(name, isinstance(value, str), "text")
        return cast(str, value)

    def optional_text(self, name: str) -> str | None:
        """A field that must be text, or null or missing."""
        value = self.values.get(name)
        self._require(name, value is None or isinstance(value, str), "text")
        return cast(str | None, value)

    def texts(self, name: str, count: int | None = None) -> list[str]:
        """A field that must be a list of texts, of a certain number if one is given."""
        value = self.values.get(name)
        good = isinstance(value, list) and all(isinstance(one, str) for one in value)
        self._require(name, good, "a list of texts")
        self._require(name, count in (None, len(cast(list[str], value))), f"a list of {count}")
        return cast(list[str], value)

    def fields(self, name: str) -> "Fields":
        """A field that must be an object."""
        value = self.values.get(name)
        self._require(name, isinstance(value, dict), "an object")
        return Fields(cast(dict[str, Any], value))

    def many(self, name: str) -> list["Fields"]:
        """A field that must be a list of objects."""
        value = self.values.get(name)
        good = isinstance(value, list) and all(isinstance(one, dict) for one in value)
        self._require(name, good, "a list of objects")
        return [Fields(one) for one in cast(list[dict[str, Any]], value)]

    def lists(self, name: str) -> list[list[Any]]:
        """A field that must be a list of lists."""
        value = self.values.get(name)
        good = isinstance(value, list) and all(isinstance(one, list) for one in value)
        self._require(name, good, "a list of lists")
        return cast(list[list[Any]], value)

    def flag(self, name: str) -> bool:
        """A field that must be true or false; false where it is missing or null."""
        value = self.values.get(name)
        self._require(name, value is None or isinstance(value, bool), "true or false")
        return bool(value)

    def offset(self, name: str) -> int:
        """A field that must be an offset."""
        value = self.values.get(name)
        self._require(name, _is_whole(value) and 0 <= cast(int, value) <= sys.maxsize, "an offset")
        return cast(int, value)

    def seconds(self, name: str) -> float | None:
        """A field that must be a number of seconds, or null or missing."""
        value = self.values.get(name)
        # Compared, not converted: an integer of JSON can be too large for a float.
        good = (_is_whole(value) or isinstance(value, float)) and 0 <= cast(
            float, value
        ) <= sys.float_info.max
        self._require(name, value is None or good, "a number of seconds")
        return None if value is None else float(cast(float, value))

    def _require(self, name: str, good: bool, expected: str) -> None:
        if not good:
            shown = repr(self.values.get(name))
            shown = shown if len(shown) <= 60 else shown[:57] + "..."
            raise ValueError(f"`{name}` must be {expected} (got {shown})")


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
