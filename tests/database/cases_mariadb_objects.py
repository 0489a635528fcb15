"""Cases for MariaDB of objects beside tables, and of what its tables have that others have not.

A case a line: a name, the models, the DDL of the live database, and what must be found. An empty list is
a case that must stay silent.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Integer, Sequence, String, UniqueConstraint

from tests.database.models import col, ev, key, of, table, tables

T = "create table t(id int auto_increment primary key, a int)"
PERIOD = (
    "create table t(id int auto_increment primary key, a int,"
    " rs timestamp(6) generated always as row start, re timestamp(6) generated always as row end,"
    " period for system_time(rs, re)) with system versioning"
)
EV = "create event e on schedule every 1 day starts '2035-01-01' {ends} do delete from t"
ENDS = "ends '2036-01-01'"
FN = "create function f(x int) returns int deterministic {more} return x+1"
PROC = "create procedure f(in x int) select x"
VIEW = "create view v as select id, a from t where a > 0"


def model(*ddl):
    return ev(table(key(), col()), *ddl)


def words(*more):
    return tables(of("t", key(), Column("w", String(100)), Column("v", String(100)), *more))


def live(more):
    return f"create table t(id int auto_increment primary key, w varchar(100), v varchar(100){more})"


def numbered(m):
    numbers = Sequence("sq", metadata=m)
    return of("n", Column("id", Integer, primary_key=True, server_default=numbers.next_value()))(m)


# fmt: off
CASES = [
    ("default of a sequence", tables(numbered), "create sequence sq; create table n(id int primary key default nextval(sq))", []),
    ("default of another sequence", tables(numbered), "create sequence sq; create sequence sr; create table n(id int primary key default nextval(sr))", ["column n.id default risky", "sequence sr extra info"]),
    ("column becomes invisible", table(key(), col()), "create table t(id int auto_increment primary key, a int invisible)", ["column t.a options info"]),
    ("invisible on both", ev(table(key()), "alter table t add column a int invisible"), "create table t(id int auto_increment primary key, a int invisible)", []),
    ("zerofill", table(key(), col()), "create table t(id int auto_increment primary key, a int(5) unsigned zerofill)", ["column t.a unsigned breaking", "column t.a options info"]),
    ("display width", table(key(), col()), "create table t(id int auto_increment primary key, a int(5))", []),
    ("compressed column", words(), "create table t(id int auto_increment primary key, w varchar(100) compressed, v varchar(100))", ["column t.w options info"]),
    ("period of the system", ev(table(key(), col()), "alter table t add rs timestamp(6) generated always as row start, add re timestamp(6) generated always as row end, add period for system_time(rs, re), add system versioning"), PERIOD, []),
    ("period and the primary key", table(key(), col()), PERIOD, ["table t versioned risky", "column t.re extra info", "column t.rs extra info"]),
    ("column without history", ev(table(key(), col()), "alter table t add system versioning"), "create table t(id int auto_increment primary key, a int without system versioning) with system versioning", ["column t.a options info"]),
    ("unique index not in use", words(UniqueConstraint("w", name="uq")), live(", unique key uq(w) ignored"), ["index t.uq valid risky"]),
    ("unique index over fewer columns", words(Index("uq", "w", "v", unique=True)), live(", unique key uq(w)"), ["index t.uq columns breaking"]),
    ("unique index over more columns", words(Index("uq", "w", unique=True)), live(", unique key uq(w, v)"), ["index t.uq columns breaking"]),
    ("unique index over other columns", words(Index("uq", "w", unique=True)), live(", unique key uq(v)"), ["index t.uq columns risky"]),
    ("unique beginning is shorter", words(Index("uq", "w", unique=True, mysql_length=20)), live(", unique key uq(w(10))"), ["index t.uq length breaking"]),
    ("unique beginning is longer", words(Index("uq", "w", unique=True, mysql_length=20)), live(", unique key uq(w(30))"), ["index t.uq length breaking"]),
    ("unique beginning is all", words(Index("uq", "w", unique=True, mysql_length=20)), live(", unique key uq(w)"), ["index t.uq length breaking"]),
    ("beginning of a plain index", words(Index("ix", "w", mysql_length=20)), live(", key ix(w(10))"), ["index t.ix length risky"]),
    ("same unique beginning", words(Index("uq", "w", unique=True, mysql_length=20)), live(", unique key uq(w(20))"), []),
    ("primary key of a beginning", tables(of("t", Column("w", String(100), primary_key=True))), "create table t(w varchar(100) not null, primary key (w(10)))", ["primary_key t.(w) columns breaking"]),
    ("primary key of a beginning on both", ev(tables(of("t", Column("w", String(100), primary_key=True))), "alter table t drop primary key, add primary key (w(10))"), "create table t(w varchar(100) not null, primary key (w(10)))", []),
    ("check of several words", words(CheckConstraint("w regexp '^[a-z]+$' or v is null", name="ck")), live(", constraint ck check (`v` is null or `w` rlike '^[a-z]+$')"), []),
    ("view with check option", model(VIEW), f"{T}; {VIEW} with check option", ["view v options info"]),
    ("view with the same check option", model(f"{VIEW} with local check option"), f"{T}; {VIEW} with local check option", []),
    ("view in a temporary table", model(VIEW), f"{T}; {VIEW.replace('create', 'create algorithm=temptable')}", ["view v options info"]),
    ("view merged anyway", model(VIEW), f"{T}; {VIEW}", []),
    ("function and procedure of one name", model(FN.format(more=""), PROC), f"{T}; {FN.format(more='')}; {PROC}", []),
    ("procedure beside a function is lost", model(FN.format(more=""), PROC), f"{T}; {FN.format(more='')}", ["function f(procedure) missing risky"]),
    ("function beside a procedure is lost", model(FN.format(more=""), PROC), f"{T}; {PROC}", ["function f(function) missing risky"]),
    ("function of its caller's rights", model(FN.format(more="")), f"{T}; {FN.format(more='sql security invoker')}", ["function f definition risky"]),
    ("function that reads", model(FN.format(more="")), f"{T}; {FN.format(more='reads sql data')}", ["function f definition risky"]),
    ("function that says what is so anyway", model(FN.format(more="")), f"{T}; {FN.format(more='contains sql sql security definer')}", []),
    ("event ends", model(EV.format(ends="")), f"{T}; {EV.format(ends=ENDS)}", ["event e definition risky"]),
    ("event", model(EV.format(ends="")), f"{T}; {EV.format(ends='')}", []),
]
# fmt: on
