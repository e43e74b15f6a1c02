# Everything happens in an environment of its own, .venv. `make help` lists what there is.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
PYTEST_WORKERS ?= 2
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
SOURCES := lms tests migrations wsgi.py

.PHONY: help run test test-all lint format wheel messages lock clean chromium

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

run: .venv/runtime.stamp  ## Set everything up and serve the demo (PORT=8000 HOST=127.0.0.1)
	@$(BIN)/python -m lms demo --host $(HOST) --port $(PORT)

test: .venv/dev.stamp chromium  ## Set everything up and run the tests but the long ones, on SQLite and PostgreSQL
	@$(BIN)/python -m pytest -n $(PYTEST_WORKERS) --dist loadfile -m "not long"

test-all: .venv/dev.stamp chromium  ## Run every test: long properties and whole courses in a browser too
	@$(BIN)/python -m pytest -n $(PYTEST_WORKERS) --dist loadfile

lint: .venv/dev.stamp  ## Check style, types, layers and messages
	@$(BIN)/ruff check $(SOURCES)
	@$(BIN)/ruff format --check $(SOURCES)
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m pytest -q --no-header -n0 tests/guards/test_translations.py

format: .venv/dev.stamp  ## Put the source into shape
	@$(BIN)/ruff check --fix $(SOURCES)
	@$(BIN)/ruff format $(SOURCES)

wheel: .venv/dev.stamp  ## Build the wheel into dist/
	@$(BIN)/python -m build --wheel --no-isolation

messages: .venv/dev.stamp  ## Collect the Vietnamese messages, bring the English catalogue up to date, compile it
	@$(BIN)/pybabel -q extract -F pyproject.toml -k N_ -k _l -k lazy_gettext --no-location --sort-output \
		--project=lms -o .messages.pot .
	@$(BIN)/pybabel -q update -i .messages.pot -d translations -l en --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	@$(BIN)/pybabel -q compile -d translations
	@rm .messages.pot

lock: .venv/dev.stamp  ## Write the lock files anew from pyproject.toml
	@$(PIP) install uv
	@$(BIN)/uv pip compile pyproject.toml -o requirements.txt \
		--generate-hashes --no-emit-index-url --universal --python-version 3.11 --no-header --quiet
	@$(BIN)/uv pip compile pyproject.toml --extra dev -c requirements.txt -o requirements-dev.txt \
		--generate-hashes --no-emit-index-url --universal --python-version 3.11 --no-header --quiet

clean:  ## Remove what was built and set up; data in instance folders stay
	@rm -rf .venv dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/python.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed (make PYTHON=…)"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Python's venv module is needed (apt-get install python3-venv)"; exit 1; }
	@touch $@

.venv/runtime.stamp: requirements.txt | .venv/python.stamp
	@echo "Installing what the application needs …"
	@$(PIP) install --require-hashes -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt pyproject.toml | .venv/python.stamp
	@echo "Installing what development needs …"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@ .venv/runtime.stamp

chromium:
	@needed=chromium; for name in chromium chromium-browser google-chrome google-chrome-stable; do \
		command -v $$name >/dev/null 2>&1 && needed=; done; \
	PATH="$$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null | grep -q libatomic.so.1 || needed="$$needed libatomic1"; \
	[ -z "$$needed" ] && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
		echo "Installing what the browser tests need: $$needed …"; \
		apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$needed >/dev/null 2>&1; \
	else \
		echo "No Chromium here: the browser tests will be skipped (install the packages $$needed to run them)"; \
	fi
