# Five words and nothing else to learn: make run | test | lint | bench | docs
# Each does its own set-up; see scripts/setup.sh for what that is.
.PHONY: run test test-all lint bench docs frontend messages setup help
.DEFAULT_GOAL := help

PORT ?= 8000
BIN := .venv/bin
# Where images of containers set it, each process compiles its libraries again: a second and more.
unexport PYTHONDONTWRITEBYTECODE

help:  ## what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

run: .venv/run.stamp  ## set up and serve the rehearsal season at http://127.0.0.1:8000
	@scripts/setup_box.sh run
	@$(BIN)/concours serve --port $(PORT) --rehearse seasons/open-atom-2022

test: .venv/test.stamp  ## set up and run the tests but the slow ones, the browser's included
	@scripts/setup_browser.sh
	@scripts/setup_box.sh test
	@scripts/test.sh $(ARGS)

test-all:  ## every test with all its examples, coverage, and once more on PostgreSQL
	@CONCOURS_CI=1 $(MAKE) test

lint: .venv/test.stamp  ## the house's laws: style, types, imports, translations, built files
	@scripts/lint.sh

bench: .venv/test.stamp  ## measure, and print the tables that stand in docs/reference/benchmarks.md
	@scripts/bench.sh $(ARGS)

docs: .venv/test.stamp  ## build the documentation into site/
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet && echo "open site/index.html"

frontend:  ## build scripts and styles again (needs Node)
	@scripts/build_frontend.sh

messages: .venv/test.stamp  ## collect strings for translation, and compile the catalogues
	@$(BIN)/python scripts/messages.py update

setup: .venv/test.stamp

.venv/run.stamp: uv.lock pyproject.toml scripts/setup.sh
	@scripts/setup.sh run
	@touch $@

.venv/test.stamp: uv.lock pyproject.toml scripts/setup.sh
	@scripts/setup.sh test
	@touch $@ .venv/run.stamp
