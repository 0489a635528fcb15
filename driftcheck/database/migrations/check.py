"""driftcheck.check_migrations: the history's files, its replay, the models at head, the rolling deploy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from driftcheck.config import Config
from driftcheck.config_file import config_of
from driftcheck.database import connect
from driftcheck.database.dialects.catalog import Scope
from driftcheck.database.migrations.checkout import Checkout, checked_out
from driftcheck.database.migrations.doctor import FATAL, about, compare_files, examine, revisions_of
from driftcheck.database.migrations.engine import KNOWN, default_source, engine_of
from driftcheck.database.migrations.files import RevisionFile, new_since, read_files, revision_files
from driftcheck.database.migrations.history import locate, place_of, relative
from driftcheck.database.migrations.lint.danger import Sizes
from driftcheck.database.migrations.live import Live, look_at
from driftcheck.database.migrations.merged import merged, revision_of
from driftcheck.database.migrations.outcome import Outcome
from driftcheck.database.migrations.replayed import Plan, Workshop
from driftcheck.database.scratch import Wanted
from driftcheck.database.sources.unspoiled import unspoiled
from driftcheck.database.versions import need_sqlalchemy
from driftcheck.difference import Difference, Severity
from driftcheck.errors import DriftcheckError
from driftcheck.finding import Report, Skipped
from driftcheck.inline import silence
from driftcheck.judge import judge
from driftcheck.rule import RuleSet
from driftcheck.settle import settle

Told = Callable[[str], None]

# What is about old revisions and still the doing of whoever edited the files.
_NEW = frozenset({"edited", "deleted", "inserted"})


def silent(_text: str) -> None:
    """Tell nobody what is going on."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to check. `migrations` and `models` may be objects; `options` hold the rest."""

    migrations: Any = None
    models: Any = None
    config: Config = field(default_factory=Config)
    told: Told = silent


def check_migrations(
    migrations: Any = None,
    *,
    url: str | None = None,
    models: Any = None,
    base: str | None = None,
    scratch: str | None = None,
    config: Config | Mapping[str, Any] | None = None,
) -> Report:
    """Check a history of Alembic revisions by running it in a scratch database.

    `migrations` is an alembic.ini, a pyproject.toml, the folder of env.py or an alembic Config (default: what
    the current directory holds). `base` is a git revision: only what is new since then can fail. `url` is
    only read: revisions pending there are tried, and its rows weigh the danger. `models` is
    "package.module:Base" or the object itself (default: the target_metadata of env.py). Options of
    `config.migrations` stand for arguments that are left out. DriftcheckError where the job cannot be done.
    `config` is a Config, or a mapping as in [tool.driftcheck].
    """
    config = config_of(config)
    own = config.migrations
    own = replace(
        own,
        url=url if url is not None else own.url,
        base=base if base is not None else own.base,
        scratch=scratch or own.scratch,
    )
    return check(Request(migrations, models, replace(config, migrations=own)))


def check(request: Request) -> Report:
    """The same, for callers that have a Request."""
    need_sqlalchemy()
    with ExitStack() as stack:
        stack.enter_context(unspoiled())
        return _Run(request, stack).report()


class _Run:
    """One run: what was found so far, and what it is about."""

    def __init__(self, request: Request, stack: ExitStack) -> None:
        self.request, self.options = request, request.config.migrations
        source = request.migrations or self.options.migrations or default_source()
        self.history = locate(source)
        self.source = str(source) if isinstance(source, str | Path) else ""
        self.stack = stack
        self.checkout: Checkout | None = None
        self.live: Live | None = None
        self.notes: list[Skipped] = []

    def report(self) -> Report:
        """Do everything, and judge it."""
        if self.options.base:
            self.request.told(f"reading {self.options.base}")
            self.checkout = self.stack.enter_context(checked_out(self.options.base))
        files = revision_files(self.history.script)
        workshop = self._workshop(files)
        environment = workshop.environment()
        files = revision_files(self.history.script)
        if not files:
            raise DriftcheckError(
                f"{self.history.label} has no revisions",
                "the folder of versions is empty, or version_locations names another",
            )
        old = self._old_files()
        if self.options.url:
            scope = Scope(self.options.schema, environment.version_table)
            self.live = look_at(self.options.url, scope, self.options.timeout)
        differences = [*examine(files), *(compare_files(old, files) if old is not None else ())]
        differences += self._loaded(files, differences)
        tried = self._tried(files, old)
        if any(item.attribute in FATAL for item in differences):
            self.notes.append(Skipped("the replay", "Alembic cannot load the history as it is"))
            outcome = Outcome()
        else:
            outcome = workshop.outcome(self._plan(files, tried))
        told = [item for item in differences if not _needless(item, outcome)]
        capped = [self._capped(item, tried) for item in merged((*told, *outcome.differences))]
        self.notes += [*environment.notes, *outcome.notes]
        return self._judged([*capped, *outcome.models], files, outcome)

    def _workshop(self, files: list[RevisionFile]) -> Workshop:
        wanted = Wanted(self._engine(files))
        if self.options.url:
            with connect.opened(self.options.url, self.options.timeout) as connection:
                found = connect.read(connection, Scope(), self.options.timeout)
            backend = connect.parse(self.options.url).get_backend_name()
            wanted = Wanted(
                found.dialect, found.version, backend, found.default_schema, found.charset, found.collation
            )
        return Workshop(self.request, self.history, wanted, self.stack)

    def _engine(self, files: list[RevisionFile]) -> str:
        options = self.options
        if options.engine:
            return KNOWN.get(options.engine, options.engine)
        for url in (options.url, "" if options.scratch == "auto" else options.scratch):
            if url:
                return connect.parse(url).get_backend_name()
        return engine_of(self.history, files)

    def _old_files(self) -> list[RevisionFile] | None:
        """The revisions of the base commit."""
        checkout = self.checkout
        if checkout is None:
            return None
        folders = [Path(folder) for folder in self.history.script._version_locations]
        if not any(folder.resolve().is_relative_to(checkout.top) for folder in folders):
            raise DriftcheckError(
                f"{self.history.label} is not in the git repository of this directory",
                "run in the repository that holds the migrations",
            )
        deep = bool(getattr(self.history.script, "recursive_version_locations", False))
        then = [checkout.counterpart(folder) for folder in folders if checkout.has(folder)]
        paths = [path for folder in then for path in sorted(folder.glob("**/*.py" if deep else "*.py"))]
        return read_files(path for path in paths if not path.name.startswith("__init__"))

    def _loaded(self, files: list[RevisionFile], known: list[Difference]) -> list[Difference]:
        """Load the history with Alembic; why that fails, if the files did not tell."""
        if any(item.attribute in FATAL for item in known):
            return []
        try:
            self.history.forget()
            self.history.script.get_heads()
        except Exception as error:  # noqa: BLE001 - a revision file may raise anything while it is loaded
            names = {str(Path(file.path).absolute()): file.label for file in files}
            file, line = place_of(error, str(Path(files[0].path).parent))
            lines = connect.masked(error).splitlines() or [""]
            said = f"{type(error).__name__}: {lines[0]}"
            name = names.get(str(Path(file).absolute()), Path(file).name)
            return [about(name, "file", [(relative(file), line)], actual=said)]
        return []

    def _tried(self, files: list[RevisionFile], old: list[RevisionFile] | None) -> frozenset[str]:
        """The revisions that are new since the base, or pending on the live database; else all."""
        names = frozenset(file.revision for file in files if file.revision)
        if old is not None:
            return new_since(old, files)
        if self.live is not None and self.live.database.versions:
            done = _ancestors(files, self.live.database.versions)
            return names - done
        return names

    def _plan(self, files: list[RevisionFile], tried: frozenset[str]) -> Plan:
        rows = self.live.rows if self.live is not None else {}
        sizes = Sizes(rows, self.options.small_table)
        known = {file.revision: file for file in files if file.revision}
        return Plan(known, tried, sizes, self.checkout, self.source, self.live is not None)

    def _capped(self, difference: Difference, tried: frozenset[str]) -> Difference:
        """What is not new cannot fail a run that looks for what is new."""
        everything = self.checkout is None and self.live is None
        name = revision_of(difference)
        if everything or name in tried or difference.attribute in _NEW or name is None:
            return difference
        if difference.attribute == "heads" and not tried.isdisjoint(revisions_of(difference)):
            return difference
        # what the lint says of an old revision is why it failed, or what it imports
        failed = difference.subject != "revision" and difference.attribute != "imports-models"
        cap = Severity.RISKY if failed or difference.attribute in {*FATAL, "upgrade"} else Severity.INFO
        return replace(difference, at_most=cap)

    def _judged(self, differences: list[Difference], files: list[RevisionFile], outcome: Outcome) -> Report:
        rules = all_rules()
        findings, ignored = judge(differences, rules, self.request.config)
        findings = tuple(finding.located(finding.difference.locations) for finding in findings)
        silenced = silence(findings, [file.path for file in files], rules, self.request.config)
        notes = (*self.notes, *ignored, *silenced.skipped)
        expected = outcome.label or "an empty database"
        if self.options.base:
            expected = f"{expected}, since {self.options.base}"
        report = Report(
            "migrations",
            expected,
            f"{self.history.label} on {outcome.engine}" if outcome.engine else self.history.label,
            silenced.findings,
            tuple(dict.fromkeys(notes)),
            self.request.config.fail_on,
        )
        judged = (rule.id for rule in rules)
        return settle(report, self.request.config, judged, partial=not outcome.ran)


def all_rules() -> RuleSet:
    """The rules of migrations, and those of the database half for models against head."""
    from driftcheck.database.migrations.rules import RULES
    from driftcheck.database.rules import RULES as DATABASE

    both = RuleSet()
    for rule in (*RULES, *DATABASE):
        both.add(rule)
    return both


def _needless(difference: Difference, outcome: Outcome) -> bool:
    """Whether a downgrade has nothing to do, because the upgrade left the schema as it was."""
    return difference.attribute == "downgrade-empty" and difference.object in outcome.unchanged


def _ancestors(files: list[RevisionFile], stamps: tuple[str, ...]) -> frozenset[str]:
    known = {file.revision: file for file in files}
    seen: set[str] = set()
    waiting = list(stamps)
    while waiting:
        name = waiting.pop()
        if name in known and name not in seen:
            seen.add(name)
            waiting += [*known[name].down, *known[name].depends]
    return frozenset(seen)
