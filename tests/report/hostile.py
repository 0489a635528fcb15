"""Nasty names, and a report that has one of them in every place where text from outside can stand."""

from __future__ import annotations

from dataclasses import replace

from driftcheck.difference import Change, Counterexample, Location, Rename, Severity, Side
from driftcheck.finding import Finding, Relation, Report, Skipped
from driftcheck.report import Layout
from tests.builders import difference

NAMES = {
    "ansi colour": "\x1b[31mred\x1b[0m",
    "ansi title": "\x1b]0;title\x07",
    "c1 control": "\x9b2J",
    "backspaces": "a\x08\x08b",
    "bidi override": "\u202egnp.exe",
    "bidi isolate": "\u2066x\u2069",
    "right to left": "שלום עולם",
    "zero width": "a\u200bb\u2060c",
    "line separator": "\u2028x\u2029y",
    "newline": "a\nb",
    "carriage return": "a\rb\r\nc",
    "nul": "a\x00b",
    "lone surrogate": "\ud800x\udfff",
    "noncharacter": "\ufffe\uffff",
    "astral tag": "\U000e0041",
    "emoji": "👩\u200d💻🎉",
    "pipe": "a | b || c",
    "backticks": "`` ` ``` a ````",
    "script": "</script><script>window.hurt=1</script>",
    "style": "</style><style>*{display:none}</style>",
    "image": "<img src=x onerror='window.hurt=1'>",
    "svg": "<svg onload=window.hurt=1><animate onbegin=window.hurt=1>",
    "attribute": '" onmouseover="window.hurt=1" x=\'',
    "comment open": "<!-- a",
    "comment close": "a --> b ]]> c",
    "details": "</summary></details></pre></code><b>bold</b>",
    "entity": "&lt;b&gt;&amp;&#60;&nbsp",
    "markdown link": "[click](javascript:window.hurt=1)",
    "markdown image": "![x](https://evil.example/x.png)",
    "markdown bare": "https://evil.example/x www.evil.example mail@evil.example",
    "markdown emphasis": "*a* **b** _c_ ~~d~~ # e",
    "markdown block": "# head",
    "markdown list": "1. one",
    "markdown fence": "```\n</code>\n```",
    "markdown table": "|a|b|\n|-|-|",
    "mention": "@octocat and @org/team",
    "reference": "#123 and org/repo#45 GH-6",
    "emoji code": ":tada: :rocket:",
    "maths": "$x$ $$y$$",
    "command": "::error::hurt",
    "command later": "a\n::error::hurt",
    "command encoded": "%0A::error::hurt%0D%0A",
    "command stop": "::stop-commands::pause",
    "command old": "##[error]hurt ##vso[task.complete]hurt ##teamcity[x]",
    "command property": "a,line=1,title=x::hurt",
    "marker": "<!-- driftcheck-report -->",
    "formula": "=cmd|' /C calc'!A0",
    "json": '"},{"x":"',
    "sarif": "{0} [a](b) {{1}}",
    "shell": "$(touch hurt) `touch hurt` '; touch hurt #",
    "path": "../../etc/passwd",
    "spaces": "   a   ",
    "blank": " ",
    "long": "x" * 10_000,
    "long words": "word " * 2_000,
    "long combining": "e" + "\u0301" * 5_000,
}


def hostile_report(name: str) -> Report:
    """Findings of every kind, with `name` wherever a document, a database or a recording could put it."""
    places = (
        Location(Side.EXPECTED, f"main:{name}.yaml", 1, 2),
        Location(Side.ACTUAL, f"{name}.yaml", 1, 2),
        Location(Side.ACTUAL, name, 3, 1),
    )
    text = {"message": f"field {name} was renamed to {name}", "title": f"{name} title", "used_by": name}
    api = _finding(
        text,
        places,
        object=f"POST /{name}",
        operation=f"POST /{name}",
        pointer=f"/requestBody/content/{name}/schema/{name}",
        operations=(f"GET /{name}", name, f"{name} {name}"),
        expected={name: name},
        actual=[name, {name: [name]}],
        counterexample=Counterexample({name: name}, Side.EXPECTED, Side.ACTUAL, f"{name} is required"),
        cause=name,
        name=name,
    )
    component = _finding(text, (), object=name, note=name, pointer=name, cause=f"c{name}", severity="risky")
    column = _finding(
        text,
        places[:1],
        kind="column",
        category="writes",
        object=f"{name}.{name}",
        change=Change.RENAMED,
        rename=Rename(name, name, 0.5),
        attribute=name,
        attribution="hand-made",
        cause=f"t{name}",
    )
    key = _finding(
        text,
        (),
        kind="foreign_key",
        category="schema",
        object=f"{name}.(a)",
        change=Change.MISSING,
        expected=f"(a) -> {name}(b)",
        cause=f"k{name}",
        severity="info",
    )
    exchange = _finding(text, places, kind="exchange", category="recordings", cause=f"e{name}")
    return Report(
        "check",
        name,
        f"{name}.yaml",
        (api, replace(component, job=name), replace(column, job=name), key, exchange),
        (Skipped(name, f"{name} is not known"), Skipped(f"GET /{name}", name)),
        relations=(
            Relation(name, "other", (name,)),
            Relation("other", f"{name}2", (name, name)),
            Relation(name, "other", (name,), job=name),
        ),
    )


def _finding(text, places, severity="breaking", category="wire", **given):
    used = (
        dict.fromkeys(("consumer", "test", "method", "path", "file", "why"), text["used_by"]) | {"line": 3},
    )
    return Finding(
        "request-property-renamed",
        Severity(severity),
        text["title"],
        text["message"],
        category,
        difference(**given),
        places,
        used,
    )


SOME = ("script", "attribute", "comment close")
"""Names for which tools that are slow to start look at a report of their own."""


def everything_hostile() -> Report:
    """One report with the findings of all names."""
    each = [hostile_report(name) for name in NAMES.values()]
    return replace(
        each[0],
        findings=tuple(finding for one in each for finding in one.findings),
        skipped=tuple(item for one in each for item in one.skipped),
        relations=tuple(relation for one in each for relation in one.relations),
    )


def hostile_layout(name: str, **given) -> Layout:
    """Files whose lines are nasty, too."""
    lines = [f"{name}: {name}", name, f"  {name} # {name}"]
    return Layout(sources=lambda file: lines, below_root="a/b", home=f"{name}.toml", **given)
