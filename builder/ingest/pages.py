"""A page as a text: headline, standfirst, captions, the body by two opinions, and tags."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from builder.ingest import signs
from builder.ingest.agencies import (
    agency_as_author,
    agency_in_credit,
    agency_in_rights,
    agency_on_line,
    known_agency,
    without_agencies,
)
from builder.ingest.dates import find_date, first_date
from builder.ingest.draft import Draft, Facts, laid_out
from builder.ingest.html import Page, extract_page, extractor_names
from builder.ingest.metadata import agency_of_text, without_site
from builder.ingest.opinions import Settled, settle
from builder.ingest.zones import same_words
from builder.records import ZoneLabel


def read_page(text: str, url: str | None) -> Draft:
    """The article in the HTML of a page that was found at `url`, if that is known.

    Raises:
        Unusable: the page is more than the libraries can take.
    """
    page = extract_page(text, url)
    title = _title(page)
    headlines = [one for one in (title, page.title, *page.headlines) if one]
    lines = _without_headlines(page.lines, headlines)
    standfirst, lines = _standfirst(page, lines)
    settled = settle(lines, _without_headlines(page.second, headlines))
    text, zones = laid_out(_parts(page, title, standfirst, settled))
    return Draft(text, zones, _facts(page, title, settled, url), _extractor(settled))


TOP = 6  # lines within which the headline and the standfirst stand
STANDFIRST_WORDS = 4  # at least
TITLE_LETTERS = 8  # that a headline has at least, to be found in the page's title


def _letters(line: str) -> str:
    return "".join(filter(str.isalnum, line.casefold()))


def _title(page: Page) -> str | None:
    """The headline as the page shows it, or else its title without the site's name."""
    title = without_site(page.title, page.site) if page.title else None
    wanted = _letters(title or "")
    shown = [
        one
        for one in page.headlines
        if len(_letters(one)) >= TITLE_LETTERS and (_letters(one) in wanted or wanted in _letters(one))
    ]
    on_top = [one for line in page.lines[:TOP] for one in page.headlines if same_words(one, line)]
    return next(iter([*(shown if title else []), *on_top]), title)


def _without_headlines(lines: Sequence[str], headlines: Sequence[str]) -> list[str]:
    """The lines but for those on top that repeat a headline, which trafilatura puts before the body."""
    wanted = {_letters(one) for one in headlines}
    return [line for number, line in enumerate(lines) if number >= TOP or _letters(line) not in wanted]


def _standfirst(page: Page, lines: list[str]) -> tuple[str | None, list[str]]:
    """The heading that stands first in the article, or else the page's description; and the other lines."""
    on_top = len(lines) > 1 and lines[0] in page.headings and lines[1] not in page.headings
    if on_top and len(lines[0].split()) >= STANDFIRST_WORDS:
        return lines[0], lines[1:]
    description = page.description
    if description is None or description.endswith(("...", "…")):
        return None, lines
    said = _letters("".join([page.title or "", *page.headlines, *lines]))
    return (None if _letters(description) in said else description), lines


def _parts(
    page: Page, title: str | None, standfirst: str | None, settled: Settled
) -> Iterator[tuple[ZoneLabel, str]]:
    if not any(label == "body" for label, _ in settled.lines):
        return
    captions = {_letters(caption) for caption in page.captions}
    within = {_letters(line) for _, line in settled.lines}
    if title:
        yield "title", title
    if standfirst:
        yield "standfirst", standfirst
    yield from (("caption", one) for one in page.captions if _letters(one) not in within)
    for label, line in settled.lines:
        yield ("caption" if _letters(line) in captions else label), line
    if page.tags:
        yield "tags", ", ".join(page.tags)


def _facts(page: Page, title: str | None, settled: Settled, url: str | None) -> Facts:
    datelines = [line for label, line in settled.lines if label == "dateline"]
    published = find_date(page.published) if page.published else None
    return Facts(
        title=title,
        published=published or first_date([*datelines, *filter(signs.is_byline, page.second[: 2 * TOP])]),
        site=page.site or (_host(page.url) if page.url else None) or None,
        author=_people(page.author) if page.author else None,
        agency=next(filter(None, _agencies(page, settled, datelines)), None),
        url=_address(page.url, url),
    )


def _agencies(page: Page, settled: Settled, datelines: Sequence[str]) -> Iterator[str | None]:
    """What names the agency, the surest first."""
    yield agency_of_text([line for label, line in settled.lines if label == "body"])
    yield agency_as_author(page.author) if page.author else None
    yield from map(agency_on_line, datelines)
    yield from map(known_agency, page.second[: 2 * TOP])
    for label, line in settled.lines:
        if label in ("dateline", "boilerplate"):
            yield agency_in_credit(line)
            yield agency_in_rights(line)


def _people(authors: str) -> str | None:
    """The authors who are people: not an agency, nor an account ("webadmin")."""
    people = without_agencies(authors)
    return None if people and people.isascii() and " " not in people else people


def _address(canonical: str | None, found_at: str | None) -> str | None:
    """The canonical address, unless it claims to be another site's."""
    if canonical and found_at and _host(canonical) != _host(found_at):
        return found_at
    return canonical or found_at


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("amp.")
    except ValueError:
        return ""


def _extractor(settled: Settled) -> str:
    first, second = extractor_names()
    agreement = f"agreement {settled.agreement:.2f}"
    if settled.by_second == 0:
        return f"{first}; {agreement}"
    return f"{first}, {second} ({settled.by_second} lines); {agreement}"
