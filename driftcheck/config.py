"""What a user can set, as values: the same for the CLI, the library, driftcheck.toml and pyproject.toml.

A new option is one field here; reading files and naming unknown keys is config_file.py's work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from driftcheck.difference import Severity
from driftcheck.finding import FailOn

Protect: TypeAlias = Literal["wire", "clients", "docs"]
Validate: TypeAlias = Literal["off", "fast", "full"]
Level: TypeAlias = Severity | Literal["off"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignore:
    """Silences findings: of one rule ("*": any), at places that match a glob, or of one fingerprint.

    `place` is matched against the finding's object, its operations and "operation pointer".
    """

    rule: str = "*"
    place: str = "*"
    fingerprint: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiConfig:
    """[tool.driftcheck.api]: how specs are read and which operations are compared.

    `only` and `match_path` select operations ("POST /items" globs; regular expressions over paths);
    the prefixes are taken off the paths of one side before operations are matched.
    """

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
class Config:
    """[tool.driftcheck]: what counts as how bad, and what is not to be said.

    `protect` widens whom a change must not hurt: bytes on the wire, then generated clients, then docs.
    `severity` sets a rule's level, "off" silences it. `changelog` also reports compatible changes.
    `report` lists further reports to write, each as "KIND=FILE".
    """

    fail_on: FailOn = "breaking"
    protect: Protect = "wire"
    changelog: bool = False
    report: tuple[str, ...] = ()
    severity: Mapping[str, Level] = field(default_factory=dict)
    ignore: tuple[Ignore, ...] = ()
    api: ApiConfig = field(default_factory=ApiConfig)
    db: DatabaseConfig = field(default_factory=DatabaseConfig)
