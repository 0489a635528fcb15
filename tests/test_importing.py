"""Modules of a project that is not installed are found where an installation would find them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from driftcheck.database.sources.models import load_models
from driftcheck.importing import import_path, is_source_folder
from driftcheck.openapi.loading.source import App, InRevision, classify


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("file", "module", "found"),
    [
        ("src/shop/web.py", "shop.web", ["src"]),
        ("src/shop.py", "shop", ["src"]),
        ("lib/shop/web.py", "shop.web", ["lib"]),
        ("src/python/shop/web.py", "shop.web", ["src/python"]),
        ("shop/web.py", "shop.web", []),
        ("src/other/web.py", "shop.web", []),
        ("src/__init__.py", "shop.web", []),  # the package is called src
        ("source/shop/web.py", "shop.web", []),
    ],
)
def test_folders_of_sources_are_looked_at_if_they_hold_the_module(file, module, found):
    for name in {file, "src/other.txt"}:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("")
    assert import_path(Path.cwd(), module) == [
        os.getcwd(),
        *(os.path.join(os.getcwd(), each) for each in found),
    ]


def test_without_a_module_all_of_them_are():
    for name in ("src/a/__init__.py", "lib/b.py", "python/__init__.py", "tests/c.py"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("")
    assert [Path(each).name for each in import_path(Path.cwd())[1:]] == ["src", "lib"]
    assert not is_source_folder(Path("python"))


@pytest.mark.parametrize(("file", "source"), [("src/shop_9/web.py", App), ("src/other/web.py", InRevision)])
def test_what_is_found_there_is_an_application_and_no_revision(file, source):
    Path(file).parent.mkdir(parents=True)
    Path(file).write_text("")
    assert isinstance(classify("shop_9.web:app"), source)
    assert not any("shop_9" in name for name in sys.modules)


def test_models_are_found_there_as_well(monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    Path("src/shop_10").mkdir(parents=True)
    Path("src/shop_10/models.py").write_text(
        "from sqlalchemy import Column, Integer, MetaData, Table\n"
        "metadata = MetaData()\nTable('orders', metadata, Column('id', Integer, primary_key=True))\n"
    )
    assert load_models("shop_10.models:metadata").tables == 1
