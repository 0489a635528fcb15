"""A stand-in for GitHub's runner: reads action.yml and runs its steps in bash, as the runner does.

Only the expressions that action.yml uses are understood; any other one is an error.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
ACTION = ROOT / "action.yml"
TOKEN = "ghs_the-token-of-the-workflow"
_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}")
_COMMAND = re.compile(r"^\s*::([a-z-]+)(?: ([^:]*?))?::(.*)$")
_LIMIT = 1024 * 1024  # of a summary
_FILES = ("OUTPUT", "STEP_SUMMARY", "ENV", "PATH", "STATE")


def action():
    return yaml.safe_load(ACTION.read_text("utf-8"))


@dataclass
class Outcome:
    """What a use of the action left. `commands` are those in the log to which the runner would listen."""

    status: int = 0
    log: str = ""
    outputs: dict = field(default_factory=dict)
    summary: str = ""
    used: list = field(default_factory=list)
    ran: list = field(default_factory=list)
    commands: list = field(default_factory=list)
    environment: str = ""

    def told(self, level):
        return [text for name, _, text in self.commands if name == level]


class Runner:
    """One job in a workspace that is checked out already."""

    def __init__(self, folder, workspace, **environ):
        self.folder = Path(folder)
        self.workspace = Path(workspace)
        self.environ = environ
        self.temp = self.folder / "runner-temp"
        self.temp.mkdir(parents=True, exist_ok=True)

    def use(self, steps=None, **inputs):
        """Use the action with these inputs (_ for -). `steps` gives outputs of steps that are not to run."""
        given = {"install": {"python": sys.executable}} if steps is None else steps
        written = action()
        named = {name.replace("_", "-"): value for name, value in inputs.items()}
        assert set(named) <= set(written["inputs"]), named
        context = {"steps": dict(given), "github": {"token": TOKEN}}
        defaults = {name: one.get("default", "") for name, one in written["inputs"].items()}
        context["inputs"] = {
            name: named.get(name, _filled(default, context)) for name, default in defaults.items()
        }
        outcome = Outcome()
        for number, step in enumerate(written["runs"]["steps"]):
            if step.get("id") in given or not self._wanted(step, context, outcome):
                continue
            self._step(number, step, context, outcome)
        outcome.outputs = {
            name: value
            for name, one in written["outputs"].items()
            if (value := _filled(one["value"], context))
        }
        outcome.commands = list(_heard(outcome.log))
        return outcome

    def _wanted(self, step, context, outcome):
        condition = step.get("if", "")
        inner = _EXPRESSION.fullmatch(condition)
        text = inner[1].strip() if inner else condition
        has_status = "cancelled()" in text
        if outcome.status and not has_status:
            return False
        return not text or _holds(text, context)

    def _step(self, number, step, context, outcome):
        outcome.ran.append(step["name"])
        if "uses" in step:
            settings = {name: _filled(value, context) for name, value in step.get("with", {}).items()}
            outcome.used.append((step["uses"], settings))
            return
        assert step["shell"] == "bash"
        assert not _EXPRESSION.search(step["run"]), "an expression in the text of a script can be code"
        folder = self.folder / f"step-{number}-{len(list(self.folder.iterdir()))}"
        folder.mkdir()
        (folder / "script.sh").write_text(step["run"], encoding="utf-8")
        files = {f"GITHUB_{name}": folder / name for name in _FILES}
        for file in files.values():
            file.touch()
        environ = {
            **_clean(os.environ),
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "PYTHONPATH": str(ROOT),
            "RUNNER_TEMP": str(self.temp),
            "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_REPOSITORY": "shop/shop",
            "GIT_CONFIG_GLOBAL": os.devnull,
            **self.environ,
            **{name: str(file) for name, file in files.items()},
            **{name: _filled(value, context) for name, value in step.get("env", {}).items()},
        }
        done = subprocess.run(
            ("bash", "--noprofile", "--norc", "-eo", "pipefail", str(folder / "script.sh")),
            cwd=self.workspace,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        outcome.log += done.stdout.decode("utf-8", "replace")
        outcome.status = outcome.status or done.returncode
        content = files["GITHUB_STEP_SUMMARY"].read_bytes()
        assert len(content) < _LIMIT, "the runner throws this summary away"
        outcome.summary += content.decode("utf-8")
        outcome.environment += "".join(files[f"GITHUB_{each}"].read_text("utf-8") for each in ("ENV", "PATH"))
        if "id" in step:
            context["steps"][step["id"]] = dict(_pairs(files["GITHUB_OUTPUT"].read_text("utf-8")))


def _clean(environ):
    """The environment without what this machine's own CI may say."""
    prefixes = ("GITHUB_", "CI_", "INPUT_", "RUNNER_", "SHOP_", "DRIFTCHECK_", "DATABASE_")
    return {name: value for name, value in environ.items() if not name.startswith(prefixes)}


def _filled(text, context):
    return _EXPRESSION.sub(lambda found: _value(found[1].strip(), context), str(text))


def _value(text, context):
    literal = re.fullmatch(r"'([^']*)'", text)
    if literal:
        return literal[1]
    path = re.fullmatch(r"(inputs|github)\.([\w-]+)|(steps)\.([\w-]+)\.outputs\.([\w-]+)", text)
    assert path, f"an expression that this runner does not know: {text}"
    if path[3]:
        return context["steps"].get(path[4], {}).get(path[5], "")
    return context[path[1]][path[2]]


def _holds(text, context):
    for part in text.split(" && "):
        if part == "!cancelled()":
            continue
        left, operator, right = re.fullmatch(r"(\S+) (==|!=) (.+)", part).groups()
        if (_value(left, context) == _value(right, context)) is not (operator == "=="):
            return False
    return True


def _pairs(text):
    """What the runner reads from GITHUB_OUTPUT: `name=value`, or `name<<word`, lines, `word`."""
    lines = iter(text.splitlines())
    for line in lines:
        name, found, word = line.partition("<<")
        if found and "=" not in name:
            value = []
            for each in lines:
                if each == word:
                    break
                value.append(each)
            else:
                raise AssertionError(f"the value of {name} has no end")
            yield name, "\n".join(value)
        elif line:
            name, _, value = line.partition("=")
            yield name, value


def _heard(log):
    """The commands in a log, but for those between ::stop-commands::word and ::word::."""
    word = None
    for line in re.split(r"\r\n|\r|\n", log):
        found = _COMMAND.match(line)
        if word is not None:
            if line.strip() == f"::{word}::":
                word = None
        elif found and found[1] == "stop-commands":
            word = found[3]
        elif found:
            yield found.groups()
        else:
            assert "##[" not in line, f"a command of the old form: {line}"
    assert word is None, "the runner still listens to no commands"
