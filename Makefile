# Two commands are all a fresh machine needs: `make demo` and `make test`. Each sets itself up; repeating is quick.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# What pip cannot bring: GL and touch for the window, zbar for the camera, fribidi for right-to-left text,
# a voice and the way to the sound card.
LIBRARIES := libgl1 libegl1 libgles2 libgl1-mesa-dri libmtdev1 libzbar0 libfribidi0 espeak-ng alsa-utils
# Only the browser tests and the benchmarks use these; without them they are skipped, and say so.
EXTRAS := chromium xvfb

.PHONY: help setup demo test check bench trust-report screenshots clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## Libraries, virtual environment, pinned requirements

demo: $(READY) ## A whole lane and its store, simulated: a window, or a played journey without a display
	@$(BIN)/python main.py demo $(ARGS)

test: $(READY) ## All tests, without hardware, network, display or database server
	@SDL_VIDEODRIVER=offscreen SDL_AUDIODRIVER=dummy $(BIN)/pytest -q -n 2 --dist loadgroup $(ARGS)

check: $(READY) ## Format, lint, types, import contracts, tests
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(MAKE) --no-print-directory test

bench: $(READY) ## Measure; prints a table and writes build/bench.json
	@$(BIN)/python -m tests.benchmarks $(ARGS)

trust-report: $(READY) ## Run every campaign, two hours of it, and renew docs/trust-report.md
	@$(BIN)/python -m tests.campaigns.trust_report $(ARGS)

screenshots: $(READY) ## Play the journeys of tests/pictures and renew docs/screenshots and docs/gallery
	@$(BIN)/python -m tests.pictures

clean: ## Remove the virtual environment and everything that was built
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if (3, 11) <= v < (3, 14) else f"Lanelight needs Python 3.11 to 3.13; this is {v.major}.{v.minor}. Name another with PYTHON=python3.12")'
	@missing=""; for package in $(LIBRARIES) $(EXTRAS); do \
	  dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; done; \
	$(PYTHON) -c 'import ensurepip' 2>/dev/null || missing="$$missing python3-venv"; \
	if [ -n "$$missing" ]; then \
	  if ! command -v apt-get >/dev/null; then \
	    echo "Not a Debian or Ubuntu machine: please install what these packages hold:$$missing"; \
	  elif [ "$$(id -u)" = 0 ]; then \
	    echo "Installing:$$missing"; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing >/dev/null; \
	  elif sudo -n true 2>/dev/null; then \
	    echo "Installing:$$missing"; \
	    sudo apt-get update -qq && sudo DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing >/dev/null; \
	  else \
	    echo "Please run this once, then repeat the command:"; \
	    echo "  sudo apt-get install -y$$missing"; exit 2; \
	  fi; fi
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the pinned requirements into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
