# Everything runs in the project's own environment (.venv, web/node_modules); nothing of the machine's Python is used.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Command-line options that are set here, or come from the environment, end up in the portal's own settings.
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help up dev test test-python test-web test-browser check bench web lock clean

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

up: $(VENV)/.installed web/dist/.built ## Set up and start the whole portal (PORTAL_PORT, PORTAL_DATA_DIR … apply)
	@exec $(BIN)/portal up

dev: $(VENV)/.installed web/node_modules/.installed ## The same for development: API with reload, Vite on port 5173
	@exec $(BIN)/portal up --dev

test: test-python test-web test-browser ## Set up and run every test

test-python: $(VENV)/.installed-dev ## Unit and integration tests of the package, and the items' own
	$(BIN)/pytest

test-web: web/node_modules/.installed ## Component tests of the web app
	npm --prefix web test

test-browser: $(VENV)/.installed-dev web/dist/.built ## Stories in a real browser against a real portal
	npm --prefix web run e2e

check: $(VENV)/.installed-dev web/node_modules/.installed ## Linters, types, layers, generated files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/generated.py --check
	npm --prefix web run check

generate: $(VENV)/.installed-dev web/node_modules/.installed ## Write the generated files anew: OpenAPI, its types, settings reference
	$(BIN)/python scripts/generated.py
	npm --prefix web run api:types

bench: $(VENV)/.installed-dev ## Measure; figures and method are in bench/
	$(BIN)/python -m bench.jobs

web: web/dist/.built ## Build the web app

lock: $(VENV)/.installed-dev ## Resolve the Python dependencies anew into requirements*.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade --group dev pyproject.toml -o requirements-dev.txt

clean: ## Remove what was installed and built; your data stays
	rm -rf $(VENV) .cache web/node_modules web/dist web/test-results web/playwright-report
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# uv installs in seconds what takes pip a minute; its own wheel is checked against the lock's hash.
$(VENV)/.uv: requirements.txt scripts/check-tools
	@PYTHON="$(PYTHON)" scripts/check-tools python
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@mkdir -p .cache && sed -n '/^uv==/,/[^\\]$$/p' requirements.txt > .cache/uv.txt
	@$(BIN)/pip install --quiet --require-hashes --no-deps -r .cache/uv.txt
	@touch $@

$(VENV)/.installed: $(VENV)/.uv requirements.txt pyproject.toml
	@test -e $(VENV)/.installed-dev || $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --no-deps -r requirements.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --no-deps -r requirements-dev.txt
	@touch $@

web/node_modules/.installed: web/package.json web/package-lock.json scripts/check-tools
	@scripts/check-tools node
	@npm --prefix web ci --no-audit --no-fund --loglevel=error
	@touch $@

web/dist/.built: web/node_modules/.installed $(shell find web/src web/public web/build web/swagger web/index.html web/vite.config.ts -type f 2>/dev/null)
	@npm --prefix web run build --silent
	@touch $@
