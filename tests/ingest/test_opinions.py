from hypothesis import given
from hypothesis import strategies as st

from builder.ingest.opinions import Settled, settle
from builder.records import ZoneLabel

FIRST = "The night ferry across Lake Tarn will keep running, the district council decided on Tuesday."
QUOTE = "“I was wrong, and I would rather say so on a boat than on a bridge,” said the mayor, Greta Holm."
THIRD = "The ferry carries about forty people a night, most of them nurses and bakers on their way to work."
REST = [
    "“My shift ends at two. Before the ferry I slept in the linen room,” said Anselm Rook, a nurse.",
    "Councillor Bertil Quast called the vote a victory of tears over arithmetic and left the hall at once.",
    "The operator said that it had kept the crew, and that the first boat would sail on Friday night.",
    "Holm promised to publish the costs of every crossing from now on, down to the last bucket of paint.",
]


def body(settled: Settled) -> list[str]:
    return lines(settled, "body")


def lines(settled: Settled, wanted: ZoneLabel) -> list[str]:
    return [line for label, line in settled.lines if label == wanted]


def test_where_both_agree_nothing_changes() -> None:
    settled = settle([FIRST, QUOTE, THIRD], [FIRST, QUOTE, THIRD])
    assert body(settled) == [FIRST, QUOTE, THIRD]
    assert (settled.agreement, settled.by_second) == (1.0, 0)


def test_agreement_is_the_share_of_words_in_lines_that_both_have() -> None:
    # THIRD is a third of neither: 15 + 19 words are common to both sides, 19 stand on one side alone.
    settled = settle([FIRST, QUOTE, THIRD], [FIRST, QUOTE])
    words = {line: len(line.replace("“", "").split()) for line in (FIRST, QUOTE, THIRD)}
    common = 2 * (words[FIRST] + words[QUOTE])
    assert settled.agreement == common / (common + words[THIRD])


def test_a_dropped_paragraph_with_a_quotation_comes_back_in_its_place() -> None:
    assert body(settle([FIRST, THIRD], [FIRST, QUOTE, THIRD])) == [FIRST, QUOTE, THIRD]


def test_a_dropped_first_paragraph_with_a_quotation_comes_back_on_top() -> None:
    assert body(settle([FIRST, THIRD], [QUOTE, FIRST, THIRD])) == [QUOTE, FIRST, THIRD]


def test_other_lines_of_the_second_do_not_come_in() -> None:
    second = [FIRST, "The ferry at Tarn pier. Photo: Ana Quist", THIRD, "Most read", "“It bit me,” says man"]
    assert body(settle([FIRST, THIRD], second)) == [FIRST, THIRD]


def test_an_article_that_goes_on_after_the_first_stopped_is_completed() -> None:
    settled = settle([FIRST, QUOTE], [FIRST, QUOTE, "Advertisement", *REST])
    assert (body(settled), settled.by_second) == ([FIRST, QUOTE, *REST], 4)


def test_teasers_of_other_articles_are_no_lost_end() -> None:
    teasers = [line for rest in REST for line in ("A headline of another story", rest, "Read more")]
    assert body(settle([FIRST, QUOTE, THIRD], [FIRST, QUOTE, THIRD, *teasers])) == [FIRST, QUOTE, THIRD]


def test_comments_are_no_lost_end() -> None:
    assert body(settle([FIRST, QUOTE], [FIRST, QUOTE, "Comments", *REST])) == [FIRST, QUOTE]


def test_the_second_decides_where_the_first_took_something_else() -> None:
    article = [FIRST, QUOTE, THIRD, *REST]
    banner = ["We and our partners store information on your device.", "Accept all"]
    assert body(settle(banner, ["Home", *article])) == article
    assert body(settle([], article)) == article


def test_short_lines_that_the_second_does_not_know_are_left_out() -> None:
    settled = settle(
        [FIRST, "Bridge plans sink", QUOTE, "What happens next", THIRD],
        [FIRST, QUOTE, "What happens next", THIRD],
    )
    assert body(settled) == [FIRST, QUOTE, "What happens next", THIRD]
    assert lines(settled, "boilerplate") == ["Bridge plans sink"]


def test_long_copies_that_the_second_has_once_are_left_out() -> None:
    assert body(settle([FIRST, QUOTE, FIRST, THIRD], [FIRST, QUOTE, THIRD])) == [FIRST, QUOTE, THIRD]


def test_captions_bylines_and_notices_in_the_first_get_their_labels() -> None:
    first = ["Published 18 November 2019", FIRST, "The pier. Photo: Ana Quist", QUOTE, "© 2024 The Tarn Post"]
    settled = settle(first, first)
    assert body(settled) == [FIRST, QUOTE]
    assert lines(settled, "dateline") == ["Published 18 November 2019"]
    assert lines(settled, "caption") == ["The pier. Photo: Ana Quist"]
    assert lines(settled, "boilerplate") == ["© 2024 The Tarn Post"]


@given(
    st.lists(st.sampled_from([FIRST, QUOTE, THIRD, *REST, "Home", "", "…"])),
    st.lists(st.sampled_from([FIRST, QUOTE, *REST])),
)
def test_nothing_is_invented(first: list[str], second: list[str]) -> None:
    settled = settle(first, second)
    assert {line for _, line in settled.lines} <= {*first, *second}
    assert 0 <= settled.agreement <= 1
