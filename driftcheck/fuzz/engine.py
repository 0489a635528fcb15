"""Drives Schemathesis: the only module that knows it. Configuration in, values of outcome.py out.

What its checks say is worked out in answers.py; here is how a run is set up, and how its events are read.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from driftcheck.errors import DriftcheckError
from driftcheck.fuzz.answers import CHECKS, broken_off, problem_of, request_of, unanswered
from driftcheck.fuzz.outcome import NotTested, Problem, Progress, Sent
from driftcheck.fuzz.target import Target
from driftcheck.fuzz.unshown import Given

if TYPE_CHECKING:
    from schemathesis.engine.events import EngineEvent
    from schemathesis.schemas import BaseSchema

PHASES = ("examples", "coverage", "fuzzing", "stateful")


_ORDINARY = ("No examples in schema",)  # a description need not have any


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to send. `operations` are labels; `examples` says for each how many requests a phase may make.

    `timeout` in seconds is for one request, `time_limit` (0: none) for the whole run.
    """

    document: Mapping[str, Any]
    operations: Mapping[str, int]
    phases: tuple[str, ...] = PHASES
    checks: tuple[str, ...] = CHECKS
    seed: int = 1
    workers: int = 1
    timeout: float = 10.0
    time_limit: float = 0.0
    max_response_time: float = 0.0
    rate_limit: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    given: Given = field(default_factory=Given)


@dataclass(frozen=True, slots=True)
class Trial:
    """One value to be tried at one place: `where` is "body" or a place of parameters, `name` its media type
    or the parameter's name. `pointer` and `attribute` tell the difference that it proves."""

    operation: str
    pointer: str
    attribute: str
    where: str
    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class Answered:
    """What the service said to a trial."""

    sent: Sent
    status: int


def attempt(plan: Plan, target: Target, trials: Sequence[Trial]) -> Iterator[tuple[Trial, Answered | str]]:
    """Send each trial's value in an otherwise valid request; a text says why that could not be done."""
    if not trials:
        return
    import hypothesis
    from schemathesis.core.result import Ok

    with quiet(), _probes_in_process():
        schema = _schema(plan, target)
        found = (result.ok() for result in schema.get_all_operations() if isinstance(result, Ok))
        operations = {operation.label: operation for operation in found}
        for trial in trials:
            operation = operations.get(trial.operation)
            if operation is None:
                yield trial, "the operation cannot be used"
                continue
            try:
                case = _example(operation, plan.seed)
                _put(case, trial)
                response = case.call(headers=dict(plan.headers), timeout=plan.timeout)
            except (hypothesis.errors.HypothesisException, OSError, ValueError, TypeError) as error:
                yield trial, f"no request could be made: {type(error).__name__}"
                continue
            sent = request_of(response.request, plan.given, target.base)
            yield trial, Answered(sent, response.status_code)


def _example(operation: Any, seed: int) -> Any:
    """One valid request, the same for the same seed."""
    import hypothesis
    from schemathesis import GenerationMode

    found: list[Any] = []

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=1, database=None, deadline=None, phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )  # fmt: skip
    @hypothesis.given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
    def draw(case: Any) -> None:
        found.append(case)

    draw()
    return found[0]


_CONTAINERS = {"query": "query", "header": "headers", "cookie": "cookies", "path": "path_parameters"}


def _put(case: Any, trial: Trial) -> None:
    if trial.where == "body":
        case.body = trial.value
        case.media_type = trial.name if "*" not in trial.name else "application/json"
        return
    name = _CONTAINERS[trial.where]
    values = dict(getattr(case, name) or {})
    plain = isinstance(trial.value, str | list | dict) and trial.where == "query"
    values[trial.name] = trial.value if plain else _text(trial.value)
    setattr(case, name, values)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(map(_text, value))
    return value if isinstance(value, str) else json.dumps(value)


def fuzz(plan: Plan, target: Target) -> Iterator[Problem | NotTested | Progress]:
    """Send requests and yield what comes of them, as it happens. DriftcheckError where the service dies."""
    from schemathesis.engine import from_schema

    with quiet(), _probes_in_process():
        schema = _schema(plan, target)
        stream = from_schema(schema).execute()
        reading = _Reading(plan, target)
        for event in stream:
            yield from reading.read(event)
        reading.check_place(plan.operations)
        reading.check_tried(plan.operations)


@contextlib.contextmanager
def _probes_in_process() -> Iterator[None]:
    """Let checks that send requests of their own (is authentication asked for?) reach WSGI applications.

    They hand on settings of sockets, which Werkzeug's client does not take: the check would end in a
    TypeError, and with it everything that is tried of the operation.
    """
    from schemathesis.transport.wsgi import WSGITransport

    original = WSGITransport.send

    def send(self: Any, case: Any, *, session: Any = None, **settings: Any) -> Any:
        of_sockets = ("max_redirects", "verify", "cert", "proxies") if session is None else ()
        kept = {name: value for name, value in settings.items() if name not in of_sockets}
        return original(self, case, session=session, **kept)

    WSGITransport.send = send  # type: ignore[method-assign]
    try:
        yield
    finally:
        WSGITransport.send = original  # type: ignore[method-assign]


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep what the engine or the application prints out of the report."""
    import warnings

    with contextlib.redirect_stdout(sys.stderr), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _schema(plan: Plan, target: Target) -> BaseSchema:
    import schemathesis
    from schemathesis.core.errors import LoaderError
    from schemathesis.filters import FilterSet

    settings = _settings(plan, target)
    try:
        schema = schemathesis.openapi.from_dict(dict(plan.document), config=settings)
    except LoaderError as error:
        raise DriftcheckError(f"the description cannot be used: {error}") from None
    if target.app is not None:
        schema.app = target.app
    # `schema.include` would add to the operations that the settings above name, all of them
    chosen = FilterSet()
    chosen.include(name=list(plan.operations))
    schema.filter_set = chosen
    return schema


def _settings(plan: Plan, target: Target) -> Any:
    from schemathesis import Config
    from schemathesis.config import ConfigError

    table: dict[str, Any] = {
        "seed": plan.seed,
        "cache": {"enabled": False},  # it would be written into the working directory, and change later runs
        "workers": plan.workers,
        "continue-on-failure": True,  # the first problem must not hide the others
        "request-timeout": plan.timeout,
        "max-redirects": 0,  # an answer is judged as it is, and nothing is sent to anybody else
        "generation": {"database": "none", "max-examples": max(plan.operations.values(), default=1)},
        "phases": {name: {"enabled": name in plan.phases} for name in PHASES},
        "checks": {name: {"enabled": name in plan.checks} for name in CHECKS if name != "max_response_time"},
        "operations": [
            {"include-name": name, "generation": {"max-examples": examples}}
            for name, examples in plan.operations.items()
        ],
    }
    if plan.time_limit:
        table["max-time"] = max(1, round(plan.time_limit))
    if plan.max_response_time:
        table["checks"]["max_response_time"] = plan.max_response_time
    if plan.rate_limit:
        table["rate-limit"] = plan.rate_limit
    if plan.headers:
        table["headers"] = {name: value.replace("$", "$$") for name, value in plan.headers.items()}
    if "unsupported_method" not in plan.checks:  # nothing to learn from methods that are not described
        table["phases"]["coverage"]["unexpected-methods"] = []
    if target.url:
        table["base-url"] = target.url
    try:
        return Config.from_dict(table)
    except ConfigError as error:
        raise DriftcheckError(str(error).strip()) from None


@dataclass(slots=True)
class _Reading:
    """Turns events into outcomes; remembers how many requests were sent."""

    plan: Plan
    target: Target
    requests: int = 0
    scenarios: dict[str, int] = field(default_factory=dict)  # finished ones, by phase
    statuses: set[int] = field(default_factory=set)
    found: bool = False
    broken: dict[str, str] = field(default_factory=dict)  # operations that could not be tried to the end: why
    unanswered: dict[str, str] = field(default_factory=dict)  # operations whose connection failed: how

    @property
    def given(self) -> Given:
        """What is not shown."""
        return self.plan.given

    def share(self, phase: str) -> float:
        """How much of the run is done with one more scenario of this phase: one for each operation, and
        sequences as many as there are examples."""
        self.scenarios[phase] = self.scenarios.get(phase, 0) + 1
        examples = max(self.plan.operations.values(), default=1)
        known = [each for each in PHASES if each in self.plan.phases]
        wanted = examples if phase == "stateful" else len(self.plan.operations)
        before = known.index(phase) if phase in known else 0
        return (before + min(self.scenarios[phase] / max(wanted, 1), 1.0)) / max(len(known), 1)

    def read(self, event: EngineEvent) -> Iterator[Problem | NotTested | Progress]:
        """What one event says."""
        reader = _READERS.get(type(event).__name__)
        if reader is not None:
            yield from reader(self, event)

    def check_place(self, operations: Iterable[str]) -> None:
        """DriftcheckError where nothing was found at all, although paths without parameters were tried."""
        plain = any("{" not in label for label in operations)
        if plain and self.statuses == {404} and self.target.url:
            message = f"{self.target.label} answered 404 to all {self.requests} requests"
            raise DriftcheckError(message, "is this where the API begins? --url takes its base path, too")

    def check_tried(self, operations: Iterable[str]) -> None:
        """DriftcheckError where no operation at all could be tried to the end: that is no pass."""
        if not self.found and self.broken and self.broken.keys() >= set(operations):
            raise DriftcheckError(f"no operation could be tried: {next(iter(self.broken.values()))}")


def _scenario(reading: _Reading, event: Any) -> Iterator[Problem | NotTested | Progress]:
    recorder = event.recorder
    reading.requests += len(recorder.interactions)
    answers = (each.response for each in recorder.interactions.values())
    reading.statuses |= {answer.status_code for answer in answers if answer is not None}
    phase = str(event.phase.value)
    yield Progress(phase, event.label or "", reading.requests, reading.share(phase))
    for problem in _problems(reading, event):
        reading.found = True
        yield problem
    ordinary = event.skip_reason in _ORDINARY
    if event.skip_reason and event.status.value == "skip" and event.label and not ordinary:
        yield NotTested(f"{event.label} ({event.phase.value})", str(event.skip_reason))


def _problems(reading: _Reading, event: Any) -> Iterator[Problem | NotTested]:
    """What failed in one scenario: requests that ended badly, and checks of the others."""
    recorder, target = event.recorder, reading.target
    broken = [case_id for case_id in recorder.cases if case_id in target.watch.broken]
    for case_id in broken:
        yield broken_off(recorder, case_id, target, reading.given)
    reason = reading.unanswered.pop(event.label or "", None)
    if reason is not None:
        yield from unanswered(recorder, reason, target, reading.given)
    for case_id, nodes in recorder.checks.items():
        for node in nodes:
            if node.failure_info is not None and case_id not in broken:
                problem = problem_of(recorder, case_id, node, target, reading.given)
                if problem is not None:
                    yield problem


def _error(reading: _Reading, event: Any) -> Iterator[Problem | NotTested | Progress]:
    from requests.exceptions import ChunkedEncodingError, ConnectionError, Timeout

    from driftcheck.openapi.loading.usercode import worded

    kind = type(event.value).__name__
    if kind == "NoLinksFound":
        yield NotTested("sequences (stateful)", "no links lead from one of these operations to another")
    elif isinstance(event.value, Timeout):
        reading.unanswered[event.label] = "there was no answer in time (--timeout)"
    elif isinstance(event.value, ChunkedEncodingError | ConnectionError) and reading.target.url:
        reading.unanswered[event.label] = "the connection ended before the answer did"
    else:
        why = reading.given.text(worded(event.value))
        reading.broken.setdefault(event.label, why)
        yield NotTested(event.label or "a phase", why)


def _fatal(reading: _Reading, event: Any) -> Iterator[Problem | NotTested | Progress]:
    from driftcheck.openapi.loading.usercode import worded

    raise DriftcheckError(f"fuzzing had to stop: {reading.given.text(worded(event.exception))}")
    yield


def _finished(reading: _Reading, event: Any) -> Iterator[Problem | NotTested | Progress]:
    reason = event.stop_reason.value
    if reason == "server_unavailable":
        raise DriftcheckError(
            f"{reading.target.label} stopped answering after {reading.requests} requests",
            "look at its own log: a request may have ended it",
        )
    if reason == "interrupted":
        raise KeyboardInterrupt
    if reason == "max_time":
        yield NotTested("the rest of the requests", "the time limit was reached")


_READERS: Mapping[str, Callable[[_Reading, Any], Iterator[Problem | NotTested | Progress]]] = {
    "ScenarioFinished": _scenario,
    "NonFatalError": _error,
    "FatalError": _fatal,
    "EngineFinished": _finished,
}
