"""Where in the code a difference can be mended: the model's class and column, the revision's line.

Reads source with ast and imports nothing; each file is read once.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from driftcheck.difference import Difference, Location, Side

if TYPE_CHECKING:
    from sqlalchemy import MetaData

    from driftcheck.database.migrations.history import History


_Place: TypeAlias = tuple[str, int, bool]  # a file, a line, and whether it is that of a column or a key


class Places:
    """Finds the lines of models and revisions; looks only where something differs."""

    def __init__(self, metadatas: Sequence[MetaData], history: History | None) -> None:
        self._metadatas, self._history = metadatas, history
        self._classes: dict[str, type] | None = None
        self._files: dict[str, list[str]] | None = None
        self._revisions: list[tuple[str, dict[str, int]]] | None = None

    def of(self, difference: Difference) -> tuple[Location, ...]:
        """The places of one difference, the model's first."""
        if difference.kind in {"revision", "migration"}:
            return difference.locations
        table, name = _split(difference)
        found = [*self._model(table, name), *self._revision(table, name)]
        return (*difference.locations, *found)

    def files(self) -> list[str]:
        """The files of all models and revisions."""
        if self._classes is None:
            self._classes = _mapped_classes(self._metadatas) if self._metadatas else {}
        modules = {owner.__module__: None for owner in self._classes.values()}
        models = [getattr(sys.modules.get(name), "__file__", None) for name in modules]
        revisions = [str(script.path) for script in self._history.revisions()] if self._history else []
        return [file for file in (*models, *revisions) if file]

    def _model(self, table: str, name: str | None) -> Iterator[Location]:
        if not self._metadatas:
            return
        if self._classes is None:
            self._classes = _mapped_classes(self._metadatas)
        owner = self._classes.get(table)
        place = _class_place(owner, name) if owner is not None else None
        if place is None or (name is not None and not place[2]):  # a Table of its own may have the column
            place = self._table(table, name) or place
        if place is not None:
            yield Location(Side.EXPECTED, _relative(place[0]), place[1])

    def _table(self, table: str, name: str | None) -> _Place | None:
        if self._files is None:
            self._files = _files_of_tables(self._metadatas)
        plain = table.rpartition(".")[2]
        return _table_place(self._files.get(plain, ()), plain, name)

    def _revision(self, table: str, name: str | None) -> Iterator[Location]:
        if self._history is None:
            return
        if self._revisions is None:
            files = [str(script.path) for script in self._history.revisions()]
            self._revisions = [(file, _strings(file)) for file in files]
        plain = table.rpartition(".")[2]
        fallback = None
        for file, strings in self._revisions:
            if name is not None and name in strings and plain in strings:
                yield Location(
                    Side.ACTUAL if self._metadatas else Side.EXPECTED, _relative(file), strings[name]
                )
                return
            if fallback is None and plain in strings:
                fallback = Location(
                    Side.ACTUAL if self._metadatas else Side.EXPECTED, _relative(file), strings[plain]
                )
        if fallback is not None:
            yield fallback


def _split(difference: Difference) -> tuple[str, str | None]:
    """The table and the name within it."""
    if difference.kind in {"table", "partition", "enum", "domain", "sequence", "view", "function", "schema"}:
        return difference.object, None
    if ".(" in difference.object:
        table, _, columns = difference.object.partition(".(")
        return table, columns.rstrip(")").split(",")[0] or None
    table, _, name = difference.object.rpartition(".")
    return table or name, name if table else None


def _mapped_classes(metadatas: Sequence[MetaData]) -> dict[str, type]:
    if "sqlalchemy.orm" not in sys.modules:
        return {}  # nobody maps anything, and the import takes long
    from sqlalchemy.orm import Mapper

    try:
        from sqlalchemy.orm.mapper import _all_registries  # there is no public way from a table to its class
    except ImportError:
        return {}

    known = {id(metadata) for metadata in metadatas}
    found: dict[str, type] = {}
    for registry in list(_all_registries()):
        for mapper in registry.mappers:
            table = getattr(mapper, "local_table", None)
            if (
                isinstance(mapper, Mapper)
                and table is not None
                and id(getattr(table, "metadata", None)) in known
            ):
                found.setdefault(table.fullname, mapper.class_)
    return found


def _class_place(owner: type, name: str | None) -> _Place | None:
    """The line of a column's attribute in the class or its mixins, else of the class."""
    attribute = _attribute(owner, name) if name else None
    first = None
    for part in owner.__mro__:
        file = getattr(sys.modules.get(part.__module__), "__file__", None)
        node = _classes(file).get(part.__qualname__.rpartition(".")[2]) if file else None
        if file is None or node is None:
            continue
        first = first or (file, node.lineno, False)
        if attribute is None:
            break
        for statement in node.body:
            if attribute in _targets(statement):
                return file, statement.lineno, True
    return first


def _attribute(owner: type, name: str) -> str:
    try:
        mapper: Any = inspect.getattr_static(owner, "__mapper__")
        column = mapper.local_table.columns.get(name)
        return str(mapper.get_property_by_column(column).key) if column is not None else name
    except Exception:  # noqa: BLE001 - a location is a courtesy; no mapper may spoil the report
        return name


def _targets(statement: ast.stmt) -> set[str]:
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    elif isinstance(statement, ast.FunctionDef):
        return {statement.name}
    return {target.id for target in targets if isinstance(target, ast.Name)}


@lru_cache(maxsize=1024)
def _tree(file: str) -> ast.Module:
    try:
        return ast.parse(Path(file).read_text(encoding="utf-8", errors="replace"))
    except (OSError, SyntaxError, ValueError):
        return ast.Module([], [])


@lru_cache(maxsize=1024)
def _classes(file: str) -> dict[str, ast.ClassDef]:
    return {node.name: node for node in ast.walk(_tree(file)) if isinstance(node, ast.ClassDef)}


@lru_cache(maxsize=1024)
def _strings(file: str) -> dict[str, int]:
    """Every string constant of a file, also the words of SQL in one, with its last line.

    What downgrade() says takes things back: its lines count for names that stand nowhere else.
    """
    found: dict[str, int] = {}
    for part in _tree(file).body:
        if not _is_downgrade(part):
            found |= _strings_of(part)
    for part in filter(_is_downgrade, _tree(file).body):
        found = _strings_of(part) | found
    return found


def _is_downgrade(part: ast.stmt) -> bool:
    return isinstance(part, ast.FunctionDef) and part.name == "downgrade"


def _strings_of(part: ast.stmt) -> dict[str, int]:
    found: dict[str, int] = {}
    for node in ast.walk(part):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found[node.value] = node.lineno
            if " " in node.value and len(node.value) < 10_000:
                for word in node.value.replace("(", " ").replace(",", " ").replace('"', " ").split():
                    found.setdefault(word, node.lineno)
    return found


def _files_of_tables(metadatas: Sequence[MetaData]) -> dict[str, list[str]]:
    """The files of imported modules by the names of the models' tables that they hold."""
    known = {id(metadata) for metadata in metadatas}
    found: dict[str, list[str]] = {}
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if not file or not file.endswith(".py"):
            continue
        held = [value for value in list(vars(module).values()) if _is_table(value)]
        for name in {str(value.name) for value in held if id(value.metadata) in known}:
            found.setdefault(name, []).append(file)
    return found


def _table_place(files: Sequence[str], table: str, name: str | None) -> _Place | None:
    """The line of Table("name", …) in one of the files, or of the column in it."""
    for file in files:
        for node in _calls(file).get(table, ()):
            inner = [
                item for item in node.args if isinstance(item, ast.Call) and name and _first(item) == name
            ]
            return file, (inner[0] if inner else node).lineno, bool(inner)
    return None


@lru_cache(maxsize=1024)
def _calls(file: str) -> dict[object, list[ast.Call]]:
    """The calls of a file by the constant that each is given first."""
    found: dict[object, list[ast.Call]] = {}
    for node in ast.walk(_tree(file)):
        if isinstance(node, ast.Call) and isinstance(first := _first(node), str):
            found.setdefault(first, []).append(node)
    return found


def _is_table(value: Any) -> bool:
    return type(value).__name__ == "Table" and hasattr(value, "fullname")


def _first(node: ast.Call) -> object:
    """The constant that a call is given first."""
    first = node.args[0] if node.args else None
    return first.value if isinstance(first, ast.Constant) else None


def _relative(file: str) -> str:
    path = Path(file)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else file
