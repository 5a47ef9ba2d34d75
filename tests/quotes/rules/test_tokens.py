import pytest

from builder.quotes.marks import pair_marks
from builder.quotes.rules.tokens import tokenize
from builder.records import Span


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Anna's dog, it seems, ran.", ["Anna's", "dog", ",", "it", "seems", ",", "ran", "."]),
        ("Gen. Brandt of the U.S. said so.", ["Gen", "Brandt", "of", "the", "U.S.", "said", "so", "."]),
        ("Ada Brandt (Greens, Orneby) said 1,200 or 3.5.",
         ["Ada", "Brandt", "(Greens, Orneby)", "said", "1,200", "or", "3.5", "."]),
        ("“We go. Now,” he said—twice.", ["“We go. Now,”", "he", "said", "—", "twice", "."]),
        ("the dogs’ bowls -- all", ["the", "dogs’", "bowls", "--", "all"]),
    ],
)  # fmt: skip
def test_words_signs_brackets_and_quotations_are_tokens(text: str, tokens: list[str]) -> None:
    found = tokenize(text, Span(0, len(text)), pair_marks(text))
    assert [one.text for one in found] == tokens
    assert all(text[one.start : one.end] == one.text for one in found)
