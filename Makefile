# `make run` and `make test` set up what they need; a second run starts in seconds.

BIN := .venv/bin
NODE_BIN := tests/node/node_modules/.bin
# Compiled once, or each of the hundreds of processes that tests start compiles the project anew.
PYTEST := env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest \
    -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help run llama llama-server test attacks corpora test-faults test-vllm bundle test-stick test-image test-colab fuzz check check-js figures format sbom audit lock clean

help:  ## Say what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

run: .venv/run.stamp  ## Start EdgeRad: gateway, bot and model; prints the link for the phones
	@exec $(BIN)/edgerad up

llama: .venv/run.stamp  ## Build llama.cpp for this processor (minutes): a CPU then answers sooner
	CMAKE_ARGS='-DGGML_NATIVE=ON -DLLAVA_BUILD=OFF -DLLAMA_BUILD_TOOLS=OFF' \
	CMAKE_BUILD_PARALLEL_LEVEL=$$(getconf _NPROCESSORS_ONLN) \
	    $(BIN)/python -m pip install --require-hashes --no-deps -r requirements-llama.lock

llama-server: .venv/run.stamp  ## Build llama.cpp's own server, an engine for other machines
	@sh deploy/llama-server.sh

test: .venv/dev.stamp  ## Run all tests, or TESTS=FOLDERS, as many at once as there are cores, up to four
	$(PYTEST) $(TESTS)

attacks: .venv/dev.stamp  ## Attack a real system in each way that failed once; writes docs/security.md
	WRITE_SECURITY=1 $(PYTEST) tests/attacks

corpora: .venv/dev.stamp  ## Read pydicom's, Pillow's and pillow-heif's own test files, as what is sent is read
	$(BIN)/python -m tests.corpora.fetched
	$(BIN)/python -m pytest -n0 tests/corpora

test-faults: .venv/dev.stamp  ## Kill, fill, damage and flood a real system; writes docs/reliability.md
	WRITE_RELIABILITY=1 $(PYTEST) tests/faults

test-vllm: .venv/dev.stamp  ## Read through two vLLM servers: EDGERAD_VLLM_PYTHON=PYTHON, see deploy/vllm/README.md
	@test -x "$(EDGERAD_VLLM_PYTHON)" || { \
	    echo 'EDGERAD_VLLM_PYTHON names no Python that has vLLM: see deploy/vllm/README.md' >&2; exit 1; }
	EDGERAD_VLLM_PYTHON="$(EDGERAD_VLLM_PYTHON)" $(BIN)/python -m pytest -n0 tests/integration/test_inference_remote_peer.py

bundle: .venv/dev.stamp  ## Write a folder that installs EdgeRad without a network, to copy to a stick: OUT=FOLDER
	$(BIN)/python -m deploy.release.bundle $(or $(OUT),stick/edgerad) $(OPTIONS)

test-stick: .venv/dev.stamp  ## Make a stick, and install, cut off and update from it without a network
	$(BIN)/python -m pytest -n0 --log-cli-level=INFO --log-cli-format='%(asctime)s  %(message)s' \
	    --log-cli-date-format=%H:%M:%S tests/stick $(OPTIONS)

test-image: .venv/dev.stamp  ## Build the image and run it, without a container engine; root, debootstrap, buildah, crun
	$(BIN)/python -m pytest -n0 -s tests/image

test-colab: .venv/dev.stamp  ## Run all cells of the notebook for Colab, with Colab's own parts faked
	$(BIN)/python -m pytest -n0 tests/colab

check: .venv/dev.stamp check-js  ## Run the linters, the type checkers and the layer checks
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell
	$(BIN)/deptry .
	$(BIN)/vulture
	$(BIN)/hadolint deploy/container/Containerfile

check-js:  ## Check the types and the style of the page's JavaScript; needs Node
	@if command -v node >/dev/null && [ -x $(NODE_BIN)/tsc ]; then \
	    $(NODE_BIN)/tsc --project jsconfig.json && \
	    $(NODE_BIN)/eslint --config tests/node/eslint.config.js gateway/phone/static tests/node; \
	else \
	    echo 'JavaScript not checked: Node is missing, or `npm ci --prefix tests/node` was not run.'; \
	    test -z "$$EDGERAD_TESTS_NO_SKIPS"; \
	fi

format: .venv/dev.stamp  ## Format the code and apply safe fixes
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

figures: .venv/dev.stamp  ## Count the code's modules, lines and such anew for docs/architecture.md
	$(BIN)/python -m deploy.release.figures

sbom: .venv/run.stamp  ## Write the bill of materials (CycloneDX) of what runs to edgerad.cdx.json
	$(BIN)/python -m deploy.release.sbom > edgerad.cdx.json

audit: .venv/dev.stamp  ## Look what is installed up in a list of vulnerabilities; needs the internet
	$(BIN)/python -m deploy.release.vulnerabilities

fuzz: .venv/fuzz.stamp  ## Feed the ways in for an hour with what a fuzzer makes up
	$(BIN)/python -m tests.fuzz --minutes 60

lock: .venv/dev.stamp  ## Resolve pyproject.toml anew into the lock files; versions that still fit stay
	$(BIN)/python -m deploy.release.lock

clean:  ## Remove the virtual environment and caches; never the data
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/run.stamp: requirements.lock requirements-torch.lock pyproject.toml deploy/install.sh
	@sh deploy/install.sh requirements.lock
	@touch $@

.venv/dev.stamp: requirements-dev.lock requirements.lock requirements-torch.lock pyproject.toml deploy/install.sh
	@sh deploy/install.sh requirements.lock requirements-dev.lock
	@touch $@ .venv/run.stamp

.venv/fuzz.stamp: requirements-fuzz.lock .venv/dev.stamp
	@sh deploy/install.sh requirements.lock requirements-dev.lock requirements-fuzz.lock
	@touch $@
