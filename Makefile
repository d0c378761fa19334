# `make` alone lists the targets. The environment is made once from requirements.lock and kept in .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
UV := uv==0.13.9
DRUMBEAT := DRUMBEAT_HOME=demo/notebook $(BIN)/drumbeat

.DEFAULT_GOAL := help
.PHONY: help demo serve test lint fix eval bench docs lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-6s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(READY) ## Read the sample archive with two bookmarked themes; what comes of it is in demo/
	@rm -rf demo && mkdir demo
	@echo "== Bookmark two themes (samples/themes.json)"
	$(DRUMBEAT) bookmark import samples/themes.json
	@echo "== Read two years of news with them"
	$(DRUMBEAT) watch samples/archive.jsonl
	@echo "== The newest recall cards"
	$(DRUMBEAT) recall --limit 5
	@echo "== How each theme was carried, month by month"
	$(DRUMBEAT) trace grain-port-tampering --tier all --picture demo/grain-port-tampering.svg
	$(DRUMBEAT) trace ferry-toll-exodus --tier all --picture demo/ferry-toll-exodus.svg
	@$(DRUMBEAT) trace grain-port-tampering --tier all --picture demo/grain-port-tampering.png > /dev/null
	@$(DRUMBEAT) trace ferry-toll-exodus --tier all --picture demo/ferry-toll-exodus.png > /dev/null
	@echo "== Dissect one article"
	$(DRUMBEAT) read samples/article.html --html demo/article.html > demo/article.txt
	@echo
	@echo "Open demo/article.html in a browser (or \`make serve\`): the article with highlights and margin cards."
	@echo "The two pictures (.svg and .png) lie beside it. To go on by hand:"
	@echo "    $(DRUMBEAT) recall --status \"taken for granted\""

serve: $(READY) ## Show what `make demo` made in a browser, at http://127.0.0.1:8765, until Ctrl-C
	@test -d demo || $(MAKE) demo
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory demo 8765

test: lint ## Style, strict types, layers and spelling, then the tests
	$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: $(READY) ## What `make test` checks before the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell

fix: $(READY) ## Mend style and spelling as far as a machine can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/codespell --write-changes

eval: $(READY) ## Measure quality on the gold sets in ../shared/data; QUICK=1 for the fast part, REPORT=1 for a page of errors
	$(BIN)/python eval/run.py $(if $(QUICK),--quick) $(if $(REPORT),--report)

bench: $(READY) ## Measure speed and memory of `drumbeat watch` on ../shared/data
	$(BIN)/python bench/watch.py
	$(BIN)/python bench/statements.py

docs: $(READY) ## Write docs/cli.md from the commands
	$(BIN)/python docs/make_cli.py

lock: $(READY) ## Remake requirements.lock from pyproject.toml with the newest versions
	$(BIN)/python -m pip install --quiet $(UV)
	$(BIN)/uv pip compile pyproject.toml --extra pictures --group dev --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --custom-compile-command "make lock" --upgrade --quiet \
		--output-file requirements.lock

clean: ## Remove the environment, the demo and all caches
	rm -rf $(VENV) demo build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): $(VENV)/.locked pyproject.toml
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.locked: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "drumbeat needs Python 3.11 or newer; name one: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps --only-binary :all: --requirement requirements.lock
	@touch $@
