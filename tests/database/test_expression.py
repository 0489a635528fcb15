"""Spellings that mean the same are one, those that do not are not."""

from __future__ import annotations

import pytest

from driftcheck.database.expression import canonical, canonical_default

SAME = [
    ("0 < v", "v > 0"),
    ("((v > 0))", "v > 0"),
    ("a = b", "b = a"),
    ("a > 0 AND b < 3", "((b < 3) AND (a > 0))"),
    ("a or b and c", "(b and c) or a"),
    ("lower((email)::text)", "lower(email)"),
    ("CURRENT_TIMESTAMP", "now()"),
    ("timezone('utc'::text, now())", "(now() AT TIME ZONE 'utc')"),
    ("current_timestamp()", "(CURRENT_TIMESTAMP)"),
    ("\"Name\" <> 'x'", "name != 'x'"),
    (
        "((s)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
        "(s = ANY (ARRAY['b'::text, 'a'::text]))",
    ),
    ("s IN ('a', 'b')", "s in ('b','a')"),
    ("a BETWEEN 1 AND 2 AND b = 1", "b = 1 AND a BETWEEN 1 AND 2"),
    ("x /* why */ > 1 -- because", "1 < x"),
    ("1.0 < x", "x > 1"),
    ("datetime('now')", "CURRENT_TIMESTAMP"),
    ("(date( 'now' ))", "current_date"),
    ("a NOT NULL", "a IS NOT NULL"),
    ("a NOTNULL AND b > 1", "(b > 1) AND a IS NOT NULL"),
    ("a ISNULL", "a IS NULL"),
    ("character_length(a) > 3", "char_length(a) > 3"),
]
OTHER = [
    ("v > 0", "v >= 0"),
    ("v > 0", "v > 1"),
    ("a - b", "b - a"),
    ("s = 'A'", "s = 'a'"),
    ("now()", "(now() AT TIME ZONE 'utc'::text)"),
    ("(a or b) and c", "a or b and c"),
    ("ARRAY['a', 'b']", "ARRAY['b', 'a']"),
    ("x::integer", "x"),
    ("coalesce(a, b)", "coalesce(b, a)"),
    ("a LIKE 'x%'", "a LIKE 'y%'"),
    ("CASE WHEN a = 1 AND b = 2 THEN 3 END", "CASE WHEN a = 1 AND b = 2 THEN 4 END"),
    ("NOT (a = 1)", "a = 1"),
    ("now()::date", "now()"),
    ("datetime('now', 'utc')", "CURRENT_TIMESTAMP"),
    ("datetime('now')", "date('now')"),
    ("a IS NOT NULL", "a IS NULL"),
    ("NOT NULL", "IS NOT NULL"),
    ("isnull(a)", "a IS NULL"),
    ("a = notnull", "a IS NOT NULL"),
    ("length(a) > 3", "char_length(a) > 3"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same(one, other):
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_not_the_same(one, other):
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize("text", [text for pair in SAME + OTHER for text in pair])
def test_folding_twice_is_folding_once(text):
    assert canonical(canonical(text)) == canonical(text)


@pytest.mark.parametrize(
    ("default", "numeric", "expected"),
    [
        (None, False, None),
        ("NULL::character varying", False, None),
        ("'0'::bigint", True, "0"),
        ("0.00", True, "0"),
        ("'-1'::integer", True, "-1"),
        ("(-1)", True, "-1"),
        ("true", True, "1"),
        ("'0'", False, "'0'"),
        ("'it''s'::text", False, "'it''s'"),
    ],
)
def test_defaults(default, numeric, expected):
    assert canonical_default(default, numeric=numeric) == expected


ARRAYS = [
    ("'{}'::integer[]", "ARRAY[]::integer[]", True),
    ("'{1,2}'::integer[]", "ARRAY[1, 2]", True),
    ("'{-1}'::integer[]", "ARRAY['-1'::integer]", True),
    ("'{a,b_c}'::text[]", "ARRAY['a'::text, 'b_c'::text]", True),
    ("'{1,2}'::integer[]", "ARRAY[2, 1]", False),
    ("'{a,b}'::text[]", "ARRAY['a,b'::text]", False),
    ("'{NULL}'::text[]", "ARRAY['NULL'::text]", False),
    ("'{\"\"}'::text[]", "ARRAY[]::text[]", False),
    ("'{{1},{2}}'::integer[]", "ARRAY[1, 2]", False),
    ("'{a b}'::text[]", "ARRAY['ab'::text]", False),
    ("ARRAY[lower('A'::text)]", "'{a}'::text[]", False),
]


@pytest.mark.parametrize(("one", "other", "same"), ARRAYS)
def test_arrays(one, other, same):
    told = {canonical_default(text, array=True, column="text[]") for text in (one, other)}
    assert (len(told) == 1) is same


@pytest.mark.parametrize(
    ("default", "column", "expected"),
    [
        ("(now())::date", "date", "now ()"),
        ("(now())::timestamp without time zone", "timestamp without time zone", "now ()"),
        ("((1 + 2))::numeric(10,2)", "numeric(10,2)", "1 + 2"),
        ("(now())::date", "timestamp without time zone", "(now ()) :: date"),
        ("(1.555)::numeric(10,1) + 1", "numeric(10,1)", "1.555 + 1"),
    ],
)
def test_a_cast_to_the_type_of_the_column(default, column, expected):
    assert canonical_default(default, column=column) == expected


@pytest.mark.parametrize(
    "text", ["", "(", ")", "'", "a = ", "((((", "]", "::", "a ::", "and or", "\x00", "'" * 99]
)
def test_nonsense_is_no_crash(text):
    assert isinstance(canonical(text), str)
