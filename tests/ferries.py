"""A dataset about a ferry: the beginning of its configuration, which tests go on with."""

DATASET = """
[dataset]
name = "ferries"
license = "cc0-1.0"

[[inputs]]
path = "articles.jsonl"

[[targets]]
id = "ferry"
name = "the ferry"

[quotes]
extractor = "fast"
"""
