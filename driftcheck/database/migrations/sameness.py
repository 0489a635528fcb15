"""Tells with one query whether a PostgreSQL schema is as it was: far cheaper than to read it.

The order of columns and comments do not count. Other engines are read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

_MARK = """
WITH own AS (
  SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
), things(thing) AS (
  SELECT concat_ws(' ', 'r', n.nspname, c.relname, c.relkind, c.relpersistence, c.relrowsecurity,
                   c.relforcerowsecurity, c.relispartition, c.reloptions::text,
                   CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END,
                   CASE WHEN c.relkind = 'i' THEN pg_get_indexdef(c.oid) END,
                   CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END)
    FROM pg_class c JOIN own n ON n.oid = c.relnamespace
  UNION ALL
  SELECT concat_ws(' ', 'a', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod),
                   a.attnotnull, a.attidentity, a.attgenerated, a.attcollation,
                   pg_get_expr(d.adbin, d.adrelid))
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN own n ON n.oid = c.relnamespace
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')
  UNION ALL
  SELECT concat_ws(' ', 'c', conrelid::regclass, conname, pg_get_constraintdef(k.oid), convalidated)
    FROM pg_constraint k JOIN own n ON n.oid = k.connamespace
  UNION ALL
  SELECT concat_ws(' ', 'i', indexrelid::regclass, indisvalid) FROM pg_index x
    JOIN pg_class c ON c.oid = x.indexrelid JOIN own n ON n.oid = c.relnamespace
  UNION ALL
  SELECT concat_ws(' ', 'e', t.typname, n.nspname, e.enumlabel,
                   rank() OVER (PARTITION BY t.oid ORDER BY e.enumsortorder))
    FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid JOIN own n ON n.oid = t.typnamespace
  UNION ALL
  SELECT concat_ws(' ', 't', t.typname, n.nspname, t.typtype, t.typnotnull, t.typdefault)
    FROM pg_type t JOIN own n ON n.oid = t.typnamespace WHERE t.typtype IN ('d', 'e')
  UNION ALL
  SELECT concat_ws(' ', 's', schemaname, sequencename, data_type, start_value, min_value, max_value,
                   increment_by, cycle, cache_size)
    FROM pg_sequences
  UNION ALL
  SELECT concat_ws(' ', 'g', pg_get_triggerdef(g.oid), g.tgenabled) FROM pg_trigger g
    JOIN pg_class c ON c.oid = g.tgrelid JOIN own n ON n.oid = c.relnamespace WHERE NOT g.tgisinternal
  UNION ALL
  SELECT concat_ws(' ', 'f', p.oid::regprocedure, p.prokind, md5(p.prosrc), p.provolatile, p.prosecdef)
    FROM pg_proc p JOIN own n ON n.oid = p.pronamespace
  UNION ALL
  SELECT concat_ws(' ', 'p', schemaname, tablename, policyname, permissive, roles::text, cmd, qual,
                   with_check)
    FROM pg_policies
  UNION ALL
  SELECT concat_ws(' ', 'x', extname) FROM pg_extension
  UNION ALL
  SELECT concat_ws(' ', 'n', nspname) FROM own
)
SELECT md5(string_agg(thing, '|' ORDER BY thing)) FROM things
"""


def mark(connection: Connection) -> str | None:
    """Equal marks, equal schemas; None where it takes a reading to know."""
    if connection.dialect.name != "postgresql":
        return None
    plain = connection.execution_options(no_parameters=True)
    return str(plain.exec_driver_sql(_MARK).scalar())
