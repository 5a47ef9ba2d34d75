"""What is printed is what was meant, whatever it looks like to a library that formats."""

import pytest

from builder.console import complain, progress_bars, say


@pytest.mark.parametrize("text", ["answers.jsonl:100: bad", "[bold]no markup[/bold]", "x" * 300, ":smile:"])
def test_a_line_is_printed_as_it_is(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    say(text)
    complain(text)
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == (f"{text}\n", f"{text}\n")


def test_where_no_bar_can_be_drawn_a_line_says_now_and_then_how_far_it_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with progress_bars() as report:
        report("quotations", 1, 4000)
        monkeypatch.setattr("builder.console.SECONDS_A_LINE", 0)
        report("quotations", 2, 4000)
    assert capsys.readouterr().err == "quotations: 2 of 4,000\n"
