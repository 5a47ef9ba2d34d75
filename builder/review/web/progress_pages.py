"""The pages of how far things are: the campaigns, and one campaign's session page."""

from collections.abc import Sequence
from statistics import median
from typing import Annotated, Literal, cast

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from builder.review.agreement import Coefficient
from builder.review.campaigns import campaign_by_name, campaigns, close_campaign, open_campaign
from builder.review.items import PersonProgress
from builder.review.progress import leases, progress
from builder.review.queue import end_lease
from builder.review.web.api import Database, Who
from builder.review.web.charts import HEIGHT, WIDTH, bar_chart, confidence_chart, time_chart
from builder.review.web.figures import KeptFigures, Share
from builder.review.web.rendering import page, percent

router = APIRouter()


@router.get("/")
def home(
    request: Request,
    visitor: Who,
    store: Database,
) -> HTMLResponse:
    """All campaigns and how far each is."""
    shown = [(one, progress(store, one.name)) for one in campaigns(store)]
    return page(request, "home.html", store, visitor, campaigns=shown)


@router.get("/campaigns/{name}")
def session_page(
    request: Request,
    name: str,
    visitor: Who,
    store: Database,
) -> HTMLResponse:
    """A campaign's progress, pace, agreement and charts; annotators see their own row of people only."""
    campaign, done = campaign_by_name(store, name), progress(store, name)
    figures = kept_figures(request).of(store, name, campaign.scheme)
    actor = visitor.actor
    people = [one for one in done.people if actor.may("adjudicator") or one.annotator == actor.name]
    return page(
        request,
        "progress.html",
        store,
        visitor,
        campaign=campaign,
        done=done,
        people=people,
        pace=_pace(done.people),
        agreement=_agreement(figures.alpha),
        figures=figures,
        width=WIDTH,
        height=HEIGHT,
        label_chart=bar_chart(figures.labels),
        agreement_chart=time_chart([(one.share, _agreed(one)) for one in figures.agreement]),
        confidence_chart=confidence_chart(
            {name: [_placed(one) for one in some] for name, some in figures.against_confidence.items()}
        ),
        leases=leases(store, name) if actor.may("administrator") else [],
    )


@router.post("/campaigns/{name}/state")
def set_state(
    name: str,
    state: Annotated[Literal["open", "closed"], Form()],
    visitor: Who,
    store: Database,
) -> RedirectResponse:
    """Closes a campaign, or opens it again."""
    change = open_campaign if state == "open" else close_campaign
    change(store, visitor.actor, name)
    return RedirectResponse(f"/campaigns/{name}", 303)


@router.post("/campaigns/{name}/leases/{number}/release")
def release_lease(
    name: str,
    number: int,
    visitor: Who,
    store: Database,
) -> RedirectResponse:
    """Ends somebody's lease."""
    end_lease(store, visitor.actor, number)
    return RedirectResponse(f"/campaigns/{name}#leases", 303)


def kept_figures(request: Request) -> KeptFigures:
    """The figures that this server keeps."""
    return cast(KeptFigures, request.app.state.figures)


def _pace(people: Sequence[PersonProgress]) -> dict[str, str]:
    times = [one.seconds for one in people if one.seconds is not None]
    return {
        "seconds": f"{median(times):.1f} s" if times else "–",
        "hour": str(sum(one.last_hour for one in people)),
    }


def _agreement(alpha: Coefficient) -> dict[str, str]:
    if alpha.value is None:
        return {"value": "–", "meaning": alpha.undefined}
    known = alpha.low is not None and alpha.high is not None
    between = f", {alpha.low:.2f} to {alpha.high:.2f}" if known else ""
    return {"value": f"{alpha.value:.2f}", "meaning": f"Krippendorff’s alpha{between}"}


def _placed(one: Share) -> tuple[float, float, str]:
    return one.place, one.share, f"confidence {percent(one.place)}: {_agreed(one)}"


def _agreed(one: Share) -> str:
    return f"{percent(one.share)} of {one.number} agree"
