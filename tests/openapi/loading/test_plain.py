"""Mappings made by Python code: copied, with JSON's kinds of values only."""

import datetime
from collections import OrderedDict
from types import MappingProxyType

import pytest

from driftcheck.errors import DriftcheckError
from driftcheck.openapi.loading.plain import may_have_names, plain


class Lazy:
    """A text that is made when it is needed, as translations are."""

    def __str__(self):
        return "lazy"


@pytest.mark.parametrize(
    ("value", "copy"),
    [
        ({200: "x", None: 1, True: 2, 1.5: 3}, {"200": "x", "null": 1, "true": 2, "1.5": 3}),
        ({"a": (1, 2)}, {"a": [1, 2]}),
        ({"a": frozenset(["x"])}, {"a": ["x"]}),
        ({"a": OrderedDict(b=1)}, {"a": {"b": 1}}),
        (MappingProxyType({"a": 1}), {"a": 1}),
        ({"a": Lazy()}, {"a": "lazy"}),
        ({"a": datetime.date(2020, 1, 2)}, {"a": "2020-01-02"}),
        ({"a": 10**30}, {"a": 10**30}),
        ({"a": None, "b": 1.5, "c": True}, {"a": None, "b": 1.5, "c": True}),
    ],
)
def test_copies(value, copy):
    assert plain(value, "s")[0] == copy


def cycle():
    value = {}
    value["self"] = value
    return value


def deep():
    value = {}
    for _ in range(5000):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"a": float("nan")}, "holds NaN or an infinite number"),
        ({"a": [{"b": float("-inf")}]}, "holds NaN or an infinite number"),
        (cycle(), "cannot be written as JSON"),
        (deep(), "cannot be written as JSON"),
        ({(1, 2): 3}, "cannot be written as JSON"),
    ],
)
def test_what_json_cannot_hold_is_refused(value, message):
    with pytest.raises(DriftcheckError, match=message):
        plain(value, "s")


@pytest.mark.parametrize(
    ("text", "may"),
    [
        (b'{"$id": 1}', True),
        (b"$anchor: x", True),
        (b"$dynamicAnchor: x", True),
        (b"$self: x", True),
        (b'{"$ref": "x", "id": 1, "$identity": 2}', False),
    ],
)
def test_texts_that_may_hold_other_names(text, may):
    assert may_have_names(text) is may
