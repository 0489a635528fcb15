"""driftcheck.check_database: loads the sides, compares them in pairs, attributes and judges what differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from driftcheck.config import Config
from driftcheck.config_file import config_of
from driftcheck.database import attribution, connect
from driftcheck.database.compare import Selection, compare
from driftcheck.database.dialects.catalog import Scope
from driftcheck.database.include import keeper
from driftcheck.database.locations import Places
from driftcheck.database.migrations.environment import UNKNOWN
from driftcheck.database.migrations.migrated import Migrated
from driftcheck.database.migrations.nearest import Nearest
from driftcheck.database.migrations.state import state
from driftcheck.database.model import Database
from driftcheck.database.quiet import stdout_to_stderr
from driftcheck.database.relations import relations
from driftcheck.database.rules import RULES
from driftcheck.database.scratch import Wanted
from driftcheck.database.sides import Builder, Sides
from driftcheck.database.sources.models import Models, load_models
from driftcheck.database.sources.unspoiled import unspoiled
from driftcheck.database.unseen import notes as unseen_notes
from driftcheck.database.versions import need_sqlalchemy
from driftcheck.difference import Difference
from driftcheck.errors import DriftcheckError
from driftcheck.finding import Report
from driftcheck.inline import silence
from driftcheck.judge import judge
from driftcheck.settle import settle

if TYPE_CHECKING:
    from sqlalchemy import URL

    from driftcheck.database.migrations.history import History

Told = Callable[[str], None]


THROUGH_ENV = "env.py"  # as `models`: the target_metadata of the migrations' env.py


def silent(_text: str) -> None:
    """Tell nobody what is going on."""


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
    told: Told = silent
    expects: Callable[[Database], None] = lambda _: None  # hears the schema that is relied on


def check_database(
    url: Any = None,
    *,
    models: Any = None,
    migrations: Any = None,
    schemas: Sequence[str] | None = None,
    scratch: str | None = None,
    config: Config | Mapping[str, Any] | None = None,
) -> Report:
    """Compare a live database, models and migrations: at least two of them, or a live one with another.

    `url` is a URL, an SQLAlchemy URL or Engine; `models` is "package.module:Base", a module, a metadata or
    a declarative base, or "env.py" for the target_metadata of the migrations (which is also taken when
    migrations are all there is); `migrations` an alembic.ini, the folder of env.py, or an alembic Config.
    Options of `config.db` stand for arguments that are left out. DriftcheckError where a side cannot be
    loaded. `config` is a Config, or a mapping as in [tool.driftcheck].
    """
    config = config_of(config)
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
    request = replace(request, url=connect.blocking(request.url))
    given = (request.url, request.models, request.migrations, request.against)
    alone = request.migrations is not None  # env.py names the models then
    if sum(side is not None for side in given) < 2 and not alone:
        raise DriftcheckError(
            "there is nothing to compare", "give two or more of --url, --models, --migrations, --against"
        )
    with ExitStack() as stack:
        stack.enter_context(stdout_to_stderr())
        session = prepared(request, stack)
        live = session.read(session.scope)
        report = session.report(live, connect.label(_url(request.url)) if request.url is not None else "")
    return settle(report, request.config, RULES.ids(), partial=bool(request.config.db.include))


def prepared(request: Request, stack: ExitStack) -> Session:
    """Load models and revisions, once for any number of databases; scratch servers end with `stack`."""
    need_sqlalchemy()
    history = None
    if request.migrations is not None:
        from driftcheck.database.migrations.history import open_history

        stack.enter_context(unspoiled())
        history = open_history(request.migrations)
        if history.unmerged:
            raise DriftcheckError(
                f"{history.label} has several heads, so there is no one schema that it makes:"
                f" {', '.join(history.unmerged)}",
                "join them with `alembic merge heads`; `driftcheck migrations` says where they part",
            )
    named = request.models is not None and request.models != THROUGH_ENV
    models = load_models(request.models) if named else None
    asks_env = request.models is not None or (request.url is None and request.against is None)
    modelled = models.metadatas if models else ()
    cache = request.config.db.cache
    builder = Builder(request.scratch, request.told, cache, stack, request.url, asks_env, modelled)
    return Session(request, models, history, builder)


@dataclass(slots=True)
class Session:
    """What stays the same for every live database that is compared."""

    request: Request
    models: Models | None
    history: History | None
    builder: Builder
    _places: dict[tuple[int, ...], Places] = field(default_factory=dict)

    @property
    def scope(self) -> Scope:
        """What to read: the schemas that the user or the models name."""
        named = _schemas(self.models) if self.models else set()
        return Scope(tuple(dict.fromkeys((*self.request.schemas, *sorted(named)))))

    def read(self, scope: Scope) -> Database | None:
        """The live database of the request."""
        if self.request.url is None:
            return None
        timeout = self.request.config.db.timeout
        with connect.opened(self.request.url, timeout) as connection:
            return connect.read(connection, scope, timeout)

    def report(self, live: Database | None, name: str) -> Report:
        """Compare one live database (or none) with the other sides."""
        sides = self.sides(live)
        models, request = sides.source, self.request
        if (relied := sides.expected()) is not None:
            request.expects(relied)
        selection = _selection(request, sides)
        near = self._nearest(sides, selection)
        differences = list(_differences(sides, selection, self.history, near))
        places = self._places_of(models)
        located = [replace(item, locations=places.of(item)) for item in differences]
        findings, ignored = judge(located, RULES, request.config)
        findings = tuple(finding.located(finding.difference.locations) for finding in findings)
        spared = silence(findings, places.files(), RULES, request.config)
        findings, ignored = spared.findings, (*ignored, *spared.skipped)
        expected, actual = labels(request, models, self.history, name)
        skipped, drawn = (*sides.notes, *ignored), relations(sides.databases(), findings)
        return Report("db", expected, actual, findings, skipped, request.config.fail_on, relations=drawn)

    def _places_of(self, models: Models | None) -> Places:
        """Where models and revisions stand: files are read once for all databases."""
        metadatas = models.metadatas if models else ()
        return self._places.setdefault(tuple(map(id, metadatas)), Places(metadatas, self.history))

    def sides(self, live: Database | None) -> Sides:
        """Build what the live database is compared with."""
        request, history, models, scope = self.request, self.history, self.models, self.scope
        wanted = _wanted(request, live, models, history)
        migrated = self.builder.migrated(history, wanted, live, scope) if history is not None else None
        if self._through_env():
            models = _models_of(migrated)
        against = self.builder.against(request.against, wanted, scope) if request.against else None
        seen = self._widened(scope, models, migrated, against)
        if seen != scope:
            scope = seen
            live = self.read(scope) if request.url is not None else live
            migrated = self.builder.migrated(history, wanted, live, scope) if history is not None else None
        forgotten = models.forgotten() if models is not None else ()
        built = self.builder.models(models, wanted, scope, live) if models is not None else None
        notes = [
            *forgotten,
            *(built.notes if built else ()),
            *(migrated.notes if migrated else ()),
            *self.builder.notes,
            *unseen_notes(live, "the live database"),
            *unseen_notes(against, "the other database"),
        ]
        sides = Sides(live, built, migrated, against, models, wanted, scope, tuple(notes))
        _need_schemas(request.schemas, sides)
        return sides

    def _nearest(self, sides: Sides, selection: Selection) -> Nearest | None:
        """Another revision whose schema live has, looked for only if it has not that of its stamp."""
        live, migrated = sides.live, sides.migrated
        if live is None or migrated is None or self.history is None or sides.against is not None:
            return None
        stamped = migrated.stamped or migrated.head
        now = compare(stamped, live, selection) if stamped is not None else ()
        return self.builder.nearest(self.history, sides, selection, now) if now else None

    def _through_env(self) -> bool:
        """Whether the models are those of env.py: asked for, or because migrations are all that is given."""
        request = self.request
        alone = request.models is None and request.url is None and request.against is None
        return request.migrations is not None and (request.models == THROUGH_ENV or alone)

    def _widened(
        self, scope: Scope, models: Models | None, migrated: Migrated | None, against: Database | None
    ) -> Scope:
        """The scope with what env.py told: another version table, schemas of its metadata; and with the
        schemas of a snapshot or a file, which live has to be held to."""
        named = _schemas(models) if models else set()
        named |= against.named_schemas() if against else set()
        table = migrated.version_table if migrated else scope.version_table
        return Scope(tuple(dict.fromkeys((*scope.schemas, *sorted(named)))), table)


def _need_schemas(names: Sequence[str], sides: Sides) -> None:
    """A schema of PostgreSQL that the user names and no side has is misspelt: nothing would be compared."""
    live = sides.live
    known = {name for side in sides.databases() if side is not None for name in side.schemas}
    for name in names if live is not None and live.dialect == "postgresql" else ():
        if name != "*" and name not in known:
            near = get_close_matches(name, sorted(known), 1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(known))}"
            raise DriftcheckError(f"no side has a schema {name}", hint)


def _models_of(migrated: Migrated | None) -> Models:
    environment = migrated.environment if migrated is not None else None
    if environment is None or not environment.metadatas:
        notes = environment.notes if environment is not None else ()
        why = next((f": {note.why}" for note in notes if note.what == UNKNOWN), "")
        raise DriftcheckError(
            f"env.py names no target_metadata{why}", "name the models with --models package.module:Base"
        )
    return Models("target_metadata of env.py", environment.metadatas)


def _schemas(models: Models) -> set[str]:
    from driftcheck.database.sources.build import schemas_of

    return schemas_of(models.metadatas)


def _wanted(
    request: Request, live: Database | None, models: Models | None, history: History | None
) -> Wanted:
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
        known = {
            "postgres": "postgresql",
            "postgresql": "postgresql",
            "sqlite": "sqlite",
            "mysql": "mysql",
            "mariadb": "mariadb",
        }
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


def _selection(request: Request, sides: Sides) -> Selection:
    options = sides.migrated.environment.options if sides.migrated else {}
    metadatas = sides.migrated.environment.metadatas if sides.migrated else ()
    metadatas += sides.source.metadatas if sides.source else ()
    left_out = tuple(sides.models.left_out) if sides.models else ()
    return Selection(
        frozenset(request.schemas),
        request.config.db.include,
        (*request.config.db.exclude, *left_out),
        _keeps(keeper(options, metadatas), sides.source),
    )


def _keeps(hooks: Callable[[Difference], bool], models: Models | None) -> Callable[[Difference], bool]:
    """What env.py's hooks let through, but no default that a model leaves to the database."""
    left = models.left_to_database() if models is not None else frozenset()
    if not left:
        return hooks
    return lambda item: (item.attribute != "default" or item.object not in left) and hooks(item)


def _differences(
    sides: Sides, selection: Selection, history: History | None, near: Nearest | None
) -> Iterator[Difference]:
    if sides.against is not None and sides.live is not None:
        yield from compare(sides.against, sides.live, selection)
        return
    yield from _attributed(sides, selection)
    if history is not None:
        yield from state(history, sides.live, sides.migrated, near)


def _attributed(sides: Sides, selection: Selection) -> Iterator[Difference]:
    live, migrated = sides.live, sides.migrated
    wanted = sides.models.database if sides.models else None
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
    every = (wanted, migrated.head, migrated.stamped or migrated.head, live)
    models_live = compare(wanted, live, selection)
    yield from attribution.three_sides(every, models_live, models_head, head_live, stamped_live)


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
        every = (migrated.head, migrated.stamped or migrated.head, live)
        yield from attribution.head_and_live(every, head_live, stamped_live)


def labels(request: Request, models: Models | None, history: History | None, live: str) -> tuple[str, str]:
    """What the report calls the side that relies, and those that provide."""
    named = []
    if models is not None:
        named.append(models.label)
    if history is not None:
        named.append(history.label)
    if request.against:
        named.append(_shown(request.against))
    if live:
        named.append(live)
    return named[0], " and ".join(named[1:])


def _shown(source: str) -> str:
    return connect.label(connect.parse(source)) if "://" in source else source


def _url(source: Any) -> URL:
    return connect.parse(source) if isinstance(source, str) else getattr(source, "url", source)
