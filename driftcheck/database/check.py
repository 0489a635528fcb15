"""driftcheck.check_database: loads the sides, compares them in pairs, attributes and judges what differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from driftcheck.config import Config
from driftcheck.database import attribution, connect
from driftcheck.database.compare import Selection, compare
from driftcheck.database.dialects.catalog import Scope
from driftcheck.database.include import keeper
from driftcheck.database.locations import Places
from driftcheck.database.migrations.state import state
from driftcheck.database.model import Database
from driftcheck.database.rules import RULES
from driftcheck.database.scratch import Wanted
from driftcheck.database.sides import Builder, Migrated, Sides
from driftcheck.database.sources.models import Models, load_models
from driftcheck.difference import Difference
from driftcheck.errors import DriftcheckError
from driftcheck.finding import Report, Skipped
from driftcheck.judge import judge

if TYPE_CHECKING:
    from sqlalchemy import URL

    from driftcheck.database.migrations.history import History

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Request:
    """What to compare: any two or three of live, models and migrations, or live and `against`."""

    url: Any = None
    models: Any = None
    migrations: Any = None
    against: str | None = None
    schemas: tuple[str, ...] = ()
    scratch: str | None = None
    engine: str | None = None
    config: Config = field(default_factory=Config)
    told: Told = field(default=lambda text: None)


def check_database(
    url: Any = None,
    *,
    models: Any = None,
    migrations: Any = None,
    schemas: Sequence[str] | None = None,
    scratch: str | None = None,
    config: Config | None = None,
) -> Report:
    """Compare a live database, models and migrations: at least two of them, or a live one with another.

    `url` is a URL, an SQLAlchemy URL or Engine; `models` is "package.module:Base", a module, a metadata or
    a declarative base; `migrations` an alembic.ini, the folder of env.py, or an alembic Config. Options of
    `config.db` stand for arguments that are left out. DriftcheckError where a side cannot be loaded.
    """
    config = config or Config()
    options = config.db
    given = url if url is not None else (options.url[0] if options.url else None)
    request = Request(
        given,
        models if models is not None else options.models or None,
        migrations if migrations is not None else options.migrations or None,
        options.against or None,
        tuple(schemas) if schemas is not None else options.schema,
        scratch or options.scratch,
        options.engine or None,
        config,
    )
    return check(request)


def check(request: Request) -> Report:
    """The same, for callers that have a Request."""
    with ExitStack() as stack:
        history = _history(request)
        models = load_models(request.models) if request.models is not None else None
        builder = Builder(request.scratch, request.told, request.config.db.cache, stack, request.url)
        sides = _sides(request, models, history, builder)
    return _report(request, sides, models, history)


def _history(request: Request) -> History | None:
    if request.migrations is None:
        return None
    from driftcheck.database.migrations.history import open_history

    return open_history(request.migrations)


def _sides(request: Request, models: Models | None, history: History | None, builder: Builder) -> Sides:
    given = [side for side in (request.url, request.models, request.migrations, request.against) if side is not None]
    if len(given) < 2:
        raise DriftcheckError("there is nothing to compare", "give two or more of --url, --models, --migrations, --against")
    scope = Scope(request.schemas)
    live = _live(request, scope)
    wanted = _wanted(request, live, models, history)
    migrated = builder.migrated(history, wanted, live, scope) if history is not None else None
    if migrated is not None and migrated.version_table != scope.version_table:
        scope = replace(scope, version_table=migrated.version_table)
        live = _live(request, scope)
    if models is None and migrated is not None and migrated.environment.metadatas and request.against is None:
        models = Models("target_metadata of env.py", migrated.environment.metadatas)
    notes: list[Skipped] = list(models.notes) if models else []
    built = None
    if models is not None:
        scope = replace(scope, schemas=tuple(dict.fromkeys((*scope.schemas, *_schemas(models)))))
        if live is not None:
            live = _live(request, scope)
        if migrated is not None:
            migrated = builder.reread(migrated, history, wanted, live, scope)
        built = builder.models(models, wanted, scope, live)
        notes += built.notes
    against = builder.against(request.against, wanted, scope) if request.against else None
    if migrated is not None:
        notes += migrated.notes
    return Sides(live, built, migrated, against, tuple([*notes, *builder.notes]))


def _schemas(models: Models) -> set[str]:
    return {table.schema for metadata in models.metadatas for table in metadata.tables.values() if table.schema}


def _live(request: Request, scope: Scope) -> Database | None:
    if request.url is None:
        return None
    timeout = request.config.db.timeout
    with connect.opened(request.url, timeout) as connection:
        return connect.read(connection, scope, timeout)


def _wanted(request: Request, live: Database | None, models: Models | None, history: History | None) -> Wanted:
    if live is not None:
        backend = _url(request.url).get_backend_name()
        return Wanted(live.dialect, live.version, backend, live.default_schema, live.charset, live.collation)
    return Wanted(_engine(request, models, history))


def _engine(request: Request, models: Models | None, history: History | None) -> str:
    """Which engine the sides are for, when no live database says it."""
    if request.engine:
        return {"postgres": "postgresql"}.get(request.engine, request.engine)
    if request.scratch and request.scratch != "auto":
        return connect.parse(request.scratch).get_backend_name()
    written = history.config.get_main_option("sqlalchemy.url") if history else None
    if written and "://" in written:
        backend = written.partition("://")[0].partition("+")[0]
        known = {"postgres": "postgresql", "postgresql": "postgresql", "sqlite": "sqlite", "mysql": "mysql", "mariadb": "mariadb"}
        if backend in known:
            return known[backend]
    return _engine_of_types(models) if models else "sqlite"


def _engine_of_types(models: Models) -> str:
    for metadata in models.metadatas:
        for table in metadata.tables.values():
            for column in table.columns:
                module = type(column.type).__module__
                for name in ("postgresql", "mysql"):
                    if f"dialects.{name}" in module:
                        return name
    return "sqlite"


def _report(request: Request, sides: Sides, models: Models | None, history: History | None) -> Report:
    differences = list(_differences(request, sides, history))
    places = Places(models.metadatas if models else (), history)
    located = [replace(item, locations=places.of(item)) for item in differences]
    findings, ignored = judge(located, RULES, request.config)
    findings = tuple(finding.located(finding.difference.locations) for finding in findings)
    expected, actual = _labels(request, sides, models, history)
    return Report("db", expected, actual, findings, (*sides.notes, *ignored), request.config.fail_on)


def _differences(request: Request, sides: Sides, history: History | None) -> Iterator[Difference]:
    options = sides.migrated.environment.options if sides.migrated else {}
    metadatas = sides.migrated.environment.metadatas if sides.migrated else ()
    selection = Selection(
        frozenset(request.schemas),
        request.config.db.include,
        request.config.db.exclude,
        keeper(options, metadatas),
    )
    if sides.against is not None and sides.live is not None:
        yield from compare(sides.against, sides.live, selection)
        return
    yield from _attributed(sides, selection)
    if sides.live is not None and history is not None:
        yield from state(history, sides.live, sides.migrated)


def _attributed(sides: Sides, selection: Selection) -> Iterator[Difference]:
    live, migrated = sides.live, sides.migrated
    wanted = sides.models.database if sides.models else None
    if sides.models is not None and sides.models.left_out:
        left_out = tuple(sides.models.left_out)
        selection = replace(selection, exclude=(*selection.exclude, *left_out))
    if wanted is None or migrated is None or migrated.head is None:
        yield from _two(wanted, migrated, live, selection)
        return
    wanted = attribution.with_what_models_cannot_say(wanted, migrated.head)
    models_head = compare(wanted, migrated.head, selection)
    if live is None:
        yield from attribution.models_and_head(models_head)
        return
    head_live = compare(migrated.head, live, selection)
    stamped_live = compare(migrated.stamped, live, selection) if migrated.stamped else head_live
    yield from attribution.three_sides(compare(wanted, live, selection), models_head, head_live, stamped_live)


def _two(
    wanted: Database | None, migrated: Migrated | None, live: Database | None, selection: Selection
) -> Iterator[Difference]:
    if live is None:
        return
    if wanted is not None:
        yield from compare(wanted, live, selection)
    elif migrated is not None and migrated.head is not None:
        head_live = compare(migrated.head, live, selection)
        stamped_live = compare(migrated.stamped, live, selection) if migrated.stamped else head_live
        yield from attribution.head_and_live(head_live, stamped_live)


def _labels(request: Request, sides: Sides, models: Models | None, history: History | None) -> tuple[str, str]:
    named = []
    if models is not None:
        named.append(models.label)
    if history is not None:
        named.append(history.label)
    if request.against:
        named.append(_shown(request.against))
    if request.url is not None:
        named.append(connect.label(_url(request.url)))
    return named[0], " and ".join(named[1:])


def _shown(source: str) -> str:
    return connect.label(connect.parse(source)) if "://" in source else source


def _url(source: Any) -> URL:
    return connect.parse(source) if isinstance(source, str) else getattr(source, "url", source)
