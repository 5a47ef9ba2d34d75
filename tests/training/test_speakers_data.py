"""Labelled sources as questions with their answers."""

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training needs the extra train")

from builder.errors import UsageError
from builder.speakers.candidates import KINDS
from builder.training.speakers_data import Labelled, read_labelled
from tests.training.sources import write_labelled


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    return write_labelled(tmp_path)


def answers(labelled: Labelled) -> list[tuple[str, str, str]]:
    """For each source: the source, the person who is the right choice ("" if none), and its kind."""
    found: list[tuple[str, str, str]] = []
    for question, right, kind in zip(labelled.questions, labelled.right, labelled.kinds, strict=True):
        entity = question.choices[right].entity if right >= 0 else None
        found.append(
            (
                question.place.of(labelled.text),
                entity.name if entity else "",
                KINDS[kind] if kind >= 0 else "",
            )
        )
    return found


def test_each_label_is_the_choice_that_it_means(files: tuple[Path, Path]) -> None:
    harbour, bridge, fair, *_ = read_labelled(*files, 0, 0)[0]
    assert answers(harbour) == [
        ("Mayor Lena Brandt", "Lena Brandt", "person"),
        ("she", "Lena Brandt", "person"),
        ("The council", "", "organisation"),
        ("Critics", "", "group"),
    ]
    assert answers(bridge)[2:] == [("A driver", "", "unnamed"), ("I", "", "author")]
    assert answers(fair)[2:] == [("The ministry", "", "government"), ("Somebody", "", "")]


def test_the_right_choice_of_a_kind_is_that_kind(files: tuple[Path, Path]) -> None:
    for one in read_labelled(*files, 0, 0)[0]:
        for question, right, kind in zip(one.questions, one.right, one.kinds, strict=True):
            assert right < 0 or question.choices[right].kind == KINDS[kind]


def test_a_copy_hides_some_sources_and_has_answers_for_those_only(files: tuple[Path, Path]) -> None:
    read, _ = read_labelled(*files, 0.5, 0)
    copies = [one for one in read if one.copy]
    assert {one.article for one in copies} <= {one.article for one in read if not one.copy}
    asked = [
        (question.phrase is None, kind >= 0)
        for one in copies
        for question, kind in zip(one.questions, one.kinds, strict=True)
    ]
    # of 24 sources; the two of "Somebody" have no answer, hidden or not
    assert 0 < sum(hidden for hidden, _ in asked) < 24
    assert all(hidden for hidden, known in asked if known)
    assert sum(hidden and not known for hidden, known in asked) <= 2
    assert read_labelled(*files, 0.5, 0)[0][1].right == read[1].right


def test_what_is_known_comes_from_other_articles_too(files: tuple[Path, Path]) -> None:
    _, known = read_labelled(*files, 0, 0)
    assert known.people == {}  # each is named in the two copies of an article only: too few
    assert known.nouns["mayor"] == 2


def test_articles_without_labels_are_left_out(files: tuple[Path, Path]) -> None:
    articles, speakers = files
    lines = speakers.read_text(encoding="utf-8").splitlines(keepends=True)
    speakers.write_text("".join(line for line in lines if line.startswith("fair-b")), encoding="utf-8")
    assert len(read_labelled(articles, speakers, 0, 0)[0]) == 1


@pytest.mark.parametrize(
    "line",
    ["", "harbour-a", "harbour-a\tharbour-a-1\tLena Brandt", "harbour-a\tharbour-a-1\tLena Brandt\tqueen"],
)
def test_a_wrong_line_of_labels_is_named(files: tuple[Path, Path], line: str) -> None:
    articles, speakers = files
    first = speakers.read_text(encoding="utf-8").splitlines()[0]
    speakers.write_text(f"{first}\n{line}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"speakers\.tsv:2: must be document, attribution, speaker and kind"):
        read_labelled(articles, speakers, 0, 0)


def test_a_person_without_a_name_is_a_wrong_label(files: tuple[Path, Path]) -> None:
    articles, speakers = files
    speakers.write_text("harbour-a\tharbour-a-1\t\tperson\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"speakers\.tsv:1: a person needs a name"):
        read_labelled(articles, speakers, 0, 0)


def test_attributions_need_an_id_that_labels_can_name(files: tuple[Path, Path]) -> None:
    articles, speakers = files
    content = articles.read_text(encoding="utf-8").replace('"id": "fair-a-1", ', "")
    articles.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=r"articles\.jsonl: fair-a: an attribution has no id"):
        read_labelled(articles, speakers, 0, 0)


def test_labels_that_cannot_be_read_are_named(files: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.tsv: cannot be read"):
        read_labelled(files[0], tmp_path / "none.tsv", 0, 0)
