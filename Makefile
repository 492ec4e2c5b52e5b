# `make` alone lists every task. Every task installs what it needs into .venv first.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
WORKERS ?= 2
SECONDS ?= 600

.DEFAULT_GOAL := help
.PHONY: help install demo test test-slow lint types check bench bench-hostile fuzz clean

help: ## list the tasks
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

$(BIN)/python:
	@$(PYTHON) -m venv .venv
	@$(PIP) --upgrade 'pip>=25.1'

.venv/installed: $(BIN)/python pyproject.toml
	@echo "installing ringback into .venv ..." >&2
	@$(PIP) --editable '.[postgres,alerts,excel,phone]'
	@touch $@

.venv/installed-dev: .venv/installed
	@echo "installing the test tools into .venv ..." >&2
	@$(PIP) --group dev
	@touch $@

.venv/installed-bench: .venv/installed-dev
	@$(PIP) --group bench
	@touch $@

install: .venv/installed ## install ringback into .venv

demo: .venv/installed ## play the night of 10 August on a project of its own
	@$(BIN)/ringback demo

test: .venv/installed-dev ## pass the tests
	@$(BIN)/python -m pytest -n $(WORKERS)

test-slow: .venv/installed-dev ## the tests that take minutes: 100,000 values a type, 1,000,000 rows
	@$(BIN)/python -m pytest -m slow

lint: .venv/installed-dev ## format and style
	@$(BIN)/ruff format --check src tests bench
	@$(BIN)/ruff check src tests bench

types: .venv/installed-dev ## strict typing
	@$(BIN)/mypy

check: lint types test ## all checks

bench: .venv/installed-bench ## speed against bare COPY, dlt and executemany, 1,000,000 clients
	@$(BIN)/python -m bench

bench-hostile: .venv/installed-bench ## files made to hurt, each with its seconds and peak of memory: docs/limits.md
	@$(BIN)/python -m bench.hostile

fuzz: .venv/installed-dev ## any bytes through every reader, as long as SECONDS says (600); needs Linux, for atheris
	@$(PIP) --group fuzz
	@$(BIN)/python -m tests.fuzz.readers $(SECONDS) .fuzz

clean: ## remove what the tasks made
	@rm -rf .venv ringback-demo bench/out .fuzz .pytest_cache .mypy_cache .ruff_cache
