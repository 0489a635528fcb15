"""Where the configuration is found, and what a file that is not one is told."""

from __future__ import annotations

import pytest

from driftcheck.catalogue import all_rules
from driftcheck.config import Config, Ignore
from driftcheck.config_file import config_from, find_config, read_config
from driftcheck.difference import Severity
from driftcheck.errors import DriftcheckError


@pytest.fixture
def repository(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / "service" / "api").mkdir(parents=True)
    return tmp_path


def test_the_nearest_file_upwards_wins(repository):
    (repository / "pyproject.toml").write_text('[tool.driftcheck]\nfail-on = "info"\n')
    (repository / "service" / "driftcheck.toml").write_text('fail-on = "risky"\n')
    assert read_config(None, repository / "service" / "api").fail_on == "risky"
    assert read_config(None, repository).fail_on == "info"


def test_driftcheck_toml_wins_in_the_same_folder(repository):
    (repository / "pyproject.toml").write_text('[tool.driftcheck]\nfail-on = "info"\n')
    (repository / "driftcheck.toml").write_text('fail-on = "risky"\n')
    assert read_config(None, repository).fail_on == "risky"


def test_a_pyproject_without_the_table_does_not_stop_the_search(repository):
    (repository / "pyproject.toml").write_text('[tool.driftcheck]\nfail-on = "info"\n')
    (repository / "service" / "pyproject.toml").write_text("[tool.other]\n")
    assert find_config(repository / "service") == repository / "pyproject.toml"


def test_the_search_ends_at_the_root_of_the_repository(repository):
    (repository / "driftcheck.toml").write_text('fail-on = "risky"\n')
    (repository / "service" / ".git").write_text("gitdir: elsewhere\n")  # a worktree or submodule
    assert find_config(repository / "service" / "api") is None
    assert read_config(None, repository / "service" / "api") == Config()


def test_the_working_directory_is_where_the_search_starts(repository, monkeypatch):
    (repository / "driftcheck.toml").write_text("changelog = true\n")
    monkeypatch.chdir(repository / "service" / "api")
    assert read_config(None).changelog is True


def test_a_named_file_may_have_any_name(tmp_path):
    path = tmp_path / "ci.toml"
    path.write_text('\ufeffprotect = "clients"\n[api]\nmethod = ["GET"]\nstrip-prefix-old = "/v1"\n', "utf-8")
    config = read_config(path)
    assert config.protect == "clients"
    assert config.api.method == ("GET",)
    assert config.api.strip_prefix_old == "/v1"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("x.toml", b"fail-on = ", "is not valid TOML"),
        ("x.toml", b"\xff\xfe", "is not UTF-8 text"),
        ("x.toml", b'fail_onn = "info"', "did you mean 'fail-on'?"),
        ("x.toml", b'fail-on = "error"', "breaking, risky, info, never"),
        ("pyproject.toml", b"[tool.other]", "has no table [tool.driftcheck]"),
        ("pyproject.toml", b"[tool]\ndriftcheck = 3", "tool.driftcheck must be a table"),
    ],
)
def test_a_bad_file_is_refused_by_name(tmp_path, name, content, words):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DriftcheckError) as caught:
        read_config(path)
    assert words in str(caught.value)
    assert str(path) in caught.value.message


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(DriftcheckError, match="No such file"):
        read_config(tmp_path / "gone.toml")


def test_severity_and_ignore_know_the_rules():
    rule = next(iter(all_rules())).id
    config = config_from({"severity": {rule: "info"}, "ignore": [f"{rule[:6]}*@GET /a"]})
    assert config.severity == {rule: Severity.INFO}
    assert config.ignore == (Ignore(rule=f"{rule[:6]}*", place="GET /a"),)


@pytest.mark.parametrize("option", ["severity", "ignore"])
def test_an_unknown_rule_is_refused_with_the_closest_one(option):
    rule = next(iter(all_rules())).id
    wrong = f"{rule[:-1]}x"
    table = {"severity": {wrong: "off"}} if option == "severity" else {"ignore": [wrong]}
    with pytest.raises(DriftcheckError) as caught:
        config_from(table, "some.toml")
    assert caught.value.message == f"some.toml: there is no rule {wrong!r}"
    assert "did you mean" in caught.value.hint


def test_severity_takes_no_globs():
    with pytest.raises(DriftcheckError, match="there is no rule"):
        config_from({"severity": {"re*": "off"}})


def test_ignoring_a_glob_that_matches_no_rule_is_refused():
    with pytest.raises(DriftcheckError, match="there is no rule 'zzz-\\*'"):
        config_from({"ignore": ["zzz-*"]})


def test_ignoring_places_or_fingerprints_needs_no_rule():
    assert len(config_from({"ignore": ["@GET /a", "0123456789abcdef"]}).ignore) == 2
