"""Which server is started where several names lead to one program."""

from __future__ import annotations

import pytest

from driftcheck.database.scratch import binaries


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DRIFTCHECK_MYSQL_BIN", str(tmp_path))
    return tmp_path


def program(path):
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("family", ["mysql", "mariadb"])
def test_mariadb_under_mysqls_name_is_mariadb(family, folder):
    real = program(folder / "mariadbd")
    (folder / "mysqld").symlink_to(real)
    assert binaries.mysql(family) == real.resolve()


def test_mysql_is_mysql_and_of_both_the_one_of_the_family(folder):
    mysql = program(folder / "mysqld")
    assert binaries.mysql("mariadb") == mysql.resolve()
    mariadb = program(folder / "mariadbd")
    assert binaries.mysql("mysql") == mysql.resolve()
    assert binaries.mysql("mariadb") == mariadb.resolve()


def test_a_link_to_a_name_that_says_nothing_is_left(folder):
    (folder / "mysqld").symlink_to(program(folder / "server-8.4"))
    assert binaries.mysql("mysql") == folder / "mysqld"
