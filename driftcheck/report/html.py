"""One self-contained page for people: it loads nothing, and reads well without its script.

Look and behaviour are html.css and html.js, let in by their hashes: no attribute may hold style or script.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from driftcheck._version import VERSION
from driftcheck.difference import Severity
from driftcheck.finding import Finding, Report
from driftcheck.report import Layout, wording
from driftcheck.report.html_finding import finding_html
from driftcheck.report.markup import identifier, name, text
from driftcheck.report.picture_api import api_picture
from driftcheck.report.picture_tables import table_of, tables_picture
from driftcheck.report.wording import Area

_MOST = 5_000
_MOST_SKIPPED = 500
_MOST_PICTURES = 12
_MANY = 300  # findings; of more, browsers lay out only those that are seen


def render(report: Report, layout: Layout) -> str:
    """The whole page."""
    return "\n".join(_page(_Page.of(report, layout))) + "\n"


@dataclass(frozen=True, slots=True)
class _Page:
    """What the parts of the page share: the findings that are on it, with their ids and areas."""

    report: Report
    layout: Layout
    shown: tuple[Finding, ...]
    ids: tuple[str, ...]
    areas: tuple[Area, ...]

    @classmethod
    def of(cls, report: Report, layout: Layout) -> _Page:
        shown = report.findings[:_MOST]
        used: dict[str, int] = {}
        ids = []
        for finding in shown:
            again = used.get(finding.fingerprint, 0)
            used[finding.fingerprint] = again + 1
            ids.append(f"f-{finding.fingerprint}" + (f"-{again + 1}" if again else ""))
        areas = tuple(wording.area(finding, report) for finding in shown)
        return cls(report, layout, shown, tuple(ids), areas)

    def numbers(self) -> dict[str, int]:
        """How many findings there are of each level and area, those of the most important ones first."""
        counts = {str(level): self.report.count(level) for level in Severity}
        for area in self.areas:
            counts[area] = counts.get(area, 0) + 1
        return counts


def _page(page: _Page) -> Iterator[str]:
    report = page.report
    failed = " failed" if report.exit_code else ""
    yield "<!DOCTYPE html>"
    yield '<html lang="en">'
    yield from _head(report)
    yield '<body class="many">' if len(page.shown) > _MANY else "<body>"
    yield '<a class="skip" href="#findings">Skip to the findings</a>'
    yield f'<header class="top{failed}"><div class="wrap">'
    yield from _top(report)
    yield "</div></header>"
    yield "<main>"
    yield from _pictures(page)
    yield from _findings(page)
    yield from _skipped(report)
    yield from _rules(page)
    yield "</main>"
    verdict = text(wording.verdict(report))
    yield f'<footer class="wrap">Written by driftcheck {text(VERSION)}: {verdict}</footer>'
    yield '<div id="said" role="status" class="wrap"></div>'
    yield f"<script>{_asset('html.js')}</script>"
    yield "</body>"
    yield "</html>"


def _head(report: Report) -> Iterator[str]:
    style, script = _asset("html.css"), _asset("html.js")
    policy = (
        f"default-src 'none'; style-src 'sha256-{_hash(style)}'; script-src 'sha256-{_hash(script)}';"
        " img-src data:; base-uri 'none'; form-action 'none'"
    )
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="robots" content="noindex">'
    yield '<link rel="icon" href="data:,">'
    yield f"<title>driftcheck {text(report.command)}: {_result(report)}</title>"
    yield f"<style>{style}</style>"
    yield "</head>"


def _top(report: Report) -> Iterator[str]:
    yield '<div class="what">'
    yield f'<p class="name">driftcheck {text(report.command)}</p>'
    yield f"<h1>{_result(report)}</h1>"
    yield f'<p class="sides"><code>{name(report.expected)}</code> <span>→</span>'
    yield f"<code>{name(report.actual)}</code></p>"
    yield "</div>"
    yield '<button type="button" id="theme" class="button needs-js">Dark</button>'


def _result(report: Report) -> str:
    counts = [(report.count(level), level) for level in Severity]
    said = [f"{number:,} {level}" for number, level in counts if number]
    return ", ".join(said) or "No drift found"


def _pictures(page: _Page) -> Iterator[str]:
    entries = list(zip(page.shown, page.ids, page.areas, strict=True))
    api = [(finding, id) for finding, id, area in entries if _is_of_api(finding, area)]
    tables = [(finding, id) for finding, id, area in entries if area == "database"]
    relations = page.report.relations
    drawn = [
        ("The API, where it changed", "paths, operations and what reaches them", job, api_picture(own))
        for job, own in _by_job(api)
    ]
    drawn += [
        (
            "The tables that drifted",
            "and what points at what",
            job,
            tables_picture(own, [each for each in relations if each.job == job], number),
        )
        for number, (job, own) in enumerate(_by_job(tables))
    ]
    pictures = [each for each in drawn if each[3]][:_MOST_PICTURES]
    if not pictures:
        return
    yield '<section class="section wrap" aria-labelledby="pictures"><h2 id="pictures">At a glance</h2>'
    for title, hint, job, svg in pictures:
        whose = f" ({text(job)})" if job else ""
        yield '<details class="card picture" open>'
        yield f'<summary>{title}{whose} <span class="hint">{hint}</span></summary>'
        yield f'<section class="scroll" tabindex="0" aria-label="{title}{whose}">{svg}</section></details>'
    yield "</section>"


def _by_job(entries: Iterable[tuple[Finding, str]]) -> Iterator[tuple[str, list[tuple[Finding, str]]]]:
    """A picture for each job, those with the worst findings first: names may be the same in two of them."""
    jobs: dict[str, list[tuple[Finding, str]]] = {}
    for finding, id in entries:
        jobs.setdefault(finding.job, []).append((finding, id))
    yield from jobs.items()


def _is_of_api(finding: Finding, area: Area) -> bool:
    """Recorded calls are of an operation, too, where they could be told to be."""
    method, space, path = finding.difference.object.partition(" ")
    called = area == "traffic" and space and method.isupper() and path.startswith("/")
    return bool(called) or area in ("api", "service")


def _findings(page: _Page) -> Iterator[str]:
    yield '<section class="section" aria-labelledby="findings">'
    yield '<div class="wrap"><h2 id="findings" tabindex="-1">Findings</h2></div>'
    if not page.shown:
        yield '<div class="wrap"><p class="card none"><b>No drift found.</b>'
        yield "Both sides keep the same contract, as far as it was checked.</p></div></section>"
        return
    yield from _tools(page)
    yield '<div class="wrap">'
    groups: dict[tuple[Area, str], list[str]] = {}
    for finding, id, of in zip(page.shown, page.ids, page.areas, strict=True):
        article = finding_html(finding, id, of, page.layout)
        table = table_of(finding) if of == "database" else ""
        title = wording.of_job(table, finding) if table else wording.heading(finding, of)
        groups.setdefault((of, title), []).append(article)
    for (of, title), articles in groups.items():
        yield '<section class="card group">'
        kind = f'<span class="area">{wording.AREA_TITLES[of]}</span>'
        yield f'<h3><span class="mono">{name(title)}</span> {kind}</h3>'
        yield from articles
        yield "</section>"
    yield '<p id="nothing" class="card none" hidden>Nothing fits.'
    yield '<button type="button" class="plain reset">Show everything</button></p>'
    left = len(page.report.findings) - len(page.shown)
    if left:
        yield f'<p class="card none">… and {left:,} more. The JSON report has all of them.</p>'
    yield "</div></section>"


def _tools(page: _Page) -> Iterator[str]:
    numbers = page.numbers()
    levels = [str(level) for level in Severity if numbers[level]]
    areas = list(dict.fromkeys(page.areas))
    yield '<div class="tools needs-js" role="search"><div class="wrap">'
    yield '<input id="search" type="search" autocomplete="off" aria-label="Search in the findings"'
    yield ' placeholder="Search: a path, a table, a rule …  ( / )" aria-keyshortcuts="/">'
    yield '<div class="toggles" role="group" aria-label="Levels and kinds that are shown">'
    for level in levels:
        yield _toggle(level, level, level, numbers[level])
    if len(areas) > 1:
        for area in areas:
            yield _toggle(area, wording.AREA_TITLES[area], "", numbers[area])
    yield "</div>"
    yield f'<div class="shown"><span id="count" role="status">{len(page.shown)} shown</span>'
    yield '<button type="button" class="plain" id="unfold">Unfold all</button></div>'
    yield "</div></div>"


def _toggle(value: str, label: str, kind: str, number: int) -> str:
    return (
        f'<button type="button" class="toggle {kind}" value="{value}" aria-pressed="true">'
        f"{label} <b>{number:,}</b></button>"
    )


def _skipped(report: Report) -> Iterator[str]:
    if not report.skipped:
        return
    yield '<section class="section wrap" aria-labelledby="skipped">'
    yield f'<h2 id="skipped">Not checked ({len(report.skipped):,})</h2>'
    yield '<dl class="card list">'
    for item in report.skipped[:_MOST_SKIPPED]:
        yield f"<dt>{name(item.what)}</dt><dd>{name(item.why, 600)}</dd>"
    yield "</dl>"
    if len(report.skipped) > _MOST_SKIPPED:
        yield f"<p>… and {len(report.skipped) - _MOST_SKIPPED:,} more.</p>"
    yield "</section>"


def _rules(page: _Page) -> Iterator[str]:
    """Why each rule matters and what to do: once for a rule, and not for each of its findings."""
    if not page.shown:
        return
    from driftcheck.catalogue import all_rules

    known = {rule.id: rule for rule in all_rules()}
    yield '<section class="section wrap" aria-labelledby="rules">'
    yield '<h2 id="rules">Rules</h2><dl class="card list">'
    titles = {finding.rule: finding.title for finding in page.shown}
    for id in sorted(titles):
        rule = known.get(id)
        said = f"{text(rule.why)} {text(rule.fix)}" if rule else ""
        title = text(rule.title if rule else titles[id])
        yield f'<dt id="rule-{identifier(id)}">{title} <code>{text(id)}</code></dt><dd>{said}</dd>'
    yield "</dl></section>"


@cache
def _asset(file: str) -> str:
    return Path(__file__).with_name(file).read_text(encoding="utf-8")


def _hash(content: str) -> str:
    return b64encode(sha256(content.encode()).digest()).decode()
