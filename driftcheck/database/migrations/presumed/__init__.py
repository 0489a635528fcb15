"""Histories that build on tables which no revision makes: what these must have been before the first one."""
