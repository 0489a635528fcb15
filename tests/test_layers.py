"""Who may import whom (the table in ARCHITECTURE.md), how long things may be, and what files are called."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "driftcheck"
MODULES = sorted(PACKAGE.rglob("*.py"))
HALVES = ("openapi", "database")
HOME_OF = {"sqlalchemy": "database", "alembic": "database", "schemathesis": "fuzz", "typer": "cli"}
SLOW = {
    "alembic",
    "deepdiff",
    "jsonschema_rs",
    "openapi_spec_validator",
    "schemathesis",
    "sqlalchemy",
}
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "base"}


def name_of(path):
    """`openapi.rules` for driftcheck/openapi/rules/__init__.py."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts)


def imports_of(tree: ast.AST) -> Iterator[str]:
    """Absolute names of everything imported anywhere in the tree."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own_imports(path):
    """Parts of driftcheck that a module imports, as dotted names below the package."""
    for name in imports_of(ast.parse(path.read_text("utf-8"))):
        if name.startswith("driftcheck."):
            yield name.removeprefix("driftcheck.")


def table():
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    lines = text.split("## Who may import whom")[1].split("\n## ")[0].splitlines()
    rows = {}
    for line in lines:
        if line.startswith("| `"):
            parts, allowed = (re.findall(r"`([\w.]+)`", cell) for cell in line.strip("|").split("|"))
            rows.update(dict.fromkeys(parts, frozenset(allowed)))
    return rows


def within(name, part):
    return name == part or name.startswith(f"{part}.")


def row_of(name, rows):
    return max((part for part in rows if within(name, part)), key=len, default=None)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_imports_only_what_its_row_allows(path):
    rows = table()
    name = name_of(path)
    row = row_of(name, rows)
    assert row is not None, f"{name} has no row in ARCHITECTURE.md"
    modules = {name_of(module) for module in MODULES}
    for target in own_imports(path):
        if target not in modules:  # a name inside a module; the module itself was yielded too
            continue
        allowed = within(target, row) or any(within(target, part) for part in rows[row])
        assert allowed, f"{name} imports {target}, but the row of `{row}` does not list it"


def test_the_table_names_only_parts_that_exist():
    modules = {name_of(module) for module in MODULES}
    for row, allowed in table().items():
        for part in (row, *allowed):
            assert any(within(module, part) for module in modules), f"{part} is no part of driftcheck"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_the_halves_do_not_know_each_other_and_rules_load_nothing(path):
    name = name_of(path)
    for target in own_imports(path):
        for half in HALVES:
            if within(name, half):
                assert not any(within(target, other) for other in HALVES if other != half)
        if ".rules" in name:
            assert not within(target, "openapi.loading"), f"{name} imports a loader"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_foreign_packages_stay_where_they_belong(path):
    name = name_of(path)
    for target in imports_of(ast.parse(path.read_text("utf-8"))):
        home = HOME_OF.get(target.split(".")[0])
        assert home is None or within(name, home), f"{name} imports {target}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_slow_packages_are_imported_where_they_are_needed(path):
    name = name_of(path)
    if within(name, "database") or within(name, "fuzz"):
        return
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            slow = {target.split(".")[0] for target in imports_of(node)} & SLOW
            assert not slow, f"{name} imports {slow} when it is imported itself"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_files_and_functions_are_short_and_say_what_they_are(path):
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 400
    assert path.stem not in VAGUE
    tree = ast.parse(text)
    assert ast.get_docstring(tree), f"{name_of(path)} has no docstring"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = node.end_lineno - node.lineno + 1
            assert length <= 60, f"{node.name} has {length} lines"


def test_the_table_is_read_at_all():
    assert table()["judge"] == {"config", "difference", "finding", "rule"}
    assert len(MODULES) > 20
