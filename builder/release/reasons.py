"""Why a row differs between two releases, as far as the row itself tells it.

A reason of a changed row is a condition in SQL on a table that `builder.release.diff` makes: `fields` are
the columns whose values differ, `was` and `now` hold the values that reasons are read from.
"""

from collections.abc import Mapping

from builder.release.dataset import QUOTES, STANCE
from builder.release.label_source import HUMAN

_HUMAN = ", ".join(f"'{source}'" for source in HUMAN)
_BY_PEOPLE = f"now.label_source in ({_HUMAN})"
_ARTICLE = ("url", "title", "site", "agency", "published")


def _differs(*columns: str) -> str:
    return f"list_has_any(fields, [{', '.join(repr(one) for one in columns)}])"


_DECIDED = {
    "decided by review": "now.label_source = 'reviewed' and was.label_source is distinct from 'reviewed'",
    "decided by adjudication": "now.label_source = 'adjudicated' "
    "and was.label_source is distinct from 'adjudicated'",
    "accepted from the model": "now.label_source = 'model' and was.label_source is distinct from 'model'",
    "no longer decided": "now.label_source = 'none' and was.label_source <> 'none'",
}

REASONS: Mapping[str, Mapping[str, str]] = {
    QUOTES: {
        **_DECIDED,
        "boundaries edited by people": f"was.boundaries <> now.boundaries and {_BY_PEOPLE}",
        "speaker corrected by people": f"{_differs('speaker')} and {_BY_PEOPLE}",
        "another extractor": _differs("extractor"),
        "article read anew": _differs(*_ARTICLE),
        "cluster joined with another": _differs("cluster"),
    },
    STANCE: {
        **_DECIDED,
        "relabelled by people": f"{_differs('label')} and {_BY_PEOPLE}",
        "another model": _differs("model"),
        "its quotation changed": _differs("text", "context", "speaker"),
    },
}
"""The reasons of a changed row, by configuration and name."""

NOT_A_QUOTATION = "found to be no quotation by people"
ON_REQUEST = "removed on request"
ARTICLE_GONE = "its article is no longer in the dataset"
NOT_FOUND = "no longer found in its article"
NOT_FOUND_OR_NONE = "no longer found in its article, or found to be no quotation by people"
NOT_ASKED = "no longer about its target"
"""Why a row was removed; the first two cannot be told from the rows that are left.

Releases do not hold what was removed from them, so who has nothing else cannot tell a quotation that is not
found any more from one that people found to be none.
"""
