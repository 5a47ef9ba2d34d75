"""What the lines of a text dump say about the article: its site, author, agency and day."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from builder.ingest import signs
from builder.ingest.agencies import (
    agency_as_author,
    agency_in_credit,
    agency_in_dateline,
    agency_in_rights,
    agency_on_line,
    agency_signing,
    first_agency,
    known_agency,
    without_agencies,
)
from builder.ingest.blocks import Block
from builder.ingest.dates import find_date, first_date
from builder.ingest.draft import Facts
from builder.ingest.zones import Zoned


def facts_of_dump(page: Sequence[Block], zones: Zoned) -> Facts:
    """The facts that the blocks of a page state, by their zones."""
    lines = [block.words for block in page]
    author = _author(lines, zones)
    return Facts(
        title=zones.headline,
        published=_published(lines, zones),
        site=_site(lines, zones),
        author=without_agencies(author) if author else None,
        agency=_agency(lines, zones, author),
    )


def agency_of_text(paragraphs: Sequence[str]) -> str | None:
    """The agency that the article itself names, in its dateline or its credits."""
    return first_agency(
        [
            *(agency_in_dateline(paragraph) for paragraph in paragraphs[:DATELINE_WITHIN]),
            *(agency_signing(paragraph) for paragraph in paragraphs[-1:]),
            *(agency_in_credit(paragraph) for paragraph in paragraphs[-CREDITS_WITHIN:]),
        ]
    )


def name_in_byline(line: str) -> str | None:
    """The name after "By": "By Jane Roe, political editor | Updated …" names Jane Roe."""
    found = _BY.match(line[:BYLINE_LENGTH])
    name = _AFTER_NAME.split(found[1])[0].strip() if found else ""
    return name if _is_name(name) else None


def without_site(title: str, site: str | None) -> str:
    """A page's title without its site's name at either end."""
    parts = _SEPARATOR.split(title)
    if not site or len(parts) < 2:
        return title
    kept = [part for part in parts if _letters(part) not in (_letters(site), "")]
    first, last = title.find(kept[0]) if kept else 0, title.rfind(kept[-1]) if kept else 0
    return title[first : last + len(kept[-1])] if kept else title


DATELINE_WITHIN = 2  # paragraphs from the beginning of the body
CREDITS_WITHIN = 3  # paragraphs from its end
RIGHTS_WITHIN = 6  # blocks after the body
STAMP_LENGTH = 40  # characters of a line that is hardly more than a date
BYLINE_LENGTH = 200  # characters
MASTHEAD_WITHIN = 3  # lines
SITE_WORDS = 6  # of a site's name, at most

_BY = re.compile(r"(?:by|von|par|por|di|автор:?|текст:?)\s+(.+)", re.IGNORECASE)
_AFTER_NAME = re.compile(r"[,|•·@(\d]|\s[-–—]\s|\b(?:updated|published|posted|on)\b", re.IGNORECASE)
_NAME = re.compile(
    r"(?:[^\W\d_a-z][\w.’'-]*)(?:\s+(?:[^\W\d_a-z][\w.’'-]*|and|und|et|e|y|de|van|von|der|al|bin|&)){0,7}"
)
_ROLE = re.compile(
    r"\b(?:reporter|correspondent|editor|writer|columnist|journalist|redakteur\w*|journaliste|redator\w*)\b",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s+[|:–—·•»«-]\s+|\s*[|:]\s+")
_CELL = re.compile(r"\s*[|•·]\s*")
_RIGHTS = re.compile(
    r"(?:©|\(c\)|copyright)[\s\d©,–-]*(?:by )?([^\W\d_][\w .&’'-]{1,40}?)"
    r"\s*(?:\.(?:\s|$)|[,|(]|all rights|$)",
    re.IGNORECASE,
)
_UPDATED = re.compile(r"\W*(?:last )?(?:updated?|modified)\b", re.IGNORECASE)


def _letters(line: str) -> str:
    return "".join(filter(str.isalnum, line.casefold()))


def _is_name(words: str) -> bool:
    return _NAME.fullmatch(words) is not None and not signs.opens_section(words)


def _above(lines: Sequence[str], zones: Zoned) -> Iterator[str]:
    """The datelines between headline and body, then those above the headline, then those right after it."""
    titles = [number for number, label in enumerate(zones.labels[: zones.run.start]) if label == "title"]
    for number in range(titles[0] + 1 if titles else zones.run.start, zones.run.start):
        if zones.labels[number] == "dateline" or len(lines[number]) <= STAMP_LENGTH:
            yield lines[number]
    yield from (line for line in reversed(lines[: zones.run.start]) if signs.is_byline(line))
    yield from (line for line in lines[zones.run.stop :][:RIGHTS_WITHIN] if signs.is_byline(line))


def _published(lines: Sequence[str], zones: Zoned) -> str | None:
    stamps = list(_above(lines, zones))
    first = [line for line in stamps if not _UPDATED.match(line)]
    return first_date(first) or (find_date(lines[0]) if lines else None) or first_date(stamps)


def _author(lines: Sequence[str], zones: Zoned) -> str | None:
    titles = [number for number, label in enumerate(zones.labels[: zones.run.start]) if label == "title"]
    start = titles[0] if titles else max(0, zones.run.start - RIGHTS_WITHIN)
    head = lines[start : zones.run.start]
    return (
        next((name for line in head if (name := name_in_byline(line))), None)
        # "Jane Roe" above "Political editor".
        or next(
            (one for one, below in pairwise(head) if _is_person(one) and _ROLE.search(below)),
            None,
        )
        or next(
            (cell for line in head if find_date(line) for cell in _CELL.split(line) if _is_person(cell)), None
        )
    )


def _is_person(words: str) -> bool:
    return _is_name(words) and 2 <= len(words.split()) <= 4 and not words.isupper()


def _agency(lines: Sequence[str], zones: Zoned, author: str | None) -> str | None:
    body = [line for line, label in zip(lines, zones.labels, strict=True) if label == "body"]
    datelines = [
        line
        for line, label in zip(lines[: zones.run.start], zones.labels, strict=False)
        if label == "dateline"
    ]
    after = lines[zones.run.stop :][:RIGHTS_WITHIN]
    credited = [
        line
        for number, line in enumerate(lines)
        if zones.labels[number] == "dateline" and number >= zones.run.start
    ]
    return first_agency(
        [
            agency_of_text(body),
            *map(agency_on_line, reversed(datelines)),
            agency_as_author(author) if author else None,
            *(known_agency(line.strip(" -–—()|")) for line in credited),
            *map(agency_in_credit, [*credited, *after]),
            *map(agency_in_rights, [*(lines[number] for number in zones.run), *after]),
        ]
    )


def _site(lines: Sequence[str], zones: Zoned) -> str | None:
    """The site's name: beside the headline in the first line, on top and again below, or in the rights."""
    if not lines:
        return None
    return (
        _beside_headline(lines[0], zones.headline)
        or _masthead(lines, zones)
        or _holder_of_rights(lines, zones)
    )


def _beside_headline(first: str, headline: str | None) -> str | None:
    at = first.find(headline) if headline else -1
    if at < 0 or not headline:
        return None
    after = first[at + len(headline) :].strip(" |:–—·•»«-")
    before = first[:at].strip(" |:–—·•»«-")
    name = after or ("" if find_date(before) else before)
    return name if 0 < len(name.split()) <= SITE_WORDS else None


def _masthead(lines: Sequence[str], zones: Zoned) -> str | None:
    elsewhere = [*lines[MASTHEAD_WITHIN : zones.run.start], *lines[zones.run.stop :]]
    said = " ".join(map(_letters, elsewhere))
    for line in lines[: min(MASTHEAD_WITHIN, zones.run.start)]:
        name = _SEPARATOR.split(line)[0].strip()
        if 1 < len(name.split()) <= SITE_WORDS and _is_name(name) and _letters(name) in said:
            return name.title() if name.isupper() else name
    return None


def _holder_of_rights(lines: Sequence[str], zones: Zoned) -> str | None:
    for line in lines[zones.run.stop :]:
        found = _RIGHTS.search(line[:BYLINE_LENGTH])
        if found and not agency_in_rights(line) and len(found[1].split()) <= SITE_WORDS:
            return found[1]
    return None
