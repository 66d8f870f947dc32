# Everything the project is run and checked by. Needs Python 3.11 or later and access to Python packages;
# `make test` also needs Chromium, LibreOffice Calc, ledger, PostgreSQL, nginx, openssl and systemd's checker, which it
# installs where that is permitted.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.NOTPARALLEL:

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
WORKERS ?= 2
ARGS ?=
DEMO_BOOKS := demo-output/kent.db
COMPILE := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate --quiet $(UPGRADE)

.PHONY: help demo app test setup lint format bench soak docs pictures lock clean

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.run ## set up, then run a year of the Kent example into ./demo-output
	$(BIN)/pooledfund demo

app: $(VENV)/.run ## set up, then open the front end on your books, else on the demo's
	@books=$${POOLEDFUND_DB:-pooledfund.db}; \
	if [ ! -e "$$books" ]; then books=$(DEMO_BOOKS); [ -e "$$books" ] || $(BIN)/pooledfund demo; fi; \
	exec $(BIN)/pooledfund serve --db "$$books"

test: $(VENV)/.dev ## set up everything, then lint, types, import rules and all tests
	tools/system_parts.sh chromium calc ledger postgresql nginx openssl systemd poppler
	@$(MAKE) --no-print-directory lint
	$(BIN)/python -m tools.dependency_audit
	$(BIN)/pytest -n $(WORKERS) $(ARGS)

setup: $(VENV)/.dev ## set up .venv with what development needs

lint: $(VENV)/.dev ## ruff, mypy --strict and the import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict
	$(BIN)/lint-imports

format: $(VENV)/.dev ## lay the code out and mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev ## race the books against other ledgers and floors (ARGS=--large=300000)
	tools/system_parts.sh ledger hledger postgresql
	$(BIN)/python -m benchmarks.race $(ARGS)

soak: $(VENV)/.dev ## kill, tamper, fill the disk, prove the books on both databases, draw new examples (ARGS=--kills=50)
	tools/system_parts.sh postgresql
	$(BIN)/python -m benchmarks.soak $(ARGS)
	$(BIN)/pytest -q -n $(WORKERS) --hypothesis-profile=random $$(grep -l hypothesis tests/test_*.py)

docs: $(VENV)/.dev ## write the pages made from the program: commands, postings, guards, glossary
	$(BIN)/python -m tools.make_help_docs
	$(BIN)/python -m tools.make_postings_docs
	$(BIN)/python -m tools.make_guards_docs
	$(BIN)/python -m tools.make_glossary_docs
	$(BIN)/python -m tools.make_people_docs

pictures: $(VENV)/.dev ## take the pictures of the docs anew: a quarter worked in a browser, and the Kent example
	tools/system_parts.sh chromium calc
	$(BIN)/pytest -q tests/test_quarter_in_browser.py --pictures docs/images/pages
	$(BIN)/python -m tools.make_screenshots

# The locks say which versions are installed, each file by its hash. Versions stay as they are
# unless asked for: make lock UPGRADE=--upgrade, or UPGRADE='--upgrade-package pandas'.
lock: ## work out the lock files again from pyproject.toml (needs uv)
	@command -v uv >/dev/null || { echo "make lock needs uv, which is not here: install it with 'pip install uv'." >&2; exit 1; }
	$(COMPILE) --extra setup --extra dev --output-file requirements-dev.lock
	$(COMPILE) --extra setup --constraint requirements-dev.lock --output-file requirements.lock

clean: ## take away everything that was made here
	rm -rf $(VENV) build dist demo-output *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Stamps: each is done once, and again when what it stands on changes.
$(VENV)/bin/python:
	@PYTHON=$(PYTHON) tools/system_parts.sh python
	@echo "Setting up $(VENV): a minute or two, the first time only"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python requirements.lock pyproject.toml
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/bin/python requirements-dev.lock requirements.lock pyproject.toml
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $(VENV)/.run $@
