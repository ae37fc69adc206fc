# Common tasks. `make help` lists them.

SWIFT ?= swift
PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
DESTDIR ?=
ARGS ?=
FUZZ_SECONDS ?= 60
KILLS ?= 1000
# The Python environment for tests with other programs. Setting the variable also enables these tests.
JACQUARD_CONFORMANCE ?= $(CURDIR)/.venv/conformance

# Building and testing share all compiler flags, so neither recompiles what the other built. `swift test` would add
# -enable-testing; our tests use package access instead of @testable.
BUILD_FLAGS := -c release
TEST_FLAGS := $(BUILD_FLAGS) --disable-testable-imports
BUILD := .build/release
BINARY := $(BUILD)/jacquard
# Built on demand.
SERVER := $(BUILD)/jacquard-serve
# The C interface, under SwiftPM's names.
SHARED := $(BUILD)/libJacquardC.so
OBJECTS := $(BUILD)/JacquardC.product/Objects.LinkFileList
STATIC := $(BUILD)/libjacquard.a
HEADER := Sources/JacquardC/include/jacquard.h
VERSION = $(shell sed -n 's/^.define JACQUARD_VERSION "\(.*\)"/\1/p' $(HEADER))
ABI = $(shell sed -n 's/^.define JACQUARD_ABI //p' $(HEADER))
SOURCES := Sources Tests Fuzz Package.swift

.DEFAULT_GOAL := help
.PHONY: help deps test-deps environment build tool libraries server serve test-server train test conformance test-blas fuzz soak sanitize schemas lint format docs figures bench bench-peers speedrun doctor \
  install clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

deps: ## install missing libraries and data (Debian packages); changes nothing if nothing is missing
	@SWIFT="$(SWIFT)" scripts/install-dependencies

build: tool libraries ## build the command line and the C libraries in release mode

tool: deps
	$(SWIFT) build $(BUILD_FLAGS) --product jacquard

libraries: deps
	$(SWIFT) build $(BUILD_FLAGS) --product JacquardC
	$(MAKE) --no-print-directory $(STATIC)

server: tool ## build the server, which needs more packages and minutes
	JACQUARD_SERVER=1 $(SWIFT) build $(BUILD_FLAGS) --product jacquard-serve

serve: server ## serve the shipped weights at http://127.0.0.1:8080; pass other checkpoints and flags in ARGS
	$(BINARY) serve $(or $(ARGS),fast)

train: tool ## train the default model; pass flags in ARGS="--model vgg --epochs 5"
	$(BINARY) train $(ARGS)

test-deps:
	@SWIFT="$(SWIFT)" scripts/install-dependencies tests

test: test-deps environment ## build and run all tests in release mode, including those with other programs
	JACQUARD_CONFORMANCE="$(JACQUARD_CONFORMANCE)" $(SWIFT) test $(TEST_FLAGS)

conformance: test-deps environment ## run only the tests in which Python programs exchange files with ours
	JACQUARD_CONFORMANCE="$(JACQUARD_CONFORMANCE)" $(SWIFT) test $(TEST_FLAGS) --filter '^Conformance\.' --filter csvIsCSVForOthers

test-server: test-deps server ## ask the server over HTTP: our own client, Triton's, schemathesis, a browser
	Tests/Server/run

environment:
	@JACQUARD_CONFORMANCE="$(JACQUARD_CONFORMANCE)" Tests/Conformance/make-environment >/dev/null

test-blas: test-deps ## test products with every kind of OpenBLAS's kernels, and with its other builds (about 10 minutes)
	SWIFT="$(SWIFT)" scripts/test-blas $(ARGS)

fuzz: deps ## fuzz every reader of foreign files for FUZZ_SECONDS=60 each
	SWIFT="$(SWIFT)" Fuzz/run $(FUZZ_SECONDS)

soak: test-deps ## kill trainings, sweeps and batches at random, KILLS=1000 times, and compare their results
	JACQUARD_KILLS=$(KILLS) $(SWIFT) test $(TEST_FLAGS) --filter KillTests

sanitize: test-deps environment ## run every test under AddressSanitizer and ThreadSanitizer; ARGS=thread runs one of them
	JACQUARD_CONFORMANCE="$(JACQUARD_CONFORMANCE)" SWIFT="$(SWIFT)" scripts/sanitize $(ARGS)

schemas: ## write docs/schemas again, from the table of settings
	UPDATE_SCHEMAS=1 $(SWIFT) test $(TEST_FLAGS) --filter SettingTableTests

lint: ## check the formatting rules
	$(SWIFT) format lint --strict --parallel -r $(SOURCES)

format: ## apply the formatting rules
	$(SWIFT) format --in-place --parallel -r $(SOURCES)

docs: deps ## build the documentation of the library, in .build/docs; any warning is a failure
	$(SWIFT) build $(BUILD_FLAGS) --target Jacquard
	SWIFT="$(SWIFT)" scripts/make-docs $(BUILD)

figures: tool ## train for six epochs and draw the pictures of README again
	scripts/make-figures $(BINARY)

bench: tool ## measure this machine: products, convolutions, models; or one of them, ARGS="model --model cnn"
	@if [ -n "$(ARGS)" ]; then $(BINARY) bench $(ARGS); \
	else $(BINARY) bench gemm && echo && $(BINARY) bench conv && echo && $(BINARY) bench model; fi

bench-peers: tool ## compare with PyTorch, Keras and ONNX Runtime (about 15 minutes), and write the table in the README
	Benchmarks/peers/compare.py --write $(ARGS)

speedrun: tool ## measure the seconds to each test accuracy, with PyTorch beside (about an hour), and write the table in the README
	Benchmarks/speedrun/speedrun.py --write $(ARGS)

doctor: tool ## check what this machine has and lacks
	$(BINARY) doctor

# Installs existing builds, so that different users can run `make build` and `sudo make install`; builds only what is missing.
# The Swift runtime is linked statically, so the target machine does not need Swift; this is checked.
install: $(BINARY) $(SHARED) $(STATIC) ## install the built command line, C libraries and header into PREFIX=/usr/local (below DESTDIR)
	@for file in $(BINARY) $(SHARED) $(wildcard $(SERVER)); do if ldd $$file | grep -q libswift; then \
	  echo "install: $$file needs Swift's shared libraries and would not run without a toolchain" >&2; exit 1; fi; done
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/include" "$(DESTDIR)$(LIBDIR)/pkgconfig"
	install -s -m 755 $(BINARY) "$(DESTDIR)$(PREFIX)/bin/jacquard"
	if [ -x $(SERVER) ]; then install -s -m 755 $(SERVER) "$(DESTDIR)$(PREFIX)/bin/jacquard-serve"; fi
	scripts/install-extras $(BINARY) "$(DESTDIR)$(PREFIX)/share"
	install -m 644 $(HEADER) "$(DESTDIR)$(PREFIX)/include/jacquard.h"
	install -s -m 755 $(SHARED) "$(DESTDIR)$(LIBDIR)/libjacquard.so.$(VERSION)"
	ln -sf libjacquard.so.$(VERSION) "$(DESTDIR)$(LIBDIR)/libjacquard.so.$(ABI)"
	ln -sf libjacquard.so.$(ABI) "$(DESTDIR)$(LIBDIR)/libjacquard.so"
	install -m 644 $(STATIC) "$(DESTDIR)$(LIBDIR)/libjacquard.a"
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(patsubst $(PREFIX)/%,$${prefix}/%,$(LIBDIR))|' -e 's|@VERSION@|$(VERSION)|' \
	  -e "s|@LIBRARIES@|$$(pkg-config --libs openblas zlib libcrypto | sed 's/ *$$//')|" \
	  Sources/JacquardC/jacquard.pc.in > "$(DESTDIR)$(LIBDIR)/pkgconfig/jacquard.pc"
	@case "$(DESTDIR)$(LIBDIR)" in /lib*|/usr/lib*|/usr/local/lib*) [ "$$(id -u)" -ne 0 ] || ldconfig ;; esac

$(BINARY):
	$(MAKE) tool

$(SHARED):
	$(MAKE) libraries

$(STATIC): $(SHARED) Sources/JacquardC/make-archive
	SWIFT="$(SWIFT)" Sources/JacquardC/make-archive $(OBJECTS) $(STATIC)

clean: ## remove build products; runs and downloaded packages stay
	$(SWIFT) package clean
