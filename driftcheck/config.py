"""What a user can set, as values: the same for the CLI, the library, driftcheck.toml and pyproject.toml.

A new option is one field here; reading files and naming unknown keys is config_file.py's work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, TypeAlias

from driftcheck.difference import Severity
from driftcheck.finding import FailOn

Protect: TypeAlias = Literal["wire", "clients", "docs"]
Validate: TypeAlias = Literal["off", "fast", "full"]
Level: TypeAlias = Severity | Literal["off"]

Command: TypeAlias = Literal["api", "db", "migrations", "traffic", "fuzz"]  # of a job, and its section's name

NOT_WRITTEN = {"option": False}  # metadata of a field that is no option
THE_REST = {"option": False, "rest": True}  # and of one that takes all keys that are none


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignore:
    """Silences findings: of one rule ("*": any), at places that match a glob, or of one fingerprint.

    `place` is matched against the finding's object, its operations, "operation pointer" and files.
    `until` is the last day on which it counts. `written_in` is the file it stands in, if it stands in one:
    then it counts only with a reason.
    """

    rule: str = "*"
    place: str = "*"
    fingerprint: str = ""
    reason: str = ""
    until: date | None = None
    written_in: str = field(default="", compare=False, metadata=NOT_WRITTEN)

    @property
    def what(self) -> str:
        """What a report calls it."""
        return self.fingerprint or f"{self.rule} at {self.place}"

    def counts(self, today: date) -> bool:
        """Whether it silences anything on that day."""
        excused = bool(self.reason.strip()) or not self.written_in
        return excused and (self.until is None or self.until >= today)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiConfig:
    """[tool.driftcheck.api]: how specs are read and which operations are compared.

    `only` and `match_path` select operations ("POST /items" globs; regular expressions over paths);
    the prefixes are taken off the paths of one side before operations are matched. `spec` lists what
    `driftcheck check` compares with itself at the base revision.
    """

    spec: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    match_path: str = ""
    method: tuple[str, ...] = ()
    strip_prefix_old: str = ""
    strip_prefix_new: str = ""
    validate: Validate = "fast"
    allow_remote_refs: bool = False
    allow_outside_refs: bool = False
    timeout: float = 10.0
    max_bytes: int = 64_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseConfig:
    """[tool.driftcheck.db]: where the sides of a database comparison come from, and what is compared.

    `include` and `exclude` are globs over objects ("orders", "orders.ix_*"); `schema` names schemas
    beside the default one; `timeout` in seconds is for one statement of the live database.
    """

    url: tuple[str, ...] = ()
    url_env: str = ""
    models: str = ""
    migrations: str = ""
    against: str = ""
    schema: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    scratch: str = "auto"
    engine: str = ""
    timeout: float = 30.0
    jobs: int = 8
    cache: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationsConfig:
    """[tool.driftcheck.migrations]: which history is checked, against which models and engine.

    `base` is a git revision: only what is new since it can fail the run. `url` is read only. Tables with
    fewer rows there than `small_table` do not alarm. `thorough` tries all revisions of a long history too.
    """

    migrations: str = ""
    base: str = ""
    url: str = ""
    models: str = ""
    scratch: str = "auto"
    engine: str = ""
    schema: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    timeout: float = 30.0
    small_table: int = 10_000
    thorough: bool = False
    cache: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TrafficConfig:
    """[tool.driftcheck.traffic]: what recordings are held to, and whose calls are judged.

    `recordings` are those of `driftcheck check`. `server` are base URLs in place of the description's
    servers; `host` are globs of hosts to judge; `ignore_headers` are globs of headers that nobody need
    describe; `environment` are files that fill the variables of Postman collections; `weights` say how
    critical writes, auth, payment, external calls and further consumers are (they order findings, and judge
    nothing). A replay sends recorded calls to `target`, `repeat` times, with these headers ("NAME: VALUE",
    ${VARIABLE} from the environment); `noise` are places of answers that may vary ("body.items.*.id",
    "GET /stats body.hits: counter"); `timeout` in seconds is for one answer.
    """

    recordings: tuple[str, ...] = ()
    spec: str = ""
    server: tuple[str, ...] = ()
    host: tuple[str, ...] = ()
    models: str = ""
    migrations: str = ""
    show_values: bool = False
    ignore_headers: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    target: str = ""
    allow_writes: bool = False
    allow_host: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    noise: tuple[str, ...] = ()
    repeat: int = 1
    timeout: float = 10.0
    weights: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FuzzConfig:
    """[tool.driftcheck.fuzz]: which service is tried, with which requests, and how hard.

    `url` or `app` names the service; `since` limits the run to what changed since that description, and
    `against` draws requests from that one, and holds answers to it. `max_examples` is for one operation and
    phase, where it is of ordinary weight. `timeout` (for one request), `time_limit` (for all, 0: none) and
    `max_response_time` (0: not judged) are in seconds.
    """

    spec: str = ""
    url: str = ""
    app: str = ""
    since: str = ""
    against: str = ""
    traffic: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    match_path: str = ""
    method: tuple[str, ...] = ()
    safe_only: bool = False
    phases: tuple[str, ...] = ("examples", "coverage", "fuzzing", "stateful")
    exclude_checks: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    auth: str = ""
    max_examples: int = 30
    seed: int = 1
    workers: int = 1
    timeout: float = 10.0
    time_limit: float = 0.0
    max_response_time: float = 0.0
    rate_limit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """[[tool.driftcheck.check.jobs]]: one part of a check, for repositories with several services.

    Paths in it, and the modules it imports, are those of `directory` (relative to the configuration file).
    `options` are the other keys of the table: options of the command's section, which they override.
    """

    name: str = ""
    command: Command | None = None
    directory: str = ""
    options: Mapping[str, Any] = field(default_factory=dict, metadata=THE_REST)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckConfig:
    """[tool.driftcheck.check]: what `driftcheck check` runs, and what it compares with.

    `base` is a branch or revision (default: the pull request's base branch, else the default branch);
    `jobs`, if there are any, stand for the parts that follow from the other sections; `parallel` says how
    many parts run at a time (0: as many as there are processors).
    """

    base: str = ""
    jobs: tuple[Job, ...] = ()
    parallel: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """[tool.driftcheck]: what counts as how bad, and what is not to be said.

    `protect` widens whom a change must not hurt: bytes on the wire, then generated clients, then docs.
    `severity` sets a rule's level, "off" silences it. `changelog` also reports compatible changes.
    `report` lists further reports to write, each as "KIND=FILE". `baseline` is a file of findings that are
    accepted; relative to the configuration file where it is written there.
    """

    fail_on: FailOn = "breaking"
    protect: Protect = "wire"
    changelog: bool = False
    report: tuple[str, ...] = ()
    baseline: str = ""
    severity: Mapping[str, Level] = field(default_factory=dict)
    ignore: tuple[Ignore, ...] = ()
    api: ApiConfig = field(default_factory=ApiConfig)
    db: DatabaseConfig = field(default_factory=DatabaseConfig)
    migrations: MigrationsConfig = field(default_factory=MigrationsConfig)
    traffic: TrafficConfig = field(default_factory=TrafficConfig)
    fuzz: FuzzConfig = field(default_factory=FuzzConfig)
    check: CheckConfig = field(default_factory=CheckConfig)
