"""The news agency that a text comes from, told from the agency that took the picture.

An agency signs its text in the dateline ("MOSCOW (AP) —"), on a line of its own above the text, as
the author, in the rights or by the form of its credits. Captions are never looked at. Agencies that
are not listed here are known by form: a few capitals in a dateline's parentheses or on that line.
"""

import re
from collections.abc import Iterable


def agency_in_dateline(paragraph: str) -> str | None:
    """The agency that the beginning of an article's first paragraph names: "MOSCOW, May 3 (AP) —"."""
    found = _DATELINE.match(paragraph[:DATELINE_LENGTH])
    if found is None:
        return None
    agency = found["agency"]
    if not found["dash"]:
        return known_agency(agency) if found["place"].split(",")[0].strip().isupper() else None
    return known_agency(agency) or (agency if _CAPITALS.fullmatch(agency) else None)


def agency_on_line(line: str) -> str | None:
    """The agency that a line above the article names and nothing else: "AP", "By Reuters", "PTI |"."""
    name = _AROUND_NAME.sub("", line[:DATELINE_LENGTH]).strip()
    known = known_agency(name)
    return known or (name if _CAPITALS.fullmatch(name) and name not in BUTTONS else None)


def agency_signing(paragraph: str) -> str | None:
    """The agency that an article's last paragraph is signed with, as some do: "…, he said. PTI"."""
    found = _SIGNED.search(paragraph[-DATELINE_LENGTH:])
    return known_agency(found[1]) if found else None


def agency_as_author(authors: str) -> str | None:
    """The agency among an article's authors: "Associated Press", "Jane Roe, AP Sports Writer"."""
    for author in _AUTHORS.split(authors):
        known = known_agency(author)
        role = _ROLE.match(author.strip())
        if known or (role and known_agency(role[1])):
            return known or known_agency(role[1] if role else "")
    return None


def agency_in_rights(line: str) -> str | None:
    """The agency that holds the rights to an article: "© 2019 Associated Press. All rights reserved."."""
    found = _RIGHTS.search(line[:DATELINE_LENGTH])
    return known_agency(found[1]) if found else None


def agency_in_credit(line: str) -> str | None:
    """The agency by whose manner an article's credits are written."""
    head = line[: 2 * DATELINE_LENGTH].casefold()
    if "reporting by " in head and "editing by " in line.casefold()[: 10 * DATELINE_LENGTH]:
        return "Reuters"
    return "AP" if re.match(r"\W{0,3}associated press (?:\w+ ){0,2}(?:writers?|reporters?)\b", head) else None


def known_agency(name: str) -> str | None:
    """How an agency is called here, by any of its names."""
    return AGENCIES.get(" ".join(name.casefold().removeprefix("the ").split()))


def without_agencies(authors: str) -> str | None:
    """The people among an article's authors, joined by commas, or None where there are none."""
    names = (author.strip(" ,|") for author in _AUTHORS.split(authors))
    people = [
        name
        for name in names
        if name and not known_agency(name) and not ((role := _ROLE.match(name)) and known_agency(role[1]))
    ]
    return ", ".join(dict.fromkeys(people)) or None


def first_agency(found: Iterable[str | None]) -> str | None:
    """The first that was found."""
    return next((one for one in found if one), None)


AGENCIES = {
    name: short
    for short, names in {
        "AAP": ("aap", "australian associated press"),
        "AFP": ("afp", "agence france-presse", "agence france presse"),
        "Anadolu": ("anadolu", "anadolu agency", "anadolu ajansı"),
        "ANI": ("ani", "asian news international"),
        "ANSA": ("ansa",),
        "AP": ("ap", "associated press"),
        "APA": ("apa", "austria presse agentur"),
        "Belga": ("belga",),
        "Bernama": ("bernama",),
        "Bloomberg": ("bloomberg", "bloomberg news"),
        "Canadian Press": ("canadian press", "la presse canadienne"),
        "dpa": ("dpa", "deutsche presse-agentur"),
        "EFE": ("efe", "agencia efe"),
        "IANS": ("ians", "indo-asian news service"),
        "Interfax": ("interfax",),
        "Jiji": ("jiji", "jiji press"),
        "Kyodo": ("kyodo", "kyodo news"),
        "Lusa": ("lusa", "agência lusa"),
        "PA": ("pa", "pa media", "press association"),
        "PTI": ("pti", "press trust of india"),
        "Reuters": ("reuters", "thomson reuters", "reuters staff"),
        "RIA Novosti": ("ria", "ria novosti"),
        "SID": ("sid", "sport-informations-dienst"),
        "TASS": ("tass", "itar-tass"),
        "UNI": ("uni", "united news of india"),
        "UPI": ("upi", "united press international"),
        "Xinhua": ("xinhua", "xinhua news agency"),
        "Yonhap": ("yonhap", "yonhap news agency"),
    }.items()
    for name in names
}
# Capitals that stand between headline and text and are no agency's.
BUTTONS = frozenset(
    "AD ADS AM CLOSE COPY EMAIL EU FAQ HOME LIVE LOGIN MAIL MENU MORE NEWS PDF PHOTO PLAY PM PRINT RSS SAVE "
    "SHARE SPORT SPORTS TEXT TODAY TOP TV TWEET UK UN US USA VIDEO VIEW WORLD".split()
)
DATELINE_LENGTH = 160  # characters in which a dateline or a name ends

_CAPITALS = re.compile(r"[A-Z]{2,6}")
_DATELINE = re.compile(
    r"(?P<place>[A-Z][^()\n]{1,70}|\W{0,3})\((?P<agency>[A-Z][\w .&-]{1,30})\)\s{0,2}(?P<dash>[-–—:]|$|)"
)
_SIGNED = re.compile(r"[.!?][\"”’)]{0,2}\s{1,3}[-–—(]?\s?([A-Z][\w ]{1,30})[).]?$")
_AROUND_NAME = re.compile(r"^\W*(?:by\b|from\b|source\b:?)\s*(?!$)|^\W+|\W+$", re.IGNORECASE)
_AUTHORS = re.compile(r"[;|/]|,\s| and | & ")
_ROLE = re.compile(
    r"(.{2,40}?)\s+(?:\w+\s+)?(?:staff|writers?|reporters?|correspondents?|editors?|news service)\b",
    re.IGNORECASE,
)
_RIGHTS = re.compile(
    r"(?:©|\(c\)|copyright)[\s\d©,–-]{0,20}(?:by )?(?:the )?([A-Z][\w -]{1,30}?)\s*(?:[.,|(]|all rights|$)",
    re.IGNORECASE,
)
