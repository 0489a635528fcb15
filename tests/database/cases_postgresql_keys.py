"""Cases for PostgreSQL: keys, constraints, indexes and names.

A case a line: a name, the models, the DDL of the live database, and what must be found. An empty list is
a case that must stay silent.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
    column,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TSRANGE, ExcludeConstraint

from tests.database.models import col, key, of, table, tables


def parent(m):
    return Table("p", m, Column("id", Integer, primary_key=True), Column("k", Integer, unique=True))


def fk(*a, **k):
    return tables(
        parent, of("t", Column("id", Integer, primary_key=True), Column("p_id", Integer, ForeignKey(*a, **k)))
    )


def ck(e, n="ck", **k):
    return table(key(), col("a"), col("b"), CheckConstraint(e, name=n, **k))


def excluded(**k):
    return table(
        key(),
        Column("room", Integer),
        Column("during", TSRANGE),
        ExcludeConstraint(("room", "="), ("during", "&&"), using="gist", name="no_overlap", **k),
    )


def ix(*a, **k):
    return table(key(), col("a"), col("b"), Column("s", Text), Index("ix", *a, **k))


CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

LONG_TABLE = "a_really_long_table_name_that_goes_on"

LONG_COLUMN = "some_very_long_column_name_too"

LONG = tables(
    of("p", key()),
    of(LONG_TABLE, key(), Column(LONG_COLUMN, ForeignKey("p.id"), index=True), UniqueConstraint(LONG_COLUMN)),
    naming_convention=CONVENTION,
)

# fmt: off
CASES = [
    ("pk named conv", tables(of('t', key()), naming_convention={'pk': 'pk_%(table_name)s'}), 'create table t(id serial, constraint pk_t primary key(id))', []),
    ("pk named conv vs default", tables(of('t', key()), naming_convention={'pk': 'pk_%(table_name)s'}), 'create table t(id serial primary key)', []),
    ("pk order", table(Column('a', Integer, primary_key=True, autoincrement=False), Column('b', Integer, primary_key=True)), 'create table t(a int, b int, primary key(b,a))', ['primary_key t.(a,b) columns info']),
    ("pk extra col", table(Column('a', Integer, primary_key=True, autoincrement=False), Column('b', Integer, nullable=False)), 'create table t(a int, b int, primary key(a,b))', ['primary_key t.(a) columns breaking']),
    ("pk extra", table(Column('a', Integer, nullable=False)), 'create table t(a int primary key)', ['primary_key t.(a) extra breaking']),
    ("fk same", fk('p.id'), 'create table p(id serial primary key, k int unique);create table t(id serial primary key, p_id int references p)', []),
    ("fk missing", fk('p.id'), 'create table p(id serial primary key, k int unique);create table t(id serial primary key, p_id int )', ['foreign_key t.(p_id) missing risky']),
    ("fk extra", tables(parent, of('t', key(), col('p_id'))), 'create table p(id serial primary key, k int unique);create table t(id serial primary key, p_id int references p)', ['foreign_key t.(p_id) extra breaking']),
    ("fk target", fk('p.id'), 'create table p(id serial primary key, k int unique);create table t(id serial primary key, p_id int references p(k))', ['foreign_key t.(p_id) target breaking']),
    ("fk named missing", fk('p.id', name='fk_t_p'), 'create table p(id serial primary key, k int unique);create table t(id serial primary key, p_id int )', ['foreign_key t.fk_t_p missing risky']),
    ("fk named vs unnamed", fk('p.id', name='fk_t_p'), 'create table p(id serial primary key, k int unique);create table t(id serial primary key, p_id int references p)', []),
    ("fk renamed", fk('p.id', name='fk_t_p'), 'create table p(id serial primary key, k int unique);create table t(id serial primary key, p_id int, constraint fk_other foreign key(p_id) references p)', ['foreign_key t.fk_t_p renamed info']),
    ("fk ondelete set null", fk('p.id', ondelete='SET NULL'), 'create table p(id serial primary key, k int unique);create table t(id serial primary key, p_id int references p on delete set null)', []),
    ("fk ondelete drift", fk('p.id', ondelete='SET NULL'), 'create table p(id serial primary key, k int unique);create table t(id serial primary key, p_id int references p on delete cascade)', ['foreign_key t.(p_id) ondelete risky']),
    ("fk ondelete no action = restrict?", fk('p.id', ondelete='RESTRICT'), 'create table p(id serial primary key, k int unique);create table t(id serial primary key, p_id int references p)', ['foreign_key t.(p_id) ondelete info']),
    ("fk no action same", fk('p.id', ondelete='NO ACTION'), 'create table p(id serial primary key, k int unique);create table t(id serial primary key, p_id int references p)', []),
    ("fk onupdate", fk('p.id', onupdate='CASCADE'), 'create table p(id serial primary key, k int unique);create table t(id serial primary key, p_id int references p)', ['foreign_key t.(p_id) onupdate breaking']),
    ("fk deferrable", fk('p.id', deferrable=True, initially='DEFERRED'), 'create table p(id serial primary key, k int unique);create table t(id serial primary key, p_id int references p)', ['foreign_key t.(p_id) deferrable breaking']),
    ("fk deferrable same", fk('p.id', deferrable=True, initially='DEFERRED'), 'create table p(id serial primary key, k int unique);create table t(id serial primary key, p_id int references p deferrable initially deferred)', []),
    ("fk deferrable imm", fk('p.id', deferrable=True, initially='DEFERRED'), 'create table p(id serial primary key, k int unique);create table t(id serial primary key, p_id int references p deferrable initially immediate)', ['foreign_key t.(p_id) deferrable risky']),
    ("fk not deferrable", fk('p.id', deferrable=False), 'create table p(id serial primary key, k int unique);create table t(id serial primary key, p_id int references p)', []),
    ("fk match", fk('p.id', match='FULL'), 'create table p(id serial primary key, k int unique);create table t(id serial primary key, p_id int references p)', ['foreign_key t.(p_id) match risky']),
    ("fk match same", fk('p.id', match='FULL'), 'create table p(id serial primary key, k int unique);create table t(id serial primary key, p_id int references p match full)', []),
    ("fk composite", tables(of('p', Column('a', Integer, primary_key=True, autoincrement=False), Column('b', Integer, primary_key=True)), of('t', key(), col('x'), col('y'), ForeignKeyConstraint(['x', 'y'], ['p.a', 'p.b']))), 'create table p(a int, b int, primary key(a,b)); create table t(id serial primary key, x int, y int, foreign key(x,y) references p(a,b))', []),
    ("fk composite order", tables(of('p', Column('a', Integer, primary_key=True, autoincrement=False), Column('b', Integer, primary_key=True)), of('t', key(), col('x'), col('y'), ForeignKeyConstraint(['x', 'y'], ['p.a', 'p.b']))), 'create table p(a int, b int, primary key(a,b)); create table t(id serial primary key, x int, y int, foreign key(y,x) references p(b,a))', []),
    ("fk use_alter cycle", tables(of('p', key(), Column('t_id', ForeignKey('t.id', use_alter=True, name='fk_pt'))), of('t', key(), Column('p_id', ForeignKey('p.id')))), 'create table p(id serial primary key, t_id int); create table t(id serial primary key, p_id int references p(id)); alter table p add constraint fk_pt foreign key(t_id) references t(id)', []),
    ("fk schema", tables(of('p', key(), schema='s'), of('t', key(), Column('p_id', ForeignKey('s.p.id')))), 'create schema s; create table s.p(id serial primary key); create table t(id serial primary key,p_id int references s.p)', []),
    ("fk schema wrong", tables(of('p', key(), schema='s'), of('p', key()), of('t', key(), Column('p_id', ForeignKey('s.p.id')))), 'create schema s; create table s.p(id serial primary key); create table p(id serial primary key); create table t(id serial primary key,p_id int references p)', ['foreign_key t.(p_id) target breaking']),
    ("fk not valid", fk('p.id'), 'create table p(id serial primary key, k int unique);create table t(id serial primary key, p_id int ); alter table t add foreign key(p_id) references p not valid', ['foreign_key t.(p_id) valid risky']),
    ("uq comp", table(key(), col('a'), col('b'), UniqueConstraint('a', 'b')), 'create table t(id serial primary key, a int, b int, unique(a,b))', []),
    ("uq comp order", table(key(), col('a'), col('b'), UniqueConstraint('a', 'b')), 'create table t(id serial primary key, a int, b int, unique(b,a))', ['unique t.(a,b) columns info']),
    ("uq missing", table(key(), col('a'), UniqueConstraint('a', name='uq')), 'create table t(id serial primary key, a int)', ['unique t.uq missing breaking']),
    ("uq to index", table(key(), col('a'), UniqueConstraint('a', name='uq')), 'create table t(id serial primary key, a int); create index uq on t(a)', ['unique t.uq missing breaking', 'index t.uq extra info']),
    ("uq column missing flag", table(key(), Column('a', Integer, unique=True)), 'create table t(id serial primary key, a int)', ['unique t.(a) missing breaking']),
    ("uq column+index", table(key(), Column('a', Integer, unique=True, index=True)), 'create table t(id serial primary key, a int); create unique index ix_t_a on t(a)', []),
    ("uq column+index plain", table(key(), Column('a', Integer, unique=True, index=True)), 'create table t(id serial primary key, a int); create index ix_t_a on t(a)', ['index t.ix_t_a unique breaking']),
    ("uq nnd", table(key(), col('a'), UniqueConstraint('a', name='uq', postgresql_nulls_not_distinct=True)), 'create table t(id serial primary key, a int, constraint uq unique(a))', ['unique t.uq nulls_not_distinct breaking']),
    ("uq nnd same", table(key(), col('a'), UniqueConstraint('a', name='uq', postgresql_nulls_not_distinct=True)), 'create table t(id serial primary key, a int, constraint uq unique nulls not distinct (a))', []),
    ("uq deferrable same", table(key(), col('a'), UniqueConstraint('a', name='uq', deferrable=True, initially='DEFERRED')), 'create table t(id serial primary key, a int, constraint uq unique(a) deferrable initially deferred)', []),
    ("uq live deferrable", table(key(), col('a'), UniqueConstraint('a', name='uq')), 'create table t(id serial primary key, a int, constraint uq unique(a) deferrable)', ['unique t.uq deferrable risky']),
    ("uq extra", table(key(), col('a')), 'create table t(id serial primary key, a int unique)', ['unique t.(a) extra breaking']),
    ("uq over the key", table(Column('id', Integer, primary_key=True, unique=True)), 'create table t(id serial primary key); alter table t add constraint uq unique (id)', []),
    ("uq over the key lost", table(Column('id', Integer, primary_key=True), UniqueConstraint('id', name='uq')), 'create table t(id serial primary key)', []),
    ("uq over the key that is no key", table(Column('id', Integer, primary_key=True, autoincrement=False)), 'create table t(id int not null unique)', ['primary_key t.(id) missing breaking', 'unique t.(id) extra breaking']),
    ("fk thrice", fk('p.id'), 'create table p(id serial primary key, k int unique); create table t(id serial primary key, p_id int references p, constraint one foreign key (p_id) references p)', ['foreign_key t.one extra breaking']),
    ("uq partial live", table(key(), col('a'), UniqueConstraint('a', name='uq')), 'create table t(id serial primary key, a int); create unique index uq on t(a) where a > 0', ['index t.uq predicate breaking']),
    ("uq index partial to total", table(key(), col('a'), Index('uq', 'a', unique=True, postgresql_where=text('a > 0'))), 'create table t(id serial primary key, a int); create unique index uq on t(a)', ['index t.uq predicate breaking']),
    ("ck between", ck('a between 1 and 5'), 'create table t(id serial primary key, a int, b int, constraint ck check (a >= 1 and a <= 5))', []),
    ("ck in", ck('a in (1,2,3)'), 'create table t(id serial primary key, a int, b int, constraint ck check (a in (3,2,1)))', []),
    ("ck and order", ck('a > 0 and b > 0'), 'create table t(id serial primary key, a int, b int, constraint ck check (b > 0 and a > 0))', []),
    ("ck or", ck('a > 0 or b is null'), 'create table t(id serial primary key, a int, b int, constraint ck check ((b is null) or (0 < a)))', []),
    ("ck not", ck('not (a > 0)'), 'create table t(id serial primary key, a int, b int, constraint ck check (NOT (a > 0)))', []),
    ("ck ne", ck('a <> 0'), 'create table t(id serial primary key, a int, b int, constraint ck check (a != 0))', []),
    ("ck drift", ck('a > 0'), 'create table t(id serial primary key, a int, b int, constraint ck check (a > 10))', ['check t.ck expression risky']),
    ("ck drift col", ck('a > 0'), 'create table t(id serial primary key, a int, b int, constraint ck check (b > 0))', ['check t.ck expression risky']),
    ("ck missing", ck('a > 0'), 'create table t(id serial primary key, a int, b int)', ['check t.ck missing risky']),
    ("ck unnamed missing", ck('a > 0', None), 'create table t(id serial primary key, a int, b int)', ['check t.(a) missing risky']),
    ("ck unnamed drift", ck('a > 0', None), 'create table t(id serial primary key, a int check (a > 5), b int)', ['check t.(a) expression risky']),
    ("ck extra", table(key(), col('a')), 'create table t(id serial primary key, a int constraint ck check (a>0))', ['check t.ck extra breaking']),
    ("ck renamed", ck('a > 0', 'one'), 'create table t(id serial primary key, a int, b int, constraint two check (a>0))', ['check t.one renamed info']),
    ("ck not valid", ck('a > 0'), 'create table t(id serial primary key, a int, b int); alter table t add constraint ck check (a>0) not valid', ['check t.ck valid risky']),
    ("ck regex", table(key(), Column('e', Text), CheckConstraint("e ~ '^[a-z]+$'", name='ck')), "create table t(id serial primary key, e text constraint ck check (e ~ '^[a-z]+$'))", []),
    ("ck like", table(key(), Column('e', Text), CheckConstraint("e like 'a%'", name='ck')), "create table t(id serial primary key, e text constraint ck check (e ~~ 'a%'::text))", []),
    ("ck func", table(key(), Column('e', String(9)), CheckConstraint('length(e) > 3', name='ck')), 'create table t(id serial primary key, e varchar(9) constraint ck check (char_length(e) > 3))', ['check t.ck expression risky']),
    ("ck func same", table(key(), Column('e', String(9)), CheckConstraint('char_length(e) > 3', name='ck')), 'create table t(id serial primary key, e varchar(9) constraint ck check (char_length((e)::text) > 3))', []),
    ("ck naming conv", tables(of('t', key(), col('a'), CheckConstraint('a>0', name='pos')), naming_convention={'ck': 'ck_%(table_name)s_%(constraint_name)s'}), 'create table t(id serial primary key, a int, constraint ck_t_pos check (a>0))', []),
    ("ck num cast", table(key(), Column('p', Numeric(10, 2)), CheckConstraint('p > 0', name='ck')), 'create table t(id serial primary key, p numeric(10,2), constraint ck check (p > 0::numeric))', []),
    ("ck varchar in one", table(key(), Column('e', String(9)), CheckConstraint("e in ('x')", name='ck')), "create table t(id serial primary key, e varchar(9), constraint ck check (e = 'x'))", []),
    ("excl same", excluded(), 'create extension btree_gist; create table t(id serial primary key, room int, during tsrange, constraint no_overlap exclude using gist (room with =, during with &&))', []),
    ("excl missing", excluded(), 'create extension btree_gist; create table t(id serial primary key, room int, during tsrange)', ['exclusion t.no_overlap missing risky']),
    ("excl drift", excluded(), 'create extension btree_gist; create table t(id serial primary key, room int, during tsrange, constraint no_overlap exclude using gist (during with &&))', ['exclusion t.no_overlap definition risky']),
    ("excl where", excluded(where=text('room > 0')), 'create extension btree_gist; create table t(id serial primary key, room int, during tsrange, constraint no_overlap exclude using gist (room with =, during with &&))', ['exclusion t.no_overlap definition risky']),
    ("ix same", ix('a', 'b'), 'create table t(id serial primary key, a int, b int, s text); create  index ix on t (a,b)', []),
    ("ix order cols", ix('a', 'b'), 'create table t(id serial primary key, a int, b int, s text); create  index ix on t (b,a)', ['index t.ix columns risky']),
    ("ix missing", ix('a'), 'create table t(id serial primary key, a int, b int, s text)', ['index t.ix missing risky']),
    ("ix extra", table(key(), col('a')), 'create table t(id serial primary key, a int); create index ix on t(a)', ['index t.ix extra info']),
    ("ix desc", ix(text('a DESC')), 'create table t(id serial primary key, a int, b int, s text); create  index ix on t (a desc)', []),
    ("ix desc drift", ix(text('a DESC')), 'create table t(id serial primary key, a int, b int, s text); create  index ix on t (a)', ['index t.ix order info']),
    ("ix nulls", ix(text('a DESC NULLS LAST')), 'create table t(id serial primary key, a int, b int, s text); create  index ix on t (a desc nulls last)', []),
    ("ix nulls drift", ix(text('a DESC NULLS LAST')), 'create table t(id serial primary key, a int, b int, s text); create  index ix on t (a desc)', ['index t.ix order info']),
    ("ix unique", ix('a', unique=True), 'create table t(id serial primary key, a int, b int, s text); create unique index ix on t (a)', []),
    ("ix unique lost", ix('a', unique=True), 'create table t(id serial primary key, a int, b int, s text); create  index ix on t (a)', ['index t.ix unique breaking']),
    ("ix unique gained", ix('a'), 'create table t(id serial primary key, a int, b int, s text); create unique index ix on t (a)', ['index t.ix unique breaking']),
    ("ix where same", ix('a', postgresql_where=text('b IS NOT NULL')), 'create table t(id serial primary key, a int, b int, s text); create  index ix on t (a) where (b is not null)', []),
    ("ix where text", ix('a', postgresql_where=text("s = 'x'")), "create table t(id serial primary key, a int, b int, s text); create  index ix on t (a) where s = 'x'::text", []),
    ("ix where in", ix('a', postgresql_where=text("s in ('x','y')")), "create table t(id serial primary key, a int, b int, s text); create  index ix on t (a) where s = any (array['x','y'])", []),
    ("ix where drift", ix('a', postgresql_where=text('b > 0')), 'create table t(id serial primary key, a int, b int, s text); create  index ix on t (a) where b > 1', ['index t.ix predicate risky']),
    ("ix where extra", ix('a'), 'create table t(id serial primary key, a int, b int, s text); create  index ix on t (a) where b > 1', ['index t.ix predicate risky']),
    ("ix expr same", ix(func.lower(column('s'))), 'create table t(id serial primary key, a int, b int, s text); create  index ix on t (lower(s))', []),
    ("ix expr drift", ix(text('lower(s)')), 'create table t(id serial primary key, a int, b int, s text); create  index ix on t (upper(s))', ['index t.ix expression risky']),
    ("ix expr mixed", ix('a', text('lower(s)')), 'create table t(id serial primary key, a int, b int, s text); create  index ix on t (a, lower(s))', []),
    ("ix expr coalesce", ix(text('coalesce(a, 0)'), unique=True), 'create table t(id serial primary key, a int, b int, s text); create unique index ix on t (coalesce(a,0))', []),
    ("ix jsonb path", table(key(), Column('d', JSONB), Index('ix', text("(d->>'k')"))), "create table t(id serial primary key, d jsonb); create index ix on t ((d ->> 'k'))", []),
    ("ix gin", table(key(), Column('d', JSONB), Index('ix', 'd', postgresql_using='gin')), 'create table t(id serial primary key, d jsonb); create index ix on t using gin(d)', []),
    ("ix gin ops", table(key(), Column('d', JSONB), Index('ix', 'd', postgresql_using='gin', postgresql_ops={'d': 'jsonb_path_ops'})), 'create table t(id serial primary key, d jsonb); create index ix on t using gin(d)', ['index t.ix opclass risky']),
    ("ix gin ops same", table(key(), Column('d', JSONB), Index('ix', 'd', postgresql_using='gin', postgresql_ops={'d': 'jsonb_path_ops'})), 'create table t(id serial primary key, d jsonb); create index ix on t using gin(d jsonb_path_ops)', []),
    ("ix trgm", table(key(), Column('s', Text), Index('ix', 's', postgresql_using='gin', postgresql_ops={'s': 'gin_trgm_ops'})), 'create extension pg_trgm; create table t(id serial primary key, s text); create index ix on t using gin(s gin_trgm_ops)', []),
    ("ix include same", ix('a', postgresql_include=['b']), 'create table t(id serial primary key, a int, b int, s text); create  index ix on t (a) include (b)', []),
    ("ix include drift", ix('a', postgresql_include=['b']), 'create table t(id serial primary key, a int, b int, s text); create  index ix on t (a) include (s)', ['index t.ix include risky']),
    ("ix nnd", ix('a', unique=True, postgresql_nulls_not_distinct=True), 'create table t(id serial primary key, a int, b int, s text); create unique index ix on t (a)', ['index t.ix nulls_not_distinct breaking']),
    ("ix fillfactor", ix('a', postgresql_with={'fillfactor': 50}), 'create table t(id serial primary key, a int, b int, s text); create  index ix on t (a)', ['index t.ix options info']),
    ("ix fillfactor same", ix('a', postgresql_with={'fillfactor': 50}), 'create table t(id serial primary key, a int, b int, s text); create  index ix on t (a) with (fillfactor=50)', []),
    ("ix renamed", table(key(), Column('a', Integer, index=True)), 'create table t(id serial primary key, a int); create index idx_t_a on t(a)', ['index t.ix_t_a renamed info']),
    ("ix invalid", ix('a'), "create table t(id serial primary key, a int, b int, s text); create  index ix on t (a); update pg_index set indisvalid=false where indexrelid='ix'::regclass", ['index t.ix valid risky']),
    ("ix brin", table(key(), Column('d', DateTime), Index('ix', 'd', postgresql_using='brin')), 'create table t(id serial primary key, d timestamp); create index ix on t using brin(d)', []),
    ("ix hash drift", ix('a'), 'create table t(id serial primary key, a int, b int, s text); create  index ix on t using hash (a)', ['index t.ix method risky']),
    ("ix collate", table(key(), Column('s', Text), Index('ix', text('s COLLATE "C"'))), 'create table t(id serial primary key, s text); create index ix on t (s collate "C")', []),
    ("ix collate drift", table(key(), Column('s', Text), Index('ix', text('s COLLATE "C"'))), 'create table t(id serial primary key, s text); create index ix on t (s)', ['index t.ix collation risky']),
    ("ix dup live", ix('a'), 'create table t(id serial primary key, a int, b int, s text); create  index ix on t (a); create index ix2 on t(a)', ['index t.ix2 extra info']),
    ("ix on missing col", ix('a', 'b'), 'create table t(id serial primary key, a int, s text)', ['column t.b missing breaking']),
    ("ix desc expr col", table(key(), col('a'), Index('ix', column('a').desc())), 'create table t(id serial primary key, a int); create index ix on t(a desc)', []),
    ("long names same", LONG, '\nCREATE TABLE p (\n\tid SERIAL NOT NULL, \n\tCONSTRAINT pk_p PRIMARY KEY (id)\n)\n\n;\nCREATE TABLE a_really_long_table_name_that_goes_on (\n\tid SERIAL NOT NULL, \n\tsome_very_long_column_name_too INTEGER, \n\tCONSTRAINT pk_a_really_long_table_name_that_goes_on PRIMARY KEY (id), \n\tCONSTRAINT uq_a_really_long_table_name_that_goes_on_some_very_long_ae09 UNIQUE (some_very_long_column_name_too), \n\tCONSTRAINT fk_a_really_long_table_name_that_goes_on_some_very_long_f7b4 FOREIGN KEY(some_very_long_column_name_too) REFERENCES p (id)\n)\n\n;CREATE INDEX ix_a_really_long_table_name_that_goes_on_some_very_long_9488 ON a_really_long_table_name_that_goes_on (some_very_long_column_name_too)', []),
    ("quoted names", tables(of('Order Items', Column('ID', Integer, primary_key=True), Column('the "col"', Integer), Column('100%', Integer), Column('naïve', Text))), 'create table "Order Items"("ID" serial primary key, "the ""col""" int, "100%" int, "naïve" text)', []),
    ("quoted missing", tables(of('Order Items', Column('ID', Integer, primary_key=True), Column('100%', Integer))), 'create table "Order Items"("ID" serial primary key)', ['column Order Items.100% missing breaking']),
    ("case differs", tables(of('Users', key(), Column('Name', Text))), 'create table users(id serial primary key, name text)', ['table Users renamed breaking', 'column Users.Name renamed breaking']),
    ("reserved", tables(of('user', key(), Column('order', Integer, index=True), Column('group', Text, unique=True), CheckConstraint('"order" > 0', name='select'))), 'create table "user"(id serial primary key, "order" int, "group" text unique, constraint "select" check ("order" > 0)); create index ix_user_order on "user"("order")', []),
]
# fmt: on
