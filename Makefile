# The workshop. `make demo` and `make test` need Python 3.11 or newer and a package registry, nothing else;
# with Node.js 20 or newer, `make test` also measures the examples of the rules in a real heap.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint heap precision clean

demo: .venv/.installed ## lint the sample application and show what is found
	@$(BIN)/memlint check fixtures/book-writer; code=$$?; \
	  echo "the page of a rule: $(BIN)/memlint rule MEM102"; \
	  if [ $$code -gt 1 ]; then echo "memlint could not do all of its work (exit code $$code)" >&2; exit $$code; fi

test: .venv/.developed ## run every test, on all cores
	$(BIN)/python -m pytest -n auto

lint: .venv/.developed ## what reviewers should not have to say
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy --strict

heap: .venv/.developed ## measure the examples again and write rules/heap/; CARDS="MEM101 MEM102" for some; needs Node.js 20
	$(BIN)/python tests/heap/measure.py $(CARDS)

precision: .venv/.developed ## how often findings on published packages are right; fetches them with npm
	$(BIN)/python tests/precision/measure.py $(PACKAGES)

clean: ## remove what these targets made
	rm -rf .venv dist build tests/heap/node_modules .mypy_cache .pytest_cache .ruff_cache .memlint_cache
	find memlint tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "memlint needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) -V 2>/dev/null || echo missing)." \
	    "Name another one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || \
	  { echo "$(PYTHON) cannot make a virtual environment; its package venv may be missing" >&2; \
	    rm -rf .venv; exit 1; }

.venv/.installed: pyproject.toml | $(BIN)/python
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

# Dependency groups need pip 25.1.
.venv/.developed: pyproject.toml .venv/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev
	@touch $@
