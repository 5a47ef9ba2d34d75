"""Calling the command line within a test."""

import sys

import pytest

from builder.entry import main


def called(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, str, str]:
    """Runs `quotestance` with the arguments in this process; gives exit code, output and errors."""
    monkeypatch.setattr(sys, "argv", ["quotestance", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    out, err = capfd.readouterr()
    return int(ended.value.code or 0), out, err
