# Two commands: `make demo` shows the tool on a made region, `make test` runs every check. Both set everything up first.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
SHELL = /bin/sh

.PHONY: demo test docs setup setup-dev setup-spark lint types lock catalogue clean

demo: setup
	$(BIN)/channelctl demo

test: setup-dev lint types
	$(BIN)/pytest -n auto
	$(BIN)/pytest -n auto --engine postgres

setup: $(VENV)/.base
setup-dev: $(VENV)/.dev
setup-spark: $(VENV)/.spark

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "channelctl needs Python 3.11 or newer: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.base: $(VENV)/bin/python requirements.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-build.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q src
	touch $@

$(VENV)/.dev: $(VENV)/.base requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

# Spark is large: the checks that need it skip without it.
$(VENV)/.spark: $(VENV)/.dev requirements-spark.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-spark.txt
	touch $@

# The handbook as web pages in build/docs.
docs: setup-dev
	$(BIN)/python -m tools.handbook build/docs

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup-dev
	$(BIN)/mypy

# Needs uv. The files name no index.
LOCK = uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet
lock:
	$(LOCK) pyproject.toml --output-file requirements.txt
	$(LOCK) --group pyproject.toml:build --output-file requirements-build.txt
	$(LOCK) pyproject.toml --group pyproject.toml:dev --constraint requirements.txt --output-file requirements-dev.txt
	$(LOCK) pyproject.toml --extra spark --constraint requirements-dev.txt --output-file requirements-spark.txt

catalogue: setup-dev
	$(BIN)/python -m tools.catalogue

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
