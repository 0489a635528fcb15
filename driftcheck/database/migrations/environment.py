"""Learns from env.py what it would configure (metadata, include_object, version table), without migrating.

env.py runs for real, but run_migrations does nothing, logging is as before afterwards, and the fence is up.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest.mock import patch

from driftcheck.database import connect
from driftcheck.database.migrations import flask_app
from driftcheck.database.migrations.fence import Fence, Refused, fenced
from driftcheck.database.migrations.history import History
from driftcheck.database.migrations.logs import kept
from driftcheck.database.quiet import stdout_to_stderr
from driftcheck.errors import DriftcheckError
from driftcheck.finding import Skipped

if TYPE_CHECKING:
    from sqlalchemy import Connection, MetaData

UNKNOWN = "the options of env.py"
"""What a note is about that tells of an env.py that could not be run: nothing that is worth being kept, since
it may be for want of a variable or a package."""

_ASYNC = {"sqlite": "aiosqlite", "postgresql": "asyncpg"}
_NOT_OURS = {
    "connection", "url", "dialect_name", "as_sql", "literal_binds", "output_buffer", "on_version_apply",
    "starting_rev", "output_encoding", "dialect_opts", "process_revision_directives",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Environment:
    """What env.py configured; `options` are the arguments of context.configure that a replay needs,
    `arguments` those of context.run_migrations, which revisions get (`engine_name` of several databases),
    `driver` the one that its own engine uses (empty when it took the connection it was given), `refused`
    the databases that it asked for."""

    options: Mapping[str, Any] = field(default_factory=dict)
    arguments: Mapping[str, Any] = field(default_factory=dict)
    driver: str = ""
    notes: tuple[Skipped, ...] = ()
    refused: tuple[str, ...] = ()

    @property
    def metadatas(self) -> tuple[MetaData, ...]:
        """The target_metadata of env.py."""
        from sqlalchemy import MetaData as Metadata

        target = self.options.get("target_metadata")
        items = target if isinstance(target, list | tuple) else [target]
        return tuple(item for item in items if isinstance(item, Metadata))

    @property
    def version_table(self) -> str:
        """The table of stamps."""
        return str(self.options.get("version_table") or "alembic_version")


def learn(history: History, connection: Connection) -> Environment:
    """Run env.py against the scratch connection, online first and offline where that fails."""
    fence = Fence(connection.engine.url, redirect=True)
    reasons: list[BaseException] = []
    seen = _first(history, connection, fence, reasons)
    missing = ""
    if not seen and flask_app.is_missed(reasons):
        try:
            with quiet(), flask_app.pushed(connection.engine.url):
                reasons.clear()
                seen = _first(history, connection, fence, reasons)
        except DriftcheckError as error:
            missing = f"; {connect.masked(error.message)}: {error.hint}"
    if seen:
        notes = (*_refusals(fence), *_further(seen))
        return Environment(*seen[0], fence.driver, notes, tuple(fence.refused))
    if reasons and isinstance(reasons[0], Refused):
        raise reasons[0]
    note = Skipped(UNKNOWN, f"it could not be run: {_why(reasons)}{missing}")
    return Environment({}, {}, fence.driver, (*_refusals(fence), note), tuple(fence.refused))


def _first(
    history: History, connection: Connection, fence: Fence, reasons: list[BaseException]
) -> list[_Seen]:
    """What the first way to run env.py that works shows; why others do not is added to `reasons`."""
    for attempt in _attempts(history, connection):
        try:
            seen = _run(history, connection, fence, attempt)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - env.py may raise anything
            reasons.append(error)
            continue
        if seen:
            return seen
    return []


def _why(reasons: Sequence[BaseException]) -> str:
    if not reasons:
        return "it configures nothing"
    lines = str(reasons[0]).splitlines() or ["it configures nothing"]
    return f"{type(reasons[0]).__name__}: {connect.masked(lines[0])}"


class _Attempt(NamedTuple):
    """A way to run env.py: the driver written into sqlalchemy.url (an async env.py needs its own), offline
    or not, and whether it is handed a connection (config.attributes["connection"])."""

    driver: str
    offline: bool = False
    handed: bool = False


def _attempts(history: History, connection: Connection) -> Iterator[_Attempt]:
    """Its own engine first, because then its own driver is known."""
    backend = connection.engine.url.get_backend_name()
    written = str(history.config.get_main_option("sqlalchemy.url") or "").partition("://")[0]
    if written.partition("+")[0] == backend:
        yield _Attempt(written)
    yield _Attempt(connection.engine.url.drivername)
    yield _Attempt(connection.engine.url.drivername, handed=True)
    yield _Attempt(f"{backend}+{_ASYNC.get(backend, 'aiomysql')}")
    yield _Attempt(connection.engine.url.drivername, offline=True)


def _refusals(fence: Fence) -> Iterator[Skipped]:
    for what in fence.refused:
        yield Skipped(
            f"env.py's connection to {what}",
            "refused: migrations run in scratch only, which it was given instead",
        )


class _Seen(NamedTuple):
    """One call of context.configure, and the arguments of the run_migrations after it."""

    options: dict[str, Any]
    arguments: dict[str, Any]


def _further(seen: list[_Seen]) -> Iterator[Skipped]:
    """What is not replayed where env.py migrates several databases with one history."""
    names = [str(next(iter(item.arguments.values()))) for item in seen if item.arguments]
    for name in dict.fromkeys(names[1:]):
        if name != names[0]:
            yield Skipped(
                f"the migrations of {name}", f"env.py migrates several databases; {names[0]} is replayed"
            )


def _run(history: History, connection: Connection, fence: Fence, attempt: _Attempt) -> list[_Seen]:
    from alembic.runtime.environment import EnvironmentContext

    seen: list[_Seen] = []

    history.forget()
    offline = attempt.offline
    if attempt.handed:
        history.config.attributes["connection"] = connection
    url = connection.engine.url.set(drivername=attempt.driver).render_as_string(hide_password=False)
    before = history.config.get_main_option("sqlalchemy.url")
    history.config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    context = EnvironmentContext(history.config, history.script, as_sql=offline, fn=lambda *_: [])
    try:
        with quiet(), fenced(fence), _listening(context, seen, fence, offline), context:
            history.script.run_env()
    finally:
        history.config.attributes.pop("connection", None)
        if before is not None:
            history.config.set_main_option("sqlalchemy.url", before.replace("%", "%%"))
    return seen


@contextmanager
def _listening(context: Any, seen: list[_Seen], fence: Fence, offline: bool) -> Iterator[None]:
    """Note what is configured, and migrate nothing: this is a rehearsal."""
    configure = context.configure

    def noted(connection: Any = None, *rest: Any, **options: Any) -> None:
        seen.append(_Seen({key: value for key, value in options.items() if key not in _NOT_OURS}, {}))
        if offline and options.get("url"):
            fence.driver = connect.parse(options["url"]).drivername.partition("+")[2]
        configure(None if offline else connection, *rest, **_plain(options, offline))

    def asked(**arguments: Any) -> None:
        if seen:
            seen[-1].arguments.update(arguments)

    with patch.object(context, "configure", noted), patch.object(context, "run_migrations", asked):
        yield


def _plain(options: Mapping[str, Any], offline: bool) -> dict[str, Any]:
    kept = {key: value for key, value in options.items() if key != "connection"}
    if not offline:
        kept.pop("url", None)
    return kept


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the user's code from taking over logging and from writing into the report."""
    with ExitStack() as stack:
        stack.enter_context(kept())
        stack.enter_context(stdout_to_stderr())
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        yield
