"""Decisions in the forms of other annotation tools, and in our own."""
