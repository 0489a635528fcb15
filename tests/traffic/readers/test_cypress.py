"""Stubs in Cypress' tests: which calls they stand for and what they answer, read from the code."""

from __future__ import annotations

import json

import pytest

from tests.traffic.calls import answering, checked, rules, spec


@pytest.fixture
def stubs(tmp_path, reading):
    """What is read of a test with these lines."""
    (tmp_path / "cypress" / "e2e").mkdir(parents=True)
    fixtures = tmp_path / "cypress" / "fixtures"
    (fixtures / "deep").mkdir(parents=True)
    (fixtures / "user.json").write_text('{"id": 1}')
    (fixtures / "deep" / "logo.svg").write_text("<svg/>")

    def written(*lines):
        (tmp_path / "cypress" / "e2e" / "shop.cy.ts").write_text("\n".join(lines))
        return reading(tmp_path)

    return written


def shown(call):
    body = call.response.body
    content = (
        json.loads(body.content) if "json" in body.media_type and body.content else body.content.decode()
    )
    return call.request.method, call.request.url, call.response.status, content


@pytest.mark.parametrize(
    ("code", "meant"),
    [
        ("cy.intercept('GET', '/users', { fixture: 'user.json' })", ("GET", "/users", 200, {"id": 1})),
        ("cy.intercept('/users', { fixture: 'user' }).as('u')", ("ANY", "/users", 200, {"id": 1})),
        ("cy.intercept('GET', '/logo', {fixture: 'deep/logo.svg,utf8'})", ("GET", "/logo", 200, "<svg/>")),
        (
            "cy.intercept('post', '/users', { statusCode: 201, body: {a: 1} })",
            ("POST", "/users", 201, {"a": 1}),
        ),
        ("cy.intercept('GET', '/users', { a: 1 })", ("GET", "/users", 200, {"a": 1})),
        ("cy.intercept('GET', '/users', [1])", ("GET", "/users", 200, [1])),
        ("cy.intercept('GET', '/users', 'hello')", ("GET", "/users", 200, "hello")),
        ("cy.intercept('GET', '/a.css', 'a{}')", ("GET", "/a.css", 200, "a{}")),
        (
            "cy.intercept({ method: 'PUT', pathname: '/users/1', query: { q: 'a' } }, { body: [] })",
            ("PUT", "/users/1?q=a", 200, []),
        ),
        ("cy.intercept('/users', { method: 'PUT' }, { body: [] })", ("PUT", "/users", 200, [])),
        ("cy.intercept('GET', '**/users/*', [])", ("GET", "/users/{{2}}", 200, [])),
        ("cy.intercept('GET', '**/users*', [])", ("GET", "/users", 200, [])),
        ("cy.intercept('GET', '/users?page=*&size=5', [])", ("GET", "/users?page={{page}}&size=5", 200, [])),
        ("cy.intercept('GET', 'https://a.test/users', [])", ("GET", "https://a.test/users", 200, [])),
        ("cy.intercept('GET', /\\/users\\/\\d+$/, [])", ("GET", "/users/{{2}}", 200, [])),
        ("cy.intercept('GET', `${Cypress.env('api')}/users`, [])", ("GET", "{{unknown}}/users", 200, [])),
        ("cy.intercept('GET', '/users', req => { req.reply({ body: [1] }) })", ("GET", "/users", 200, [1])),
        ("cy.intercept('GET', '/users', (r) => r.reply(404, {e: 1}))", ("GET", "/users", 404, {"e": 1})),
        ("cy.intercept<Q, A>('GET', '/users', { body: [1] })", ("GET", "/users", 200, [1])),
        ("cy.route('/users', [1])", ("GET", "/users", 200, [1])),
        ("cy.route('POST', '/users', 'fixture:user.json')", ("POST", "/users", 200, {"id": 1})),
        ("cy.route({ url: '/users', status: 404, response: {} })", ("ANY", "/users", 404, {})),
    ],
)
def test_stubs(code, meant, stubs):
    call = stubs(code).only
    assert shown(call) == meant
    assert (call.provenance, call.consumer, call.source.line) == ("stub", "Cypress", 1)


@pytest.mark.parametrize(
    "code",
    [
        "cy.intercept('GET', '/users').as('users')",
        "cy.intercept('/users')",
        "cy.intercept({ url: '/users' })",
        "cy.intercept('GET', '/users', (req) => { req.continue() })",
        "cy.intercept('GET', '/users', (req) => { expect(req.body).to.be.ok })",
        "cy.intercept('GET', '/users', { forceNetworkError: true })",
        "// cy.intercept('GET', '/users', {})",
        "const text = \"cy.intercept('GET', '/users', {})\"",
        "Cypress.Commands.add('login', () => {})",
    ],
)
def test_what_is_no_stub_is_silent(code, stubs):
    read = stubs(code)
    assert (read.calls, read.wrong, read.notes) == ([], [], [])


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("cy.intercept('GET', '/users', made())", "1 of the stubs: the answer or the URL is computed"),
        (
            "cy.intercept('GET', '/users', { body: made() })",
            "1 of the stubs: the answer or the URL is computed",
        ),
        ("cy.intercept('GET', url, [])", "1 of the stubs: the answer or the URL is computed"),
        (
            "cy.intercept('GET', '/users/**', [])",
            "1 of the stubs: the stub's URL is a pattern that fits many",
        ),
        ("cy.intercept('GET', '**', [])", "1 of the stubs: the stub's URL is a pattern that fits many"),
        ("cy.intercept('GET', '/{a,b}', [])", "1 of the stubs: the stub's URL is a pattern that fits many"),
        ("cy.intercept({ method: 'GET' }, [])", "1 of the stubs: the stub answers any URL"),
    ],
)
def test_what_cannot_be_read_is_counted(code, why, stubs):
    read = stubs(code)
    assert (read.calls, read.wrong) == ([], [])
    assert [item.why[: len(why)] for item in read.notes] == [why]


def test_a_stub_that_is_broken_is_one_finding_and_the_others_go_on(stubs):
    read = stubs(
        "cy.intercept('GET', '/a', { fixture: 'gone.json' })",
        "cy.intercept('GET', '/b', [1, 2)",
        "cy.intercept('GET', '/c', [])",
    )
    assert [call.request.url for call in read.calls] == ["/c"]
    assert [(item.line, item.why) for item in read.wrong] == [
        (1, "the fixture of a stub is not there"),
        (2, "a stub with a quote or bracket that is not closed"),
    ]


def test_fixtures_come_from_no_other_place(stubs, tmp_path):
    (tmp_path / "secret.json").write_text("{}")
    (item,) = stubs("cy.intercept('GET', '/a', { fixture: '../../secret.json' })").wrong
    assert item.why == "the fixture of a stub is not there"


@pytest.mark.parametrize(
    "name", ["user.cy.js", "cypress/support/commands.ts", "cypress/integration/a.spec.jsx"]
)
def test_which_scripts_are_looked_at(name, tmp_path, reading):
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("cy.intercept('GET', '/users', [])")
    (tmp_path / "webpack.config.js").write_text("cy.intercept('GET', '/other', [])")
    assert reading(tmp_path).only.request.url == "/users"


ITEM = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "integer"}, "n": {"type": "integer"}},
}
SHOP = spec({"/items/{id}": {"get": answering(ITEM), "delete": {}}, "/login": {"post": answering(ITEM)}})


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("cy.intercept('/items/*', { id: 1 })", []),
        ("cy.intercept('/items/*', { id: 'x' })", ["stub-drifted"]),
        ("cy.intercept('/login', { id: 1 })", []),
        ("cy.intercept('/login', { n: 1 })", ["stub-drifted"]),
        ("cy.intercept('/items/*', { id: user.id, n: made() })", []),
        ("cy.intercept('/items/*', { statusCode: 500 })", ["stub-drifted"]),
        ("cy.intercept('GET', '/things', { id: 1 })", ["stub-drifted"]),
    ],
)
def test_stubs_against_a_description(code, found, stubs):
    assert rules(SHOP, *stubs(code).calls) == found


def test_a_stub_for_any_method_of_which_none_is_meant_is_counted(stubs):
    description = spec({"/items": {"put": answering(ITEM), "delete": answering(ITEM)}})
    report = checked(description, *stubs("cy.intercept('/items', { id: 'x' })").calls)
    assert report.findings == ()
    assert ("1 call: stubs for any method", "the path has DELETE, PUT") in [
        (item.what, item.why) for item in report.skipped
    ]
