"""The GitHub Action from inputs to outputs, without GitHub: real repositories, bash, a REST server."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.ci.rest import serving
from tests.ci.runner import TOKEN, Runner, action
from tests.ci.server_side import Origin, environ, shop_with_pull_request
from tests.repositories import commit, git

SPEC = """\
openapi: 3.1.0
info: {title: Shop, version: "1"}
paths:
  /orders:
    post:
      parameters: [{name: q, in: query, schema: {type: string, maxLength: LENGTH}}]
      responses: {"200": {description: fine}}
"""
MARKER = "<!-- driftcheck-report -->"


@pytest.fixture
def github():
    with serving() as server:
        yield server


@pytest.fixture(scope="module")
def breaking(tmp_path_factory):
    return shop_with_pull_request(tmp_path_factory.mktemp("breaking"))


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    return shop_with_pull_request(tmp_path_factory.mktemp("clean"), changed=False)


def job(tmp_path, made, github, depth=1, **more):
    origin, event = made
    workspace = origin.checkout(tmp_path / "workspace", depth=depth)
    return Runner(tmp_path / "runner", workspace, **environ(tmp_path, event, github.url, **more))


def _findings(done):
    return json.loads(Path(done.outputs["report-json"]).read_text("utf-8"))["findings"]


def small(tmp_path, old="9", new="5", head="branch", base="main"):
    """A pull request in a repository that has openapi.yaml only: the quick one."""
    origin = Origin(tmp_path / "server")
    commit("old", origin.work, openapi_yaml=SPEC.replace("LENGTH", old))
    if base != "main":
        git("checkout", "--quiet", "-b", base, cwd=origin.work)
    git("checkout", "--quiet", "-b", head, cwd=origin.work)
    commit("new", origin.work, openapi_yaml=new if "\n" in new else SPEC.replace("LENGTH", new))
    return origin, origin.pull_request(base, head)


def test_a_pull_request_that_breaks_nothing(tmp_path, clean, github):
    done = job(tmp_path, clean, github).use(comment="true", sarif="out.sarif", junit="out.xml")
    assert done.status == 0, done.log
    assert done.outputs["result"] == "pass"
    assert (done.outputs["breaking"], done.outputs["risky"]) == ("0", "0")
    assert done.outputs["affected-consumers"] == "[]"
    assert (done.outputs["sarif-file"], done.outputs["junit-file"]) == ("out.sarif", "out.xml")
    assert "html-file" not in done.outputs
    assert _findings(done) == []
    assert done.told("error") == done.told("warning") == []
    assert "✅ driftcheck check" in done.summary
    assert github.comments == []  # nothing to say: no comment is begun


def test_a_pull_request_that_breaks_things(tmp_path, breaking, github):
    runner = job(tmp_path, breaking, github)
    done = runner.use(comment="true", sarif="out.sarif", html="out.html")
    assert done.status == 1, done.log
    assert done.outputs["result"] == "fail"
    assert int(done.outputs["breaking"]) >= 3
    assert json.loads(done.outputs["affected-consumers"]) == ["checkout"]
    assert any("qty was renamed to quantity" in text for text in done.told("error"))
    places = [properties for name, properties, _ in done.commands if name == "error"]
    assert any("file=openapi.yaml,line=38" in place for place in places)
    assert "qty" in done.summary
    assert json.loads((runner.workspace / "out.sarif").read_text("utf-8"))["runs"][0]["results"]
    assert done.outputs["html-file"] == "out.html"
    assert [comment["body"].split("\n")[0] for comment in github.comments] == [MARKER]
    assert "qty was renamed to quantity" in github.comments[0]["body"]
    assert github.tokens == {f"Bearer {TOKEN}"}
    assert TOKEN not in done.log


def test_each_push_renews_the_one_comment(tmp_path, github):
    for _ in range(130):  # more than a page
        github.add("What do you think?", kind="User", association="MEMBER")
    spoofed = github.add(f"{MARKER}\n## ✅ nothing to see", kind="User", association="CONTRIBUTOR")
    quoted = github.add(f"> look:\n{MARKER}", kind="Bot")
    runner = job(tmp_path, small(tmp_path), github)
    asked = {"command": "api", "spec": "openapi.yaml", "comment": "true"}
    first = runner.use(**asked)
    before = len(github.comments)
    second = runner.use(**asked)
    assert (first.status, second.status) == (1, 1), second.log
    assert len(github.comments) == before == 133
    assert (github.count("POST"), github.count("PATCH")) == (1, 1)
    assert "nothing to see" in github.body(spoofed)
    assert "> look" in github.body(quoted)
    mended = runner.use(**asked, fail_on="never")
    assert (mended.status, mended.outputs["result"]) == (0, "pass")
    assert len(github.comments) == 133


def test_names_keep_two_comments_apart(tmp_path, github):
    runner = job(tmp_path, small(tmp_path), github)
    for name in ("orders", "billing", "orders"):
        done = runner.use(command="api", spec="openapi.yaml", comment="true", name=name)
        assert f"· {name}" in done.summary
    assert [comment["body"].split("\n")[0] for comment in github.comments] == [
        "<!-- driftcheck-report: orders -->",
        "<!-- driftcheck-report: billing -->",
    ]


def test_a_broken_description_is_an_error_and_not_a_finding(tmp_path, github):
    broken = "openapi: 3.1.0\npaths: [oh\n::error::injected\n"
    done = job(tmp_path, small(tmp_path, new=broken), github).use(
        command="api", spec="openapi.yaml", comment="true"
    )
    assert done.status == 2, done.log
    assert done.outputs["result"] == "error"
    assert "report-json" not in done.outputs
    assert any("openapi.yaml" in text for text in done.told("error"))
    assert "injected" not in [text.strip() for text in done.told("error")]
    assert "could not do its job" in done.summary
    assert "could not do its job" in github.comments[0]["body"]


def test_a_broken_part_of_a_check_leaves_the_other_parts(tmp_path, clean, github):
    runner = job(tmp_path, clean, github)
    (runner.workspace / "openapi.yaml").write_text("openapi: [", encoding="utf-8")
    done = runner.use()
    assert done.status == 2, done.log
    assert done.outputs["result"] == "error"
    assert "report-json" in done.outputs
    assert any("openapi.yaml" in text for text in done.told("error"))


def test_a_fork_gets_the_summary_in_place_of_a_comment(tmp_path, github):
    github.refuses = ("POST", "PATCH")
    runner = job(tmp_path, small(tmp_path), github)
    done = runner.use(command="api", spec="openapi.yaml", comment="true")
    assert done.status == 1  # by the findings, not by the comment
    assert github.comments == []
    assert any("summary" in text for text in done.told("notice"))
    assert done.summary.count("maxLength was 9, is now 5") == 1
    without = runner.use(command="api", spec="openapi.yaml", comment="true", summary="false")
    assert without.summary.count("maxLength was 9, is now 5") == 1


def test_no_summary_and_no_annotations_where_they_are_not_wanted(tmp_path, github):
    done = job(tmp_path, small(tmp_path), github).use(
        command="api", spec="openapi.yaml", summary="false", annotations="false"
    )
    assert (done.status, done.summary, done.commands) == (1, "", [])
    assert "maxLength was 9, is now 5" in done.log
    assert github.requests == []


def test_a_server_that_is_out_of_order_does_not_fail_the_job(tmp_path, github):
    github.garbage = True
    done = job(tmp_path, small(tmp_path, new="9"), github).use(
        command="api", spec="openapi.yaml", comment="true"
    )
    assert done.status == 0
    assert any("could not be written" in text for text in done.told("warning"))


def test_a_base_that_is_gone(tmp_path, github):
    runner = job(tmp_path, small(tmp_path), github, GITHUB_BASE_REF="gone")
    done = runner.use(command="api", spec="openapi.yaml")
    assert (done.status, done.outputs["result"]) == (2, "error")
    assert any("gone" in text and "fetch-depth: 0" in text for text in done.told("error"))
    assert "gone" in done.summary


def test_a_base_that_is_gone_stops_only_what_needs_it(tmp_path, clean, github):
    done = job(tmp_path, clean, github, GITHUB_BASE_REF="gone").use()
    assert (done.status, done.outputs["result"]) == (2, "error")
    assert any("gone" in text for text in done.told("warning"))
    findings = _findings(done)
    assert {finding["rule"] for finding in findings} == {"part-failed"}


@pytest.mark.parametrize("depth", [1, 2, 0])
def test_as_much_history_is_fetched_as_is_needed(tmp_path, github, depth):
    origin = Origin(tmp_path / "server")
    commit("old", origin.work, openapi_yaml=SPEC.replace("LENGTH", "9"))
    git("branch", "branch", cwd=origin.work)
    for number in range(40):
        commit(f"main {number}", origin.work, notes_md=str(number))
    git("checkout", "--quiet", "branch", cwd=origin.work)
    for number in range(30):
        commit(f"branch {number}", origin.work, other_md=str(number))
    commit("new", origin.work, openapi_yaml=SPEC.replace("LENGTH", "5"))
    event = origin.pull_request()
    git("checkout", "--quiet", "main", cwd=origin.work)
    commit("later", origin.work, openapi_yaml=SPEC.replace("LENGTH", "8"))  # is none of the branch's doing
    origin.push("main")
    done = job(tmp_path, (origin, event), github, depth).use(command="api", spec="openapi.yaml")
    assert done.status == 1, done.log
    assert any("maxLength was 9, is now 5" in text for text in done.told("error"))


HOSTILE = [
    "$(touch${IFS}pwned)",
    "`touch${IFS}pwned`",
    "a;touch${IFS}pwned;'b",
    'a"&&touch${IFS}pwned||"b',
    "-upload-pack=touch${IFS}pwned",
    "%0A--error--injected",
    "|touch${IFS}pwned",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_of_branches_are_never_run(tmp_path, github, name):
    if name.startswith("-"):
        name = f"x/{name}"  # git makes no branch that begins like an option
    runner = job(tmp_path, small(tmp_path, base=name, head=f"head/{name}"), github, GITHUB_BASE_REF=name)
    done = runner.use(command="api", spec="openapi.yaml", comment="true", extra_args="--severity 'x=info' -q")
    assert done.status == 2, done.log  # there is no rule x
    done = runner.use(command="api", spec="openapi.yaml", comment="true")
    assert done.status == 1, done.log
    assert not list(tmp_path.rglob("pwned"))
    assert done.environment == ""
    assert {level for level, *_ in done.commands} == {"error"}
    assert len(done.told("error")) == 1


@pytest.mark.parametrize(
    "name", ["--upload-pack=touch pwned", "a b", "a..b", "refs/heads/", ":x", "+x:y", "\n::error::x"]
)
def test_what_cannot_be_a_branch_is_refused(tmp_path, github, name):
    runner = job(tmp_path, small(tmp_path), github, GITHUB_BASE_REF=name)
    done = runner.use(command="api", spec="openapi.yaml")
    assert done.status in (1, 2)
    assert not list(tmp_path.rglob("pwned"))
    assert not [text for text in done.told("error") if text == "x"]


def test_inputs_are_never_run(tmp_path, github):
    runner = job(tmp_path, small(tmp_path), github)
    bad = "$(touch pwned)`touch pwned`;touch pwned\n::error::injected"
    for name in ("spec", "base_spec", "config", "sarif", "extra_args", "working_directory", "name", "base"):
        done = runner.use(**{"command": "api", "spec": "openapi.yaml", name: bad})
        assert done.status == (1 if name == "sarif" else 2), (name, done.log)  # a file may be called so
        assert not list(tmp_path.rglob("pwned")), name
        assert "injected" not in done.told("error"), name
    done = runner.use(command="api", spec="--help")
    assert done.status == 2
    assert "Usage" not in done.log


TEXTS = """\
openapi: 3.1.0
info: {title: "::error::injected", version: "1"}
paths:
  "/a\\n::set-output name=result::pass":
    post:
      operationId: "::add-mask::a"
      responses: {"200": {description: fine}}
  "/<img src=x onerror=alert(1)>/@everyone/$(touch pwned)/##[error]injected":
    get:
      summary: "]]> --> </details> ```"
      parameters: [{name: "EOF\\nresult=pass\\n::error::injected", in: query, schema: {type: string}}]
      responses: {"200": {description: fine}}
"""
GONE = """\
openapi: 3.1.0
info: {title: "::stop-commands::x", version: "1"}
paths: {}
"""


def test_texts_of_descriptions_are_text_everywhere(tmp_path, github):
    origin = Origin(tmp_path / "server")
    commit("old", origin.work, openapi_yaml=TEXTS)
    git("checkout", "--quiet", "-b", "branch", cwd=origin.work)
    commit("new", origin.work, openapi_yaml=GONE)
    done = job(tmp_path, (origin, origin.pull_request()), github).use(
        command="api", spec="openapi.yaml", comment="true"
    )
    assert (done.status, done.outputs["result"]) == (1, "fail"), done.log
    assert {level for level, *_ in done.commands} == {"error"}
    assert "injected" not in done.told("error")
    assert not list(tmp_path.rglob("pwned"))
    for text in (done.summary, github.comments[0]["body"]):
        assert "<img" not in text
        assert "@everyone" not in text
    assert done.environment == ""


def test_what_code_under_test_prints_is_no_command_and_sees_no_token(tmp_path, github):
    origin, event = small(tmp_path)
    runner = job(tmp_path, (origin, event), github)
    (runner.workspace / "app.py").write_text(
        "import os, sys\n"
        "print('::error::injected'); print('::error::injected', file=sys.stderr)\n"
        f"assert not any({TOKEN!r} in value for value in os.environ.values())\n"
        "assert not [name for name in os.environ if name.startswith('INPUT_')]\n"
        "assert not {'GITHUB_ENV', 'GITHUB_PATH', 'GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY'} & {*os.environ}\n"
        "class App:\n    def openapi(self): return {'openapi': '3.1.0', 'paths': {},"
        " 'info': {'title': 'a', 'version': '1'}}\n"
        "app = App()\n",
        encoding="utf-8",
    )
    (runner.workspace / "driftcheck.py").write_text("raise SystemExit('not this one')", encoding="utf-8")
    (runner.workspace / "json.py").write_text("raise SystemExit('not this one')", encoding="utf-8")
    done = runner.use(command="api", spec="app:app", base_spec="openapi.yaml", comment="true")
    assert "not this one" not in done.log
    assert "injected" in done.log
    assert "injected" not in done.told("error")
    assert done.status == 1, done.log


def test_a_very_long_report_is_cut(tmp_path, github):
    def spec(length):
        lines = ["openapi: 3.1.0", 'info: {title: Shop, version: "1"}', "paths:"]
        for number in range(3000):
            schema = f"{{type: string, maxLength: {length}}}"
            lines += [f"  /path-{number}-{'x' * 80}:", "    post:"]
            lines += [f"      parameters: [{{name: q, in: query, schema: {schema}}}]"]
            lines += ['      responses: {"200": {description: fine}}']
        return "\n".join(lines) + "\n"

    origin = Origin(tmp_path / "server")
    commit("old", origin.work, openapi_yaml=spec(9))
    git("checkout", "--quiet", "-b", "branch", cwd=origin.work)
    commit("new", origin.work, openapi_yaml=spec(5))
    done = job(tmp_path, (origin, origin.pull_request()), github).use(
        command="api", spec="openapi.yaml", comment="true", name="a name of some length for the heading here"
    )
    assert (done.status, done.outputs["breaking"]) == (1, "3000"), done.log
    assert 500_000 < len(done.summary.encode()) <= 900 * 1024 + 300
    assert "more" in done.summary[-2000:]
    assert len(done.told("error")) == 10
    assert len(github.comments) == 1  # the server takes no more than 65,536 characters
    assert len(github.comments[0]["body"]) > 50_000


def test_a_push_is_compared_with_what_was_there_before(tmp_path, github):
    origin, event = small(tmp_path)
    before = git("rev-parse", "main", cwd=origin.work)
    git("push", "--quiet", "origin", "branch:main", cwd=origin.work)
    event = {"before": before, "repository": {"default_branch": "main"}}
    workspace = origin.checkout(tmp_path / "workspace", ref="refs/heads/main")
    said = environ(
        tmp_path,
        event,
        github.url,
        GITHUB_EVENT_NAME="push",
        GITHUB_REF="refs/heads/main",
        GITHUB_BASE_REF="",
    )
    done = Runner(tmp_path / "runner", workspace, **said).use(
        command="api", spec="openapi.yaml", comment="true"
    )
    assert done.status == 1, done.log
    assert any("maxLength was 9, is now 5" in text for text in done.told("error"))
    assert any("no pull request" in text for text in done.told("notice"))
    assert github.requests == []


def test_a_push_to_another_branch_is_compared_with_the_default_one(tmp_path, github):
    origin, event = small(tmp_path)
    workspace = origin.checkout(tmp_path / "workspace", ref="refs/heads/branch")
    event = {"before": "0" * 40, "repository": {"default_branch": "main"}}
    said = environ(
        tmp_path,
        event,
        github.url,
        GITHUB_EVENT_NAME="push",
        GITHUB_REF="refs/heads/branch",
        GITHUB_BASE_REF="",
    )
    done = Runner(tmp_path / "runner", workspace, **said).use(command="api", spec="openapi.yaml")
    assert done.status == 1, done.log


@pytest.mark.parametrize(
    ("paths", "result"),
    [("docs/*\n*.md", "skipped"), ("docs\nopenapi.yaml", "fail"), ("*.yaml", "fail"), ("open", "skipped")],
)
def test_paths_say_whether_there_is_something_to_do(tmp_path, github, paths, result):
    done = job(tmp_path, small(tmp_path), github).use(
        command="api", spec="openapi.yaml", paths=paths, comment="true"
    )
    assert done.outputs["result"] == result
    assert done.status == (1 if result == "fail" else 0)
    assert bool(github.requests) is (result == "fail")


def test_a_service_in_a_folder_of_its_own(tmp_path, github):
    origin = Origin(tmp_path / "server")
    commit("old", origin.work, services__orders__openapi_yaml=SPEC.replace("LENGTH", "9"))
    git("checkout", "--quiet", "-b", "branch", cwd=origin.work)
    commit("new", origin.work, services__orders__openapi_yaml=SPEC.replace("LENGTH", "5"))
    done = job(tmp_path, (origin, origin.pull_request()), github).use(
        command="api", spec="openapi.yaml", working_directory="services/orders", sarif="out.sarif"
    )
    assert done.status == 1, done.log
    assert done.outputs["sarif-file"] == "services/orders/out.sarif"
    places = [properties for name, properties, _ in done.commands if name == "error"]
    assert "file=services/orders/openapi.yaml" in places[0]


def test_the_url_of_a_database_is_masked_and_handed_over(tmp_path, github, clean):
    runner = job(tmp_path, clean, github)
    url = "postgresql://shop:p%40ss%25word@127.0.0.1:1/shop"
    done = runner.use(command="db", database_url=url, extra_args="--models shop.models:Base --timeout 2")
    assert done.status == 2
    assert done.told("add-mask") == [url.replace("%", "%25"), "p%2540ss%2525word", "p@ss%25word"]
    after = done.log.split("::stop-commands::", 1)[1]
    assert "p%40ss" not in after
    assert "p@ss" not in after


def test_a_sqlite_database_by_its_url(tmp_path, github, clean):
    runner = job(tmp_path, clean, github)
    file = tmp_path / "empty.db"
    file.touch()
    done = runner.use(database_url=f"sqlite:///{file}", extra_args="db")
    assert done.status == 1, done.log
    assert any("orders" in text for text in done.told("error"))


@pytest.mark.parametrize(
    "inputs",
    [
        {"command": "frobnicate"},
        {"command": "api"},
        {"command": "traffic"},
        {"command": "check", "spec": "openapi.yaml"},
        {"command": "migrations", "database_url": "sqlite:///x"},
        {"summary": "perhaps"},
        {"fail_on": "error"},
        {"extra_args": "'open"},
        {"name": "a -->"},
        {"working_directory": "nowhere"},
    ],
    ids=str,
)
def test_inputs_that_cannot_be_meant(tmp_path, github, inputs):
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    said = environ(tmp_path, {}, github.url)
    done = Runner(tmp_path / "runner", workspace, **said).use(**inputs)
    assert (done.status, done.outputs["result"]) == (2, "error")
    assert len(done.told("error")) == 1
    assert "Traceback" not in done.log


def test_recordings_are_held_to_the_description(tmp_path, github, breaking):
    done = job(tmp_path, breaking, github).use(
        command="traffic", spec="openapi.yaml", recordings="recordings/*.har\n"
    )
    assert done.status == 1, done.log
    assert json.loads(done.outputs["affected-consumers"]) == ["checkout"]


def test_python_is_set_up_only_where_it_is_asked_for(tmp_path, github):
    runner = job(tmp_path, small(tmp_path), github)
    asked = {"command": "api", "spec": "openapi.yaml"}
    assert runner.use(**asked).used == []
    ((uses, settings),) = runner.use(**asked, python_version="3.12").used
    assert uses.startswith("actions/setup-python@")
    assert settings == {"python-version": "3.12"}


def test_the_action_installs_itself_where_the_models_can_be_imported(tmp_path, github):
    """The real step, with the package index: all other tests hand it the Python that runs them."""
    runner = job(tmp_path, small(tmp_path), github)
    runner.environ["PYTHONPATH"] = ""
    first = runner.use(steps={}, command="api", spec="openapi.yaml")
    assert first.status == 1, first.log
    environments = [folder for folder in runner.temp.iterdir() if (folder / "installed").exists()]
    assert len(environments) == 1
    python = environments[0] / "bin" / "python"
    imported = [str(python), "-P", "-c", "import pytest, driftcheck; print(driftcheck.__file__)"]
    done = subprocess.run(imported, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.startswith(str(environments[0]))
    second = runner.use(steps={}, command="api", spec="openapi.yaml")
    assert second.status == 1
    assert len([folder for folder in runner.temp.iterdir() if (folder / "installed").exists()]) == 1


def test_no_input_is_forgotten():
    written = action()
    handed = " ".join(
        value
        for step in written["runs"]["steps"]
        for value in (*step.get("env", {}).values(), *step.get("with", {}).values(), step.get("if", ""))
    )
    for name in written["inputs"]:
        assert f"inputs.{name} " in handed, name
    assert all(one["description"] for one in (*written["inputs"].values(), *written["outputs"].values()))
