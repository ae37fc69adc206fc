# The usual errands. `make help` lists them.

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=
ARGS ?=
FUZZ_SECONDS ?= 60

# Building and testing share every compiler flag, so neither makes the other compile again. `swift test` would add
# -enable-testing; our tests use package access instead of @testable.
BUILD_FLAGS := -c release
TEST_FLAGS := $(BUILD_FLAGS) --disable-testable-imports
BINARY := .build/release/jacquard
SOURCES := Sources Tests Fuzz Package.swift

.DEFAULT_GOAL := help
.PHONY: help deps test-deps build train test fuzz sanitize lint format figures bench bench-peers doctor install clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

deps: ## install missing libraries and data (Debian packages); changes nothing when all is there
	@SWIFT="$(SWIFT)" scripts/install-dependencies

build: deps ## build the command line in release mode
	$(SWIFT) build $(BUILD_FLAGS) --product jacquard

train: build ## train the default model; pass flags in ARGS="--model vgg --epochs 5"
	$(BINARY) train $(ARGS)

test-deps:
	@SWIFT="$(SWIFT)" scripts/install-dependencies tests

test: test-deps ## build and run all tests in release mode
	@Tests/Conformance/make-environment >/dev/null
	$(SWIFT) test $(TEST_FLAGS)

fuzz: deps ## fuzz every reader of foreign files for FUZZ_SECONDS=60 each
	SWIFT="$(SWIFT)" Fuzz/run $(FUZZ_SECONDS)

sanitize: test-deps ## run every test under AddressSanitizer and ThreadSanitizer; or under one, ARGS=thread
	@Tests/Conformance/make-environment >/dev/null
	SWIFT="$(SWIFT)" scripts/sanitize $(ARGS)

lint: ## check the formatting rules
	$(SWIFT) format lint --strict --parallel -r $(SOURCES)

format: ## rewrite the sources by the formatting rules
	$(SWIFT) format --in-place --parallel -r $(SOURCES)

figures: build ## train for six epochs and make the pictures of README again
	scripts/make-figures $(BINARY)

bench: build ## measure this machine: products, convolutions, models; or one of them, ARGS="model --model cnn"
	@if [ -n "$(ARGS)" ]; then $(BINARY) bench $(ARGS); \
	else $(BINARY) bench gemm && echo && $(BINARY) bench conv && echo && $(BINARY) bench model; fi

bench-peers: build ## measure beside PyTorch, Keras and ONNX Runtime (about 15 minutes), and write the table in the README
	Benchmarks/peers/compare.py --write $(ARGS)

doctor: build ## say what this machine has, and what is missing
	$(BINARY) doctor

# Installs what was built, so that `make build` and `sudo make install` can be different users; builds only what is not
# there at all. The Swift runtime is linked statically, so the binary needs no Swift where it runs; this is checked.
install: $(BINARY) ## install the built command line into PREFIX=/usr/local (below DESTDIR)
	@if ldd $(BINARY) | grep -q libswift; then \
	  echo "install: $(BINARY) needs Swift's shared libraries and would not run without a toolchain" >&2; exit 1; fi
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -s -m 755 $(BINARY) "$(DESTDIR)$(PREFIX)/bin/jacquard"
	scripts/install-extras $(BINARY) "$(DESTDIR)$(PREFIX)/share"

$(BINARY):
	$(MAKE) build

clean: ## remove what was built; runs and downloaded packages stay
	$(SWIFT) package clean
