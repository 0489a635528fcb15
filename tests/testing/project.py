"""The demo shop with an application and tests of its own, in which pytest is run with the plugin."""

from __future__ import annotations

from importlib.metadata import entry_points

import pytest

from tests.shop import copy, repository

INSTALLED = any(each.value == "driftcheck.pytest_plugin" for each in entry_points(group="pytest11"))
PLUGIN = () if INSTALLED else ("-p", "driftcheck.pytest_plugin")  # pytest takes no plugin twice
QUIET = ("-p", "no:cacheprovider", "-p", "no:asyncio", "-W", "ignore")

APP = """
from fastapi import FastAPI, HTTPException

app = FastAPI()

@app.post("/orders", status_code=201)
def create(order: dict):
    return {"id": 1, "email": order["email"], "qty": order["qty"], "status": order.get("coupon", "open")}

@app.get("/orders/{id}")
def read(id: int):
    if id == 404:
        raise HTTPException(404)
    return {"id": id, "email": "a@b.example", "qty": 1, "status": "open"}
"""

CONFTEST = """
import pytest
from fastapi.testclient import TestClient
from app import app

@pytest.fixture
def client():
    return TestClient(app)
"""

FITTING = """
def test_create(client):
    assert client.post("/orders", json={"email": "eve@shop-customer.net", "qty": 2}).status_code == 201

def test_read(client):
    assert client.get("/orders/7").json()["id"] == 7

def test_refused(client):
    assert client.get("/orders/404").status_code == 404
"""

DRIFTED = """
import pytest

def test_wrong_status(client):
    answer = client.post("/orders", json={"email": "eve@shop-customer.net", "qty": 2, "coupon": "lost"})
    assert answer.json()["status"] == "lost"

@pytest.mark.driftcheck(spec=False)
def test_on_purpose(client):
    client.post("/orders", json={"email": "eve@shop-customer.net", "qty": 0})
"""


class Project:
    """Where pytest runs; `files` are written below it."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester
        self.path = pytester.path

    def shop(self, branch=None):
        """The demo shop, as files (None) or as a repository on main (False) or on its branch (True)."""
        if branch is None:
            copy(self.path)
        else:
            repository(self.path, branch)
        self.write("pytest.ini", "[pytest]\npythonpath = .\n")

    def tests(self, **modules):
        """The application, and modules of tests that call it."""
        self.write("app.py", APP)
        self.write("tests/conftest.py", CONFTEST)
        for name, text in modules.items():
            self.write(f"tests/test_{name}.py", text)

    def write(self, name, text):
        """One file."""
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def run(self, *options):
        """Run pytest in a process of its own, with the plugin."""
        return self.pytester.runpytest_subprocess(*QUIET, "--strict-markers", *PLUGIN, *options)
