"""Reports as Markdown and as HTML pages: what all of them share.

The HTML needs no other file and runs no script; everything in it is escaped.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import jinja2

from builder.errors import UsageError

TEMPLATES = Path(__file__).parent
_PARAGRAPH_BREAK = re.compile(r"\s*[\n\r\u2028\u2029]\s*")


@dataclass(frozen=True, slots=True)
class Table:
    """Counts and rates; the first column names the groups."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def to_page(template: str, report: object) -> str:
    """A report as one HTML page, by a template of this folder."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(report=report)


def write_files(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Writes files into a folder, which is made if need be, and says where they are.

    Raises:
        UsageError: the folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            # Half of a surrogate pair, which JSON can hold, cannot be written.
            (folder / name).write_bytes(text.encode("utf-8", "replace"))
    except OSError as error:
        raise UsageError(f"{folder}: cannot be written to: {error.strerror}") from error
    return [str(folder / name) for name in files]


def as_part(text: str) -> str:
    """A text as part of a line: its line breaks would end that, its brackets pass for ours."""
    return _PARAGRAPH_BREAK.sub(" ¶ ", text).replace("⟦", "[").replace("⟧", "]")
