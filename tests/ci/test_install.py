"""What the action installs. That it does is tried in test_action.py."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from driftcheck.ci import install


@pytest.mark.parametrize(
    ("version", "extras", "expected"),
    [
        ("", "", "/a b/action"),
        ("", "postgresql, mysql", "/a b/action[postgresql,mysql]"),
        ("1.2.0", "", "driftcheck==1.2.0"),
        (" 1.2.0rc1 ", "mysql", "driftcheck[mysql]==1.2.0rc1"),
    ],
)
def test_what_pip_gets(version, extras, expected):
    assert install.requirement("/a b/action", version, extras) == expected


@pytest.mark.parametrize(
    ("version", "extras"),
    [
        ("--index-url=http://x", ""),
        ("1.0 --pre", ""),
        ("1.0; python_version>'3'", ""),
        ("@ http://x", ""),
        ("", "a]==0 --pre ["),
        ("", "-r x"),
        ("", "$(touch x)"),
        ("", ","),
    ],
)
def test_what_pip_does_not_get(tmp_path, version, extras, capsys):
    environ = {
        "GITHUB_ACTION_PATH": "/action",
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "INPUT_VERSION": version,
        "INPUT_EXTRAS": extras,
    }
    assert install.main(environ) == 2
    assert capsys.readouterr().out.startswith("::error title=driftcheck::")
    assert list(tmp_path.iterdir()) == []


def test_an_old_python_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(install.sys, "version_info", (3, 10, 4))
    with pytest.raises(install._Refused, match=r"this is 3\.10\.4: set python-version"):
        install.install("x", tmp_path)


def test_an_environment_that_is_there_is_used_again(tmp_path, monkeypatch):
    ran = []
    monkeypatch.setattr(install, "_run", lambda *command: ran.append(command))
    monkeypatch.setattr(install, "_show_outer_packages", lambda python: python.parent.mkdir(parents=True))
    python = install.install("x", tmp_path)
    assert [command[3] for command in ran] == ["venv", "pip"]
    assert install.install("x", tmp_path) == python
    assert len(ran) == 2
    assert install.install("y", tmp_path) != python
    assert len(ran) == 4


def test_a_failed_installation_is_told(tmp_path, monkeypatch):
    with pytest.raises(install._Refused, match="status 3"):
        install._run(sys.executable, "-c", "raise SystemExit(3)")


def test_it_needs_nothing_but_python():
    tree = ast.parse(Path(install.__file__).read_text("utf-8"))
    names = {
        (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert names <= sys.stdlib_module_names
