"""The steps; each is named by its number, and the last is `builder.review.tables.REVISION`."""
