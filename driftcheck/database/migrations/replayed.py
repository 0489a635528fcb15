"""Where revisions are run: the scratch engine, env.py's options, models old and new, and what that shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from driftcheck.database import attribution, cache, connect
from driftcheck.database.compare import Selection, compare
from driftcheck.database.dialects.catalog import Scope
from driftcheck.database.include import keeper
from driftcheck.database.locations import Places
from driftcheck.database.migrations import remembered
from driftcheck.database.migrations.checkout import Checkout
from driftcheck.database.migrations.deploy import Sides, verdicts
from driftcheck.database.migrations.environment import Environment, learn, quiet
from driftcheck.database.migrations.fence import Fence, fenced
from driftcheck.database.migrations.files import RevisionFile
from driftcheck.database.migrations.history import History
from driftcheck.database.migrations.lint.code import live_models
from driftcheck.database.migrations.lint.danger import Sizes, Subject
from driftcheck.database.migrations.lint.lint import lint
from driftcheck.database.migrations.lint.observer import Measuring
from driftcheck.database.migrations.lint.schema import Schema
from driftcheck.database.migrations.lint.source import read_source
from driftcheck.database.migrations.lint.statement import Ran
from driftcheck.database.migrations.old_models import old_schema
from driftcheck.database.migrations.outcome import Outcome
from driftcheck.database.migrations.presumed.search import Presumed
from driftcheck.database.migrations.replay import NeedsExtension, over
from driftcheck.database.migrations.run import Runner
from driftcheck.database.migrations.trial import MOST, Trial
from driftcheck.database.model import Database
from driftcheck.database.scratch import Wanted
from driftcheck.database.sides import Builder
from driftcheck.database.sources.build import without_extensions
from driftcheck.database.sources.models import Models, load_models
from driftcheck.difference import Difference, Severity
from driftcheck.errors import DriftcheckError
from driftcheck.finding import Skipped

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from driftcheck.database.migrations.check import Request


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be tried, and what weighs it. `source` names the history, in the checkout too."""

    files: Mapping[str, RevisionFile]
    tried: frozenset[str]
    sizes: Sizes
    checkout: Checkout | None
    source: str
    pending: bool


class Workshop:
    """One scratch engine for one history."""

    def __init__(self, request: Request, history: History, wanted: Wanted, stack: ExitStack) -> None:
        self.request, self.history, self.wanted = request, history, wanted
        self.options = request.config.migrations
        self.builder = Builder(
            self.options.scratch, request.told, self.options.cache, stack, self.options.url or None
        )
        self.scratch = self.builder.scratch(wanted)
        self.extensions: list[str] = []
        self.presumed: Presumed | None = None  # tables that were there before the first revision
        self._environment: Environment | None = None

    def environment(self) -> Environment:
        """What env.py configures; it runs once."""
        if self._environment is None:
            with self.scratch.database() as url:
                self._environment = over(url, "", [], lambda connection: learn(self.history, connection))
        return self._environment

    @property
    def scope(self) -> Scope:
        """What is read of every schema."""
        named = {
            table.schema
            for metadata in self.environment().metadatas
            for table in metadata.tables.values()
            if table.schema
        }
        schemas = dict.fromkeys((*self.options.schema, *sorted(named)))
        return Scope(tuple(schemas), self.environment().version_table)

    def outcome(self, plan: Plan) -> Outcome:
        """Run the history, and look at it from all sides; or what that showed before, if nothing changed."""
        key = self._key(plan) if self.options.cache else None
        known = remembered.load(key) if key is not None else None
        if known is not None:
            return known
        made = self._outcome(plan)
        if key is not None:
            remembered.store(key, made)
        return made

    def _key(self, plan: Plan) -> str | None:
        """A name for this run; None where an input is an object, which has no content to compare."""
        models = self.request.models if self.request.models is not None else ""
        if not isinstance(models, str) or not plan.source:
            return None
        script = self.history.script
        folder = Path(script.dir)
        ini = self.history.config.config_file_name
        paths = [*folder.rglob("*.py"), *(Path(file.path) for file in plan.files.values())]
        parts = (
            Path.cwd(), plan.source, models, self.options, self.wanted, self.scratch.version,
            sorted(plan.tried), sorted(plan.sizes.rows.items()),
            plan.checkout.commit if plan.checkout is not None else "",
            remembered.content([*paths, *([Path(ini)] if ini else [])]),
        )  # fmt: skip
        return cache.key_of(parts)

    def _outcome(self, plan: Plan) -> Outcome:
        trial, measuring = self._trial(plan)
        differences = [*trial.differences, *_linted(trial, measuring, plan)]
        notes = [*trial.notes, *self.builder.notes]
        models = self._models(notes)
        about_models: list[Difference] = []
        if models is not None and trial.head is not None:
            built = self._built(models, notes)
            selection = self._selection(built.left_out)
            found, old = self._against_head(built.database, trial, plan, selection, notes)
            about_models = found
            if old is not None and trial.base is not None and trial.steps:
                sides = Sides(old, built.database, trial.base, trial.head)
                differences += verdicts(sides, trial.steps, selection)
        places = Places(models.metadatas if models is not None else (), self.history)
        about_models = [replace(item, locations=places.of(item)) for item in about_models]
        label = models.label if models is not None else ""
        name = self.wanted.backend or self.wanted.dialect
        return Outcome(
            tuple(differences),
            tuple(about_models),
            tuple(notes),
            label,
            name,
            ran=True,
            unchanged=frozenset(trial.unchanged),
        )

    def _trial(self, plan: Plan) -> tuple[Trial, Measuring]:
        """With the driver that env.py or the live URL names; where the database refuses a revision, also with
        others: some send '0' for an integer as text and leave the rest to the server, others do not."""
        named = self.environment().driver or connect.driver_of(self.options.url or None)
        first = self._tried(plan, named)
        if first[0].presumes:
            return self._upon_presumed(plan, named, first)
        backend = self.wanted.backend or self.wanted.dialect
        for driver in connect.other_drivers(backend, named) if first[0].refused else ():
            other = self._tried(plan, driver)
            if not other[0].failed:
                return other
        return first

    def _upon_presumed(
        self, plan: Plan, driver: str, first: tuple[Trial, Measuring]
    ) -> tuple[Trial, Measuring]:
        """Once more upon the tables that no revision makes, if anybody knows what they were."""
        models = self._models([])
        self.builder.modelled = models.metadatas if models is not None else ()
        self.presumed = self.builder.presumed(self.history, self.wanted, None, self.scope)
        if self.presumed is None:
            return first
        trial, measuring = self._tried(plan, driver)
        trial.differences[:0] = first[0].differences
        trial.notes.append(self.presumed.note())
        return trial, measuring

    def _tried(self, plan: Plan, driver: str) -> tuple[Trial, Measuring]:
        measuring = Measuring()
        trial = self._with_extensions(plan, measuring, driver)
        measuring.close()
        return trial, measuring

    def _with_extensions(self, plan: Plan, measuring: Measuring, driver: str) -> Trial:
        while True:
            try:
                with self.scratch.database() as url:
                    return over(
                        url,
                        driver,
                        self.extensions,
                        lambda connection: self._try(connection, plan, measuring),
                    )
            except NeedsExtension as need:
                if need.name in self.extensions:
                    raise need.refusal() from None
                self.extensions.append(need.name)

    def _try(self, connection: Connection, plan: Plan, measuring: Measuring) -> Trial:
        self.history.forget()
        runner = Runner(self.history, self.environment(), connection)
        trial = Trial(
            runner, self.scope, plan.files, plan.tried, self.request.told, measuring, self.extensions
        )
        if plan.checkout is None and not self.options.thorough:
            trial.most = MOST
        if self.presumed is not None:
            self.presumed.create(connection)
        with runner.running():
            trial.run()
        trial.head = without_extensions(trial.head, self.extensions) if trial.head else None
        trial.base = without_extensions(trial.base, self.extensions) if trial.base else None
        trial.steps = [
            replace(
                step,
                before=without_extensions(step.before, self.extensions),
                after=without_extensions(step.after, self.extensions),
            )
            for step in trial.steps
        ]
        return trial

    def _models(self, notes: list[Skipped]) -> Models | None:
        """The models that the user names, or those of env.py; loaded behind the fence."""
        given = self.request.models if self.request.models is not None else self.options.models
        if given and given != "env.py":
            self.environment()  # it may import modules of the models
            with self.scratch.database() as url, quiet(), fenced(Fence(url, redirect=True)):
                models = load_models(given)
            notes += models.forgotten()  # no tables at all are an error
            return models
        metadatas = self.environment().metadatas
        if any(metadata.tables for metadata in metadatas):
            return Models("target_metadata of env.py", metadatas)
        for what in ("models against migrations", *(["the rolling deploy"] if self.options.base else ())):
            notes.append(Skipped(what, "env.py names no models, and --models was not given"))
        return None

    def _built(self, models: Models, notes: list[Skipped]) -> Any:
        built = self.builder.models(models, self.wanted, self.scope, None)
        notes += built.notes
        return built

    def _selection(self, left_out: frozenset[str]) -> Selection:
        environment = self.environment()
        return Selection(
            frozenset(self.options.schema),
            self.options.include,
            (*self.options.exclude, *left_out),
            keeper(environment.options, environment.metadatas),
        )

    def _against_head(
        self, new: Database, trial: Trial, plan: Plan, selection: Selection, notes: list[Skipped]
    ) -> tuple[list[Difference], Database | None]:
        """Models against head; what was so at the base already is no news."""
        assert trial.head is not None
        wanted = attribution.with_what_models_cannot_say(new, trial.head)
        found = list(attribution.models_and_head(compare(wanted, trial.head, selection)))
        old = self._old(plan, notes) if plan.checkout is not None else None
        if old is not None and trial.base is not None:
            then = attribution.with_what_models_cannot_say(old, trial.base)
            known = {
                (item.kind, item.object, item.change, item.attribute)
                for item in compare(then, trial.base, selection)
            }
            found = [
                replace(item, at_most=Severity.INFO)
                if (item.kind, item.object, item.change, item.attribute) in known
                else item
                for item in found
            ]
        return found, old

    def _old(self, plan: Plan, notes: list[Skipped]) -> Database | None:
        """The schema of the base revision's models; a note where there is none."""
        assert plan.checkout is not None
        models = self.request.models if self.request.models is not None else self.options.models or None
        if models is not None and not isinstance(models, str):
            notes.append(
                Skipped("the rolling deploy", "models given as an object cannot be loaded as they were")
            )
            return None
        if not models and not plan.source:
            notes.append(Skipped("the rolling deploy", "the history was given as an object"))
            return None
        self.request.told("building the models of the base revision")
        named = None if models == "env.py" else models
        try:
            with self.scratch.database() as url:
                found = old_schema(plan.checkout, named, plan.source, url, self.scope, self.extensions)
        except DriftcheckError as error:
            why = f"the models of the base revision cannot be built: {error.message}"
            notes.append(Skipped("the rolling deploy", why))
            return None
        return without_extensions(found, self.extensions)


def _linted(trial: Trial, measuring: Measuring, plan: Plan) -> Iterator[Difference]:
    """What the measurements of the tried revisions say, and the files of the others."""
    modules = {script.revision: script.module for script in trial.runner.order()}
    for name in plan.tried - set(trial.tried):
        file = plan.files[name].path
        source = read_source(Path(file).read_text(encoding="utf-8", errors="replace"))
        unmeasured = Ran(name, file, trial.runner.connection.dialect.name, (), (), Schema(), Schema())
        yield from live_models(Subject(unmeasured, plan.sizes), source, modules.get(name))
    files = {step.revision: step.file for step in trial.steps}
    if trial.failed in plan.files:
        files[trial.failed] = plan.files[trial.failed].path
    for name, file in files.items():
        ran = measuring.ran.get(name)
        if ran is not None:
            text = Path(file).read_text(encoding="utf-8", errors="replace")
            yield from lint(ran, text, modules.get(name), plan.sizes)
