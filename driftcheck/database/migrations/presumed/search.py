"""Searches what was there before the first revision: runs all revisions until nothing contradicts it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol, TypeVar

from driftcheck.database.migrations.presumed.learner import Learner
from driftcheck.database.migrations.presumed.shapes import Presumption, Undecided
from driftcheck.errors import DriftcheckError
from driftcheck.finding import Skipped

if TYPE_CHECKING:
    from sqlalchemy import Connection

T = TypeVar("T")

_MOST = 40  # runs of all revisions; each but the last one tells something, most stop early


class Presumed(Protocol):
    """Tables to be created before the first revision runs."""

    def create(self, connection: Connection) -> None:
        """Create them in a scratch database."""

    def note(self) -> Skipped:
        """What the report says of them."""


class Unknown(Exception):
    """Nobody knows what was there; the message is what stopped the best attempt, or empty."""


def presumed(
    first: BaseException | None,
    run: Callable[[Presumed], T],
    declared: Iterable[Presumed],
    presumption: Presumption,
    lacks: Callable[[T], Iterable[str]],
) -> tuple[T, Presumed]:
    """What `run`, all revisions in an empty database, gives with the tables that it needs; Unknown where
    nobody knows these. `first` stopped it without them; `lacks` names tables that were there but that no
    revision makes or touches.

    Metadata that declares the tables is right if all revisions run upon it. Otherwise they are the tables
    of today, changed until no revision contradicts them.
    """
    stopped = ""
    for each in declared:
        try:
            return run(each), each
        except DriftcheckError as error:
            stopped = error.message
    learner = Learner(presumption)
    if first is None or not learner.learn(first):
        raise Unknown(stopped)
    failed = ""
    for _ in range(_MOST):
        learner = Learner(presumption)
        try:
            with learner.listening():
                result = run(presumption)
        except DriftcheckError as error:
            failed = error.message
            if not learner.changed and not _learnt(learner, error.__cause__):
                raise Unknown(stopped or failed) from None
            continue
        learner.presume([] if learner.changed else lacks(result))
        if not learner.changed:
            if learner.guesses():
                break
            return result, presumption
    raise Unknown(stopped or failed)


def _learnt(learner: Learner, cause: BaseException | None) -> bool:
    if cause is None or isinstance(cause, Undecided):
        return False
    try:
        return learner.learn(cause)
    except Undecided:
        return False
