# Everything works on a fresh machine with Python 3.11 or newer: each target makes its own environment.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev

.PHONY: demo test lint screenshots format clean

demo: $(INSTALLED)
	rm -rf releases/demo
	$(BIN)/quotestance build configs/demo.toml --workspace workspaces/demo --output releases/demo --version 1.0.0

test: lint
	$(BIN)/python -m pytest -n 2

lint: $(INSTALLED_DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The pictures of docs/review.md; needs Chromium and pngquant.
screenshots: $(INSTALLED_DEV)
	$(BIN)/python -m tests.review.web.screenshots docs/screenshots

format: $(INSTALLED_DEV)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) workspaces releases build dist *.egg-info

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip

$(INSTALLED): pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	touch $@

$(INSTALLED_DEV): pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet torch==2.13.0
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev,postgres,train]'
	touch $(INSTALLED) $@
