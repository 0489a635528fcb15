"""What the fix hints for PostgreSQL are tried on: the models of a schema, and ways to break it, one a line."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import (
    ARRAY,
    JSON,
    CheckConstraint,
    Column,
    Computed,
    Date,
    Enum,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import BIT, DOMAIN, INTERVAL, TIMESTAMP, TSTZRANGE, ExcludeConstraint

from tests.database.models import col, ev, key, of, tables

F = "create function fn() returns trigger language plpgsql as $$begin new.amount := 5 % 3; return new; end$$"


def models():
    """A schema with names that need quotes, and something of everything."""
    kind = Enum("a", "b", "c", name="Kind")
    order = of(
        "order",
        Column(
            "id", sa.BigInteger, Identity(always=True, start=100, increment=5, cache=10), primary_key=True
        ),
        Column("Group", Integer, nullable=False),
        Column("user", String(30, collation="C"), server_default="it's x:y 10:30"),
        Column("amount", Numeric(12, 3), server_default="0"),
        Column("tags", ARRAY(String(10)), server_default="{}"),
        Column("kind", kind, server_default="a"),
        Column("at", TIMESTAMP(timezone=True, precision=3)),
        Column("iv", INTERVAL(fields="DAY TO SECOND", precision=2)),
        Column("j", postgresql.JSONB, server_default=text("'{\"a\": 1}'")),
        Column("rng", TSTZRANGE),
        Column("bits", BIT(8)),
        Column("twice", Numeric(12, 3), Computed("amount * 2", persisted=True)),
        Column("p_id", ForeignKey("p.id", name="fk_p", ondelete="CASCADE", deferrable=True)),
        Column("q_id", ForeignKey("p.id", ondelete="SET NULL")),
        Column("dom", DOMAIN("posint", Integer, check="value > 0")),
        Column("u", Uuid, server_default=text("gen_random_uuid()")),
        Index("ix_user", "user", postgresql_ops={"user": "text_pattern_ops"}),
        Index("ix_low", text('lower("user")'), unique=True),
        Index("ix_j", "j", postgresql_using="gin", postgresql_ops={"j": "jsonb_path_ops"}),
        Index("ix_some", "Group", postgresql_where=text("\"user\" <> 'x:y'"), postgresql_include=["amount"]),
        Index("ix_desc", text("amount desc nulls last"), "Group"),
        Index("ix_null", "amount", unique=True, postgresql_nulls_not_distinct=True),
        Index("ix_brin", "at", postgresql_using="brin", postgresql_with={"pages_per_range": 32}),
        CheckConstraint('"Group" between 1 and 9', name="ck"),
        CheckConstraint("\"user\" <> 'x:y'", name="ck_user"),
        ExcludeConstraint(("rng", "&&"), name="ex", using="gist", where=text("amount > 0"), deferrable=True),
        comment="the order's",
    )
    parent = of(
        "p",
        key(),
        col("code", String(20), comment="it's"),
        col("opt"),
        col("n", Integer, unique=True),
        UniqueConstraint("code", name="uq"),
        UniqueConstraint("opt", name="uq_null", postgresql_nulls_not_distinct=True),
        UniqueConstraint("code", "opt", name="uq_later", deferrable=True, initially="DEFERRED"),
        UniqueConstraint("opt", "code", name="uq_more", postgresql_include=["n"]),
    )
    away = of(
        "q t",
        key(),
        col("a", Integer, index=True),
        col("k", Enum("p", "q", name="E n", schema="My App")),
        Column("r", ForeignKey("My App.q t.id", name="fk self")),
        schema="My App",
    )
    parts = of(
        "parts",
        Column("d", Date, primary_key=True),
        Column("j", JSON),
        postgresql_partition_by="RANGE (d)",
        comment="parts",
    )
    single = of(
        "single",
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("other", ForeignKey("pair.id", name="fk_pair")),
        prefixes=["UNLOGGED"],
        postgresql_with={"fillfactor": 70},
    )
    pair = of("pair", Column("id", Integer, primary_key=True), prefixes=["UNLOGGED"])
    child = of("child", Column("e", Text), postgresql_inherits="parents")
    made = tables(parent, order, away, parts, single, pair, of("parents", col("a")), child)
    return ev(
        made,
        'create view vw with (security_barrier) as select id, amount from "order" where amount > 10',
        'create materialized view mv as select id, amount from "order"',
        "create unique index mvi on mv (id)",
        F,
        'create trigger trg before insert on "order" for each row execute function fn()',
        "create function f(a int, b text default 'x:y') returns int language sql as 'select 1'",
        "create function f(a text) returns int language sql as 'select 1'",
        "alter table p enable row level security",
        "create policy pol on p for select to pg_monitor using (code <> 'x:y')",
        "create sequence sq as int minvalue 5 start 7 cache 3 cycle",
        'create type cp as (a int, "B c" text)',
        "create type rg as range (subtype = float8)",
        "create domain em as text collate \"C\" default 'x' check (value like '%@%') not null",
    )


RETYPED = 'alter table "order" alter kind drop default; alter table "order" alter kind type text;'
REPLACED = 'alter table "order" alter kind type "Kind" using kind::"Kind"; alter table "order" alter kind set default \'a\''


def labels(*given):
    listed = ", ".join(f"'{label}'" for label in given)
    return f'{RETYPED} drop type "Kind"; create type "Kind" as enum ({listed}); {REPLACED}'


BROKEN = [
    'drop table "order" cascade; drop table p',
    "drop table p cascade",
    'drop schema "My App" cascade',
    "drop table single; drop table pair",
    "drop table child; drop table parents",
    "drop table parts",
    *(f'alter table "order" drop column {name} cascade' for name in ('"Group"', '"user"', "amount", "kind", "at", "iv")),
    *(f'alter table "order" drop column {name} cascade' for name in ("j", "rng", "bits", "p_id", "dom", "id", "twice")),
    "alter table p drop column id cascade",
    'alter table "My App"."q t" drop a, drop k',
    'alter table "order" alter "user" type varchar(10)',
    'alter table "order" alter "user" type varchar(30) collate "default"',
    'alter table "order" alter "user" drop default',
    'alter table "order" alter iv type interval, alter bits type bit(4) using bits::bit(4), alter at type timestamp',
    'alter table "order" alter twice drop expression',
    'alter table "order" drop twice; alter table "order" add twice numeric(12, 3) generated always as (amount * 3) stored',
    'alter table "order" alter u type text, alter dom type bigint',
    'alter table "order" alter id drop identity',
    'alter table "order" alter id set generated by default set increment 1 set cache 1',
    "alter table p alter id drop default; drop sequence p_id_seq",
    "alter table p alter id drop default; alter table p alter id add generated always as identity",
    "alter table single alter id add generated by default as identity",
    'alter table "order" drop constraint fk_p; alter table "order" add constraint fk_p foreign key (p_id) references p',
    'alter table "order" drop constraint "order_q_id_fkey"; alter table "order" add constraint zz foreign key (q_id) references p',
    'alter table "order" drop constraint fk_p; alter table "order" add constraint fk_p foreign key (p_id) references p'
    " on delete cascade deferrable not valid",
    'alter table "order" drop constraint ck; alter table "order" add constraint ck check ("Group" > 0)',
    'alter table "order" drop constraint ck; alter table "order" add constraint ck check ("Group" between 1 and 9) no inherit',
    'alter table "order" drop constraint ck; alter table "order" add constraint ck check ("Group" between 1 and 9) not valid',
    'alter table "order" drop constraint ck_user, drop constraint ex',
    'alter table "order" rename constraint ck to "c k"',
    'drop index ix_user, ix_low, ix_j, ix_some, ix_desc, ix_null, ix_brin, mvi, "My App"."ix_My App_q t_a"',
    'drop index ix_low; create index ix_low on "order" (lower("user"))',
    'alter index ix_j rename to "Ix J"',
    "update pg_index set indisvalid = false where indexrelid = 'ix_some'::regclass",
    *(f"alter table p drop constraint {name}" for name in ("uq", "uq_null", "uq_later", "uq_more", "p_n_key")),
    "alter table p drop constraint p_n_key; create index zz on p (n)",
    "alter table p add unique (opt, n), add check (n <> 3), add zz int not null default 4",
    "alter table p drop constraint p_pkey cascade",
    'comment on table "order" is null; comment on column p.code is null; comment on column p.n is \'x\'',
    "comment on constraint ck on \"order\" is 'x'; comment on index ix_j is 'y'; comment on constraint fk_p on \"order\" is 'z'",
    "alter table child no inherit parents",
    "alter table single set (fillfactor = 80, autovacuum_enabled = false)",
    'create or replace view vw with (security_barrier) as select id, amount from "order"',
    "alter view vw reset (security_barrier)",
    "drop view vw; drop materialized view mv",
    'drop materialized view mv; create materialized view mv as select id, amount from "order" with no data;'
    " create unique index mvi on mv (id)",
    'drop trigger trg on "order"; drop function fn',
    'alter table "order" disable trigger trg',
    'alter trigger trg on "order" rename to "Trg 2"',
    'drop trigger trg on "order"; create trigger trg after insert on "order" for each row execute function fn()',
    F.replace("create", "create or replace").replace("% 3", "% 4"),
    "drop function f(text); create function f(a date) returns int language sql as 'select 1'",
    "drop policy pol on p; alter table p disable row level security; alter table p force row level security",
    "alter policy pol on p to public using (true)",
    'alter policy pol on p rename to "Pol"',
    "create policy zz on p as restrictive for insert with check (true)",
    "drop sequence sq; drop type cp; drop type rg; drop domain em",
    "alter sequence sq as bigint maxvalue 99 cache 1 no cycle",
    'alter type cp add attribute z int; alter type cp alter attribute "B c" type int',
    "alter type cp drop attribute a",
    "alter domain em drop not null; alter domain em set default 'y'",
    "alter domain posint drop constraint posint_check",
    'alter type "Kind" rename value \'b\' to \'z\'',
    'alter type "Kind" rename to kind2; alter type "My App"."E n" rename to en2',
    labels("a", "c"),
    labels("a", "b", "c", "d"),
    labels("c", "b", "a"),
    'alter table p rename to ps; alter table "order" rename "Group" to grp; alter table "My App"."q t" rename to "q tt"',
    "create type z1 as enum ('a'); create domain z2 as int; create sequence z3; create view z4 as select 1 as a;"
    " create function z5() returns int language sql as 'select 1'; create table z6 (a int);"
    " create materialized view z7 as select 1 as a; create type z8 as (a int)",
]  # fmt: skip
