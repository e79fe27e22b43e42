# Remora: everything runs from here. `make help` lists the targets.

HOST_NODE := $(shell command -v node)
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

RIG := node test/rig/main.ts
MODULES := node_modules/.package-lock.json
VERSION := $(shell sed -n 's/^  "version": "\(.*\)",/\1/p' package.json)
IMAGE ?= remora:$(VERSION)
BASE ?= node:24-slim

.PHONY: setup build lint test unit fuzz contract sim e2e long bench image demo demo-down clean help

setup: $(MODULES) ## Fetch what is missing: npm packages, Docker, Consul, Envoy, images
	@$(RIG) setup

build: dist/remora ## Bundle the program into dist/remora, one file for Node 20 and later

lint: $(MODULES) ## Formatting, lint rules and types
	oxfmt --check
	oxlint --type-aware
	tsc -p .

test: $(MODULES) ## All of it: lint, build, and every suite, on a rig that is gone afterwards
	@$(RIG) stages lint build unit fuzz contract sim e2e

unit: $(MODULES) ## Pure functions and small parts
	vitest run --config test/vitest.plain.ts test/unit

fuzz: $(MODULES) ## The HCL parser against HCL itself on seeded inventions (SEED=N plays one)
	vitest run --config test/vitest.plain.ts test/fuzz

contract: $(MODULES) ## The ports, on the fakes and on the real Docker and Consul
	vitest run --config test/vitest.rig.ts test/contract

sim: $(MODULES) ## The whole controller over a simulated world with faults
	vitest run --config test/vitest.plain.ts test/sim

e2e: $(MODULES) dist/remora ## Real Docker, real Consul, real proxies, real traffic
	vitest run --config test/vitest.rig.ts test/e2e

long: $(MODULES) ## Half an hour of more seeds: 200,000 texts for the parser, then the simulation
	REMORA_FUZZ_CASES=200000 REMORA_FUZZ_SECONDS=900 vitest run --config test/vitest.plain.ts test/fuzz
	REMORA_SIM_SECONDS=900 vitest run --config test/vitest.plain.ts test/sim

bench: dist/remora ## Ratios against the same calls without a controller, counts of an idle minute, where the time goes
	@node test/bench/main.ts

image: dist/remora ## Remora's container image (IMAGE=name BASE=node-image)
	@$(RIG) image $(IMAGE) $(BASE)

demo: dist/remora ## Consul, Remora and the countdash example; stays up in a terminal
	@$(RIG) demo

demo-down: $(MODULES) ## Take the demo down
	@$(RIG) demo-down

clean: ## Remove what was built and what the rig keeps
	@if [ -d .rig ] && [ -e $(MODULES) ]; then $(RIG) clean; fi
	rm -rf dist coverage .rig

help: ## This list
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | while IFS=$$'\t' read -r target text; do printf '  %-10s %s\n' "$$target" "$$text"; done

$(MODULES): package-lock.json
	npm ci --ignore-scripts
	@touch $@

# Some packages in the bundle are CommonJS and ask for `require` and `__dirname`.
define BANNER
import { createRequire as bundleRequire } from "node:module";
import { fileURLToPath as bundlePath } from "node:url";
const require = bundleRequire(import.meta.url);
const __filename = bundlePath(import.meta.url);
const __dirname = bundlePath(new URL(".", import.meta.url));
endef
export BANNER

dist/remora: $(MODULES) $(shell find src -name '*.*' 2>/dev/null) package.json
	@mkdir -p dist
	esbuild src/main.ts --bundle --platform=node --target=node20 --format=esm --log-level=warning \
	  --define:REMORA_VERSION='"$(VERSION)"' --external:cpu-features '--external:*.node' --banner:js="$$BANNER" --outfile=dist/remora.part
	@{ echo '#!/usr/bin/env node'; sed '1{/^#!/d}' dist/remora.part; } >$@
	@chmod +x $@
	@rm dist/remora.part
	@for node in $(HOST_NODE) node; do printf '%s on Node %s\n' "$$($$node $@ --version)" "$$($$node --version)"; done
