"""Small values for tests: each takes only what the test is about."""

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
from driftcheck.finding import Finding, Report, Skipped
from driftcheck.rule import Example, RuleSet


def difference(**given):
    values = {
        "subject": "request-property",
        "kind": "property",
        "object": "POST /orders",
        "change": Change.CHANGED,
        "attribute": "maxLength",
        "cause": "old.yaml#/components/schemas/Order/properties/note",
        "flow": Flow.SENT,
        "effect": Effect.NARROWED,
        "operation": "POST /orders",
        "pointer": "/requestBody/content/application~1json/schema/properties/note",
        "expected": 50,
        "actual": 20,
    }
    return Difference(**{**values, **given})


def finding(**given):
    own = {
        name: given.pop(name)
        for name in ("rule", "severity", "title", "message", "category", "locations")
        if name in given
    }
    values = {
        "rule": "request-property-max-length-decreased",
        "severity": Severity.BREAKING,
        "title": "Maximum length of a request property decreased",
        "message": 'The request property "note" may be at most 20 characters long, not 50.',
        "category": "wire",
        "difference": difference(**given),
    }
    return Finding(**{**values, **own})


def report(*findings, skipped=(), **given):
    values = {"command": "api", "expected": "old.yaml", "actual": "new.yaml"}
    return Report(**{**values, **given}, findings=findings, skipped=skipped)


def rules(*declared):
    """A rule set; each of `declared` has the keywords of RuleSet.rule, and may leave most of them out."""
    found = RuleSet()
    for number, given in enumerate(declared):
        values = {
            "id": f"rule-{number}",
            "on": ("request-property", Change.CHANGED, "maxLength"),
            "title": f"Rule {number}",
            "severity": Severity.BREAKING,
            "why": "Because.",
            "fix": "Mend it.",
            "bad": Example("a", "b"),
            "good": Example("a", "a"),
        }
        message = given.pop("message", lambda d: "said")
        found.rule(**{**values, **given})(message)
    return found


def rich_report():
    """A report with one of everything that a renderer has to show."""
    renamed = finding(
        rule="request-property-renamed",
        title="Request property renamed",
        message='The request property "email" is now called "user_email".',
        change=Change.RENAMED,
        attribute=None,
        expected="email",
        actual="user_email",
        cause="old.yaml#/components/schemas/NewOrder/properties/email",
        pointer="/requestBody/content/application~1json/schema/properties/email",
        rename=Rename("email", "user_email", 0.912),
        counterexample=Counterexample(
            {"email": "a@b.c", "items": []}, Side.EXPECTED, Side.ACTUAL, "'user_email' is a required property"
        ),
        locations=(Location(Side.EXPECTED, "old.yaml", 44, 9), Location(Side.ACTUAL, "new.yaml", 46, 9)),
    )
    shared = finding(
        rule="response-property-enum-value-added",
        severity=Severity.RISKY,
        title="Value added to the enum of a response property",
        message='The response property "status" may now be "returned".',
        object="Order",
        kind="property",
        attribute="enum",
        operation=None,
        pointer="/properties/status",
        cause="old.yaml#/components/schemas/Order/properties/status",
        flow=Flow.RECEIVED,
        effect=Effect.WIDENED,
        expected=["open", "paid", "shipped"],
        actual=["open", "paid", "shipped", "returned"],
        operations=("GET /orders", "GET /orders/{id}", "POST /orders", "PUT /orders/{id}"),
        note="Clients that know all values of an enum may not know what to do with a new one.",
        locations=(Location(Side.ACTUAL, "new.yaml", 63),),
    )
    added = finding(
        rule="response-added",
        severity=Severity.INFO,
        title="Error status added",
        message="Status 429 was added.",
        kind="response",
        change=Change.EXTRA,
        attribute=None,
        expected=None,
        actual="429",
        pointer="/responses/429",
        cause="new.yaml#/paths/~1orders/post/responses/429",
        flow=Flow.RECEIVED,
        effect=Effect.WIDENED,
    )
    skipped = (Skipped("GET /broken", "the reference #/components/schemas/Gone leads nowhere"),)
    return report(renamed, shared, added, skipped=skipped)
