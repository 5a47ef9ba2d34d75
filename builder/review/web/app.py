"""The application: the API and the pages behind one door, with the headers that every answer carries."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import JSONResponse, RedirectResponse
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.staticfiles import StaticFiles
from sqlalchemy.exc import DataError

from builder import __version__
from builder.review.problems import Conflict, Invalid, ReviewError, Throttled, Unknown
from builder.review.sessions import signing_key
from builder.review.store import Store
from builder.review.web import api, pages
from builder.review.web.access import LogInFirst, Setting, admit
from builder.review.web.figures import KeptFigures
from builder.review.web.headers import WithHeaders
from builder.review.web.limit import MOST, TOO_LARGE, WithLimit
from builder.review.web.permissions import PERMISSIONS
from builder.review.web.rendering import problem_page

STATIC = Path(__file__).parent / "static"
NO_ROUTE = (404, 405)
# Half a surrogate, a null character or a number beyond 64 bits is noticed only where it is to be kept.
UNREADABLE = (400, UnicodeEncodeError, OverflowError, DataError)
COMPRESSED_FROM = 1_000  # bytes; less fits into one packet anyway


def create_app(store: Store, hosts: Iterable[str] = ()) -> FastAPI:
    """The server of a database; it answers to the names in `hosts`, or to any if there is none.

    Raises:
        RuntimeError: a route is not in the table of permissions, or the table names none.
    """
    app = FastAPI(
        title="quotestance review",
        version=__version__,
        openapi_url=None,  # the API's own route gives it, to who is logged in
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(admit)],
    )
    app.state.setting = Setting(store, signing_key(store), frozenset(hosts))
    app.state.figures = KeptFigures()
    app.include_router(api.router)
    app.include_router(pages.router)
    _require_permissions(app)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(WithLimit)
    app.add_middleware(WithHeaders)
    app.add_middleware(GZipMiddleware, minimum_size=COMPRESSED_FROM, compresslevel=5)
    app.add_exception_handler(ReviewError, _refuse)
    app.add_exception_handler(RequestValidationError, _refuse_body)
    for status in NO_ROUTE:
        app.add_exception_handler(status, partial(_refuse_path, status))
    for problem in UNREADABLE:
        app.add_exception_handler(problem, _refuse_unreadable)
    app.add_exception_handler(TOO_LARGE, _refuse_large)
    return app


def routes_of(app: FastAPI) -> set[tuple[str, str]]:
    """Every route of an application: its method and its path."""
    return {
        (method, one.path or "")
        for one in iter_route_contexts(app.routes)
        for method in one.methods or ()
        if isinstance(one.original_route, APIRoute)
    }


def _require_permissions(app: FastAPI) -> None:
    if difference := routes_of(app) ^ PERMISSIONS.keys():
        raise RuntimeError(f"routes and table of permissions differ: {sorted(difference)}")


def _is_page(request: Request) -> bool:
    return not request.url.path.startswith(("/api/", "/static/"))


def _refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, ReviewError)  # noqa: S101 - what this handler is registered for
    if isinstance(error, LogInFirst):
        return RedirectResponse(error.where, error.status)
    if _is_page(request):
        return problem_page(request, error.status, str(error))
    content = {"error": error.code, "message": str(error)}
    if isinstance(error, Conflict) and error.kept is not None:
        return JSONResponse(content | {"kept": error.kept}, error.status)
    headers = {"Retry-After": str(error.seconds)} if isinstance(error, Throttled) else {}
    return JSONResponse(content, error.status, headers)


def _refuse_body(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - what this handler is registered for
    problem = error.errors()[0]
    where = ".".join(str(part) for part in problem["loc"][1:])
    return _refusal(request, Invalid, f"{where}: {problem['msg']}")


def _refuse_unreadable(request: Request, _error: Exception) -> Response:
    return _refusal(request, Invalid, "what was sent cannot be read, or holds what no database keeps")


def _refuse_large(request: Request, _error: Exception) -> Response:
    return _refusal(request, Invalid, f"a request holds at most {MOST} bytes", TOO_LARGE)


def _refuse_path(status: int, request: Request, _error: Exception) -> Response:
    message = "There is no such page." if _is_page(request) else "there is no such route"
    return _refusal(request, Unknown, message, status)


def _refusal(request: Request, kind: type[ReviewError], message: str, status: int | None = None) -> Response:
    if _is_page(request):
        return problem_page(request, status or kind.status, message)
    return JSONResponse({"error": kind.code, "message": message}, status or kind.status)
