"""Cases for SQLite of what only its statements say: conflicts, views, triggers, virtual tables, odd spellings.

A case a line: a name, the models, the DDL of the live database, and what must be found. An empty list is
a case that must stay silent.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    String,
    UniqueConstraint,
    text,
)

from tests.database.models import col, ev, key, of, one, table, tables

T = "create table t(id integer not null primary key, a integer)"
VIEW = "create view v as select id, a from t"
NAMED = "create view v (x, y) as select id, a from t"
TRIGGER = "create trigger tr after insert on t {more} begin update t set a = 1 where id = new.id; end"
FTS = "create virtual table f using fts5(title, body{more})"


def model(*ddl):
    return ev(table(key(), col()), *ddl)


def unique(*columns, **options):
    return table(key(), Column("s", String(9)), UniqueConstraint(*columns, name="uq", **options))


def indexed(*keys, **options):
    return table(key(), Column("s", String(9)), Index("ix", *keys, **options))


def child(**options):
    return tables(of("t", key()), of("c", key(), Column("t_id", ForeignKey("t.id", **options))))


def parent(more):
    return (
        f"create table t(id integer primary key); create table c(id integer primary key, t_id integer {more})"
    )


# fmt: off
CASES = [
    ("unique replaces", unique("s"), "create table t(id integer primary key, s varchar(9) constraint uq unique on conflict replace)", ["unique t.uq on_conflict risky"]),
    ("unique replaces no more", unique("s", sqlite_on_conflict="REPLACE"), "create table t(id integer primary key, s varchar(9), constraint uq unique (S))", ["unique t.uq on_conflict risky"]),
    ("unique replaces on both", unique("s", sqlite_on_conflict="REPLACE"), "create table t(id integer primary key, s varchar(9), constraint uq unique (S) on conflict replace)", []),
    ("unique says what is usual", unique("s"), "create table t(id integer primary key, s varchar(9), constraint uq unique (s) on conflict abort)", []),
    ("not null skips", one(Integer, nullable=False), "create table t(id integer primary key, a integer not null on conflict ignore)", ["column t.a on_conflict risky"]),
    ("not null skips on both", one(Integer, nullable=False, sqlite_on_conflict_not_null="IGNORE"), "create table t(id integer primary key, a integer not null on conflict ignore)", []),
    ("key replaces", table(key()), "create table t(id integer primary key on conflict replace)", ["primary_key t.(id) on_conflict risky"]),
    ("key replaces on both", table(Column("id", Integer, primary_key=True, sqlite_on_conflict_primary_key="REPLACE")), "create table t(id integer primary key on conflict replace)", []),
    ("autoincrement of a table constraint", table(key(), sqlite_autoincrement=True), "create table t(id integer, primary key (id autoincrement))", []),
    ("a column called autoincrement", table(key(), Column("autoincrement", Integer)), "create table t(id integer primary key, \"autoincrement\" integer)", []),
    ("view with other names", model(NAMED), f"{T}; {NAMED.replace('y', 'z')}", ["view v definition risky"]),
    ("view without names", model(NAMED), f"{T}; {VIEW}", ["view v definition risky"]),
    ("view with the same names", model(NAMED), f"{T}; {NAMED.replace('(x, y)', '( x,y )')}", []),
    ("view whose name says as", model(VIEW.replace(" v ", ' "x as y" ')), f"{T}; {VIEW.replace(' v ', ' [x as y] ')}", []),
    ("view and trigger in another case", model(VIEW, TRIGGER.format(more="")), ["create table T(id integer not null primary key, a integer)", VIEW.replace(" v ", " V ").replace("from t", "from T"), TRIGGER.format(more="").replace(" tr ", " TR ")], []),
    ("trigger for each row", model(TRIGGER.format(more="")), [T, TRIGGER.format(more="for each row")], []),
    ("trigger with a condition", model(TRIGGER.format(more="")), [T, TRIGGER.format(more="when new.a > 1")], ["trigger t.tr definition risky"]),
    ("full text with another tokenizer", model(FTS.format(more="")), f"{T}; {FTS.format(more=', tokenize=' + repr('porter'))}", ["table f options info"]),
    ("full text", model(FTS.format(more="")), f"{T}; {FTS.format(more='')}", []),
    ("full text for a table", model("create table f (title, body)"), f"{T}; {FTS.format(more='')}", ["table f options info"]),
    ("deferrable changes nothing alone", child(deferrable=True), parent("references t(id)"), []),
    ("deferred", child(deferrable=True, initially="DEFERRED"), parent("references t(id) deferrable"), ["foreign_key c.(t_id) deferrable breaking"]),
    ("deferred by a column in another case", child(deferrable=True, initially="DEFERRED"), parent(", foreign key (T_ID) references T(ID) deferrable initially deferred"), []),
    ("unique index that knows no case", unique("s"), "create table t(id integer primary key, s varchar(9)); create unique index uq on t(s collate nocase)", ["index t.uq collation risky"]),
    ("index in another case", indexed("s"), "create table t(id integer primary key, s varchar(9)); create index IX on t(S)", []),
    ("index of another name", indexed("s"), "create table t(id integer primary key, s varchar(9)); create index iy on t(s)", ["index t.ix renamed info"]),
    ("index over a column called where", table(key(), Column("where", Integer), Index("ix", "where", sqlite_where=text('"where" > 1'))), 'create table t(id integer primary key, "where" integer); create index ix on t("where") where "where" > 1', []),
    ("other predicate over a column called where", table(key(), Column("where", Integer), Index("ix", "where", sqlite_where=text('"where" > 1'))), 'create table t(id integer primary key, "where" integer); create index ix on t("where") where "where" > 2', ["index t.ix predicate risky"]),
    ("precision is not kept to", one(Numeric(10, 2)), "create table t(id integer primary key, a numeric(12,2))", ["column t.a precision info"]),
    ("default of text as a number", one(String(9), server_default="1"), "create table t(id integer primary key, a varchar(9) default 1)", []),
    ("default of text as another number", one(String(9), server_default="1"), "create table t(id integer primary key, a varchar(9) default 2)", ["column t.a default risky"]),
    ("default of bytes", one(LargeBinary, server_default=text("x'00ff'")), "create table t(id integer primary key, a blob default X'00FF')", []),
    ("default of other bytes", one(LargeBinary, server_default=text("x'00ff'")), "create table t(id integer primary key, a blob default X'00FE')", ["column t.a default risky"]),
]
# fmt: on
