"""Which database client a process about to be started is, as Python's audit events tell of it.

A connection that another program opens is out of the fence's reach; so the programs that would are stopped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Any

EVENTS = frozenset({"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"})
_CLIENTS = {
    "psql", "pg_restore", "createdb", "dropdb", "pgbench", "vacuumdb", "reindexdb", "clusterdb",
    "mysql", "mysqladmin", "mysqlimport", "mariadb", "mariadb-admin", "mariadb-import", "mariadb-dump",
    "pg_dump", "pg_dumpall", "mysqldump", "sqlite3", "sqlcmd", "sqlplus", "alembic",
}  # fmt: skip
_SHELLS = {"sh", "bash", "dash", "zsh", "ash", "ksh"}
_BEFORE = re.compile(r"\w+=|sudo$|env$|exec$|time$|nice$")


def client(event: str, arguments: tuple[Any, ...]) -> str | None:
    """The client that is about to be started; None for any other program."""
    given = arguments[0] if event == "os.system" else arguments[1]
    for words in _commands(given):
        name = PurePath(words[0]).name
        module = words[words.index("-m") + 1 :][:1] if name.startswith("python") and "-m" in words else []
        found = module[0] if module else name
        if found in _CLIENTS:
            return found
    return None


def _commands(given: Any) -> Iterator[list[str]]:
    """The commands in what is to be run, each as its words: a list is one, a line for the shell several."""
    if isinstance(given, Sequence) and not isinstance(given, str | bytes):
        words = [_text(each) for each in given]
        if words and PurePath(words[0]).name in _SHELLS and "-c" in words[:-1]:
            yield from _commands(words[words.index("-c") + 1])
        elif words:
            yield words
        return
    for piece in re.split(r"[;&|\n()]+", _text(given)):
        words = piece.split()
        while words and _BEFORE.match(words[0]):
            words.pop(0)
        if words:
            yield words


def _text(value: Any) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
