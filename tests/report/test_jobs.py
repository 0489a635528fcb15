"""Findings of several jobs: two services may have a table or a component of the same name."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from driftcheck.finding import Relation
from driftcheck.report import FORMATS, Layout, render
from tests.builders import finding, report


def column(job, object="users.phone"):
    found = finding(object=object, kind="column", category="writes", operation=None, pointer=None)
    return replace(found, job=job)


def component(job):
    return replace(finding(object="Money"), job=job)


def two(**given):
    services = ("orders", "billing")
    return report(*map(component, services), *(column(f"{each}-db") for each in services), **given)


@pytest.mark.parametrize(
    "format", ["text", "markdown", "summary", "html", "github", "gitlab", "sarif", "junit"]
)
def test_each_says_whose_it_is(format):
    shown = render(two(), format, Layout())
    for job in ("orders", "billing", "orders-db", "billing-db"):
        assert f"({job})" in shown


def test_the_json_report_is_what_it_was():
    found = two()
    plain = replace(found, findings=tuple(replace(each, job="") for each in found.findings))
    assert found.to_dict() == plain.to_dict()
    assert "job" not in json.loads(render(found, "json"))["findings"][0]


@pytest.mark.parametrize("format", FORMATS)
def test_without_jobs_names_stand_alone(format):
    shown = render(report(component(""), column("")), format, Layout())
    assert not re.search(r"(Money|phone)(</\w+>)? \(", shown)


def test_text_and_page_keep_them_in_groups_of_their_own():
    shown = render(two(), "text")
    assert re.findall(r"^Component .*|^users.*", shown, re.MULTILINE) == [
        "Component Money (orders)",
        "Component Money (billing)",
        "users.phone (orders-db)",
        "users.phone (billing-db)",
    ]
    assert render(two(), "html").count('<section class="card group">') == 4


def test_each_has_a_picture_of_its_own():
    page = render(two(), "html")
    titles = re.findall(r"<summary>(The [^<]*) <span", page)
    assert titles == [
        "The API, where it changed (orders)",
        "The API, where it changed (billing)",
        "The tables that drifted (orders-db)",
        "The tables that drifted (billing-db)",
    ]
    ids = re.findall(r'\bid="([^"]*)"', page)
    assert len(ids) == len(set(ids))


def test_a_relation_is_drawn_for_its_own_job_only():
    relations = tuple(Relation("users", f"of-{job}", job=f"{job}-db") for job in ("orders", "billing"))
    page = render(two(relations=relations), "html")
    orders, billing = re.findall(r"<summary>The tables.*?</details>", page, re.DOTALL)
    assert "of-orders" in orders
    assert "of-billing" not in orders
    assert "of-billing" in billing
    assert "of-orders" not in billing


def test_a_page_of_many_jobs_has_some_pictures_and_all_findings():
    page = render(report(*(column(f"job-{number}") for number in range(40))), "html")
    assert page.count('class="card picture"') == 12
    assert page.count('class="finding"') == 40
