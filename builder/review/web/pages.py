"""The pages of the review: each module makes those of one concern, and this one gathers them.

Pages are for browsers; what scripts use is the JSON API. Which role a route asks for stands in
`builder.review.web.permissions`.
"""

from fastapi import APIRouter

from builder.review.web import (
    account_page,
    adjudication_pages,
    entrance_pages,
    people_pages,
    progress_pages,
    review_pages,
)

router = APIRouter(include_in_schema=False)
for module in (
    entrance_pages,
    progress_pages,
    review_pages,
    adjudication_pages,
    people_pages,
    account_page,
):
    router.include_router(module.router)
