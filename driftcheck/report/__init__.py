"""Formats of the report, one file each; all of them read the same Report."""
