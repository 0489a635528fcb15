"""Dangers and their safe twins as people write them: a comment `#! rule …` says what fires on that line.

What stands above a line "# upgrade" is code of the module, what is below "# downgrade" that of downgrade().
"""

from __future__ import annotations

POSTGRESQL_BASE = """
op.execute("CREATE SCHEMA billing")
op.execute("CREATE TYPE plan AS ENUM ('free', 'pro', 'team')")
op.execute("CREATE TABLE account (id bigint PRIMARY KEY, email varchar(255) NOT NULL, nick varchar(80), bio text, "
           "plan plan NOT NULL DEFAULT 'free', score int CONSTRAINT ck_score CHECK (score >= 0), meta jsonb)")
op.create_index("ix_account_nick", "account", ["nick"])
op.execute("CREATE TABLE post (id serial PRIMARY KEY, account_id bigint NOT NULL, title varchar(200) NOT NULL, "
           "views int, uid varchar(36))")
op.execute("CREATE TABLE comment (id bigserial PRIMARY KEY, post_id int REFERENCES post ON DELETE CASCADE, txt text)")
op.execute("CREATE TABLE keyless (a bigint NOT NULL, b int)")
op.execute("CREATE TABLE billing.invoice (id bigint PRIMARY KEY, note varchar(100))")
op.execute("CREATE VIEW active AS SELECT id, email FROM account WHERE plan <> 'free'")
"""

POSTGRESQL = {
    "tables dropped in a loop": """
for name in ("comment", "keyless"):
    op.drop_table(name)  #! table-dropped
""",
    "a table dropped by a helper": """
def gone(name):
    op.execute(sa.text(f"DROP TABLE IF EXISTS {name}"))  #! table-dropped

# upgrade
gone("keyless")
""",
    "a table dropped over the connection": """
connection = op.get_bind()
connection.execute(sa.text("DROP TABLE keyless"))  #! table-dropped
""",
    "a table dropped in a block": """
op.execute("DO $$ BEGIN DROP TABLE keyless; END $$")  #! table-dropped
""",
    "a table dropped if it is there": """
if "keyless" in sa.inspect(op.get_bind()).get_table_names():
    op.drop_table("keyless")  #! table-dropped
""",
    "a table dropped by its object": """
sa.Table("keyless", sa.MetaData(), sa.Column("a", sa.Integer)).drop(op.get_bind())  #! table-dropped
""",
    "a table of another schema dropped": """
op.drop_table("invoice", schema="billing")  #! table-dropped
""",
    "a table dropped with a reason": """
# driftcheck: ignore[migration-table-dropped] nobody reads it since 3.1
op.drop_table("keyless")
""",
    "a table of this revision dropped": """
op.create_table("ids", sa.Column("id", sa.BigInteger, primary_key=True))
op.execute("INSERT INTO ids SELECT id FROM account WHERE id < 10")
op.drop_table("ids")
""",
    "a table replaced by its copy": """
op.execute("CREATE TABLE keyless_new (a bigint NOT NULL, b int)")
op.execute("INSERT INTO keyless_new (a, b) SELECT a, b FROM keyless")
op.rename_table("keyless", "keyless_old")
op.rename_table("keyless_new", "keyless")
op.drop_table("keyless_old")
""",
    "a table replaced by half a copy": """
op.execute("CREATE TABLE keyless_new (a bigint NOT NULL)")
op.execute("INSERT INTO keyless_new (a) SELECT a FROM keyless")
op.rename_table("keyless", "keyless_old")  #! column-dropped
op.rename_table("keyless_new", "keyless")
op.drop_table("keyless_old")
""",
    "a table that has its name again": """
op.rename_table("comment", "reply")
op.rename_table("reply", "comment")
""",
    "a table in another schema": """
op.execute("ALTER TABLE comment SET SCHEMA billing")  #! table-renamed
""",
    "all rows, with the numbers": """
op.execute("TRUNCATE TABLE comment RESTART IDENTITY")  #! table-emptied
""",
    "all rows, by a condition": """
op.execute("DELETE FROM comment WHERE true")  #! table-emptied
""",
    "all rows, by SQLAlchemy": """
op.execute(sa.table("comment").delete().where(sa.true()))  #! table-emptied
""",
    "some rows": """
comment = sa.table("comment", sa.column("id"))
op.execute(comment.delete().where(comment.c.id == 5))
""",
    "columns dropped in a batch": """
with op.batch_alter_table("account", schema=None) as batch_op:
    batch_op.drop_column("bio")  #! column-dropped
    batch_op.drop_column("meta")  #! column-dropped
""",
    "columns dropped by f-strings": """
for column in ["bio", "meta"]:
    op.execute(f"ALTER TABLE account DROP COLUMN {column}")  #! column-dropped
""",
    "a column dropped in a block": """
op.execute("DO $x$ BEGIN IF true THEN ALTER TABLE account DROP COLUMN bio; END IF; END $x$")  #! column-dropped
""",
    "a column that is not there": """
op.execute("ALTER TABLE account DROP COLUMN IF EXISTS nothing_here")
""",
    "a column renamed in a batch": """
with op.batch_alter_table("account") as batch_op:
    batch_op.alter_column("bio", new_column_name="about", existing_type=sa.Text())  #! column-renamed
""",
    "a schema of this revision": """
op.execute("CREATE SCHEMA one")
op.execute("ALTER SCHEMA one RENAME TO two")
op.execute("DROP SCHEMA two")
""",
    "a view made anew": """
op.execute("DROP VIEW IF EXISTS active")
op.execute("CREATE VIEW active AS SELECT id, email, nick FROM account")
""",
    "a NOT NULL column in a batch": """
with op.batch_alter_table("account") as batch_op:
    batch_op.add_column(sa.Column("city", sa.Text))
    batch_op.add_column(sa.Column("phone", sa.Text, nullable=False))  #! column-required
""",
    "a NOT NULL column with a default in a batch": """
with op.batch_alter_table("account") as batch_op:
    batch_op.add_column(sa.Column("phone", sa.Text, nullable=False, server_default=""))
    batch_op.alter_column("bio", server_default=sa.text("'none'"), comment="about them")
""",
    "a value taken from an enum": """
op.execute("ALTER TYPE plan RENAME TO plan_old")
op.execute("CREATE TYPE plan AS ENUM ('free', 'pro')")
op.execute("DROP VIEW active")
op.execute("ALTER TABLE account ALTER plan DROP DEFAULT, ALTER plan TYPE plan USING plan::text::plan")  #! column-rewrite
op.execute("CREATE VIEW active AS SELECT id, email FROM account WHERE plan <> 'free'")
op.execute("ALTER TABLE account ALTER plan SET DEFAULT 'free'")
op.execute("DROP TYPE plan_old")  #! enum-value-removed
""",
    "a foreign key in a batch": """
with op.batch_alter_table("post") as batch_op:
    batch_op.create_foreign_key("fk_pa", "account", ["account_id"], ["id"])  #! foreign-key-validated
""",
    "a foreign key of a new column, in one statement": """
op.execute("ALTER TABLE post ADD COLUMN editor_id bigint REFERENCES account (id)")
""",
    "an index in a batch": """
with op.batch_alter_table("post") as batch_op:
    batch_op.create_index(batch_op.f("ix_post_title"), ["title"], unique=False)  #! index-not-concurrent
""",
    "an index by its object": """
post = sa.Table("post", sa.MetaData(), sa.Column("title", sa.Text))
sa.Index("ix_title", post.c.title).create(op.get_bind())  #! index-not-concurrent
""",
    "an index of a new table": """
op.create_table("z", sa.Column("id", sa.BigInteger, primary_key=True), sa.Column("k", sa.Text))
op.create_index("ix_z", "z", ["k"])
""",
    "a second index over the same column": """
op.create_index("ix_nick", "account", ["nick"])  #! index-not-concurrent index-duplicate
""",
    "a wide index of a new table": """
op.create_table("w", sa.Column("id", sa.BigInteger, primary_key=True), *[sa.Column(c, sa.Text) for c in "abcd"])
op.create_index("ix_w", "w", list("abcd"))  #! index-wide
""",
    "rows filled by a session": """
from sqlalchemy.orm import Session
op.add_column("post", sa.Column("slug", sa.Text))
session = Session(bind=op.get_bind())
session.execute(sa.text("UPDATE post SET slug = title"))  #! backfill-under-lock
""",
    "rows filled one by one": """
op.add_column("post", sa.Column("slug", sa.Text))
for row in op.get_bind().execute(sa.text("SELECT id, title FROM post WHERE id < 100")):
    op.get_bind().execute(sa.text("UPDATE post SET slug = :s WHERE id = :i"), {"s": row.title, "i": row.id})
""",
}

MARIADB_BASE = """
op.execute("CREATE TABLE account (id bigint PRIMARY KEY, email varchar(255) NOT NULL, bio text, score int)")
op.execute("CREATE TABLE keyless (a bigint NOT NULL, b int)")
"""

MARIADB = {
    "a table replaced by its copy": """
op.execute("CREATE TABLE keyless_new LIKE keyless")
op.execute("INSERT INTO keyless_new SELECT * FROM keyless")
op.execute("RENAME TABLE keyless TO keyless_old, keyless_new TO keyless")
op.execute("DROP TABLE keyless_old")
""",
    "all rows, by a condition": """
op.execute("DELETE FROM keyless WHERE 1=1")  #! table-emptied
""",
    "a few rows": """
op.execute("DELETE FROM keyless LIMIT 10")
""",
    "columns dropped in a batch": """
with op.batch_alter_table("account") as batch_op:
    batch_op.drop_column("bio")  #! column-dropped
""",
    "text made longer": """
op.alter_column("account", "bio", type_=sa.dialects.mysql.LONGTEXT(), existing_type=sa.Text())  #! table-copied
""",
    "text made shorter": """
op.alter_column("account", "bio", type_=sa.dialects.mysql.TINYTEXT(), existing_type=sa.Text())  #! column-narrowed table-copied
""",
}

SQLITE_BASE = """
op.execute("CREATE TABLE account (id INTEGER PRIMARY KEY, email VARCHAR(255) NOT NULL, nick VARCHAR(80), bio TEXT, "
           "score INTEGER, CONSTRAINT ck_score CHECK (score >= 0))")
op.execute("CREATE TABLE post (id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL, title VARCHAR(200) NOT NULL, "
           "CONSTRAINT fk_pa FOREIGN KEY (account_id) REFERENCES account (id))")
"""

SQLITE = {
    "a batch of many": """
with op.batch_alter_table("account") as batch_op:
    batch_op.add_column(sa.Column("city", sa.Text))
    batch_op.drop_column("bio")  #! column-dropped
    batch_op.alter_column("nick", existing_type=sa.String(80), nullable=False)  #! not-null-unfilled
    batch_op.alter_column("email", type_=sa.String(10))  #! column-narrowed
    batch_op.drop_constraint("ck_score")  #! constraint-dropped
""",
    "a batch of a helper": """
def without(table, *columns):
    with op.batch_alter_table(table) as batch_op:
        for column in columns:
            batch_op.drop_column(column)  #! column-dropped

# upgrade
without("account", "bio", "nick")
""",
    "a foreign key dropped in a batch": """
with op.batch_alter_table("post") as batch_op:
    batch_op.drop_constraint("fk_pa", type_="foreignkey")  #! constraint-dropped
""",
    "a unique constraint in a batch": """
with op.batch_alter_table("post") as batch_op:
    batch_op.create_unique_constraint("uq_title", ["title"])  #! unique-added
""",
    "a foreign key in a batch": """
with op.batch_alter_table("account") as batch_op:
    batch_op.create_foreign_key("fk_self", "account", ["score"], ["id"])
""",
    "a table that is rebuilt twice and renamed": """
for change in ({"type_": sa.String(300)}, {"server_default": "x"}):
    with op.batch_alter_table("account") as batch_op:
        batch_op.alter_column("email", **change)
op.rename_table("account", "person")  #! table-renamed
""",
    "a NOT NULL column for a table that was emptied": """
op.execute("DELETE FROM post")  #! table-emptied
with op.batch_alter_table("post") as batch_op:
    batch_op.add_column(sa.Column("slug", sa.Text, nullable=False))  #! column-without-default
""",
    "wider types in a batch": """
with op.batch_alter_table("account") as batch_op:
    batch_op.alter_column("email", type_=sa.String(500))
    batch_op.alter_column("score", type_=sa.BigInteger())
""",
}

BASES = {"postgresql": POSTGRESQL_BASE, "mariadb": MARIADB_BASE, "sqlite": SQLITE_BASE}
SPELLINGS = {"postgresql": POSTGRESQL, "mariadb": MARIADB, "sqlite": SQLITE}
