"""Runs what the documentation shows: the demo shop on its branch, with an application, tests and a database.

In a page, ```console shows commands after "$ " and what they print ("…" stands for anything), ```sh commands
alone. A comment <!-- not run: why --> above a block says that it needs something which is not here.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.repositories import git
from tests.shop import repository
from tests.testing.project import PLUGIN

ROOT = Path(__file__).parent.parent
_BLOCK = re.compile(r"(?:<!-- not run: (?P<why>.*?) -->\n)?^```(?P<kind>\w*)\n(?P<text>.*?)^```", re.S | re.M)
_COMMAND = re.compile(r"^(?:\$ )?(?:driftcheck|pytest|alembic) ?", re.M)

WEB = '''\
"""The API of the shop."""

from fastapi import FastAPI

app = FastAPI()

@app.post("/orders", status_code=201)
def create(order: dict) -> dict:
    return {"id": 1, "user_email": "a@b.example", "email": "a@b.example", "qty": 1, "status": "open"}

@app.get("/orders/{id}")
def read(id: int) -> dict:
    return {"id": id, "user_email": "a@b.example", "email": "a@b.example", "qty": 1, "status": "lost"}
'''
TESTS = """\
from fastapi.testclient import TestClient

from shop.web import app


def test_read():
    assert TestClient(app).get("/orders/7").json()["id"] == 7
"""


def login() -> str:
    """A recording that nobody has redacted: a log-in, and a call with the token that it gave."""
    headers = [{"name": "Authorization", "value": "Bearer 9f8e7d6c5b4a39281706f5e4d3c2b1a0"}]
    call = {
        "startedDateTime": "2026-01-01T00:00:00Z",
        "time": 1,
        "request": {"method": "GET", "url": "http://127.0.0.1:8000/orders/7", "headers": headers},
        "response": {
            "status": 200,
            "headers": [{"name": "Content-Type", "value": "application/json"}],
            "content": {"mimeType": "application/json", "text": '{"id": 7, "email": "jane.doe@gmail.com"}'},
        },
    }
    return json.dumps({"log": {"version": "1.2", "creator": {}, "entries": [call, call]}}, indent=1)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page: `kind` is its language; `why` it is not run, if it is not."""

    page: str
    line: int
    kind: str
    text: str
    why: str

    def commands(self) -> list[tuple[str, str | None]]:
        """Each command and what is shown of its output (None: nothing is said about it)."""
        if self.kind == "sh":
            lines = self.text.replace("\\\n", "").splitlines()
            return [(line, None) for line in lines if line.strip() and not line.startswith("#")]
        parts = re.split(r"^\$ ", self.text, flags=re.M)[1:]
        return [(command, output or None) for command, _, output in (part.partition("\n") for part in parts)]

    def shows_commands(self) -> bool:
        """Whether a block without a language looks like one that should be run."""
        return self.kind in ("", "text") and _COMMAND.match(self.text) is not None


def blocks(page: Path) -> list[Block]:
    """All fenced blocks of a page."""
    text = page.read_text("utf-8")
    name = page.relative_to(ROOT).as_posix()
    return [
        Block(name, text.count("\n", 0, m.start("kind")) + 1, m["kind"], m["text"], m["why"] or "")
        for m in _BLOCK.finditer(text)
    ]


def sandbox(folder: Path) -> None:
    """The shop on its branch, `origin/main` behind it, and what a real one would have besides."""
    repository(folder)
    git("update-ref", "refs/remotes/origin/main", "main", cwd=folder)
    git("tag", "v1.4", "main", cwd=folder)
    files = {
        "shop/web.py": WEB,
        "tests/test_orders.py": TESTS,
        "pytest.ini": "[pytest]\npythonpath = .\n",
        "build/login.har": login(),
        "tenants.txt": "# one URL a line\nsqlite:///shop.db\nsqlite:///other.db\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    with (folder / "pyproject.toml").open("a", encoding="utf-8") as project:
        project.write("\n[tool.driftcheck.fuzz]\nmax-examples = 3\n")  # the pages show how, not how long
    with (folder / ".gitignore").open("a", encoding="utf-8") as ignored:
        ignored.write("build/\n")
    tools = folder / ".git" / "tools"
    tools.mkdir()
    for name, module in {"driftcheck": "driftcheck", "pytest": "pytest", "alembic": "alembic"}.items():
        plugin = f" {' '.join(PLUGIN)} -p no:cacheprovider -W ignore" if name == "pytest" else ""
        (tools / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {module}{plugin} "$@"\n')
        (tools / name).chmod(0o755)
    assert run("alembic upgrade 0002 && cp shop.db other.db", folder).returncode == 0


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """One command, as bash takes it."""
    environment = {
        **os.environ,
        "PATH": f"{folder / '.git' / 'tools'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{folder}",
        "PYTEST_ADDOPTS": "",
        "COLUMNS": "80",
    }
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def matches(shown: str, printed: str) -> bool:
    """Whether the output is what is shown; "…" stands for anything, several lines as well."""
    pattern = ".*?".join(re.escape(part) for part in shown.strip().split("…"))
    return re.fullmatch(rf"\s*{pattern}\s*", printed, re.DOTALL) is not None
