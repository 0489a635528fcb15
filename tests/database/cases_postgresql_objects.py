"""Cases for PostgreSQL: views, functions, triggers, policies, types, partitions, schemas and renames.

A case a line: a name, the models, the DDL of the live database, and what must be found. An empty list is
a case that must stay silent.
"""

from __future__ import annotations

import datetime
import decimal
import uuid

from sqlalchemy import Column, Date, DateTime, ForeignKey, Integer, Numeric, String, Text, func
from sqlalchemy import types as T
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from tests.database.models import col, ev, key, of, table, tables

Enum = T.Enum


def base():
    return table(key(), col("a"), Column("s", Text))


F = "create function f() returns trigger language plpgsql as $$begin new.a := 1; return new; end$$;"

TR = "create trigger tr before insert on t for each row execute function f();"


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user_account"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(30), index=True)
    full: Mapped[str | None]
    created: Mapped[datetime.datetime] = mapped_column(server_default=func.now())
    u: Mapped[uuid.UUID]
    d: Mapped[decimal.Decimal] = mapped_column(Numeric(10, 2))


# fmt: off
CASES = [
    ("view same", ev(base(), 'create view v as select id, a from t where a > 0'), 'create table t(id serial primary key, a int, s text); create view v as select id,a from t where a>0', []),
    ("view missing", ev(base(), 'create view v as select id from t'), 'create table t(id serial primary key, a int, s text); ', ['view v missing breaking']),
    ("view drift", ev(base(), 'create view v as select id from t'), 'create table t(id serial primary key, a int, s text); create view v as select id from t where a > 0', ['view v definition risky']),
    ("view extra", base(), 'create table t(id serial primary key, a int, s text); create view v as select 1 as x', ['view v extra info']),
    ("matview same", ev(base(), 'create materialized view mv as select id from t'), 'create table t(id serial primary key, a int, s text); create materialized view mv as select id from t', []),
    ("matview drift", ev(base(), 'create materialized view mv as select id from t'), 'create table t(id serial primary key, a int, s text); create materialized view mv as select id,a from t', ['materialized_view mv definition risky']),
    ("matview missing", ev(base(), 'create materialized view mv as select id from t'), 'create table t(id serial primary key, a int, s text); ', ['materialized_view mv missing breaking']),
    ("matview index", ev(base(), 'create materialized view mv as select id from t', 'create unique index mvi on mv(id)'), 'create table t(id serial primary key, a int, s text); create materialized view mv as select id from t', ['index mv.mvi missing breaking']),
    ("matview vs view", ev(base(), 'create materialized view mv as select id from t'), 'create table t(id serial primary key, a int, s text); create view mv as select id from t', ['materialized_view mv materialized risky']),
    ("func same", ev(base(), F), 'create table t(id serial primary key, a int, s text); create function f() returns trigger language plpgsql as $$begin new.a := 1; return new; end$$;', []),
    ("func missing", ev(base(), F), 'create table t(id serial primary key, a int, s text); ', ['function f missing risky']),
    ("func drift", ev(base(), F), 'create table t(id serial primary key, a int, s text); create function f() returns trigger language plpgsql as $$begin new.a := 2; return new; end$$;', ['function f definition risky']),
    ("func overload", ev(base(), "create function g(int) returns int language sql as 'select 1'", "create function g(text) returns int language sql as 'select 1'"), "create table t(id serial primary key, a int, s text); create function g(int) returns int language sql as 'select 1'", ['function g(text) missing risky']),
    ("func args changed", ev(base(), "create function g(x int) returns int language sql as 'select 1'"), "create table t(id serial primary key, a int, s text); create function g(x int, y int) returns int language sql as 'select 1'", ['function g definition risky']),
    ("func volatile", ev(base(), "create function g() returns int language sql as 'select 1'"), "create table t(id serial primary key, a int, s text); create function g() returns int language sql immutable as 'select 1'", ['function g definition risky']),
    ("func ws", ev(base(), "create function g() returns int language sql as 'select  1'"), "create table t(id serial primary key, a int, s text); create function g() returns int language sql as 'select 1'", []),
    ("proc", ev(base(), "create procedure pr() language sql as 'select 1'"), 'create table t(id serial primary key, a int, s text); ', ['function pr missing risky']),
    ("aggregate", ev(base(), "create aggregate ag(int) (sfunc=int4pl, stype=int, initcond='0')"), "create table t(id serial primary key, a int, s text); create aggregate ag(int) (sfunc=int4pl, stype=int, initcond='0')", []),
    ("trigger same", ev(base(), F, TR), 'create table t(id serial primary key, a int, s text); create function f() returns trigger language plpgsql as $$begin new.a := 1; return new; end$$;create trigger tr before insert on t for each row execute function f();', []),
    ("trigger missing", ev(base(), F, TR), 'create table t(id serial primary key, a int, s text); create function f() returns trigger language plpgsql as $$begin new.a := 1; return new; end$$;', ['trigger t.tr missing risky']),
    ("trigger drift", ev(base(), F, TR), 'create table t(id serial primary key, a int, s text); create function f() returns trigger language plpgsql as $$begin new.a := 1; return new; end$$;create trigger tr before update on t for each row execute function f();', ['trigger t.tr definition risky']),
    ("trigger disabled", ev(base(), F, TR), 'create table t(id serial primary key, a int, s text); create function f() returns trigger language plpgsql as $$begin new.a := 1; return new; end$$;create trigger tr before insert on t for each row execute function f();alter table t disable trigger tr', ['trigger t.tr enabled risky']),
    ("trigger extra", ev(base(), F), 'create table t(id serial primary key, a int, s text); create function f() returns trigger language plpgsql as $$begin new.a := 1; return new; end$$;create trigger tr before insert on t for each row execute function f();', ['trigger t.tr extra risky']),
    ("trigger on missing table", ev(tables(of('t', key(), col('a'), Column('s', Text)), of('u', key())), F, TR.replace('on t', 'on u')), 'create table t(id serial primary key, a int, s text); create function f() returns trigger language plpgsql as $$begin new.a := 1; return new; end$$;', ['table u missing breaking']),
    ("rls same", ev(base(), 'alter table t enable row level security', 'create policy p on t for select using (a > 0)'), 'create table t(id serial primary key, a int, s text); alter table t enable row level security;create policy p on t for select using (0 < a)', []),
    ("rls off", ev(base(), 'alter table t enable row level security'), 'create table t(id serial primary key, a int, s text); ', ['table t row_security breaking']),
    ("rls force", ev(base(), 'alter table t enable row level security', 'alter table t force row level security'), 'create table t(id serial primary key, a int, s text); alter table t enable row level security', ['table t force_row_security risky']),
    ("policy missing", ev(base(), 'create policy p on t using (a > 0)'), 'create table t(id serial primary key, a int, s text); ', ['policy t.p missing risky']),
    ("policy using", ev(base(), 'create policy p on t using (a > 0)'), 'create table t(id serial primary key, a int, s text); create policy p on t using (a > 1)', ['policy t.p using risky']),
    ("policy cmd", ev(base(), 'create policy p on t for select using (a > 0)'), 'create table t(id serial primary key, a int, s text); create policy p on t for update using (a > 0)', ['policy t.p command risky']),
    ("domain same", ev(base(), before=['create domain pos as int check (value > 0)']), 'create domain pos as int check (0 < value);create table t(id serial primary key, a int, s text); ', []),
    ("domain drift", ev(base(), before=['create domain pos as int check (value > 0)']), 'create domain pos as int check (value > 1);create table t(id serial primary key, a int, s text); ', ['domain pos check risky']),
    ("domain base", ev(base(), before=['create domain pos as int']), 'create domain pos as bigint;create table t(id serial primary key, a int, s text); ', ['domain pos type risky']),
    ("domain null", ev(base(), before=['create domain pos as int not null']), 'create domain pos as int;create table t(id serial primary key, a int, s text); ', ['domain pos nullable risky']),
    ("sa domain", table(key(), Column('a', pg.DOMAIN('pos', Integer, check='VALUE > 0'))), 'create domain pos as int check (value > 0); create table t(id serial primary key, a pos)', []),
    ("sa domain missing", table(key(), Column('a', pg.DOMAIN('pos', Integer, check='VALUE > 0'))), 'create table t(id serial primary key, a int)', ['column t.a type breaking', 'domain pos missing risky']),
    ("composite same", ev(base(), before=['create type addr as (street text, zip int)']), 'create type addr as (street text, zip int);create table t(id serial primary key, a int, s text); ', []),
    ("composite missing", ev(base(), before=['create type addr as (street text, zip int)']), 'create table t(id serial primary key, a int, s text); ', ['type addr missing risky']),
    ("composite drift", ev(base(), before=['create type addr as (street text, zip int)']), 'create type addr as (street text, zip text);create table t(id serial primary key, a int, s text); ', ['type addr attributes risky']),
    ("seq same", ev(base(), 'create sequence sq start 5'), 'create table t(id serial primary key, a int, s text); create sequence sq start 5', []),
    ("seq used", ev(base(), 'create sequence sq start 5'), "create table t(id serial primary key, a int, s text); create sequence sq start 5; select nextval('sq')", []),
    ("seq missing", ev(base(), 'create sequence sq'), 'create table t(id serial primary key, a int, s text); ', ['sequence sq missing breaking']),
    ("seq inc", ev(base(), 'create sequence sq'), 'create table t(id serial primary key, a int, s text); create sequence sq increment 2', ['sequence sq increment risky']),
    ("ext missing", ev(base(), before=['create extension citext']), 'create table t(id serial primary key, a int, s text); ', ['extension citext missing breaking']),
    ("ext version", ev(base(), before=["create extension citext version '1.5'"]), "create extension citext version '1.4'; create table t(id serial primary key, a int, s text); ", ['extension citext version risky']),
    ("ext version quoted", ev(base(), before=['create extension if not exists "citext" with version "1.5"']), "create extension citext; create table t(id serial primary key, a int, s text); ", ['extension citext version risky']),
    ("ext version same", ev(base(), before=["create extension citext version '1.5'"]), "create extension citext version '1.5'; create table t(id serial primary key, a int, s text); ", []),
    ("ext version unsaid", ev(base(), before=['create extension citext']), "create extension citext version '1.4'; create table t(id serial primary key, a int, s text); ", []),
    ("ext version of nobody", base(), "create extension citext version '1.4'; create table t(id serial primary key, a int, s text); ", []),
    ("ext extra", base(), 'create extension citext;create table t(id serial primary key, a int, s text); ', []),
    ("ext owned funcs", base(), 'create extension pgcrypto; create extension hstore;create table t(id serial primary key, a int, s text); ', []),
    ("part children", table(Column('d', Date), col('a'), postgresql_partition_by='RANGE (d)'), "create table t(d date, a int) partition by range(d); create table t_2024 partition of t for values from ('2024-01-01') to ('2025-01-01'); create table t_def partition of t default; create index on t_2024(a)", []),
    ("part idx", table(Column('d', Date), col('a', Integer, index=True), postgresql_partition_by='RANGE (d)'), "create table t(d date, a int) partition by range(d); create table t_2024 partition of t for values from ('2024-01-01') to ('2025-01-01'); create index ix_t_a on t(a)", []),
    ("part key", table(Column('d', Date), col('a'), postgresql_partition_by='RANGE (d)'), 'create table t(d date, a int) partition by range(a)', ['partition t key risky']),
    ("part method", table(Column('d', Date), col('a'), postgresql_partition_by='RANGE (a)'), 'create table t(d date, a int) partition by list(a)', ['partition t key risky']),
    ("part live", table(Column('d', Date), col('a')), 'create table t(d date, a int) partition by list(a)', ['partition t extra risky']),
    ("part fk to part", tables(of('p', Column('id', Integer, primary_key=True, autoincrement=False), postgresql_partition_by='HASH (id)'), of('t', key(), Column('p_id', ForeignKey('p.id')))), 'create table p(id int primary key) partition by hash(id); create table p0 partition of p for values with (modulus 2, remainder 0); create table p1 partition of p for values with (modulus 2, remainder 1); create table t(id serial primary key, p_id int references p)', []),
    ("inherits", table(key(), col('a')), 'create table t(id serial primary key, a int); create table child() inherits (t)', ['table child extra info']),
    ("unlogged model", table(key(), prefixes=['UNLOGGED']), 'create table t(id serial primary key)', ['table t unlogged risky']),
    ("unlogged same", table(key(), prefixes=['UNLOGGED']), 'create unlogged table t(id serial primary key)', []),
    ("reloptions", ev(table(key()), 'alter table t set (fillfactor = 70)'), 'create table t(id serial primary key)', ['table t options info']),
    ("reloptions same", ev(table(key()), 'alter table t set (fillfactor = 70)'), 'create table t(id serial primary key) with (fillfactor=70)', []),
    ("reloptions live autovacuum", table(key()), 'create table t(id serial primary key) with (autovacuum_enabled=false)', ['table t options info']),
    ("comment table", table(key(), comment='hello'), "create table t(id serial primary key); comment on table t is 'hello'", []),
    ("comment table drift", table(key(), comment='hello'), 'create table t(id serial primary key)', ['comment t comment info']),
    ("comment col extra", table(key()), "create table t(id serial primary key); comment on column t.id is 'x'", ['comment t.id comment info']),
    ("schema same", tables(of('t', key(), col('a'), schema='s')), 'create schema s; create table s.t(id serial primary key, a int)', []),
    ("schema missing", tables(of('t', key(), schema='s')), 'create table t(id serial primary key)', ['schema s missing breaking', 'table t extra info']),
    ("schema col", tables(of('t', key(), col('a'), schema='s')), 'create schema s; create table s.t(id serial primary key)', ['column s.t.a missing breaking']),
    ("schema two", tables(of('t', key(), schema='s'), of('t', key(), schema='q')), 'create schema s; create schema q; create table s.t(id serial primary key); create table q.t(id serial primary key)', []),
    ("schema extra tab", tables(of('t', key(), schema='s')), 'create schema s; create table s.t(id serial primary key); create table s.x(id int)', ['table s.x extra info']),
    ("schema public explicit", tables(of('t', key(), schema='public')), 'create table t(id serial primary key)', []),
    ("schema public explicit fk", tables(of('p', key(), schema='public'), of('t', key(), Column('p_id', ForeignKey('public.p.id')), schema='public')), 'create table p(id serial primary key); create table t(id serial primary key, p_id int references p)', []),
    ("schema enum", tables(of('t', key(), Column('e', Enum('a', name='kind', schema='s')), schema='s')), "create schema s; create type s.kind as enum('a','b'); create table s.t(id serial primary key, e s.kind)", ['enum s.kind values breaking']),
    ("schema enum md", tables(of('t', key(), Column('e', Enum('a', name='kind', schema='s'))), schema='s'), "create schema s; create type s.kind as enum('a'); create table s.t(id serial primary key, e s.kind)", []),
    ("temp/table alembic", table(key()), 'create table t(id serial primary key); create table alembic_version(version_num varchar(32) primary key)', []),
    ("rename table", tables(of('users', key(), Column('email', Text), Column('name', Text))), 'create table app_users(id serial primary key, email text, name text)', ['table users renamed breaking']),
    ("rename table 2col", tables(of('customer', key(), Column('email', Text))), 'create table customers(id serial primary key, email text)', ['table customer renamed breaking']),
    ("rename col qty", table(key(), Column('quantity', Integer, nullable=False)), 'create table t(id serial primary key, qty int not null)', ['column t.quantity renamed breaking']),
    ("rename col created", table(key(), Column('created_at', DateTime)), 'create table t(id serial primary key, creation_date timestamp)', ['column t.created_at renamed breaking']),
    ("rename col type differs", table(key(), Column('created_at', DateTime)), 'create table t(id serial primary key, created date)', ['column t.created_at missing breaking', 'column t.created extra info']),
    ("no rename unlike", table(key(), Column('width', Integer), Column('color', Text)), 'create table t(id serial primary key, height int, size text)', ['column t.color missing breaking', 'column t.width missing breaking', 'column t.height extra info', 'column t.size extra info']),
    ("rename col with index", table(key(), Column('email', Text, index=True)), 'create table t(id serial primary key, e_mail text); create index ix_t_email on t(e_mail)', ['column t.email renamed breaking']),
    ("rename col with fk", tables(of('p', key()), of('t', key(), Column('owner_id', ForeignKey('p.id')))), 'create table p(id serial primary key); create table t(id serial primary key, owner int references p)', ['column t.owner_id renamed breaking']),
    ("rename col nullable too", table(key(), Column('email', String(50), nullable=False)), 'create table t(id serial primary key, user_email varchar(50))', ['column t.email nullable breaking', 'column t.email renamed breaking']),
    ("rename enum type", table(key(), Column('a', Enum('x', 'y', name='status'))), "create type statuses as enum('x','y'); create table t(id serial primary key, a statuses)", ['enum status renamed breaking']),
    ("extra required", table(key()), 'create table t(id serial primary key, a int not null)', ['column t.a extra breaking']),
    ("extra default", table(key()), 'create table t(id serial primary key, a int not null default 0)', ['column t.a extra info']),
    ("extra generated", table(key()), 'create table t(id serial primary key, a int generated always as (id*2) stored)', ['column t.a extra info']),
    ("missing table", tables(of('t', key()), of('u', key())), 'create table t(id serial primary key)', ['table u missing breaking']),
    ("extra table", table(key()), 'create table t(id serial primary key); create table other(x int)', ['table other extra info']),
    ("nullable 1", table(key(), Column('a', Integer, nullable=False)), 'create table t(id serial primary key, a int)', ['column t.a nullable breaking']),
    ("nullable 2", table(key(), Column('a', Integer)), 'create table t(id serial primary key, a int not null)', ['column t.a nullable breaking']),
    ("nullable 3 default", table(key(), Column('a', Integer)), 'create table t(id serial primary key, a int not null default 0)', ['column t.a nullable breaking', 'column t.a default info']),
    ("declarative", Base, 'create table user_account(id serial primary key, name varchar(30) not null, "full" varchar, created timestamp default now() not null, u uuid not null, d numeric(10,2) not null); create index ix_user_account_name on user_account(name)', []),
]
# fmt: on
