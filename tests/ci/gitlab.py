"""A stand-in for GitLab: puts inputs into a file with `spec:`, and runs the script of its job in bash.

Of inputs it knows what the component uses: defaults, options and booleans.
"""

from __future__ import annotations

import os
import re
import subprocess

import yaml

from tests.ci.runner import ROOT, _clean

COMPONENT = ROOT / "docs" / "gitlab" / "driftcheck.yml"
_INPUT = re.compile(r"\$\[\[ inputs\.([\w-]+) \]\]")


def parts():
    """The inputs, and the rest as text."""
    head, rest = COMPONENT.read_text("utf-8").split("\n---\n")
    return yaml.safe_load(head)["spec"]["inputs"], rest


def filled(**given):
    """The configuration for these inputs (_ for -), as GitLab would read it."""
    inputs, rest = parts()
    named = {name.replace("_", "-"): value for name, value in given.items()}
    assert set(named) <= set(inputs)
    values = {name: named.get(name, one["default"]) for name, one in inputs.items()}
    for name, value in values.items():
        assert value in inputs[name].get("options", [value]), f"GitLab refuses {name}: {value!r}"

    def value(text):
        if isinstance(text, list):
            return [value(each) for each in text]
        if isinstance(text, dict):
            return {value(key): value(each) for key, each in text.items()}
        if not isinstance(text, str):
            return text
        whole = _INPUT.fullmatch(text)
        if whole and inputs[whole[1]].get("type") == "boolean":
            return values[whole[1]]
        return _INPUT.sub(lambda found: str(values[found[1]]), text)

    return value(yaml.safe_load(rest))


def run(job, workspace, **environ):
    """The job's script in one shell, as the runner runs it; status and output."""
    variables = {
        name: one["value"] if isinstance(one, dict) else str(one) for name, one in job["variables"].items()
    }
    script = "set -eo pipefail\n" + "\n".join(f"{line}" for line in job["script"])
    done = subprocess.run(
        ("bash", "--noprofile", "--norc", "-c", script),
        cwd=workspace,
        env={**_clean(os.environ), **variables, "CI": "true", "CI_PROJECT_DIR": str(workspace), **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout
