"""The pictures of the HTML report: what is drawn, where it stands, and what it leads to."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from driftcheck.difference import Change, Rename
from driftcheck.finding import Relation
from driftcheck.report.picture_api import api_picture
from driftcheck.report.picture_tables import table_of, tables_picture
from driftcheck.report.svg import CHARACTER, fitted, length
from tests.builders import finding


def column(object="orders.total", kind="column", **given):
    return finding(object=object, kind=kind, category="writes", operation=None, pointer=None, **given)


def tables(*findings, relations=()):
    return tables_picture([(each, f"f-{number}") for number, each in enumerate(findings)], relations)


def api(*findings):
    return api_picture([(each, f"f-{number}") for number, each in enumerate(findings)])


def texts(svg):
    return [each.text for each in ElementTree.fromstring(svg).iter("text")]


def box(svg, name):
    """Left and upper edge of a table."""
    root = ElementTree.fromstring(svg)
    for group in root.iter("g"):
        if any(name in (each.text or "") for each in group.iter("text")):
            rect = group.find("rect")
            return int(rect.get("x")), int(rect.get("y"))
    raise AssertionError(f"{name} is not drawn")


@pytest.mark.parametrize(
    ("object", "kind", "table"),
    [
        ("orders", "table", "orders"),
        ("billing.orders", "table", "billing.orders"),
        ("v_orders", "view", "v_orders"),
        ("orders.total", "column", "orders"),
        ("billing.orders.total", "column", "billing.orders"),
        ("orders.(a,b)", "unique", "orders"),
        ("orders.ix_total", "index", "orders"),
        ("order_status", "enum", ""),
        ("pgcrypto", "extension", ""),
        ("POST /orders", "operation", ""),
    ],
)
def test_the_table_of_a_finding(object, kind, table):
    assert table_of(column(object, kind)) == table


def test_no_table_no_picture():
    assert tables() == ""
    assert tables(column("order_status", "enum"), relations=(Relation("a", "b"),)) == ""


def test_a_table_with_what_changed_in_it():
    svg = tables(
        column(attribute="precision"),
        column("orders.qty", change=Change.RENAMED, rename=Rename("qty", "quantity", 0.8)),
        column("orders.(a)", "foreign_key", change=Change.MISSING, attribute=None),
    )
    assert texts(svg) == ["orders", "~", "total: precision", "→", "qty → quantity", "−", "foreign key (a)"]
    assert re.findall(r'href="#(f-\d)"', svg) == ["f-0", "f-1", "f-2"]


def test_a_table_that_came_or_went_is_said_in_its_head():
    assert texts(tables(column("audit", "table", change=Change.EXTRA)))[0] == "+ audit"
    assert texts(tables(column("audit", "table", change=Change.MISSING)))[0] == "− audit"


def test_references_run_from_left_to_right():
    chain = (Relation("items", "orders"), Relation("orders", "customers"))
    svg = tables(column(), relations=chain)
    assert box(svg, "items")[0] < box(svg, "orders")[0] < box(svg, "customers")[0]
    assert svg.count('class="edge') == 2


def test_what_refers_in_a_circle_is_drawn_all_the_same():
    circle = (Relation("orders", "b"), Relation("b", "c"), Relation("c", "orders"), Relation("b", "b"))
    svg = tables(column(), relations=circle)
    assert len({box(svg, name) for name in ("orders", "b", "c")}) == 3


def test_relations_of_other_tables_are_left_out():
    assert "elsewhere" not in tables(column(), relations=(Relation("elsewhere", "nowhere"),))


def test_a_foreign_key_that_drifted_is_an_edge_of_its_level():
    missing = column(
        "orders.(customer_id)",
        "foreign_key",
        change=Change.MISSING,
        expected="(customer_id) -> customers(id)",
        actual=None,
    )
    assert 'class="edge breaking"' in tables(missing)
    svg = tables(missing, relations=(Relation("orders", "customers", ("customer_id",)),))
    assert svg.count('class="edge') == 1


def test_tables_do_not_cover_each_other():
    svg = tables(*(column(f"t{number}.c") for number in range(30)))
    boxes = [
        tuple(int(rect.get(name)) for name in ("x", "y", "width", "height"))
        for rect in ElementTree.fromstring(svg).iter("rect")
        if rect.get("class").startswith("box")
    ]
    assert len(boxes) == 30
    for at, (x, y, w, h) in enumerate(boxes):
        for x2, y2, w2, h2 in boxes[at + 1 :]:
            assert x + w <= x2 or x2 + w2 <= x or y + h <= y2 or y2 + h2 <= y


def test_what_is_too_much_is_counted():
    assert "10 more tables drifted" in tables(*(column(f"t{number}.c") for number in range(50)))
    assert "6 more" in tables(*(column(f"t.c{number}") for number in range(15)))


def test_nothing_of_an_api_no_picture():
    assert api() == ""


def test_operations_stand_in_a_tree_of_paths():
    found = [finding(object=name) for name in ("GET /orders/{id}", "POST /orders", "DELETE /users/{id}/a")]
    shown = texts(api(*found))
    assert shown == ["/orders", "POST 1", "/{id}", "GET 1", "/users/{id}/a", "DELETE 1"]


def test_a_component_stands_beside_what_it_reaches():
    svg = api(finding(object="Order", operation=None, operations=("GET /orders", "POST /orders")))
    assert texts(svg) == ["/orders", "GET", "POST", "Order", "● 1"]
    assert svg.count('class="reach"') == 2
    assert svg.count('class="box pill "') == 2


def test_a_finding_of_a_path_is_counted_at_the_path():
    assert texts(api(finding(object="/orders", operation=None))) == ["/orders", "● 1"]


def test_webhooks_and_descriptions_are_drawn_too():
    assert "WEBHOOK POST 1" in texts(api(finding(object="WEBHOOK POST itemCreated")))
    assert "servers" in texts(api(finding(object="servers", kind="server", operation=None)))


def test_many_operations_are_cut_and_counted():
    assert "50 more" in api(*(finding(object=f"GET /a/{number}") for number in range(450)))


@pytest.mark.parametrize(
    ("text", "pixels", "shown"),
    [
        ("abc", 100, "abc"),
        ("abcdef", 3 * CHARACTER + 1, "ab…"),
        ("大小大小", 4 * CHARACTER + 1, "大…"),
        ("", 10, ""),
    ],
)
def test_text_is_cut_to_its_room(text, pixels, shown):
    assert fitted(text, pixels) == shown


def test_wide_letters_are_wide():
    assert length("大") == 2 * length("a")
    assert length("e\u0301") == length("e")
