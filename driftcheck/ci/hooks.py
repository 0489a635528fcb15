"""The hooks of pre-commit: `python -P -m driftcheck.ci.hooks spec|migrations|recordings [ARGS] [FILES]`.

They are fast, need no network, and import nothing of the project: pre-commit runs them on every commit in
an environment that has driftcheck only.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from driftcheck.errors import DriftcheckError

_DESCRIPTION = re.compile(
    r"""(?:^|\{|,)\s{0,4}["']?(?:openapi|swagger)["']?\s*:\s*["']?[23](?:\.|\b)""", re.MULTILINE
)


def main(words: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run one hook; its exit status is that of driftcheck."""
    hooks: dict[str, Callable[[list[str], list[str], str], int]] = {
        "spec": _spec,
        "migrations": _migrations,
        "recordings": _recordings,
    }
    options, files = split(words[1:])
    try:
        return hooks[words[0]](options, files, environ.get("PRE_COMMIT_FROM_REF") or "HEAD")
    except DriftcheckError as error:
        print(f"driftcheck: {error.message}\n  hint: {error.hint}", file=sys.stderr)
        return 2


def split(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Options, and files: whatever is on disk is a file, also if it is called like an option."""
    options = [word for word in words if not Path(word).exists()]
    return options, [word for word in words if Path(word).exists()]


def is_description(text: str) -> bool:
    """Whether a file looks like a whole OpenAPI description, and not like a part of one."""
    return _DESCRIPTION.search(text) is not None


def _spec(options: list[str], files: list[str], base: str) -> int:
    """Compare each description with itself at `base`; a part of one leads to those of the configuration."""
    from driftcheck import git

    place = git.checkout()
    if git.find_commit(place, base) is None:
        return 0  # the first commit: nobody relies on anything yet
    statuses = [0]
    for file in _descriptions(files):
        was_there = git.run(os.getcwd(), "cat-file", "-e", f"{base}:./{file}").returncode == 0
        if was_there:
            statuses.append(_driftcheck("api", *options, "--", f"{base}:{file}", f"./{file}"))
    return max(statuses)


def _descriptions(files: list[str]) -> list[str]:
    whole = [file for file in files if is_description(Path(file).read_text("utf-8", "replace"))]
    if len(whole) == len(files):
        return whole
    from driftcheck.config_file import find_config, read_config

    found = find_config(Path.cwd())
    configured = read_config(found).api.spec if found is not None else ()
    return list(dict.fromkeys([*whole, *(spec for spec in configured if Path(spec).is_file())]))


def _migrations(options: list[str], files: list[str], base: str) -> int:
    """Look at the history's files; a file among the words is the alembic.ini, or the folder of env.py."""
    from driftcheck import git
    from driftcheck.cli.output import write_out
    from driftcheck.cli.surroundings import sources
    from driftcheck.config_file import config_from, find_config, read_config
    from driftcheck.database.migrations.history_check import check_history
    from driftcheck.report import Layout, render

    fail_on = _fail_on(options)
    if git.find_commit(git.checkout(), base) is None:
        return 0
    found = find_config(Path.cwd())
    settings = read_config(found)
    if fail_on:
        settings = config_from({"fail-on": fail_on}, "--fail-on", settings)
    report = check_history(base, migrations=files[0] if files else "", config=settings)
    write_out(render(report, "text", Layout(sources=sources())))
    return report.exit_code


def _fail_on(options: list[str]) -> str:
    """The level of --fail-on=LEVEL, the one option of this hook."""
    for option in options:
        if not option.startswith("--fail-on="):
            raise DriftcheckError(
                f"there is no file {option}", "args: an alembic.ini or the folder of env.py, --fail-on=LEVEL"
            )
    return options[-1].removeprefix("--fail-on=") if options else ""


def _recordings(options: list[str], files: list[str], _base: str) -> int:
    """Look for secrets in recordings."""
    return _driftcheck("traffic", "scan", *options, "--", *files) if files else 0


def _driftcheck(*arguments: str) -> int:
    from driftcheck import cli

    status = cli.main(list(arguments))
    sys.stdout.flush()
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
