"""The inputs of the GitHub Action, as action.yml hands them over, and the command line that they mean.

They are text that nothing has checked; no part of them ever sees a shell.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from driftcheck.errors import DriftcheckError
from driftcheck.finding import FailOn

COMMANDS = ("check", "api", "db", "migrations", "traffic")
FILES = ("sarif", "junit", "html")
"""Reports that a user may want as a file, which are inputs of the same name."""

DATABASE = "DATABASE_URL"
"""The variable in which a database's URL is handed over, if the configuration names no other."""

_NAME = re.compile(r"(?!.*--)[A-Za-z0-9][A-Za-z0-9 ._/-]{0,59}(?<!-)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """The inputs of a check; their names are those of action.yml with _ for -."""

    command: str
    config: str
    spec: str
    base_spec: str
    recordings: tuple[str, ...]
    base: str
    database_url: str
    fail_on: str
    paths: tuple[str, ...]
    files: Mapping[str, str]
    summary: bool
    annotations: bool
    name: str
    working_directory: Path
    extra_args: tuple[str, ...]


def read_inputs(environ: Mapping[str, str]) -> Inputs:
    """The inputs; DriftcheckError for one that cannot be meant."""

    def text(name: str) -> str:
        return environ.get(f"INPUT_{name}", "").strip()

    def lines(name: str) -> tuple[str, ...]:
        return tuple(line.strip() for line in text(name).splitlines() if line.strip())

    inputs = Inputs(
        command=one_of("command", text("COMMAND") or "check", COMMANDS),
        config=text("CONFIG"),
        spec=text("SPEC"),
        base_spec=text("BASE_SPEC"),
        recordings=lines("RECORDINGS"),
        base=text("BASE"),
        database_url=text("DATABASE_URL"),
        fail_on=one_of("fail-on", text("FAIL_ON"), ("", *get_args(FailOn))),
        paths=lines("PATHS"),
        files={kind: text(kind.upper()) for kind in FILES if text(kind.upper())},
        summary=is_on("summary", text("SUMMARY") or "true"),
        annotations=is_on("annotations", text("ANNOTATIONS") or "true"),
        name=name_from(text("NAME")),
        working_directory=_folder(text("WORKING_DIRECTORY") or "."),
        extra_args=_words(text("EXTRA_ARGS")),
    )
    _fit_together(inputs)
    return inputs


def is_on(name: str, text: str) -> bool:
    """Whether a switch is on; DriftcheckError for what is neither true nor false."""
    return one_of(name, text.lower(), ("true", "false")) == "true"


def one_of(name: str, text: str, values: Sequence[str]) -> str:
    """The text, if it is one of the values."""
    if text not in values:
        allowed = ", ".join(value for value in values if value)
        raise DriftcheckError(f"the input {name} is {text!r}", f"it must be one of {allowed}")
    return text


def name_from(text: str) -> str:
    """The name, which goes into an HTML comment and a heading."""
    if text and not _NAME.fullmatch(text):
        raise DriftcheckError(
            f"the input name is {text!r}", "up to 60 letters, digits, spaces and . _ / - are allowed"
        )
    return text


def _folder(text: str) -> Path:
    folder = Path(text)
    if not folder.is_dir():
        raise DriftcheckError(f"the input working-directory is {text!r}, which is no folder here")
    return folder


def _words(text: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(text))
    except ValueError as error:
        raise DriftcheckError(f"the input extra-args cannot be split: {error}", "close the quotes") from None


def _fit_together(inputs: Inputs) -> None:
    """An input that the command would not look at is a mistake, not a detail."""
    asked = {
        "spec": inputs.spec,
        "base-spec": inputs.base_spec,
        "recordings": inputs.recordings,
        "database-url": inputs.database_url,
    }
    taken = {
        "check": {"database-url"},
        "api": {"spec", "base-spec", "recordings"},
        "db": {"database-url"},
        "migrations": set[str](),
        "traffic": {"spec", "recordings"},
    }[inputs.command]
    for name, value in asked.items():
        if value and name not in taken:
            hint = (
                "[tool.driftcheck] in pyproject.toml has it"
                if inputs.command == "check"
                else "use command: check"
            )
            raise DriftcheckError(f"the command {inputs.command} takes no input {name}", hint)
    if inputs.command == "api" and not inputs.spec:
        raise DriftcheckError("the command api needs the input spec")
    if inputs.command == "traffic" and not inputs.recordings:
        raise DriftcheckError("the command traffic needs the input recordings")


def arguments(inputs: Inputs, base: str, reports: Mapping[str, str]) -> list[str]:
    """The command line after `driftcheck`. `base` is a revision, or empty; `reports` are files by kind."""
    options = [f"--report={kind}={file}" for kind, file in reports.items()]
    if inputs.config:
        options.append(f"--config={inputs.config}")
    if inputs.fail_on:
        options.append(f"--fail-on={inputs.fail_on}")
    given = [*options, *inputs.extra_args]
    if inputs.command == "api":
        recordings = [f"--traffic={each}" for each in inputs.recordings]
        sides = [inputs.base_spec or f"{base}:{inputs.spec}", inputs.spec]
        return ["api", *recordings, *given, "--", *sides]
    if inputs.command == "traffic":
        spec = [f"--spec={inputs.spec}"] if inputs.spec else []
        return ["traffic", "check", *spec, *given, "--", *inputs.recordings]
    if inputs.command in ("check", "migrations") and base:
        given.insert(0, f"--base={base}")
    if inputs.command == "db" and inputs.database_url:
        given.insert(0, f"--url-env={DATABASE}")
    return [inputs.command, *given]
