# Needs Node >= 20, npm and make. Everything else comes from the npm registry, Node 24 too;
# `make test-cluster` needs more, see cluster/README.md.

export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

INSTALLED := node_modules/.installed
JOBS ?= $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
SEEDS ?= 2000
FOR ?= 60
OUT ?= .tmp/bench-anomaly

# Output of parallel steps is not mixed where this make can keep it apart.
WHOLE := $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)
TYPES := $(patsubst %,types/%,$(wildcard */tsconfig*.json))

.PHONY: help demo test check bench bench-anomaly pictures confidence client schemathesis swarm test-cluster format install lint dead-code tidy $(TYPES)

help:
	@echo 'make demo          a simulated cluster with faults, healed before your eyes'
	@echo 'make test          every test that needs no cluster'
	@echo 'make check         types, lint and format, dead code, the rules of tests/tidy'
	@echo 'make test-cluster  stories on a real Kubernetes (root, Go, Debian: cluster/README.md)'
	@echo 'make schemathesis  the API on a simulated cluster, asked all that its document allows and forbids (Python 3 with venv)'
	@echo 'make bench         speed, and the swarm beside its baselines'
	@echo 'make bench-anomaly detection, forecasts and root causes; DATA=folder, PARTS=names, OUT=folder'
	@echo 'make confidence    measures the confidence table anew; SEEDS=$(SEEDS)'
	@echo 'make swarm         the swarm alone; SEEDS=$(SEEDS)'
	@echo 'make client        makes the types of the client anew from the API'"'"'s own description'
	@echo 'make pictures      draws the pictures and the API page of the anomaly library'
	@echo 'make format        format and mend what Biome can'

demo: $(INSTALLED)
	@node server/bin/kintsugi.js demo

test: $(INSTALLED)
	@vitest run --project '!test-cluster'

check: $(INSTALLED)
	@$(MAKE) --no-print-directory --keep-going --jobs=$(JOBS) $(WHOLE) lint dead-code tidy $(TYPES)

bench: $(INSTALLED)
	@node --no-warnings server/bench/main.ts

bench-anomaly: $(INSTALLED)
	@node --no-warnings anomaly/bench/main.ts '$(DATA)' '$(OUT)' $(PARTS)

pictures: $(INSTALLED)
	@node --no-warnings anomaly/docs/draw.ts

confidence: $(INSTALLED)
	@node --no-warnings server/bench/confidence.ts $(SEEDS)

schemathesis: $(INSTALLED)
	@node --no-warnings server/test-cluster/schemathesis/main.ts $(FOR)

client: $(INSTALLED)
	@vitest run server/src/http/client-types.test.ts --project server --update=true

swarm: $(INSTALLED)
	@node server/bin/kintsugi.js simulate --seeds $(SEEDS)

test-cluster: $(INSTALLED)
	@vitest run --project test-cluster

format: $(INSTALLED)
	@biome check --write .

lint: $(INSTALLED)
	@biome ci --reporter=summary . || biome ci --max-diagnostics=50 .

dead-code: $(INSTALLED)
	@knip

tidy: $(INSTALLED)
	@vitest run --project tests

$(TYPES): types/%: $(INSTALLED)
	@tsc -p $*

install: $(INSTALLED)

# Not `npm ci`: it wants every optional package of every platform to be known to the registry that is asked, and a mirror may hold only some.
# Versions and checksums are the lock file's in any case (but the Node binary's: docs/security.md), and tests/tidy compares the lock file with each package.json.
$(INSTALLED): package.json package-lock.json .npmrc $(wildcard */package.json)
	npm install --no-save --loglevel=error
	@node -e 'if (!process.version.startsWith("v24.")) throw new Error(`node 24 was not installed: this is $${process.version}; were install scripts refused?`)'
	@touch $@
