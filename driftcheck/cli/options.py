"""Options that every command with a report has, and how they join the configuration file.

An option is named like the field of config.py that it overrides; nothing here knows a single one of them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar, get_args

import click
from click.shell_completion import CompletionItem

from driftcheck.config import Config, Protect
from driftcheck.errors import DriftcheckError
from driftcheck.finding import FailOn
from driftcheck.report import FORMATS, Layout

Function = TypeVar("Function", bound=Callable[..., Any])


def complete_rule(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The ids of rules that begin with what is typed, for shells."""
    from driftcheck.catalogue import all_rules

    return [
        CompletionItem(rule.id, help=rule.title) for rule in all_rules() if rule.id.startswith(incomplete)
    ]


_REPORT_OPTIONS = (
    click.option("--format", type=click.Choice(list(FORMATS)), default="text", show_default=True,
                 help="How the report is written."),
    click.option("--output", "-o", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path),
                 help="Write the report to FILE (all of it or nothing) instead of standard output."),
    click.option("--fail-on", type=click.Choice(get_args(FailOn)),
                 help="The level from which the exit status is 1 [default: breaking]."),
    click.option("--protect", type=click.Choice(get_args(Protect)),
                 help="Whom changes must not hurt: callers on the wire, also generated clients, also readers"
                      " of the docs [default: wire]."),
    click.option("--changelog", is_flag=True, default=None, help="Report compatible changes too."),
    click.option("--severity", multiple=True, metavar="RULE=LEVEL", shell_complete=complete_rule,
                 help="Judge RULE as breaking, risky, info or off (repeatable)."),
    click.option("--ignore", multiple=True, metavar="RULE[@PLACE]", shell_complete=complete_rule,
                 help="Silence findings of RULE at places that match the glob PLACE, or the one finding with"
                      " this fingerprint (repeatable)."),
    click.option("--config", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path),
                 help="Read this file instead of the nearest driftcheck.toml or pyproject.toml."),
    click.option("--no-color", is_flag=True, help="No colors, also on a terminal (or set NO_COLOR)."),
    click.option("--quiet", "-q", count=True, help="Only the verdict."),
    click.option("--verbose", "-v", count=True, help="Everything: all operations a finding reaches."),
)  # fmt: skip


def report_options(function: Function) -> Function:
    """Give a command all of them."""
    for option in reversed(_REPORT_OPTIONS):
        function = option(function)
    return function


def configured(given: Mapping[str, Any], section: str) -> Config:
    """The configuration of a command: the file, and over it the options given on the command line."""
    from driftcheck.config_file import config_from, read_config

    config = read_config(given["config"])
    shared = {field.name for field in fields(config)}
    own = {field.name for field in fields(getattr(config, section))}
    said = {name: _listed(value) for name, value in given.items() if value not in (None, (), False)}
    table: dict[str, Any] = {name: value for name, value in said.items() if name in shared}
    table[section] = {name: value for name, value in said.items() if name in own}
    if "severity" in table:
        table["severity"] = dict(_pair(text) for text in table["severity"])
    return config_from(table, "command line", config)


def layout_of(given: Mapping[str, Any]) -> Layout:
    """How the report is to look where it goes: colors and the window's width only on a terminal."""
    terminal = given["output"] is None and sys.stdout.isatty()
    plain = given["no_color"] or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return Layout(
        width=_window() if terminal else 80,
        color=terminal and not plain,
        verbosity=given["verbose"] - given["quiet"],
    )


def _window() -> int:
    from shutil import get_terminal_size

    return min(max(get_terminal_size().columns, 60), 120)


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _pair(text: str) -> tuple[str, str]:
    rule, found, level = text.partition("=")
    if not found:
        raise DriftcheckError(f"--severity {text}: must be RULE=LEVEL", f"for example --severity {text}=info")
    return rule.strip(), level.strip()
