# Everything a developer or a first visitor does. Needs python3 >= 3.11 with venv, and make.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

UV := .venv/bin/uv
UV_VERSION := $(shell sed -n 's/^ *"uv==\(.*\)",/\1/p' pyproject.toml)
BIN := .venv/bin
PORT ?= 8000
DATA ?= var
SCALE ?= 100000
OUT ?= bench.json

.PHONY: help install demo check test bench messages docs screenshots browser clean

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 20

install: ## the virtual environment with everything in it
	@if [ ! -x $(BIN)/python ]; then python3 -m venv .venv; fi
	@if [ ! -x $(UV) ] || [ "$$($(UV) --version | cut -d' ' -f2)" != "$(UV_VERSION)" ]; then \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv==$(UV_VERSION)"; fi
	@VIRTUAL_ENV=$(CURDIR)/.venv $(UV) sync --locked --quiet --python $(BIN)/python

demo: install ## a demo company at http://127.0.0.1:PORT (PORT=8000 DATA=var)
	@exec $(BIN)/trassa --data "$(DATA)" --port "$(PORT)" demo

check: install ## the inner loop: style, types, contracts, quick tests; ROOM=records adds those of a room
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/pytest -q -n 2 --dist loadfile --hypothesis-profile=quick -m "not slow and not browser and not database"
	$(if $(ROOM),$(BIN)/pytest -q -n 2 --dist loadfile --hypothesis-profile=quick -m "database and not slow and not browser" tests/$(ROOM))

test: install browser ## everything, as continuous integration runs it
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/pytest -n 2 --dist loadfile

# Browser tests use the system's Chromium; without it they say that they were skipped. Where Debian's headless shell of it
# is there too, most use that: it opens a window with a quarter of the work.
BROWSERS := chromium chromium-browser google-chrome google-chrome-stable
browser:
	@if ! command -v $(BROWSERS) >/dev/null; then \
		as_root=; if [ "$$(id -u)" != 0 ]; then as_root="sudo -n"; fi; \
		if command -v apt-get >/dev/null && $$as_root true 2>/dev/null; then \
			echo "Installing Chromium for the browser tests."; \
			{ $$as_root apt-get update -qq \
				&& $$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium \
				&& { $$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium-headless-shell || true; }; } \
				</dev/null >/dev/null 2>&1 \
				|| echo "Chromium could not be installed: browser tests will be skipped."; \
		else echo "No Chromium, and no permission to install it: browser tests will be skipped."; fi; fi

bench: install ## measure speed with SCALE deals into OUT
	$(BIN)/python -m bench --scale "$(SCALE)" --out "$(OUT)"

KEYWORDS := -k gettext_lazy -k gettext_noop -k ngettext_lazy:1,2 -k pgettext_lazy:1c,2
messages: install ## collect the words of every room into its Russian catalogue
	@for room in src/trassa/*/; do \
		pot="$$(mktemp)"; \
		$(BIN)/pybabel -q extract -F babel.cfg $(KEYWORDS) --project=Trassa --add-location=file \
			--sort-by-file --width=110 -o "$$pot" "$$room"; \
		if grep -q '^#:' "$$pot"; then \
			if [ -f "$${room}locale/ru/LC_MESSAGES/django.po" ]; then verb="update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date"; \
			else verb=init; fi; \
			mkdir -p "$${room}locale"; \
			$(BIN)/pybabel -q $$verb --width=110 -D django -l ru -i "$$pot" -d "$${room}locale"; fi; \
		rm -f "$$pot"; done

docs: install ## the pages of docs/reference, from the code
	$(BIN)/python -m tools.reference

screenshots: install ## the pictures of the documentation, from a demo company in a browser
	$(BIN)/python tools/screenshots.py

clean: ## remove what was built
	rm -rf .venv dist src/trassa/ui/static/ui/build frontend/node_modules
