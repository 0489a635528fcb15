"""The digest of models that are not compiled: never the same where DDL differs, and the same in every run."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import combinations

import pytest
from sqlalchemy import (
    ARRAY,
    DDL,
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    Enum,
    FetchedValue,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    Interval,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    Sequence,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
    create_mock_engine,
    event,
    func,
    text,
)
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateColumn
from sqlalchemy.sql.elements import conv, quoted_name
from sqlalchemy.types import UserDefinedType

from driftcheck.database.scratch import Wanted, bare_url
from driftcheck.database.sources.outline import outline

BACKENDS = ("postgresql", "mysql", "mariadb", "sqlite")


class Coded(TypeDecorator):
    impl = String
    cache_ok = True


class Chosen(TypeDecorator):
    impl = Enum
    cache_ok = True


class Place(UserDefinedType):
    cache_ok = True

    def __init__(self, scale=1):
        self.scale = scale

    def get_col_spec(self, **_options):
        return f"PLACE({self.scale})"


def column(*arguments, **options):
    return lambda: [Column("a", *arguments, **options)]


def also(*arguments, **options):
    """Beside a plain column."""
    return lambda: [Column("a", Integer), *(each() for each in arguments)], options


def keyed(*arguments, **options):
    return lambda: [Column("a", *arguments, primary_key=True, **options), Column("c", Integer)]


# Each is written otherwise than most of the others, by one engine or another.
TABLES = {
    "plain": column(Integer),
    "big": column(BigInteger),
    "5": column(String(5)),
    "6": column(String(6)),
    "collated": column(String(5, collation="C")),
    "not null": column(Integer, nullable=False),
    "quoted": lambda: [Column(quoted_name("a", quote=True), Integer)],
    "other name": lambda: [Column("A", Integer)],
    "default 1": column(String(5), server_default="1"),
    "default ''": column(String(5), server_default=""),
    "default text": column(String(5), server_default=text("1")),
    "now": column(DateTime, server_default=func.now()),
    "today": column(DateTime, server_default=func.current_date()),
    "fetched": column(Integer, server_default=FetchedValue()),
    "zoned": column(DateTime(timezone=True)),
    "computed": column(Integer, Computed("1 + 1")),
    "stored": column(Integer, Computed("1 + 1", persisted=True)),
    "identity": column(Integer, Identity(start=5)),
    "identity always": column(Integer, Identity(always=True)),
    "comment": column(Integer, comment="one"),
    "comment '": column(Integer, comment="o'ne"),
    "scale": column(Numeric(8, 2)),
    "scale 3": column(Numeric(8, 3)),
    "json": column(JSON),
    "jsonb": column(JSON().with_variant(postgresql.JSONB(), "postgresql")),
    "decorated": column(Coded(7)),
    "decorated 8": column(Coded(8)),
    "decorated enum": column(Chosen("x", "y", name="e")),
    "decorated enum, other order": column(Chosen("y", "x", name="e")),
    "of one's own": column(Place(1)),
    "of one's own, 2": column(Place(2)),
    "interval": column(Interval),
    "interval, no native one": column(Interval(native=False)),
    "enum": column(Enum("x", "y", name="e")),
    "enum, other order": column(Enum("y", "x", name="e")),
    "enum, other name": column(Enum("x", "y", name="f")),
    "enum of text": column(Enum("x", "y", name="e", native_enum=False)),
    "enum checked": column(Enum("x", "y", name="e", native_enum=False, create_constraint=True)),
    "boolean": column(Boolean),
    "boolean checked": column(Boolean(create_constraint=True)),
    "boolean checked by name": column(Boolean(create_constraint=True, name="b")),
    "key": keyed(Integer),
    "key without numbers": keyed(Integer, autoincrement=False),
    "key that Python makes": keyed(Integer, default=lambda: 5),
    "key with a default": keyed(Integer, server_default="5"),
    "key with a sequence": keyed(Integer, Sequence("s")),
    "key, big": keyed(BigInteger),
    "conflict": column(Integer, nullable=False, sqlite_on_conflict_not_null="FAIL"),
    "unique": column(Integer, unique=True),
    "index": column(Integer, index=True),
    "hidden": lambda: [Column("a", Integer, system=True), Column("b", Integer)],
    "unsigned": column(Integer().with_variant(mysql.INTEGER(unsigned=True), "mysql", "mariadb")),
    "a schema": (lambda: [Column("a", Integer)], {"schema": "s"}),
    "a comment": (lambda: [Column("a", Integer)], {"comment": "c"}),
    "an engine": (lambda: [Column("a", Integer)], {"mysql_engine": "MyISAM", "mariadb_engine": "MyISAM"}),
    "no rowid": (lambda: [Column("a", Integer)], {"sqlite_with_rowid": False}),
    "partitions": (lambda: [Column("a", Integer)], {"postgresql_partition_by": "RANGE (a)"}),
    "a temporary one": (lambda: [Column("a", Integer)], {"prefixes": ["TEMPORARY"]}),
    "unique a": also(lambda: UniqueConstraint("a", name="u")),
    "unique a, later": also(lambda: UniqueConstraint("a", name="u", deferrable=True)),
    "unique b": also(lambda: UniqueConstraint("a", name="v")),
    "unique by convention": also(lambda: UniqueConstraint("a", name=conv("u2"))),
    "unique, nulls too": also(lambda: UniqueConstraint("a", name="u", postgresql_nulls_not_distinct=True)),
    "named key": also(lambda: PrimaryKeyConstraint("a", name="p")),
    "named key, later": also(lambda: PrimaryKeyConstraint("a", name="p", deferrable=True)),
    "check": also(lambda: CheckConstraint("a > 0", name="k")),
    "check 1": also(lambda: CheckConstraint("a > 1", name="k")),
    "check, no inherit": also(lambda: CheckConstraint("a > 0", name="k", postgresql_not_valid=True)),
    "own": also(lambda: ForeignKeyConstraint(["a"], ["o.id"], name="f")),
    "own, cascade": also(lambda: ForeignKeyConstraint(["a"], ["o.id"], name="f", ondelete="CASCADE")),
    "own, update": also(lambda: ForeignKeyConstraint(["a"], ["o.id"], name="f", onupdate="CASCADE")),
    "own, later": also(
        lambda: ForeignKeyConstraint(["a"], ["o.id"], name="f", deferrable=True, initially="DEFERRED")
    ),
    "own, afterwards": also(lambda: ForeignKeyConstraint(["a"], ["o.id"], name="f", use_alter=True)),
    "own k": also(lambda: ForeignKeyConstraint(["a"], ["o.k"], name="f")),
    "excluded": also(lambda: postgresql.ExcludeConstraint(("a", "="), name="x")),
    "by a": also(lambda: Index("i", "a")),
    "by a, unique": also(lambda: Index("i", "a", unique=True)),
    "by a, otherwise": also(lambda: Index("j", "a")),
    "by a, some": also(lambda: Index("i", "a", postgresql_where=text("a > 0"))),
    "by a, fewer": also(lambda: Index("i", "a", postgresql_where=text("a > 1"))),
    "by a, down": also(lambda: Index("i", text("a DESC"))),
    "by a, up": also(lambda: Index("i", text("a ASC"))),
    "by a, hashed": also(lambda: Index("i", "a", postgresql_using="hash", mysql_using="hash")),
}


def metadata(name, **options):
    made, kept = TABLES[name], {}
    if isinstance(made, tuple):
        made, kept = made
    found = MetaData(**options)
    Table("o", found, Column("id", Integer, primary_key=True), Column("k", Integer, unique=True))
    Table("t", found, *made(), Column("other", Integer), **kept)
    return found


def statements(found, url):
    told = []
    engine = create_mock_engine(
        url, lambda sql, *_, **__: told.append(str(sql.compile(dialect=engine.dialect)))
    )
    try:
        found.create_all(engine, checkfirst=False)
    except Exception as error:  # noqa: BLE001 - what one engine cannot write is another's
        return [f"{type(error).__name__} {error}"]
    return sorted(told)


def test_nothing_is_said_about_models_that_are_only_looked_at(recwarn):
    url = bare_url(Wanted("mariadb", backend="mariadb"))
    assert outline([metadata("by a, hashed")], url) is not None
    assert list(recwarn) == []


@pytest.mark.parametrize("backend", BACKENDS)
def test_no_two_tables_with_other_ddl_have_one_digest(backend):
    url = bare_url(Wanted(backend, backend=backend))
    known = {name: (outline([metadata(name)], url), statements(metadata(name), url)) for name in TABLES}
    clashes = [
        (one, other)
        for one, other in combinations(TABLES, 2)
        if known[one][0] is not None and known[one][0] == known[other][0] and known[one][1] != known[other][1]
    ]
    assert clashes == []
    told = [name for name in TABLES if known[name][0] is not None]
    assert len(told) > len(TABLES) * 0.9  # else nothing was proven


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", TABLES)
def test_equal_models_have_one_digest_also_once_they_were_compiled(name, backend):
    url = bare_url(Wanted(backend, backend=backend))
    found = metadata(name)
    before = outline([found], url)
    assert outline([metadata(name)], url) == before
    statements(found, url)
    assert outline([found], url) == before


def test_what_names_are_made_by_counts():
    url = bare_url(Wanted("postgresql", backend="postgresql"))
    found = {outline([metadata("unique", naming_convention={"uq": text})], url) for text in ("a", "b")}
    assert len(found | {outline([metadata("unique")], url)}) == 3
    made = {"uq": "%(mine)s", "mine": lambda *_: "x"}
    assert outline([metadata("plain", naming_convention=made)], url) is None


def test_the_order_of_definition_does_not_count():
    url = bare_url(Wanted("sqlite", backend="sqlite"))
    found = []
    for names in (("a", "b"), ("b", "a")):
        made = MetaData()
        for name in names:
            Table(name, made, Column("id", Integer))
        found.append(outline([made], url))
    assert found[0] == found[1] is not None


def test_listeners_are_not_spoken_for():
    url = bare_url(Wanted("postgresql", backend="postgresql"))
    for target in ("metadata", "table"):
        found = metadata("plain")
        event.listen(found if target == "metadata" else found.tables["t"], "after_create", DDL("SELECT 1"))
        assert outline([found], url) is None


def test_hooks_of_compilation_are_not_spoken_for():
    url = bare_url(Wanted("postgresql", backend="postgresql"))
    assert outline([metadata("plain")], url) is not None

    @compiles(CreateColumn)
    def _written(element, compiler, **options):
        return compiler.visit_create_column(element, **options)

    try:
        assert outline([metadata("plain")], url) is None
    finally:
        del CreateColumn._compiler_dispatcher, CreateColumn._compiler_dispatch
        CreateColumn._generate_compiler_dispatch()
    assert outline([metadata("plain")], url) is not None


def test_a_hook_of_a_type_is_compiled():
    class Worded(String):
        pass

    words = ["one"]

    @compiles(Worded)
    def _worded(_type, _compiler, **_options):
        return words[0]

    url = bare_url(Wanted("postgresql", backend="postgresql"))

    def digest():
        found = MetaData()
        Table("t", found, Column("a", Worded(5)))
        return outline([found], url)

    before = digest()
    words[0] = "other"
    assert None not in {before, digest()}
    assert before != digest()


def test_columns_and_tables_of_other_classes_are_not_spoken_for():
    class Own(Column):
        inherit_cache = True

    found = MetaData()
    Table("t", found, Own("a", Integer))
    assert outline([found], bare_url(Wanted("sqlite", backend="sqlite"))) is None


def test_arrays_are_told_apart_by_what_they_hold():
    url = bare_url(Wanted("postgresql", backend="postgresql"))
    kinds = (ARRAY(Integer), ARRAY(String), ARRAY(String(5)), ARRAY(String(5), dimensions=2))
    found = set()
    for kind in kinds:
        made = MetaData()
        Table("t", made, Column("a", kind))
        found.add(outline([made], url))
    assert len(found - {None}) == len(kinds)


def test_another_run_makes_the_same_digests():
    code = (
        "from tests.database.test_outline import *\n"
        "print([outline([metadata(n)], bare_url(Wanted(b, backend=b))) for b in BACKENDS for n in TABLES])"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1
