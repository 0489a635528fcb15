"""Revision files as their text says: nothing is imported, and what does not parse is kept with the reason."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from driftcheck.database.migrations.history import relative

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

_NAMES = ("revision", "down_revision", "branch_labels", "depends_on")
_CREATED = re.compile(r"^\s*Create Date:\s*(\S+(?:[ T]\d\d:\d\d:\d\d\S*)?)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Function:
    """upgrade() or downgrade(): its line, and whether it does nothing (`raises`: but raise)."""

    line: int
    empty: bool
    raises: bool


@dataclass(frozen=True, slots=True)
class RevisionFile:
    """One file of a versions folder. `broken` says why it cannot be read (then the rest is unknown);
    `computed` that its ids are not written out; a label that is not is its expression. `text` is all of
    it."""

    path: str
    revision: str | None = None
    down: tuple[str, ...] = ()
    depends: tuple[str, ...] = ()
    created: datetime | None = None
    lines: dict[str, int] = field(default_factory=dict)
    upgrade: Function | None = None
    downgrade: Function | None = None
    broken: str = ""
    computed: bool = False
    text: str | bytes = ""
    strings: frozenset[str] = frozenset()
    labels: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """How reports name it."""
        return self.revision or Path(self.path).stem

    def same_code(self, other: RevisionFile) -> bool:
        """Whether both do the same: layout, comments, docstrings and annotations do not count."""
        if self.text == other.text:
            return True
        return not (self.broken or other.broken) and _body(self.text) == _body(other.text)

    def line(self, name: str) -> int:
        """Where it says `name`; 1 if it does not."""
        return self.lines.get(name, 1)


def revision_files(script: ScriptDirectory) -> list[RevisionFile]:
    """All revision files of the folders that are configured, in the order of their paths."""
    folders = [Path(folder) for folder in script._version_locations]
    deep = bool(getattr(script, "recursive_version_locations", False))
    return read_files(path for folder in folders for path in _sources(folder, deep))


def new_since(old: Iterable[RevisionFile], files: Iterable[RevisionFile]) -> frozenset[str]:
    """The ids of revisions that were not there, or did something else."""
    then = {file.revision: file for file in old}
    return frozenset(
        file.revision
        for file in files
        if file.revision and not (file.revision in then and file.same_code(then[file.revision]))
    )


def read_files(paths: Iterable[Path]) -> list[RevisionFile]:
    """The revisions that these files define; other Python files in the folder are left out."""
    found = (read_text(relative(str(path)), path.read_bytes()) for path in dict.fromkeys(paths))
    return [file for file in found if file is not None]


def _sources(folder: Path, deep: bool) -> Iterator[Path]:
    for path in sorted(folder.glob("**/*.py" if deep else "*.py")):
        if not path.name.startswith(("__init__", ".#")) and "__pycache__" not in path.parts:
            yield path


def read_text(path: str, text: str | bytes) -> RevisionFile | None:
    """The revision that this text defines; None where it defines none (a module of helpers)."""
    found = _parsed(text)
    return replace(found, path=path) if found is not None else None


@lru_cache(maxsize=4096)
def _parsed(text: str | bytes) -> RevisionFile | None:
    """The same without its path: most revisions are the same on both sides of --base."""
    path = ""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        said = getattr(error, "msg", None) or str(error)
        return RevisionFile(path, broken=f"{type(error).__name__}: {said}", lines={"broken": line}, text=text)
    values, lines = _assigned(tree)
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    if "revision" not in values and "down_revision" not in values and "upgrade" not in functions:
        return None
    revision = values.get("revision")
    computed = any(isinstance(values.get(name), ast.expr) for name in _NAMES)
    return RevisionFile(
        path,
        revision if isinstance(revision, str) else None,
        _ids(values.get("down_revision")),
        _ids(values.get("depends_on")),
        _created(ast.get_docstring(tree, clean=False) or ""),
        {**lines, **{name: node.lineno for name, node in functions.items()}},
        _function(functions.get("upgrade")),
        _function(functions.get("downgrade")),
        computed=computed,
        text=text,
        strings=frozenset(_words(tree)),
        labels=_labels(values.get("branch_labels")),
    )


def _assigned(tree: ast.Module) -> tuple[dict[str, object], dict[str, int]]:
    """Values of the names that Alembic reads (an expression where it is none of strings), and their lines."""
    values: dict[str, object] = {}
    lines: dict[str, int] = {}
    for target, value in _assignments(tree):
        if isinstance(target, ast.Name) and target.id in _NAMES:
            values[target.id], lines[target.id] = _value(value), target.lineno
    return values, lines


def _assignments(tree: ast.Module) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Each name and its value at the top level, also of `a, b = 1, 2`."""
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            yield node.target, node.value
        for target in node.targets if isinstance(node, ast.Assign) else ():
            assert isinstance(node, ast.Assign)
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                yield from zip(target.elts, node.value.elts, strict=False)
            else:
                yield target, node.value


def _value(node: ast.expr | None) -> object:
    try:
        return ast.literal_eval(node) if node is not None else None
    except (ValueError, TypeError):
        return node


def _ids(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list | tuple | set):
        return tuple(str(item) for item in value)
    return ()


def _labels(value: object) -> tuple[str, ...]:
    return (ast.unparse(value),) if isinstance(value, ast.expr) else _ids(value)


def _created(docstring: str) -> datetime | None:
    found = _CREATED.search(docstring)
    if not found:
        return None
    try:
        return datetime.fromisoformat(found[1]).replace(tzinfo=None)
    except ValueError:
        return None


def _function(node: ast.FunctionDef | None) -> Function | None:
    if node is None:
        return None
    body = [statement for statement in node.body if not _says_nothing(statement)]
    raises = len(body) == 1 and isinstance(body[0], ast.Raise)
    return Function(node.lineno, not body, raises)


def _says_nothing(statement: ast.stmt) -> bool:
    """pass, a docstring, `...`, return, or a call of print or a logger."""
    if isinstance(statement, ast.Expr):
        if isinstance(statement.value, ast.Call):
            called = ast.unparse(statement.value.func)
            return called == "print" or called.partition(".")[0] in {"log", "logger", "logging"}
        return isinstance(statement.value, ast.Constant)
    return isinstance(statement, ast.Pass) or (isinstance(statement, ast.Return) and statement.value is None)


def _body(text: str | bytes) -> str:
    """The code alone: two files with the same do the same."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            kept = [item for item in node.body if not _is_string(item)]
            node.body = kept or [ast.Pass()]
        if isinstance(node, ast.FunctionDef):
            node.returns = None
    tree.body = [item for item in tree.body if not isinstance(item, ast.Import | ast.ImportFrom)]
    return "\n".join(sorted(ast.dump(_bare(item)) for item in tree.body))


def _bare(node: ast.stmt) -> ast.stmt:
    """An assignment without its annotation."""
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        return ast.Assign(targets=[node.target], value=node.value, lineno=node.lineno)
    return node


def _is_string(node: ast.stmt) -> bool:
    constant = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return constant and isinstance(node.value.value, str)  # type: ignore[attr-defined]


def _words(tree: ast.Module) -> Iterator[str]:
    """Names that the code may be about: its strings, and the words in longer ones."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 20_000:
            yield from re.findall(r"\w+", node.value)
