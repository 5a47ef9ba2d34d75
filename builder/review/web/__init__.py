"""The server of review: a JSON API for programs and the pages for people, by the same rules."""
