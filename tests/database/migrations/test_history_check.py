"""A history by its files, held to the last commit: what is new can stop it, what is old cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from driftcheck.config import Config
from driftcheck.database.migrations.check import check_migrations
from driftcheck.database.migrations.history_check import check_history
from driftcheck.errors import DriftcheckError
from tests import shop
from tests.repositories import commit, git, start

BODY = "def upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n"


def revision(name, down=None, body=BODY, folder="migrations"):
    path = Path(folder, "versions", f"{name}.py")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'revision = "{name}"\ndown_revision = {down!r}\n{body}', encoding="utf-8")
    return path


@pytest.fixture
def history(tmp_path, monkeypatch):
    """Two committed revisions; env.py and the models cannot be imported."""
    start(tmp_path / "here")
    monkeypatch.chdir(tmp_path / "here")
    revision("a1")
    revision("b2", "a1")
    commit(
        alembic_ini="[alembic]\nscript_location = %(here)s/migrations\n",
        migrations__env_py="raise SystemExit('imported')",
    )


def found(base="HEAD", **kwargs):
    report = check_history(base, **kwargs)
    return {(finding.rule, str(finding.severity)) for finding in report.findings}


@pytest.mark.usefixtures("history")
class TestHistory:
    def test_nothing_new_is_nothing_wrong(self):
        report = check_history("HEAD")
        assert (report.exit_code, report.actual) == (0, "alembic.ini")
        assert "breaking" not in {level for _, level in found()}

    def test_a_new_revision_on_top(self):
        revision("c3", "b2")
        assert check_history("HEAD").exit_code == 0

    @pytest.mark.parametrize("name", ["b1", "c3"])  # sorted before the old head, and after it
    def test_a_second_head(self, name):
        revision(name, "a1")
        assert ("history-unmerged-heads", "breaking") in found()
        commit()
        assert check_history("HEAD").exit_code == 0
        assert ("history-unmerged-heads", "breaking") in found("HEAD~1")

    def test_a_second_head_that_is_merged(self):
        revision("c3", "a1")
        revision("d4", ("b2", "c3"))
        assert check_history("HEAD").exit_code == 0

    @pytest.mark.parametrize(
        ("name", "down", "rule"),
        [
            ("c3", "zz", "history-unknown-down-revision"),
            ("c3", "c3", "history-cycle"),
        ],
    )
    def test_a_new_revision_that_hangs_in_the_air(self, name, down, rule):
        revision(name, down)
        assert (rule, "breaking") in found()

    def test_a_committed_revision_that_is_gone(self):
        Path("migrations/versions/b2.py").unlink()
        assert ("history-deleted", "breaking") in found()

    def test_a_committed_revision_that_is_edited(self):
        file = revision("b2", "a1")
        file.write_text(file.read_text("utf-8") + "\n# a comment\n", encoding="utf-8")
        assert "history-edited" not in {rule for rule, _ in found()}
        revision("b2", "a1", BODY.replace("pass", "print(1)"))
        assert ("history-edited", "risky") in found()

    def test_an_ignore_beside_it(self):
        revision("c3", "zz  # driftcheck: ignore[history-unknown-down-revision] comes tomorrow")
        file = Path("migrations/versions/c3.py")
        file.write_text(
            'revision = "c3"\n'
            "# driftcheck: ignore[history-unknown-down-revision] comes with the next merge\n"
            f'down_revision = "zz"\n{BODY}',
            encoding="utf-8",
        )
        report = check_history("HEAD")
        assert report.exit_code == 0
        assert any("next merge" in f"{item.what} {item.why}" for item in report.skipped)

    def test_the_configuration_counts(self):
        revision("c3", "a1")
        off = Config(severity={"history-unmerged-heads": "off"})
        assert check_history("HEAD", config=off).exit_code == 0

    def test_a_history_that_was_somewhere_else(self):
        git("mv", "migrations", "moved")
        assert check_history("HEAD", migrations="moved").exit_code == 0

    def test_no_such_commit(self):
        with pytest.raises(DriftcheckError, match="no revision nowhere"):
            check_history("nowhere")

    def test_no_history(self):
        with pytest.raises(DriftcheckError):
            check_history("HEAD", migrations="nowhere.ini")


def test_files_in_folders_and_files_that_are_no_revisions(tmp_path, monkeypatch):
    start(tmp_path / "here")
    monkeypatch.chdir(tmp_path / "here")
    commit(
        alembic_ini="[alembic]\nscript_location = db\nrecursive_version_locations = true\n",
        db__env_py="",
        db__versions__y1__a_py=f'revision = "a1"\ndown_revision = None\n{BODY}',
        db__versions__y2__b_py=f'revision = "b2"\ndown_revision = "a1"\n{BODY}',
        db__versions__names_py="ORDERS = 'orders'\n",
        db__versions____init___py="",
    )
    assert check_history("HEAD").exit_code == 0
    Path("db/versions/y1/a.py").unlink()
    assert ("history-deleted", "breaking") in found()


def test_the_whole_check_says_the_same_of_a_second_head(tmp_path, monkeypatch):
    shop.repository(tmp_path / "shop", branch=False)
    monkeypatch.chdir(tmp_path / "shop")
    text = Path("migrations/versions/0002_status.py").read_text("utf-8")
    Path("migrations/versions/0003_b.py").write_text(text.replace('"0002"', '"0003"'), encoding="utf-8")
    report = check_migrations(base="HEAD")
    heads = [finding for finding in report.findings if finding.rule == "history-unmerged-heads"]
    assert [str(finding.severity) for finding in heads] == ["breaking"]
    commit()
    old = check_migrations(base="HEAD")
    assert old.exit_code == 0
