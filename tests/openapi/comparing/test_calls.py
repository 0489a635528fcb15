"""Webhooks and callbacks: the direction turned round."""

import pytest

from tests.openapi.differ import finding, findings, operation, said

JSON = "application/json: {schema: {type: object}}"
XML = "application/xml: {schema: {type: object}}"


def webhook(members="", name="made", method="post"):
    return f"webhooks: {{{name}: {{{method}: {{{members}}}}}}}"


def payload(content=JSON, more=""):
    return webhook(f"requestBody: {{{more}content: {{{content}}}}}")


def reply(*statuses, text=""):
    return webhook("responses: {" + ", ".join(f"'{status}': {{{text}}}" for status in statuses) + "}")


def header(more=""):
    return webhook(f"parameters: [{{name: X-Sig, in: header{more}}}]")


class TestWebhooks:
    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            (
                "webhooks: {a: {post: {}}, b: {post: {}}}",
                "webhooks: {a: {post: {}}}",
                "breaking webhook-removed @ WEBHOOK POST b",
            ),
            (
                "webhooks: {a: {post: {}}}",
                "webhooks: {a: {post: {}}, b: {post: {}}}",
                "info webhook-added @ WEBHOOK POST b",
            ),
            (webhook(), webhook(name="created"), None),
            (
                webhook(name="itemCreated"),
                webhook(name="item_created"),
                "breaking webhook-renamed @ WEBHOOK POST itemCreated",
            ),
            (payload(), webhook(), "breaking response-payload-removed"),
            (webhook(), payload(), "info response-payload-added"),
            (payload(more="required: true, "), payload(), "breaking response-payload-became-optional"),
            (payload(), payload(more="required: true, "), "info response-payload-became-required"),
            (payload(), payload(XML), "breaking response-payload-media-type-replaced"),
            (payload(), payload(f"{JSON}, {XML}"), "risky response-payload-media-type-added"),
            (payload(f"{JSON}, {XML}"), payload(), "info response-payload-media-type-removed"),
            (reply("200", "204"), reply("200"), "breaking request-reply-success-status-removed"),
            (reply("200"), reply("200", "204"), "info request-reply-success-status-added"),
            (reply("2XX"), reply("200"), "breaking request-reply-success-status-removed"),
            (reply("200", "400"), reply("200"), "info request-reply-error-status-removed"),
            (reply("200"), reply("200", "400"), "info request-reply-error-status-added"),
            (reply("200"), reply("200", text=f"content: {{{JSON}}}"), "risky request-reply-body-added"),
            (reply("200", text=f"content: {{{JSON}}}"), reply("200"), "info request-reply-body-removed"),
            (
                reply("200", text=f"content: {{{JSON}, {XML}}}"),
                reply("200", text=f"content: {{{JSON}}}"),
                "breaking request-reply-body-media-type-removed",
            ),
            (
                reply("200"),
                reply("200", text="headers: {X-A: {required: true}}"),
                "breaking request-required-parameter-added",
            ),
            (header(), webhook(), "breaking response-header-removed"),
            (webhook(), header(", required: true"), "info response-header-added"),
            (header(", required: true"), header(), "breaking response-header-became-optional"),
            (header(), header(", required: true"), "info response-header-became-required"),
        ],
    )
    def test_fires(self, old, new, expected):
        if expected is None:
            assert {each.rule for each in findings(old, new)} == {"webhook-removed", "webhook-added"}
        else:
            where = "" if "@" in expected else " @ WEBHOOK POST made"
            assert said(old, new) == [expected + where]

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (webhook(), webhook("deprecated: false")),
            (reply("200"), reply("2XX")),
            (reply("200", "201"), reply("2XX")),
            (payload(), payload("application/json; charset=utf-8: {schema: {type: object}}")),
            (webhook(), webhook().replace("webhooks", "x-webhooks")),
        ],
    )
    def test_silent(self, old, new):
        assert said(old, new) == []

    def test_the_payload_is_received(self):
        one, two = "{type: object, required: [a], properties: {a: {type: string}}}", "{type: object}"
        old, new = payload(JSON.replace("{type: object}", one)), payload(JSON.replace("{type: object}", two))
        found = finding(old, new)
        assert (found.severity, found.difference.flow) == ("breaking", "received")
        assert found.difference.object == "WEBHOOK POST made"
        assert [each.severity for each in findings(new, old)] == ["info"]

    def test_the_reply_is_sent(self):
        old, new = (
            reply(
                "200",
                text=f"content: {{application/json: {{schema: {{type: object, required: [{names}],"
                " properties: {a: {type: string}}}}}",
            )
            for names in ("", "a")
        )
        found = finding(old, new)
        assert (found.severity, found.difference.flow) == ("breaking", "sent")

    def test_a_method(self):
        assert len(findings(webhook(), webhook(method="put"))) == 2

    def test_selected_by_label(self):
        old = "webhooks: {a: {post: {}}, b: {post: {}}}"
        assert said(old, "{}", only=("WEBHOOK POST b",)) == ["breaking webhook-removed @ WEBHOOK POST b"]

    def test_a_webhook_behind_a_reference(self):
        old = "webhooks: {a: {$ref: '#/components/pathItems/A'}}\ncomponents: {pathItems: {A: {post: {}}}}"
        assert said(old, "webhooks: {a: {post: {}}}") == []


def callback(members="", expression="{$request.query.url}", name="done", method="post"):
    return operation(f'callbacks: {{{name}: {{"{expression}": {{{method}: {{{members}}}}}}}}}', "post")


class TestCallbacks:
    @pytest.mark.parametrize(
        ("old", "new", "rule"),
        [
            (callback(), operation("", "post"), "breaking callback-removed"),
            (operation("", "post"), callback(), "info callback-added"),
            (callback(), callback(expression="{$request.body#/url}"), "breaking callback-url-changed"),
            (callback("requestBody: {content: {a/b: {}}}"), callback(), "breaking response-payload-removed"),
            (
                callback("responses: {'200': {}, '204': {}}"),
                callback("responses: {'200': {}}"),
                "breaking request-reply-success-status-removed",
            ),
            (callback("deprecated: true"), callback(), "info operation-deprecation-withdrawn"),
        ],
    )
    def test_fires(self, old, new, rule):
        found = finding(old, new)
        assert f"{found.severity} {found.rule}" == rule

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (callback(), callback(name="finished")),
            (callback(), callback("deprecated: false")),
        ],
    )
    def test_silent(self, old, new):
        assert said(old, new) == []

    def test_where(self):
        d = finding(callback("requestBody: {content: {a/b: {}}}"), callback()).difference
        assert d.object == "POST /items callback done POST {$request.query.url}"
        assert (d.operation, d.pointer) == (d.object, "/requestBody")

    def test_a_method_changed(self):
        assert sorted(each.rule for each in findings(callback(), callback(method="put"))) == [
            "callback-added",
            "callback-removed",
        ]

    def test_behind_a_reference(self):
        old = operation("callbacks: {done: {$ref: '#/components/callbacks/C'}}", "post")
        old += 'components: {callbacks: {C: {"{$request.query.url}": {post: {}}}}}'
        assert said(old, callback()) == []
        assert said(old, old.replace("post: {}}}}}", "post: {deprecated: true}}}}}")) != []

    def test_one_that_contains_itself_ends(self):
        text = operation("callbacks: {done: {$ref: '#/components/callbacks/C'}}", "post")
        text += """components: {callbacks: {C: {"{$request.query.url}": {post: {operationId: %s,
          callbacks: {again: {$ref: '#/components/callbacks/C'}}}}}}}"""
        assert said(text % "a", text % "a") == []
        assert {each.rule for each in findings(text % "a", text % "b")} == {"operation-id-changed"}

    def test_a_draft_operation_covers_its_callbacks(self):
        old = callback().replace("post:\n", "post:\n      x-stability-level: draft\n")
        new = operation("x-stability-level: draft", "post")
        assert finding(old, new).severity == "info"
