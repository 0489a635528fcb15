"""Models that nobody imports are named, wherever they stand, and nothing else is."""

from __future__ import annotations

import importlib
import sys

import pytest

from driftcheck.database.sources.models import load_models

BASE = "from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n"
COLUMN = "    id = Column(Integer, primary_key=True)\n"
KNOWN = (
    "from sqlalchemy import Column, Integer\nfrom {base} import Base\n\n\n"
    f'class Known(Base):\n    __tablename__ = "known"\n{COLUMN}'
)
HEAD = "from sqlalchemy import Column, Integer\n"


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)

    def write(**files):
        for name, text in files.items():
            path = tmp_path / f"{name.replace('__', '/')}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            for folder in path.parents:
                if folder.is_relative_to(tmp_path) and folder != tmp_path:
                    (folder / "__init__.py").touch()
        importlib.invalidate_caches()

    yield write
    for name in set(sys.modules) - before:
        del sys.modules[name]


def named(spec, *imports):
    for name in imports:
        importlib.import_module(name)
    return sorted(note.what for note in load_models(spec).forgotten())


@pytest.mark.parametrize(
    "text",
    [
        f'from shopx.core.db import Base\n{HEAD}class A(Base):\n    __tablename__ = "a"\n{COLUMN}',
        f'from .core.db import Base\n{HEAD}class A(Base):\n    __tablename__: str = "a"\n{COLUMN}',
        f'from shopx.core import db\n{HEAD}class A(db.Base):\n    __tablename__ = "a"\n{COLUMN}',
        f'import shopx.core.db\n{HEAD}class A(shopx.core.db.Base):\n    __tablename__ = "a"\n{COLUMN}',
        "from shopx.core.db import Base\nfrom sqlalchemy import Table\na = Table('a', Base.metadata)\n",
        "from shopx.core.db import SQLModel\nclass A(SQLModel, table=True):\n    id: int\n",
        "from shopx.core import db\nclass OrderLine(db.Model):\n    id = 1\n",
    ],
)
def test_a_module_apart_that_imports_the_base(write, text):
    write(shopx__core__db=BASE, shopx__known=KNOWN.format(base="shopx.core.db"), shopx__a=text)
    assert named("shopx.core.db:Base", "shopx.known") == ["the models of shopx.a"]


@pytest.mark.parametrize(
    "text",
    [
        f'from shopx.other import Base\n{HEAD}class A(Base):\n    __tablename__ = "a"\n{COLUMN}',
        f'from shopx.core.db import Base\n{HEAD}class A(Base):\n    __tablename__ = "known"\n{COLUMN}',
        "from shopx.core.db import Base\nclass A(Base):\n    __abstract__ = True\n    x = 'table=True'\n",
        "from shopx.core.db import SQLModel\nclass A(SQLModel, table=False):\n    id: int\n",
        "from shopx.core.db import Base\n# __tablename__\nclass A(Base\n",
        "from shopx.core.db import Base\n\n\ndef use(): return Base.__tablename__\n",
    ],
)
def test_nothing_to_name(write, text):
    write(shopx__core__db=BASE, shopx__known=KNOWN.format(base="shopx.core.db"), shopx__a=text)
    assert named("shopx.core.db:Base", "shopx.known") == []


def test_files_beside_a_module_that_is_in_no_package(write):
    kept = KNOWN.format(base="basex")
    write(basex=BASE, knownx=kept, tablesx=kept.replace("nown", "ept"))
    assert named("basex:Base", "knownx") == ["the models of tablesx"]
