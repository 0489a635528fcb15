"""docs/traffic.md is true: its commands print what it shows, and its configuration is accepted."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from driftcheck.cli import main
from driftcheck.config_file import config_from
from tests.traffic.replay.service import ok, serving

PAGE = (Path(__file__).parent.parent.parent / "docs" / "traffic.md").read_text("utf-8")
DESCRIPTION = """\
openapi: 3.1.0
info: {title: Shop, version: "1"}
paths:
  /orders:
    post:
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                sku: {type: string}
                quantity: {type: integer}
      responses:
        "201":
          description: The order.
          content:
            application/json:
              schema:
                type: object
                required: [id]
                properties:
                  id: {type: integer}
                  email: {type: string}
  /orders/{id}:
    get:
      responses:
        "200": {description: The order.}
"""


def call(consumer, sent, got):
    def body(value):
        return {"media_type": "application/json", "json": value}

    return json.dumps(
        {
            "driftcheck": 1,
            "consumer": consumer,
            "request": {"method": "POST", "url": "/orders", "body": body(sent)},
            "response": {"status": 201, "body": body(got)},
        }
    )


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "openapi.yaml").write_text(DESCRIPTION)
    (tmp_path / "new.yaml").write_text(DESCRIPTION.replace("email: ", "user_email: "))
    (tmp_path / "recordings").mkdir()
    lines = (
        call("web", {"sku": "a", "qty": 2}, {"id": 7, "email": "x"}),
        call("ios", {"sku": "b", "quantity": 1}, {"id": 8, "email": "y"}),
    )
    (tmp_path / "recordings" / "checkout.ndjson").write_text("\n".join(lines) + "\n")


@pytest.mark.parametrize(
    "command",
    [
        "traffic check recordings/ --spec openapi.yaml",
        "api openapi.yaml new.yaml --traffic recordings/",
    ],
)
def test_the_page_shows_what_is_printed(command, capsys):
    assert f"\ndriftcheck {command}\n" in PAGE
    assert main(command.split()) == 1
    assert f"```\n{capsys.readouterr().out}```" in PAGE


def test_the_page_shows_what_a_replay_prints(capsys):
    command = "traffic replay recordings/ --target http://127.0.0.1:8000 --spec openapi.yaml --allow-writes"
    assert f"\ndriftcheck {command}\n" in PAGE
    with serving(lambda asked: ok({"id": 31, "user_email": "x"}, 201)) as url:
        assert main(command.replace("http://127.0.0.1:8000", url).split()) == 1
    assert f"```\n{capsys.readouterr().out}```" in PAGE


def test_the_configuration_on_the_page_is_accepted():
    blocks = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert blocks
    for block in blocks:
        config_from(tomllib.loads(block)["tool"]["driftcheck"])
