"""`python -m eval authority`: speakers linked to a table, and grouped without one, on PolNeAR's people.

The table is made of the people of the training articles, by the names that readers gave them, described by
the words that stand with their names there. For each of them it has two more entries who do not exist: one
has the surname of another, one the given name. People of the development articles are then linked by their
full names and by shorter forms, one person at a time, the others of the article being given in full. Two
people of one given name and surname are taken for one person, which in news of one year about one
country's politics they nearly always are; one with a nickname and a full name is taken for two.
"""

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from builder.ingest.documents import as_given
from builder.records import Document, Speaker, to_table
from builder.speakers.authority import Authority, authority_of, link
from builder.speakers.authority_table import Entry
from builder.speakers.bearers import Bearer, bearers_of
from builder.speakers.identities import identities
from builder.speakers.occupations import describe

from .data import fingerprint
from .metrics.names import name_words
from .polnear import corpus_files, read_gold, read_speakers

FORMS = ("full name", "without middle names", "initial and surname", "surname")
OUTCOMES = ("right", "wrong", "unlinked")
MEMORY_MB = 256

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Article:
    """An article and the full names of the people who speak in it."""

    document: Document
    names: tuple[str, ...]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """This evaluation has no options."""


def run(_: argparse.Namespace) -> dict[str, object]:
    """The figures: how many are linked rightly, wrongly and not at all, and how names are grouped.

    Raises:
        UsageError: the corpus is not there or malformed.
    """
    train, dev = read_articles("train"), read_articles("dev")
    people = entries_of(train)
    gold = {key_of(name) for article in (*train, *dev) for name in article.names}
    table = [*people.values(), *distractors(people, gold)]
    entity_of = {key: entry.id for key, entry in people.items()}
    return {
        "data": fingerprint([*corpus_files("train", speakers=True), *corpus_files("dev", speakers=True)]),
        "entries": len(table),
        "linked": linked_by_form(dev, authority_of(table), entity_of),
        "linked, each with a namesake": linked_by_form(
            dev, authority_of([*table, *namesakes(people)]), entity_of
        ),
        "grouped without a table": grouped([*train, *dev]),
    }


def read_articles(split: str) -> list[Article]:
    """The articles of a split whose people are known, with these."""
    texts, labels = corpus_files(split, speakers=True)
    names: dict[str, set[str]] = {}
    for (document, _), label in read_speakers(labels).items():
        if label.kind == "person" and len(name_words(label.name)) > 1:
            names.setdefault(document, set()).add(label.name)
    return [
        Article(_document(row), tuple(sorted(names[row["id"]])))
        for row in read_gold(texts)
        if row["id"] in names
    ]


def _document(row: Mapping[str, Any]) -> Document:
    return replace(as_given(row["id"], row["text"]), published=row.get("date"))


def key_of(name: str) -> Key:
    """The given name and the surname: who has both is taken for the same person."""
    words = [word for word in name_words(name) if word not in {"jr", "sr", "ii", "iii"}]
    return words[0], words[-1]


def entries_of(articles: Iterable[Article]) -> dict[Key, Entry]:
    """An entry for each person, with all forms of the name and the words that stand with them."""
    forms: dict[Key, set[str]] = {}
    words: dict[Key, set[str]] = {}
    for article in articles:
        for name in article.names:
            forms.setdefault(key_of(name), set()).add(name)
            words.setdefault(key_of(name), set()).update(describe(article.document.text, name, ()).words)
    entries = {}
    for number, key in enumerate(sorted(forms)):
        first, *others = sorted(forms[key], key=lambda name: (-len(name), name))
        described = " ".join(sorted(words[key]))
        entries[key] = Entry(f"p{number}", first, tuple(sorted(others)), kind="person", description=described)
    return entries


def distractors(people: Mapping[Key, Entry], gold: set[Key]) -> list[Entry]:
    """For each person, one with the same surname and one with the same given name, described as another."""
    keys = list(people)
    made: dict[Key, Entry] = {}
    for number, (given, family) in enumerate(keys):
        other_given, other_family = keys[(number + 1) % len(keys)]
        described = people[keys[(number + 2) % len(keys)]].description
        for key in ((other_given, family), (given, other_family)):
            if key not in gold:
                name = " ".join(key).title()
                made[key] = Entry(f"x{len(made)}", name, kind="person", description=described)
    return list(made.values())


def namesakes(people: Mapping[Key, Entry]) -> list[Entry]:
    """Another of the same name for each person, described as the next one."""
    entries = list(people.values())
    others = [*entries[1:], *entries[:1]]
    return [
        replace(entry, id=f"n{number}", description=other.description)
        for number, (entry, other) in enumerate(zip(entries, others, strict=True))
    ]


def linked_by_form(
    articles: Iterable[Article], authority: Authority, entity_of: Mapping[Key, str]
) -> dict[str, dict[str, dict[str, int]]]:
    """By form of the name, and by whether the person is in the table: how often what came out."""
    counts: dict[str, dict[str, Counter[str]]] = {
        form: {"in the table": Counter(), "not in the table": Counter()} for form in FORMS
    }
    for article in articles:
        for name in article.names:
            expected = entity_of.get(key_of(name))
            for form, written in zip(FORMS, forms_of(name), strict=True):
                if written != name or form == FORMS[0]:
                    found = link_one(article, name, written, authority)
                    group = "in the table" if expected else "not in the table"
                    counts[form][group][outcome(found, expected)] += 1
    return {
        form: {group: {one: some[one] for one in OUTCOMES} for group, some in groups.items()}
        for form, groups in counts.items()
    }


def forms_of(name: str) -> tuple[str, str, str, str]:
    """A full name and what is shorter, as in `FORMS`."""
    words = [word for word in name.split() if word.rstrip(".").lower() not in {"jr", "sr", "ii", "iii"}]
    return name, f"{words[0]} {words[-1]}", f"{words[0][0]}. {words[-1]}", words[-1]


def link_one(article: Article, name: str, written: str, authority: Authority) -> str | None:
    """To whom somebody is linked whose name is written so, the others' being given in full."""
    names = [written, *(one for one in article.names if one != name)]
    said = [speaker(f"q{number}", one) for number, one in enumerate(names)]
    return link(article.document, said, authority)[0].entity


def speaker(quotation: str, name: str) -> Speaker:
    """A speaker of whom only the name is known."""
    return Speaker(quotation, name, "person", None, None, "gold", 1.0)


def outcome(found: str | None, expected: str | None) -> str:
    """Whether a link is right; not to be linked is right for who is not in the table."""
    if found == expected:
        return "right"
    return "unlinked" if found is None else "wrong"


def grouped(articles: Sequence[Article]) -> dict[str, int]:
    """How many names stand in several articles, and for how many of them these are one identity."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bearers.parquet"
        pq.write_table(to_table(_bearers(articles), Bearer), path)
        found = list(identities([path], MEMORY_MB, Path(folder) / "spill"))
    identities_of: dict[Key, set[str]] = {}
    articles_of: dict[Key, set[str]] = {}
    people_of: dict[str, set[Key]] = {}
    for one in found:
        key = key_of(one.name)
        identities_of.setdefault(key, set()).add(one.identity)
        articles_of.setdefault(key, set()).add(one.document)
        people_of.setdefault(one.identity, set()).add(key)
    several = [key for key, some in articles_of.items() if len(some) > 1]
    return {
        "people": len(articles_of),
        "in several articles": len(several),
        "of these one identity": sum(len(identities_of[key]) == 1 for key in several),
        "identities that join people": sum(len(some) > 1 for some in people_of.values()),
    }


def _bearers(articles: Iterable[Article]) -> list[Bearer]:
    return [
        bearer
        for article in articles
        for bearer in bearers_of(
            article.document, [speaker(f"q{number}", name) for number, name in enumerate(article.names)]
        )
    ]
