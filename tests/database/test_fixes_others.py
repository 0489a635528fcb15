"""Fix hints on MariaDB and SQLite: a copy of a database is broken in one way, and the hints mend it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_engine
from sqlalchemy.dialects import mysql
from sqlalchemy.pool import NullPool

from driftcheck.database.check import Request, check
from driftcheck.database.fixes.hints import fix_lines
from tests.database.conftest import run, split
from tests.database.test_cases import found, scratch_of_the_session  # noqa: F401 - a fixture

MARIADB = [
    "create table p (id int unsigned auto_increment primary key, name varchar(40) not null default 'it''s',"
    " note text, unique key uq_name (name)) comment 'all of them'",
    "create table t (id int auto_increment primary key, p_id int unsigned not null comment 'whose',"
    " kind enum('a','it''s') default 'a', price decimal(10,2) unsigned default 1.50, flags bit(3) default 5,"
    " word varchar(30) character set latin1 collate latin1_bin, made timestamp(3) not null"
    " default current_timestamp(3) on update current_timestamp(3), twice int as (id * 2) virtual, doc json,"
    " code varchar(9) default (concat('10', ':30%')), key ix_word (word(5), p_id), fulltext key ft (code),"
    " constraint fk_p foreign key (p_id) references p (id) on delete cascade,"
    " constraint ck_price check (price > 0))",
    "create table h (id int primary key, x int) with system versioning",
    "create table n (id int primary key, a int)",
    "create view v as select id, name from p where name like 'a%'",
    "create trigger tr before insert on t for each row begin set new.word = upper(new.word); end",
    "create function f(x int) returns int deterministic return x + 1",
    "create procedure pr(in x int, out y int) set y = x",
    "create event e on schedule every 1 day starts '2035-01-01' ends '2036-01-01' do delete from t",
    "create sequence sq start with 5 increment by 2",
]
MARIADB_BROKEN = [
    "alter table t modify kind enum('a') default 'a'",
    "alter table t modify price decimal(8,2) unsigned default 1.50",
    "alter table t modify price decimal(10,2)",
    "alter table t modify flags bit(3) default 4",
    "alter table t modify word varchar(30)",
    "alter table t modify made timestamp(3) not null default current_timestamp(3)",
    "alter table t modify made datetime null",
    "alter table t modify p_id int unsigned not null",
    "alter table t modify id int not null",
    "alter table t modify code varchar(9) default 'x' invisible",
    "alter table t modify doc longtext",
    "alter table t drop column twice, add column twice int as (id * 3) virtual",
    "alter table t drop column twice, add column twice int",
    "alter table t drop column code",
    "alter table t drop column doc; alter table t drop column kind",
    "alter table t add column extra int not null",
    "alter table p rename column note to notes",
    "alter table t drop foreign key fk_p",
    "alter table t drop foreign key fk_p;"
    " alter table t add constraint fk_p foreign key (p_id) references p (id)",
    "alter table n add constraint fk_n foreign key (a) references t (id)",
    "alter table t add constraint fk_q foreign key (p_id) references p (id) on delete cascade",
    "alter table t drop constraint ck_price",
    "alter table t drop constraint ck_price, add constraint ck_price check (price >= 0)",
    "alter table t add constraint ck_more check (price < 9 or kind <> 'x')",
    "alter table t drop index ix_word, add index ix_word (word(7), p_id)",
    "alter table t drop index ft",
    "alter table t drop index ft, add index ft (code)",
    "alter table t add unique key other (code)",
    "alter table t alter index ix_word ignored",
    "alter table t rename index ix_word to ix_other",
    "alter table p drop index uq_name",
    "alter table p drop index uq_name, add index uq_name (name)",
    "alter table h drop primary key",
    "alter table h drop system versioning",
    "alter table p add system versioning",
    "alter table p comment ''",
    "alter table n engine = MyISAM",
    "alter table n add column b text, add index ix_b (b(3))",
    "alter table p convert to character set latin1",
    "alter table p row_format = compressed",
    "alter table n partition by key (id) partitions 2",
    "drop table t",
    "drop table t; drop table p; drop view v",
    "drop view v",
    "create or replace view v as select id, name from p",
    "create or replace sql security invoker view v as select id, name from p where name like 'a%'",
    "drop trigger tr",
    "drop trigger tr; create trigger tr after insert on t for each row delete from h",
    "drop function f",
    "drop function f; create function f(x bigint) returns int deterministic return x + 1",
    "drop procedure pr",
    "create procedure more() select 1",
    "drop event e",
    "alter event e disable",
    "alter event e on schedule every 2 day",
    "drop sequence sq",
    "alter sequence sq increment by 7",
    "create table extra (id int); create view w as select 1 as a; create sequence st",
]
SQLITE = [
    "create table p (id integer primary key autoincrement,"
    " name varchar(40) collate nocase not null default 'it''s', unique (name))",
    "create table t (id integer primary key, p_id integer not null references p (id) on delete cascade,"
    " kind varchar(4) default '10:30%', price numeric(10,2), made datetime default (datetime('now')),"
    " constraint ck_price check (price > 0), check (kind <> 'x'), unique (kind, price) on conflict replace)",
    "create table g (id integer primary key, a integer not null on conflict ignore,"
    " twice integer as (a * 2))",
    "create table s (id text primary key, a text) strict, without rowid",
    "create table u (id integer primary key, a text)",
    "create index ix_price on t (price, lower(kind) desc) where price > 5",
    "create unique index ix_a on u (a collate nocase)",
    "create index ix_g on g (twice)",
    "create view v (x, y) as select id, name from p",
    "create trigger tr after insert on t begin update t set kind = 'a;b' where id = new.id; end",
    "create trigger tg after insert on g begin delete from u; end",
    "create virtual table f using fts5(title, tokenize = 'porter')",
]
NEW_T = "create table t (id integer primary key, p_id integer, kind text, price numeric(10,2), made datetime)"
SQLITE_BROKEN = [
    f"drop table t; {NEW_T}",
    f"drop table t; {NEW_T.replace('kind text, ', '')}",
    f"drop table t; {NEW_T.replace('made', 'price2 text not null unique, made')}",
    "drop table p; create table p (id integer primary key, name varchar(30) not null)",
    "drop table p; create table p (id integer primary key autoincrement)",
    "drop table g; create table g (id integer primary key, a integer)",
    "drop table g; create table g (id integer primary key, a integer, twice integer)",
    "drop table s; create table s (id text primary key, a text)",
    "alter table u add column extra text default 'x'",
    "drop index ix_a; alter table u drop column a",
    "drop index ix_a; alter table u drop column a; alter table u add column b integer",
    "alter table p rename column name to full_name",
    "drop index ix_price",
    "drop index ix_a; create index ix_a on u (a)",
    "drop index ix_g; create index ix_h on g (twice)",
    "create index more on t (made)",
    "drop view v",
    "drop view v; create view v as select id, name from p",
    "drop trigger tr",
    "drop table t; drop table u",
    "drop table f",
    "create table extra (id integer); create view w as select 1 as a",
]


def mended(scratch, base, ddl):
    """What differs from a database of `base` after `ddl` ran in a copy of it, and when its hints did."""
    with scratch.database() as wanted, scratch.database() as url:
        run(wanted, *base)
        run(url, *base, *split(ddl))
        expected = []
        against = wanted.render_as_string(hide_password=False)
        report = check(Request(url, against=against, expects=expected.append))
        before = found(report)
        with create_engine(url, poolclass=NullPool).begin() as connection:
            op = Operations(MigrationContext.configure(connection))
            for hint in fix_lines(report, expected[0]):
                exec(hint, {"op": op, "sa": sa, "mysql": mysql})
        return before, found(check(Request(url, against=against)))


@pytest.mark.parametrize("ddl", MARIADB_BROKEN)
def test_what_was_broken_on_mariadb_is_mended(mariadb, ddl):
    before, after = mended(mariadb, MARIADB, ddl)
    assert before != []
    assert after == []


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("ddl", SQLITE_BROKEN)
def test_what_was_broken_on_sqlite_is_mended(sqlite, ddl):
    before, after = mended(sqlite, SQLITE, ddl)
    assert before != []
    assert after == []


@pytest.mark.parametrize(("engine", "base"), [("mariadb", MARIADB), ("sqlite", SQLITE)])
def test_what_is_not_broken_has_no_hints(request, engine, base):
    assert mended(request.getfixturevalue(engine), base, "") == ([], [])


def test_rows_outlive_the_copy_of_a_table(sqlite):
    with sqlite.database() as wanted, sqlite.database() as url:
        run(wanted, *SQLITE)
        run(url, *SQLITE, "drop table g", "create table g (id integer primary key, a integer)")
        run(url, "insert into g values (7, 70)")
        expected = []
        report = check(Request(url, against=str(wanted), expects=expected.append))
        with create_engine(url, poolclass=NullPool).begin() as connection:
            op = Operations(MigrationContext.configure(connection))
            for hint in fix_lines(report, expected[0]):
                exec(hint, {"op": op, "sa": sa, "mysql": mysql})
            assert connection.exec_driver_sql("select id, a, twice from g").all() == [(7, 70, 140)]
