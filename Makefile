# `make run` sets up and starts the lab, `make test` sets up and passes the tests.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# TORCH=cpu takes PyTorch's small CPU build on Linux (through uv, which knows where it lies).
TORCH ?=
# Test files that run at a time.
JOBS ?= 2

ifeq ($(TORCH),)
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
else
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check uv && \
	$(BIN)/uv pip install --quiet --python $(BIN)/python --torch-backend=$(TORCH)
endif

.PHONY: run test lint format readme benchmarks clean

run: $(VENV)/installed
	$(BIN)/streamlit run streamlit_app.py $(ARGS)

test: lint
	$(BIN)/python -m pytest --numprocesses $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(VENV)/installed-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/installed-tests
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

readme: $(VENV)/installed
	$(BIN)/python -m lab.lesson.kit.readme

benchmarks: $(VENV)/installed-tests
	$(BIN)/python -m tests.benchmarks $(ARGS)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Glasshouse needs Python 3.11 or newer: make run PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: requirements.txt | $(BIN)/python
	@echo "Installing what the lab needs; the first time takes a few minutes."
	$(INSTALL) -r requirements.txt
	@touch $@

$(VENV)/installed-tests: tests/requirements.txt $(VENV)/installed
	$(INSTALL) -r tests/requirements.txt
	@touch $@

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache
