"""What is found in a repository, and what is passed over; nothing is imported and no value is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from driftcheck.discovery.code import symbols_of
from driftcheck.discovery.look import look
from driftcheck.discovery.walk import own_files
from tests.repositories import git, start
from tests.shop import copy


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(path, text):
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text)


def found(kind=None):
    """Project and value of all that is found, or of one kind."""
    return [(each.project, each.value) for each in look(Path.cwd()) if kind in (None, each.kind)]


SPEC = "openapi: 3.1.0\ninfo: {title: a, version: '1'}\npaths: {}\n"


def test_the_demo_project(here):
    copy(here)
    assert [(each.kind, each.value, each.place) for each in look(here)] == [
        ("models", "shop.models:Base", "shop/models.py:9"),
        ("migrations", "alembic.ini", "alembic.ini:1"),
        ("API", "openapi.yaml", "openapi.yaml"),
        ("recordings", "recordings", "recordings"),
        ("database URL", "SHOP_DATABASE_URL", ".env.example:1"),
    ]


def test_an_empty_folder():
    assert found() == []


@pytest.mark.parametrize(
    ("code", "role", "name"),
    [
        ("class Base(DeclarativeBase):\n    pass\n", "base", "Base"),
        ("class Base(MappedAsDataclass, orm.DeclarativeBase): ...\n", "base", "Base"),
        ("Base = declarative_base()\n", "base", "Base"),
        ("Base: Any = orm.declarative_base(metadata=m)\n", "base", "Base"),
        ("Base = registry().generate_base()\n", "base", "Base"),
        ("meta = MetaData(schema='a')\n", "metadata", "meta"),
        ("db = SQLAlchemy()\n", "flask-sqlalchemy", "db"),
        ("class Hero(SQLModel, table=True):\n    id: int\n", "sqlmodel", "Hero"),
        ("class A(Base):\n    __tablename__ = 'a'\n", "table", "A"),
        ("class A(db.Model):\n    pass\n", "table", "A"),
        ("app = FastAPI(title='a')\n", "app", "app"),
        ("api: Litestar = Litestar([])\n", "app", "api"),
        ("try:\n    app = FastAPI()\nexcept E:\n    raise\n", "app", "app"),
        ("def create_app():\n    app = FastAPI()\n    return app\n", "factory", "create_app"),
        ("def create_app(config=None):\n    return APIFlask(__name__)\n", "factory", "create_app"),
        ("target_metadata = Base.metadata\n", "target", "target_metadata"),
    ],
)
def test_what_code_defines(code, role, name):
    assert [(each.role, each.name) for each in symbols_of(code.encode())] == [(role, name)]


@pytest.mark.parametrize(
    "code",
    [
        "x = 1\n",
        "# FastAPI() and DeclarativeBase\n",
        "text = 'app = FastAPI()'\n",
        "class Hero(SQLModel):\n    pass\n",
        "def create_app(config):\n    return FastAPI()\n",
        "def _make():\n    return FastAPI()\n",
        "def create_app(*, config):\n    return FastAPI()\n",
        "def use(app=None):\n    FastAPI()\n",
        "target_metadata = None\n",
        "FastAPI(\n",
        "class A(Base):\n    FastAPI()\n",
        "\0FastAPI()",
    ],
)
def test_what_defines_nothing(code):
    assert symbols_of(code.encode()) == []


def test_flask_alone_answers_no_description():
    put("app.py", "from flask import Flask\napp = Flask(__name__)\n")
    assert found("application") == []
    put("app.py", "from flask import Flask\nfrom flask_smorest import Api\napp = Flask(__name__)\n")
    assert found("application") == [("", "app:app")]


def test_names_of_modules():
    for path in ("main.py", "shop/web.py", "src/pkg/api/app.py", "src/pkg/api/__init__.py"):
        put(path, "app = FastAPI()\n")
    assert {value for _, value in found("application")} == {
        "main:app",
        "shop.web:app",
        "pkg.api.app:app",
        "pkg.api:app",
    }


def test_models_in_many_modules_are_those_of_env_py(here):
    copy(here)
    put("shop/more.py", "from .models import Base\nclass A(Base):\n    __tablename__ = 'a'\n")
    assert found("models") == [("", "shop.models:Base")]
    env = Path("migrations/env.py")
    env.write_text(env.read_text() + "\ntarget_metadata = Base.metadata\n")
    assert found("models") == [("", "env.py")]


def test_the_real_base_goes_before_one_of_the_tests():
    put("a_tests/models.py", "class Base(DeclarativeBase): ...\n")
    put("tests/models.py", "class Base(DeclarativeBase): ...\n")
    put("zoo/models.py", "meta = MetaData()\n")
    assert found("models") == [("", "a_tests.models:Base")]


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("alembic.ini", "[alembic]\nscript_location = migrations\n", "alembic.ini"),
        ("pyproject.toml", '[tool.alembic]\nscript_location = "m"\n', "pyproject.toml"),
        ("db/migrations/env.py", "context.run_migrations()\n", "db/migrations"),
        ("alembic.ini", "# nothing\n", None),
        ("pyproject.toml", "[project]\nname = 'alembic'\n", None),
        ("env.py", "x = 1\n", None),
    ],
)
def test_migrations(path, text, value):
    put(path, text)
    assert found("migrations") == ([] if value is None else [("", value)])


def test_env_py_of_an_ini_is_not_told_twice(here):
    copy(here)
    assert found("migrations") == [("", "alembic.ini")]


def test_migrations_in_a_folder_of_their_own_belong_to_the_models_around():
    put("app/models.py", "class Base(DeclarativeBase): ...\n")
    put("pyproject.toml", "[project]\nname = 'a'\n")
    put("database/alembic.ini", "[alembic]\nscript_location = migrations\n")
    assert found("migrations") == [("", "database/alembic.ini")]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("api.yaml", SPEC),
        ("docs/openapi.yml", "# a comment\n" + SPEC),
        ("api.json", '{"openapi": "3.1.0", "info": {}, "paths": {}}'),
        ("api.json", '{\n  "info": {},\n  "paths": {},\n  "swagger": "2.0"\n}'),
        ("api.json", '{"info": {"description": "%s"}, "openapi": "3.0.0", "paths": {}}' % ("x" * 100_000)),
        ("api.yaml", 'swagger: "2.0"\npaths: {}\n'),
    ],
)
def test_descriptions_by_their_content(path, text):
    put(path, text)
    assert found("API") == [("", path)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("openapi.yaml", "name: openapi\n"),
        ("values.yaml", "swagger: true\n"),
        ("openapi.json", '{"openapi": "yes"}'),
        ("openapi.txt", SPEC),
        ("part.yaml", "components: {}\n"),
        ("node_modules/a/openapi.yaml", SPEC),
        (".venv/lib/openapi.yaml", SPEC),
        ("my-env/lib/openapi.yaml", SPEC),
    ],
)
def test_what_is_no_description_of_ours(path, text):
    put(path, text)
    if path.startswith("my-env"):
        put("my-env/pyvenv.cfg", "")
    assert found("API") == []


def test_what_lies_among_tests_is_told_and_marked():
    put("tests/data/openapi.yaml", SPEC)
    put("openapi.yaml", SPEC)
    assert [(each.value, each.aside) for each in look(Path.cwd())] == [
        ("openapi.yaml", False),
        ("tests/data/openapi.yaml", True),
    ]


@pytest.mark.parametrize(
    ("path", "text", "note"),
    [
        ("calls/a.har", '{"log": {"entries": []}}', "1 har"),
        (
            "calls/a.json",
            '{"consumer": {"name": "a"}, "provider": {"name": "b"}, "interactions": []}',
            "1 pact",
        ),
        ("calls/a.yaml", "http_interactions: []\n", "1 vcr"),
        ("calls/a.yaml", "version: api.keploy.io/v1beta1\nkind: Http\nspec: {}\n", "1 keploy"),
        ("calls/a.json", '{"request": {"method": "GET", "urlPath": "/a"}, "response": {}}', "1 wiremock"),
        ("calls/a.json", '{"info": {"_postman_id": "1"}, "item": []}', "1 postman"),
    ],
)
def test_recordings(path, text, note):
    put(path, text)
    assert [(each.value, each.note) for each in look(Path.cwd())] == [("calls", note)]


def test_recordings_below_one_folder_are_told_once():
    put("keploy/test-set-0/tests/a.yaml", "version: api.keploy.io/v1beta1\nkind: Http\nspec: {}\n")
    put("keploy/test-set-1/tests/b.yaml", "version: api.keploy.io/v1beta1\nkind: Http\nspec: {}\n")
    assert [(each.value, each.note) for each in look(Path.cwd())] == [("keploy", "2 keploy")]


@pytest.mark.parametrize(
    "text", ['{"log": 1}', '{"request": "a"}', '{"interactions": 1}', "[1, 2]", '{"request": {']
)
def test_json_that_is_no_recording(text):
    put("calls/a.json", text)
    assert found("recordings") == []


@pytest.mark.parametrize(
    ("path", "text", "names"),
    [
        (".env", "DATABASE_URL=postgresql://u:secret@h/d\n", ["DATABASE_URL"]),
        (".env.example", "export APP_DB='mysql+pymysql://u@h/d'\n", ["APP_DB"]),
        ("docker-compose.yml", "services:\n  a:\n    environment:\n      PG: postgres://h/d\n", ["PG"]),
        ("compose.yaml", "x:\n  - STORE=sqlite:///a.db\n", ["STORE"]),
        (".env", "DATABASE_URL=\nOTHER_DATABASE_URL=${X}\n", ["DATABASE_URL", "OTHER_DATABASE_URL"]),
        (".env", "REDIS_URL=redis://h\nTOKEN=secret\n", []),
        ("values.yaml", "DATABASE_URL: postgres://h/d\n", []),
    ],
)
def test_names_of_variables_and_never_values(path, text, names):
    put(path, text)
    told = look(Path.cwd())
    assert [each.value for each in told] == names
    assert "secret" not in repr(told)


def test_an_env_file_that_git_ignores_is_looked_at_for_names_only():
    start()
    put(".gitignore", ".env\n")
    put(".env", "DATABASE_URL=postgresql://u:secret@h/d\n")
    assert found() == [("", "DATABASE_URL")]


def test_services_are_projects_of_their_own(here):
    copy(here / "services" / "a")
    copy(here / "services" / "b")
    put("openapi.yaml", SPEC)
    projects = {}
    for project, value in found():
        projects.setdefault(project, []).append(value)
    assert projects[""] == ["openapi.yaml"]
    assert (
        projects["services/a"]
        == projects["services/b"]
        == [
            "shop.models:Base",
            "alembic.ini",
            "openapi.yaml",
            "recordings",
            "SHOP_DATABASE_URL",
        ]
    )


IGNORED = """\
*.log
/build-a/
generated/
docs/*.yaml
!docs/kept.yaml
"""


@pytest.mark.parametrize("in_git", [True, False])
def test_what_is_ignored_is_passed_over(here, in_git):
    if in_git:
        start()
        git("config", "core.excludesFile", "", cwd=".")
    put(".gitignore", IGNORED)
    for path in (
        "a.yaml",
        "a.log",
        "build-a/a.yaml",
        "deep/build-a/a.yaml",
        "deep/generated/a.yaml",
        "docs/gone.yaml",
        "docs/kept.yaml",
        "docs/deep/b.txt",
    ):
        put(path, "")
    assert own_files(here) == [
        ".gitignore",
        "a.yaml",
        "deep/build-a/a.yaml",
        "docs/deep/b.txt",
        "docs/kept.yaml",
    ]


FACTORY = (
    "from flask import Flask\n\ndef create_app(config=None):\n    app = Flask(__name__)\n    return app\n"
)
OF_FLASK_MIGRATE = "def run():\n    context.configure(target_metadata=get_metadata())\n    run_migrations()\n"


def flask_project(tmp_path, extensions):
    for name, text in {
        "shop/__init__.py": FACTORY,
        "shop/extensions.py": extensions,
        "shop/models.py": "from .extensions import db\n\nclass A(db.Model):\n    __tablename__ = 'a'\n",
        "migrations/alembic.ini": "# no script_location\n[alembic]\n",
        "migrations/env.py": OF_FLASK_MIGRATE,
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return {each.kind: (each.value, each.project) for each in look(tmp_path)}


def test_flask_with_its_extensions_in_modules_of_their_own(tmp_path):
    found = flask_project(tmp_path, "import flask_smorest\nfrom x import SQLAlchemy\ndb = SQLAlchemy()\n")
    assert found == {
        "models": ("env.py", ""),
        "migrations": ("migrations", ""),
        "application": ("shop:create_app()", ""),
    }


def test_flask_that_describes_nothing_is_no_source(tmp_path):
    found = flask_project(tmp_path, "# no flask_smorest\nfrom x import SQLAlchemy\ndb = SQLAlchemy()\n")
    assert "application" not in found


@pytest.mark.parametrize(
    ("handed", "known"),
    [("get_metadata()", True), ("Base.metadata", False), ("None", False), ("target_metadata", False)],
)
def test_an_env_py_that_hands_its_models_over_without_a_name(tmp_path, handed, known):
    from driftcheck.discovery.code import symbols_of

    text = f"def run():\n    context.configure(target_metadata={handed})\n"
    assert any(each.role == "target" for each in symbols_of(text.encode())) is known
