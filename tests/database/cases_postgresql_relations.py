"""Cases for PostgreSQL: views and foreign tables behind models, what extensions and types own, and equal defaults.

A case a line: a name, the models, the DDL of the live database, and what must be found. An empty list is
a case that must stay silent.
"""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    FetchedValue,
    Index,
    Integer,
    Sequence,
    String,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import CITEXT, DOMAIN, ENUM

from tests.database.models import col, ev, key, of, one, table, tables

T = "create table t(id serial primary key, a int);"
FOREIGN = "create foreign data wrapper w; create server s foreign data wrapper w; create foreign table t"
VIEW = "create view v as select 1 as id"


def mapped(*parts, **options):
    """A model of something that is perhaps no table."""
    return table(Column("id", Integer, primary_key=True, autoincrement=False), *parts, **options)


def numbered(name):
    return of(
        "t",
        Column("id", Integer, Sequence(name), server_default=Sequence(name).next_value(), primary_key=True),
    )


# fmt: off
CASES = [
    ("view for a table", mapped(), "create view t as select 1 as id", ["table t kind risky"]),
    ("view without a column", mapped(col()), "create view t as select 1 as id", ["column t.a missing breaking", "table t kind risky"]),
    ("materialized view for a table", mapped(col()), "create materialized view t as select 1 as id, 2 as a", ["table t kind risky"]),
    ("view that the model says", mapped(col(), info={"is_view": True}), "create view t as select 1 as id, 2 as a, 3 as b", []),
    ("view that the model says, gone", mapped(info={"is_view": True}), "select 1", ["view t missing breaking"]),
    ("view that the model says, a column gone", mapped(col(), info={"is_view": True}), "create view t as select 1 as id", ["column t.a missing breaking"]),
    ("materialized view that the model says", mapped(info={"is_view": True}), "create materialized view t as select 1 as id", []),
    ("table for a view", ev(table(key(), col()), VIEW), f"{T} create table v(id int)", ["view v kind risky"]),
    ("view beside a table of another name", ev(table(key(), col()), VIEW), f"{T} {VIEW}", []),
    ("foreign table", mapped(col("a", Text)), f"{FOREIGN}(id int not null, a text) server s", ["table t foreign info"]),
    ("foreign table, keys and defaults are elsewhere", table(key(), col("a", Integer, index=True, unique=True, server_default="3")), f"{FOREIGN}(id int not null, a int) server s", ["table t foreign info"]),
    ("foreign table, another type", mapped(col("a", Text)), f"{FOREIGN}(id int not null, a int) server s", ["column t.a type breaking", "table t foreign info"]),
    ("foreign table nobody expects", table(key()), f"create table t(id serial primary key); {FOREIGN.replace('table t', 'table f')}(x int) server s", ["table f extra info"]),
    ("functions of a range type", table(key(), col()), f"{T} create type span as range (subtype = float8)", ["type span extra info"]),
    ("type of an extension elsewhere", one(CITEXT), "create schema ext; create extension citext schema ext; create table t(id serial primary key, a ext.citext)", []),
    ("type of an extension elsewhere, drift", one(Text), "create schema ext; create extension citext schema ext; create table t(id serial primary key, a ext.citext)", ["column t.a type risky"]),
    ("function of an extension elsewhere", one(Text, server_default=text("gen_salt('md5')")), "create schema ext; create extension pgcrypto schema ext; create table t(id serial primary key, a text default ext.gen_salt('md5'))", []),
    ("enum made by migrations", one(ENUM("x", "y", name="kind", create_type=False)), "create type kind as enum('x','y'); create table t(id serial primary key, a kind)", []),
    ("enum made by migrations, a label", one(ENUM("x", "y", name="kind", create_type=False)), "create type kind as enum('x','y','z'); create table t(id serial primary key, a kind)", ["enum kind values breaking"]),
    ("enum array made by migrations", one(ARRAY(ENUM("x", name="kind", create_type=False))), "create type kind as enum('x'); create table t(id serial primary key, a kind[])", []),
    ("enum made by one of two columns", table(key(), col("a", ENUM("x", name="kind", create_type=False)), col("b", ENUM("x", name="kind"))), "create type kind as enum('x'); create table t(id serial primary key, a kind, b kind)", []),
    ("domain made by migrations", one(DOMAIN("email", Text, create_type=False)), "create domain email as text; create table t(id serial primary key, a email)", []),
    ("FetchedValue, a default", one(Integer, server_default=FetchedValue()), "create table t(id serial primary key, a int default 5)", []),
    ("FetchedValue, none", one(Integer, server_default=FetchedValue()), "create table t(id serial primary key, a int)", []),
    ("FetchedValue, another type", one(Integer, server_default=FetchedValue()), "create table t(id serial primary key, a text default 'x')", ["column t.a type breaking"]),
    ("named sequence that the column owns", tables(numbered("t_id_seq")), "create table t(id serial primary key)", []),
    ("named sequence under another name", tables(numbered("mine")), "create table t(id serial primary key)", ["sequence mine missing breaking"]),
    ("serial whose sequence belongs to nobody", table(key()), "create sequence t_id_seq as int; create table t(id int not null default nextval('t_id_seq') primary key)", []),
    ("unique that is partial", table(key(), col(), UniqueConstraint("a", name="u")), f"{T} create unique index u on t(a) where a > 0", ["index t.u predicate breaking"]),
    ("unique that is no more", table(key(), col(), UniqueConstraint("a", name="u")), f"{T} create index u on t(a)", ["unique t.u missing breaking", "index t.u extra info"]),
    ("unique that is an index", table(key(), col(), UniqueConstraint("a", name="u")), f"{T} create unique index u on t(a)", []),
    ("expression in another collation", table(key(), col("s", Text), Index("ix", func.lower(text("s")))), 'create table t(id serial primary key, s text); create index ix on t(lower(s) collate "C")', ["index t.ix collation risky"]),
    ("expression in the same collation", table(key(), col("s", Text), Index("ix", text('lower(s) COLLATE "C"'))), 'create table t(id serial primary key, s text); create index ix on t((lower(s)) collate "C")', []),
    ("expression over a column of a collation", table(key(), col("s", String(collation="C")), Index("ix", func.lower(text("s")))), 'create table t(id serial primary key, s varchar collate "C"); create index ix on t(lower(s))', []),
    ("default array, empty", one(ARRAY(Integer), server_default="{}"), "create table t(id serial primary key, a int[] default array[]::int[])", []),
    ("default array, values", one(ARRAY(Integer), server_default="{1,-2}"), "create table t(id serial primary key, a int[] default array[1, -2])", []),
    ("default array, text", one(ARRAY(Text), server_default=text("ARRAY['a', 'b']")), "create table t(id serial primary key, a text[] default '{a,b}')", []),
    ("default array, order", one(ARRAY(Text), server_default=text("ARRAY['a', 'b']")), "create table t(id serial primary key, a text[] default '{b,a}')", ["column t.a default risky"]),
    ("default array, a comma within", one(ARRAY(Text), server_default=text("ARRAY['a,b']")), "create table t(id serial primary key, a text[] default '{a,b}')", ["column t.a default risky"]),
    ("default array, null and 'null'", one(ARRAY(Text), server_default=text("ARRAY['null']")), "create table t(id serial primary key, a text[] default '{null}')", ["column t.a default risky"]),
    ("default text that looks like an array", one(Text, server_default="{}"), "create table t(id serial primary key, a text default '{ }')", ["column t.a default risky"]),
    ("default cast to the column's type", one(DateTime, server_default=func.now()), "create table t(id serial primary key, a timestamp default now()::timestamp)", []),
    ("default cast to another type", one(DateTime, server_default=func.now()), "create table t(id serial primary key, a timestamp default now()::date)", ["column t.a default risky"]),
    ("default cast, sized", one(Date, server_default=func.now()), "create table t(id serial primary key, a date default now()::date)", []),
    ("check that says more about a column of its own", table(key(), col(), CheckConstraint("a > 0", name="ck")), f"{T} alter table t add b int; alter table t add constraint ck check (a > 0 and b > 0)", ["check t.ck expression risky", "column t.b extra info"]),
    ("check that says less, with its column gone", table(key(), col(), col("b"), CheckConstraint("a > 0 and b > 0", name="ck")), f"{T} alter table t add constraint ck check (a > 0)", ["column t.b missing breaking", "check t.ck expression risky"]),
    ("check of another name over a column of its own", table(key(), col()), f"{T} alter table t add b int check (b > 0)", ["column t.b extra info"]),
    ("index over a column of its own too", table(key(), col(), Index("ix", "a")), f"{T} alter table t add b int; create index ix on t(a, b)", ["index t.ix columns risky", "column t.b extra info"]),
]
# fmt: on
