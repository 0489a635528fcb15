"""A service full of clocks, UUIDs, counters and random order passes, always alike; a broken one fails."""

from __future__ import annotations

import random

import pytest

from driftcheck.config import Config, TrafficConfig
from driftcheck.report import Layout, render
from driftcheck.traffic.replay.check import replay_traffic
from tests.traffic.replay.clocks import NOISE, SPEC, Shop, visit
from tests.traffic.replay.service import serving

CALLS = visit()


def replayed(shop, calls=CALLS, **traffic):
    config = Config(traffic=TrafficConfig(allow_writes=True, noise=NOISE, **traffic))
    with serving(shop) as target:
        return replay_traffic(calls, target, SPEC, config=config).report


def as_json(report):
    return render(report, "json", Layout())


def test_twenty_replays_give_the_same_bytes_and_pass():
    reports = [replayed(Shop(seed)) for seed in range(100, 120)]
    assert [finding.message for finding in reports[0].findings] == []
    assert {as_json(report) for report in reports} == {as_json(reports[0])}
    assert reports[0].exit_code == 0


def test_a_broken_service_gives_the_same_bytes_too():
    def spoil(path, value):
        return {key: item for key, item in value.items() if key != "state"} if "state" in value else value

    reports = {as_json(replayed(Shop(seed, spoil))) for seed in range(5)}
    assert len(reports) == 1
    assert "replayed-field-missing" in reports.pop()


def leaves(value, path=()):
    if isinstance(value, dict):
        return [found for key, item in value.items() for found in leaves(item, (*path, key))]
    if isinstance(value, list) and value:
        return [found for index, item in enumerate(value) for found in leaves(item, (*path, index))]
    return [path]


def changed(value, path, change):
    if not path:
        return change(value)
    copy = dict(value) if isinstance(value, dict) else list(value)
    if len(path) == 1 and change == "drop":
        del copy[path[0]]
    elif len(path) == 1 and change == "rename":
        copy[f"x_{path[0]}_y" if isinstance(path[0], str) else path[0]] = copy.pop(path[0])
    else:
        copy[path[0]] = changed(copy[path[0]], path[1:], change)
    return copy


def other_type(value):
    return [value] if isinstance(value, str) else "text" if value is not None else 5


def nothing(value):
    return None if value is not None else "something"


MUTATIONS = {"drop": "drop", "rename": "rename", "type": other_type, "null": nothing}


class Spoiler:
    """Breaks one place of the answers of one operation, chosen by a seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.label = self.random.choice(
            ["POST orders", "GET orders", "GET numbers", "GET products", "GET health", "POST login"]
        )
        self.kind = self.random.choice([*MUTATIONS, "status"])
        self.path = None

    def __call__(self, label, value):
        if label != (self.label,) or (isinstance(value, dict) and "error" in value):
            return value
        if self.kind == "status":
            return (500,)
        if self.path is None:
            places = [path for path in leaves(value) if path and path[-1] not in ("load",)]
            if self.kind in ("drop", "rename"):
                places = [path for path in places if isinstance(path[-1], str)]
            self.path = self.random.choice(places)
        try:
            return changed(value, self.path, MUTATIONS[self.kind])
        except (KeyError, IndexError, TypeError):
            return value


@pytest.mark.parametrize("seed", range(60))
def test_a_broken_service_always_fails(seed):
    spoiler = Spoiler(seed)
    report = replayed(Shop(seed, spoiler))
    assert report.exit_code == 1, (spoiler.label, spoiler.kind, spoiler.path)


@pytest.mark.parametrize(
    ("label", "place", "value"),
    [
        ("GET orders", ("state",), "paid"),
        ("GET orders", ("total",), 7.6),
        ("GET orders", ("customer", "vip"), True),
        ("GET orders", ("customer", "email"), "c@example.com"),
        ("GET orders", ("lines", 0, "qty"), 3),
        ("GET orders", ("id",), "6f1c1d5e-0000-4000-8000-000000000000"),
        ("GET orders", ("number",), 99_999),
        ("GET orders", ("self",), "/orders/6f1c1d5e-0000-4000-8000-000000000000"),
        ("GET numbers", ("number",), 3),
        ("GET numbers", ("made_at",), "yesterday"),
        ("POST orders", ("state",), "paid"),
        ("POST orders", ("total",), 0),
        ("POST orders", ("id",), "no-uuid"),
        ("POST orders", ("note",), ""),
        ("GET health", ("status",), "bad"),
        ("GET health", ("now",), 3),
        ("GET products", (0, "price"), 13),
        ("GET products", (0, "sku"), "Z"),
    ],
)
def test_a_wrong_value_is_found(label, place, value):
    def spoil(said, given):
        fitting = said == (label,) and not (
            isinstance(given, dict) and ("error" in given or "count" in given)
        )
        return changed(given, place, lambda _: value) if fitting else given

    assert replayed(Shop(5, spoil)).exit_code == 1


@pytest.mark.parametrize("place", ["id", "made_at", "number"])
def test_what_varies_may_vary(place):
    assert replayed(Shop(6)).findings == ()


def test_an_order_that_is_swapped_for_another_is_found():
    class Swapped(Shop):
        def answer(self, asked):
            status, value = super().answer(asked)
            if asked.method == "GET" and asked.path.startswith("/orders/") and status == 200:
                return 200, {**list(self.orders.values())[-1], "tags": value["tags"], "read_at": self.now()}
            return status, value

    assert replayed(Swapped(3)).exit_code == 1
