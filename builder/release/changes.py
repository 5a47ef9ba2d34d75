"""What a release says about the release before it, and about decisions that it could not apply."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from builder.release.markdown import escaped
from builder.release.version import folder_name, versions_in
from builder.review.lost import LostDecision

FILE = "CHANGES.md"


def render_changes(output: Path, version: str, lost: Iterable[LostDecision]) -> str:
    """The text of `CHANGES.md` for a version that is about to be written into the folder `output`.

    Of a decision that was lost it names what it was about, neither who made it nor where it was read.
    """
    earlier = versions_in(output)
    told = (
        f"Follows {folder_name(earlier[-1])}. The rows of the two were not compared."
        if earlier
        else "The first release of this dataset."
    )
    return f"# Changes\n\n## {version}\n\n{told}\n{_lost(lost)}"


def _lost(decisions: Iterable[LostDecision]) -> str:
    rows = Counter(
        (one.lost.document, one.lost.decision.item, one.lost.decision.field, one.reason.value, one.detail)
        for one in decisions
    )
    if not rows:
        return ""
    lines = [
        f"| {escaped(item)} | {escaped(field)} | {escaped(document)} "
        f"| {reason}: {escaped(detail)} | {number} |"
        for (document, item, field, reason, detail), number in sorted(rows.items())
    ]
    table = "\n".join(["| item | field | document | reason | decisions |", "|---|---|---|---|--:|", *lines])
    return (
        "\n### Decisions that could not be applied\n\n"
        f"Their items are open again; what was decided stays in the files of decisions.\n\n{table}\n"
    )
