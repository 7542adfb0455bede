# What people type. Each target starts from a bare checkout: .ci/environment makes .venv and installs the locked packages,
# and does nothing once they are there.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo test check bench messages lock clean

# What was compiled is kept, whatever the machine's habit: every process of a test run would else compile all tests anew.
export PYTHONDONTWRITEBYTECODE :=

PYTHON_HERE := .venv/bin/python
LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet

help:
	@echo 'make demo    a running portal with a sandbox company; prints the links'
	@echo 'make test    the test suite'
	@echo 'make check   linter, format, types, import contracts, migrations, deployment check, templates'
	@echo 'make bench   benchmarks, as a table and in bench.json'
	@echo 'make messages  brings the Spanish catalogues up to date with the texts'
	@echo 'make lock    newest allowed packages into the lock files'
	@echo 'make clean   removes what the other targets made'

demo:
	@.ci/environment requirements.txt
	@.ci/system-packages pdf
	@exec $(PYTHON_HERE) -m portal.demo

test:
	@.ci/environment requirements-dev.txt
	@.ci/system-packages browser hledger pdf
	@exec $(PYTHON_HERE) -m pytest -n 2 --dist loadfile -m 'not slow and not services and not peers'

check:
	@.ci/environment requirements-dev.txt
	@exec .ci/check

bench:
	@.ci/environment requirements-dev.txt
	@exec $(PYTHON_HERE) -m tests.benchmarks

messages:
	@.ci/environment requirements-dev.txt
	@.ci/system-packages gettext
	@exec .ci/messages

# The lock files are written by uv, in a folder of its own; nothing else needs it.
lock:
	@.ci/environment requirements.txt
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && set -e && \
	$(PYTHON_HERE) -m venv "$$folder" && "$$folder/bin/pip" install --quiet --disable-pip-version-check uv && \
	"$$folder"/bin/$(LOCK) --upgrade --output-file requirements.txt && \
	"$$folder"/bin/$(LOCK) --upgrade --group dev --constraint requirements.txt --output-file requirements-dev.txt
	@echo 'requirements.txt and requirements-dev.txt are up to date'

clean:
	rm -rf .venv .data .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis staticfiles bench.json tests/screenshots
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
