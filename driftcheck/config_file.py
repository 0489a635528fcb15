"""Finds and reads the configuration: driftcheck.toml, or [tool.driftcheck] of pyproject.toml.

The nearest file upwards wins, up to the repository's root; what its options mean is config.py's matter.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fnmatch import filter as matching
from pathlib import Path
from typing import Any, get_args

from driftcheck.config import Command, Config, Job
from driftcheck.config_values import did_you_mean, overlay
from driftcheck.errors import DriftcheckError


def find_config(start: Path) -> Path | None:
    """The nearest driftcheck.toml, or pyproject.toml with [tool.driftcheck], from `start` upwards."""
    for folder in _upwards(start.resolve()):
        own = folder / "driftcheck.toml"
        if own.is_file():
            return own
        shared = folder / "pyproject.toml"
        if shared.is_file() and _table(shared) is not None:
            return shared
    return None


def root_of(path: Path | None, start: Path | None = None) -> Path:
    """The folder from which the configuration's paths start: that of `path`, or of the nearest file."""
    found = path if path is not None else find_config(start or Path.cwd())
    return found.resolve().parent if found is not None else Path.cwd()


def read_config(path: Path | None, start: Path | None = None) -> Config:
    """The configuration in `path`, or in the nearest file from `start` (the working directory) upwards.

    DriftcheckError for a file that cannot be read, an unknown option, rule or value.
    """
    found = path if path is not None else find_config(start or Path.cwd())
    if found is None:
        return Config()
    table = _table(found)
    if table is None:
        raise DriftcheckError(f"{found} has no table [tool.driftcheck]")
    return _at_home(config_from(table, str(found)), found)


def config_of(given: Config | Mapping[str, Any] | None) -> Config:
    """What a caller from Python gives: a Config, a mapping as in [tool.driftcheck], or nothing."""
    return given if isinstance(given, Config) else config_from(given or {})


def config_from(table: Mapping[str, Any], source: str = "config", base: Config | None = None) -> Config:
    """`base` (else the defaults) with options as they are written in TOML; `source` is named in errors."""
    config = overlay(base or Config(), table, source)
    _check_rule_ids(config, source)
    _check_jobs(config, source)
    return config


def section_of(config: Config, job: Job, source: str = "config") -> Config:
    """The configuration with the options of a job over those of its command's section."""
    if job.command is None:
        choices = ", ".join(get_args(Command))
        raise DriftcheckError(f"{source}: job {job.name!r} has no command", f"it is one of: {choices}")
    section = overlay(getattr(config, job.command), job.options, source, f"check.jobs ({job.name})")
    return replace(config, **{job.command: section})


def _check_jobs(config: Config, source: str) -> None:
    """DriftcheckError where a job has no name, or that of another, or options that are not its command's."""
    names = [job.name for job in config.check.jobs]
    for index, job in enumerate(config.check.jobs):
        if not job.name:
            raise DriftcheckError(f"{source}: check.jobs[{index}] has no name", "reports call it by its name")
        if job.name in names[:index]:
            raise DriftcheckError(f"{source}: two jobs are called {job.name!r}")
        section_of(config, job, source)


def _at_home(config: Config, file: Path) -> Config:
    """The configuration with what depends on the file it stands in."""
    ignore = tuple(replace(entry, written_in=os.path.relpath(file)) for entry in config.ignore)
    baseline = os.path.relpath(file.parent / config.baseline) if config.baseline else ""
    return replace(config, ignore=ignore, baseline=baseline)


def _check_rule_ids(config: Config, source: str) -> None:
    """DriftcheckError where `severity` or `ignore` (there also by a glob) names no rule at all."""
    globs = [entry.rule for entry in config.ignore if entry.rule != "*"]
    if not globs and not config.severity:
        return
    from driftcheck.catalogue import all_rules

    known = [rule.id for rule in all_rules()]
    missing = [rule for rule in config.severity if rule not in known]
    missing += [glob for glob in globs if not matching(known, glob)]
    if missing:
        hint = did_you_mean(missing[0], known) or "`driftcheck rules` lists them all"
        raise DriftcheckError(f"{source}: there is no rule {missing[0]!r}", hint)


def _upwards(start: Path) -> Iterator[Path]:
    for folder in (start, *start.parents):
        yield folder
        if (folder / ".git").exists():
            return


def _table(path: Path) -> Mapping[str, Any] | None:
    """The options in a file; None where a pyproject.toml has none."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise DriftcheckError(f"{path} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise DriftcheckError(f"{path} is not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise DriftcheckError(f"{path} is not valid TOML: {error}") from None
    if path.name != "pyproject.toml":
        return content
    tool = content.get("tool", {})
    table = tool.get("driftcheck") if isinstance(tool, dict) else None
    if table is None or isinstance(table, dict):
        return table
    raise DriftcheckError(f"{path}: tool.driftcheck must be a table")
