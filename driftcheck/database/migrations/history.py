"""The revisions on disk: opened from an alembic.ini, a pyproject.toml, a folder or package:folder."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Set
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from driftcheck.errors import DriftcheckError
from driftcheck.importing import import_path

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import Script, ScriptDirectory


@dataclass(frozen=True, slots=True)
class History:
    """An Alembic environment."""

    label: str
    config: Config
    script: ScriptDirectory

    @property
    def heads(self) -> tuple[str, ...]:
        """The newest revisions; more than one means unmerged branches."""
        return tuple(self.script.get_heads())

    @property
    def unmerged(self) -> tuple[str, ...]:
        """Heads that began at one base. Branches with a base each are meant, and upgraded with `heads`; so
        are those with a label each (`expand` and `contract`)."""
        bases = {head: self._bases(head) for head in self.heads}
        labels = {head: self.script.get_revision(head).branch_labels for head in self.heads}
        return tuple(
            head
            for head, own in bases.items()
            if any(
                other != head and own & found and not labelled_apart(labels[head], labels[other])
                for other, found in bases.items()
            )
        )

    def _bases(self, head: str) -> set[str]:
        """The first revisions that a head comes from."""
        found: set[str] = set()
        seen, waiting = {head}, [head]
        while waiting:
            revision = self.script.get_revision(waiting.pop())
            down = revision.down_revision
            below = {down} if isinstance(down, str) else set(down or ())
            found.update(() if below else (revision.revision,))
            waiting += below - seen
            seen |= below
        return found

    def begins_empty(self) -> bool:
        """Whether the first revisions do nothing: then they stand for whatever was there before."""
        from driftcheck.database.migrations.files import read_files

        bases = (self.script.get_revision(name) for name in self.script.get_bases())
        files = read_files(Path(str(script.path)) for script in bases)
        return bool(files) and all(file.upgrade is not None and file.upgrade.empty for file in files)

    def forget(self) -> None:
        """Read the revisions again when next asked: an env.py may set other version_locations."""
        from alembic.script.revision import RevisionMap

        vars(self.script).pop("_version_locations", None)
        self.script.revision_map = RevisionMap(self.script._load_revisions)

    def knows(self, revision: str) -> bool:
        """Whether there is such a revision."""
        from alembic.util import CommandError

        try:
            return self.script.get_revision(revision) is not None
        except CommandError:
            return False

    def pending(self, stamps: tuple[str, ...]) -> list[Script]:
        """Revisions that an upgrade to the heads would run, oldest first."""
        known = [stamp for stamp in stamps if self.knows(stamp)]
        applied = {item.revision for stamp in known for item in self.script.iterate_revisions(stamp, "base")}
        return [item for item in reversed(list(self.revisions())) if item.revision not in applied]

    def revisions(self) -> Iterator[Script]:
        """All revisions, newest first."""
        return self.script.walk_revisions()


def labelled_apart(one: Set[str], other: Set[str]) -> bool:
    """Whether two branches have a label each that the other one has not."""
    return bool(one - other) and bool(other - one)


def open_history(source: object) -> History:
    """The history that `source` names: a path, package:folder, or alembic's own Config."""
    from alembic.util import CommandError

    history = locate(source)
    try:
        history.script.get_heads()
    except CommandError as error:
        raise DriftcheckError(
            f"{history.label}: {error}", "name an alembic.ini or the folder that holds env.py"
        ) from None
    except Exception as error:  # noqa: BLE001 - a revision file may raise anything while it is loaded
        raise _broken(history.label, error) from None
    return history


def locate(source: object) -> History:
    """The same without loading a revision: they may be broken."""
    from alembic.config import Config as AlembicConfig
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    config = source if isinstance(source, AlembicConfig) else _config(str(source))
    label = str(source) if isinstance(source, str | Path) else "migrations"
    if not _script_location(config):
        raise DriftcheckError(
            f"{label} has no script_location", "name the folder of env.py and versions/ there"
        )
    _find_location(config)
    _search_path(config)
    try:
        return History(label, config, ScriptDirectory.from_config(config))
    except CommandError as error:
        raise DriftcheckError(
            f"{label}: {error}", "name an alembic.ini or the folder that holds env.py"
        ) from None


def _broken(label: str, error: Exception) -> DriftcheckError:
    file, line = place_of(error, "versions")
    return DriftcheckError(
        f"{label}: {Path(file).name}:{line} cannot be loaded: {type(error).__name__}: {error}",
        "mend the revision file",
    )


def place_of(error: BaseException, folder: str) -> tuple[str, int | None]:
    """The file and line at which a revision could not be loaded: the last one below `folder`."""
    import traceback

    if isinstance(error, SyntaxError) and error.filename:
        return error.filename, error.lineno
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(".py")]
    own = [frame for frame in frames if folder in frame.filename] or frames
    return own[-1].filename, own[-1].lineno


def _config(source: str) -> Config:
    from alembic.config import Config as AlembicConfig

    path = Path(source)
    if path.is_dir():
        return _folder(path)
    if path.is_file():
        return _read(path)
    if ":" in source and "/" not in source.partition(":")[0]:
        config = AlembicConfig()
        config.set_main_option("script_location", source.replace("%", "%%"))
        return config
    raise DriftcheckError(f"there is no {source}", "name an alembic.ini or the folder that holds env.py")


def _read(path: Path) -> Config:
    """An alembic.ini or a pyproject.toml, and the other one beside it: alembic takes options of both."""
    import alembic
    from alembic.config import Config as AlembicConfig

    toml = path if path.suffix == ".toml" else path.parent / "pyproject.toml"
    ini = path if path.suffix != ".toml" else path.parent / "alembic.ini"
    named = str(ini) if ini.is_file() else None
    if hasattr(AlembicConfig, "get_alembic_option"):
        return AlembicConfig(named, toml_file=str(toml) if has_options(toml) else None)
    if path == toml:
        raise DriftcheckError(
            f"alembic {alembic.__version__} reads no {path.name}",
            "name an alembic.ini or the folder that holds env.py; alembic 1.16 and newer read it",
        )
    return AlembicConfig(named)


def has_options(toml: Path) -> bool:
    """Whether this file is a pyproject.toml that speaks of alembic."""
    return toml.is_file() and "[tool.alembic]" in toml.read_text(encoding="utf-8", errors="replace")


def _folder(path: Path) -> Config:
    """A folder of env.py and versions/, or one with an alembic.ini or pyproject.toml that names it."""
    from alembic.config import Config as AlembicConfig

    for file in (each / name for each in (path, path.parent) for name in ("alembic.ini", "pyproject.toml")):
        both = hasattr(AlembicConfig, "get_alembic_option")
        if file.is_file() and (file.suffix == ".ini" or (both and has_options(file))):
            config = _read(file)
            location = _script_location(config)
            named = bool(location) and (file.parent / location).resolve() == path.resolve()
            if named:
                config.set_main_option("script_location", str(path).replace("%", "%%"))
            if named or (location and file.parent == path and not (path / "env.py").exists()):
                return config
    ini = path / "alembic.ini"
    config = AlembicConfig(str(ini)) if ini.is_file() else AlembicConfig()
    if not (path / "env.py").exists() and not (path / "versions").is_dir():
        raise DriftcheckError(
            f"{path} holds no env.py", "name an alembic.ini or the folder that holds env.py"
        )
    config.set_main_option("script_location", str(path).replace("%", "%%"))
    return config


def _script_location(config: Config) -> str:
    """The folder that it names; "" where it names none, or has no section [alembic] to do so."""
    from alembic.util import CommandError

    option = getattr(config, "get_alembic_option", config.get_main_option)  # before alembic 1.16
    try:
        return str(option("script_location") or "")
    except CommandError:
        return ""


def _file(config: Config) -> Path | None:
    """The file that options were read from."""
    found = config.config_file_name or getattr(config, "toml_file_name", None)
    return Path(found) if found else None


def _find_location(config: Config) -> None:
    """A script_location is relative to the working directory; where that is another, to the ini file or a
    folder above it."""
    location = _script_location(config)
    file = _file(config)
    if ":" in location or (Path(location) / "env.py").exists() or not file:
        return
    own = file.resolve().parent
    for folder in (own, *own.parents):  # an ini in a package may count from the root of the project
        if (folder / location / "env.py").exists():
            config.set_main_option("script_location", str(folder / location).replace("%", "%%"))
            return


def _search_path(config: Config) -> None:
    """What `prepend_sys_path = .` would do, and always the working directory: env.py imports the app."""
    folders = [Path.cwd()]
    file = _file(config)
    if file is not None:
        folders.append(file.parent)
    for folder in folders:
        own, *sources = import_path(folder.resolve())
        if own not in sys.path and not (folder / "__init__.py").exists():
            sys.path.insert(0, own)
        # Last: alembic knows nothing of these, and a package's own modules would hide others (its types.py).
        sys.path += [each for each in (*sources, own) if each not in sys.path]


def location(script: Any) -> str:
    """A revision's file, relative to the working directory."""
    return relative(str(script.path))


def relative(file: str) -> str:
    """A file as reports name it: relative to the working directory where it is below it."""
    path = Path(file).absolute()
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else file
