"""The catalog queries of PostgreSQL 12 and newer; every one takes the list of schemas at most.

Nothing here touches a user's table: pg_get_* functions read catalogs only.
"""

from __future__ import annotations

IN_SCOPE = "n.nspname = ANY(CAST(:schemas AS name[]))"
NOT_EXTENSION = (
    "NOT EXISTS (SELECT 1 FROM pg_depend x WHERE x.classid = '{catalog}'::regclass"
    " AND x.objid = {alias}.oid AND x.deptype = 'e')"
)
NOT_MADE = NOT_EXTENSION.replace("= 'e'", "IN ('e', 'i')")  # nor by a range type for itself

ROLE = "SELECT quote_ident(current_user), reset_val FROM pg_settings WHERE name = 'search_path'"

SERVER = """
SELECT current_setting('server_version_num')::int, current_schema(),
       ARRAY(SELECT DISTINCT x.nspname::text FROM pg_extension e JOIN pg_namespace x ON x.oid = e.extnamespace
             WHERE x.nspname <> 'pg_catalog' ORDER BY 1),
       ARRAY(SELECT extname::text FROM pg_extension ORDER BY 1),
       ARRAY(SELECT nspname::text FROM pg_namespace
             WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY 1),
       ARRAY(SELECT extname || ' ' || extversion FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1)
"""

MEMBERS = f"""
SELECT quote_ident(n.nspname), quote_ident(m.name) FROM (
    SELECT oid, typnamespace AS home, typname::text AS name, 'pg_type'::regclass AS kind FROM pg_type
    UNION ALL SELECT oid, pronamespace, proname::text, 'pg_proc'::regclass FROM pg_proc
    UNION ALL SELECT oid, opcnamespace, opcname::text, 'pg_opclass'::regclass FROM pg_opclass
    UNION ALL SELECT oid, oprnamespace, oprname::text, 'pg_operator'::regclass FROM pg_operator) m
JOIN pg_depend x ON x.classid = m.kind AND x.objid = m.oid AND x.deptype = 'e'
JOIN pg_namespace n ON n.oid = m.home
WHERE {IN_SCOPE}
"""

DEFAULT_VERSIONS = "SELECT name || ' ' || default_version FROM pg_available_extensions"

RELATIONS = f"""
SELECT c.oid::bigint, n.nspname::text, c.relname::text, c.relkind::text, c.relpersistence::text,
       c.relrowsecurity, c.relforcerowsecurity,
       CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END,
       CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END,
       d.description, c.reloptions::text[], c.relispopulated, h.parents
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_description d ON d.objoid = c.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0
LEFT JOIN (SELECT i.inhrelid, array_agg(quote_ident(pn.nspname) || '.' || quote_ident(pc.relname)
                                        ORDER BY i.inhseqno) AS parents
           FROM pg_inherits i JOIN pg_class pc ON pc.oid = i.inhparent
           JOIN pg_namespace pn ON pn.oid = pc.relnamespace GROUP BY 1) h ON h.inhrelid = c.oid
WHERE {IN_SCOPE} AND c.relkind IN ('r', 'p', 'f', 'v', 'm') AND NOT c.relispartition
  AND {NOT_EXTENSION.format(catalog="pg_class", alias="c")}
ORDER BY 2, 3
"""

COLUMNS = f"""
SELECT a.attrelid::bigint, a.attnum::int, a.attname::text, format_type(a.atttypid, a.atttypmod),
       a.attnotnull, pg_get_expr(f.adbin, f.adrelid), a.attidentity::text, a.attgenerated::text,
       CASE WHEN a.attcollation <> t.typcollation THEN
            (SELECT o.collname::text FROM pg_collation o WHERE o.oid = a.attcollation) END,
       d.description, a.attcollation::bigint
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
LEFT JOIN pg_description d ON d.objoid = c.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = a.attnum
WHERE {IN_SCOPE} AND c.relkind IN ('r', 'p', 'f', 'v', 'm') AND NOT c.relispartition
  AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY 1, 2
"""

CONSTRAINTS = f"""
SELECT k.conrelid::bigint, k.conname::text, k.contype::text, k.conkey::int[], k.conindid::bigint,
       fn.nspname::text, fc.relname::text,
       CASE WHEN k.contype = 'f' THEN ARRAY(
           SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY u(num, pos)
           JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.num ORDER BY u.pos) END,
       k.confdeltype::text, k.confupdtype::text, k.confmatchtype::text,
       k.condeferrable, k.condeferred, k.convalidated,
       CASE WHEN k.contype = 'c' THEN pg_get_expr(k.conbin, k.conrelid)
            WHEN k.contype = 'x' THEN pg_get_constraintdef(k.oid) END,
       k.connoinherit, {{only}}::int[], d.description
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_class fc ON fc.oid = k.confrelid
LEFT JOIN pg_namespace fn ON fn.oid = fc.relnamespace
LEFT JOIN pg_description d ON d.objoid = k.oid AND d.classoid = 'pg_constraint'::regclass
WHERE {IN_SCOPE} AND NOT c.relispartition AND k.contype IN ('p', 'u', 'f', 'c', 'x') AND k.conparentid = 0
ORDER BY 1, 2
"""

INDEXES = f"""
SELECT i.indrelid::bigint, i.indexrelid::bigint, x.relname::text, m.amname::text, i.indisunique, i.indisvalid,
       i.indnkeyatts::int, i.indkey::int2[], i.indclass::oid[]::bigint[], i.indcollation::oid[]::bigint[],
       i.indoption::int2[], pg_get_expr(i.indpred, i.indrelid),
       CASE WHEN i.indexprs IS NOT NULL THEN ARRAY(
           SELECT pg_get_indexdef(i.indexrelid, pos, false) FROM generate_series(1, i.indnkeyatts) pos) END,
       x.reloptions::text[], {{nulls}}, d.description
FROM pg_index i
JOIN pg_class x ON x.oid = i.indexrelid
JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_am m ON m.oid = x.relam
LEFT JOIN pg_description d ON d.objoid = x.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0
WHERE {IN_SCOPE} AND c.relkind IN ('r', 'p', 'm') AND NOT c.relispartition
ORDER BY 1, 3
"""

OPCLASSES = "SELECT oid::bigint, opcname::text FROM pg_opclass WHERE NOT opcdefault"

COLLATIONS = "SELECT oid::bigint, collname::text FROM pg_collation"

TYPES = f"""
SELECT n.nspname::text, t.typname::text, t.typtype::text,
       CASE WHEN t.typtype = 'e' THEN ARRAY(
           SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder) END,
       CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END,
       t.typnotnull, t.typdefault,
       CASE WHEN t.typtype = 'd' THEN ARRAY(
           SELECT pg_get_constraintdef(k.oid) FROM pg_constraint k
           WHERE k.contypid = t.oid AND k.contype = 'c' ORDER BY 1) END,
       EXISTS (SELECT 1 FROM pg_attribute a WHERE a.atttypid IN (t.oid, t.typarray) AND NOT a.attisdropped),
       d.description,
       CASE WHEN t.typtype = 'c' THEN ARRAY(
           SELECT quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) FROM pg_attribute a
           WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum)
            WHEN t.typtype = 'r' THEN (
           SELECT ARRAY['range of ' || format_type(r.rngsubtype, NULL)] FROM pg_range r
           WHERE r.rngtypid = t.oid) END,
       CASE WHEN t.typtype = 'd' AND t.typcollation <> b.typcollation THEN (
           SELECT o.collname::text FROM pg_collation o WHERE o.oid = t.typcollation) END
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_class k ON k.oid = t.typrelid
LEFT JOIN pg_type b ON b.oid = t.typbasetype
LEFT JOIN pg_description d ON d.objoid = t.oid AND d.classoid = 'pg_type'::regclass
WHERE {IN_SCOPE} AND (t.typtype IN ('e', 'd', 'r') OR k.relkind = 'c')
  AND {NOT_EXTENSION.format(catalog="pg_type", alias="t")}
ORDER BY 1, 2
"""

SEQUENCES = f"""
SELECT n.nspname::text, c.relname::text, format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement,
       s.seqmin, s.seqmax, s.seqcache, s.seqcycle, o.refobjid::bigint, o.refobjsubid::int
FROM pg_sequence s
JOIN pg_class c ON c.oid = s.seqrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_depend o ON o.classid = 'pg_class'::regclass AND o.objid = c.oid
     AND o.refclassid = 'pg_class'::regclass AND o.refobjsubid > 0 AND o.deptype IN ('a', 'i')
WHERE {IN_SCOPE} AND {NOT_EXTENSION.format(catalog="pg_class", alias="c")}
ORDER BY 1, 2
"""

TRIGGERS = f"""
SELECT n.nspname::text, c.relname::text, t.tgname::text, pg_get_triggerdef(t.oid), t.tgenabled::text
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {IN_SCOPE} AND NOT t.tgisinternal AND NOT c.relispartition
  AND {NOT_EXTENSION.format(catalog="pg_trigger", alias="t")}
ORDER BY 1, 2, 3
"""

FUNCTIONS = f"""
SELECT n.nspname::text, p.proname::text, pg_get_function_identity_arguments(p.oid),
       CASE WHEN p.prokind IN ('f', 'p') THEN pg_get_functiondef(p.oid) ELSE concat_ws(' ',
           p.prokind, g.aggtransfn::regproc, format_type(g.aggtranstype, NULL), g.agginitval,
           nullif(g.aggfinalfn::oid, 0)::regproc, nullif(g.aggcombinefn::oid, 0)::regproc) END
FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace
LEFT JOIN pg_aggregate g ON g.aggfnoid = p.oid
WHERE {IN_SCOPE} AND {NOT_MADE.format(catalog="pg_proc", alias="p")}
ORDER BY 1, 2, 3
"""

POLICIES = f"""
SELECT p.polrelid::bigint, p.polname::text, p.polcmd::text, p.polpermissive,
       ARRAY(SELECT CASE WHEN r = 0 THEN 'public' ELSE pg_get_userbyid(r)::text END
             FROM unnest(p.polroles) r ORDER BY 1),
       pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)
FROM pg_policy p
JOIN pg_class c ON c.oid = p.polrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {IN_SCOPE}
ORDER BY 1, 2
"""

STAMP_READABLE = """
SELECT n.nspname::text, c.relname::text, has_table_privilege(c.oid, 'SELECT')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relname = :table AND c.relkind = 'r' AND n.nspname = ANY(CAST(:schemas AS name[]))
ORDER BY 3 DESC, n.nspname <> current_schema()
"""
