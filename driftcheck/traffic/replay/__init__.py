"""Replaying recorded calls against a running service, and comparing its answers with the recorded ones."""
