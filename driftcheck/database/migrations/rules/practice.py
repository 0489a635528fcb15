"""Rules about what will be regretted later: types, keys, names, and revisions that cannot run twice."""

from __future__ import annotations

from functools import partial

from driftcheck.database.migrations.rules.dangers import BREAKING, INFO, RISKY, declare

_practice = partial(declare, "practice")
_ID = 'sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True)'


def _table(column: str) -> str:
    return f'op.create_table("things", {_ID}, {column})'


_practice(
    "json-column", RISKY, "A json column is added where jsonb would do",
    "json has no equality: SELECT DISTINCT, GROUP BY and UNION over it fail (PostgreSQL)",
    "sa.dialects.postgresql.JSONB.",
    bad='op.add_column("orders", sa.Column("extra", sa.JSON))',
    good='op.add_column("orders", sa.Column("extra", sa.dialects.postgresql.JSONB))',
)  # fmt: skip
_practice(
    "timestamp-without-zone", INFO, "A timestamp column has no time zone",
    "what it means depends on who writes and who reads it (PostgreSQL)",
    "sa.DateTime(timezone=True).",
    bad=_table('sa.Column("at", sa.DateTime)'),
    good=_table('sa.Column("at", sa.DateTime(timezone=True))'),
)  # fmt: skip
_practice(
    "char-column", INFO, "A column is char(n)",
    "values are padded with blanks, and are no faster (PostgreSQL)",
    "sa.Text, with a CHECK on the length if it matters.",
    bad=_table('sa.Column("iso", sa.CHAR(3))'),
    good=_table('sa.Column("iso", sa.Text)'),
)  # fmt: skip
_practice(
    "varchar-limit", INFO, "A column is varchar(n)",
    "a limit that gets shorter one day rewrites the table (PostgreSQL)",
    "sa.Text, with a CHECK on the length if it matters.",
    bad=_table('sa.Column("name", sa.String(50))'),
    good=_table('sa.Column("name", sa.Text)'),
)  # fmt: skip
_practice(
    "integer-key", INFO, "A numbered primary key is smaller than bigint",
    "it runs out after 2,147,483,647 rows, and widening it rewrites the table",
    "sa.BigInteger.",
    bad='op.create_table("things", sa.Column("id", sa.Integer, sa.Identity(), primary_key=True))',
    good=f'op.create_table("things", {_ID})',
)  # fmt: skip
_practice(
    "serial-key", INFO, "A key is numbered by serial",
    "the sequence has rights and an owner of its own, and INSERTs may set the key (PostgreSQL 10 has "
    "identity)",
    "sa.Identity().",
    bad='op.create_table("things", sa.Column("id", sa.BigInteger, primary_key=True))',
    good=f'op.create_table("things", {_ID})',
)  # fmt: skip
_practice(
    "float-money", INFO, "Money is kept as a floating-point number",
    "sums are wrong in the last digits",
    "sa.Numeric(12, 2).",
    bad=_table('sa.Column("price", sa.Float)'),
    good=_table('sa.Column("price", sa.Numeric(12, 2))'),
)  # fmt: skip
_practice(
    "foreign-key-not-indexed", INFO, "A foreign key has no index",
    "each DELETE in the other table reads all of this one",
    "op.create_index on the column (index=True on the Column).",
    bad=_table('sa.Column("customer", sa.BigInteger, sa.ForeignKey("customers.id"))'),
    good=_table('sa.Column("customer", sa.BigInteger, sa.ForeignKey("customers.id"), index=True)'),
)  # fmt: skip
_practice(
    "index-wide", INFO, "An index that is not unique has more than three columns",
    "the later columns seldom pay for what every write costs",
    "Index the most selective columns.",
    bad='op.create_table("things", sa.Column("a", sa.Text, primary_key=True), *(sa.Column(n, sa.Text) for n '
    'in "bcd"))'
    '\nop.create_index("wide", "things", ["a", "b", "c", "d"])',
    good='op.create_table("things", sa.Column("a", sa.Text, primary_key=True), sa.Column("b", sa.Text))'
    '\nop.create_index("narrow", "things", ["a", "b"])',
)  # fmt: skip
_practice(
    "index-duplicate", INFO, "Two indexes have the same columns",
    "every write keeps both, no query needs both",
    "Drop one of them; a UNIQUE constraint brings its own index.",
    bad=_table('sa.Column("code", sa.Text, unique=True)') + '\nop.create_index("ix", "things", ["code"])',
    good=_table('sa.Column("code", sa.Text, unique=True)'),
)  # fmt: skip
_practice(
    "table-without-key", RISKY, "A new table has no primary key",
    "rows cannot be told apart, and replication has to compare whole rows",
    "A primary key, over all columns if need be.",
    bad='op.create_table("things", sa.Column("a", sa.Text))',
    good='op.create_table("things", sa.Column("a", sa.Text, primary_key=True))',
)  # fmt: skip
_practice(
    "table-engine", RISKY, "A table is not kept by InnoDB",
    "transactions and foreign keys do not hold for it (MariaDB, MySQL)",
    "mysql_engine='InnoDB'.",
    engine="mariadb",
    bad='op.create_table("things", sa.Column("id", sa.BigInteger, primary_key=True), mysql_engine="MyISAM")',
    good='op.create_table("things", sa.Column("id", sa.BigInteger, primary_key=True), mysql_engine="InnoDB")',
)  # fmt: skip
_practice(
    "foreign-key-ignored", RISKY, "REFERENCES makes no foreign key",
    "the server reads the clause and ignores it",
    "A FOREIGN KEY clause of its own, and InnoDB on both sides.",
    engine="mariadb",
    bad='op.execute("CREATE TABLE things (id bigint PRIMARY KEY, c bigint REFERENCES customers (id)) '
    'ENGINE=Aria")'
    '  # driftcheck: ignore[migration-table-engine] shown elsewhere\n# downgrade\nop.drop_table("things")',
    good='op.execute("CREATE TABLE things (id bigint PRIMARY KEY, c bigint REFERENCES customers (id))")'
    '\n# downgrade\nop.drop_table("things")',
)  # fmt: skip
_practice(
    "name-too-long", RISKY, "A name is longer than the engine keeps",
    "PostgreSQL cuts it without an error, and two long names may become the same",
    "A name of at most 63 bytes.",
    bad=f'op.execute("CREATE TABLE {"t" * 70} (id bigint PRIMARY KEY)")\n# downgrade\n'
    f'op.drop_table("{"t" * 70}")',
    good='op.execute("CREATE TABLE t (id bigint PRIMARY KEY)")\n# downgrade\nop.drop_table("t")',
)  # fmt: skip
_practice(
    "enum-created", INFO, "An enum type is created",
    "values can be added, but never be taken away (PostgreSQL)",
    "A text column with a CHECK, or a table of values.",
    bad="op.execute(\"CREATE TYPE state AS ENUM ('a', 'b')\")\n# downgrade\nop.execute(\"DROP TYPE state\")",
    good='op.create_table("states", sa.Column("name", sa.Text, primary_key=True))',
)  # fmt: skip
_practice(
    "enum-value-placed-last", INFO, "A value is added at the end of an enum",
    "the order of the values is the order of sorting (PostgreSQL)",
    "ALTER TYPE … ADD VALUE … BEFORE (or AFTER) ….",
    base="op.execute(\"CREATE TYPE state AS ENUM ('a', 'z')\")",
    bad="op.execute(\"ALTER TYPE state ADD VALUE 'm'\")\n# downgrade\nop.execute(\"SELECT 'type state keeps "
    "m'\")",
    good="op.execute(\"ALTER TYPE state ADD VALUE 'm' BEFORE 'z'\")\n"
    "# downgrade\nop.execute(\"SELECT 'type state keeps m'\")",
)  # fmt: skip
_practice(
    "own-transaction", BREAKING, "A revision begins or ends transactions itself",
    "what Alembic thinks is one transaction is two: when the second fails, the first half stays",
    "Leave transactions to Alembic; `with op.get_context().autocommit_block():` where one must not be.",
    bad='op.execute("COMMIT")',
    good='op.execute("SELECT 1")',
)  # fmt: skip
_practice(
    "not-rerunnable", INFO, "A revision cannot run again where it stopped",
    "its statements commit one by one, and a second run fails at what the first one made",
    "One statement to a revision, or IF [NOT] EXISTS.",
    engine="mariadb",
    bad='op.add_column("orders", sa.Column("a", sa.Integer))\nop.add_column("orders", sa.Column("b", '
    'sa.Integer))',
    good='op.add_column("orders", sa.Column("a", sa.Integer))',
)  # fmt: skip
