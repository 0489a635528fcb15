"""`check_project`: the whole check, from the configuration to one report.

Parts run in processes: two services may both call their package `app`, and each part has its own directory.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from driftcheck.base_revision import Base, find_base
from driftcheck.checking.merge import merged
from driftcheck.checking.outcome import Outcome, Problem
from driftcheck.checking.plan import KNOWS_BASE, NEEDS_BASE, Part, Plan, plan
from driftcheck.config import Config
from driftcheck.config_file import config_of, find_config, read_config
from driftcheck.errors import DriftcheckError
from driftcheck.finding import Report

_MOST_SAID = 4000  # characters of what a process said before it crashed

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Checked:
    """The report over all parts, and by name why some could not be done (exit status 2)."""

    report: Report
    problems: Mapping[str, Problem]


def check_project(
    config: Config | Mapping[str, Any] | None = None,
    *,
    root: Path | None = None,
    base: str = "",
    names: Sequence[str] = (),
    fuzz: bool = False,
    told: Told = lambda _text: None,
) -> Checked:
    """Run all that is configured (or the parts `names`), and merge it into one report.

    `config` (a Config, or a mapping as in [tool.driftcheck]) defaults to the nearest configuration file,
    `root` to that file's folder, `base` to the branch that this one is to be merged into. DriftcheckError
    where nothing can be begun with; the failure of a part is in `problems`.
    """
    found = find_config(Path.cwd())
    settings = config_of(config) if config is not None else read_config(found)
    root = (root or (found.parent if found is not None else Path.cwd())).resolve()
    planned = plan(settings, root, os.environ, names=names, fuzz=fuzz)
    with _in(root):
        against, problem = _base(planned, base or settings.check.base)
    parts = [_with_base(part, against) for part in planned.parts]
    outcomes = _run(parts, problem, settings.check.parallel, told)
    report = merged(planned, outcomes, against, settings)
    return Checked(report, {part.name: each for part, each in outcomes.items() if isinstance(each, Problem)})


@contextmanager
def _in(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _base(planned: Plan, asked: str) -> tuple[Base | None, Problem | None]:
    """The base revision if some part has a use for it, or why there is none."""
    if not any(part.command in KNOWS_BASE for part in planned.parts):
        return None, None
    try:
        return find_base(asked), None
    except DriftcheckError as error:
        return None, Problem(error.message, error.hint)


def _with_base(part: Part, base: Base | None) -> Part:
    return replace(part, base=base.short) if base is not None and part.command in KNOWS_BASE else part


def _run(parts: Sequence[Part], no_base: Problem | None, parallel: int, told: Told) -> dict[Part, Outcome]:
    """The outcome of each part, in their order."""
    waiting = {part.name for part in parts}

    def one(part: Part) -> Outcome:
        if no_base is not None and part.command in NEEDS_BASE:
            return no_base
        outcome = _in_process(part)
        waiting.discard(part.name)
        told(f"checking {', '.join(sorted(waiting))}")
        return outcome

    told(f"checking {', '.join(sorted(waiting))}")
    with ThreadPoolExecutor(parallel or os.cpu_count() or 1) as pool:
        return dict(zip(parts, pool.map(one, parts), strict=True))


def _in_process(part: Part) -> Outcome:
    own = str(Path(__file__).resolve().parents[2])
    path = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    try:
        done = subprocess.run(
            (
                sys.executable,
                "-P",
                "-m",
                "driftcheck.checking.child",
            ),  # -P: a file queue.py there is no stdlib
            cwd=part.directory,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(dict.fromkeys([*path, own]))},
            input=pickle.dumps(part),
            capture_output=True,
            check=False,
        )
    except (FileNotFoundError, NotADirectoryError):
        return Problem(f"there is no directory {part.directory}", "check `directory` of the job")
    if done.returncode or not done.stdout:
        said = done.stderr.decode("utf-8", "replace").strip()
        last = said.rpartition("\n")[2] or "without a word"
        message = f"it ended unexpectedly (status {done.returncode}): {last}"
        return Problem(message, "standard error has all that it said", said[-_MOST_SAID:])
    outcome: Outcome = pickle.loads(done.stdout)
    return outcome
