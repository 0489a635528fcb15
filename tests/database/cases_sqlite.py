"""Cases for SQLite.

Each case: a name, the models, the DDL of the live database, and what must be found, as
"kind object attribute-or-change severity". An empty list is a case that must stay silent.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    Enum,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)


def table(*parts, **options):
    """Models of one table `t`."""
    metadata = MetaData()
    Table("t", metadata, *parts, **options)
    return metadata


def key():
    """The usual primary key."""
    return Column("id", Integer, primary_key=True)


CASES = [
    ("rowid", table(key()), "create table t(id integer primary key)", []),
    ("int is no rowid", table(key()), "create table t(id int primary key)", ["column t.id default breaking"]),
    (
        "now",
        table(key(), Column("a", DateTime, server_default=func.now())),
        "create table t(id integer primary key, a datetime default current_timestamp)",
        [],
    ),
    (
        "now in parentheses",
        table(key(), Column("a", DateTime, server_default=func.now())),
        "create table t(id integer primary key, a datetime default (CURRENT_TIMESTAMP))",
        [],
    ),
    (
        "quoted number",
        table(key(), Column("a", Integer, server_default="0")),
        "create table t(id integer primary key, a integer default 0)",
        [],
    ),
    (
        "boolean default",
        table(key(), Column("a", Boolean, server_default=text("0"))),
        "create table t(id integer primary key, a boolean default false)",
        [],
    ),
    (
        "text default",
        table(key(), Column("a", String(9), server_default="it's")),
        "create table t(id integer primary key, a varchar(9) default 'it''s')",
        [],
    ),
    (
        "another default",
        table(key(), Column("a", Integer, server_default="0")),
        "create table t(id integer primary key, a integer default 1)",
        ["column t.a default risky"],
    ),
    (
        "default lost",
        table(key(), Column("a", Integer, server_default="0", nullable=False)),
        "create table t(id integer primary key, a integer not null)",
        ["column t.a default breaking"],
    ),
    (
        "text and varchar",
        table(key(), Column("a", Text)),
        "create table t(id integer primary key, a varchar)",
        [],
    ),
    (
        "synonyms",
        table(key(), Column("a", Numeric(10, 2)), Column("b", Float)),
        "create table t(id integer primary key, a decimal(10,2), b double)",
        [],
    ),
    (
        "length",
        table(key(), Column("a", String(50))),
        "create table t(id integer primary key, a varchar(20))",
        ["column t.a length info"],
    ),
    (
        "type",
        table(key(), Column("a", Integer)),
        "create table t(id integer primary key, a text)",
        ["column t.a type risky"],
    ),
    (
        "null",
        table(key(), Column("a", Integer, nullable=False)),
        "create table t(id integer primary key, a integer)",
        ["column t.a nullable breaking"],
    ),
    (
        "not null",
        table(key(), Column("a", Integer)),
        "create table t(id integer primary key, a integer not null)",
        ["column t.a nullable breaking"],
    ),
    (
        "collation",
        table(key(), Column("a", String(collation="NOCASE"))),
        "create table t(id integer primary key, a varchar)",
        ["column t.a collation risky"],
    ),
    (
        "collation in lower case",
        table(key(), Column("a", String(collation="NOCASE"))),
        "create table t(id integer primary key, a varchar collate nocase)",
        [],
    ),
    (
        "computed",
        table(key(), Column("a", Integer, Computed("id * 2"))),
        "create table t(id integer primary key, a integer generated always as (id*2) virtual)",
        [],
    ),
    (
        "computed otherwise",
        table(key(), Column("a", Integer, Computed("id * 2"))),
        "create table t(id integer primary key, a integer generated always as (id*3))",
        ["column t.a expression risky"],
    ),
    (
        "computed lost",
        table(key(), Column("a", Integer, Computed("id * 2"))),
        "create table t(id integer primary key, a integer)",
        ["column t.a expression breaking"],
    ),
    (
        "autoincrement",
        table(key(), sqlite_autoincrement=True),
        "create table t(id integer primary key)",
        ["column t.id autoincrement risky"],
    ),
    (
        "primary key lost",
        table(Column("a", String(5), primary_key=True)),
        "create table t(a varchar(5) not null)",
        ["primary_key t.(a) missing breaking"],
    ),
    (
        "primary key of one more",
        table(Column("a", String(5), primary_key=True)),
        "create table t(a varchar(5) not null, b text, primary key (a, b))",
        ["primary_key t.(a) columns breaking", "column t.b extra breaking"],
    ),
    (
        "unnamed unique",
        table(key(), Column("a", Integer, unique=True)),
        "create table t(id integer primary key, a integer, constraint u unique (a))",
        [],
    ),
    (
        "unique as index",
        table(key(), Column("a", Integer, unique=True)),
        "create table t(id integer primary key, a integer); create unique index ua on t(a)",
        [],
    ),
    (
        "unique lost",
        table(key(), Column("a", Integer), UniqueConstraint("a", name="ua")),
        "create table t(id integer primary key, a integer)",
        ["unique t.ua missing breaking"],
    ),
    (
        "check flipped",
        table(key(), Column("a", Integer), CheckConstraint("a > 0")),
        "create table t(id integer primary key, a integer check (0 < a))",
        [],
    ),
    (
        "check spelled otherwise",
        table(key(), Column("a", Integer), CheckConstraint("a in (1, 2) and id > 0", name="ck")),
        'create table t(id integer primary key, a integer, constraint ck check (((id > 0) AND "a" IN (2,1))))',
        [],
    ),
    (
        "check changed",
        table(key(), Column("a", Integer), CheckConstraint("a > 0", name="ck")),
        "create table t(id integer primary key, a integer, constraint ck check (a > 1))",
        ["check t.ck expression risky"],
    ),
    (
        "check lost",
        table(key(), Column("a", Integer), CheckConstraint("a > 0")),
        "create table t(id integer primary key, a integer)",
        ["check t.(a) missing risky"],
    ),
    (
        "enum check",
        table(key(), Column("a", Enum("x", "y", create_constraint=True, name="ab"))),
        "create table t(id integer primary key, a varchar(1), constraint ab check (a in ('y', 'x')))",
        [],
    ),
    (
        "foreign key",
        table(key(), Column("p", ForeignKey("t.id", ondelete="CASCADE"))),
        "create table t(id integer primary key, p integer, foreign key(p) references t (id))",
        ["foreign_key t.(p) ondelete breaking"],
    ),
    (
        "foreign key deferrable",
        table(key(), Column("p", ForeignKey("t.id", deferrable=True, initially="DEFERRED"))),
        "create table t(id integer primary key, p integer references t(id) deferrable initially deferred)",
        [],
    ),
    (
        "partial index",
        table(key(), Column("a", Integer), Index("ix", "a", sqlite_where=text("a > 0"))),
        "create table t(id integer primary key, a integer); create index ix on t(a)",
        ["index t.ix predicate risky"],
    ),
    (
        "partial index same",
        table(key(), Column("a", Integer), Index("ix", "a", sqlite_where=text("a > 0"))),
        "create table t(id integer primary key, a integer); create index ix on t(a) where 0 < a",
        [],
    ),
    (
        "index renamed",
        table(key(), Column("a", Integer), Index("ix", "a")),
        "create table t(id integer primary key, a integer); create index ix2 on t(a)",
        ["index t.ix renamed info"],
    ),
    (
        "index lost",
        table(key(), Column("a", Integer, index=True)),
        "create table t(id integer primary key, a integer)",
        ["index t.ix_t_a missing risky"],
    ),
    (
        "index became unique",
        table(key(), Column("a", Integer, index=True)),
        "create table t(id integer primary key, a integer); create unique index ix_t_a on t(a)",
        ["index t.ix_t_a unique breaking"],
    ),
    (
        "column renamed",
        table(key(), Column("qty", Integer)),
        "create table t(id integer primary key, quantity integer)",
        ["column t.qty renamed breaking"],
    ),
    (
        "renamed with its index",
        table(key(), Column("qty", Integer), Index("ix", "qty")),
        "create table t(id integer primary key, quantity integer); create index ix on t(quantity)",
        ["column t.qty renamed breaking"],
    ),
    (
        "unlike names",
        table(key(), Column("width", Integer)),
        "create table t(id integer primary key, note integer)",
        ["column t.width missing breaking", "column t.note extra info"],
    ),
    (
        "table renamed",
        table(key(), Column("name", String(5)), Column("born", DateTime)),
        "create table tt(id integer primary key, name varchar(5), born datetime)",
        ["table t renamed breaking"],
    ),
    (
        "reserved names",
        table(Column("order", Integer), Column("Group", Integer), Index("ix order", "Group")),
        'create table t("order" integer, [Group] integer); create index "ix order" on t(`Group`)',
        [],
    ),
    (
        "view and trigger",
        table(key()),
        "create table t(id integer primary key); create view v as select id from t",
        ["view v extra info"],
    ),
    (
        "version table",
        table(key()),
        "create table t(id integer primary key); create table alembic_version(version_num varchar(32) not null)",
        [],
    ),
    ("strict", table(key()), "create table t(id integer primary key) strict", ["table t strict risky"]),
]
