"""Settings of all tests."""

from hypothesis import settings

# How fast a test runs says nothing on a machine that does other things as well.
settings.register_profile("quotestance", deadline=None)
settings.load_profile("quotestance")
