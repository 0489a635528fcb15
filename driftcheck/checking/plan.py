"""Which parts a check has: the named jobs of the configuration, or what follows from its sections.

Decides only; nothing is loaded, connected or run here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import get_args

from driftcheck.config import Command, Config, Job
from driftcheck.config_file import section_of
from driftcheck.config_values import did_you_mean
from driftcheck.errors import DriftcheckError
from driftcheck.finding import Skipped

NEEDS_BASE = ("api",)  # cannot be done without
KNOWS_BASE = ("api", "migrations")


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One command with its configuration, to be run in `directory` (absolute).

    `base` is the revision to compare with, or empty where it needs none.
    """

    name: str
    command: Command
    directory: str
    config: Config
    base: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What is to be run, and what is configured and cannot be. `whole`: nothing was left out."""

    parts: tuple[Part, ...]
    skipped: tuple[Skipped, ...]
    whole: bool


def plan(
    config: Config,
    root: Path,
    environ: Mapping[str, str],
    *,
    names: Sequence[str] = (),
    fuzz: bool = False,
    today: date | None = None,
) -> Plan:
    """The parts whose name or command is in `names` (globs; all, if there are none).

    Fuzzing takes long: it is only done where it is asked for (`fuzz`), or named. `root` is the folder of the
    configuration file. DriftcheckError where nothing is configured, or a name is that of no part.
    """
    settings = _for_parts(config, today or date.today())
    jobs = config.check.jobs or tuple(_derived(config))
    if not jobs:
        raise DriftcheckError(
            "nothing is configured to be checked",
            "`driftcheck init` looks what there is and writes a configuration",
        )
    chosen = [job for job in jobs if not names or any(_meant(job, name) for name in names)]
    _all_known(jobs, names)
    if not fuzz and not names:
        chosen = [job for job in chosen if job.command != "fuzz"]
    whole = len(chosen) == len(jobs)
    if not names and not config.check.jobs:
        chosen = [job for job in chosen if not _done_by_another(job, config, environ)]
    parts: list[Part] = []
    skipped: list[Skipped] = []
    for job in chosen:
        parts += _parts(job, section_of(settings, job), root)
    for job in chosen if names else jobs:
        skipped += _left_out(job, section_of(settings, job), environ, fuzz or bool(names))
    return Plan(tuple(parts), tuple(skipped), whole and not skipped)


def _for_parts(config: Config, today: date) -> Config:
    """What parts get: the baseline, and what is wrong with ignores, are looked at once for all of them."""
    counting = tuple(replace(entry, written_in="") for entry in config.ignore if entry.counts(today))
    return replace(config, baseline="", report=(), ignore=counting)


def _derived(config: Config) -> Iterator[Job]:
    """A job for each section that says enough."""
    db, migrations = config.db, config.migrations.migrations or config.db.migrations
    if config.api.spec:
        yield Job(name="api", command="api")
    if db.url or db.url_env or db.models or migrations:
        yield Job(name="db", command="db")
    if migrations:
        yield Job(name="migrations", command="migrations")
    if config.traffic.recordings:
        yield Job(name="traffic", command="traffic")
    if config.fuzz.url or config.fuzz.app:
        yield Job(name="fuzz", command="fuzz")


def _parts(job: Job, config: Config, root: Path) -> Iterator[Part]:
    """One part, but one for each description."""
    directory = str(root / job.directory)
    assert job.command is not None  # section_of has seen to it
    if job.command != "api":
        yield Part(job.name, job.command, directory, config)
        return
    for spec in config.api.spec:
        name = job.name if len(config.api.spec) == 1 else f"{job.name}:{spec}"
        yield Part(name, "api", directory, replace(config, api=replace(config.api, spec=(spec,))))


def _done_by_another(job: Job, config: Config, environ: Mapping[str, str]) -> bool:
    """Models against migrations, without a live database, are a part of checking migrations."""
    db = config.db
    live = db.url or (db.url_env and environ.get(db.url_env))
    return job.command == "db" and not live and bool(config.migrations.migrations or db.migrations)


def _left_out(job: Job, config: Config, environ: Mapping[str, str], asked: bool) -> Iterator[Skipped]:
    """What a job would look at, if it could."""
    name = config.db.url_env
    if job.command == "db" and name and not environ.get(name) and not config.db.url:
        yield Skipped(f"{job.name}: the live database", f"the environment variable {name} is not set")
    if job.command == "fuzz" and not asked:
        yield Skipped(job.name, "takes long: only done with --fuzz")
    if job.command == "api" and not config.api.spec:
        yield Skipped(job.name, "no `spec` is configured")


def _meant(job: Job, name: str) -> bool:
    return fnmatchcase(job.name, name) or job.command == name


def _all_known(jobs: Sequence[Job], names: Sequence[str]) -> None:
    for name in names:
        if not any(_meant(job, name) for job in jobs):
            known = [job.name for job in jobs]
            configured = ", ".join(known)
            hint = did_you_mean(name, known) or f"configured are: {configured}"
            if name in get_args(Command):
                hint = f"[tool.driftcheck.{name}] says too little; configured are: {configured}"
            raise DriftcheckError(f"there is no part {name!r} to check", hint)
