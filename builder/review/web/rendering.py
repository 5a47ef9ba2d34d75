"""Rendering pages: templates with what each needs, data for scripts, and Markdown that others wrote."""

from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt

from builder.review.items import as_json
from builder.review.store import Store
from builder.review.web.access import Visitor
from builder.review.web.preferences import Preferences, next_theme, preferences_of

TEMPLATES = Path(__file__).parent / "templates"


def page(
    request: Request,
    template: str,
    store: Store | None = None,
    visitor: Visitor | None = None,
    *,
    status: int = 200,
    **values: Any,
) -> HTMLResponse:
    """A page made of a template and its values, for a visitor, who is None where anybody may see it."""
    preferences = preferences_of(store, visitor.actor) if store and visitor else Preferences()
    path = request.url.path
    frame = {
        "actor": visitor.actor if visitor else None,
        "csrf": visitor.csrf if visitor else "",
        # A page that a form was sent from shows it at an address to which nobody can return.
        "here": path if request.method == "GET" else f"/{path.split('/')[1]}",
        "keys": preferences.keys,
        "theme": preferences.theme,
        "next_theme": next_theme(preferences.theme),
        "campaign": None,
        "notice": None,
        "problem": None,
    }
    text = _environment().get_template(template).render(frame | values)
    # What article text may hold and UTF-8 cannot, half a surrogate, becomes a question mark.
    return HTMLResponse(text.encode("utf-8", "replace"), status, headers={"Cache-Control": "no-store"})


def problem_page(request: Request, status: int, message: str) -> HTMLResponse:
    """A page that says why there is none."""
    title = {403: "Not for you", 404: "Nothing here"}.get(status, "That did not work")
    return page(request, "message.html", status=status, title=title, text=message)


def for_script(record: Any) -> str:
    """A record as JSON that can stand in a page's `<script type="application/json">`."""
    return as_json(record).replace("<", "\\u003c")


@cache
def from_markdown(text: str) -> str:
    """HTML of Markdown; HTML in it is shown as text, and its links lead nowhere but to the web."""
    return str(MarkdownIt("js-default").render(text))


def clock(at: str) -> str:
    """An ISO 8601 time to the minute, as people read it."""
    return at[:16].replace("T", " ")


def percent(share: float) -> str:
    """A share as a percentage."""
    return f"{100 * share:.0f} %"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {"clock": clock, "percent": percent}
    return environment
