"""HTML pages as libraries read them: trafilatura's article, and resiliparse's as a second opinion.

The page is parsed once for trafilatura and for what is looked up here; resiliparse has its own
parser and is so fast that this costs little.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Any

import trafilatura
from htmldate import find_date
from resiliparse.extract.html2text import extract_plain_text
from trafilatura import metadata

from builder.ingest.draft import Unusable
from builder.ingest.repair import mend, mend_markup
from builder.records import RejectReason


@dataclass(frozen=True, slots=True)
class Page:
    """What the libraries find in a page.

    `lines` are the article by trafilatura, `headings` those of them that are headings, `second` the
    article by resiliparse; `headlines` are the page's first-level headings, `captions` those of the
    figures in its main part.
    """

    lines: tuple[str, ...] = ()
    headings: frozenset[str] = frozenset()
    second: tuple[str, ...] = ()
    headlines: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    title: str | None = None
    description: str | None = None
    tags: tuple[str, ...] = ()
    author: str | None = None
    published: str | None = None
    site: str | None = None
    url: str | None = None


def extract_page(text: str, url: str | None) -> Page:
    """What is in the HTML of a page that was found at `url`, if that is known.

    Raises:
        Unusable: it has too many tags, they are nested too deeply, or a library fails on them.
    """
    _silence()
    _check_tags(text)
    text = mend_markup(_without_code(text))
    try:
        tree = _parsed(text)
        if tree is None:
            return Page()
        _check_depth(tree)
        about = _metadata(tree, url)
        found: Any = trafilatura.bare_extraction(tree, url=url, include_comments=False)
        second = extract_plain_text(text, main_content=True, alt_texts=False, comments=False)
    except Unusable:
        raise
    except Exception as error:  # whatever a library raises on a hostile page, the run goes on
        raise Unusable(RejectReason.CORRUPT, f"no library can read the page: {error!r}") from error
    if found is None:
        return Page(second=_lines(mend(second)), headlines=tuple(_texts(tree, "h1")))
    text = mend(found.text or "")
    return Page(
        lines=_lines(text),
        headings=frozenset(_texts(found.body, "head")),
        # Where the first opinion needed no mending, the second needs none to be compared with it.
        second=_lines(second if text == found.text else mend(second)),
        headlines=tuple(_texts(tree, "h1")),
        captions=tuple(dict.fromkeys(_captions(tree))),
        title=_said(about.title),
        description=_said(about.description),
        tags=tuple(_tags(about.tags or [])),
        author=_said(about.author),
        published=about.date,
        site=_said((about.sitename or "").lstrip("@")),
        url=_said(about.url),
    )


@cache
def extractor_names() -> tuple[str, str]:
    """The two libraries with their versions."""
    return f"trafilatura {version('trafilatura')}", f"resiliparse {version('resiliparse')}"


MOST_TAGS = 100_000  # a page of news has some thousands
DEEPEST = 240  # levels; the parser silently drops what lies deeper than 256
MOST_KEYWORDS = 50
BESIDE = {"aside", "nav", "footer"}  # elements whose figures are not the article's
# Fixed, or the same page would have another date tomorrow.
DATE_SEARCH: dict[str, Any] = {"original_date": True, "extensive_search": False, "max_date": "2099-12-31"}
LIBRARY_LOGGERS = ("trafilatura", "htmldate", "courlan", "justext", "py3langid")

_TAG = re.compile(r"<[A-Za-z]")
_CODE = re.compile(r"<(script|style|svg)\b[^>]{0,2000}>", re.IGNORECASE)
_CODE_END = {name: re.compile(rf"</{name}\s{{0,20}}>", re.IGNORECASE) for name in ("script", "style", "svg")}


@cache
def _silence() -> None:
    """What the libraries log about a page is said by its reject."""
    for name in LIBRARY_LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _check_tags(text: str) -> None:
    if text.count("<") > MOST_TAGS and (tags := len(_TAG.findall(text))) > MOST_TAGS:
        raise Unusable(RejectReason.TOO_COMPLEX, f"{tags} tags, more than {MOST_TAGS}")


def _check_depth(tree: Any) -> None:
    if tree.xpath("boolean(" + "/*" * DEEPEST + ")"):
        raise Unusable(RejectReason.TOO_COMPLEX, f"tags nested more than {DEEPEST} deep")


def _without_code(text: str) -> str:
    """The page without scripts, styles and drawings, which hold no text: half of it, for the parsers.

    Data in scripts stay. What is opened and not closed stays too.
    """
    parts: list[str] = []
    kept = at = 0
    unclosed: set[str] = set()
    while opened := _CODE.search(text, at):
        name = opened[1].lower()
        closed = None if name in unclosed else _CODE_END[name].search(text, opened.end())
        at = closed.end() if closed else opened.end()
        if closed is None:
            unclosed.add(name)  # nor will it be closed further on: looking again would cost quadratic time
        elif "json" not in opened[0].lower():
            parts.append(text[kept : opened.start()])
            kept = at
    return "".join([*parts, text[kept:]])


def _parsed(text: str) -> Any:
    # A fragment without html and body may be refused.
    return trafilatura.load_html(text) if "<html" in text[:4096].lower() else _parsed_fragment(text)


def _parsed_fragment(text: str) -> Any:
    return trafilatura.load_html(f"<html><body>{text}</body></html>")


def _metadata(tree: Any, url: str | None) -> Any:
    """What the page says about itself, as far as that can be read."""
    try:
        return _read_metadata(tree, url)
    except Exception:  # noqa: BLE001 - an article is not lost because its page describes it in broken data
        return metadata.Document()


def _read_metadata(tree: Any, url: str | None) -> Any:
    """What `trafilatura.extract_metadata` finds, but for licence and categories, which cost as much again."""
    found = metadata.extract_meta_json(tree, metadata.examine_meta(tree))
    found.title = found.title or metadata.extract_title(tree)
    found.author = found.author or metadata.extract_author(tree)
    found.url = found.url or metadata.extract_url(tree, url)
    found.sitename = found.sitename or metadata.extract_sitename(tree)
    found.tags = found.tags or metadata.extract_catstags("tag", tree)
    found.date = find_date(tree, url=found.url, **DATE_SEARCH)
    found.clean_and_trim()
    return found


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.removeprefix("- ") for line in text.split("\n") if line and not line.isspace())


def _texts(tree: Any, tag: str) -> Iterator[str]:
    for element in tree.iter(tag):
        if said := _said("".join(element.itertext())):
            yield said


def _captions(tree: Any) -> Iterator[str]:
    for element in tree.iter("figcaption"):
        around = {above.tag for above in element.iterancestors()}
        if not around & BESIDE and (caption := _said(" ".join(element.itertext()))):
            yield caption


def _said(value: str | None) -> str | None:
    return (" ".join(mend(value).split()) or None) if value else None


def _tags(found: list[str]) -> Iterator[str]:
    keywords = (said for some in found for one in some.split(",") if (said := _said(one)))
    yield from list(dict.fromkeys(keywords))[:MOST_KEYWORDS]
