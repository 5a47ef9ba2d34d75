"""What a release says about the releases before it, and about decisions that it could not apply."""

from collections import Counter
from collections.abc import Iterable

from builder.config import AUTO_TARGET
from builder.release.diff import Diff
from builder.release.diff_tables import tables_of
from builder.release.history import Previous
from builder.release.markdown import NOTHING, table
from builder.release.present import LOST, Present
from builder.release.version import folder_name
from builder.review.decisions import STANCE
from builder.review.lost import LostDecision

FILE = "CHANGES.md"
HEADING = "# Changes\n"


def render_changes(
    version: str,
    previous: Previous | None,
    diff: Diff | None,
    lost: Iterable[LostDecision],
    present: Present,
) -> str:
    """The text of `CHANGES.md`: what differs from the previous release, and below it what that one said.

    Rows that were removed are only counted. Of a decision that was lost it names what it was about, as far as
    that is `present`, and neither who made it nor where it was read.
    """
    parts = [HEADING, f"\n## {version}\n\n"]
    if previous is None or diff is None:
        parts.append("The first release of this dataset.\n")
    else:
        parts.append(f"Follows {folder_name(previous.manifest.version)}.\n")
        for one in tables_of(diff):
            rows = [[str(cell) for cell in row] for row in one.rows]
            parts.append(f"\n### {one.title}\n\n{table(one.header, rows, one.texts)}")
    parts.append(_lost(lost, present))
    if previous is not None:
        parts.append(present.told(earlier_changes(previous)))
    return "".join(parts)


def earlier_changes(previous: Previous) -> str:
    """What the previous release said about itself and those before it."""
    return (previous.folder / FILE).read_text(encoding="utf-8").removeprefix(HEADING)


def _lost(decisions: Iterable[LostDecision], present: Present) -> str:
    rows: Counter[tuple[str, ...]] = Counter()
    for one in decisions:
        item, document = present.names(one)
        # An automatic target is called by a name.
        is_named = item != NOTHING or not one.lost.decision.field.startswith(STANCE + AUTO_TARGET)
        field = one.lost.decision.field if is_named else NOTHING
        rows[item, field, document, f"{one.reason.value}: {one.detail}"] += 1
    if not rows:
        return ""
    lines = [[*row, str(number)] for row, number in sorted(rows.items())]
    header = ("item", "field", "document", "reason", "decisions")
    return (
        f"\n### {LOST}\n\n"
        "Their items are open again; what was decided stays in the files of decisions. Items that are not in "
        "the dataset are not named.\n\n"
        f"{table(header, lines, texts=4)}"
    )
