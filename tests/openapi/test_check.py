"""check_api as a whole: sources in, one report out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import driftcheck
from driftcheck import Config, DriftcheckError, check_api
from driftcheck.config import ApiConfig
from driftcheck.openapi import check

OLD = """\
openapi: 3.1.0
info: {title: Shop, version: "1"}
paths:
  /orders:
    post:
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                note: {type: string, maxLength: 50}
      responses:
        "200": {description: fine}
"""
NEW = OLD.replace("50", "20")
INVALID = OLD + "pathz: {}\n"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(**contents):
    for name, text in contents.items():
        path = Path(name.replace("__", "/") + ".yaml")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


def found(report):
    return [(finding.rule, finding.difference.object) for finding in report.findings]


def test_two_files():
    files(old=OLD, new=NEW)
    report = check_api("old.yaml", "new.yaml")
    assert found(report) == [("request-property-max-length-decreased", "POST /orders")]
    assert (report.command, report.expected, report.actual) == ("api", "old.yaml", "new.yaml")
    assert report.exit_code == 1


def test_findings_say_file_line_and_column_of_both_sides():
    files(old=OLD, new="# a comment\n" + NEW)
    (finding,) = check_api("old.yaml", "new.yaml").to_dict()["findings"]
    assert finding["locations"] == [
        {"side": "expected", "file": "old.yaml", "line": 12, "column": 38},
        {"side": "actual", "file": "new.yaml", "line": 13, "column": 38},
    ]


def test_two_mappings_have_no_lines():
    old, new = ({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths} for paths in (
        {"/a": {"get": {"responses": {"200": {"description": "d"}}}}}, {}))  # fmt: skip
    (finding,) = check_api(old, new).findings
    assert finding.difference.object == "GET /a"
    assert [location.line for location in finding.locations] == [None]


@pytest.mark.parametrize("kind", [str, Path])
def test_paths_may_be_text_or_paths(kind):
    files(old=OLD)
    assert check_api(kind("old.yaml"), kind("old.yaml")).findings == ()


def test_config_may_be_written_as_in_toml():
    files(old=OLD, new=NEW)
    config = {"fail-on": "never", "severity": {"request-property-max-length-decreased": "risky"}}
    report = check_api("old.yaml", "new.yaml", config=config)
    assert report.exit_code == 0
    assert [str(finding.severity) for finding in report.findings] == ["risky"]


def test_a_mistake_in_config_is_refused():
    with pytest.raises(DriftcheckError, match="unknown option 'fail'"):
        check_api({}, {}, config={"fail": 1})


def test_no_configuration_file_is_looked_for():
    files(old=OLD, new=NEW)
    Path("driftcheck.toml").write_text('fail-on = "never"')
    assert check_api("old.yaml", "new.yaml").exit_code == 1


def test_the_same_input_gives_the_same_report():
    files(old=OLD, new=NEW)
    first, second = (json.dumps(check_api("old.yaml", "new.yaml").to_dict()) for _ in range(2))
    assert first == second


def test_fingerprints_do_not_depend_on_where_the_files_are():
    files(old=OLD, new=NEW, elsewhere__before=OLD, elsewhere__after="# moved\n" + NEW)
    here = check_api("old.yaml", "new.yaml").findings[0].fingerprint
    assert check_api("elsewhere/before.yaml", "elsewhere/after.yaml").findings[0].fingerprint == here


# --- directories ----------------------------------------------------------------------------------


def test_directories_are_one_report_over_all_pairs():
    files(old__a=OLD, old__b=OLD, new__a=OLD, new__b=NEW)
    report = check_api("old", "new")
    assert found(report) == [("request-property-max-length-decreased", "POST /orders")]
    assert report.findings[0].locations[1].file == "new/b.yaml"
    assert (report.expected, report.actual) == ("old", "new")


def test_equal_directories_are_silent():
    files(old__a=OLD, new__a=OLD)
    assert check_api("old", "new", config=Config(changelog=True)).findings == ()


def test_removed_descriptions_break_and_added_ones_do_not():
    files(old__a=OLD, old__gone=OLD, new__a=OLD, new__fresh=OLD)
    report = check_api("old", "new", config=Config(changelog=True))
    assert found(report) == [("spec-removed", "gone.yaml"), ("spec-added", "fresh.yaml")]


def test_the_same_change_in_two_descriptions_is_two_findings():
    files(old__a=OLD, old__b=OLD, new__a=NEW, new__b=NEW)
    report = check_api("old", "new")
    assert len({finding.fingerprint for finding in report.findings}) == 2


def test_one_broken_description_does_not_hide_the_others():
    files(old__a=OLD, old__b=OLD, new__a="openapi: 3.1.0\npaths: [", new__b=NEW)
    report = check_api("old", "new")
    assert found(report) == [
        ("spec-unreadable", "a.yaml"),
        ("request-property-max-length-decreased", "POST /orders"),
    ]
    assert "not valid YAML" in report.findings[0].message


def test_the_worst_of_all_pairs_comes_first():
    risky = OLD.replace("maxLength: 50", "format: email")
    files(old__a=OLD, old__b=OLD, new__a=risky, new__b=NEW)
    assert [str(finding.severity) for finding in check_api("old", "new").findings] == ["breaking", "risky"]


def test_skipped_things_say_in_which_pair():
    dangling = OLD.replace("{type: string, maxLength: 50}", "{$ref: '#/components/schemas/Gone'}")
    files(old__a=OLD, new__a=dangling)
    report = check_api("old", "new")
    assert report.skipped
    assert all(item.what.startswith("a.yaml: ") for item in report.skipped)


@pytest.mark.parametrize(
    ("filters", "written"),
    [
        ({"only": ("GET /orderz*",)}, "--only 'GET /orderz*'"),
        ({"match_path": "^/x", "method": ("post",)}, "--match-path '^/x' --method POST"),
    ],
)
def test_filters_that_no_operation_passes_are_no_silent_pass(filters, written):
    files(old=OLD, new=NEW)
    report = check_api("old.yaml", "new.yaml", config=Config(api=ApiConfig(**filters)))
    assert report.findings == ()
    assert [(item.what, item.why) for item in report.skipped] == [
        ("all operations", f"none matches {written}")
    ]


@pytest.mark.parametrize("only", ["POST /orders", "WEBHOOK *"])
def test_filters_that_some_operation_passes_skip_nothing(only):
    hook = "webhooks: {made: {post: {responses: {'200': {description: fine}}}}}\n"
    files(old=OLD + hook, new=OLD + hook)
    report = check_api("old.yaml", "new.yaml", config=Config(api=ApiConfig(only=(only,))))
    assert report.skipped == ()


# --- invalid descriptions -------------------------------------------------------------------------


def test_what_is_newly_invalid_is_told_and_compared_all_the_same():
    files(old=OLD, new=INVALID.replace("50", "20"))
    report = check_api("old.yaml", "new.yaml")
    assert found(report) == [
        ("request-property-max-length-decreased", "POST /orders"),
        ("spec-invalid", "new.yaml"),
    ]
    assert "pathz" in report.findings[1].message
    assert str(report.findings[1].severity) == "info"


def test_what_was_invalid_before_is_for_the_changelog_only():
    files(old=INVALID, new=INVALID)
    assert check_api("old.yaml", "new.yaml").findings == ()
    report = check_api("old.yaml", "new.yaml", config=Config(changelog=True))
    assert found(report) == [("spec-still-invalid", "new.yaml")]
    assert report.findings[0].message == "1 problem that the old description has too"


def test_what_was_mended_is_no_finding():
    files(old=INVALID, new=OLD)
    assert check_api("old.yaml", "new.yaml", config=Config(changelog=True)).findings == ()


def test_validation_can_be_turned_off():
    files(old=OLD, new=INVALID)
    assert check_api("old.yaml", "new.yaml", config={"api": {"validate": "off"}}).findings == ()


def test_many_problems_are_counted():
    paths = "".join(f"  /p{number}: {{get: 3}}\n" for number in range(40))
    files(old=OLD, new=OLD + paths)
    report = check_api("old.yaml", "new.yaml")
    invalid = [finding for finding in report.findings if finding.rule == "spec-invalid"]
    assert len(invalid) == 20
    assert [finding.message.endswith("; and 20 more problems") for finding in invalid].count(True) == 1


# --- what cannot be compared ----------------------------------------------------------------------


def test_both_sides_from_stdin_are_refused():
    with pytest.raises(DriftcheckError, match="both sides are standard input"):
        check_api("-", "-")


def test_too_deep_for_python_is_a_sentence_and_no_crash(monkeypatch):
    def deep(*arguments):
        raise RecursionError

    files(old=OLD)
    monkeypatch.setattr(check, "compare_documents", deep)
    with pytest.raises(DriftcheckError, match="nested too deeply"):
        check_api("old.yaml", "old.yaml")


@pytest.mark.parametrize("source", ["gone.yaml", "http://localhost:1/openapi.json", "no_such_module:app"])
def test_a_source_that_is_not_there_is_refused(source):
    files(old=OLD)
    for pair in ((source, "old.yaml"), ("old.yaml", source)):
        with pytest.raises(DriftcheckError):
            check_api(*pair)


def test_the_public_function_is_this_one():
    assert driftcheck.check_api is check.check_api
