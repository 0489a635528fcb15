"""The action with a live server, as in the examples with service containers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.ci.runner import Runner
from tests.ci.server_side import environ, shop_with_pull_request
from tests.database.conftest import engine_or_skip
from tests.database.conftest import run as execute


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return shop_with_pull_request(tmp_path_factory.mktemp("shop"), changed=False)


def use(tmp_path, made, dialect, url, **inputs):
    origin, event = made
    workspace = origin.checkout(tmp_path / "workspace")
    said = environ(tmp_path, event)
    options = f"--models shop.models:Base --migrations '' --engine {dialect}"
    return Runner(tmp_path / "runner", workspace, **said).use(
        command="db", database_url=url.render_as_string(hide_password=False), extra_args=options, **inputs
    )


@pytest.mark.parametrize("dialect", ["postgresql", "mariadb"])
def test_a_server_with_no_tables_and_one_with_them(tmp_path, made, dialect):
    with engine_or_skip(dialect) as scratch, scratch.database() as url:
        done = use(tmp_path, made, dialect, url)
        assert done.status == 1, done.log
        findings = json.loads(Path(done.outputs["report-json"]).read_text("utf-8"))["findings"]
        assert "orders" in {finding["object"] for finding in findings}
        assert done.told("add-mask")[0]
        execute(
            url,
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, email VARCHAR(120) NOT NULL, qty INTEGER NOT NULL)",
        )
        (tmp_path / "again").mkdir()
        less = use(tmp_path / "again", made, dialect, url)
        again = json.loads(Path(less.outputs["report-json"]).read_text("utf-8"))["findings"]
        assert "orders" not in {finding["object"] for finding in again}
