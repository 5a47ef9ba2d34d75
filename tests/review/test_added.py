"""Quotations that people added: what decides where they are placed, and which documents are read for it."""

from pathlib import Path

import pytest

from builder.engine.workspace import Workspace
from builder.ids import quotation_id
from builder.records import Document, Quotation
from builder.review.added import added_in, additions_of, is_added, place, placed_in
from builder.review.decisions import ImportedDecision
from tests.release.corpus import Corpus, confirmed, searched, span

MISSED = "The hall was full"


@pytest.fixture
def corpus() -> Corpus:
    """Two articles in two shards, with two quotations each."""
    made = Corpus()
    made.article("d1")
    made.next_shard()
    made.article("d2")
    return made


def marked(corpus: Corpus) -> list[ImportedDecision]:
    """Somebody read the second article and marked what was missed."""
    return [searched(corpus.documents[1][0], dict.fromkeys(corpus.quotations[1], True), MISSED)]


def placed(corpus: Corpus, folder: Path, decisions: list[ImportedDecision]) -> list[tuple[str, list[str]]]:
    """Which documents something is added to, and the words of it."""
    files = corpus.written(folder)
    paths = {"documents": files.documents, "quotations": files.quotations}
    return [
        (one.document.id, [added.content[0].of(one.document.text) for added in one.added])
        for one in placed_in(paths, additions_of(decisions))
    ]


def test_it_lies_where_it_was_marked_and_has_the_id_of_that_place(corpus: Corpus, tmp_path: Path) -> None:
    assert placed(corpus, tmp_path, marked(corpus)) == [("d2", [MISSED])]
    files = corpus.written(tmp_path)
    paths = {"documents": files.documents, "quotations": files.quotations}
    (one,) = placed_in(paths, additions_of(marked(corpus)))
    (added,) = one.added
    assert added.id == quotation_id("d2", [span(MISSED, one.document.text)])
    assert is_added(added) and not any(map(is_added, one.found))
    assert [found.id for found in one.found] == [found.id for found in corpus.quotations[1]]


def test_nothing_is_read_where_nobody_added_anything(corpus: Corpus) -> None:
    nothing = additions_of(confirmed(corpus.quotations[0][0]))
    none = {"documents": [Path("none.parquet")], "quotations": [Path("none.parquet")]}
    assert list(placed_in(none, nothing)) == []
    assert nothing.hash() == ""


def test_what_the_program_has_found_since_is_not_added(corpus: Corpus, tmp_path: Path) -> None:
    document = corpus.documents[1][0]
    there = span(f"{MISSED}.", document.text)
    decisions = marked(corpus)
    corpus.quotations[1].append(
        Quotation(
            quotation_id("d2", [there]), "d2", "indirect", (there,), (), (), (), 2, None, 0.6, "rules-2"
        )
    )
    assert placed(corpus, tmp_path, decisions) == []


def test_its_hash_follows_what_was_marked_and_no_answer_about_a_label(corpus: Corpus) -> None:
    decisions = marked(corpus)
    first, second = corpus.quotations[1]
    decided = [*decisions, *confirmed(first)]
    told = additions_of(decided).hash()
    assert told
    assert (
        told
        == additions_of([*decided, *confirmed(first, who="jo"), *confirmed(corpus.quotations[0][0])]).hash()
    )
    # Which quotations are decided items says which of the same words are whose.
    assert told != additions_of([*decided, *confirmed(second)]).hash()
    again = [searched(corpus.documents[1][0], dict.fromkeys((first, second), True), "The hall was")]
    assert told != additions_of([*again, *confirmed(first)]).hash()


def test_an_id_that_another_quotation_has_is_not_given_twice(corpus: Corpus) -> None:
    document: Document = corpus.documents[1][0]
    additions = additions_of(marked(corpus))
    name = quotation_id("d2", [span(MISSED, document.text)])
    elsewhere = span("Mayor Odile Brandt spoke on Monday", document.text)
    other = Quotation(name, "d2", "indirect", (elsewhere,), (), (), (), 0, None, 0.6, "rules-2")
    _, made = place({"d2": document}, [other], additions.items["d2"], additions.added["d2"])
    (added,) = made
    assert added == quotation_id(name, [span(MISSED, document.text)])


def test_a_workspace_of_an_older_version_has_none(tmp_path: Path) -> None:
    assert added_in(Workspace(tmp_path)) == {}
