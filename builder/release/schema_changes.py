"""What differs in the columns of two releases, and whether it breaks a program that reads them."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from builder.release.folder import classes_of


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """A difference between the columns of two releases; `breaking` where a program may no longer work."""

    config: str
    column: str | None
    change: str
    breaking: bool

    def __str__(self) -> str:
        place = f"{self.config}.{self.column}" if self.column else f"configuration {self.config}"
        return f"{place}: {self.change}"


def changes_of_configs(before: Collection[str], after: Collection[str]) -> list[SchemaChange]:
    """Configurations that came or went; one that came breaks nothing."""
    gone = [SchemaChange(name, None, "removed", True) for name in sorted(set(before) - set(after))]
    new = [SchemaChange(name, None, "added", False) for name in sorted(set(after) - set(before))]
    return gone + new


def changes_of_columns(
    config: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[SchemaChange]:
    """Columns of one configuration that came, went, or are of another type: each can break a program."""
    columns = [*before, *(name for name in after if name not in before)]
    found = {name: _change(before.get(name), after.get(name)) for name in columns}
    return [SchemaChange(config, name, change, True) for name, change in found.items() if change]


def type_of(column: Any) -> str:
    """The type of a column as people read it."""
    classes = classes_of(column)
    if classes is not None:
        return f"one of {', '.join(classes)}"
    if isinstance(column, Mapping) and "dtype" in column:
        return str(column["dtype"])
    return json.dumps(column, sort_keys=True)


def _change(before: Any, after: Any) -> str | None:
    if before == after:
        return None
    if after is None:
        return "removed"
    if before is None:
        return f"added: {type_of(after)}"
    return f"changed from {type_of(before)} to {type_of(after)}"
