# make help lists the targets. Nothing is needed but make and Python 3.11 or later.

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
# Tests also wait, for brokers, servers and a browser: two processes more than there are processors.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 2)
BIN := .venv/bin
# Modules are compiled when they are first imported: a third of the installation's time, most of it for none that is.
INSTALL := $(BIN)/python -m pip --disable-pip-version-check install --quiet --no-compile --require-virtualenv
# The pins hold for every system and for every Python from 3.11 on.
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header $(LOCK_FLAGS)

# Modules are compiled once and kept, whatever the shell says: without, each command that starts compiles them all again.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo console demo-kafka test check pictures secrets format bench lock clean

help: ## list the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|' 2>/dev/null || \
		grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST)

demo: .venv/.run ## what two contracts promised and paid over 53 months of real incidents
	@$(BIN)/python -m tools.demo --out var/demo
	@if [ -t 0 ] && [ -t 1 ] && [ -z "$$CI" ]; then echo; echo "opening the console on these facts…"; $(BIN)/python -m tools.console --out var/demo; \
		else echo "make console opens the console on them: it prints its address and a key, and serves until Ctrl-C"; fi

console: .venv/.run ## the console over the demo's two contracts, in the browser
	@[ -f var/demo/C-ALPHA.jsonl ] || $(BIN)/python -m tools.demo --out var/demo >/dev/null
	@$(BIN)/python -m tools.console --out var/demo

demo-kafka: .venv/.run ## the same facts through a real Kafka broker, which needs Java and Maven
	@$(BIN)/python -m tools.demo_kafka --out var/demo-kafka

test: .venv/.dev ## every test, with branch coverage (PostgreSQL and Kafka are started by the tests themselves)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --cov --cov-report=term $(ARGS)

check: .venv/.dev ## style, types, layers, generated schemas and pages, licences, names
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m tools.licences
	@$(BIN)/python -m tools.names
	@$(BIN)/python -m tools.schemas --check
	@$(BIN)/python -m tools.configuration --check

pictures: .venv/.dev ## take the pictures of the guides anew, in Chromium
	@$(BIN)/python -m tools.pictures

secrets: .venv/.run ## draw the passwords that docker-compose.yml asks for, into ./secrets
	@$(BIN)/python -m tools.secrets

format: .venv/.dev ## rewrite the code in the house style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: .venv/.dev ## measure ingest and replay on this machine
	@for script in bench/startup.py bench/ingest.py bench/evidence.py bench/replay.py bench/mappings.py bench/api.py; do echo "== $$script"; $(BIN)/python "$$script"; done

lock: .venv/.lock ## pin the newest versions pyproject.toml allows, with hashes (LOCK_FLAGS=--upgrade)
	@$(COMPILE) pyproject.toml --group build -o requirements/run.txt
	@$(COMPILE) pyproject.toml --group build --group dev -c requirements/run.txt -o requirements/dev.txt
	@$(COMPILE) --group pyproject.toml:lock -o requirements/lock.txt

clean: ## remove everything that make produced
	rm -rf .venv var build dist greffe.egg-info .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache \
		.hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is younger than the pins it installed: nothing is fetched again until a pin changes.
.venv/pyvenv.cfg:
	@[ -n "$(PYTHON)" ] || { echo "greffe needs Python 3.11 or later with its venv module" >&2; exit 2; }
	@$(PYTHON) -m venv .venv

.venv/.run: .venv/pyvenv.cfg requirements/run.txt pyproject.toml
	@echo "installing the pinned dependencies into .venv, once (a minute or so)" >&2
	@$(INSTALL) --require-hashes --no-deps -r requirements/run.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: .venv/.run requirements/dev.txt
	@$(INSTALL) --require-hashes --no-deps -r requirements/dev.txt
	@touch $@

.venv/.lock: .venv/pyvenv.cfg requirements/lock.txt
	@$(INSTALL) --require-hashes --no-deps -r requirements/lock.txt
	@touch $@
