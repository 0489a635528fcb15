"""The questions to PostgreSQL's catalogs, answered as JSON so that every driver reads them alike."""

from __future__ import annotations

import re

CONCURRENTLY = re.compile(r"\s+CONCURRENTLY\b", re.IGNORECASE)

MOMENT = """
SELECT
  (SELECT json_object_agg(key, level)::text FROM (
     SELECT relation::bigint AS key, max(CASE mode WHEN 'AccessExclusiveLock' THEN 3
       WHEN 'ShareUpdateExclusiveLock' THEN 1 ELSE 2 END) AS level
     FROM pg_locks
     WHERE locktype = 'relation' AND pid = pg_backend_pid() AND granted AND relation >= 16384
       AND mode IN ('ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock',
                    'AccessExclusiveLock')
     GROUP BY relation) AS held),
  (SELECT json_object_agg(oid::bigint, pg_stat_get_xact_numscans(oid))::text FROM pg_class
   WHERE oid >= 16384 AND relkind IN ('r', 'm') AND pg_stat_get_xact_numscans(oid) > 0),
  current_setting('lock_timeout')
"""

NODES = """
SELECT json_object_agg(c.oid::bigint, c.relfilenode::bigint)::text
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S', 'i', 'I') AND c.oid >= 16384
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
"""

OTHERS = """
SELECT
  (SELECT json_agg(json_build_array(t.oid::bigint,
     CASE WHEN n.nspname = current_schema() THEN '' ELSE n.nspname || '.' END || t.typname, t.typtype,
     (SELECT json_agg(json_build_array(e.oid::bigint, e.enumlabel) ORDER BY e.enumsortorder)
      FROM pg_enum e WHERE e.enumtypid = t.oid),
     (SELECT json_agg(pg_get_constraintdef(k.oid)) FROM pg_constraint k WHERE k.contypid = t.oid)
   ))::text FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
   WHERE t.typtype IN ('e', 'd') AND t.oid >= 16384 AND n.nspname <> 'information_schema'),
  (SELECT json_agg(json_build_array(oid::bigint, nspname))::text FROM pg_namespace
   WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'),
  (SELECT json_agg(json_build_array(extname, extversion))::text FROM pg_extension)
"""

TABLES = """
SELECT json_agg(json_build_object(
  'key', c.oid::bigint, 'name', c.relname, 'kind', c.relkind, 'node', c.relfilenode::bigint,
  'schema', CASE WHEN n.nspname = current_schema() THEN '' ELSE n.nspname END,
  'persistence', c.relpersistence, 'access', c.relam::bigint,
  'parent', (SELECT i.inhparent::bigint FROM pg_inherits i WHERE i.inhrelid = c.oid LIMIT 1),
  'columns', (SELECT json_agg(json_build_array(a.attnum, a.attname, format_type(a.atttypid, a.atttypmod),
      a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attgenerated, a.attidentity) ORDER BY a.attnum)
    FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind <> 'S'),
  'constraints', (SELECT json_agg(json_build_array(k.oid::bigint, k.conname, k.contype, k.convalidated,
      pg_get_constraintdef(k.oid),
      (SELECT json_agg(a.attname ORDER BY u.at) FROM unnest(k.conkey) WITH ORDINALITY u(num, at)
       JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.num),
      (SELECT CASE WHEN m.nspname = current_schema() THEN '' ELSE m.nspname || '.' END || f.relname
       FROM pg_class f JOIN pg_namespace m ON m.oid = f.relnamespace WHERE f.oid = k.confrelid),
      k.conindid::bigint) ORDER BY k.oid)
    FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype <> 't'),
  'indexes', (SELECT json_agg(json_build_array(i.indexrelid::bigint, x.relname, i.indisunique,
      i.indisprimary, pg_get_indexdef(i.indexrelid), x.relfilenode::bigint,
      (SELECT json_agg(pg_get_indexdef(i.indexrelid, s.at, true) ORDER BY s.at)
       FROM generate_series(1, i.indnkeyatts) AS s(at))) ORDER BY i.indexrelid)
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = c.oid),
  'triggers', (SELECT json_agg(json_build_array(t.tgname, pg_get_triggerdef(t.oid)) ORDER BY t.tgname)
    FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal)
))::text
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND c.oid >= 16384
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND ({where})
"""
