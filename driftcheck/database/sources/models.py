"""SQLAlchemy models as a side: find the metadata, build it in a scratch database, read it back.

Whatever knows tables is understood: a MetaData, a declarative base, SQLModel, a Flask-SQLAlchemy object,
a module or a package with any of them.
"""

from __future__ import annotations

import importlib
import sys
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from driftcheck.errors import DriftcheckError
from driftcheck.finding import Skipped
from driftcheck.importing import import_path

if TYPE_CHECKING:
    from sqlalchemy import MetaData

_HINT = "write it as package.module:Base, from a folder where `import package.module` works"


@dataclass(frozen=True, slots=True)
class Models:
    """What the application code relies on: metadata objects, and the module that they came from."""

    label: str
    metadatas: tuple[MetaData, ...]
    module: ModuleType | None = None

    @property
    def tables(self) -> int:
        """How many tables are known."""
        return sum(len(metadata.tables) for metadata in self.metadatas)

    def left_to_database(self) -> frozenset[str]:
        """Columns with a FetchedValue: something fills them, a default or a trigger, no matter what."""
        from sqlalchemy import FetchedValue

        found = [
            column
            for metadata in self.metadatas
            for table in metadata.tables.values()
            for column in table.columns
            if type(column.server_default) is FetchedValue
        ]
        return frozenset(
            f"{name}.{column.name}" for column in found for name in (column.table.name, column.table.fullname)
        )

    def forgotten(self) -> tuple[Skipped, ...]:
        """Modules with tables that nobody imported: to be asked when env.py has run, which may import them.

        DriftcheckError where no table at all is known.
        """
        from driftcheck.database.sources.unimported import unimported

        notes = tuple(unimported(self.module, self.metadatas)) if self.module is not None else ()
        if not self.tables:
            raise DriftcheckError(
                f"{self.label} knows no tables",
                notes[0].why if notes else "import the modules that define the models first",
            )
        return notes


def load_models(source: object) -> Models:
    """The models that `source` names or is; a DriftcheckError where there are none."""
    if isinstance(source, str):
        return _named(source)
    metadatas = metadatas_of(source)
    if not metadatas:
        raise DriftcheckError(
            f"{type(source).__name__} holds no SQLAlchemy models", "give a MetaData or a declarative base"
        )
    return Models(getattr(source, "__name__", type(source).__name__), metadatas)


def _named(spec: str) -> Models:
    from driftcheck.database.sources.unimported import import_model_modules

    module_name, _, attribute = spec.partition(":")
    module = _import(module_name)
    target: Any = module
    for part in attribute.split(".") if attribute else ():
        if not hasattr(target, part):
            raise _no_attribute(spec, target, part)
        target = getattr(target, part)
    if not attribute and hasattr(module, "__path__"):
        import_model_modules(module, _import)
    metadatas = metadatas_of(target)
    if not metadatas:
        raise DriftcheckError(f"{spec} holds no SQLAlchemy models", _HINT)
    return Models(spec, metadatas, module)


def _no_attribute(spec: str, target: Any, part: str) -> DriftcheckError:
    from difflib import get_close_matches

    near = get_close_matches(part, dir(target), 1)
    name = getattr(target, "__name__", type(target).__name__)
    return DriftcheckError(
        f"{spec}: {name} has no attribute {part!r}", f"did you mean {near[0]}?" if near else _HINT
    )


def _import(name: str) -> ModuleType:
    sys.path[:0] = [each for each in import_path(Path.cwd(), name) if each not in sys.path]
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and (name == error.name or name.startswith(f"{error.name}.")):
            raise DriftcheckError(f"there is no module {name}", _HINT) from None
        raise _raised(name, error) from error
    except Exception as error:
        raise _raised(name, error) from error


def _raised(name: str, error: Exception) -> DriftcheckError:
    frames = traceback.extract_tb(error.__traceback__)
    files = [frame for frame in frames if frame.filename.endswith(".py") and frame.filename != __file__]
    files = [frame for frame in files if "importlib" not in frame.filename]
    own = [frame for frame in files if Path(frame.filename).is_relative_to(Path.cwd())] or files
    place = f" ({_relative(own[-1].filename)}:{own[-1].lineno})" if own else ""
    from driftcheck.database.connect import masked

    said = masked(f"{type(error).__name__}: {error}".splitlines()[0])
    return DriftcheckError(
        f"importing {name} failed: {said}{place}", "the module must import without a running service"
    )


def _relative(file: str) -> str:
    path = Path(file)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else file


def metadatas_of(target: Any) -> tuple[MetaData, ...]:
    """All MetaData of one object, or of everything that a module holds."""
    from sqlalchemy import MetaData

    if isinstance(target, MetaData):
        return (target,)
    if isinstance(target, ModuleType):
        found = _unique(item for value in _values(target) for item in _of(value))
        return tuple(item for item in found if item.tables) or found
    return _of(target)


def _values(module: ModuleType) -> Iterable[Any]:
    """What a package's modules hold, those already imported."""
    prefix = f"{module.__name__}."
    within = [
        item for name, item in sorted(sys.modules.items()) if name.startswith(prefix) and item is not None
    ]
    for item in (module, *within):
        yield from list(vars(item).values())


def _of(value: Any) -> tuple[MetaData, ...]:
    from sqlalchemy import MetaData

    if isinstance(value, MetaData):
        return (value,)
    many = vars(value).get("metadatas") if hasattr(value, "__dict__") else None
    if isinstance(many, dict):
        return _unique(item for item in many.values() if isinstance(item, MetaData))
    if not isinstance(value, type) and not many and "metadata" not in getattr(value, "__dict__", {}):
        return ()
    metadata = getattr(value, "metadata", None)
    return (metadata,) if isinstance(metadata, MetaData) else ()


def _unique(items: Iterable[Any]) -> tuple[Any, ...]:
    seen: dict[int, Any] = {}
    for item in items:
        seen.setdefault(id(item), item)
    return tuple(seen.values())
