# Two commands: `make run` serves Paso, `make test` checks and tests everything. Both do their own set-up in .venv.
#
#   make run            serve the app on port 8501      PORT=9000 another port, HOST=0.0.0.0 for other machines too
#                       WATCH=auto reload what is edited
#   make test           make check, then every test, the browser's included
#   make check          format, lint, types, import contracts, built assets current: the whole gate
#   make bench          what a step, a run and a page cost, measured
#   make format         let ruff format and fix
#   make clean          remove .venv and every cache

PORT ?= 8501
HOST ?= localhost
WATCH ?= none
# The interpreter that makes .venv: the first of these that is there and new enough.
PYTHONS = $(PYTHON) python3 python3.13 python3.12 python3.11 python
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq install

.DEFAULT_GOAL := help
.PHONY: help run test check bench format clean
.DELETE_ON_ERROR:

help:
	@sed -n 's/^#   //p' Makefile

run: $(VENV)/.ready-to-run
	@echo "Paso is served at http://$(HOST):$(PORT) (Ctrl+C stops it)"
	@exec $(BIN)/streamlit run app.py --server.port $(PORT) --server.address $(HOST) --browser.serverAddress $(HOST) \
	    --server.fileWatcherType $(WATCH)

test: check $(VENV)/.ready-to-browse
	$(BIN)/pytest

check: $(VENV)/.ready-to-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m designer.components.check_bundles

bench: $(VENV)/.ready-to-browse
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench.batch
	$(BIN)/python -m tests.bench.step
	$(BIN)/python -m tests.bench.layout

format: $(VENV)/.ready-to-test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) *.egg-info build .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

# Each stamp is touched only when its step is complete, so that an interrupted set-up is taken up again.

$(VENV)/.made:
	@for python in $(PYTHONS); do \
	    if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found="$$python"; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	    echo "Paso needs Python 3.11 or newer, and found: $$(python3 --version 2>&1). Install one, or say which: make run PYTHON=/path/to/python3" >&2; \
	    exit 1; \
	fi; \
	echo "Making $(VENV) with $$("$$found" --version)"; \
	"$$found" -m venv $(VENV) >/dev/null 2>&1 || "$$found" -m venv --clear $(VENV) >/dev/null 2>&1 || \
	"$$found" -m virtualenv --quiet $(VENV) 2>/dev/null || { \
	    echo "$$found cannot make a virtual environment: its module venv is missing or incomplete. On Debian and Ubuntu: apt-get install python3-venv" >&2; \
	    exit 1; \
	}
	@touch $@

$(VENV)/.ready-to-run: $(VENV)/.made requirements.txt pyproject.toml
	@echo "Installing what Paso needs (requirements.txt)"
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.ready-to-test: $(VENV)/.ready-to-run $(wildcard requirements-*.txt) requirements-dask.txt requirements-postgres.txt
	@echo "Installing what the tests need (requirements-dev.txt)"
	@$(PIP) -r requirements-dev.txt
	@touch $@

# Without a browser the tests that need one stand aside and say so; on a CI machine they fail.
$(VENV)/.ready-to-browse: $(VENV)/.ready-to-test tests/e2e/chromium.py
	@echo "Looking for a Chromium"
	@if $(BIN)/python tests/e2e/chromium.py; then touch $@; elif [ -n "$$CI" ]; then exit 1; fi
