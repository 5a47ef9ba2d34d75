"""What a release says about the releases before it, and about decisions that it could not apply."""

from collections import Counter
from collections.abc import Iterable

from builder.release.diff import Diff
from builder.release.diff_tables import tables_of
from builder.release.history import Previous
from builder.release.markdown import table
from builder.release.version import folder_name
from builder.review.lost import LostDecision

FILE = "CHANGES.md"
HEADING = "# Changes\n"


def render_changes(
    version: str, previous: Previous | None, diff: Diff | None, lost: Iterable[LostDecision]
) -> str:
    """The text of `CHANGES.md`: what differs from the previous release, and below it what that one said.

    Rows that were removed are only counted. Of a decision that was lost it names what it was about, neither
    who made it nor where it was read.
    """
    parts = [HEADING, f"\n## {version}\n\n"]
    if previous is None or diff is None:
        parts.append("The first release of this dataset.\n")
    else:
        parts.append(f"Follows {folder_name(previous.manifest.version)}.\n")
        for one in tables_of(diff):
            rows = [[str(cell) for cell in row] for row in one.rows]
            parts.append(f"\n### {one.title}\n\n{table(one.header, rows, one.texts)}")
    parts.append(_lost(lost))
    if previous is not None:
        parts.append((previous.folder / FILE).read_text(encoding="utf-8").removeprefix(HEADING))
    return "".join(parts)


def _lost(decisions: Iterable[LostDecision]) -> str:
    rows = Counter(
        (
            one.lost.decision.item,
            one.lost.decision.field,
            one.lost.document,
            f"{one.reason.value}: {one.detail}",
        )
        for one in decisions
    )
    if not rows:
        return ""
    lines = [[*row, str(number)] for row, number in sorted(rows.items())]
    header = ("item", "field", "document", "reason", "decisions")
    return (
        "\n### Decisions that could not be applied\n\n"
        "Their items are open again; what was decided stays in the files of decisions.\n\n"
        f"{table(header, lines, texts=4)}"
    )
