# make up      install, build, start everything      make check    every test
# make help    all targets                           BUILD=dev|release|asan|ubsan|tsan|coverage
BUILD ?= dev
ifeq ($(origin CC),default)
CC := gcc
endif
OUT ?= build
B   := $(OUT)/$(BUILD)

PKGS     := fcgi jansson libpq libsodium zlib libbrotlidec libzstd libcurl libcrypto libpcre2-8
WARN     := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
            -Wwrite-strings -Wpointer-arith -Wformat=2 -Wvla -Wundef -Wcast-qual -Wconversion \
            -Wno-missing-field-initializers
# libfcgi ships a pkg-config file without include paths on Debian; the others need theirs.
CPPFLAGS += -I. -I$(OUT)/gen -D_GNU_SOURCE $(shell pkg-config --cflags $(PKGS) 2>/dev/null) -MMD -MP
CFLAGS   += -std=c17 -g $(WARN) -Werror -fno-omit-frame-pointer -ffunction-sections -fdata-sections
LDFLAGS  += -Wl,--gc-sections -Wl,--as-needed
LDLIBS   := $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lpthread -lm

MODE.dev      := -O1
MODE.release  := -O2 -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
MODE.asan     := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -DARENA_DEBUG
MODE.ubsan    := -O1 -fsanitize=undefined -fno-sanitize-recover=all
MODE.tsan     := -O1 -fsanitize=thread
MODE.coverage := -O0 --coverage
CFLAGS  += $(or $(MODE.$(BUILD)),$(error unknown BUILD=$(BUILD)))
LINK.release := -pie -Wl,-z,relro -Wl,-z,now
LDFLAGS += $(filter -fsanitize% --coverage,$(MODE.$(BUILD))) $(LINK.$(BUILD))

# Each layer is one archive; a program links only the layers it may use.
SRC.base    := $(wildcard base/*.c)
SRC.storage := $(wildcard storage/*.c)
SRC.auth    := $(wildcard auth/*.c)
SRC.ingest  := $(filter-out ingest/main.c,$(wildcard ingest/*.c))
SRC.worker  := $(filter-out worker/main.c,$(wildcard worker/*.c worker/digest/*.c worker/jobs/*.c))
SRC.api     := $(filter-out api/main.c,$(wildcard api/*.c))
SRC.cli     := $(wildcard api/cli/*.c)
LAYERS      := base storage auth ingest worker api
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

$(B)/%.o: %.c | $(OUT)/gen/sql.h
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
$(B)/vedette-worker: $(B)/worker/main.o $(call archives,worker auth storage base)
$(B)/vedette-api: $(B)/api/main.o $(call archives,api auth storage base)
$(B)/vedette: $(patsubst %.c,$(B)/%.o,$(SRC.cli)) $(call archives,api auth storage base)
$(PROGRAMS):
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# Unit tests see every layer, top first, so that the linker finds what each needs below it.
$(B)/tests/%: $(B)/tests/unit/%.o $(call archives,api ingest worker auth storage base)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS) $(shell pkg-config --libs check)

unit: $(TESTS)
	@for t in $^; do $$t || exit 1; done

clean:
	rm -rf $(OUT)

-include $(patsubst %.c,$(B)/%.d,$(SOURCES) $(wildcard tests/unit/*.c))
