"""The configuration that follows from what was found, as commented TOML.

One project becomes sections; several become the named jobs of `driftcheck check`, each in its folder.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from driftcheck.discovery.found import Found, Kind

_MOST = 20  # of a kind; more are no choice that a user would make


@dataclass(frozen=True, slots=True)
class Project:
    """What is to be configured for one folder; values as the options want them."""

    folder: str
    specs: tuple[str, ...]
    models: str
    migrations: str
    url_env: str
    recordings: tuple[str, ...]

    @property
    def described(self) -> str:
        """The description that recordings are held to."""
        return self.specs[0] if self.specs else ""


def propose(found: Iterable[Found], *, inside_pyproject: bool) -> str:
    """The text of the section; `inside_pyproject` says that its tables begin with "tool.driftcheck"."""
    projects = [project for project in _projects(list(found)) if _useful(project)]
    prefix = "tool.driftcheck" if inside_pyproject else ""
    lines = [f"[{prefix}]"] if prefix else []
    lines += _HEAD
    if len(projects) == 1 and not projects[0].folder:
        lines += _sections(projects[0], prefix)
    else:
        for project in projects:
            lines += _jobs(project, prefix)
    return "\n".join(lines) + "\n"


_HEAD = [
    "# Written by `driftcheck init`. All options: docs/configuration.md of driftcheck.",
    "# From which level `driftcheck check` fails: breaking, risky, info, never.",
    'fail-on = "breaking"',
    "# To accept what is found today: `driftcheck baseline write`, and then",
    '# baseline = "driftcheck-baseline.json"',
]


def _useful(project: Project) -> bool:
    return bool(project.specs or project.models or project.migrations or project.recordings)


def _projects(found: list[Found]) -> Iterator[Project]:
    for folder in sorted({each.project for each in found}):
        own = [each for each in found if each.project == folder and not each.aside]

        def values(kind: Kind, own: list[Found] = own) -> list[str]:
            return [each.value for each in own if each.kind == kind][:_MOST]

        specs = values("API") or values("application")[:1]
        names = values("database URL")
        url_env = "DATABASE_URL" if "DATABASE_URL" in names else next(iter(names), "")
        yield Project(
            folder,
            tuple(specs),
            next(iter(values("models")), ""),
            next(iter(values("migrations")), ""),
            url_env,
            tuple(values("recordings")),
        )


def _sections(project: Project, prefix: str) -> Iterator[str]:
    if project.specs:
        yield from ("", _header(prefix, "api"), "# Compared with the same at the base revision.")
        yield f"spec = {_array(project.specs)}"
    if project.models or project.migrations:
        yield from ("", _header(prefix, "db"), *_database(project))
    if project.recordings and project.described:
        yield from ("", _header(prefix, "traffic"), "# Recorded calls, held to the description.")
        yield f"recordings = {_array(project.recordings)}"
        yield f"spec = {_text(project.described)}"
    elif project.recordings:
        yield from _undescribed(project, _header(prefix, "traffic"))


def _undescribed(project: Project, *header: str) -> Iterator[str]:
    """Recordings that nobody knows a description for."""
    lines = (*header, f"recordings = {_array(project.recordings)}", 'spec = "openapi.yaml"')
    yield from _half("Recorded calls were found, and no description beside them: name theirs.", lines)


def _half(why: str, lines: Iterable[str]) -> Iterator[str]:
    """One side of something: what to write, once the other one is known."""
    yield from ("", f"# {why}", *(f"# {line}" for line in lines))


def _database(project: Project) -> Iterator[str]:
    if project.models:
        yield f"models = {_text(project.models)}"
    if project.migrations:
        yield f"migrations = {_text(project.migrations)}"
    if project.url_env:
        yield "# Where this variable is set, the live database is compared, too (it is only read)."
        yield f"url-env = {_text(project.url_env)}"


def _jobs(project: Project, prefix: str) -> Iterator[str]:
    name = project.folder.replace("/", "-") or "root"
    if project.specs:
        yield from _job(prefix, f"{name}-api", "api", project)
        yield f"spec = {_array(project.specs)}"
    database = [*_job(prefix, f"{name}-db", "db", project), *_database(project)]
    if project.url_env and (project.models or project.migrations):
        yield from database
    elif project.models and not project.migrations:
        yield from _half("Models alone are nothing to compare: name migrations, or `url-env`.", database[1:])
    if project.migrations:
        yield from _job(prefix, f"{name}-migrations", "migrations", project)
        yield f"migrations = {_text(project.migrations)}"
        if project.models:
            yield f"models = {_text(project.models)}"
    if project.recordings and project.described:
        yield from _job(prefix, f"{name}-traffic", "traffic", project)
        yield f"recordings = {_array(project.recordings)}"
        yield f"spec = {_text(project.described)}"
    elif project.recordings:
        yield from _undescribed(project, *list(_job(prefix, f"{name}-traffic", "traffic", project))[1:])


def _job(prefix: str, name: str, command: str, project: Project) -> Iterator[str]:
    yield ""
    yield f"[[{prefix}.check.jobs]]" if prefix else "[[check.jobs]]"
    yield f"name = {_text(name)}"
    yield f"command = {_text(command)}"
    if project.folder:
        yield f"directory = {_text(project.folder)}"


def _header(prefix: str, name: str) -> str:
    return f"[{prefix}.{name}]" if prefix else f"[{name}]"


def _array(values: Iterable[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"


def _text(value: str) -> str:
    """A basic string of TOML, which JSON's strings are but for DEL and lone surrogates."""
    return json.dumps(value).replace("\x7f", "\\u007f")
