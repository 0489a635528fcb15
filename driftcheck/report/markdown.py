"""Markdown for a comment in a pull request: folded findings, the worst first, cut to what GitHub takes.

Everything from a document goes through `prose`, `code` or `fenced`, and in HTML through `html_text`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape as html_escape

from driftcheck.difference import Severity
from driftcheck.finding import Finding, Report
from driftcheck.report import Layout, wording
from driftcheck.report.curl import curl
from driftcheck.report.escape import printable
from driftcheck.report.excerpts import diff_lines

MARKER = "<!-- driftcheck-report -->"
"""The first line, by which a comment is found again."""

COMMENT_LIMIT = 65_536
"""Most characters of a comment on GitHub, counted as UTF-16 units to be on the safe side."""

_ICONS = {Severity.BREAKING: "🔴", Severity.RISKY: "🟡", Severity.INFO: "🔵"}
_TEXT_LIMIT = 600
_NAME_LIMIT = 200
_CODE_LIMIT = 1_200
_OPEN_FIRST = 3  # so many findings are unfolded, if they are all there are
_MOST_SKIPPED = 20
_RESERVE = 300  # for the lines that say how much was left out

Size = Callable[[str], int]


def utf16_units(text: str) -> int:
    """How long JavaScript, Java and .NET think the text is."""
    return len(text) + sum(character > "\uffff" for character in text)


def render(report: Report, layout: Layout) -> str:
    """The report for a comment."""
    return within(report, layout, COMMENT_LIMIT, utf16_units)


def within(report: Report, layout: Layout, limit: int, size: Size) -> str:
    """The report in at most `limit` of `size`; findings that do not fit are counted."""
    head, foot = "\n".join(_head(report)), "\n".join(_foot(report))
    left = limit - size(head) - size(foot) - _RESERVE
    parts, level, written = [head], None, 0
    for finding in sorted(report.findings, key=lambda finding: finding.severity.rank):
        part = "\n".join(_finding(finding, report, layout))
        if finding.severity is not level:
            part = f"\n### {_ICONS[finding.severity]} {_counted(report, finding.severity)}\n\n{part}"
        cost = size(part) + 1
        if cost > left:
            break
        left -= cost
        level, written = finding.severity, written + 1
        parts.append(part)
    if written < len(report.findings):
        parts.append(f"\n… and {len(report.findings) - written:,} more")
    return "\n".join([*parts, foot]) + "\n"


def _head(report: Report) -> Iterator[str]:
    passed = report.exit_code == 0
    yield MARKER
    yield f"## {'✅' if passed else '❌'} driftcheck {report.command}: {_result(report)}"
    yield ""
    yield f"{code(report.expected)} → {code(report.actual)}"


def _result(report: Report) -> str:
    counts = [(report.count(level), level) for level in Severity]
    said = [f"{number:,} {level}" for number, level in counts if number]
    return ", ".join(said) or "no drift"


def _counted(report: Report, level: Severity) -> str:
    return f"{str(level).capitalize()} ({report.count(level):,})"


def _finding(finding: Finding, report: Report, layout: Layout) -> Iterator[str]:
    of = wording.area(finding, report)
    unfolded = " open" if len(report.findings) <= _OPEN_FIRST else ""
    name = html_text(wording.cut(wording.heading(finding, of), _NAME_LIMIT))
    yield f"<details{unfolded}><summary><code>{name}</code>"
    yield f"{html_text(wording.cut(finding.message, _TEXT_LIMIT))}</summary>"
    yield ""
    yield from _facts(finding, report)
    yield from _proof(finding, report)
    excerpt = diff_lines(finding, layout.sources)
    if excerpt:
        yield from fenced("\n".join(excerpt), "diff")
    yield "</details>"
    yield ""


def _facts(finding: Finding, report: Report) -> Iterator[str]:
    """A list of what is known of the finding, followed by an empty line."""
    of = wording.area(finding, report)
    d = finding.difference
    yield f"- rule {code(finding.rule)}: {prose(finding.title)}"
    places = [code(wording.place(at)) for at in finding.locations if at.line is not None]
    if places:
        yield f"- {' → '.join(places)}"
    for line in (wording.attribution(d), wording.reach(finding, of, 5), wording.used(finding, 5)):
        if line:
            yield f"- {prose(line)}"
    if wording.values_say_more(finding):
        yield f"- {code(wording.value(d.expected, 300))} → {code(wording.value(d.actual, 300))}"
    if wording.note(finding):
        yield f"- {prose(wording.note(finding))}"
    yield ""


def _proof(finding: Finding, report: Report) -> Iterator[str]:
    shown = finding.difference.counterexample
    if shown is not None:
        of = wording.area(finding, report)
        accepts, refuses = (wording.side(each, of) for each in (shown.accepted_by, shown.refused_by))
        yield f"{prose(f'{accepts} accepts this, {refuses} refuses it: {shown.reason}')}"
        yield ""
        yield from fenced(wording.value(shown.value, _CODE_LIMIT), "json")
    line = curl(finding)
    if line is not None and len(line) <= _CODE_LIMIT:
        yield from fenced(line, "sh")


def _foot(report: Report) -> Iterator[str]:
    if report.skipped:
        yield ""
        yield f"<details><summary>{wording.counted(len(report.skipped), 'check')} skipped</summary>"
        yield ""
        for item in report.skipped[:_MOST_SKIPPED]:
            yield f"- {prose(f'{item.what}: {item.why}')}"
        if len(report.skipped) > _MOST_SKIPPED:
            yield f"- … and {len(report.skipped) - _MOST_SKIPPED:,} more"
        yield ""
        yield "</details>"
    yield ""
    yield f"<sub>{html_text(wording.verdict(report))} · <code>driftcheck explain RULE</code> says more</sub>"


# What Markdown, or GitHub's additions to it, take for markup in running text. A reference by name, number
# or address is broken by a space of no width, as a backslash does not hinder it.
_MARKUP = re.compile(r"[\\`*_{}\[\]()#+!|~$^=-]|(?<=^\d)\.|(?<=^\d\d)\.")
_REFERENCE = re.compile(
    r"(?<=[@#])(?=\w)|(?<=://)|(?<=\b[Ww]{3})(?=\.)|(?<=\b[Gg][Hh])(?=-\d)|(?<=:)(?=[\w+-]+:)"
)
_BREAK = "&#8203;"


def prose(text: str) -> str:
    """Text between Markdown's own, in one line, that shows as it is written."""
    cleaned = printable(wording.cut(text, _TEXT_LIMIT)).strip()
    pieces = _REFERENCE.split(cleaned)
    return _BREAK.join(_MARKUP.sub(r"\\\g<0>", html_escape(piece, quote=False)) for piece in pieces)


def html_text(text: str) -> str:
    """Text inside of an HTML element, where Markdown is not read but references still are."""
    pieces = _REFERENCE.split(printable(text))
    return _BREAK.join(html_escape(piece) for piece in pieces)


def code(text: str) -> str:
    """A span of code; its fence is longer than any in the text."""
    cleaned = printable(wording.cut(text, _TEXT_LIMIT))
    if not cleaned.strip():
        return "` `"
    fence = "`" * (_longest_run(cleaned) + 1)
    space = " " if cleaned[0] in "` " or cleaned[-1] in "` " else ""
    return f"{fence}{space}{cleaned}{space}{fence}"


def fenced(text: str, language: str) -> Iterator[str]:
    """A block of code and an empty line; the lines of `text` stay lines."""
    lines = [printable(line) for line in text.split("\n")]
    fence = "`" * max(3, *(_longest_run(line) + 1 for line in lines))
    yield f"{fence}{language}"
    yield from lines
    yield fence
    yield ""


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
