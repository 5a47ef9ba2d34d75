"""Whether copies of every sort, planted in two splits of a made-up corpus, are found before a release.

No two quotations of the corpus are alike until copies of some are planted in other splits, sort by sort as
outlets make them: all must be found, and nothing where nothing is planted. Then the splits are drawn for the
corpus with all its copies, and nothing must be found in them.
"""

import argparse
import random
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from builder.clusters.words import words_in
from builder.config import SplitConfig
from builder.engine.database import Database, connected
from builder.release.dataset import QUOTES, STANCE
from builder.release.label_source import LABEL_SOURCES
from builder.release.leaks import Leak, find_leaks
from builder.release.markdown import table
from builder.release.same import find_same
from builder.release.splits import LABELLED, laid, place_rows, placed

MEMORY_MB = 1024
LENGTHS = (6, 40)  # words of a quotation
SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
VOCABULARY = 3_000
# What many people say, so that being alike in it must not count.
PHRASES = ("i want to be clear that", "at the end of the day", "we will do everything we can to")

TEXTS = ("id", "unit", "cluster", "voice", "words", "split", "day")
QUOTE = pa.schema([*((name, pa.string()) for name in TEXTS), ("label_source", pa.int8())])
STANCES = pa.schema([*QUOTE, ("quotation_id", pa.string()), ("label", pa.int8())])


@dataclass(frozen=True, slots=True)
class Said:
    """A quotation as an outlet prints it; the cluster of its article, who says it, and its split."""

    text: str
    cluster: str
    voice: str
    split: str


Copy = Callable[[Said, random.Random], Said]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options of the command."""
    parser.add_argument("--rows", type=int, default=20_000, help="quotations of which none is a copy")
    parser.add_argument("--copies", type=int, default=200, help="planted copies of each sort")
    parser.add_argument("--seed", type=int, default=0)


def run(arguments: argparse.Namespace) -> dict[str, object]:
    """Plants the copies and looks for them, sort by sort and after splits were drawn."""
    draw = random.Random(arguments.seed)  # noqa: S311 - a made-up corpus is no secret
    corpus = made_up(arguments.rows, draw)
    planted = {
        sort: [copy(one, draw) for one in draw.sample(corpus, arguments.copies)]
        for sort, copy in SORTS.items()
    }
    found = {sort: len(leaks_of([*corpus, *copies])) for sort, copies in planted.items()}
    without = len(leaks_of(corpus))
    drawn = len(leaks_of([*corpus, *(one for copies in planted.values() for one in copies)], drawn=True))
    missed = [f"{sort}: {number} found" for sort, number in found.items() if number < arguments.copies]
    missed += [f"{without} found where none was planted"] if without else []
    missed += [f"{drawn} found after splits were drawn"] if drawn else []
    return {
        "rows": arguments.rows,
        "copies of each sort": arguments.copies,
        "found": found,
        "found where none was planted": without,
        "found after splits were drawn": drawn,
        "missed": missed,
    }


def render(figures: Mapping[str, Any]) -> str:
    """The figures as a table."""
    planted = str(figures["copies of each sort"])
    rows = [[sort, planted, str(number)] for sort, number in figures["found"].items()]
    rows.append(["nothing", "0", str(figures["found where none was planted"])])
    rows.append(["all of these, after splits are drawn", "–", str(figures["found after splits were drawn"])])
    return table(("copy", "planted", "leaks found"), rows)


def made_up(rows: int, draw: random.Random) -> list[Said]:
    """Quotations of invented words, some of them around a phrase that many use; no two are alike."""
    words = ["".join(draw.choices(SYLLABLES, k=draw.randint(1, 4))) for _ in range(VOCABULARY)]
    corpus = []
    for number in range(rows):
        text = " ".join(draw.choices(words, k=draw.randint(*LENGTHS)))
        if number % 10 == 0:
            text = f"{draw.choice(PHRASES)} {text}"
        corpus.append(Said(text, f"c{number}", f"v{number % 997}", draw.choice(LABELLED)))
    return corpus


def leaks_of(corpus: Sequence[Said], drawn: bool = False, by_speaker: bool = False) -> list[Leak]:
    """The leaks between the splits of a corpus, as they are or as they are drawn for a release."""
    with tempfile.TemporaryDirectory() as name, connected(MEMORY_MB, Path(name)) as database:
        if drawn:
            _register(database, corpus, laid)
            place_rows(database, SplitConfig())
        else:
            _register(database, corpus, placed)
            find_same(database, placed(QUOTES))
        return find_leaks(database, by_speaker)


def _register(database: Database, corpus: Iterable[Said], named: Callable[[str], str]) -> None:
    """Makes the corpus the relations that a release has of its rows, without stance rows."""
    rows = [
        {
            **asdict(one),
            "id": f"q{number}",
            "unit": one.cluster,
            "words": " ".join(words_in(one.text)),
            "label_source": LABEL_SOURCES.index("reviewed"),
        }
        for number, one in enumerate(corpus)
    ]
    kept = QUOTE if named is placed else pa.schema([one for one in QUOTE if one.name != "split"])
    database.register(named(QUOTES), pa.Table.from_pylist(rows, schema=kept))
    stances = STANCES if named is placed else pa.schema([one for one in STANCES if one.name != "split"])
    database.register(named(STANCE), stances.empty_table())


def _elsewhere(one: Said, draw: random.Random, text: str) -> Said:
    """What another outlet prints, in another split: as a rule under a shorter name of the speaker."""
    split = draw.choice([other for other in LABELLED if other != one.split])
    return Said(text, f"{one.cluster} elsewhere", f"{one.voice} or not", split)


def _verbatim(one: Said, draw: random.Random) -> Said:
    return _elsewhere(one, draw, one.text)


def _other_marks(one: Said, draw: random.Random) -> Said:
    return _elsewhere(one, draw, f"“{one.text.capitalize()},”")


def _interrupted(one: Said, draw: random.Random) -> Said:
    words = one.text.split()
    return _elsewhere(one, draw, f"{' '.join(words[:3])},” … “{' '.join(words[3:])}")


def _word_changed(one: Said, draw: random.Random) -> Said:
    words = one.text.split()
    words[draw.randrange(len(words))] = "otherwise"
    return _elsewhere(one, draw, " ".join(words))


def _word_left_out(one: Said, draw: random.Random) -> Said:
    words = one.text.split()
    del words[draw.randrange(len(words))]
    return _elsewhere(one, draw, " ".join(words))


def _shortened(one: Said, draw: random.Random) -> Said:
    words = one.text.split()
    return _elsewhere(one, draw, " ".join(words[: max(2 * len(words) // 3, LENGTHS[0])]))


def _within_more(one: Said, draw: random.Random) -> Said:
    more = " ".join("".join(draw.choices(SYLLABLES, k=5)) for _ in range(len(one.text.split()) // 3))
    return _elsewhere(one, draw, f"{one.text} {more}")


def _same_cluster(one: Said, draw: random.Random) -> Said:
    other = _elsewhere(one, draw, " ".join("".join(draw.choices(SYLLABLES, k=5)) for _ in range(12)))
    return replace(other, cluster=one.cluster)


SORTS: Mapping[str, Copy] = {
    "the same words": _verbatim,
    "with other marks and capitals": _other_marks,
    "interrupted by the reporter": _interrupted,
    "with a word changed": _word_changed,
    "with a word left out": _word_left_out,
    "cut to two thirds": _shortened,
    "with a third more": _within_more,
    "another quotation of an article that is a copy": _same_cluster,
}
