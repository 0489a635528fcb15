"""Looks through a repository: descriptions, migrations, models, applications, recordings, names of URLs.

Files are told by their content; values of variables are never kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from driftcheck.discovery.code import Symbol, describes_itself, imports_extension, symbols_of
from driftcheck.discovery.found import Found
from driftcheck.discovery.recordings import recordings
from driftcheck.discovery.walk import own_files
from driftcheck.importing import is_source_folder

_MOST_BYTES = 20_000_000
_MOST_CODE = 1_000_000
_HEAD = 65_536
_SPEC = re.compile(
    rb"""(?:^|\n|\xef\xbb\xbf)["']?(?:openapi|swagger)["']?[ \t]*:[ \t]*["']?[0-9]"""
    rb"""|"(?:openapi|swagger)"\s*:\s*"?[0-9]"""
)
_PARTS = re.compile(rb'"(?:components|definitions|info|paths|basePath)"\s*:')
_PROJECT_FILES = frozenset(
    "pyproject.toml setup.py setup.cfg alembic.ini requirements.txt package.json go.mod Dockerfile".split()
)
_URL = re.compile(
    rb"^\s*(?:-\s*|export\s+)?[\"']?([A-Za-z_][A-Za-z0-9_]*)[\"']?\s*[:=]\s*[\"']?"
    rb"(?:postgres(?:ql)?|mysql|mariadb|sqlite)(?:\+\w+)?://",
    re.MULTILINE,
)
_NAMED = re.compile(
    rb"^\s*(?:-\s*|export\s+)?([A-Z][A-Z0-9_]*(?:DATABASE|DB)_UR[LI]|DATABASE_UR[LI])\s*[:=]", re.MULTILINE
)


@dataclass(slots=True)
class Repository:
    """The files, and what each Python file defines."""

    root: Path
    files: list[str]
    projects: list[str]
    symbols: dict[str, list[Symbol]] = field(default_factory=dict)

    def project_of(self, file: str) -> str:
        """The nearest folder around it that looks like a project of its own."""
        return max((each for each in self.projects if file.startswith(f"{each}/") or not each), key=len)

    def below(self, file: str, project: str) -> str:
        """The path as it is written in that folder."""
        return file[len(project) + 1 :] if project else file

    def read(self, file: str, limit: int = _HEAD) -> bytes:
        """The beginning of a file; nothing where it cannot be read."""
        try:
            with open(self.root / file, "rb") as stream:
                return stream.read(limit)
        except OSError:
            return b""

    def module(self, file: str, project: str) -> str:
        """The name under which a file is imported when the project's folder is on the path."""
        path = PurePosixPath(self.below(file, project)).with_suffix("")
        parts = list(path.parts)
        folder = self.root / project
        while len(parts) > 1 and is_source_folder(folder := folder / parts[0]):
            parts = parts[1:]
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def look(root: Path) -> list[Found]:
    """All that was found, in the order in which it is told."""
    files = own_files(root)
    projects = {
        str(PurePosixPath(file).parent) for file in files if PurePosixPath(file).name in _PROJECT_FILES
    }
    repository = Repository(root, files, sorted({"" if each == "." else each for each in projects} | {""}))
    code = {file: repository.read(file, _MOST_CODE) for file in files if file.endswith(".py")}
    repository.symbols = {file: found for file, content in code.items() if (found := symbols_of(content))}
    migrations = list(_migrations(repository))
    models = list(_models(repository, migrations))
    return [
        *models,
        *(_beside_models(each, models) for each in migrations),
        *_specs(repository),
        *_apps(repository, code),
        *(_at_home(repository, each) for each in recordings(root, files, repository.read)),
        *_urls(repository),
    ]


def _migrations(repository: Repository) -> Iterator[Found]:
    """Every alembic.ini and [tool.alembic]; folders of env.py that neither of them names."""
    named: set[str] = set()
    for file in repository.files:
        name = PurePosixPath(file).name
        if name not in ("alembic.ini", "pyproject.toml"):
            continue
        content = repository.read(file)
        section = b"[alembic]" if name == "alembic.ini" else b"[tool.alembic]"
        if section not in content:
            continue
        project = repository.project_of(file)
        line = content[: content.index(section)].count(b"\n") + 1
        location = re.search(rb"""^script_location\s*=\s*["']?([^"'\r\n]+)""", content, re.MULTILINE)
        beside = str(PurePosixPath(file).with_name("env.py"))
        if location is None and beside in repository.files:  # Flask-Migrate says at run time where it is
            folder = str(PurePosixPath(file).parent)
            named.add(folder)
            yield Found("migrations", repository.below(folder, project) or ".", project, file, line)
            continue
        yield Found("migrations", repository.below(file, project), project, file, line)
        if location is not None:
            where = (
                location[1]
                .decode("utf-8", "replace")
                .strip()
                .replace("%(here)s/", "")
                .replace("%(here)s", "")
            )
            parent = str(PurePosixPath(file).parent)
            named.add(str(PurePosixPath("" if parent == "." else parent, where)))
    for file in repository.files:
        folder = str(PurePosixPath(file).parent)
        if PurePosixPath(file).name != "env.py" or folder in named:
            continue
        if b"run_migrations" in repository.read(file):
            project = repository.project_of(file)
            yield Found("migrations", repository.below(folder, project) or ".", project, file)


def _beside_models(migrations: Found, models: list[Found]) -> Found:
    """Migrations in a folder without models belong to the models around it."""
    around = [each.project for each in models if f"{migrations.project}/".startswith(f"{each.project}/")]
    around += ["" for each in models if not each.project]
    home = max(around, key=len, default=migrations.project)
    value = (
        migrations.value if home == migrations.project else f"{migrations.project[len(home) :].strip('/')}"
    )
    if home != migrations.project and migrations.value != ".":
        value = f"{value}/{migrations.value}"
    return replace(migrations, project=home, value=value)


def _at_home(repository: Repository, found: Found) -> Found:
    project = repository.project_of(f"{found.file}/")
    return replace(found, project=project, value=repository.below(found.file, project) or ".")


def _models(repository: Repository, migrations: list[Found]) -> Iterator[Found]:
    """One for each project: its declarative base, if all tables are beside it; else where all are known."""
    for project in repository.projects:
        own = {
            file: found
            for file, found in repository.symbols.items()
            if repository.project_of(file) == project and PurePosixPath(file).name != "env.py"
        }
        chosen = _best(repository, project, own)
        if chosen is None:
            continue
        file, symbol, value = chosen
        tables = {other for other, found in own.items() if any(each.role == "table" for each in found)}
        env = _names_models(repository, project, migrations)
        note = ""
        if tables - {file} and env:
            value, note = "env.py", f"env.py knows all tables, which are in {_modules(len(tables))}"
        yield Found("models", value, project, file, symbol.line, note)


def _modules(number: int) -> str:
    return "another module" if number == 1 else f"{number} modules"


_RANK = ("flask-sqlalchemy", "base", "sqlmodel", "metadata")


def _best(
    repository: Repository, project: str, own: dict[str, list[Symbol]]
) -> tuple[str, Symbol, str] | None:
    candidates = [
        (_is_aside(file), _RANK.index(symbol.role), file, symbol)
        for file, found in own.items()
        for symbol in found
        if symbol.role in _RANK
    ]
    if not candidates:
        return None
    _, _, file, symbol = min(candidates, key=lambda each: each[:3])
    module = repository.module(file, project)
    return file, symbol, module if symbol.role == "sqlmodel" else f"{module}:{symbol.name}"


def _is_aside(file: str) -> bool:
    return Found("models", "", "", file).aside


def _names_models(repository: Repository, project: str, migrations: list[Found]) -> bool:
    """Whether the project's env.py has a target_metadata. A folder of migrations may look like a project."""
    own = {found.project for found in migrations if found.project and _parent(found.project) == project}
    own |= {found.project for found in migrations if found.project == project}
    return any(
        any(symbol.role == "target" for symbol in found)
        for file, found in repository.symbols.items()
        if PurePosixPath(file).name == "env.py" and repository.project_of(file) in own
    )


def _parent(folder: str) -> str:
    return folder.rpartition("/")[0]


def _specs(repository: Repository) -> Iterator[Found]:
    for file in repository.files:
        if not file.lower().endswith((".yaml", ".yml", ".json")):
            continue
        content = repository.read(file)
        found = _SPEC.search(content)
        if found is None and len(content) == _HEAD and _PARTS.search(content):
            content = repository.read(file, _MOST_BYTES)  # sorted keys put `openapi` late
            found = _SPEC.search(content)
        if found is not None and b"paths" in content + repository.read(file, _MOST_BYTES)[_HEAD:]:
            project = repository.project_of(file)
            yield Found("API", repository.below(file, project), project, file)


def _apps(repository: Repository, code: dict[str, bytes]) -> Iterator[Found]:
    for file, symbols in repository.symbols.items():
        project = repository.project_of(file)
        for symbol in symbols:
            if symbol.role in ("app", "factory") and _described(repository, symbol, file, code):
                call = "()" if symbol.role == "factory" else ""
                value = f"{repository.module(file, project)}:{symbol.name}{call}"
                yield Found("application", value, project, file, symbol.line, symbol.detail)


def _described(repository: Repository, symbol: Symbol, file: str, code: dict[str, bytes]) -> bool:
    """Whether an application answers its description: by its own file, or an extension of its project."""
    project = repository.project_of(file)
    return describes_itself(symbol, code[file]) or any(
        imports_extension(content)
        for other, content in code.items()
        if repository.project_of(other) == project
    )


def _urls(repository: Repository) -> Iterator[Found]:
    """Names of variables, from compose files and .env files; also from one that git ignores."""
    files = [file for file in repository.files if _holds_variables(PurePosixPath(file).name)]
    folders = [f"{project}/.env" if project else ".env" for project in repository.projects]
    files += [file for file in folders if file not in files and (repository.root / file).is_file()]
    seen: set[tuple[str, str]] = set()
    for file in sorted(files):
        content = repository.read(file)
        for found in sorted(
            (*_URL.finditer(content), *_NAMED.finditer(content)), key=lambda each: each.start()
        ):
            name, project = found[1].decode(), repository.project_of(file)
            if (name, project) not in seen and name.upper() == name:
                seen.add((name, project))
                line = content[: found.start(1)].count(b"\n") + 1
                yield Found("database URL", name, project, file, line)


def _holds_variables(name: str) -> bool:
    lower = name.lower()
    compose = lower.startswith(("docker-compose", "compose")) and lower.endswith((".yml", ".yaml"))
    return compose or lower == ".env" or lower.startswith(".env.") or lower.endswith(".env")
