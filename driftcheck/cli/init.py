"""`driftcheck init`: look what there is, say it, and write a configuration."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from driftcheck.discovery.found import Found

# fmt: off
Print = Annotated[bool, typer.Option("--print", help="Show what would be written, and write nothing.")]
Target = Annotated[Path | None, typer.Option(
    "--file", metavar="FILE", dir_okay=False,
    help="Write to FILE [default: pyproject.toml if there is one, else driftcheck.toml].")]
Force = Annotated[bool, typer.Option("--force", help="Replace the configuration that is there.")]
# fmt: on


def command(print_: Print = False, file: Target = None, force: Force = False) -> int:
    """Look at this repository and write a configuration for what is found. Nothing is imported or run."""
    from driftcheck.cli.output import write_file, write_out
    from driftcheck.discovery.look import look
    from driftcheck.discovery.propose import propose
    from driftcheck.discovery.write import target_of, with_section
    from driftcheck.errors import DriftcheckError
    from driftcheck.report.escape import printable

    here = Path.cwd()
    found = look(here)
    if not found:
        raise DriftcheckError(
            "nothing was found here that driftcheck looks at",
            "give both sides yourself, for example: driftcheck api OLD NEW",
        )
    target = target_of(here, file)
    section = propose(found, inside_pyproject=target.name == "pyproject.toml")
    listing = "\n".join(printable(line) for line in _lines(found))
    if print_:
        write_out(f"{listing}\n\n{section}")
        return 0
    content = with_section(target, section, force)
    write_file(target, content.decode("utf-8"))
    shown = target.relative_to(here) if target.is_relative_to(here) else target
    write_out(f"{listing}\n\n{shown}: configured. Next: driftcheck check\n")
    return 0


def _lines(found: list[Found]) -> list[str]:
    rows = [(each.kind, _value(each), _remark(each)) for each in found]
    first, second = (max(len(row[index]) for row in rows) for index in (0, 1))
    lines = [f"  {kind:<{first}}  {value:<{min(second, 40)}}  {remark}" for kind, value, remark in rows]
    return ["Found in this repository:", *(line.rstrip() for line in lines)]


def _value(found: Found) -> str:
    value = f"${found.value}" if found.kind == "database URL" else found.value
    return f"{found.project}: {value}" if found.project else value


def _remark(found: Found) -> str:
    remarks = [] if found.place == found.value else [found.place]
    remarks += [found.note] if found.note else []
    remarks += ["among tests or examples: not configured"] if found.aside else []
    return ", ".join(remarks)
