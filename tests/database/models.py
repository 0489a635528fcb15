"""Short ways to write models, for the tables of cases."""

from __future__ import annotations

from sqlalchemy import DDL, Column, Integer, MetaData, Table, event


def table(*parts, **options):
    """Models of one table `t`."""
    return tables(of("t", *parts, **options))


def tables(*makers, **options):
    """Models of several tables, each made by `of`."""
    metadata = MetaData(**options)
    for make in makers:
        make(metadata)
    return metadata


def of(name, *parts, **options):
    """A table to be made in a metadata."""
    return lambda metadata: Table(name, metadata, *parts, **options)


def key():
    """The usual primary key."""
    return Column("id", Integer, primary_key=True)


def col(name="a", kind=Integer, *parts, **options):
    """A column, an integer `a` unless said otherwise."""
    return Column(name, kind, *parts, **options)


def one(kind, *parts, **options):
    """Models of one table with a key and a column `a` of that kind."""
    return table(key(), Column("a", kind, *parts, **options))


def ev(metadata, *after, before=()):
    """The models with DDL events around create_all."""
    for moment, statements in (("before_create", before), ("after_create", after)):
        for statement in statements:
            event.listen(metadata, moment, DDL(statement.replace("%", "%%")))
    return metadata
