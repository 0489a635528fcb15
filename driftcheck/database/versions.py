"""Refuses to run where the packages of the environment are older than driftcheck can use, in one sentence."""

from __future__ import annotations

from driftcheck.errors import DriftcheckError


def need_sqlalchemy() -> None:
    """DriftcheckError where SQLAlchemy is older than 2.0; an application may pin it."""
    import sqlalchemy

    if int(sqlalchemy.__version__.partition(".")[0]) < 2:
        raise DriftcheckError(
            f"SQLAlchemy {sqlalchemy.__version__} is installed here, and driftcheck needs 2.0 or newer",
            "run it in an environment with the application's packages and SQLAlchemy 2, if they allow it",
        )
