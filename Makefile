# aerialseg: `make demo` and `make test` do all their own set-up; `make help` lists the rest.
# Works with GNU make from 3.81 on, the one of macOS.

PYTHON ?= python3
RASTER ?=
DATA ?= data/dubai
IMAGE ?= $(VENV)/bench.tif
BENCH := --json bench.json --docs docs/performance.md
SELECTED :=
PROFILE ?= default
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: help demo test test-all lint format bench bench-check docs docs-serve train-shipped plugin deploy undeploy clean
.DEFAULT_GOAL := help

help:
	@echo "make demo                    segment a labelled aerial scene; the results are in demo/"
	@echo "make demo RASTER=mine.tif    segment your own raster"
	@echo "make test                    run the tests, those in QGIS included: up to an hour on two cores"
	@echo "make test-all                also those marked slow: what a release must pass, and what CI runs"
	@echo "make lint                    style, types and import layers"
	@echo "make format                  bring the code into the house style"
	@echo "make bench                   measure everything side by side: bench.json, docs/performance.md; ten minutes"
	@echo "make bench-check             the same in a minute, to find what is broken: ratios with wide margins"
	@echo "make docs                    build the documentation: site/index.html"
	@echo "make docs-serve              show it at http://127.0.0.1:8000 while you write"
	@echo "make train-shipped DATA=data/dubai   make models/mbrsc-lite0.onnx from its data set: hours; continues if killed"
	@echo "make plugin                  pack the QGIS plugin, dist/aerialseg-X.Y.Z.zip, and scan it as plugins.qgis.org"
	@echo "                             does; the tools for that go into an environment of their own, .venv-scan"
	@echo "make deploy                  link this repository into your QGIS (PROFILE=default)"
	@echo "make undeploy                take that link away"
	@echo "make clean                   remove $(VENV), .venv-scan, demo/, site/ and caches"
	@echo "PYTHON=/path/to/python3      another Python for $(VENV) (3.10 or newer)"

# A stamp says which extras are installed; it is older than pyproject.toml when they may have changed.
$(VENV)/base.stamp: pyproject.toml scripts/make-venv.sh
	@sh scripts/make-venv.sh "$(PYTHON)" $(VENV)
	$(PIP) install --quiet --editable .
	@touch $@

$(VENV)/demo.stamp: $(VENV)/base.stamp
	$(PIP) install --quiet "matplotlib>=3.8"
	@touch $@

$(VENV)/test.stamp: $(VENV)/base.stamp
	$(PIP) install --quiet --editable ".[dev,train,cluster]"
	@touch $@

$(VENV)/docs.stamp: $(VENV)/base.stamp
	$(PIP) install --quiet --editable ".[docs]"
	@touch $@

demo: $(VENV)/demo.stamp
	@$(BIN)/python scripts/demo.py demo $(if $(RASTER),"$(RASTER)")

# Both parts run whatever the first one says; the summary of the larger one is the last line.
test: SELECTED := -m "not slow"
test test-all: $(VENV)/test.stamp
	@qgis=0; sh scripts/test-qgis.sh $(BIN)/aerialseg $(SELECTED) || qgis=$$?; \
	$(BIN)/python -m pytest $(SELECTED) && exit $$qgis

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict
	$(BIN)/python -m pytest --quiet tests/test_architecture.py

format: $(VENV)/test.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The image is the scene that ships with the package: offline, the same everywhere.
$(VENV)/bench.tif: $(VENV)/base.stamp
	$(BIN)/aerialseg sample $@ --overwrite

bench: $(VENV)/test.stamp $(IMAGE)
	$(BIN)/python benchmarks/bench.py "$(IMAGE)" $(BENCH)

bench-check: BENCH := --rounds 1 --side 2000 --sizes --check
bench-check: bench

# Strict: a dead link or a page that is in no menu ends the build.
docs: $(VENV)/docs.stamp
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet --strict
	@echo "site/index.html"

docs-serve: $(VENV)/docs.stamp
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs serve

# The log is train-shipped/training.log; what was trained is summed up in models/MODEL_CARD.md.
train-shipped: $(VENV)/test.stamp
	$(BIN)/python scripts/train_shipped.py "$(DATA)"

# Packing needs the standard library alone; the scan needs three tools and nothing of the core.
.venv-scan/stamp: scripts/make-venv.sh
	@sh scripts/make-venv.sh "$(PYTHON)" .venv-scan
	.venv-scan/bin/python -m pip --disable-pip-version-check install --quiet \
		"bandit>=1.8" "detect-secrets>=1.5" "flake8>=7.1"
	@touch $@

plugin:
	@"$(PYTHON)" scripts/build_plugin.py
	@$(MAKE) --silent .venv-scan/stamp
	@.venv-scan/bin/python scripts/scan_plugin.py "$$(ls -t dist/aerialseg-*.zip | head -n 1)"

# These need no environment: the standard library does.
deploy:
	@"$(PYTHON)" scripts/deploy.py link "$(PROFILE)"

undeploy:
	@"$(PYTHON)" scripts/deploy.py unlink "$(PROFILE)"

clean:
	rm -rf $(VENV) .venv-scan demo site build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
