"""Compares two API descriptions above the schema level, one module a subject; compare.py starts them."""
