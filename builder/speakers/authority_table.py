"""Reading an authority table: the people and bodies that a user knows, from CSV or Parquet.

A table that is wrong anywhere is refused as a whole, by the line or row: a link to a wrong person is worse
than a run that does not start.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

import pyarrow as pa
import pyarrow.parquet as pq

from builder.errors import ConfigError
from builder.ids import sha256
from builder.records import SpeakerKind
from builder.speakers.person_names import key_of_words


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody in the table.

    `kind` is empty where the table does not say. Nobody is linked to it in articles before `first` or
    after `last`, which are ISO 8601 dates.
    """

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    wikidata: str = ""
    kind: SpeakerKind | None = None
    description: str = ""
    first: str = ""
    last: str = ""


COLUMNS = (
    "id", "name", "aliases", "wikidata", "kind", "description", "roles",
    "born", "died", "active_from", "active_to",
)  # fmt: skip
MOST_BYTES = 512 * 2**20
LONGEST_TEXT = 5_000  # characters of one value
MOST_ALIASES = 200
ROWS_AT_ONCE = 1_000
_KINDS = ("person", "organisation", "government")
_BETWEEN_ALIASES = re.compile(r"[|;]")
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_WIKIDATA = re.compile(r"Q[1-9]\d*")

Row = tuple[str, Mapping[str, Any]]


def read_entries(path: Path) -> list[Entry]:
    """The entries of a table, sorted by id.

    Columns are `id`, `name` and, where there are any, the others of `COLUMNS`; `aliases` are separated
    by | or ; in CSV and are a list in Parquet, `roles` and `description` are free text, dates are years,
    months or days.

    Raises:
        ConfigError: the table cannot be read, has no or other columns, an id twice, or a wrong value; the
            line (CSV) or row (Parquet) is named.
    """
    entries: dict[str, Entry] = {}
    places: dict[str, str] = {}
    for place, row in _rows(path):
        try:
            entry = _entry(row)
        except ValueError as error:
            raise ConfigError(path, place, str(error)) from error
        if entry.id in entries:
            raise ConfigError(path, place, f"the id {entry.id!r} is that of {places[entry.id]}, too")
        entries[entry.id], places[entry.id] = entry, place
    if not entries:
        raise ConfigError(path, "", "has no rows")
    return [entries[one] for one in sorted(entries)]


def fingerprint_of(entries: Iterable[Entry]) -> str:
    """A hash of what entries say; the order of a table's rows and columns changes nothing."""
    rows = sorted(json.dumps(asdict(entry), ensure_ascii=False, sort_keys=True) for entry in entries)
    return sha256("\n".join(rows).encode())


def _rows(path: Path) -> Iterator[Row]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ConfigError(path, "", f"is larger than {MOST_BYTES // 2**20} MB")
        yield from (_parquet_rows if path.suffix.lower() == ".parquet" else _csv_rows)(path)
    except OSError as error:
        raise ConfigError(path, "", f"cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(path, "", f"is not UTF-8: byte {error.start}") from error
    except pa.ArrowException as error:
        raise ConfigError(path, "", f"is not readable: {str(error).splitlines()[0]}") from error


def _csv_rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, strict=True)
        columns: list[str] = []
        try:
            for values in reader:
                if not columns:
                    columns = _checked_columns(path, [one.strip() for one in values])
                elif values:
                    place = f"line {reader.line_num}"
                    if len(values) != len(columns):
                        raise ConfigError(path, place, f"{len(values)} values for {len(columns)} columns")
                    yield place, dict(zip(columns, values, strict=True))
        except csv.Error as error:
            raise ConfigError(path, f"line {reader.line_num}", f"is not CSV: {error}") from error


def _parquet_rows(path: Path) -> Iterator[Row]:
    with pq.ParquetFile(path) as file:
        _checked_columns(path, file.schema_arrow.names)
        number = 0
        for batch in file.iter_batches(batch_size=ROWS_AT_ONCE):
            for row in batch.to_pylist():
                number += 1
                yield f"row {number}", row


def _checked_columns(path: Path, columns: list[str]) -> list[str]:
    missing = [one for one in ("id", "name") if one not in columns]
    unknown = [one for one in columns if one not in COLUMNS]
    twice = [one for one in columns if columns.count(one) > 1]
    if unknown:
        raise ConfigError(path, "", f"unknown column {unknown[0]!r}; known are {', '.join(COLUMNS)}")
    if missing or twice:
        raise ConfigError(path, "", f"column {missing[0]!r} is missing" if missing else f"{twice[0]!r} twice")
    return columns


def _entry(row: Mapping[str, Any]) -> Entry:
    """One entry of a row's values; a ValueError says what is wrong."""
    texts = {name: _text(name, row.get(name)) for name in COLUMNS if name != "aliases"}
    for name in ("id", "name"):
        if not texts[name]:
            raise ValueError(f"{name} is empty")
    names = [texts["name"], *_aliases(row.get("aliases"))]
    for one in names:
        if not key_of_words(one):
            raise ValueError(f"the name {one!r} has neither a letter nor a digit")
    if texts["kind"] and texts["kind"] not in _KINDS:
        raise ValueError(f"kind is one of {', '.join(_KINDS)} (got {texts['kind']!r})")
    if texts["wikidata"] and not _WIKIDATA.fullmatch(texts["wikidata"]):
        raise ValueError(f"wikidata is an id such as Q42 (got {texts['wikidata']!r})")
    first, last = _period(texts)
    return Entry(
        id=texts["id"],
        name=texts["name"],
        aliases=tuple(sorted(set(names[1:]) - {texts["name"]})),
        wikidata=texts["wikidata"],
        kind=cast(SpeakerKind | None, texts["kind"] or None),
        description="; ".join(one for one in (texts["roles"], texts["description"]) if one),
        first=first,
        last=last,
    )


def _text(name: str, value: Any) -> str:
    """A value as text without blanks around it; a number or a date of Parquet is written out."""
    if value is None:
        return ""
    if isinstance(value, list | tuple) and name == "roles":
        return "; ".join(_text("a role", one) for one in value)
    if isinstance(value, bool) or not isinstance(value, str | int | date):
        raise ValueError(f"{name} is not text (got {str(value)[:40]!r})")
    text = value.isoformat()[:10] if isinstance(value, date) else str(value)
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"{name} has {len(text)} characters, more than {LONGEST_TEXT}")
    if _UNPRINTABLE.search(text):
        raise ValueError(f"{name} has a control character")
    return " ".join(text.split())


def _aliases(value: Any) -> Iterable[str]:
    values = value if isinstance(value, list | tuple) else _BETWEEN_ALIASES.split(_text("aliases", value))
    if len(values) > MOST_ALIASES:
        raise ValueError(f"{len(values)} aliases, more than {MOST_ALIASES}")
    return [text for one in values if (text := _text("an alias", one))]


def _period(texts: Mapping[str, str]) -> tuple[str, str]:
    """From the first to the last day, as born, died, active_from and active_to say together."""
    firsts, lasts = [], []
    for begin, end in (("born", "died"), ("active_from", "active_to")):
        first, last = _day(begin, texts[begin], "-01-01"), _day(end, texts[end], "-12-31")
        if first and last and first > last:
            raise ValueError(f"{begin} {texts[begin]} is after {end} {texts[end]}")
        firsts.append(first)
        lasts.append(last)
    return max(firsts), min((one for one in lasts if one), default="")


def _day(name: str, text: str, rest: str) -> str:
    """A day, completed by as much of `rest` as is missing; an empty text stays empty."""
    if not text:
        return ""
    if not _DATE.fullmatch(text):
        raise ValueError(f"{name} is a date such as 1962, 1962-05 or 1962-05-17 (got {text!r})")
    missing = len(text) - len("1962")
    try:
        date.fromisoformat(text + "-01-01"[missing:])
    except ValueError as error:
        raise ValueError(f"{name} {text} is no date of the calendar") from error
    # Texts are compared, so "1962-02-31" is as good as the last day of that month.
    return text + rest[missing:]
