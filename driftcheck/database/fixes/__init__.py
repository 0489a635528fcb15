"""The likely fix of each finding as operations to copy: `hints.py` puts in order what the others write."""
