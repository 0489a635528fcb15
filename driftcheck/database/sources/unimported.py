"""Finds modules that define tables but were never imported: reads the source, runs nothing."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from driftcheck.finding import Skipped

if TYPE_CHECKING:
    from sqlalchemy import MetaData

_MOST = 2000
_ASIDE = {"tests", "test", "migrations", "alembic", "versions", "node_modules", "site-packages"}


def import_model_modules(package: ModuleType, load: Callable[[str], ModuleType]) -> None:
    """Import the modules of a package that define tables, because the user gave only the package."""
    for name, _, _ in _modules(package):
        if name not in sys.modules:
            load(name)


def unimported(module: ModuleType, metadatas: Sequence[MetaData]) -> Iterator[Skipped]:
    """Modules beside and below the models' module whose tables the metadata does not know."""
    known = {table.name for metadata in metadatas for table in metadata.tables.values()}
    for name, file, tables in _modules(_package(module)):
        forgotten = sorted(tables - known)
        if name not in sys.modules and forgotten:
            shown = ", ".join(forgotten[:3])
            yield Skipped(
                f"the models of {name}", f"{file} defines {shown} but is not imported by {module.__name__}"
            )


def _package(module: ModuleType) -> ModuleType:
    if hasattr(module, "__path__"):
        return module
    return sys.modules.get(module.__name__.rpartition(".")[0], module)


def _modules(package: ModuleType) -> Iterator[tuple[str, str, set[str]]]:
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


def _tables(file: Path) -> set[str]:
    """Names given to __tablename__ or Table(…) as plain strings."""
    text = file.read_text(encoding="utf-8", errors="replace")
    if "__tablename__" not in text and "Table(" not in text:
        return set()
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return set()
    return {name for node in ast.walk(tree) if (name := _table(node))}


def _table(node: ast.AST) -> str | None:
    value: ast.expr | None = None
    if isinstance(node, ast.Assign) and any(
        isinstance(t, ast.Name) and t.id == "__tablename__" for t in node.targets
    ):
        value = node.value
    elif isinstance(node, ast.Call) and node.args:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        value = node.args[0] if name == "Table" and len(node.args) > 1 else None
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None
