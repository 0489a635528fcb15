"""Cases for PostgreSQL: inheritance, what is left of renames, and options that few schemas have.

A case a line: a name, the models, the DDL of the live database, and what must be found. An empty list is
a case that must stay silent.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Enum,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import CITEXT, DOMAIN

from tests.database.models import col, ev, key, of, table, tables

T = "create table t(id serial primary key, a int);"
P = "create table p(a int, b int, constraint pk unique (a, b));"
MV = "create materialized view v as select a from t"
AGGREGATE = "create aggregate total(int) (sfunc = int4pl, stype = int, initcond = '0')"
F = "create function f() returns trigger language plpgsql as 'begin return new; end'"
TRIGGER = "create trigger tr before insert on t for each row when (new.a > 0) execute function f()"
POLICY = "create policy one on t using (a > 0)"


def plain():
    return table(key(), col("a"))


def pointing(**options):
    return tables(
        of("p", col("a"), col("b"), UniqueConstraint("a", "b", name="pk")),
        of(
            "t",
            key(),
            col("x"),
            col("y"),
            ForeignKeyConstraint(["x", "y"], ["p.a", "p.b"], name="fk", **options),
        ),
    )


def child(**options):
    return tables(of("p", col("a")), of("t", col("a"), **options))


def checked(expression="a > 0"):
    return table(key(), col("a"), CheckConstraint(expression, name="ck"))


def with_extensions(kind=CITEXT):
    """A table of the schema `app` whose types, defaults and predicates come from extensions."""
    return tables(
        of(
            "t",
            key(),
            col("a", kind, nullable=False),
            col("u", Uuid, server_default=text("uuid_generate_v4()")),
            CheckConstraint("a <> 'x'", name="ck"),
            Index("ix", "a", postgresql_where=text("a > 'b'")),
            schema="app",
        )
    )


def in_schema(home):
    return (
        f"create schema app; create schema if not exists {home}; create extension citext schema {home};"
        f' create extension "uuid-ossp" schema {home}; set search_path = app, {home};'
        " create table t(id serial primary key, a citext not null, u uuid default uuid_generate_v4(),"
        " constraint ck check (a <> 'x')); create index ix on t(a) where a > 'b'"
    )


def counted(name="quantity", *parts):
    return table(key(), Column(name, Integer, nullable=False), *parts)


# fmt: off
CASES = [
    ("set null of some columns", pointing(ondelete="SET NULL (y)"), f"{P} create table t(id serial primary key, x int, y int, constraint fk foreign key (x, y) references p(a, b) on delete set null (y))", []),
    ("set null of all columns", pointing(ondelete="SET NULL (y)"), f"{P} create table t(id serial primary key, x int, y int, constraint fk foreign key (x, y) references p(a, b) on delete set null)", ["foreign_key t.fk ondelete risky"]),
    ("set default of other columns", pointing(ondelete="SET DEFAULT (x)"), f"{P} create table t(id serial primary key, x int, y int, constraint fk foreign key (x, y) references p(a, b) on delete set default (y))", ["foreign_key t.fk ondelete risky"]),
    ("check for this table alone", checked(), f"{T} alter table t add constraint ck check (a > 0) no inherit", ["check t.ck no_inherit risky"]),
    ("check for children too", ev(plain(), "alter table t add constraint ck check (a > 0) no inherit"), f"{T} alter table t add constraint ck check (a > 0)", ["check t.ck no_inherit risky"]),
    ("check for this table alone, on both sides", ev(plain(), "alter table t add constraint ck check (a > 0) no inherit"), f"{T} alter table t add constraint ck check (0 < a) no inherit", []),
    ("inherits", child(postgresql_inherits="p"), "create table p(a int); create table t() inherits (p)", []),
    ("inherits no more", child(postgresql_inherits="p"), "create table p(a int); create table t(a int)", ["table t inherits risky"]),
    ("inherits by hand", child(), "create table p(a int); create table t(a int) inherits (p)", ["table t inherits risky"]),
    ("inherits from a renamed table", tables(of("users", col("b"), col("a"), col("name", Text)), of("t", col("x"), postgresql_inherits="users")), "create table app_users(b int, a int, name text); create table t(x int) inherits (app_users)", ["table users renamed breaking"]),
    ("partitions are no inheritance", table(col("a"), postgresql_partition_by="RANGE (a)"), "create table t(a int) partition by range (a); create table t1 partition of t default", []),
    ("expression for a column", table(key(), col("s", Text), Index("ix", func.lower(text("s")))), "create table t(id serial primary key, s text); create index ix on t(s)", ["index t.ix columns risky"]),
    ("another expression", table(key(), col("s", Text), Index("ix", func.lower(text("s")))), "create table t(id serial primary key, s text); create index ix on t(upper(s))", ["index t.ix expression risky"]),
    ("domain in a collation", table(key(), col("a", DOMAIN("label", Text, collation="C"))), 'create domain label as text collate "C"; create table t(id serial primary key, a label)', []),
    ("domain in another collation", table(key(), col("a", DOMAIN("label", Text, collation="C"))), "create domain label as text; create table t(id serial primary key, a label)", ["domain label collation risky"]),
    ("range type", ev(plain(), "create type span as range (subtype = float8)"), f"{T} create type span as range (subtype = double precision)", []),
    ("range type of something else", ev(plain(), "create type span as range (subtype = float8)"), f"{T} create type span as range (subtype = int)", ["type span attributes risky"]),
    ("range type missing", ev(plain(), "create type span as range (subtype = float8)"), T, ["type span missing risky"]),
    ("aggregate", ev(plain(), AGGREGATE), f"{T} {AGGREGATE}", []),
    ("another aggregate", ev(plain(), AGGREGATE), f"{T} {AGGREGATE.replace('int4pl', 'int4mul')}", ["function total definition risky"]),
    ("never refreshed", ev(plain(), MV), f"{T} {MV} with no data", ["materialized_view v populated breaking"]),
    ("refreshed since", ev(plain(), f"{MV} with no data"), f"{T} {MV}", []),
    ("never refreshed on both sides", ev(plain(), f"{MV} with no data"), f"{T} {MV} with no data", []),
    ("trigger under another name", ev(plain(), F, TRIGGER), f"{T} {F}; {TRIGGER.replace('trigger tr', 'trigger tr2')}", ["trigger t.tr renamed info"]),
    ("another trigger", ev(plain(), F, TRIGGER), f"{T} {F}; {TRIGGER.replace('trigger tr', 'trigger tr2').replace('insert', 'update')}", ["trigger t.tr missing risky", "trigger t.tr2 extra risky"]),
    ("which of two triggers nobody knows", ev(plain(), F, TRIGGER, TRIGGER.replace("tr ", "tw ")), f"{T} {F}; {TRIGGER.replace('tr ', 'ts ')}", ["trigger t.tr missing risky", "trigger t.ts extra risky", "trigger t.tw missing risky"]),
    ("policy under another name", ev(plain(), POLICY), f"{T} {POLICY.replace('one', 'two')}", ["policy t.one renamed info"]),
    ("another policy", ev(plain(), POLICY), f"{T} {POLICY.replace('one', 'two').replace('> 0', '> 1')}", ["policy t.one missing risky", "policy t.two extra risky"]),
    ("enum in another schema", table(key(), col("a", Enum("x", "y", name="Kind"))), "create schema s; create type s.\"Kind\" as enum('x', 'y'); create table t(id serial primary key, a s.\"Kind\")", ["enum Kind missing breaking", "column t.a type breaking"]),
    ("extensions in a schema of their own", with_extensions(), in_schema("ext"), []),
    ("extensions in the schema of the tables", with_extensions(), in_schema("app"), []),
    ("extensions in the schema of the tables, another type", with_extensions(Text), in_schema("app"), ["column app.t.a type risky"]),
    ("default of another type", table(key(), col("a", Boolean, server_default=text("true"))), "create table t(id serial primary key, a text default 'true')", ["column t.a type breaking"]),
    ("another default of another type", table(key(), col("a", Boolean, server_default=text("true"))), "create table t(id serial primary key, a text default 'false')", ["column t.a type breaking", "column t.a default risky"]),
    ("comment on a constraint", table(key(), col("a"), CheckConstraint("a > 0", name="ck", comment="why"), UniqueConstraint("a", name="u", comment="one")), f"{T} alter table t add constraint ck check (a > 0), add constraint u unique (a); comment on constraint ck on t is 'why'; comment on constraint u on t is 'one'", []),
    ("another comment on a constraint", table(key(), col("a"), CheckConstraint("a > 0", name="ck", comment="why"), UniqueConstraint("a", name="u", comment="one")), f"{T} alter table t add constraint ck check (a > 0), add constraint u unique (a); comment on constraint ck on t is 'how'", ["comment t.ck comment info", "comment t.u comment info"]),
    ("comment on an index and on keys", table(Column("id", Integer, primary_key=True), col("a", Integer, index=True)), f"{T} create index ix_t_a on t(a); comment on index ix_t_a is 'x'; comment on constraint t_pkey on t is 'y'", ["comment t.(id) comment info", "comment t.ix_t_a comment info"]),
    ("rename in a generated column", counted("quantity", col("twice", Integer, Computed("quantity * 2"))), "create table t(id serial primary key, qty int not null, twice int generated always as (qty * 2) stored)", ["column t.quantity renamed breaking"]),
    ("rename and another generated column", counted("quantity", col("twice", Integer, Computed("quantity * 2"))), "create table t(id serial primary key, qty int not null, twice int generated always as (qty * 3) stored)", ["column t.quantity renamed breaking", "column t.twice expression risky"]),
    ("rename in a policy", ev(counted(), "create policy one on t using (quantity > 0) with check (quantity > 1)"), "create table t(id serial primary key, qty int not null); create policy one on t using (qty > 0) with check (qty > 1)", ["column t.quantity renamed breaking"]),
    ("rename in a trigger", ev(counted(), F, TRIGGER.replace("new.a", "new.quantity")), f"create table t(id serial primary key, qty int not null); {F}; {TRIGGER.replace('new.a', 'new.qty')}", ["column t.quantity renamed breaking"]),
    ("rename below a view", ev(counted(), "create view v as select id, quantity from t"), "create table t(id serial primary key, qty int not null); create view v as select id, qty as quantity from t", ["column t.quantity renamed breaking"]),
    ("rename of what a view shows", ev(counted(), "create view v as select id, quantity from t"), "create table t(id serial primary key, qty int not null); create view v as select id, qty from t", ["column t.quantity renamed breaking", "view v definition risky"]),
    ("rename of a table with a trigger", ev(tables(of("users", key(), col("a"), col("name", Text))), F, TRIGGER.replace("on t", "on users")), f"create table app_users(id serial primary key, a int, name text); {F}; {TRIGGER.replace('on t', 'on app_users')}", ["table users renamed breaking"]),
    ("rename of a table without its trigger", ev(tables(of("users", key(), col("a"), col("name", Text))), F, TRIGGER.replace("on t", "on users")), f"create table app_users(id serial primary key, a int, name text); {F}", ["table users renamed breaking", "trigger users.tr missing risky"]),
]
# fmt: on
