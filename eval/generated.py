"""Made-up workspaces of any size, from which releases are made to be measured.

Every word has six letters and every article the same pattern, so that its quotations stand at the same
offsets: the records of an article are made once and repeated with other ids, texts and confidences.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from builder.config import Config, parse_config
from builder.ids import cluster_id, document_id, quotation_id, sha256
from builder.records import (
    Cluster,
    Decision,
    Document,
    Probability,
    Quotation,
    Route,
    Span,
    Speaker,
    Stance,
    Zone,
    rounded,
    to_table,
)
from builder.release.inputs import ReleaseInputs
from builder.review.decisions import STANCE, ImportedDecision

WORDS = (
    "harbor winter budget school bridge market street summer valley forest window garden report season "
    "motion debate critic author mayors voters leader member office public policy reform survey figure "
    "reason result demand change growth energy health income prices rental travel safety border treaty"
).split()
PEOPLE = ("Ada Quillon", "Boro Linder", "Cy Marshall", "Dov Tarnley", "Edda Rookes", "Femi Oduyas")
WORDS_A_SENTENCE = 20
SENTENCE = WORDS_A_SENTENCE * 7 - 1  # characters: the words and the blanks between them
PARAGRAPH = "“{},” {} said. {}.\n\n"
PARAGRAPHS = 10  # each with one quotation: an article of ordinary length
SHARD_ARTICLES = 500  # as `ingest.shard_documents` is where nobody changes it
REVIEWED_EVERY = 50  # one quotation of each fiftieth article was decided on by a person
ACCEPTED = 0.7  # the share of values that are accepted from the model
TARGET = "bridge"
FIELDS = ("quotation", "speaker", STANCE + TARGET)


@dataclass(frozen=True, slots=True)
class Article:
    """An article to be made up: its number, which its text follows from, and the day it was published."""

    number: int
    published: str

    @property
    def id(self) -> str:
        """The id of its document."""
        return document_id(sha256(str(self.number).encode()), None)


def articles(count: int, periods: int, first: int = 0) -> list[Article]:
    """That many articles, numbered from `first`, spread evenly over the months from January 2015 on."""
    months = [f"{2015 + month // 12}-{month % 12 + 1:02}-01" for month in range(periods)]
    return [Article(first + one, months[one * periods // count]) for one in range(count)]


def configuration() -> Config:
    """The configuration that the made-up records fit to."""
    values = {
        "dataset": {"name": "generated", "license": "cc0-1.0"},
        "inputs": [{"path": "articles"}],
        "targets": [{"id": TARGET, "name": "the bridge"}],
    }
    return parse_config(values, Path("generated.toml"))


def generate(folder: Path, some: Iterable[Article]) -> ReleaseInputs:
    """Writes the workspace of these articles: the same bytes for the same articles."""
    rest = iter(some)
    files: dict[str, list[Path]] = {}
    decisions: list[ImportedDecision] = []
    clusters: list[Cluster] = []
    while shard := list(islice(rest, SHARD_ARTICLES)):
        for name, table in _tables(shard).items():
            _add(folder / name, table, files.setdefault(name, []))
        decisions += [_decision(one) for one in shard if one.number % REVIEWED_EVERY == 0]
        clusters += [Cluster(one.id, cluster_id(one.id), one.id) for one in shard]
    _add(folder / "clusters", to_table(clusters, Cluster), files.setdefault("clusters", []))
    return ReleaseInputs(**files, decisions=decisions)  # type: ignore[arg-type]


def _add(folder: Path, table: pa.Table, files: list[Path]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    files.append(folder / f"{len(files):05}.parquet")
    pq.write_table(table, files[-1], compression="zstd")


def _tables(shard: Sequence[Article]) -> dict[str, pa.Table]:
    """The records of a shard, by the folder that they lie in."""
    places = range(PARAGRAPHS)
    ids = [quotation_id(one.id, [_content(place)]) for one in shard for place in places]
    drawn = [_drawn(one) for one in shard]
    sure = [rounded(draw) for draws in drawn for draw in draws[:PARAGRAPHS]]
    decided = ["auto" if draw < ACCEPTED else "review" for draws in drawn for draw in draws[PARAGRAPHS:]]
    return {
        "documents": to_table(map(_document, shard), Document),
        "quotations": _repeated(
            to_table(map(_quotation, places), Quotation),
            id=ids,
            document=[one.id for one in shard for _ in places],
            confidence=sure,
        ),
        "speakers": _repeated(to_table(map(_speaker, places), Speaker), quotation=ids, confidence=sure),
        "stance": _repeated(to_table([_STANCE] * PARAGRAPHS, Stance), quotation=ids, confidence=sure),
        "routes": _repeated(
            to_table([Route("", field, "review", "made-up", 0.5) for field in FIELDS], Route),
            item=[one for one in ids for _ in FIELDS],
            decision=decided,
        ),
    }


def _repeated(pattern: pa.Table, **columns: Sequence[Any]) -> pa.Table:
    """A pattern of rows as often as the given columns are long, with these in place of its own."""
    rows = len(next(iter(columns.values())))
    table = pa.concat_tables([pattern] * (rows // len(pattern)))
    for name, values in columns.items():
        field = pattern.schema.field(name)
        table = table.set_column(pattern.schema.get_field_index(name), field, pa.array(values, field.type))
    return table


def _drawn(article: Article) -> list[float]:
    """A confidence for each quotation of an article, and a number for each of its routes."""
    draw = random.Random(-article.number)  # noqa: S311 - not for secrets
    return [draw.random() for _ in range(PARAGRAPHS * (1 + len(FIELDS)))]


def _text(number: int) -> str:
    draw = random.Random(number)  # noqa: S311 - not for secrets

    def words() -> str:
        return " ".join(draw.choices(WORDS, k=WORDS_A_SENTENCE))

    return "".join(
        PARAGRAPH.format(words(), PEOPLE[place % len(PEOPLE)], words()) for place in range(PARAGRAPHS)
    )


def _document(article: Article) -> Document:
    text = _text(article.number)
    return Document(
        id=article.id,
        text=text,
        uri=f"{article.number}.txt",
        url=f"https://made-up.example/{article.number}",
        title=text[1:60],
        published=article.published,
        site="made-up.example",
        author=None,
        agency=None,
        language="en",
        raw_sha256=sha256(str(article.number).encode()),
        extractor="made-up",
        zones=(Zone(0, len(text), "body"),),
    )


def _content(place: int) -> Span:
    """The words of the quotation in a paragraph, with their marks and the comma."""
    start = place * len(PARAGRAPH.format("x" * SENTENCE, PEOPLE[0], "x" * SENTENCE))
    return Span(start, start + SENTENCE + 3)


def _source(place: int) -> Span:
    start = _content(place).end + 1
    return Span(start, start + len(PEOPLE[0]))


def _quotation(place: int) -> Quotation:
    source = _source(place)
    cue = Span(source.end + 1, source.end + 5)
    content = (_content(place),)
    return Quotation("", "", "direct", content, (cue,), (source,), (), 2 * place, None, 0.0, "made-up")


def _speaker(place: int) -> Speaker:
    return Speaker("", PEOPLE[place % len(PEOPLE)], "person", _source(place), None, "made-up", 0.0)


def _decision(article: Article) -> ImportedDecision:
    """A person's label for the first quotation of an article."""
    content = _content(0)
    item = quotation_id(article.id, [content])
    made = Decision(
        item, STANCE + TARGET, None, '"against"', "person", "2026-01-01T00:00:00Z", None, None, None
    )
    text = content.of(_text(article.number))
    return ImportedDecision(made, article.id, (content,), text, "annotator", "made-up")


_STANCE = Stance(
    quotation="",
    target=TARGET,
    label="favor",
    probabilities=(Probability("favor", 0.6), Probability("against", 0.3), Probability("neutral", 0.1)),
    confidence=0.0,
    model="made-up",
)
