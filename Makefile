# One Makefile for everything; `make help` lists what people type.  BUILD picks the compiler's mode:
# dev, release, asan, ubsan, tsan, coverage, fuzz; each has its own folder below $(OUT).
BUILD ?= dev
ifeq ($(origin CC),default)
CC := gcc
endif
OUT ?= build
B   := $(OUT)/$(BUILD)

PKGS     := fcgi jansson libpq libsodium zlib libbrotlidec libzstd liblzma libcurl libcrypto libpcre2-8 libmaxminddb
WARN     := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
            -Wwrite-strings -Wpointer-arith -Wformat=2 -Wvla -Wundef -Wcast-qual -Wconversion \
            -Wno-missing-field-initializers -Wno-overlength-strings
# libfcgi ships a pkg-config file without include paths on Debian; the others need theirs.
CPPFLAGS += -include base/banned.h -I. -I$(OUT)/gen -D_GNU_SOURCE $(shell pkg-config --cflags $(PKGS) 2>/dev/null) -MMD -MP
CFLAGS   += -std=c17 -g $(WARN) -Werror -fno-omit-frame-pointer -ffunction-sections -fdata-sections
LDFLAGS  += -Wl,--gc-sections -Wl,--as-needed
LDLIBS   := $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lbz2 -lpthread -lm

MODE.dev      := -O1
MODE.release  := -O2 -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
MODE.asan     := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -DARENA_DEBUG
MODE.ubsan    := -O1 -fsanitize=undefined -fno-sanitize-recover=all
MODE.tsan     := -O1 -fsanitize=thread
MODE.coverage := -O0 --coverage
MODE.fuzz     := -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
CFLAGS  += $(or $(MODE.$(BUILD)),$(error unknown BUILD=$(BUILD)))
LINK.release := -pie -Wl,-z,relro -Wl,-z,now
LDFLAGS += $(filter -fsanitize% --coverage,$(MODE.$(BUILD))) $(LINK.$(BUILD))

# Each layer is one archive; a program links only the layers it may use.
SRC.base    := $(wildcard base/*.c)
SRC.storage := $(wildcard storage/*.c)
SRC.auth    := $(wildcard auth/*.c)
SRC.ingest  := $(filter-out ingest/main.c,$(wildcard ingest/*.c))
SRC.worker  := $(filter-out worker/main.c,$(wildcard worker/*.c worker/crash/*.c worker/digest/*.c worker/filter/*.c worker/jobs/*.c worker/span/*.c))
# Scrubbing serves the digest and the pages of its settings: a layer below both.
SRC.scrub   := $(wildcard worker/scrub/*.c)
SRC.api     := $(filter-out api/main.c,$(wildcard api/*.c))
SRC.cli     := $(wildcard api/cli/*.c)
LAYERS      := base storage scrub auth ingest worker api
archives     = $(patsubst %,$(B)/lib%.a,$(1))

PROGRAMS := $(B)/vedette-ingest $(B)/vedette-worker $(B)/vedette-api $(B)/vedette
TESTS    := $(patsubst tests/unit/%.c,$(B)/tests/%,$(wildcard tests/unit/test_*.c))
SOURCES  := $(foreach l,$(LAYERS),$(SRC.$(l))) $(SRC.cli) $(wildcard ingest/main.c worker/main.c api/main.c)

.PHONY: all programs tests unit clean
.SECONDARY:
all: programs tests
programs: $(PROGRAMS)
tests: $(TESTS)

$(OUT)/gen/sql.h: storage/embed.awk $(wildcard storage/*.sql)
	@mkdir -p $(@D)
	awk -f $^ > $@.tmp && mv $@.tmp $@

$(OUT)/gen/migrations.h: storage/embed_migrations.awk $(wildcard migrations/*.sql)
	@mkdir -p $(@D)
	awk -f $^ > $@.tmp && mv $@.tmp $@

# Scripts that ingest serves, and the version of the SDK that the app's build puts beside the app.
EMBEDDED := frontend/embed/loader.js frontend/embed/error_page.js frontend/package.json
$(OUT)/gen/scripts.h: ingest/embed_scripts.awk $(EMBEDDED)
	@mkdir -p $(@D)
	awk -f $^ > $@.tmp && mv $@.tmp $@

# Debian's rules that tell a browser by its User-Agent.
UAP_CORE := /usr/share/uap-core/regexes.yaml
$(OUT)/gen/uap_core.h: worker/digest/user_agent_rules.awk $(UAP_CORE)
	@mkdir -p $(@D)
	awk -f $^ > $@.tmp && mv $@.tmp $@

$(B)/%.o: %.c | $(OUT)/gen/sql.h $(OUT)/gen/migrations.h $(OUT)/gen/uap_core.h $(OUT)/gen/scripts.h
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

define layer
$(B)/lib$(1).a: $$(patsubst %.c,$(B)/%.o,$$(SRC.$(1)))
	@mkdir -p $$(@D)
	@rm -f $$@
	$(AR) rcs $$@ $$^
endef
$(foreach l,$(LAYERS),$(eval $(call layer,$(l))))

$(B)/vedette-ingest: $(B)/ingest/main.o $(call archives,ingest auth storage base)
$(B)/vedette-worker: $(B)/worker/main.o $(call archives,worker auth scrub storage base)
$(B)/vedette-api: $(B)/api/main.o $(call archives,api auth scrub storage base)
$(B)/vedette: $(patsubst %.c,$(B)/%.o,$(SRC.cli)) $(call archives,api auth scrub storage base)
$(PROGRAMS):
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# Unit tests see every layer, top first, so that the linker finds what each needs below it.
$(B)/tests/%: $(B)/tests/unit/%.o $(call archives,api ingest worker auth scrub storage base)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS) $(shell pkg-config --libs check)

FUZZERS := $(patsubst tests/fuzz/%.c,$(B)/%,$(wildcard tests/fuzz/fuzz_*.c))
$(FUZZERS): $(B)/fuzz_%: $(B)/tests/fuzz/fuzz_%.o $(call archives,api ingest worker auth scrub storage base)
	$(CC) $(LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(LDLIBS)

# Load generators, and libraries that are preloaded into the programs under test.
BENCH   := $(patsubst tests/bench/%.c,$(B)/%,$(wildcard tests/bench/*.c))
PRELOAD := $(patsubst tests/fault/%.c,$(B)/%.so,$(wildcard tests/fault/*.c))
$(BENCH): $(B)/%: $(B)/tests/bench/%.o $(call archives,worker auth scrub storage base)
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)
$(PRELOAD): $(B)/%.so: tests/fault/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -fPIC -shared -o $@ $< -ldl

# ---- The app, built with the pinned Node, which every Node step uses even where another is found.
NODE       := build/node/bin/node
NODE_READY := build/node/package-lock.json
export PATH := $(CURDIR)/build/node/bin:$(PATH)
APP_SOURCES := $(shell find frontend -name node_modules -prune -o -name dist -prune -o -type f -print 2>/dev/null)
NPM_CI := npm ci --ignore-scripts --no-audit --no-fund --loglevel=error

.PHONY: app
app: frontend/dist/index.html

$(NODE_READY): docker/node/package-lock.json
	docker/node.sh

# One rule for every folder with a lock file: the app and the tests that use npm packages.
%/node_modules/.package-lock.json: %/package-lock.json | $(NODE_READY)
	cd $* && $(NPM_CI) && touch node_modules/.package-lock.json

frontend/dist/index.html: $(APP_SOURCES) frontend/node_modules/.package-lock.json
	cd frontend && npm run --silent build

# ---- Running it.
.PHONY: up down restart status logs reset restore service credentials demo
up: ## install what is missing, build, start, print address and password
	@OUT=$(OUT) docker/up.sh
down: ## stop; data stays
	@docker/stop.sh
restart: ## run the programs anew, one by one, refusing nobody
	@docker/restart.sh
status: ## what runs, and how far the digest is
	@docker/status.sh
logs: ## follow the logs
	@docker/logs.sh
reset: ## stop and delete all data (CONFIRM=yes)
	@docker/reset.sh
restore: ## fill an empty instance from a backup (FROM=folder)
	@docker/restore.sh "$(FROM)"
service: ## install systemd units, so that it starts with the machine (root)
	@docker/service.sh
credentials: ## the first account as JSON: make -s credentials
	@docker/credentials.sh json
demo: $(NODE_READY) ## send real SDK traffic to the running instance
	@docker/demo.sh

# ---- Testing it.  tests/run counts; its last line is "N passed, N failed, N skipped".
NEEDS  := programs app preload
LOCKED := tests/node_modules/.package-lock.json
SUITES := lint unit frontend http sdk browser fault
preload: $(PRELOAD)
.PHONY: preload check-packages $(SUITES) check asan ubsan tsan coverage fuzz fuzzers bench soak bench-programs screens prove help

check-packages:
	@docker/packages.sh ensure run build check

check: check-packages ## every test
	@$(MAKE) --no-print-directory -s tests $(NEEDS) $(LOCKED)
	@BUILD=$(BUILD) OUT=$(OUT) tests/run $(SUITES)

lint: programs ## style, layers, statements, documents
unit: tests ## C unit tests
frontend: app ## the app's own tests
http: $(NEEDS) $(LOCKED) ## real nginx, PostgreSQL and programs, asked over HTTP
sdk: $(NEEDS) $(LOCKED) ## real SDKs raise real errors
browser: $(NEEDS) $(LOCKED) ## Chromium uses the app
fault: $(NEEDS) $(LOCKED) ## crashes, power loss, hostile input
$(SUITES):
	@BUILD=$(BUILD) OUT=$(OUT) tests/run $@

asan: ## unit and HTTP tests under AddressSanitizer
ubsan: ## ... UndefinedBehaviorSanitizer
tsan: ## ... ThreadSanitizer
asan ubsan tsan:
	@$(MAKE) --no-print-directory -s BUILD=$@ tests $(NEEDS) $(LOCKED)
	@BUILD=$@ OUT=$(OUT) tests/run unit http

coverage: ## lines of C the unit tests reach
	@$(MAKE) --no-print-directory -s BUILD=coverage tests
	@BUILD=coverage OUT=$(OUT) tests/run unit
	@tests/coverage $(OUT)/coverage

FUZZ_SECONDS ?= 60
fuzz: ## every parser for FUZZ_SECONDS each
	@$(MAKE) --no-print-directory -s BUILD=fuzz CC=clang fuzzers
fuzzers: $(FUZZERS)
	@for f in $^; do tests/fuzz/run $$f $(FUZZ_SECONDS) || exit 1; done

bench: ## the figures of the README, into build/bench.json (QUICK=1 for four minutes)
	@docker/packages.sh ensure run build bench
	@$(MAKE) --no-print-directory -s BUILD=release programs app bench-programs
	@BUILD=release OUT=$(OUT) $(NODE) tests/bench/run.mjs
soak: ## half the knee for MINUTES (40): memory, backlog, files, connections, partitions (RATE=events/s)
	@$(MAKE) --no-print-directory -s BUILD=release programs app bench-programs
	@BUILD=release OUT=$(OUT) $(NODE) tests/bench/soak.mjs
bench-programs: $(BENCH)
screens: $(NEEDS) $(LOCKED) ## every screen as a picture, into build/screens
	@BUILD=$(BUILD) OUT=$(OUT) $(NODE) tests/browser/screens.mjs
prove: ## make up and make check in a bare Debian tree (root)
	@docker/prove.sh

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

clean:
	rm -rf $(OUT)

-include $(patsubst %.c,$(B)/%.d,$(SOURCES) $(wildcard tests/unit/*.c tests/fuzz/*.c tests/bench/*.c))
