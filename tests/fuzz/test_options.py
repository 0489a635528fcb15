"""What the options of the command do to the requests that are sent, and how its findings are reported."""

import json

import pytest

from driftcheck.cli.app import run
from driftcheck.config import Config, FuzzConfig
from driftcheck.errors import DriftcheckError
from driftcheck.fuzz.check import check_service
from driftcheck.fuzz.outcome import Progress
from tests.fuzz.service import Service, spec_of
from tests.repositories import commit, start

READ = """paths:
  /items:
    get:
      parameters: [{name: q, in: query, schema: {type: string}}]
      responses: {'200': {description: ok}, '400': {description: no}}
"""
BASIC = "Basic bWU6aGlkZGVuLXdvcmQ="


class Asked(Service):
    """Remembers the headers, too."""

    def __call__(self, environ, start_response):
        self.headers = [*getattr(self, "headers", []), environ]
        return super().__call__(environ, start_response)

    def all_of(self, name):
        return {environ.get(f"HTTP_{name}") for environ in self.headers}


def service():
    return Asked(spec_of(READ), "GET /items: {status: 200}\n")


def config(**options):
    return Config(fuzz=FuzzConfig(**{"phases": ("coverage", "fuzzing"), "max_examples": 10, **options}))


@pytest.mark.parametrize("by_url", [False, True])
def test_headers_and_credentials_come_with_every_request(by_url, served):
    app = service()
    where = {"url": served(app)} if by_url else {"app": app}
    check_service(spec_of(READ), **where, config=config(header=("X-Token: s3cret",), auth="me:hidden-word"))
    assert app.all_of("X_TOKEN") - {None} == {"s3cret"}
    assert app.all_of("AUTHORIZATION") - {None} == {BASIC}
    without = [each for each in app.headers if "HTTP_AUTHORIZATION" not in each]
    assert all("schemathesis-probe" in each["PATH_INFO"] for each in without)


def test_a_rate_that_is_none_is_said():
    with pytest.raises(DriftcheckError, match="rate limit"):
        check_service(spec_of(READ), app=service(), config=config(rate_limit="often"))


def order(most, longest):
    text = f"""paths:
  /orders:
    post:
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [name]
              properties:
                name: {{type: string, maxLength: {longest}}}
                qty: {{type: integer, maximum: {most}}}
      responses: {{'201': {{description: made}}, '422': {{description: refused}}}}
"""
    return spec_of(text)


def test_two_proofs_at_one_operation_are_told_apart():
    new = order(9, 5)
    app = Service(new, "POST /orders: {status: 201, refuses: 422}\n")
    report = check_service(new, app=app, against=order(99, 50), config=config(phases=("examples",)))
    told = [each.message.rpartition(": ")[2] for each in report.findings]
    assert sorted(told) == ["name (maxLength)", "qty (maximum)"]


@pytest.mark.parametrize(
    ("share", "line"),
    [
        (0.0, "[--------------------] 0% coverage: GET /items, 7 requests"),
        (0.5, "[##########----------] 50% coverage: GET /items, 7 requests"),
        (1.0, "[####################] 100% coverage: GET /items, 7 requests"),
    ],
)
def test_progress_is_a_bar(share, line):
    assert str(Progress("coverage", "GET /items", 7, share)) == line


def test_progress_goes_forward_to_the_end():
    told = []
    check_service(spec_of(READ), app=service(), config=config(), told=told.append)
    shares = [int(line.partition("] ")[2].partition("%")[0]) for line in told]
    assert shares == sorted(shares)
    assert (len(shares) > 1, shares[-1]) == (True, 100)


@pytest.mark.parametrize(("status", "rules"), [(307, []), (201, ["service-accepts-invalid"])])
def test_a_redirect_is_no_acceptance(status, rules):
    spec = order(9, 5)
    spec["paths"]["/orders"]["post"]["responses"]["307"] = {"description": "elsewhere"}
    app = Service(spec, f"POST /orders: {{status: {status}, headers: {{Location: /other}}}}\n")
    report = check_service(spec, app=app, config=config())
    assert [each.rule for each in report.findings] == rules


FORMATS = ("text", "json", "html", "markdown", "summary", "github", "gitlab", "sarif", "junit")


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder with a description of a service that answers 503 only, and an application."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "spec.json").write_text(json.dumps(spec_of(READ)))
    (tmp_path / "broken_service.py").write_text(
        "def app(environ, start_response):\n"
        "    start_response('503 Busy', [('Content-Type', 'text/plain')])\n"
        "    return [b'']\n"
    )
    return tmp_path


def test_a_finding_is_in_every_report(project, capsys):
    reports = [option for name in FORMATS for option in ("--report", f"{name}=out.{name}")]
    status = run(["fuzz", "spec.json", "--app", "broken_service:app", "--phases", "coverage", *reports])
    assert status == 1
    capsys.readouterr()
    for name in FORMATS:
        assert "answers 503" in (project / f"out.{name}").read_text(), name


def test_the_same_run_gives_the_same_bytes(project, capsys):
    said = set()
    for _ in range(3):
        run(["fuzz", "spec.json", "--app", "broken_service:app", "--seed", "5", "--format", "json"])
        said.add(capsys.readouterr().out)
    assert len(said) == 1
    assert json.loads(said.pop())["findings"]


def test_the_seed_is_told_and_the_report_is_alone_on_standard_output(project, capsys):
    run(["fuzz", "spec.json", "--app", "broken_service:app", "--seed", "5", "--format", "json"])
    out, err = capsys.readouterr()
    assert "seed 5" in err
    assert json.loads(out)


@pytest.mark.parametrize(("options", "status"), [([], 0), (["--fuzz"], 1), (["fuzz"], 1)])
def test_check_tries_the_service_where_it_is_asked_to(project, capsys, options, status):
    (project / "driftcheck.toml").write_text(
        '[api]\nspec = ["spec.json"]\n\n[fuzz]\napp = "broken_service:app"\nphases = ["coverage"]\n'
    )
    start()
    commit()
    assert run(["check", *options, "--format", "json"]) == status
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [each["rule"] for each in found] == ["service-error"] * status
