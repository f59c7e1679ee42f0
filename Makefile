# `make run` and `make test` set up what they need; a second run starts in seconds.

BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run test test-faults check format sbom lock clean

help:  ## Say what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

run: .venv/run.stamp  ## Start EdgeRad: gateway, bot and model; prints the link for the phones
	@exec $(BIN)/edgerad up

test: .venv/dev.stamp  ## Run all tests
	$(BIN)/python -m pytest

test-faults: .venv/dev.stamp  ## Kill, fill, damage and flood a real system; writes docs/reliability.md
	WRITE_RELIABILITY=1 $(BIN)/python -m pytest tests/faults

check: .venv/dev.stamp  ## Run the linters, the type checker and the layer checks
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell
	$(BIN)/deptry .
	$(BIN)/vulture

format: .venv/dev.stamp  ## Format the code and apply safe fixes
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

sbom: .venv/run.stamp  ## Write the bill of materials (CycloneDX) of what runs to edgerad.cdx.json
	$(BIN)/python -m deploy.sbom > edgerad.cdx.json

lock: .venv/dev.stamp  ## Write the versions installed in .venv to the two lock files
	$(BIN)/python -m deploy.lock

clean:  ## Remove the virtual environment and caches; never the data
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/run.stamp: requirements.lock pyproject.toml deploy/install.sh
	@sh deploy/install.sh requirements.lock
	@touch $@

.venv/dev.stamp: requirements-dev.lock requirements.lock pyproject.toml deploy/install.sh
	@sh deploy/install.sh requirements-dev.lock
	@touch $@ .venv/run.stamp
