# SPDX-License-Identifier: MIT
# The build of kwipd. Everything made goes under build/; one object folder per mode:
#   release  what runs (build/kwipd)      asan  address and undefined behaviour sanitizers
#   tsan     thread sanitizer             fuzz  clang's fuzzer            cover  line coverage
# `make MODE=asan test` runs any target in another mode. The README lists the targets.

MODE ?= release
PREFIX ?= /usr/local
UNITDIR ?= $(PREFIX)/lib/systemd/system
T ?= 60
ROUNDS ?= 200

MODES := release asan tsan fuzz cover
LAYERS := base store net pic core http api page svc cmd
SRC := kwipd.c $(wildcard $(LAYERS:%=lib/%/*.c))
GEN_C := build/gen/static_files.c build/gen/schema_sql.c build/gen/step_2_sql.c build/gen/step_3_sql.c build/gen/pages.c
GEN_H := build/gen/static_urls.h build/gen/pages.h
PAGES := $(wildcard www/page/*.html)
STATIC := $(wildcard www/static/*)
UNIT := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/test_*.c))
FUZZ := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
# Unit programs that look at the whole program, such as every SQL literal of it.
WHOLE := test_sql
# The template compiler, which is no part of kwipd but is fuzzed like it.
TMPL := lib/gen/tmpl_core lib/gen/tmpl_html

WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla $(if $(CI),-Werror)
CPPFLAGS := -D_GNU_SOURCE -Ilib -Ibuild/gen
CFLAGS := -std=gnu17 -g $(WARN) -fPIE -ffunction-sections -fdata-sections -fno-strict-aliasing
LDFLAGS := -pie -Wl,--gc-sections -Wl,--as-needed -Wl,-z,relro,-z,now -Wl,-z,noexecstack
# zstd: what Debian 13's libcrypto wants.
# A part of libwebp that newer releases keep in an archive of its own.
SHARPYUV = $(if $(wildcard /usr/lib/*/libsharpyuv.a),-lsharpyuv)
LIBS = -Wl,-Bstatic -lsqlite3 -llmdb -lsodium build/curl/libcurl.a -lssl -lcrypto -ljansson \
	-ljpeg -lpng16 -lwebpdemux -lwebp $(SHARPYUV) -lgif -lz -lbrotlienc -lbrotlicommon -lzstd -Wl,-Bdynamic -lm -lpthread -ldl
CLANG = $(firstword $(shell command -v clang $(foreach v,14 15 16 17 18 19 20 21,clang-$(v))) clang)
# Commands are shown in short; V=1 shows them whole.
SHOW = $(if $(V),,@echo "  $(1)  $@";)
SAN := -O1 -fno-omit-frame-pointer -fno-sanitize-recover=all

CC_release := $(CC)
CC_asan := $(CC)
CC_tsan := $(CC)
CC_cover := $(CC)
CC_fuzz = $(CLANG)
FLAGS_release := -O2 -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection
FLAGS_asan := $(SAN) -fsanitize=address,undefined
FLAGS_tsan := $(SAN) -fsanitize=thread
FLAGS_fuzz := $(SAN) -fsanitize=fuzzer-no-link,address,undefined -Wno-unknown-warning-option
FLAGS_cover := -O0 --coverage -fprofile-update=atomic
BIN_release := build/kwipd
BIN_asan := build/asan/kwipd
BIN_tsan := build/tsan/kwipd
BIN_fuzz := build/fuzz/kwipd
BIN_cover := build/cover/kwipd

# nginx stands beside kwipd in tests and benches. Where the machine has none it is unpacked
# below build/ and not installed, because Debian starts what it installs.
export NGINX := $(firstword $(wildcard /usr/sbin/nginx) build/deb/usr/sbin/nginx)
export MODE

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all run docs format test check tsan fuzz lint bench soak cover deps test-deps install clean distclean

all: $(BIN_$(MODE))

run: all
	$(BIN_$(MODE)) run

# One set of rules per mode: $(1) is its name.
define mode_rules
OBJ_$(1) := $(SRC:%.c=build/$(1)/%.o) $(GEN_C:build/%.c=build/$(1)/%.o)
LIB_$(1) := build/$(1)/libkwipd.a
TESTS_$(1) := $(UNIT:%=build/$(1)/test/%) $(FUZZ:%=build/$(1)/test/replay_%)

build/$(1)/%.o: %.c | build/.deps $(GEN_H)
	@mkdir -p $$(@D)
	$$(call SHOW,cc)$$(CC_$(1)) $$(CPPFLAGS) $$(FOREIGN) $$(CFLAGS) $$(FLAGS_$(1)) -MMD -MP -c -o $$@ $$<
build/$(1)/gen/%.o: build/gen/%.c | build/.deps $(GEN_H)
	@mkdir -p $$(@D)
	$$(call SHOW,cc)$$(CC_$(1)) $$(CPPFLAGS) $$(CFLAGS) $$(FLAGS_$(1)) -MMD -MP -c -o $$@ $$<
build/$(1)/lib/http/%.o: FOREIGN := -isystem build/civetweb/include -isystem build/civetweb/src
$(patsubst %.c,build/$(1)/%.o,$(wildcard lib/http/*.c)): | build/civetweb/.version
build/$(1)/lib/net/%.o: FOREIGN := -isystem build/curl/include
$(patsubst %.c,build/$(1)/%.o,$(wildcard lib/net/*.c)): | build/curl/.version

$$(BIN_$(1)): $$(OBJ_$(1))
	$$(call SHOW,ld)$$(CC_$(1)) $$(FLAGS_$(1)) $$(LDFLAGS) -o $$@ $$(OBJ_$(1)) $$(LIBS)
$$(LIB_$(1)): $$(filter-out build/$(1)/kwipd.o,$$(OBJ_$(1)))
	@rm -f $$@
	$$(call SHOW,ar)ar crsD $$@ $$^
build/$(1)/test/test_migrate: build/$(1)/gen/schema_1_sql.o
$(WHOLE:%=build/$(1)/test/%): EVERY := -Wl,--whole-archive
build/$(1)/test/%: build/$(1)/tests/unit/%.o $$(LIB_$(1))
	@mkdir -p $$(@D)
	$$(call SHOW,ld)$$(CC_$(1)) $$(FLAGS_$(1)) $$(LDFLAGS) -o $$@ $$(filter %.o,$$^) $$(EVERY) $$(LIB_$(1)) \
		-Wl,--no-whole-archive $$(LIBS) -lcmocka
build/$(1)/test/replay_%: build/$(1)/tests/fuzz/fuzz_%.o build/$(1)/tests/fuzz/replay.o \
		$(TMPL:%=build/$(1)/%.o) $$(LIB_$(1))
	@mkdir -p $$(@D)
	$$(call SHOW,ld)$$(CC_$(1)) $$(FLAGS_$(1)) $$(LDFLAGS) -o $$@ $$(filter %.o,$$^) $$(LIB_$(1)) $$(LIBS)
$(UNIT:%=build/$(1)/tests/unit/%.o) $(FUZZ:%=build/$(1)/tests/fuzz/fuzz_%.o): | build/.deps-test

-include $$(OBJ_$(1):.o=.d) $(UNIT:%=build/$(1)/tests/unit/%.d) $(FUZZ:%=build/$(1)/tests/fuzz/fuzz_%.d)
endef
$(foreach m,$(MODES),$(eval $(call mode_rules,$(m))))

$(OBJ_fuzz) $(FUZZ:%=build/fuzz/tests/fuzz/fuzz_%.o) $(TMPL:%=build/fuzz/%.o): | build/.deps-fuzz
build/fuzz/fuzz_%: build/fuzz/tests/fuzz/fuzz_%.o $(TMPL:%=build/fuzz/%.o) $(LIB_fuzz)
	$(call SHOW,ld)$(CC_fuzz) $(FLAGS_fuzz) -fsanitize=fuzzer $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIB_fuzz) $(LIBS)

# Build-time programs and what they make.
build/tool/embed: lib/gen/embed.c lib/gen/embed_out.c lib/gen/embed.h | build/.deps
	@mkdir -p $(@D)
	$(call SHOW,cc)$(CC) $(CPPFLAGS) -std=gnu17 -O1 -g $(WARN) -o $@ $(filter %.c,$^) -lsodium -lz -lbrotlienc
build/tool/tmpl: lib/gen/tmpl.c $(TMPL:=.c) lib/gen/tmpl_core.h | build/.deps
	@mkdir -p $(@D)
	$(call SHOW,cc)$(CC) $(CPPFLAGS) -std=gnu17 -O1 -g $(WARN) -o $@ $(filter %.c,$^)
# The folders themselves are listed so that a removed file is noticed.
build/gen/static_files.c build/gen/static_urls.h &: build/tool/embed $(STATIC) $(wildcard www/static)
	@mkdir -p $(@D)
	$(call SHOW,gen)build/tool/embed static build/gen/static_files.c build/gen/static_urls.h $(STATIC)
build/gen/schema_sql.c: build/tool/embed schema.sql
	@mkdir -p $(@D)
	$(call SHOW,gen)build/tool/embed text schema_sql schema.sql $@
build/gen/step_%_sql.c: lib/store/step_%.sql build/tool/embed
	@mkdir -p $(@D)
	$(call SHOW,gen)build/tool/embed text step_$*_sql $< $@
build/gen/schema_1_sql.c: build/tool/embed tests/unit/schema_1.sql
	@mkdir -p $(@D)
	$(call SHOW,gen)build/tool/embed text schema_1_sql tests/unit/schema_1.sql $@
build/gen/pages.c build/gen/pages.h &: build/tool/tmpl $(PAGES) $(wildcard www/page)
	@mkdir -p $(@D)
	$(call SHOW,gen)build/tool/tmpl build/gen/pages.c build/gen/pages.h $(PAGES)
build/%/.version: lib/gen/%.sh lib/gen/source.sh | build/.deps
	@lib/gen/$*.sh

# Debian packages: a stamp each, so that a second make does not even look.
deps:
	lib/gen/deps.sh build
test-deps: build/.deps build/node/.version
build/.deps: lib/gen/deps.sh
	@mkdir -p $(@D)
	@lib/gen/deps.sh build
	@touch $@
build/.deps-%: lib/gen/deps.sh
	@mkdir -p $(@D)
	@lib/gen/deps.sh $*
	@touch $@
# The JavaScript clients that the tests drive: exactly those of the lock.
build/node/.version: tests/node/package.json tests/node/package-lock.json lib/gen/node.sh | build/.deps-test
	@lib/gen/node.sh

test: $(BIN_$(MODE)) $(TESTS_$(MODE)) build/tool/tmpl | build/node/.version
	@tests/run
check: $(BIN_asan) $(TESTS_asan) build/tool/tmpl | build/node/.version
	@MODE=asan tests/run unit api
tsan: $(BIN_tsan) $(TESTS_tsan) build/tool/tmpl | build/node/.version
	@MODE=tsan tests/run unit api
cover: $(BIN_cover) $(TESTS_cover) build/tool/tmpl | build/node/.version
	@MODE=cover tests/run unit api page svc; tests/lint/cover.sh
soak: $(BIN_$(MODE)) $(TESTS_$(MODE)) build/tool/tmpl | build/.deps-test
	@ROUNDS=$(ROUNDS) tests/run svc fault
fuzz: build/.deps-fuzz $(FUZZ:%=build/fuzz/fuzz_%)
	@tests/fuzz/run $(T) $(FUZZ)
bench: $(BIN_release) | build/.deps-bench
	@tests/bench/run
lint: $(GEN_H) | build/.deps-lint build/civetweb/.version build/curl/.version
	@tests/lint/lint.sh
docs: $(BIN_release)
	$(BIN_release) --print-config >kwipd.conf.example
	$(BIN_release) --routes --markdown >docs/api.md
format: | build/.deps-lint
	clang-format -i $(wildcard kwipd.c lib/*/*.[ch] tests/*/*.[ch])

install: $(BIN_release)
	install -D -m 755 $(BIN_release) $(DESTDIR)$(PREFIX)/bin/kwipd
	install -d $(DESTDIR)$(UNITDIR)
	sed 's|@PREFIX@|$(PREFIX)|' docs/kwipd.service >$(DESTDIR)$(UNITDIR)/kwipd.service

# What was fetched stays: clean must not need the network to build again.
clean:
	rm -rf $(filter-out build/civetweb build/curl build/apt build/deb build/node,$(wildcard build/*)) build/.deps*
distclean:
	rm -rf build
