"""What must not be published leaves no trace in any file of a release."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from builder.config import Config
from builder.errors import UsageError
from builder.records import Span, TargetMention
from builder.release.removals import KnownSpeaker, Removals, read_removals
from builder.release.unmet import unmet
from builder.release.write import ReleaseSummary, write_release
from builder.review.decisions import ImportedDecision
from builder.speakers.authority_table import Entry
from tests.release.corpus import (
    AUTO,
    TEXT,
    Configured,
    Corpus,
    cluster_in,
    confirmed,
    decision,
    rows_of,
    span,
    text_of_article,
)

Without = Callable[..., ReleaseSummary]


def requests(tmp_path: Path, *lines: dict[str, str]) -> Removals:
    path = tmp_path / "removals.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return read_removals(path)


@pytest.fixture
def without(corpus: Corpus, configured: Configured, tmp_path: Path) -> Without:
    """Makes a release of the corpus without what some requests name."""

    def make(
        *lines: dict[str, str], config: Config | None = None, decisions: list[ImportedDecision] | None = None
    ) -> ReleaseSummary:
        tables = corpus.written(tmp_path / "workspace", decisions or [])
        tables = replace(tables, removals=requests(tmp_path, *lines))
        return write_release(tables, config or configured(), "1.0.0", tmp_path / "releases", {})

    return make


def strings_in(folder: Path) -> Iterator[str]:
    """Every name of a file, every text file and every value of every Parquet file of a release."""
    for path in sorted(folder.rglob("*")):
        yield path.relative_to(folder).as_posix()
        if path.suffix == ".parquet":
            table = pq.ParquetFile(path).read()
            yield json.dumps([table.to_pylist(), str(table.schema.metadata)], ensure_ascii=False)
        elif path.is_file():
            yield path.read_text(encoding="utf-8")


def traces(summary: ReleaseSummary, pattern: str) -> list[str]:
    found = re.compile(pattern, re.IGNORECASE)
    return [match for text in strings_in(summary.path) for match in found.findall(text)]


def test_a_removed_speaker_leaves_no_trace(corpus: Corpus, configured: Configured, without: Without) -> None:
    train = cluster_in("train", configured())
    direct, indirect = corpus.article("d1", cluster=train, title="Odile Brandt against the bridge")
    corpus.article(
        "d2",
        cluster=train,
        auto=AUTO,
        url="https://hill.example/odile-brandt-and-the-bridge",
        site="Hill Post",
    )
    summary = without(
        {"speaker": "Odile Brandt", "note": "asked on 3 May"},
        decisions=[*confirmed(direct), *confirmed(indirect)[:1]],
    )
    assert traces(summary, "brandt|odile|asked on 3") == []
    rows = rows_of(summary, "quotes")
    assert sorted(row["document_id"] for row in rows.values()) == ["d1", "d2"]
    assert indirect.id in rows
    assert direct.id not in rows
    assert [row["title"] for row in rows.values() if row["document_id"] == "d1"] == [None]
    assert [row["url"] for row in rows.values() if row["document_id"] == "d2"] == [None]
    (context,) = {row["context"] for row in rows.values() if row["document_id"] == "d1"}
    assert context.startswith("The hall was full.")  # what stood before is cut with the name in it
    card = (summary.path / "README.md").read_text(encoding="utf-8")
    assert "So far 2 quotations were left out on request." in card
    assert "- Different speakers' names: 1." in card
    assert "Decisions by people: 1; people who made them: 1." in card


@pytest.mark.parametrize(
    "line",
    [
        {"document": "d1"},
        {"url": "http://www.coast-courier.example/d1/?utm_source=x#top"},
        {"pattern": "d1(ville|shire)"},
    ],
    ids=["by id", "by address", "by a pattern in its quotations"],
)
def test_a_removed_document_is_in_no_row_and_no_count(
    corpus: Corpus, without: Without, line: dict[str, str]
) -> None:
    corpus.article("d1", site="Hill Post")
    corpus.article("d2")
    summary = without(line)
    assert {row["document_id"] for row in rows_of(summary, "quotes").values()} == {"d2"}
    assert {row["document_id"] for row in rows_of(summary, "stance").values()} == {"d2"}
    assert traces(summary, "d1ville|d1shire") == []
    card = (summary.path / "README.md").read_text(encoding="utf-8")
    assert "So far 2 quotations were left out on request" in card
    if "pattern" not in line:
        assert "- 1 articles in 1 clusters of near-duplicates" in card
        assert traces(summary, "Hill Post") == []
        assert "among them those of 1 whole articles." in card


def test_the_words_of_a_removed_quotation_stand_in_no_context(corpus: Corpus, without: Without) -> None:
    direct, indirect = corpus.article("d1")
    summary = without({"quotation": direct.id})
    assert traces(summary, "will ruin") == []
    row = rows_of(summary, "quotes")[indirect.id]
    assert row["context"].startswith("said Brandt. The hall was full.\n\nAccording to")
    document = corpus.documents[0][0]
    (context,) = row["document_spans"]["context"]
    assert Span(**context).of(document.text) == row["context"]


def test_other_outlets_do_not_print_the_words_of_a_removed_quotation(
    corpus: Corpus, without: Without
) -> None:
    direct, _ = corpus.article("d1", title="‘Bridge will ruin this town’, says mayor")
    corpus.next_shard()
    same = text_of_article("d1").replace("Mayor Odile Brandt", "The mayor")
    corpus.article("d2", text=same, title="The Harbour Bridge Will Ruin This Town: Mayor")
    part = text_of_article("d3").replace(
        "The hall was full.", "That it would be the harbour bridge will ruin"
    )
    corpus.article("d3", text=part.replace("“The harbour bridge will ruin", "“The school is nice in"))
    summary = without({"quotation": direct.id})
    rows = rows_of(summary, "quotes").values()
    # Five of the words alone are anybody's.
    assert {row["document_id"] for row in rows if "will ruin" in json.dumps(row)} == {"d3"}
    assert sorted(row["document_id"] for row in rows) == ["d1", "d2", "d3", "d3"]


def test_a_name_in_a_removed_quotation_is_no_reason_to_remove_who_has_it(
    corpus: Corpus, without: Without
) -> None:
    text = TEXT.replace("this town", "the Coast Courier Weekly")
    direct, indirect = corpus.article("d1", text=text, site="Coast Courier Weekly", title="Bridge")
    summary = without({"quotation": direct.id})
    (row,) = rows_of(summary, "quotes").values()
    assert (row["id"], row["site"], row["title"]) == (indirect.id, "Coast Courier Weekly", "Bridge")


def test_contexts_are_cut_when_whole_articles_are_published(
    corpus: Corpus, configured: Configured, without: Without
) -> None:
    direct, indirect = corpus.article("d1")
    summary = without({"quotation": indirect.id}, config=configured(bodies=True))
    assert traces(summary, "400 jobs") == []
    context = rows_of(summary, "quotes")[direct.id]["context"]
    assert context == text_of_article("d1")[: text_of_article("d1").index(" the bridge brings")]


def test_a_quotation_that_holds_a_removed_name_goes_with_it(corpus: Corpus, without: Without) -> None:
    corpus.article("d1", text=TEXT.replace("this town", "this town, as Ída Nørby said"))
    summary = without({"speaker": "Ída Nørby"})
    assert traces(summary, "Nørby|Ída") == []
    assert [row["speaker"]["name"] for row in rows_of(summary, "quotes").values()] == ["port authority"]


def test_a_name_is_found_however_it_is_written(tmp_path: Path) -> None:
    removals = requests(tmp_path, {"speaker": "José  Álvarez-Núñez"})
    for written in (
        "José Álvarez-Núñez",
        "JOSÉ ÁLVAREZ-NÚÑEZ",
        "Jose Alvarez-Nunez",
        "Jose\u0301 A\u0301lvarez-Nu\u0301n\u0303ez",
        "https://a.example/2024/jose-alvarez-nunez.html",
        "jose%20alvarez-nunez",
        "José\nÁlvarez-Núñez's",
        "José Álvarez Núñez",
        "José M. Álvarez‑Núñez",
        "Álvarez-Núñez, José",
        "Jo\u00adsé Álvarez-Nú\u200bñez",
    ):
        assert removals.find_in(written), written
    for other in ("Josef Álvarez-Núñez", "José", "Álvarez-Núñez", ""):
        assert not removals.find_in(other), other


def test_a_family_name_that_nobody_else_has_means_the_removed(
    corpus: Corpus, without: Without, tmp_path: Path
) -> None:
    for name in ("d1", "d2"):
        text = text_of_article(name).replace("Odile Brandt", "Brandt" if name == "d2" else "Odile Brandt")
        corpus.article(name, text=text)
    corpus.speakers = [
        [
            replace(one, name="Mrs. Brandt", entity=None) if place == 2 else one
            for place, one in enumerate(some)
        ]
        for some in corpus.speakers
    ]
    summary = without({"speaker": "Odile Brandt"})
    assert traces(summary, "brandt|odile") == []
    assert {row["document_id"] for row in rows_of(summary, "quotes").values()} == {"d1", "d2"}
    assert (
        requests(tmp_path, {"speaker": "Odile Brandt"})
        .with_family_names([KnownSpeaker("Ida Brandt", "person")])
        .find_in("Mayor Brandt")
        is False
    )


def test_an_address_and_capitals_name_a_family_too(corpus: Corpus, without: Without) -> None:
    for name, title in (("d1", "BRANDT SLAMS BRIDGE"), ("d2", "Bridge slammed")):
        corpus.article(name, title=title, url=f"https://hill.example/{name}/brandt-slams-bridge")
    corpus.article("d3", url="https://hill.example/brand-new-bridge", title="Brandt’s")
    summary = without({"speaker": "Odile Brandt"})
    assert traces(summary, "brandt|odile") == []
    urls = {row["document_id"]: row["url"] for row in rows_of(summary, "quotes").values()}
    assert urls == {"d1": None, "d2": None, "d3": "https://hill.example/brand-new-bridge"}


def test_an_escaped_address_names_whom_it_names(corpus: Corpus, without: Without) -> None:
    corpus.article("d1", url="https://hill.example/%C3%8Dda-N%C3%B8rby-comes")
    summary = without({"speaker": "Ída Nørby"})
    assert {row["url"] for row in rows_of(summary, "quotes").values()} == {None}


def test_where_the_full_name_stands_its_parts_mean_the_same_person(corpus: Corpus, without: Without) -> None:
    named = TEXT.replace("The hall was full.", "Weller left. Ada Weller had come late.")
    corpus.article("d1", text=named)
    corpus.article("d2", text=text_of_article("d2").replace("The hall was full.", "Weller left."))
    elsewhere = [replace(one, name="Ben Weller") for one in corpus.speakers[0][2:]]
    corpus.speakers = [[*corpus.speakers[0][:2], *elsewhere]]
    summary = without({"speaker": "Ada Weller"})
    contexts = {row["document_id"]: row["context"] for row in rows_of(summary, "quotes").values()}
    assert "Weller" not in contexts["d1"]
    assert "Weller left." in contexts["d2"]  # nobody knows which Weller: a pattern would remove this too


def test_a_person_removed_by_the_id_of_the_table_is_named_nowhere(
    corpus: Corpus, configured: Configured, tmp_path: Path
) -> None:
    corpus.article("d1", title="Odile Brandt against the bridge")
    corpus.article("d2", text=text_of_article("d2").replace("The hall was full.", "Ode Brandt-Berg left."))
    corpus.article("d3", text=text_of_article("d3").replace("jobs", "jobs by A7 road"))
    corpus.speakers[0][2:] = [
        replace(one, name="Ida Weller", entity=None) if one.entity else one for one in corpus.speakers[0][2:]
    ]
    path = tmp_path / "removals.jsonl"
    path.write_text('{"speaker": "a7"}\n', encoding="utf-8")
    known = read_removals(path, [Entry("a7", "Odile Brandt", ("Ode Brandt-Berg",), kind="person")])
    for removals in (known, read_removals(path)):
        tables = replace(corpus.written(tmp_path / "workspace"), removals=removals)
        summary = write_release(tables, configured(), "1.0.0", tmp_path / f"releases-{removals is known}", {})
        rows = rows_of(summary, "quotes").values()
        assert traces(summary, "odile") == []
        assert "A7 road" in json.dumps(list(rows))  # what the id says is no name
        assert {row["title"] for row in rows if row["document_id"] == "d1"} == {None}
    assert known.find_in("Ode Brandt Berg")
    assert not known.find_in("a7")
    assert known.names_target("auto-a7", "the mayor")


def test_a_short_name_in_the_table_takes_nothing_from_others(tmp_path: Path) -> None:
    path = tmp_path / "removals.jsonl"
    path.write_text('{"speaker": "a7"}\n{"speaker": "b1"}\n', encoding="utf-8")
    person = Entry("a7", "Odile Brandt", ("Brandt", "Odi", "the mayor"), kind="person")
    body = Entry("b1", "Harbour Workers Of Orneby", ("HWO", "the workers"), kind="organisation")
    removals = read_removals(path, [person, body])
    for text in ("Odi said", "HWO said", "the harbour workers of Orneby"):
        assert removals.find_in(text), text
    for text in ("Emil Brandt said", "an odi", "Hwo", "the mayor said", "the workers said"):
        assert not removals.find_in(text), text


def test_titles_and_suffixes_are_no_names(corpus: Corpus, without: Without) -> None:
    named = "Dr. Vera Lund Jr. came."
    for name in ("d1", "d2"):
        corpus.article(name, text=text_of_article(name).replace("The hall was full.", named))
    corpus.speakers[0] = [
        replace(one, name="Dr. Emil Storm Jr.") if one.kind == "person" else one for one in corpus.speakers[0]
    ]
    summary = without({"speaker": "Dr. Vera Lund Jr."})
    rows = rows_of(summary, "quotes").values()
    assert len(rows) == 4
    assert traces(summary, "lund|vera") == []
    assert sum(row["speaker"]["name"] == "Dr. Emil Storm Jr." for row in rows) == 2


def test_words_of_a_bodys_name_mean_nobody_alone(corpus: Corpus, without: Without) -> None:
    text = text_of_article("d1").replace("The hall was full.", "The Harbour Trust left. The Trust is old.")
    corpus.article("d1", text=text)
    summary = without({"speaker": "The Harbour Trust"})
    contexts = [row["context"] for row in rows_of(summary, "quotes").values()]
    assert len(contexts) == 2
    assert any("The Trust is old." in one for one in contexts)
    assert traces(summary, "harbour trust") == []


def test_a_name_without_capitals_is_cut_in_parts_too(corpus: Corpus, without: Without) -> None:
    text = text_of_article("d1").replace("The hall was full.", "Ada Weller came. Weller was in a hurry.")
    corpus.article("d1", text=text)
    corpus.speakers[0] = [replace(one, entity=None) for one in corpus.speakers[0]]
    assert traces(without({"speaker": "ada weller"}), "weller") == []


def test_who_may_be_the_same_person_is_no_other_bearer_of_the_family_name(tmp_path: Path) -> None:
    removals = requests(tmp_path, {"speaker": "Ruth Falken"})

    def is_alone(*others: KnownSpeaker) -> bool:
        return removals.with_family_names(others).find_in("said Falken")

    assert is_alone(KnownSpeaker("Ruth M. Falken", "person"), KnownSpeaker("R. Falken", "person"))
    assert is_alone(KnownSpeaker("Falken Bank", "organisation"))
    assert not is_alone(KnownSpeaker("Otto Falken", "person"))


@pytest.mark.parametrize(
    ("asked", "url", "is_one"),
    [
        ("https://news.example/?p=1", "https://news.example/?p=2", False),
        ("https://news.example/?p=1", "http://www.news.example/?utm_source=x&p=1", True),
        ("https://Other.Example/story", "https://other.example/story/", True),
        ("http://m.other.example/story", "https://other.example/story", True),
        ("https://amp.other.example/story?fbclid=9#top", "https://other.example/story", True),
        ("https://other.example/st%C3%B8ry", "https://other.example/støry", True),
        ("https://other.example/story", "https://other.example/story?from=home", True),
        ("https://other.example/show?id=1", "https://other.example/show?id=2", False),
        ("https://other.example/story", "https://other.example/story-2", False),
        ("https://other.example/", "https://other.example/?p=1", False),
        ("other.example/story", "https://other.example/story", True),
    ],
)
def test_an_address_is_that_of_its_page(tmp_path: Path, asked: str, url: str, is_one: bool) -> None:
    assert requests(tmp_path, {"url": asked}).names_address(url) is is_one


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({}, "removals.jsonl:1: name one of document, url, quotation, speaker, pattern (got nothing)"),
        ({"name": "Ada"}, "pattern (got name)"),
        ({"speaker": "Ada", "url": "x"}, "got speaker, url"),
        ({"speaker": " "}, "'speaker' must be text"),
        ({"url": 3}, "'url' must be text"),
        ({"speaker": "–"}, "'speaker' has neither a letter nor a digit (got '–')"),
        ({"pattern": "(a"}, "is no regular expression"),
        ({"pattern": "a*"}, "matches an empty text"),
    ],
)
def test_a_request_that_cannot_be_understood_is_refused(
    tmp_path: Path, line: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError, match=re.escape(message)):
        requests(tmp_path, line)


def test_a_configuration_that_names_what_is_removed_is_refused(corpus: Corpus, without: Without) -> None:
    corpus.article("d1")
    with pytest.raises(UsageError, match="targets: bridge: name: holds what must not be published"):
        without({"pattern": "the bridge"})


@pytest.mark.parametrize(
    "key", ["authors", "contact", "homepage", "license_name", "license_link", "citation"]
)
def test_whatever_the_card_prints_of_the_configuration_is_looked_at(
    corpus: Corpus, configured: Configured, without: Without, key: str
) -> None:
    corpus.article("d1")
    value = "https://ida-norby.example/"
    config = configured(dataset={key: [value] if key == "authors" else value})
    with pytest.raises(UsageError, match=f"dataset.{key}: holds what must not be published"):
        without({"speaker": "Ída Nørby"}, config=config)


def test_an_alias_of_a_target_that_is_removed_is_not_told(
    corpus: Corpus, configured: Configured, without: Without
) -> None:
    text = text_of_article("d1").replace("The hall was full.", "The hall was full of Ida Maroven.")
    corpus.article("d1", text=text)
    name, again = span("Ida Maroven", text), span("bridge", text)
    mentions = (TargetMention(name, "Ida Maroven"), TargetMention(again, "bridge"))
    corpus.stance[0] = [replace(one, mentions=mentions) for one in corpus.stance[0]]
    summary = without({"speaker": "Ida Maroven"})
    for row in rows_of(summary, "stance").values():
        assert row["target_names"] == ["bridge"]
        assert row["document_spans"]["target"] == [{"start": again.start, "end": again.end}]


def test_the_card_names_no_site_by_a_removed_family_name(corpus: Corpus, without: Without) -> None:
    corpus.article("d1", site="Brandt Weekly")
    assert traces(without({"speaker": "Odile Brandt"}), "brandt") == []


def test_requests_that_name_nothing_are_told(corpus: Corpus, tmp_path: Path) -> None:
    direct, _ = corpus.article("d1", url="https://hill.example/%C3%8Dda-N%C3%B8rby")
    lines = [
        {"document": "d1"},
        {"document": "d2"},
        {"url": "https://hill.example/%C3%8Dda-N%C3%B8rby?utm_source=x"},
        {"url": "https://hill.example/other"},
        {"quotation": direct.id},
        {"quotation": "q0"},
        {"speaker": "a7"},
        {"speaker": "odile brandt"},
        {"speaker": "Ida Norby"},
        {"speaker": "Odile Brant"},
        {"pattern": "bridge"},
        {"pattern": "brigde"},
    ]
    removals = requests(tmp_path, *lines)
    tables = corpus.written(tmp_path / "workspace")
    left = unmet(removals, tables.documents, tables.quotations, tables.speakers)
    assert [one.value for one in left] == ["d2", "https://hill.example/other", "q0", "Odile Brant", "brigde"]
    assert unmet(Removals(), tables.documents, tables.quotations, tables.speakers) == []


def test_without_requests_nothing_is_looked_for(corpus: Corpus, without: Without) -> None:
    direct, indirect = corpus.article("d1")
    summary = without()
    assert sorted(rows_of(summary, "quotes")) == sorted([direct.id, indirect.id])
    assert "on request" not in (summary.path / "README.md").read_text(encoding="utf-8")


def test_a_lost_decision_on_a_removed_automatic_target_is_told_without_its_name(
    corpus: Corpus, without: Without
) -> None:
    direct, _ = corpus.article("d1")
    lost = [decision(direct, "stance:auto-ida-norby", "favor")]
    summary = without({"speaker": "Ída Nørby"}, decisions=lost)
    assert len(summary.rejects) == 1
    assert traces(summary, "norby") == []
