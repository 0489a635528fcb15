"""Models and web applications in Python files, told by their syntax; nothing is imported.

A file is parsed only if its bytes hold one of the names that it takes.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

Role: TypeAlias = Literal[
    "base", "metadata", "table", "flask-sqlalchemy", "sqlmodel", "app", "factory", "target"
]

_WORTH = re.compile(
    rb"DeclarativeBase|declarative_base|generate_base|MetaData|SQLModel|SQLAlchemy\(|__tablename__|db\.Model"
    rb"|FastAPI\(|Flask\(|APIFlask\(|OpenAPI\(|Starlette\(|Litestar\(|Quart\(|NinjaAPI\(|target_metadata"
)
_BASES = {"DeclarativeBase", "DeclarativeBaseNoMeta"}
_MAKERS = {"declarative_base", "generate_base", "automap_base"}
_APPS = {"FastAPI", "Flask", "APIFlask", "OpenAPI", "Starlette", "Litestar", "Quart"}
# They answer no description of their own: only worth the name if an extension makes one.
_PLAIN = {"Flask", "Quart", "Starlette"}


@dataclass(frozen=True, slots=True)
class Symbol:
    """A name in a module, and what it is; `detail` is the framework of an app, or the bases of a table."""

    role: Role
    name: str
    line: int
    detail: str = ""


def symbols_of(content: bytes) -> list[Symbol]:
    """What a file defines; nothing where it is no Python."""
    if not _WORTH.search(content):
        return []
    try:
        tree = ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return [*(symbol for node in _top(tree.body) for symbol in _of(node)), *_targets_handed_over(tree)]


def _targets_handed_over(tree: ast.Module) -> Iterator[Symbol]:
    """`context.configure(target_metadata=get_metadata())`: what Flask-Migrate asks the application for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and (node.arg, type(node.value)) == ("target_metadata", ast.Call):
            yield Symbol("target", "target_metadata", node.value.lineno)


def _top(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a module, also those below `if` and `try`."""
    for node in body:
        yield node
        if isinstance(node, (ast.If, ast.Try)):
            yield from _top([*node.body, *node.orelse])


def _of(node: ast.stmt) -> Iterator[Symbol]:
    if isinstance(node, ast.ClassDef):
        yield from _of_class(node)
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        yield from _of_function(node)
    elif isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            if isinstance(target, ast.Name):
                yield from _of_value(target.id, node.value)


def _of_class(node: ast.ClassDef) -> Iterator[Symbol]:
    bases = [_last(base) for base in node.bases]
    if _BASES & set(bases):
        yield Symbol("base", node.name, node.lineno)
    elif "SQLModel" in bases and any(key.arg == "table" for key in node.keywords):
        yield Symbol("sqlmodel", node.name, node.lineno)
    elif any(_assigns(statement, "__tablename__") for statement in node.body) or "Model" in bases:
        yield Symbol("table", node.name, node.lineno, " ".join(bases))


def _of_function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Symbol]:
    """A factory: it needs no argument, and returns an application that it makes."""
    if node.name.startswith("_"):
        return
    required = len(node.args.posonlyargs) + len(node.args.args) - len(node.args.defaults)
    if required or any(default is None for default in node.args.kw_defaults):
        return
    made = {
        target.id: _called(statement.value)
        for statement in ast.walk(node)
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name) and _called(statement.value) in _APPS
    }
    for statement in ast.walk(node):
        if isinstance(statement, ast.Return) and statement.value is not None:
            name = statement.value.id if isinstance(statement.value, ast.Name) else ""
            framework = made.get(name) or _called(statement.value)
            if framework in _APPS:
                yield Symbol("factory", node.name, node.lineno, framework)
                return


def _of_value(name: str, value: ast.expr) -> Iterator[Symbol]:
    called = _called(value)
    if name == "target_metadata":
        if not (isinstance(value, ast.Constant) and value.value is None):
            yield Symbol("target", name, value.lineno)
    elif called in _MAKERS:
        yield Symbol("base", name, value.lineno)
    elif called == "MetaData":
        yield Symbol("metadata", name, value.lineno)
    elif called == "SQLAlchemy":
        yield Symbol("flask-sqlalchemy", name, value.lineno)
    elif called in _APPS:
        yield Symbol("app", name, value.lineno, called)


def describes_itself(symbol: Symbol, content: bytes) -> bool:
    """Whether an application answers its own description, as far as its file tells."""
    if symbol.detail not in _PLAIN:
        return True
    return (
        re.search(rb"smorest|apispec|flasgger|spectree|restx|connexion|openapi|swagger", content) is not None
    )


_EXTENSION = re.compile(
    rb"^\s*(?:from|import)\s+(?:flask_smorest|apispec|flasgger|spectree|flask_restx|flask_openapi3|connexion)\b",
    re.MULTILINE,
)


def imports_extension(content: bytes) -> bool:
    """Whether a file imports what makes descriptions for Flask: applications often get it elsewhere."""
    return _EXTENSION.search(content) is not None


def _called(value: ast.expr | None) -> str:
    return _last(value.func) if isinstance(value, ast.Call) else ""


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def _assigns(statement: ast.stmt, name: str) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    if isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    return any(isinstance(target, ast.Name) and target.id == name for target in targets)
