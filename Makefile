# Everything a newcomer needs: `make serve` and `make test` do the set-up by themselves.

PORT ?=
PYTHON ?= python3
export UV_PYTHON_DOWNLOADS = never
UV := .venv/bin/uv
BALIE := .venv/bin/balie
STAMP := .venv/.synced

.PHONY: serve test check bench train conversations screenshots clean

serve: $(STAMP)  ## set up, train if needed, and serve on http://localhost:5005
	$(BALIE) serve $(if $(PORT),--port $(PORT))

test: $(STAMP)  ## the quick tests; BALIE_TEST=all runs them all and forbids skips
	.venv/bin/pytest $(if $(filter all,$(BALIE_TEST)),,-m "not slow")

check: $(STAMP)  ## lint, format, types, layers
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/pyright
	.venv/bin/lint-imports
	$(BALIE) data check

bench: $(STAMP)  ## messages a CPU-second on the full path, as a table
	.venv/bin/python -m tests.bench.full_path

train: $(STAMP)
	$(BALIE) train

conversations: $(STAMP)  ## the pack's end-to-end conversations
	$(BALIE) test conversations

$(STAMP): pyproject.toml uv.lock package-lock.json hatch_build.py
	test -x .venv/bin/python || $(PYTHON) -m venv .venv
	test -x $(UV) || .venv/bin/python -m pip install --quiet --disable-pip-version-check uv
	VIRTUAL_ENV=$(CURDIR)/.venv $(UV) sync --frozen --inexact
	.venv/bin/python hatch_build.py
	touch $(STAMP)

clean:
	rm -rf .venv bot/web/static/vendor
