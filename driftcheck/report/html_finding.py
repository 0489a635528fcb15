"""One finding of the HTML report: a line to unfold, and all that is known of it below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from driftcheck.difference import Side
from driftcheck.finding import Finding
from driftcheck.report import Layout, wording
from driftcheck.report.curl import curl
from driftcheck.report.excerpts import Excerpt, excerpts
from driftcheck.report.json import dumps
from driftcheck.report.markup import both_values, code_lines, identifier, name, text
from driftcheck.report.wording import Area

_CHIPS = 12
_MOST_CHIPS = 200


def finding_html(finding: Finding, id: str, of: Area, layout: Layout) -> str:
    """The finding as a `details` element with the given id."""
    return "\n".join(_lines(finding, id, of, layout))


def _lines(finding: Finding, id: str, of: Area, layout: Layout) -> Iterator[str]:
    d = finding.difference
    level = str(finding.severity)
    yield f'<details class="finding" id="{id}" data-level="{level}" data-area="{of}"><summary>'
    yield f'<span class="level {level}">{level}</span> <span class="said">{name(finding.message, 600)}</span>'
    yield f' <code class="rule">{text(finding.rule)}</code></summary>'
    yield '<div class="body">'
    for line in (wording.attribution(d), wording.note(finding)):
        if line:
            yield f"<p>{name(line, 800)}</p>"
    yield from _sides(finding, of, layout)
    yield from _proof(finding, of)
    yield from _operations(finding, of)
    yield from _listed("Used by", wording.calls(finding), "recorded call")
    yield '<div class="foot-of-finding">'
    yield f'<a href="#rule-{identifier(finding.rule)}">Why it matters and what to do</a>'
    if d.pointer:
        yield f"<span>at <code>{name(d.pointer)}</code></span>"
    yield f"<span>fingerprint <code>{finding.fingerprint}</code></span></div>"
    yield "</div></details>"


def _sides(finding: Finding, of: Area, layout: Layout) -> Iterator[str]:
    """Before and after next to each other: the lines of the files, and the values."""
    d = finding.difference
    quoted = excerpts(finding, layout.sources)
    said = of == "migrations" and not wording.values_say_more(finding)  # by the message
    expected, actual = ("", "") if said else both_values(d.expected, d.actual)
    if not (quoted or finding.locations or expected or actual):
        return
    told = {each.location.side for each in quoted} == set(Side)  # then short values are in the lines, too
    yield '<div class="pair">'
    for side, value in ((Side.EXPECTED, expected), (Side.ACTUAL, actual)):
        lines = [each for each in quoted if each.location.side is side]
        places = [each for each in finding.locations if each.side is side]
        if of == "migrations" and not (value or lines or places):
            continue  # most of what is said of a migration has one side only
        label = wording.side(side, of)
        yield f'<div class="side {side}"><div class="label"><b>{label[:1].upper()}{label[1:]}</b>'
        yield " ".join(f"<code>{name(wording.place(at))}</code>" for at in places[:3]) + "</div>"
        if lines:
            yield "<pre><code>" + "\n".join(map(_excerpt, lines[:3])) + "</code></pre>"
        if not told or "\n" in value:
            yield f"<pre><code>{value or '(nothing)'}</code></pre>"
        yield "</div>"
    yield "</div>"


def _excerpt(excerpt: Excerpt) -> str:
    end = excerpt.start + excerpt.length
    before, marked = excerpt.text[: excerpt.start], excerpt.text[excerpt.start : end]
    middle = f"<mark>{text(marked)}</mark>" if marked else ""
    return f'<span class="line">{excerpt.line} </span>{text(before)}{middle}{text(excerpt.text[end:])}'


def _proof(finding: Finding, of: Area) -> Iterator[str]:
    shown = finding.difference.counterexample
    if shown is not None:
        accepts, refuses = (wording.side(each, of) for each in (shown.accepted_by, shown.refused_by))
        said = f"{accepts} accepts it, {refuses} refuses it: {shown.reason}"
        yield f"<p>{name(said[:1].upper() + said[1:], 800)}</p>"
        yield _code("Proof: a value that shows it", code_lines(dumps(shown.value, indent=2)))
    line = curl(finding)
    if line is not None:
        yield _code("Try it", code_lines(line))


def _code(label: str, safe: str) -> str:
    return (
        f'<div class="code"><div class="label"><span>{label}</span>'
        f'<button type="button" class="copy needs-js" aria-label="Copy: {label}">Copy</button></div>'
        f'<pre tabindex="0"><code>{safe}</code></pre></div>'
    )


def _operations(finding: Finding, of: Area) -> Iterator[str]:
    names = finding.difference.operations
    if names and names != (finding.difference.object,):
        noun = "database" if of in ("database", "migrations") else "operation"
        yield from _listed("Reaches", names, noun)


def _listed(verb: str, names: Sequence[str], noun: str) -> Iterator[str]:
    """A list of names under a line that counts them; those that are many are folded."""
    if not names:
        return
    yield f"<div><p>{verb} {wording.counted(len(names), noun)}:</p>"
    yield _chips(names[:_CHIPS])
    if len(names) > _CHIPS:
        left = len(names) - _CHIPS
        rest = _chips(names[_CHIPS:_MOST_CHIPS])
        yield f'<details class="more"><summary>{left:,} more</summary>{rest}</details>'
    yield "</div>"


def _chips(names: Sequence[str]) -> str:
    return '<ul class="chips">' + "".join(f"<li>{name(each)}</li>" for each in names) + "</ul>"
