"""What is printed is what was meant, whatever it looks like to a library that formats."""

import pytest

from builder.console import complain, say


@pytest.mark.parametrize("text", ["answers.jsonl:100: bad", "[bold]no markup[/bold]", "x" * 300, ":smile:"])
def test_a_line_is_printed_as_it_is(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    say(text)
    complain(text)
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == (f"{text}\n", f"{text}\n")
