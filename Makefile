# Lectern. Two commands for people: `make run` and `make check`. `make help` lists the rest.
# Everything is built below build/; `make SAN=1` builds the same under build/asan with ASan and UBSan.

PREFIX  ?= /usr/local
DESTDIR ?=
CFLAGS  ?= -O2 -g
PKG     ?= pkg-config

VARIANT := $(if $(SAN),asan,main)
B       := build/$(VARIANT)
WARN    := -Wall -Wextra -Wpedantic -Wshadow -Wmissing-prototypes -Wstrict-prototypes $(if $(CI),-Werror)
comma   := ,
SANFLAG := $(if $(SAN),-fsanitize=address$(comma)undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)

LIBS    := ncursesw libcurl libxml-2.0 libmarkdown sqlite3 libzstd jansson uchardet zlib fribidi
TLIBS   := cmocka libmicrohttpd vterm
# Only looked up when something is going to be built.
LIBCF    = $(eval LIBCF := $(shell $(PKG) --cflags $(LIBS)))$(LIBCF)
LIBLD    = $(eval LIBLD := $(shell $(PKG) --libs $(LIBS)) $(if $(EXTRA),$(shell $(PKG) --libs $(EXTRA))) -lunistring $(if $(HYPHEN),-lhyphen) $(if $(CSV),-lcsv) -lm -lpthread)$(LIBLD)
# Used where they are there: one unpacks quicker, one unpacks what little else does, one knows where Thai words end,
# one draws addresses for a phone's camera, one makes books, one
# reads front matter.
EXTRAS   = libdeflate libbrotlidec libthai libqrencode libzip yaml-0.1
EXTRA    = $(eval EXTRA := $(shell for l in $(EXTRAS); do $(PKG) --exists $$l && echo $$l; done))$(EXTRA)
EXTRACF  = $(eval EXTRACF := $(if $(EXTRA),$(shell $(PKG) --cflags $(EXTRA))) \
           $(if $(filter libdeflate,$(EXTRA)),-DHAVE_LIBDEFLATE) $(if $(filter libbrotlidec,$(EXTRA)),-DHAVE_BROTLI) $(if $(filter libthai,$(EXTRA)),-DHAVE_THAI) \
           $(if $(filter libqrencode,$(EXTRA)),-DHAVE_QRENCODE) $(if $(filter libzip,$(EXTRA)),-DHAVE_ZIP) $(if $(filter yaml-0.1,$(EXTRA)),-DHAVE_YAML))$(EXTRACF)
# discount 3 takes its flags in another way.
DISCOUNT = $(eval DISCOUNT := $(shell $(PKG) --atleast-version=3 libmarkdown && echo -DDISCOUNT3))$(DISCOUNT)
TESTLD   = $(eval TESTLD := $(shell $(PKG) --libs $(TLIBS)))$(TESTLD)
# libcsv has no pkg-config file: tables of bookmarks are not read where it is not there.
CSV      = $(eval CSV := $(shell printf '\043include <csv.h>\n' | $(CC) $(CPPFLAGS) -E -x c - >/dev/null 2>&1 && echo -DHAVE_CSV))$(CSV)
# Dividing words is left out where libhyphen is not there.
HYPHEN   = $(eval HYPHEN := $(shell printf '\043include <hyphen.h>\n' | $(CC) $(CPPFLAGS) -E -x c - >/dev/null 2>&1 && echo -DHAVE_HYPHEN))$(HYPHEN)
CPPF     = -D_GNU_SOURCE -DLECTERN_PREFIX='"$(PREFIX)"' -Iinclude -Isrc $(LIBCF) $(EXTRACF) $(DISCOUNT) $(HYPHEN) $(CSV)
COMPILE  = $(CC) -std=c11 $(WARN) $(CPPF) $(CPPFLAGS) $(SANFLAG) $(CFLAGS) -MMD -MP

# As many jobs as there are processors, unless the caller said how many.
JOBS     = $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2))
# One quiet line a step; V=1 shows the commands.
say      = $(if $V,,@printf '  %-5s %s\n' $1 $2;)

SRC     := $(filter-out src/main.c,$(wildcard src/*/*.c))
OBJ     := $(SRC:%.c=$B/%.o)
EMBED   := $(wildcard src/*/*.S)
LIB     := $B/liblectern.a
SUPPORT := $(patsubst %.c,$B/%.o,$(wildcard tests/support/*.c))
TESTS   := $(patsubst %.c,$B/%,$(wildcard tests/unit/test_*.c tests/screen/test_*.c tests/pty/test_*.c tests/server/test_*.c))
BENCHES := $(patsubst %.c,$B/%,$(wildcard tests/bench/bench_*.c))
FUZZERS := $(patsubst tests/fuzz/%.c,build/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))

.PHONY: all run check check-asan tests lint fuzz fuzzers bench install uninstall deps deps-check clean help format FORCE
.SECONDARY:

all: lectern
lectern: $B/lectern
$B/lectern: $B/src/main.o $(LIB)
	$(call say,link,$@)$(CC) $(SANFLAG) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBLD)
$(LIB): $(OBJ) $(EMBED:%.S=$B/%.o)
	@rm -f $@ && $(AR) rcs $@ $^
$B/%.o: %.c
	@mkdir -p $(@D)
	$(call say,cc,$<)$(COMPILE) -c -o $@ $<
$B/%.o: %.S $(wildcard src/sample/* themes/*)
	@mkdir -p $(@D)
	$(call say,as,$<)$(CC) -c -o $@ $<

# The one file that knows the prefix is compiled again when that changes.
$B/src/theme/find.o: $B/prefix
$B/prefix: FORCE
	@mkdir -p $B && echo '$(PREFIX)' | cmp -s - $@ || echo '$(PREFIX)' >$@

# ---- tests: each tests/*/test_NAME.c is a program of its own; helpers of several are in tests/support/ ----
tests: $(TESTS) $B/lectern
$B/tests/%: $B/tests/%.o $(SUPPORT) $(LIB)
	$(call say,link,$@)$(CC) $(SANFLAG) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(TESTLD) $(MORELD) $(LIBLD)
$B/tests/screen/test_code: MORELD = $(shell $(PKG) --libs zbar)
check: deps-check
	@$(MAKE) --no-print-directory $(JOBS) tests
	@sh tests/tools/run-tests.sh $B $(TESTS)
check-asan: deps-check
	@$(MAKE) --no-print-directory $(JOBS) SAN=1 tests
	@sh tests/tools/run-tests.sh build/asan $(TESTS:$B/%=build/asan/%)
bench: deps-check
	@$(MAKE) --no-print-directory $(JOBS) all $(BENCHES)
	@sh tests/bench/run.sh $B

# ---- fuzzing: clang's libFuzzer with ASan and UBSan; FUZZ_TIME seconds for each target,
# the same inputs every time unless FUZZ_SEED says otherwise ----
FUZZ_TIME ?= 60
FUZZOBJ := $(SRC:%.c=build/fuzz/%.o) $(EMBED:%.S=build/fuzz/%.o)
build/fuzz/%.o: %.c
	@mkdir -p $(@D)
	$(call say,fuzz,$@)clang -std=c11 $(CPPF) -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -MMD -MP -c -o $@ $<
build/fuzz/%.o: %.S $(wildcard src/sample/* themes/*)
	@mkdir -p $(@D)
	clang -c -o $@ $<
build/fuzz/liblectern.a: $(FUZZOBJ)
	@rm -f $@ && $(AR) rcs $@ $^
build/fuzz/fuzz_%: tests/fuzz/fuzz_%.c build/fuzz/liblectern.a
	$(call say,fuzz,$@)clang -std=c11 $(CPPF) -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined -MMD -MP -MF $@.d -o $@ $< build/fuzz/liblectern.a $(LIBLD)
fuzzers: $(FUZZERS)
fuzz: deps-check
	@$(MAKE) --no-print-directory $(JOBS) fuzzers
	@sh tests/tools/fuzz.sh $(FUZZ_TIME) $(FUZZERS)

# ---- care ----
lint: deps-check
	@sh tests/tools/lint.sh
format:
	clang-format -i $$(git ls-files '*.c' '*.h')
deps:
	@sh tests/tools/deps.sh run
deps-check:
	@sh tests/tools/deps.sh check
run: deps
	@$(MAKE) --no-print-directory $(JOBS) all
	@sh tests/tools/run.sh $B/lectern
# Where each shell looks for completions by itself.
SHARE    = $(DESTDIR)$(PREFIX)/share
BASHDIR  = $(SHARE)/bash-completion/completions
ZSHDIR   = $(SHARE)/zsh/site-functions
FISHDIR  = $(SHARE)/fish/vendor_completions.d
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(SHARE)/lectern/themes $(SHARE)/man/man1 $(SHARE)/man/man5 $(SHARE)/man/man7 $(BASHDIR) $(ZSHDIR) $(FISHDIR)
	install -m 755 $B/lectern $(DESTDIR)$(PREFIX)/bin/lectern
	install -m 644 themes/*.theme $(SHARE)/lectern/themes
	install -m 644 man/lectern.1 $(SHARE)/man/man1
	install -m 644 man/lectern-config.5 man/lectern-export.5 man/lectern-theme.5 $(SHARE)/man/man5
	install -m 644 man/lectern-keys.7 $(SHARE)/man/man7
	$B/lectern completions bash >$(BASHDIR)/lectern
	$B/lectern completions zsh >$(ZSHDIR)/_lectern
	$B/lectern completions fish >$(FISHDIR)/lectern.fish
uninstall:
	rm -rf $(DESTDIR)$(PREFIX)/bin/lectern $(SHARE)/lectern $(SHARE)/man/man1/lectern.1 $(SHARE)/man/man5/lectern-config.5 $(SHARE)/man/man5/lectern-export.5 $(SHARE)/man/man5/lectern-theme.5 \
		$(SHARE)/man/man7/lectern-keys.7 $(BASHDIR)/lectern $(ZSHDIR)/_lectern $(FISHDIR)/lectern.fish
clean:
	rm -rf build
help:
	@echo 'make run         install what is missing, build, open the reader on a library with something to read'
	@echo 'make check       install what is missing, build, run every test'
	@echo 'make all         build build/main/lectern'
	@echo 'make check-asan  the tests under AddressSanitizer and UBSan'
	@echo 'make lint        format, warnings, layers, manual pages, cppcheck'
	@echo 'make fuzz        every fuzz target for FUZZ_TIME=60 seconds (FUZZ_SEED=random: another way each time)'
	@echo 'make bench       speed and memory beside peers'
	@echo 'make install     to PREFIX=/usr/local (DESTDIR is obeyed); make uninstall takes it away'
	@echo 'make deps        install what building needs; make clean removes build/'

-include $(shell find build -name '*.d' 2>/dev/null)
