"""The steps of the GitHub Action: `python -P -m driftcheck.ci.github check`, and `comment`.

driftcheck runs in a process of its own, without inputs and tokens in its environment, while the runner
listens to no commands: what it prints may come from anybody.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from driftcheck.ci import history, workflow
from driftcheck.ci.inputs import DATABASE, Inputs, arguments, name_from, read_inputs
from driftcheck.ci.messages import broken, titled
from driftcheck.errors import DriftcheckError

FAILED = 2
_OF_STEP = ("GITHUB_ENV", "GITHUB_PATH", "GITHUB_OUTPUT", "GITHUB_STATE", "GITHUB_STEP_SUMMARY")
_RESULTS = {0: "pass", 1: "fail"}


@dataclass(frozen=True, slots=True)
class Done:
    """What a run left: its status (0, 1, or 2 for all others), what it said to stderr, and the report."""

    status: int
    said: str
    report: Mapping[str, Any] | None


def main(words: list[str], environ: Mapping[str, str]) -> int:
    """Run one step; the exit status of it."""
    steps: dict[str, Callable[[Mapping[str, str]], int]] = {"check": check, "comment": comment}
    return steps[words[0]](environ)


def check(environ: Mapping[str, str]) -> int:
    """Run driftcheck as the inputs say, and tell all that listens: log, annotations, summary, outputs."""
    folder = Path(tempfile.mkdtemp(prefix="driftcheck-report-", dir=environ.get("RUNNER_TEMP")))
    try:
        inputs = read_inputs(environ)
        _mask(inputs.database_url)
        workspace = Path.cwd()
        os.chdir(inputs.working_directory)
        base = _base(inputs, environ)
        if not _concerned(inputs, base):
            workflow.annotate("notice", "Nothing that `paths` names has changed: nothing was checked.")
            workflow.set_outputs(environ, {"result": "skipped"})
            return 0
        done = _run(inputs, base, environ, folder)
    except DriftcheckError as error:
        return _refuse(error, environ, folder)
    if inputs.annotations:
        _annotate(done, folder)
    markdown = _markdown(done, folder, inputs.name)
    if inputs.summary:
        workflow.add_summary(environ, _read(folder / "summary.md", inputs.name) or markdown)
    workflow.set_outputs(environ, _outputs(done, inputs, folder, workspace))
    return done.status


def _mask(url: str) -> None:
    """The URL, and the password in it both as it is written and as it is meant."""
    if not url:
        return
    from urllib.parse import unquote, urlsplit

    workflow.mask(url)
    try:
        password = urlsplit(url).password or ""
    except ValueError:  # no URL at all; driftcheck will say so
        return
    for each in dict.fromkeys((password, unquote(password))):
        workflow.mask(each)


def _base(inputs: Inputs, environ: Mapping[str, str]) -> str:
    """The commit to compare with, fetched, or a name that driftcheck will say more about; "" without a need.

    DriftcheckError only where nothing could be checked without it.
    """
    alone = inputs.command in ("db", "traffic") or (inputs.command == "api" and bool(inputs.base_spec))
    if alone and not inputs.paths:
        return ""
    wanted = history.wanted(inputs.base, environ, _event(environ))
    try:
        if wanted is None:
            raise DriftcheckError("nothing says which branch to compare with", "set the input base")
        commit = history.fetch(wanted, environ.get("GITHUB_REF", ""))
    except DriftcheckError as error:
        if inputs.command != "check" and not alone:
            raise
        workflow.annotate("warning", f"{error.message}\n{error.hint}")
        return wanted.revision if wanted is not None else ""
    print(f"Compared with {wanted.revision!r}, which this branch left at {commit}.", flush=True)
    return commit


def _event(environ: Mapping[str, str]) -> Mapping[str, Any]:
    try:
        event = json.loads(Path(environ.get("GITHUB_EVENT_PATH", "")).read_bytes())
    except (OSError, ValueError):
        return {}
    return event if isinstance(event, dict) else {}


def _concerned(inputs: Inputs, base: str) -> bool:
    """Whether there is something to do. Where the base is not known, there is."""
    if not inputs.paths:
        return True
    try:
        files = history.changed(base)
    except DriftcheckError:
        return True
    return history.concerned(files, inputs.paths)


def _run(inputs: Inputs, base: str, environ: Mapping[str, str], folder: Path) -> Done:
    reports = {
        "json": str(folder / "report.json"),
        "markdown": str(folder / "comment.md"),
        "summary": str(folder / "summary.md"),
        "github": str(folder / "annotations"),
        **inputs.files,
    }
    command = (sys.executable, "-P", "-m", "driftcheck", *arguments(inputs, base, reports))
    with workflow.deaf():
        done = subprocess.run(
            command,
            env=_environment(inputs, environ),
            check=False,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        sys.stdout.buffer.write(done.stderr)
        sys.stdout.buffer.flush()
    status = done.returncode if done.returncode in _RESULTS else FAILED
    return Done(status, done.stderr.decode("utf-8", "replace"), _report(folder / "report.json"))


def _environment(inputs: Inputs, environ: Mapping[str, str]) -> dict[str, str]:
    """That of the step without what is only for the step, and with the database's URL."""
    own = ("INPUT_", "COMMENT_")
    kept = {
        name: value for name, value in environ.items() if not name.startswith(own) and name not in _OF_STEP
    }
    if inputs.database_url:
        from driftcheck.config_file import find_config, read_config

        file = Path(inputs.config) if inputs.config else find_config(Path.cwd())
        named = read_config(file).db.url_env if file is not None else ""
        kept |= dict.fromkeys((DATABASE, named or DATABASE), inputs.database_url)
    return kept


def _report(file: Path) -> Mapping[str, Any] | None:
    try:
        report = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return None
    return report if isinstance(report, dict) else None


def _annotate(done: Done, folder: Path) -> None:
    """The report's own annotations, which are escaped; else what went wrong."""
    file = folder / "annotations"
    if file.exists():
        sys.stdout.buffer.write(file.read_bytes())
        sys.stdout.buffer.flush()
    if done.status == FAILED:
        workflow.annotate("error", done.said.strip()[-1500:] or "driftcheck ended without a word")


def _markdown(done: Done, folder: Path, name: str) -> str:
    """The comment (also where there is no report), left in the folder for the next step."""
    file = folder / "comment.md"
    text = _read(file, name)
    if not text or done.report is None:
        text = titled(broken(done.said), name)
    file.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
    return text


def _read(file: Path, name: str) -> str:
    return titled(file.read_text("utf-8"), name) if file.exists() else ""


def _outputs(done: Done, inputs: Inputs, folder: Path, workspace: Path) -> dict[str, str]:
    result = _RESULTS.get(done.status, "error")
    outputs = {"result": result, "comment-file": str(folder / "comment.md")}
    found: list[Any] = []
    if done.report is not None:
        found = done.report["findings"]
        summary = done.report["summary"]
        outputs |= {level: str(summary[level]) for level in ("breaking", "risky")}
        outputs["report-json"] = str(folder / "report.json")
    outputs["comment-needed"] = str(bool(found) or result != "pass").lower()
    names = {call.get("consumer") for finding in found for call in finding["used_by"]}
    outputs["affected-consumers"] = json.dumps(sorted(name for name in names if isinstance(name, str)))
    for kind, file in inputs.files.items():
        path = Path(file).resolve()
        if path.exists():
            inside = path.is_relative_to(workspace.resolve())
            outputs[f"{kind}-file"] = (
                path.relative_to(workspace.resolve()).as_posix() if inside else str(path)
            )
    return outputs


def _refuse(error: DriftcheckError, environ: Mapping[str, str], folder: Path) -> int:
    """What stopped the step before driftcheck ran."""
    said = f"{error.message}\nhint: {error.hint}" if error.hint else error.message
    workflow.annotate("error", said)
    try:
        name = name_from(environ.get("INPUT_NAME", "").strip())
    except DriftcheckError:
        name = ""
    text = titled(broken(said), name)
    workflow.add_summary(environ, text)
    file = folder / "comment.md"
    file.write_text(text, encoding="utf-8", errors="backslashreplace")
    workflow.set_outputs(
        environ,
        {"result": "error", "comment-file": str(file), "comment-needed": "true", "affected-consumers": "[]"},
    )
    return FAILED


def comment(environ: Mapping[str, str]) -> int:
    """Write or renew the comment. It never fails the job: the report is in the summary then."""
    from driftcheck.ci.comments import Failed, Refused, Thread

    number = _number(_event(environ))
    if number is None:
        workflow.annotate("notice", "There is no pull request here, so there is no comment.")
        return 0
    text = Path(environ["COMMENT_FILE"]).read_text("utf-8")
    thread = Thread(
        environ.get("GITHUB_API_URL", "https://api.github.com"),
        environ["GITHUB_REPOSITORY"],
        number,
        environ.get("INPUT_GITHUB_TOKEN", ""),
    )
    try:
        put = thread.put(text, create=environ.get("COMMENT_NEEDED") == "true")
        print(f"Comment: {put}.", flush=True)
        return 0
    except Refused as error:
        why = f"The token may not comment here ({error}): a fork, or `pull-requests: write` is missing."
        workflow.annotate("notice", f"{why} The report is in the summary of the job.")
    except Failed as error:
        workflow.annotate(
            "warning", f"The comment could not be written ({error}). See the summary of the job."
        )
    if environ.get("INPUT_SUMMARY", "true").strip().lower() == "false":
        workflow.add_summary(environ, text)
    return 0


def _number(event: Mapping[str, Any]) -> int | None:
    request = event.get("pull_request")
    number = request.get("number") if isinstance(request, dict) else None
    return number if isinstance(number, int) else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
