# The commands of this project. On a fresh Debian machine `make run` and `make test` need no other step.

.DEFAULT_GOAL := run
.PHONY: run test check bench screens packages

CARGO ?= cargo
DEMO := target/demo

# Shows a hall at work: with windows where there is a display, else as pictures.
run: packages
	@set -e; \
	if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then \
		$(CARGO) run --release -p hil-tests --features winit --bin demo; \
	else \
		$(CARGO) run --release -p hil-tests --bin demo -- --headless --out $(DEMO); \
		echo "No display here, so the hall played its morning by itself. Look at:"; \
		echo "  $(CURDIR)/$(DEMO)/story.md        what happened"; \
		echo "  $(CURDIR)/$(DEMO)/screens         every page of every station"; \
		echo "  $(CURDIR)/$(DEMO)/tickets         the paper"; \
		echo "  $(CURDIR)/$(DEMO)/boards          the LED board"; \
		echo "  $(CURDIR)/$(DEMO)/announcements.wav, central.jsonl"; \
	fi

# Everything that proves it. The test runner comes last, so that its summary is the last thing printed.
test: packages
	$(CARGO) fmt --check
	$(CARGO) clippy --workspace --all-targets --features launcher/winit -- -D warnings
	.ci/run-tests

# What can be said without running the hall.
check: packages
	$(CARGO) fmt --check
	$(CARGO) clippy --workspace --all-targets --features launcher/winit -- -D warnings
	$(CARGO) run --quiet -p launcher --bin kiosk-app -- check config/*.toml config/profiles/*/*.toml

# One line a metric: name value unit, and the peer's value where there is one.
bench:
	@.ci/install-packages bench
	$(CARGO) run --release -p hil-tests --bin bench

# Every page of every station as a picture, in target/screens; what does not look as approved is named at the end.
# APPROVE=1 makes what it shows now the approved pictures: look first.
screens: packages
	rm -rf target/screens
	-SCREENS=1 $(CARGO) nextest run -p stations --no-fail-fast screens_tests
	$(CARGO) run --quiet -p stations --features headless --example contact-sheet -- target/screens

# Debian packages that building and running need; installs only what is missing.
packages:
	@.ci/install-packages
