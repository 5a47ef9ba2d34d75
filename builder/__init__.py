"""Turns news articles into a versioned dataset of quotations, each with its speaker and stance."""

from importlib.metadata import version

__version__ = version("quotestance")
