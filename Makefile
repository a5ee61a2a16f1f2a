# `make run` and `make test` are all anybody needs; each sets up what it lacks, and the second time that is nothing.
# Setting up is keyed on the content of the files that decide it, so switching branches back and forth installs nothing twice.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:
.SILENT:
.PHONY: help setup run stage test check bench-engine screenshots chromium lock clean

PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
LOG := .venv/setup.log
READY := .venv/.ready-$(shell cat pyproject.toml requirements.lock Makefile | sha256sum | cut -c 1-16)
UV := $(BIN)/uv pip
INTO := --quiet --python $(BIN)/python

# The one sentence a failed step leaves on the screen.
stop = { echo "Match Desk: $(1)" >&2; exit 1; }

help:
	echo "make run    serve the desk on http://localhost:8501, with the demo programme when there is no database yet,"
	echo "            and the stage on http://localhost:8502"
	echo "make stage  serve the stage alone"
	echo "make test   run every check: ruff, mypy and the whole test suite"
	echo "make check  run the quick checks only: ruff and mypy"
	echo "make bench-engine  measure the matching beside other solvers (half an hour; BENCH_SIZES=100,1000 limits it)"
	echo "make screenshots  take every picture of the README and of docs again (some minutes)"
	echo "make setup  make .venv with the libraries and the command matchdesk"
	echo "make lock   write requirements.lock again from pyproject.toml"
	echo "make clean  remove .venv, .bench and the caches; the database stays"

run: setup
	echo "Serving Match Desk on http://localhost:8501 and its stage on http://localhost:8502 (stop with Ctrl+C)"
	$(BIN)/matchdesk stage &
	trap "kill $$! 2>/dev/null || true" EXIT
	trap "exit 0" INT  # asked for, so no error
	$(BIN)/matchdesk serve

stage: setup
	exec $(BIN)/matchdesk stage

# What Python and pytest compile is kept, whatever the environment says: the tests start Python dozens of times.
test: export PYTHONDONTWRITEBYTECODE :=
test: check chromium
	echo "Running the tests"
	# the browsers' files come first and in one process (tests/conftest.py): they take longest, and mostly wait
	$(BIN)/python -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder tests/browser tests

check: setup
	echo "Checking style and types"
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy --no-error-summary

bench-engine: setup
	$(BIN)/python -m tests.bench.engine

screenshots: chromium
	$(BIN)/python -m tests.screenshots

setup: $(READY)

$(READY): | $(BIN)/uv
	echo "Installing the libraries of requirements.lock (about a minute the first time)"
	# compiled here, once: otherwise every start of a Python that may not write beside them takes ten seconds
	$(UV) sync $(INTO) --compile-bytecode --require-hashes requirements.lock >$(LOG) 2>&1 \
	  || $(call stop,the libraries could not be installed; check that this machine reaches a package index. Details: $(LOG))
	echo "Installing the command matchdesk"
	$(UV) install $(INTO) --offline --no-deps --no-build-isolation --editable . >$(LOG) 2>&1 \
	  || $(call stop,the command matchdesk could not be installed. Details: $(LOG))
	rm -f .venv/.ready-*
	touch $@

$(BIN)/uv:
	command -v $(PYTHON) >/dev/null || $(call stop,Python is missing; install python3 3.11 or newer.)
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || $(call stop,$(PYTHON) is older than 3.11; name a newer one with make PYTHON=python3.11.)
	$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
	  || $(call stop,Python cannot make virtual environments here; install the package python3-venv.)
	echo "Making .venv"
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION) >$(LOG) 2>&1 \
	  || $(call stop,uv $(UV_VERSION) could not be installed; check that this machine reaches a package index. Details: $(LOG))

# The browser tests drive the system's own Chromium, fetched once by the system's own package manager.
chromium: setup
	if command -v chromium >/dev/null; then exit 0; fi
	command -v apt-get >/dev/null \
	  || $(call stop,the tests need Chromium and there is no apt to fetch it; install it as chromium.)
	test "$$(id -u)" = 0 || command -v sudo >/dev/null \
	  || $(call stop,the tests need Chromium; ask an administrator to run apt-get install chromium.)
	echo "Installing Chromium through apt (about a minute)"
	as_root=$$(test "$$(id -u)" = 0 || echo "sudo -E")
	export DEBIAN_FRONTEND=noninteractive
	{ $$as_root apt-get update -qq && $$as_root apt-get install -qq --yes --no-install-recommends chromium; } >$(LOG) 2>&1 \
	  || $(call stop,apt could not install Chromium; check the network and try again. Details: $(LOG))

lock: | $(BIN)/uv
	echo "Writing requirements.lock"
	$(UV) compile pyproject.toml --quiet --group dev --universal --generate-hashes --no-emit-index-url --no-header -o requirements.lock
	for peer in tests/bench/engine/peers/*.in; do
	  $(UV) compile "$$peer" --quiet --universal --generate-hashes --no-emit-index-url --no-header -o "$${peer%.in}.txt"
	done

clean:
	echo "Removing .venv, .bench and the caches"
	rm -rf .venv .bench .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
	find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +
