# The front door. Everything is built by CMake (see CMakePresets.json); this file gives the verbs
# short names and makes sure that what they need is installed first (scripts/deps.sh says what).
BUILD   := build/host
PROGRAM := $(BUILD)/plugsmith
JOBS    := $(shell nproc 2>/dev/null || echo 2)
PREFIX  ?= /usr/local
ARGS    ?=
SECONDS ?= 600

.PHONY: help build run test soak bench fuzz check format docs size install clean
help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

## make build    build build/host/plugsmith
build:
	@scripts/deps.sh build
	@cmake --preset host >/dev/null
	@cmake --build $(BUILD) -j $(JOBS) --target plugsmith plugsmith-soc plugsmith-docs

## make run      the main job, on a plug made of software (ARGS=… is passed on)
run: build
	@scripts/run.sh $(PROGRAM) $(ARGS)

## make test     all tests, as released and under the sanitizers
test:
	@scripts/deps.sh build test
	@scripts/deps.sh browser || echo "note: without a browser the tests of the pages are skipped"
	@scripts/test.sh $(JOBS)

## make soak     30 virtual days of a plug (DAYS=30, minutes), metering over a whole day and so many
##               motor starts (STARTS=10000 with each chip, a minute), the fault campaign of the flasher in full
##               (RUNS=10000, minutes), broken images booted
DAYS    ?= 30
STARTS  ?= 10000
RUNS    ?= 10000
soak:
	@scripts/deps.sh build test
	@cmake --preset host >/dev/null && cmake --build $(BUILD) -j $(JOBS) --target test_soak test_energy_year test_meters test_protection test_trip_times test_flasher_campaign plugsmith plugsmith-soc
	@time SOAK_DAYS=$(DAYS) $(BUILD)/tests/test_soak
	@$(BUILD)/tests/test_energy_year
	@SOAK_DAY=1 $(BUILD)/tests/test_meters
	@SOAK_STARTS=$(STARTS) $(BUILD)/tests/test_protection
	@SOAK_TRIALS=1000 $(BUILD)/tests/test_trip_times
	@PLUGSMITH_SOAK=$(RUNS) $(BUILD)/tests/test_flasher_campaign
	@PLUGSMITH=$(BUILD)/plugsmith ROUNDS=200 tests/dump/emulate_broken.sh || [ $$? = 77 ]

## make bench    one table: figure, unit, ratio to the limit or baseline
bench:
	@scripts/deps.sh build test
	@cmake --preset host >/dev/null && cmake --build $(BUILD) -j $(JOBS)
	@scripts/bench.sh $(BUILD)

## make fuzz     fuzz every target (SECONDS=600 each; TARGET=fuzz_x for one)
fuzz:
	@scripts/deps.sh build test fuzz
	@scripts/fuzz.sh $(SECONDS) $(TARGET)

## make check    formatting, tidy, cppcheck, layers, generated docs up to date
check:
	@scripts/deps.sh build test check
	@scripts/check.sh $(JOBS)

## make format   put all sources into the house style
format:
	@scripts/deps.sh check
	@git ls-files '*.c' '*.h' | xargs clang-format -i

## make docs     regenerate docs/reference from the tables
docs: build
	@$(BUILD)/plugsmith-docs reference docs/reference

## make size     text/data/bss per room, for the host and both chip families
size:
	@scripts/deps.sh build cross
	@scripts/size.sh $(JOBS)

## make install  program, man pages, shell completion (PREFIX=/usr/local, DESTDIR=)
install: build
	@DESTDIR=$(DESTDIR) cmake --install $(BUILD) --prefix $(PREFIX)

## make clean    remove everything that was built
clean:
	@rm -rf build
