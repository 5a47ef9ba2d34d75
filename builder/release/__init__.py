"""Turning the records of a workspace and people's decisions into a versioned dataset."""
