# Everything a developer or an operator types. `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := .stamps
WEB_SOURCES := $(shell find channels/sdk channels/widget admin -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)
BOT ?= .
JOBS ?= 2

export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1
export OMP_WAIT_POLICY ?= passive

.PHONY: help serve test quick check check-python check-web web benchmark soak build clean

help: ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

serve: $(STAMPS)/venv $(STAMPS)/web ## set everything up and serve the starter bot on http://127.0.0.1:8000
	$(BIN)/cs-bot serve --bot $(BOT)

test: ## set everything up and run every check and test
	$(MAKE) -j $(JOBS) check-python all-web
	$(MAKE) test-python

check: check-python check-web ## format, lint, types, layers

quick: $(STAMPS)/dev ## the fast tests only: no servers, no browser, no real models
	$(BIN)/pytest -q -m "not slow and not redis and not postgres and not browser"

check-python: $(STAMPS)/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check-web: $(STAMPS)/npm
	npm run --silent check

.PHONY: all-web test-web test-python
all-web: # one after the other: a build rewrites what a check reads
	$(MAKE) check-web
	$(MAKE) test-web

test-web: $(STAMPS)/web
	npm run --silent test

# A file is one worker's, for its tests share servers; files go in their order, for the long ones
# have few tests and would come last otherwise, with nothing to do beside them.
test-python: $(STAMPS)/dev $(STAMPS)/web
	$(BIN)/pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

web: $(STAMPS)/web ## build the widget and the console

benchmark: $(STAMPS)/dev ## quality and speed, beside the baselines
	$(BIN)/cs-bot benchmark --bot $(BOT)

soak: $(STAMPS)/dev ## the long runs: schedules, fuzz, load (make test runs 1 % of them)
	CS_BOT_SOAK=1 $(BIN)/pytest -m soak

build: $(STAMPS)/dev $(STAMPS)/web ## the wheel and the source distribution, into dist/
	$(BIN)/python -m build

clean: ## remove what the other commands made, but no data (var/)
	rm -rf $(VENV) $(STAMPS) node_modules admin/node_modules channels/*/node_modules dist cs_bot/web/static/*

$(STAMPS)/venv: pyproject.toml constraints.txt
	@mkdir -p $(STAMPS)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

$(STAMPS)/dev: $(STAMPS)/venv
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[all,dev,local-models]'
	@touch $@

$(STAMPS)/npm: package.json package-lock.json
	@mkdir -p $(STAMPS)
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(STAMPS)/web: $(WEB_SOURCES) $(STAMPS)/npm
	npm run --silent build
	@touch $@
