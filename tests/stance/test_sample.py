from builder.records import Quotation, Span
from builder.stance.sample import DocumentText, drawn, is_audited, place_in_sample


def quotation(name: str, document: str, *parts: tuple[int, int]) -> Quotation:
    content = tuple(Span(*part) for part in parts)
    return Quotation(name, document, "direct", content, (), (), (), 0, None, 0.9, "test")


def test_the_share_that_is_drawn_is_the_share_that_was_asked_for() -> None:
    places = [place_in_sample(f"sentence {number}") for number in range(5_000)]
    assert all(0 <= one < 1 for one in places)
    assert abs(sum(one < 0.1 for one in places) / 5_000 - 0.1) < 0.015  # 3.5 standard errors of 0.0042


def test_a_larger_sample_holds_the_smaller_one() -> None:
    text = " ".join(f"word{number}" for number in range(200))
    words = text.split(" ")
    spans = [(text.index(word), text.index(word) + len(word)) for word in words]
    quotations = [quotation(f"q{number}", "d", span) for number, span in enumerate(spans)]
    small, large = (drawn([DocumentText("d", text)], quotations, share) for share in (0.1, 0.4))
    assert small < large
    assert drawn([DocumentText("d", text)], quotations, 0.0) == frozenset()
    assert drawn([DocumentText("d", text)], quotations, 1.0) == {one.id for one in quotations}


def test_copies_of_the_same_words_are_drawn_together() -> None:
    words = "The bridge will hold, and it will be paid for"
    assert place_in_sample(words) == place_in_sample(f"“{words.upper()}”!")
    assert place_in_sample(words) != place_in_sample(f"{words} twice")


def test_the_audit_draws_by_id_and_independently_of_the_sample() -> None:
    names = [f"q{number}" for number in range(2_000)]
    assert abs(sum(is_audited(name, 0.25) for name in names) / 2_000 - 0.25) < 0.035
    assert not any(is_audited(name, 0.0) for name in names)
