"""Standard output holds the report and nothing else, whatever user code prints."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from driftcheck.database.quiet import stdout_to_stderr

NOISY = """
import logging, os, sys, warnings
print("printed")
os.write(1, b"written\\n")
sys.__stdout__.write("kept back")
logging.basicConfig(stream=sys.stdout)
logging.warning("logged")
warnings.warn("warned")
from sqlalchemy import Column, Integer, MetaData, Table, event
metadata = MetaData()
Table("t", metadata, Column("id", Integer, primary_key=True))

@event.listens_for(metadata, "before_create")
def heard(*_, **__):
    print("built")
"""


@pytest.fixture
def app(tmp_path):
    (tmp_path / "noisy.py").write_text(NOISY)
    with sqlite3.connect(tmp_path / "live.db") as connection:
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY)")
    connection.close()
    return tmp_path


@pytest.mark.parametrize("more", [[], ["--url", "sqlite:///other.db"]])
def test_what_the_application_prints_is_not_in_the_report(app, more):
    (app / "other.db").write_bytes((app / "live.db").read_bytes())
    command = [sys.executable, "-m", "driftcheck", "db", "--url", "sqlite:///live.db", *more]
    command += ["--models", "noisy:metadata", "--format", "json"]
    root = str(Path(__file__).parent.parent.parent)
    environment = {**os.environ, "PYTHONPATH": root, "DRIFTCHECK_SCHEMA_CACHE": str(app / "cache")}
    done = subprocess.run(command, cwd=app, capture_output=True, text=True, env=environment, check=False)
    assert json.loads(done.stdout)["findings"] == []
    for word in ("printed", "written", "kept back", "logged", "built"):
        assert word in done.stderr


def test_the_last_of_several_threads_turns_the_output_back(capfd):
    entered, leave = threading.Event(), threading.Event()

    def other():
        with stdout_to_stderr():
            entered.set()
            leave.wait(5)

    thread = threading.Thread(target=other)
    with stdout_to_stderr():
        thread.start()
        entered.wait(5)
        os.write(1, b"one ")
    os.write(1, b"two ")
    leave.set()
    thread.join()
    os.write(1, b"three")
    said = capfd.readouterr()
    assert said.out == "three"
    assert said.err == "one two "


def test_prints_before_and_after_stay_where_they_were(capfd):
    print("before")
    with stdout_to_stderr():
        print("inside")
    print("after")
    said = capfd.readouterr()
    assert said.out == "before\nafter\n"
    assert said.err == "inside\n"
