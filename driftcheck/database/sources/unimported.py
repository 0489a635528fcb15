"""Finds modules that define tables but were never imported: reads the source, runs nothing."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from driftcheck.finding import Skipped

if TYPE_CHECKING:
    from sqlalchemy import MetaData

_MOST = 2000
_MARKS = ("__tablename__", "Table(", "table=True", ".Model)")
_ASIDE = {"tests", "test", "migrations", "alembic", "versions", "node_modules", "site-packages"}


def import_model_modules(package: ModuleType, load: Callable[[str], ModuleType]) -> None:
    """Import the modules of a package that define tables, because the user gave only the package."""
    for name, _, _ in modules_below(package):
        if name not in sys.modules:
            load(name)


def unimported(module: ModuleType, metadatas: Sequence[MetaData]) -> Iterator[Skipped]:
    """Modules whose tables the metadata does not know: those beside and below the models' module, and those
    anywhere in its top package (or its folder) that import it."""
    known = {table.name for metadata in metadatas for table in metadata.tables.values()}
    told: set[str] = set()
    for name, file, tables in (*modules_below(_package(module)), *_importers(module)):
        forgotten = sorted(tables - known)
        if name not in sys.modules and name not in told and forgotten:
            told.add(name)
            shown = ", ".join(forgotten[:3])
            yield Skipped(
                f"the models of {name}", f"{file} defines {shown} but is not imported by {module.__name__}"
            )


def _package(module: ModuleType) -> ModuleType:
    if hasattr(module, "__path__"):
        return module
    return sys.modules.get(module.__name__.rpartition(".")[0], module)


def modules_below(package: ModuleType) -> Iterator[tuple[str, str, set[str]]]:
    """The modules of a package that define tables: name, file and the tables."""
    roots = [Path(root) for root in getattr(package, "__path__", ())]
    for root in roots:
        files = [
            file for file in sorted(root.rglob("*.py")) if not _ASIDE & set(file.relative_to(root).parts)
        ]
        for file in files[:_MOST]:
            tables = _tables(file)
            if tables:
                parts = file.relative_to(root).with_suffix("").parts
                dotted = ".".join((package.__name__, *parts)).removesuffix(".__init__")
                yield dotted, str(file.relative_to(root.parent)), tables


def _importers(module: ModuleType) -> Iterator[tuple[str, str, set[str]]]:
    """Modules with tables that import the one which holds the base: it often stands apart from the models."""
    top = sys.modules.get(module.__name__.partition(".")[0], module)
    if hasattr(top, "__path__"):
        found = [(Path(root), top.__name__, sorted(Path(root).rglob("*.py"))) for root in top.__path__]
    elif file := getattr(top, "__file__", None):
        folder = Path(file).parent
        found = [(folder, "", sorted((*folder.glob("*.py"), *folder.glob("*/*.py"))))]
    else:
        return
    for root, package, files in found:
        within = (file for file in files if not _ASIDE & set(file.relative_to(root).parts))
        for file in list(within)[:_MOST]:
            parts = file.relative_to(root).with_suffix("").parts
            name = ".".join(part for part in (package, *parts) if part).removesuffix(".__init__")
            tree = _parsed(file, module.__name__.rpartition(".")[2])
            if tree is not None and module.__name__ in _imports(tree, name, file.stem == "__init__"):
                yield name, str(file.relative_to(root.parent if package else root)), _named(tree)


def _imports(tree: ast.AST, name: str, package: bool) -> set[str]:
    """What a module imports, and from what, in full."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = name.split(".")[: len(name.split(".")) - node.level + package] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            found |= {source, *(f"{source}.{alias.name}" for alias in node.names)}
    return found


def _tables(file: Path) -> set[str]:
    """Names of tables, as far as they are written out or follow from that of a class."""
    tree = _parsed(file)
    return _named(tree) if tree is not None else set()


def _parsed(file: Path, word: str = "") -> ast.AST | None:
    """A module that may define tables, and holds the word."""
    text = file.read_text(encoding="utf-8", errors="replace")
    if word not in text or not any(mark in text for mark in _MARKS):
        return None
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError):
        return None


def _named(tree: ast.AST) -> set[str]:
    return {name for node in ast.walk(tree) if (name := _table(node))}


def _table(node: ast.AST) -> str | None:
    if isinstance(node, ast.ClassDef):
        return _of_class(node)
    if not isinstance(node, ast.Call) or len(node.args) < 2:
        return None
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return _text(node.args[0]) if name == "Table" else None


def _of_class(node: ast.ClassDef) -> str | None:
    """The table of a model; SQLModel and Flask-SQLAlchemy call it after the class unless told otherwise."""
    given = {
        target.id: statement.value
        for statement in node.body
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None
        for target in (statement.targets if isinstance(statement, ast.Assign) else [statement.target])
        if isinstance(target, ast.Name)
    }
    if "__tablename__" in given:
        return _text(given["__tablename__"])
    if "__abstract__" in given or "__table__" in given:
        return None
    if any(each.arg == "table" and getattr(each.value, "value", None) is True for each in node.keywords):
        return node.name.lower()
    flask = any(isinstance(base, ast.Attribute) and base.attr == "Model" for base in node.bases)
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", node.name).lower() if flask else None


def _text(value: ast.expr) -> str | None:
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None
