# Mizumori: two commands do all the set-up on a fresh Debian machine.
#   make demo   install what is missing, build, run a simulated town with a leak (DEMO_SECONDS=n ends it by itself)
#   make test   install what is missing, build, run the unit and the integration tests
#   make trial  the detector over every scenario of simulator/scenarios, held against Tests/trial/rows.json
#   make bench  our speed against the C references, as ratios; make bench-check counts instructions as CI does
#   make deb    the Debian package of this machine's architecture in out/deb; make deb-check installs it on a clean root (as root)
#   make container-check builds the images of deploy/container and runs them (as root)
#   make cluster  77 towns over three NATS nodes, instances and nodes killed (some minutes)
#   make faults the long fault run of docs/reliability.md, as root (MIZUMORI_FAULTS_SCALE=0.1 for a short one)
SHELL := /bin/bash
SWIFT ?= swift
DEMO_FLAGS ?=
FAULTS_FLAGS ?=
TRIAL_FLAGS ?=
CLUSTER_FLAGS ?=
# Where release builds lie.
RELEASE_PATH ?= .build
BIN := $(RELEASE_PATH)/release
# An import that the manifest does not name is an error.
CHECKED := --explicit-target-dependency-import-check error
# Suites that need the real broker, receivers, sockets and the built program: one after the other, in two lanes, since they mostly wait.
LANE_1 := IntegrationTests
LANE_2 := BrokerTests WebServerTests SinkConformanceTests CommandSinkTests MQTTSinkTests
INTEGRATION := $(LANE_1) $(LANE_2)

.PHONY: api-check bench bench-check cluster container-check deb deb-check demo test faults fuzz sanitize build lint import-check screenshots clean deps test-build test-deps trial

deps:
	@deploy/install-packages.sh build

test-deps:
	@deploy/install-packages.sh test

build: deps
	$(SWIFT) build -c release --scratch-path $(RELEASE_PATH) --product mizumori
	$(SWIFT) build -c release --scratch-path $(RELEASE_PATH) --product mizumori-sim

demo: build
	@$(BIN)/mizumori demo $(if $(DEMO_SECONDS),--seconds $(DEMO_SECONDS)) $(DEMO_FLAGS)

# Every scenario judged and held against Tests/trial/rows.json (seconds). TRIAL_FLAGS="--rows pump"; "--service" after make build.
trial: deps
	$(SWIFT) build -c release --scratch-path $(RELEASE_PATH) --product mizumori-sim
	/usr/bin/python3 Tests/trial/run.py --simulator $(BIN)/mizumori-sim $(TRIAL_FLAGS)

test-build: test-deps
	$(SWIFT) build --build-tests $(CHECKED)

test: test-build
	$(SWIFT) test --skip-build $(foreach s,$(INTEGRATION),--skip $(s))
	$(MAKE) --jobs 2 --output-sync=target --no-print-directory integration-lane-1 integration-lane-2
	/usr/bin/python3 Tests/browser/run.py --program .build/debug/mizumori
	/usr/bin/python3 Tests/deploy/certs_test.py
	/usr/bin/python3 Tests/deploy/units_test.py
	/usr/bin/python3 Tests/deploy/manual_test.py
	/usr/bin/python3 Tests/deploy/examples_test.py
	/usr/bin/python3 Tests/deploy/node_health_test.py

# The program that `swift test` runs: two of the latter cannot share a build folder.
integration-lane-%:
	timeout 900 .build/debug/mizumoriPackageTests.xctest --testing-library swift-testing --no-parallel $(foreach s,$(LANE_$*),--filter $(s))

# The API against its own document: API_CASES requests (1,000; the full run is 10,000), API_SEED. Needs PyPI once.
api-check: test-deps
	$(SWIFT) build $(CHECKED) --product mizumori
	$(SWIFT) build $(CHECKED) --product mizumori-sim
	/usr/bin/python3 Tests/api/check.py --out out/api

# Ours and the C references interleaved. BENCH_FLAGS="--json out/bench.json --sensors 1000000"; with "--program .build/release/mizumori" the whole
# service too, with "--python PYTHON" River and paho of that Python. docs/performance.md tells how to read it.
bench: deps
	/usr/bin/python3 Benchmarks/bench.py $(BENCH_FLAGS)

# Instructions of small workloads against Benchmarks/thresholds.json, under valgrind.
bench-check:
	@deploy/install-packages.sh bench
	/usr/bin/python3 Benchmarks/check.py

# A package needs no Swift where it is installed: Swift is linked in, in a build folder of its own, or `make build` would compile all anew.
# BIN=folder on the command line takes programs that are built already.
DEB_PATH ?= .build-deb
ifeq ($(origin BIN), command line)
DEB_PROGRAMS := --bin $(BIN) --checkouts .build/checkouts
else
DEB_PROGRAMS := --bin $(DEB_PATH)/release --checkouts $(DEB_PATH)/checkouts
endif
deb: deps
	@deploy/install-packages.sh deb
ifneq ($(origin BIN), command line)
	$(SWIFT) build -c release --static-swift-stdlib --scratch-path $(DEB_PATH) --product mizumori
	$(SWIFT) build -c release --static-swift-stdlib --scratch-path $(DEB_PATH) --product mizumori-sim
endif
	/usr/bin/python3 deploy/deb/build.py $(DEB_PROGRAMS)

# Installs, upgrades, removes and purges it on a fresh Debian below out/deb. DEB_FLAGS="--suite trixie --mirror URL".
deb-check: deb
	/usr/bin/python3 deploy/deb/test.py $(DEB_PROGRAMS) $(DEB_FLAGS)

# Both images of deploy/container built from the package and run for real, as root. CONTAINER_FLAGS="--base out/deb/base-bookworm" without a registry.
container-check: deb
	@deploy/install-packages.sh container
	/usr/bin/python3 Tests/deploy/container_test.py --package out/deb $(CONTAINER_FLAGS)

# FAULTS_FLAGS="--rows 1,22 --seed 7" takes some rows.
faults:
	@deploy/install-packages.sh faults
	$(SWIFT) build -c release --product mizumori
	$(SWIFT) build -c release --product mizumori-sim
	/usr/bin/python3 Tests/faults/run.py $(FAULTS_FLAGS)
	$(MAKE) fuzz

# Many towns over three NATS nodes, with kills: docs/many-towns.md. MIZUMORI_CLUSTER_SCALE=0.3 for a short one, CLUSTER_FLAGS="--rows 4".
cluster:
	@deploy/install-packages.sh cluster
	$(SWIFT) build -c release --scratch-path $(RELEASE_PATH) --product mizumori
	/usr/bin/python3 Tests/cluster/run.py --bin $(BIN) $(CLUSTER_FLAGS)

# Every fuzzer for FUZZ_SECONDS (60). The package lies under Tests/fuzz; what is found, and the corpus, under out/fuzz.
fuzz: deps
	$(SWIFT) build --package-path Tests/fuzz -c release -Xswiftc -sanitize=fuzzer -Xswiftc -enable-testing \
	  -Xswiftc -use-ld=lld --product fuzz
	/usr/bin/python3 Tests/fuzz/run.py $(FUZZ_FLAGS)

# The unit tier under ThreadSanitizer and AddressSanitizer. Allocations are not counted there: the sanitizers have the allocator.
sanitize: test-deps
	@for s in thread address; do \
	  echo "== $$s sanitizer"; \
	  $(SWIFT) build --build-tests --sanitize=$$s --scratch-path .build-$$s && \
	  TSAN_OPTIONS="suppressions=$(CURDIR)/Tests/sanitizers/tsan.txt" LSAN_OPTIONS="suppressions=$(CURDIR)/Tests/sanitizers/lsan.txt" \
	  $(SWIFT) test --skip-build --sanitize=$$s --scratch-path .build-$$s \
	    --skip AllocationTests $(foreach s,$(INTEGRATION),--skip $(s)) || exit 1; \
	done

lint:
	swift format lint --strict --recursive --parallel --configuration .swift-format Package.swift Sources Tests simulator Benchmarks/Package.swift Benchmarks/Benchmarks Benchmarks/Probe

# Every import must be a dependency that the manifest names; the core must import nothing.
import-check:
	$(SWIFT) build $(CHECKED)
	deploy/check-core-imports.sh

# The pictures in the READMEs: the real service in the demo, looked at by the browser test.
screenshots: build test-deps
	/usr/bin/python3 Tests/browser/page_test.py --demo $(BIN)/mizumori --out out/screenshots
	for l in ja en; do for s in desktop phone; do cp out/screenshots/overview-$$l-$$s.png docs/images/; \
	  cp out/screenshots/meter-week-$$l-$$s.png docs/images/meter-$$l-$$s.png; done; done

clean:
	rm -rf .build
