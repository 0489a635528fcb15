"""Cases for MariaDB.

Each case: a name, the models, the DDL of the live database, and what must be found, as
"kind object attribute-or-change severity". An empty list is a case that must stay silent.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    TIMESTAMP,
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
    String,
    Table,
    Text,
    func,
    text,
)
from sqlalchemy.dialects import mysql


def table(*parts, **options):
    """Models of one table `t`."""
    metadata = MetaData()
    Table("t", metadata, *parts, **options)
    return metadata


def key():
    """The usual primary key."""
    return Column("id", Integer, primary_key=True)


CASES = [
    (
        "same",
        table(
            key(), Column("b", Boolean), Column("j", JSON), Column("n", DateTime, server_default=func.now())
        ),
        "create table t(id int auto_increment primary key, b tinyint(1), j json, n datetime default current_timestamp)",
        [],
    ),
    ("lost ai", table(key()), "create table t(id int primary key)", ["column t.id default breaking"]),
    (
        "unsigned",
        table(Column("a", mysql.INTEGER(unsigned=True))),
        "create table t(a int)",
        ["column t.a unsigned breaking"],
    ),
    (
        "fsp",
        table(Column("a", mysql.DATETIME(fsp=6))),
        "create table t(a datetime)",
        ["column t.a precision risky"],
    ),
    (
        "jsonchk",
        table(Column("a", JSON)),
        "create table t(a longtext character set utf8mb4 collate utf8mb4_bin)",
        ["check t.(a) missing risky"],
    ),
    (
        "onupdate",
        table(Column("a", TIMESTAMP, server_default=text("current_timestamp on update current_timestamp"))),
        "create table t(a timestamp null default current_timestamp)",
        ["column t.a onupdate risky"],
    ),
    (
        "enum",
        table(Column("a", Enum("x", "y"))),
        "create table t(a enum('y','x'))",
        ["column t.a values risky"],
    ),
    (
        "coll",
        table(Column("a", String(5, collation="utf8mb4_bin"))),
        "create table t(a varchar(5))",
        ["column t.a collation risky"],
    ),
    (
        "computed",
        table(key(), Column("a", Integer, Computed("id2*2")), Column("id2", Integer)),
        "create table t(id int auto_increment primary key, a int as (id2*3), id2 int)",
        ["column t.a expression risky"],
    ),
    (
        "prefix",
        table(Column("a", Text), Index("ix", "a", mysql_length=10)),
        "create table t(a text); create index ix on t(a(20))",
        ["index t.ix length risky"],
    ),
    (
        "fulltext",
        table(Column("a", Text), Index("ix", "a", mysql_prefix="FULLTEXT")),
        "create table t(a text, b int); create index ix on t(a(20))",
        ["index t.ix length risky", "index t.ix method risky", "column t.b extra info"],
    ),
    (
        "check",
        table(Column("a", Integer), CheckConstraint("a > 0", name="ck")),
        "create table t(a int, constraint ck check(a > 1))",
        ["check t.ck expression risky"],
    ),
    ("engine", table(Column("a", Integer)), "create table t(a int) engine=myisam", ["table t engine risky"]),
    (
        "charset",
        table(Column("a", String(5))),
        "create table t(a varchar(5)) character set latin1",
        ["table t charset risky"],
    ),
    (
        "bool0",
        table(Column("a", Boolean, server_default=text("0"))),
        "create table t(a bool default false)",
        [],
    ),
    ("double", table(Column("a", Float(53))), "create table t(a double)", []),
    (
        "uniq",
        table(Column("a", Integer, unique=True)),
        "create table t(a int); create unique index foo on t(a)",
        [],
    ),
    (
        "fk",
        table(key(), Column("p", Integer, ForeignKey("t.id"))),
        "create table t(id int auto_increment primary key, p int, constraint fk1 foreign key (p) references t(id))",
        [],
    ),
    (
        "fkdrop",
        table(key(), Column("p", Integer, ForeignKey("t.id"))),
        "create table t(id int auto_increment primary key, p int)",
        ["foreign_key t.(p) missing risky"],
    ),
    (
        "view",
        table(key()),
        "create table t(id int auto_increment primary key); create view v as select id from t",
        ["view v extra info"],
    ),
    (
        "null",
        table(Column("a", String(5), nullable=False)),
        "create table t(a varchar(5) default 'x')",
        ["column t.a nullable breaking", "column t.a default info"],
    ),
]
