"""Options that every command with a report has, and how they join the configuration file.

An option is named like the field of config.py that it overrides; nothing here knows a single one of them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Annotated, Any, TypeAlias, get_args

import typer

from driftcheck.config import Config, Protect
from driftcheck.errors import DriftcheckError
from driftcheck.finding import FailOn
from driftcheck.report import FORMATS, Layout


def one_of(values: Collection[str], *names: str, help: str | None = None) -> Any:
    """Declares an option with few values (an argument, without `names`).

    Typer's own choices would be enums, which each version of Typer refuses in other words.
    """

    def checked(value: str | list[str] | None) -> str | list[str] | None:
        for each in value if isinstance(value, list) else [value]:
            if each is not None and each not in values:
                raise typer.BadParameter(f"{each!r} is not one of {', '.join(map(repr, values))}.")
        return value

    def offered(incomplete: str) -> list[str]:
        return [value for value in values if value.startswith(incomplete)]

    metavar = f"[{'|'.join(values)}]"
    if not names:
        return typer.Argument(metavar=metavar, callback=checked, autocompletion=offered, help=help)
    return typer.Option(*names, metavar=metavar, callback=checked, autocompletion=offered, help=help)


def rules_beginning(incomplete: str) -> list[tuple[str, str]]:
    """The rules whose id begins with what is typed, with their titles, for shells."""
    from driftcheck.catalogue import all_rules

    return [(rule.id, rule.title) for rule in all_rules() if rule.id.startswith(incomplete)]


def reports_beginning(incomplete: str) -> list[str]:
    """The kinds of reports that begin with what is typed, for shells."""
    return [f"{kind}=" for kind in FORMATS if kind.startswith(incomplete)]


# fmt: off
# A command with a report repeats all of these in its signature, named like their long forms: Typer has no
# other way to share options. tests/cli/test_options.py holds that none is forgotten.
Format: TypeAlias = Annotated[str, one_of(FORMATS, "--format", help="How the report is written.")]
Output: TypeAlias = Annotated[Path | None, typer.Option(
    "--output", "-o", metavar="FILE", dir_okay=False,
    help="Write the report to FILE (all of it or nothing) instead of standard output.")]
Reports: TypeAlias = Annotated[list[str] | None, typer.Option(
    "--report", metavar="KIND=FILE", autocompletion=reports_beginning,
    help="Also write the report as KIND (any of --format) to FILE (repeatable).")]
FailingLevel: TypeAlias = Annotated[str | None, one_of(
    get_args(FailOn), "--fail-on",
    help="The level from which the exit status is 1 [default: breaking].")]
Protected: TypeAlias = Annotated[str | None, one_of(
    get_args(Protect), "--protect",
    help="Whom changes must not hurt: callers on the wire, also generated clients, also readers of the docs"
         " [default: wire].")]
Changelog: TypeAlias = Annotated[bool, typer.Option("--changelog", help="Report compatible changes too.")]
Severities: TypeAlias = Annotated[list[str] | None, typer.Option(
    "--severity", metavar="RULE=LEVEL", autocompletion=rules_beginning,
    help="Judge RULE as breaking, risky, info or off (repeatable).")]
Ignored: TypeAlias = Annotated[list[str] | None, typer.Option(
    "--ignore", metavar="RULE[@PLACE]", autocompletion=rules_beginning,
    help="Silence findings of RULE at places that match the glob PLACE, or the one finding with this"
         " fingerprint (repeatable).")]
Baseline: TypeAlias = Annotated[str | None, typer.Option(
    "--baseline", metavar="FILE",
    help="Count findings in this file as accepted, so that only new ones are told"
         " (`driftcheck baseline write` makes it).")]
ConfigFile: TypeAlias = Annotated[Path | None, typer.Option(
    "--config", metavar="FILE", dir_okay=False,
    help="Read this file instead of the nearest driftcheck.toml or pyproject.toml.")]
NoColor: TypeAlias = Annotated[bool, typer.Option(
    "--no-color", help="No colors, also on a terminal (or set NO_COLOR).")]
Quiet: TypeAlias = Annotated[int, typer.Option(
    "--quiet", "-q", count=True, show_default=False, help="Only the verdict.")]
Verbose: TypeAlias = Annotated[int, typer.Option(
    "--verbose", "-v", count=True, show_default=False,
    help="Everything: all operations a finding reaches.")]
# fmt: on


_UNSAID: tuple[object, ...] = (None, [], ())


def configured(given: Mapping[str, Any], section: str) -> Config:
    """The configuration of a command: the file, and over it the options given on the command line."""
    from driftcheck.config_file import config_from, read_config

    config = read_config(given["config"])
    shared = {item.name for item in fields(config) if not is_dataclass(getattr(config, item.name))}
    own = {field.name for field in fields(getattr(config, section))}
    said = {name: value for name, value in given.items() if not (value is False or value in _UNSAID)}
    table: dict[str, Any] = {name: value for name, value in said.items() if name in shared}
    table[section] = {name: value for name, value in said.items() if name in own}
    if "severity" in table:
        table["severity"] = dict(_pair(text) for text in table["severity"])
    merged = config_from(table, "command line", config)
    report_files(merged.report)  # a mistake in them is told before the work, not after it
    return merged


def report_files(texts: Sequence[str]) -> list[tuple[str, Path]]:
    """Format and file of each "KIND=FILE"; DriftcheckError for what cannot be written."""
    files: dict[Path, str] = {}
    for text in texts:
        kind, found, name = text.partition("=")
        file = Path(name)
        if not found or not name:
            raise DriftcheckError(f"report {text!r}: must be KIND=FILE", "for example html=drift.html")
        if kind not in FORMATS:
            raise DriftcheckError(f"report {text!r}: {kind!r} is none of: {', '.join(FORMATS)}")
        if not file.parent.is_dir():
            raise DriftcheckError(f"report {text!r}: there is no directory {file.parent}")
        if file in files:
            raise DriftcheckError(f"report {text!r}: {file} is the file of another report, too")
        files[file] = kind
    return [(kind, file) for file, kind in files.items()]


def layout_of(given: Mapping[str, Any]) -> Layout:
    """How the report is to look where it goes: colors and the window's width only on a terminal."""
    from driftcheck.cli import surroundings

    terminal = given["output"] is None and sys.stdout.isatty()
    plain = given["no_color"] or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return Layout(
        width=_window() if terminal else 80,
        color=terminal and not plain,
        verbosity=given["verbose"] - given["quiet"],
        sources=surroundings.sources(),
        below_root=surroundings.below_root(),
        home=surroundings.home(given.get("config")),
    )


def _window() -> int:
    from shutil import get_terminal_size

    return min(max(get_terminal_size().columns, 60), 120)


def _pair(text: str) -> tuple[str, str]:
    rule, found, level = text.partition("=")
    if not found:
        raise DriftcheckError(f"--severity {text}: must be RULE=LEVEL", f"for example --severity {text}=info")
    return rule.strip(), level.strip()
