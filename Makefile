# `make serve` and `make test` set everything up by themselves; Python 3.11 or newer is all they need.

PYTHON ?= python3
PORT ?=
PROCESSES ?= auto
EXTRAS ?=
export UV_PYTHON_DOWNLOADS = never

UV := $(or $(shell command -v uv),.cache/uv/bin/uv)
BALIE := .venv/bin/balie
QUICK := -m "not slow" tests/browser/test_journey.py tests/integration tests/contract tests/unit
LOCKED := pyproject.toml uv.lock package-lock.json hatch_build.py

.PHONY: setup serve test check bench bench-desk bench-review bench-search bench-nlu bench-speech bench-voice bench-calls speech train conversations clean

serve: .venv/.ready  ## set up, train if needed, serve on http://localhost:5005 (PORT=8080 for another port)
	@$(BALIE) serve $(if $(PORT),--port $(PORT))

setup: .venv/.ready  ## set up only, and compile: for a server whose own user may not write here; EXTRAS=accurate adds an extra
	@$(UV) sync --quiet --frozen --inexact --no-dev --compile-bytecode $(addprefix --extra ,$(EXTRAS)) --python $(PYTHON)
	@.venv/bin/python -m compileall -q bot channels nlu handoff

# Files run in the order in which they are named: those that take longest are not the last to begin.
test: .venv/.ready-dev  ## the quick tests; BALIE_TEST=all runs every test and forbids skips; PROCESSES=0 in one process
	PYTHONDONTWRITEBYTECODE= PYTHONPYCACHEPREFIX=$(CURDIR)/.cache/bytecode .venv/bin/pytest -n $(PROCESSES) --dist loadfile --no-loadscope-reorder $(if $(filter all,$(BALIE_TEST)),,$(QUICK))

check: .venv/.ready-dev  ## lint, format, types, layers, the pack
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/pyright
	.venv/bin/lint-imports
	$(BALIE) data check

speech: .venv/.ready-dev  ## the real recognisers and their models (0.7 GB), which tests/speech and bench-speech use
	$(UV) sync --quiet --frozen --inexact --group speech --python $(PYTHON)

bench: .venv/.ready-dev  ## the full path: messages a CPU-second, p50 and p99, memory
	.venv/bin/python -m tests.bench.full_path

bench-desk: .venv/.ready-dev  ## the desk: its pages with 1,000 conversations, and the feed of 50 agents
	.venv/bin/python -m tests.bench.desk

bench-review: .venv/.ready-dev  ## the review: its pages with 1,000 conversations, and one of 2,000 messages
	.venv/bin/python -m tests.bench.review

bench-search: .venv/.ready-dev  ## list, search and open with a million events, on both databases
	.venv/bin/python -m tests.bench.search

bench-speech: speech  ## telephone speech: words wrong, seconds, memory; where ../shared/speech is there
	.venv/bin/python -m tests.bench.speech

bench-voice: .venv/.ready-dev  ## the telephone: how many calls a core carries without a gap in what is said
	.venv/bin/python -m tests.bench.voice

bench-calls: .venv/.ready-dev  ## calls beside chats: what they cost a chat, and how long a caller waits for an answer
	.venv/bin/python -m tests.bench.calls

bench-nlu: .venv/.ready-dev  ## understanding and search on public data, where ../shared/benchmarks is there
	.venv/bin/python -m tests.bench.nlu

screenshots: .venv/.ready-dev  ## every page in light and dark, to be looked at, and the README's
	.venv/bin/python -m tests.screenshots

train: .venv/.ready
	$(BALIE) train

conversations: .venv/.ready  ## the pack's end-to-end conversations
	$(BALIE) test conversations

.venv/.ready: $(LOCKED) | $(UV)
	$(UV) sync --quiet --frozen --inexact --no-dev --python $(PYTHON)
	.venv/bin/python hatch_build.py
	@touch $@

.venv/.ready-dev: $(LOCKED) | $(UV)
	$(UV) sync --quiet --frozen --inexact --python $(PYTHON)
	.venv/bin/python hatch_build.py
	@touch $@ .venv/.ready

.cache/uv/bin/uv:
	$(PYTHON) -m venv .cache/uv
	.cache/uv/bin/python -m pip install --quiet --disable-pip-version-check uv

clean:
	rm -rf .venv .cache bot/web/static/vendor tests/browser/vendor
