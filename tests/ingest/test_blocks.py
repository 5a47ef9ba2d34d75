import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.ingest.blocks import block_of, blocks

WRAPPED = """\
The trust that owns the lighthouse may not sell the cottage of
its last keeper, a court ruled on Monday, ending a quarrel that
has divided the island."""


def words(text: str) -> list[str]:
    return [block.words for block in blocks(text)]


def test_every_line_is_a_block_without_its_blanks() -> None:
    assert words("\n  Home \n\nNews\xa0 today\n\t\n") == ["Home", "News today"]


@pytest.mark.parametrize(
    ("line", "said", "bullet"),
    [
        ("  • World", "World", True),
        ("* Sport", "Sport", True),
        ("– Guerre, dit-il", "Guerre, dit-il", True),
        ("12. Most read", "Most read", True),
        ("3) Third", "Third", True),
        ("14. März 2024", "14. März 2024", False),  # a date
        ("-5 degrees", "-5 degrees", False),
        ("“Never,” he said", "“Never,” he said", False),
    ],
)
def test_bullets_and_numbers_are_not_said(line: str, said: str, bullet: bool) -> None:
    block = block_of(line)
    assert (block.words, block.bullet) == (said, bullet)


def test_a_paragraph_broken_to_a_width_is_one_block() -> None:
    assert words(f"Court rules\n\n{WRAPPED}\n\n{WRAPPED}") == [
        "Court rules",
        *[" ".join(WRAPPED.split("\n"))] * 2,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Home\nnews\nsport",  # short lines are menus
        "A headline of a good length about the lighthouse\nshare",  # a lone word is a button
        "The first paragraph, of a whole sentence, ends here.\nThe second one begins with a capital.",
        "Items that follow without a blank line between them\n• stay items even if they are long ones",
    ],
)
def test_other_lines_stay_apart(text: str) -> None:
    assert len(words(text)) == text.count("\n") + 1


@given(st.text(alphabet=st.sampled_from("ab ,.\n\t•-1“”é\xa0")))
def test_blocks_cut_the_text_they_claim_in_order_and_miss_nothing(text: str) -> None:
    at = 0
    for block in blocks(text):
        assert not text[at : block.start].strip()
        covered = text[block.start : block.end]
        assert covered == covered.strip() != ""
        assert "".join(block.words.split()) in "".join(covered.split())
        at = block.end
    assert not text[at:].strip()
