"""Which requests for removal name nothing in the corpus; a name in another spelling would stay published."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow.parquet as pq

from builder.release.addresses import address_of
from builder.release.patterns import GivenPattern
from builder.release.removals import Removals, Request, urls_of
from builder.release.removed_names import NamePatterns, Sought

TEXTS = ("url", "title", "text", "site", "agency")
ROWS_AT_ONCE = 500


def unmet(
    removals: Removals, documents: Sequence[Path], quotations: Sequence[Path], speakers: Sequence[Path]
) -> list[Request]:
    """The requests that name nothing in the files of a workspace, in their order.

    Texts are read only as long as a name or a pattern is not found.
    """
    left = set(removals.requests)
    _look_up(left, "document", _values(documents, ["id"]))
    _look_up(left, "quotation", _values(quotations, ["id"]))
    _look_up(left, "speaker", _values(speakers, ["entity"]))
    _look_up_addresses(left, _values(documents, ["url"]))
    _search(left, removals, _values(speakers, ["name"]))
    _search(left, removals, _values(documents, TEXTS))
    return [one for one in removals.requests if one in left]


def _by(
    requests: Iterable[Request], kind: str, key: Callable[[str], str] = lambda value: value
) -> dict[str, list[Request]]:
    """The requests of a kind, by a key of what they name."""
    found: dict[str, list[Request]] = {}
    for one in requests:
        if one.kind == kind:
            found.setdefault(key(one.value), []).append(one)
    return found


def _look_up(left: set[Request], kind: str, values: Iterable[str]) -> None:
    """Takes away the requests of what is among some values."""
    asked = _by(left, kind)
    for value in values if asked else ():
        left.difference_update(asked.get(value, ()))


def _look_up_addresses(left: set[Request], urls: Iterable[str]) -> None:
    asked = _by(left, "url", lambda url: address_of(url).page)
    for url in urls if asked else ():
        some = asked.get(address_of(url).page, ())
        left -= {one for one in some if Removals(urls=urls_of([one.value])).names_address(url)}


def _search(left: set[Request], removals: Removals, texts: Iterable[str]) -> None:
    """Takes away the requests by which something of some texts is found."""
    asking: dict[Sought, list[Request]] = {}
    for value, requests in _by(left, "speaker").items():
        for name in removals.names.get(value, ()):
            asking.setdefault(name, []).extend(requests)
    names = NamePatterns(tuple(asking))
    given = {one.where: one for one in removals.patterns if isinstance(one, GivenPattern)}
    patterns = {one: given[one.where] for one in left if one.kind == "pattern"}
    searched = {*patterns, *(one for some in asking.values() for one in some)}
    for text in texts if searched else ():
        found = {one for match in names.finditer(text) for one in asking[match.name]}
        found |= {one for one in patterns.keys() & left if patterns[one].search(text)}
        left -= found
        searched -= found
        if not searched:
            return


def _values(files: Sequence[Path], columns: Sequence[str]) -> Iterator[str]:
    """The values of some columns that are not empty; addresses without their escapes, too."""
    for path in files:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=ROWS_AT_ONCE, columns=list(columns)):
                yield from _texts(batch.to_pydict())


def _texts(columns: dict[str, list[Any]]) -> Iterator[str]:
    for name, values in columns.items():
        for value in filter(None, values):
            yield value
            if name == "url" and "%" in value and unquote(value) != value:
                yield unquote(value)
