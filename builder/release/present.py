"""What `CHANGES.md` may name: documents, quotations and clusters that the release holds.

What it does not hold may have been removed because somebody asked for it, now or between two versions; its
id, which a decision or an earlier version names, is no longer printed.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from builder.engine.database import Database
from builder.release.dataset import QUOTES
from builder.release.markdown import NOTHING, unescaped
from builder.release.removals import Removals
from builder.release.removed_words import spans_repeated
from builder.release.splits import placed
from builder.review.decisions import STANCE
from builder.review.lost import LostDecision

LOST = "Decisions that could not be applied"
MOVES = "Rows that left their split"
NAMES = {LOST: (0, 2), MOVES: (1, 2)}
"""The tables of `CHANGES.md` that name something, by their titles, and in which cells."""

HEADING = re.compile(r"#+ (.*)")
HEAD_LINES = 2  # of a table: its header and the rule below


@dataclass(frozen=True, slots=True)
class Present:
    """What may be named: documents and clusters that are in the release, and no item that is `gone`."""

    ids: Collection[str] = ()
    gone: Collection[str] = ()

    def names(self, one: LostDecision) -> tuple[str, str]:
        """What the item and the document of a lost decision are called."""
        item, document = one.lost.decision.item, one.lost.document
        return (item, document) if document in self.ids and item not in self.gone else (NOTHING, NOTHING)

    def told(self, text: str) -> str:
        """What an earlier version said, without the names of what is not there any more."""
        return "".join(self._line(title, line) for title, line in _lines(text))

    def _line(self, title: str, line: str) -> str:
        if not title:
            return line
        cells = line.split("|")[1:]
        named = [unescaped(cells[place]) for place in NAMES[title]]
        # Of a lost decision the item is told by its document, which is the other cell.
        known = [one in self.ids for one in named]
        if title == LOST:
            known = [known[1] and named[0] not in self.gone] * 2
        for place, is_known in zip(NAMES[title], known, strict=True):
            if not is_known:
                cells[place] = f" {NOTHING.ljust(len(cells[place]) - 2)} "
        return "|".join(["", *cells])


def find_present(
    database: Database,
    lost: Iterable[LostDecision],
    earlier: str,
    removals: Removals,
    withdrawn: Collection[str],
) -> Present:
    """What of some lost decisions and of the text of earlier versions may be named.

    It reads the relations of the articles and of the placed quotations; `withdrawn` are quotations that are
    not published on request.
    """
    some = list(lost)
    names = sorted({one.lost.document for one in some} | set(_names_in(earlier)))
    if not names:
        return Present()
    found = database.execute(
        f"""
        with asked as (select unnest($names::varchar[]) as id)
        select id from articles semi join asked using (id)
        union select cluster from {placed(QUOTES)} semi join asked on asked.id = cluster
        """,  # noqa: S608 - names of this program's own relations
        {"names": names},
    ).fetchall()
    gone = {one.lost.decision.item for one in some if _holds_removed(one, removals)}
    return Present(frozenset(name for (name,) in found), removals.quotations | gone | set(withdrawn))


def _holds_removed(one: LostDecision, removals: Removals) -> bool:
    """Whether the words that a decision is about, or what it says, are not to be published."""
    decision = one.lost.decision
    told = (one.lost.text, decision.before, decision.after, decision.field)
    if decision.field.removeprefix(STANCE) in removals.targets:
        return True
    return any(map(removals.find_in, told)) or bool(spans_repeated(one.lost.text, removals.words))


def _names_in(text: str) -> Iterator[str]:
    for title, line in _lines(text):
        cells = line.split("|")[1:]
        yield from (unescaped(cells[place]) for place in (NAMES[title] if title else ()))


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """The lines of a text, those of tables that name something with the title of the table."""
    title, number = "", 0
    for line in text.splitlines(keepends=True):
        heading = HEADING.match(line)
        if heading:
            title, number = heading[1], 0
        number += line.startswith("|")
        is_named = title in NAMES and line.startswith("|") and number > HEAD_LINES
        yield title if is_named else "", line
