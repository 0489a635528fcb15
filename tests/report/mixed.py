"""A report of everything at once: an API, a database, migrations and traffic, as of `driftcheck check`."""

from __future__ import annotations

from driftcheck.difference import (
    Change,
    Counterexample,
    Difference,
    Effect,
    Flow,
    Location,
    Rename,
    Severity,
    Side,
)
from driftcheck.finding import Finding, Relation, Report, Skipped
from driftcheck.report import Layout

OLD = [
    "openapi: 3.1.0",
    "paths:",
    "  /orders/{id}:",
    "    get:",
    '      "202": {description: later}',
    "components:",
    "  schemas:",
    "    NewOrder:",
    "      properties:",
    "        email: {type: string}",
    "        note: {type: string, maxLength: 50}",
]
NEW = [
    "openapi: 3.1.0",
    "info: {title: shop}",
    "paths:",
    "  /orders/{id}:",
    "    get:",
    "components:",
    "  schemas:",
    "    NewOrder:",
    "      properties:",
    "        user_email: {type: string}",
    "        note: {type: string, maxLength: 20}",
]
MODELS = [
    "class Order(Base):",
    "    total = mapped_column(Numeric(10, 2))",
    "    qty = mapped_column(Integer)",
]
MIGRATION = ["def upgrade():", '    op.drop_column("orders", "qty")']
FILES = {
    "main:openapi.yaml": OLD,
    "openapi.yaml": NEW,
    "app/models.py": MODELS,
    "migrations/versions/4f2a_drop_qty.py": MIGRATION,
}
LAYOUT = Layout(sources=FILES.get, home="driftcheck.toml")


def _at(side: Side, file: str, line: int | None = None, column: int | None = None) -> Location:
    return Location(side, file, line, column)


def _finding(rule, severity, title, message, category, locations=(), used_by=(), **given):
    values = {"subject": given["kind"], "cause": given["object"]}
    return Finding(
        rule, severity, title, message, category, Difference(**{**values, **given}), tuple(locations), used_by
    )


def api_findings():
    """A rename and a narrowed value of a component, and a status that is gone from an operation."""
    schema = "/requestBody/content/application~1json/schema/properties"
    yield _finding(
        "request-property-renamed",
        Severity.BREAKING,
        "A request property was renamed",
        "field email was renamed to user_email",
        "wire",
        (_at(Side.EXPECTED, "main:openapi.yaml", 10, 9), _at(Side.ACTUAL, "openapi.yaml", 10, 9)),
        (
            {"consumer": "web", "test": None, "file": "shop.har", "line": 12, "method": "POST"}
            | {"path": "/orders", "why": "sends email"},
        ),
        kind="property",
        object="NewOrder",
        change=Change.RENAMED,
        expected="email",
        actual="user_email",
        flow=Flow.SENT,
        effect=Effect.NARROWED,
        operation="POST /orders",
        operations=("POST /orders", "PUT /orders/{id}"),
        pointer=f"{schema}/email",
        rename=Rename("email", "user_email", 0.91),
        counterexample=Counterexample(
            {"email": "a@example.com"}, Side.EXPECTED, Side.ACTUAL, '"user_email" is a required property'
        ),
    )
    yield _finding(
        "request-property-max-length-decreased",
        Severity.BREAKING,
        "maxLength decreased in a request property",
        "field note: maxLength was 50, is now 20",
        "wire",
        (_at(Side.EXPECTED, "main:openapi.yaml", 11, 30), _at(Side.ACTUAL, "openapi.yaml", 11, 30)),
        kind="property",
        object="NewOrder",
        change=Change.CHANGED,
        attribute="maxLength",
        expected=50,
        actual=20,
        flow=Flow.SENT,
        effect=Effect.NARROWED,
        operation="POST /orders",
        operations=("POST /orders",),
        pointer=f"{schema}/note",
        counterexample=Counterexample({"note": "a" * 21}, Side.EXPECTED, Side.ACTUAL, "it is too long"),
    )
    yield _finding(
        "response-success-status-removed",
        Severity.BREAKING,
        "A success status was removed",
        "202 is no longer one of the answers",
        "wire",
        (_at(Side.EXPECTED, "main:openapi.yaml", 5, 7),),
        kind="response",
        object="GET /orders/{id}",
        change=Change.MISSING,
        flow=Flow.RECEIVED,
        effect=Effect.NARROWED,
        operation="GET /orders/{id}",
        pointer="/responses/202",
    )


def database_findings():
    """A column that lost digits by hand, one under another name, a foreign key and a table nobody knows."""
    yield _finding(
        "column-precision-narrowed",
        Severity.BREAKING,
        "Column has another precision",
        "precision of column orders.total is 8, expected 10.",
        "writes",
        (_at(Side.EXPECTED, "app/models.py", 2),),
        kind="column",
        object="orders.total",
        change=Change.CHANGED,
        attribute="precision",
        expected={"precision": 10, "scale": 2},
        actual={"precision": 8, "scale": 2},
        flow=Flow.SENT,
        effect=Effect.NARROWED,
        attribution="hand-made",
    )
    yield _finding(
        "column-renamed",
        Severity.BREAKING,
        "Column has another name",
        "column orders.qty is called quantity.",
        "writes",
        (_at(Side.EXPECTED, "app/models.py", 3),),
        kind="column",
        object="orders.qty",
        change=Change.RENAMED,
        expected="qty",
        actual="quantity",
        rename=Rename("qty", "quantity", 0.8),
    )
    yield _finding(
        "foreign-key-missing",
        Severity.RISKY,
        "Foreign key is missing",
        "foreign key orders.(customer_id) is missing.",
        "writes",
        kind="foreign_key",
        object="orders.(customer_id)",
        change=Change.MISSING,
        expected="(customer_id) -> customers(id)",
    )
    yield _finding(
        "table-extra",
        Severity.INFO,
        "Table is not expected",
        "table audit is not expected.",
        "schema",
        kind="table",
        object="audit",
        change=Change.EXTRA,
        actual=["id", "order_id"],
    )


def other_findings():
    """A migration that loses rows, and a recorded call that does not keep to the description."""
    yield _finding(
        "migration-column-dropped",
        Severity.BREAKING,
        "A migration drops a column",
        "revision 4f2a drops column orders.qty, and the values in it are gone.",
        "danger",
        (_at(Side.ACTUAL, "migrations/versions/4f2a_drop_qty.py", 2, 5),),
        kind="migration",
        object="4f2a",
        change=Change.CHANGED,
        attribute="drop_column",
        actual="orders.qty",
        note="PostgreSQL takes ACCESS EXCLUSIVE on orders for it.",
    )
    yield _finding(
        "recorded-response-undeclared",
        Severity.RISKY,
        "A recorded answer is not described",
        "status 404 was recorded, and the description has no such answer.",
        "recordings",
        (_at(Side.EXPECTED, "shop.har", 310), _at(Side.ACTUAL, "openapi.yaml", 5)),
        kind="exchange",
        object="GET /orders/{id}",
        change=Change.EXTRA,
        operation="GET /orders/{id}",
        actual=404,
    )


def mixed_report(**given):
    """All of them, the worst first."""
    found = sorted(
        [*api_findings(), *database_findings(), *other_findings()], key=lambda finding: finding.severity.rank
    )
    values = {
        "command": "check",
        "expected": "main:openapi.yaml",
        "actual": "openapi.yaml",
        "findings": tuple(found),
        "skipped": (Skipped("GET /broken", "the reference #/components/schemas/Gone leads nowhere"),),
        "relations": (
            Relation("audit", "orders", ("order_id",)),
            Relation("order_items", "orders", ("order_id",)),
            Relation("orders", "customers", ("customer_id",)),
        ),
    }
    return Report(**{**values, **given})
