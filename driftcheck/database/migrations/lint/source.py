"""What the text of a revision's file says: its functions, the strings each can reach, what it imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

_UNDOING = {"drop_table", "drop_column", "drop_index", "drop_constraint"}


class Imported(NamedTuple):
    """A name that the file takes from a module ("" when it takes the module itself)."""

    module: str
    name: str
    bound: str
    line: int


@dataclass(frozen=True, slots=True)
class Source:
    """A revision's file, parsed."""

    tree: ast.Module
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)

    def function(self, name: str) -> ast.FunctionDef | None:
        """A function of the module."""
        return self.functions.get(name)

    def gives_up(self, name: str) -> bool:
        """Whether the function says that it does nothing by raising an error."""
        found = self.function(name)
        return found is not None and any(isinstance(each, ast.Raise) for each in found.body)

    def reached(self, name: str) -> tuple[ast.AST, ...]:
        """The function and everything of the module that it uses by name, directly or not."""
        top: dict[str, ast.AST] = dict(self.functions)
        for node in self.tree.body:
            targets = node.targets if isinstance(node, ast.Assign) else []
            targets += [node.target] if isinstance(node, ast.AnnAssign) else []
            top.update({each.id: node for each in targets if isinstance(each, ast.Name)})
        found: dict[str, ast.AST] = {}
        waiting = [name]
        while waiting:
            current = waiting.pop()
            if current in found or current not in top:
                continue
            found[current] = top[current]
            waiting += [each.id for each in ast.walk(top[current]) if isinstance(each, ast.Name)]
        return tuple(found.values())

    def strings(self, name: str, *, but_undoing: bool = False) -> str:
        """All text that the function can reach, in lower case; without the arguments of drop_… if wished."""
        pieces: list[str] = []
        for root in self.reached(name):
            pieces += _texts(root, but_undoing)
        return "\n".join(pieces).lower()

    def calls(self, name: str) -> Iterator[ast.Call]:
        """The calls in a function."""
        found = self.function(name)
        if found is not None:
            yield from (node for node in ast.walk(found) if isinstance(node, ast.Call))

    def imports(self) -> Iterator[Imported]:
        """Everything imported, anywhere in the file."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield Imported(alias.name, "", alias.asname or alias.name.partition(".")[0], node.lineno)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    yield Imported(node.module, alias.name, alias.asname or alias.name, node.lineno)


def called(call: ast.Call) -> str:
    """The last part of the name that is called: create_index of op.create_index(…)."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _texts(root: ast.AST, but_undoing: bool) -> list[str]:
    found: list[str] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if but_undoing and isinstance(node, ast.Call) and called(node) in _UNDOING:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append(node.value)
        waiting += ast.iter_child_nodes(node)
    return found


def read_source(text: str) -> Source:
    """Parse a file that Python has loaded before."""
    tree = ast.parse(text)
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    return Source(tree, functions)
