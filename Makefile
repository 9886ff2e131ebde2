# Every check and every way to start is a target here, and only here: people and CI call the same ones.
# What is installed is remembered in .make/; a changed lock file installs again, otherwise a target starts at once.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: bench-media long-call help run test lint types smoke crash-test conformance tamper-test wheel lock clean protocol diagrams packages janus

IS_OUR_PYTHON := 'import sys; sys.exit(sys.version_info[:2] != (3, 11))'
PYTHON ?= $(shell for name in python3.11 python3 python; do \
	$$name -c $(IS_OUR_PYTHON) 2>/dev/null && command -v $$name && break; done)
VENV := .venv/bin/python
PIP := $(VENV) -m pip --disable-pip-version-check --no-input
NPM_DONE := node_modules/.package-lock.json
VENDOR := web/static/vendor
# whole calls with real media: two at once would take each other's processor
STORIES := $(filter-out %/test_pages_look.py,$(wildcard tests/browser/test_*.py))
BROWSER_LIBRARIES := $(VENDOR)/socket.io.esm.min.js $(VENDOR)/socket.io.esm.min.d.ts

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .make/run $(BROWSER_LIBRARIES)  ## install what is needed and serve on http://localhost:8080 (PORT=, VIDEOATTENTION_*=)
	@exec $(VENV) -m videoattention serve

test: packages .make/dev $(BROWSER_LIBRARIES)  ## run all tests; ARGS="-k turn" runs some
ifneq ($(strip $(ARGS)),)
	@$(VENV) -m pytest $(ARGS)
else
	@failed=0; \
	$(VENV) -m pytest --numprocesses=3 --dist=loadfile $(STORIES:%=--ignore=%) || failed=1; \
	$(VENV) -m pytest $(STORIES) || failed=1; \
	exit $$failed
endif

lint: .make/dev  ## ruff, the direction of imports, the templates
	@$(VENV) -m ruff check .
	@$(VENV) -m ruff format --check .
	@.venv/bin/lint-imports
	@$(VENV) -m djlint --lint --quiet web videoattention

types: .make/dev $(BROWSER_LIBRARIES)  ## mypy over the Python, tsc over the JavaScript
	@$(VENV) -m mypy
	@node_modules/.bin/tsc --project tsconfig.json

smoke: packages .make/dev $(BROWSER_LIBRARIES)  ## the whole attended way once with real browsers; prints one JSON line
	@$(VENV) -m tests.smoke

crash-test: packages .make/dev $(BROWSER_LIBRARIES)  ## kill -9 workers and the web process during recorded calls; prints one JSON line
	@$(VENV) -m benchmarks.crash $(ARGS)

conformance: .make/dev $(BROWSER_LIBRARIES)  ## sign-in against certified programs of npm and a provider that lies; prints one JSON line
	@$(VENV) -m tests.conformance

tamper-test: .make/dev  ## change recordings and their journal 10,000 times; every change must be found
	@$(VENV) -m tests.tamper $(ARGS)

long-call: packages .make/dev $(BROWSER_LIBRARIES)  ## a recorded call of MINUTES=60 held against the truth; prints one JSON line
	@$(VENV) -m benchmarks.long_call --minutes $(or $(MINUTES),60)

bench-media: janus .make/dev  ## the media worker beside Janus and MediaRecorder, about nine minutes; prints one JSON line
	@$(VENV) -m benchmarks.media $(ARGS)

wheel: .make/dev $(BROWSER_LIBRARIES)  ## build dist/*.whl with pages, languages and migrations inside
	@rm -rf dist
	@$(VENV) -m build --no-isolation --wheel

protocol: .make/run  ## write docs/protocol.md and the browser's types again from the messages
	@$(VENV) -m videoattention.entrypoints.signalling.describe docs/protocol.md web/static/call/protocol.d.ts

diagrams: .make/dev  ## write docs/states.md and docs/policy-table.md again from the tables of the domain
	@$(VENV) -m tests.shape.diagrams > docs/states.md
	@$(VENV) -m tests.shape.policy_table > docs/policy-table.md

lock: .make/lock  ## write the lock files again; ARGS=--upgrade takes newer versions
	@$(PIP_COMPILE) --output-file requirements/run.txt pyproject.toml
	@$(PIP_COMPILE) --extra test --extra check --constraint requirements/run.txt \
		--output-file requirements/dev.txt pyproject.toml
	@npm install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund

clean:  ## remove what was installed or built; data and recordings stay
	@rm -rf .make .venv node_modules $(VENDOR) dist build
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage

# ---- what the targets need ------------------------------------------------------------------------------------------

PIP_COMPILE = .make/lock/bin/pip-compile --quiet --generate-hashes --strip-extras --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host $(ARGS)

.venv/pyvenv.cfg:
	@test -n "$(PYTHON)" || { echo >&2 "Python 3.11 is needed and was not found: install it (Debian 12:" \
		"apt-get install python3.11-venv) or say where it is: make PYTHON=/path/to/python3.11"; exit 2; }
	@$(PYTHON) -c $(IS_OUR_PYTHON) || { echo >&2 "$(PYTHON) is not Python 3.11: say where that is:" \
		"make PYTHON=/path/to/python3.11"; exit 2; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo >&2 "$(PYTHON) cannot make virtual environments:" \
		"install the rest of it (Debian 12: apt-get install python3.11-venv)"; exit 2; }
	@echo "Making the virtual environment .venv"
	@$(PYTHON) -m venv --clear .venv

.make/run: requirements/run.txt .venv/pyvenv.cfg
	@$(VENV) -c $(IS_OUR_PYTHON) || { echo >&2 ".venv is not of Python 3.11: remove it and try again"; exit 2; }
	@echo "Installing requirements/run.txt"
	@$(PIP) install --quiet --require-hashes --requirement requirements/run.txt
	@mkdir -p $(@D) && touch $@

.make/dev: requirements/dev.txt .make/run
	@echo "Installing requirements/dev.txt"
	@$(PIP) install --quiet --require-hashes --requirement requirements/dev.txt
	@touch $@

.make/lock: requirements/lock.txt .venv/pyvenv.cfg
	@$(VENV) -m venv --clear $@
	@$@/bin/python -m pip install --quiet --require-hashes --requirement requirements/lock.txt
	@touch $@

$(NPM_DONE): package.json package-lock.json
	@command -v npm >/dev/null || { echo >&2 "Node 20 or newer with npm is needed and was not found"; exit 2; }
	@node -e 'process.exitCode = parseInt(process.versions.node) < 20 ? 1 : 0' || { \
		echo >&2 "Node 20 or newer is needed; this is $$(node --version)"; exit 2; }
	@echo "Installing package-lock.json"
	@npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(VENDOR)/socket.io.esm.min.js: $(NPM_DONE)
	@mkdir -p $(@D) && cp node_modules/socket.io-client/dist/$(@F) $@

$(VENDOR)/socket.io.esm.min.d.ts: $(NPM_DONE)
	@mkdir -p $(@D) && echo 'export * from "socket.io-client";' > $@

# Browsers, servers for tests and venv are the operating system's: installed when root on Debian, otherwise named.
# coturn's own service is masked, for as Debian configures it it relays for anybody to anywhere.
packages:
	@wanted=""; \
	$(or $(PYTHON),false) -c 'import ensurepip' 2>/dev/null || wanted+=" python3.11-venv"; \
	command -v chromium chromium-browser google-chrome >/dev/null || wanted+=" chromium"; \
	command -v firefox-esr firefox >/dev/null || wanted+=" firefox-esr"; \
	command -v ffprobe >/dev/null || wanted+=" ffmpeg"; \
	ls -d /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || wanted+=" postgresql-15"; \
	ls -d /usr/lib/python3/dist-packages/swift >/dev/null 2>&1 || wanted+=" python3-swift"; \
	command -v turnserver >/dev/null || wanted+=" coturn"; \
	command -v pdfsig >/dev/null || wanted+=" poppler-utils"; \
	ls /usr/lib/*/libpangoft2-1.0.so.0 >/dev/null 2>&1 || wanted+=" libpangoft2-1.0-0"; \
	ls -d /usr/share/fonts/truetype/dejavu >/dev/null 2>&1 || wanted+=" fonts-dejavu"; \
	if [ -z "$$wanted" ]; then exit 0; fi; \
	if [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then \
		echo "Some tests will be skipped until these are installed: apt-get install$$wanted"; exit 0; fi; \
	echo "Installing$$wanted"; \
	if [[ "$$wanted" == *coturn* && -d /run/systemd/system ]]; then systemctl mask --quiet coturn.service; fi; \
	export DEBIAN_FRONTEND=noninteractive; \
	apt-get update --quiet=2 && apt-get install --quiet=2 --yes --no-install-recommends $$wanted >/dev/null

# What the media worker is compared with; nothing of the product needs it, and as a service it stays off.
janus:
	@if command -v janus >/dev/null; then exit 0; fi; \
	if [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then \
		echo "Janus is not installed and so not compared with: apt-get install janus"; exit 0; fi; \
	echo "Installing janus"; \
	if [ -d /run/systemd/system ]; then systemctl mask --quiet janus.service; fi; \
	export DEBIAN_FRONTEND=noninteractive; \
	apt-get update --quiet=2 && apt-get install --quiet=2 --yes --no-install-recommends janus >/dev/null \
		|| echo "Janus could not be installed and is not compared with"
