"""A small invented corpus in the files of a workspace, from which the tests make releases."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from builder.config import Config
from builder.ids import quotation_id
from builder.records import (
    Cluster,
    Decision,
    Document,
    Probability,
    Quotation,
    Reject,
    Route,
    Span,
    Speaker,
    Stance,
    Zone,
    to_table,
)
from builder.release.inputs import ReleaseInputs
from builder.release.splits import draw
from builder.release.write import ReleaseSummary
from builder.review.decisions import ImportedDecision, Role

AUTO = ("quotation", "speaker", "stance:bridge")
SOURCES = ("none", "model", "reviewed", "adjudicated")
LABELS = ("favor", "against", "neutral")

TEXT = """Mayor Odile Brandt spoke on Monday.

“The harbour bridge will ruin this town,” said Brandt. The hall was full.

According to the port authority, the bridge brings 400 jobs."""


def text_of_article(name: str) -> str:
    """The text of an invented article; of one quotation no other article has, or nearly has, the words."""
    place = f"{name}ville {name}shire {name}land"
    return TEXT.replace("this town", f"this town {place}").replace("400 jobs", f"400 jobs {place}")


def span(part: str, text: str = TEXT) -> Span:
    """Where `part` stands in `text`."""
    start = text.index(part)
    return Span(start, start + len(part))


Configured = Callable[..., Config]
Release = Callable[..., ReleaseSummary]


@dataclass
class Corpus:
    """Records by shard, with methods that add invented ones."""

    documents: list[list[Document]] = field(default_factory=lambda: [[]])
    clusters: list[Cluster] = field(default_factory=list)
    quotations: list[list[Quotation]] = field(default_factory=lambda: [[]])
    speakers: list[list[Speaker]] = field(default_factory=lambda: [[]])
    stance: list[list[Stance]] = field(default_factory=lambda: [[]])
    routes: list[list[Route]] = field(default_factory=lambda: [[]])
    rejects: list[Reject] = field(default_factory=list)

    def next_shard(self) -> None:
        """What is added from here on goes into another shard."""
        for one in (self.documents, self.quotations, self.speakers, self.stance, self.routes):
            one.append([])

    def article(
        self,
        name: str,
        published: str | None = "2024-03-18",
        cluster: str | None = None,
        auto: Sequence[str] = (),
        text: str | None = None,
        **metadata: Any,
    ) -> list[Quotation]:
        """Adds an article with a direct and an indirect quotation; `auto` are trusted fields.

        `text` is of the form of `TEXT`, and without it one that has its words to itself.
        """
        text = text_of_article(name) if text is None else text
        document = Document(
            id=name,
            text=text,
            uri=f"{name}.txt",
            url=f"https://coast-courier.example/{name}",
            title="Bridge divides the harbour",
            published=published,
            site="Coast Courier",
            author=None,
            agency=None,
            language="en",
            raw_sha256="0" * 64,
            extractor="article",
            zones=(Zone(0, len(text), "body"),),
        )
        self.documents[-1].append(replace(document, **metadata))
        self.clusters.append(Cluster(name, cluster or name, cluster or name))
        said = [
            self._quotation(
                name, text, "direct", text[text.index("“") : text.index("”") + 1], "said", "Brandt", 2
            ),
            self._quotation(
                name,
                text,
                "indirect",
                text[text.index("the bridge brings") : -1],
                "According to",
                "the port authority",
                4,
            ),
        ]
        people = (("Odile Brandt", "person", "a7"), ("port authority", "organisation", None))
        for quotation, (who, kind, entity) in zip(said, people, strict=True):
            self.quotations[-1].append(quotation)
            self.speakers[-1].append(
                Speaker(quotation.id, who, kind, quotation.source[0], entity, "rule", 0.8)  # type: ignore[arg-type]
            )
            self.stance[-1].append(
                Stance(
                    quotation.id,
                    "bridge",
                    "against",
                    (Probability("favor", 0.2), Probability("against", 0.7), Probability("neutral", 0.1)),
                    0.7,
                    "tiny-1",
                )
            )
            self.routes[-1] += [
                Route(quotation.id, one, "auto" if one in auto else "review", "rule", 0.5)
                for one in ("quotation", "speaker", "stance:bridge")
            ]
        return said

    def _quotation(
        self, document: str, text: str, kind: Any, content: str, cue: str, source: str, line: int
    ) -> Quotation:
        spans = (span(content, text),)
        found = text.index(source, text.index(cue))
        return Quotation(
            id=quotation_id(document, spans),
            document=document,
            kind=kind,
            content=spans,
            cue=(span(cue, text),),
            source=(Span(found, found + len(source)),),
            addressee=(),
            paragraph=line,
            continues=None,
            confidence=0.9,
            extractor="rules-1",
        )

    def written(self, folder: Path, decisions: Sequence[ImportedDecision] = ()) -> ReleaseInputs:
        """The corpus as Parquet files."""

        def write(name: str, record: type, shards: Sequence[Sequence[Any]]) -> list[Path]:
            paths = [folder / name / f"{number}.parquet" for number in range(len(shards))]
            for path, records in zip(paths, shards, strict=True):
                path.parent.mkdir(parents=True, exist_ok=True)
                pq.write_table(to_table(records, record), path)
            return paths

        return ReleaseInputs(
            documents=write("documents", Document, self.documents),
            clusters=write("clusters", Cluster, [self.clusters]),
            quotations=write("quotations", Quotation, self.quotations),
            speakers=write("speakers", Speaker, self.speakers),
            stance=write("stance", Stance, self.stance),
            routes=write("routes", Route, self.routes),
            decisions=decisions,
            ranker="ranker-1",
            rejects=write("rejects", Reject, [self.rejects]),
        )


def decision(
    quotation: Quotation, field: str, after: Any, who: str = "mk", role: Role = "annotator"
) -> ImportedDecision:
    made = Decision(
        quotation.id,
        field,
        None,
        None if after is None else json.dumps(after, sort_keys=True),
        who,
        "2024-05-02T09:31:00Z",
        None,
        None,
        None,
    )
    text = " … ".join(part.of(text_of_article(quotation.document)) for part in quotation.content)
    place = f"decisions.jsonl:{field}"
    return ImportedDecision(made, quotation.document, quotation.content, text, role, place)


def boundaries(quotation: Quotation) -> dict[str, list[list[int]]]:
    parts = {"content": quotation.content, "cue": quotation.cue, "source": quotation.source}
    return {name: [[one.start, one.end] for one in spans] for name, spans in parts.items()}


def searched(
    document: Document,
    found: Mapping[Quotation, bool],
    *missed: str,
    who: str = "mk",
    role: Role = "annotator",
) -> ImportedDecision:
    """What somebody who searched an article says of what was found in it, and which words were missed."""
    said = {"cue": [], "source": [], "speaker": {"name": "Odile Brandt", "kind": "person"}}
    value = {
        "found": [
            {"item": one.id, "content": boundaries(one)["content"], "text": words, "is_one": is_one}
            for one, is_one in found.items()
            for words in [" … ".join(part.of(document.text) for part in one.content)]
        ],
        "missed": [
            {"content": [[place.start, place.end]], "text": words, **said}
            for words in missed
            for place in [span(words, document.text)]
        ],
    }
    made = Decision(
        document.id, "article", None, json.dumps(value), who, "2024-05-02T09:31:00Z", None, None, None
    )
    whole = (Span(0, len(document.text)),)
    return ImportedDecision(made, document.id, whole, "Bridge divides", role, "decisions.jsonl:1")


def confirmed(quotation: Quotation, who: str = "mk") -> list[ImportedDecision]:
    """Decisions that settle a quotation, its speaker and its stance."""
    return [
        decision(quotation, "quotation", boundaries(quotation), who),
        decision(quotation, "speaker", {"name": "Odile Brandt", "kind": "person"}, who),
        decision(quotation, "stance:bridge", "favor", who),
    ]


def cluster_in(split: str, config: Config) -> str:
    """The first of c0, c1, … that is drawn for a split."""
    names = (f"c{number}" for number in range(1000))
    return next(one for one in names if draw(one, None, config.release.splits) == split)


def files_of(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def rows_of(summary: ReleaseSummary, config: str) -> dict[str, dict[str, Any]]:
    """All rows of a configuration by id, with the split they are in."""
    rows = {}
    for path in sorted((summary.path / config).rglob("*.parquet")):
        for row in pq.ParquetFile(path).read().to_pylist():
            assert row["id"] not in rows
            rows[row["id"]] = row | {"split": path.parent.name, "period": path.stem.rpartition("-")[0]}
    return rows
