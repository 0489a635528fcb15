# Every target makes its own environment in .venv first: `make demo` is a fine first command.
# Another interpreter: make test PYTHON=python3.13; another place for the environment: VENV=path.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PACKAGE := pyproject.toml README.md LICENSE driftcheck/_version.py
JOBS ?= auto
PYTEST_ARGS ?=
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: demo test check lint format docs clean

demo: $(VENV)/.package  ## compare two small descriptions of a shop's API
	@echo '$$ driftcheck api fixtures/specs/demo/old.yaml fixtures/specs/demo/new.yaml'
	@$(BIN)/driftcheck api fixtures/specs/demo/old.yaml fixtures/specs/demo/new.yaml; \
	status=$$?; echo; echo "exit status: $$status (1: something breaks, as it should here)"; test $$status -eq 1

test: $(VENV)/.dev  ## run the tests
	$(BIN)/python -m pytest -n $(JOBS) $(PYTEST_ARGS)

check: lint test  ## all that must hold before a change is merged: lint, types, fresh docs, tests

lint: $(VENV)/.dev  ## lint, format and types; changes nothing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.dev  ## let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/.package  ## write docs/rules.md and the output in README.md anew
	$(BIN)/python -m driftcheck.documentation docs/rules.md
	$(BIN)/python -m tests.readme

clean:
	rm -rf $(VENV) dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "driftcheck needs Python 3.11 or newer: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) --upgrade pip  # the scripts that older ones write import re, which is half of a start

$(VENV)/.package: $(PACKAGE) | $(VENV)/bin/python
	$(PIP) --editable .
	@touch $@

$(VENV)/.dev: $(PACKAGE) | $(VENV)/bin/python
	$(PIP) --editable '.[dev]'
	@touch $@ $(VENV)/.package
