# HOST, PORT and STUDYRAG_DATA_DIR are read from the environment: PORT=8001 make run

PYTHON := .venv/bin/python
NPM := npm --prefix frontend run --silent

.DEFAULT_GOAL := help
.PHONY: help run migrate backup restore test lint unit bench chaos eval sample frontend lock clean install install-dev install-frontend

help:
	@echo "make run     install what is missing, then start StudyRAG on http://127.0.0.1:8000"
	@echo "make backup TO=folder    make restore FROM=folder [OVER=1]"
	@echo "make test    everything that must hold: style, types, imports, and all tests"
	@echo "make lint    style, types and imports      make unit    the fast tests"
	@echo "make bench   speed, against its floors     make eval    quality, against its floors"
	@echo "make sample  build the sample course       make frontend  build public/ from frontend/ (needs Node)"
	@echo "make lock    resolve the dependencies anew      make chaos  kill processes at work, see what is lost"
	@echo "make migrate bring the database to this version"
	@echo "make clean   remove the environment and caches; your data stays"

# exec hands Ctrl-C and SIGTERM to the product itself
run: install
	@exec $(PYTHON) -m app

backup: install
	@$(PYTHON) -m app backup $(TO)

restore: install
	@$(PYTHON) -m app restore $(FROM) $(if $(OVER),--over)

test: install-dev lint
	@scripts/install.sh browser
	@scripts/install.sh servers
	@$(NPM) test
	@$(PYTHON) -m pytest

lint: install-dev install-frontend
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy
	@.venv/bin/lint-imports --no-cache
	@$(NPM) lint
	@$(NPM) types
	@$(NPM) check

unit: install-dev install-frontend
	@scripts/install.sh servers
	@$(NPM) test
	@$(PYTHON) -m pytest tests/unit

bench: install-dev
	@scripts/run_all.sh benchmarks

chaos: install-dev
	@scripts/install.sh servers
	@$(PYTHON) -m tests.support.chaos
	@$(PYTHON) -m tests.support.services

eval: install-dev
	@scripts/run_all.sh evals

sample: install-dev
	@$(PYTHON) scripts/build_sample.py

frontend: install-dev install-frontend
	@$(PYTHON) -m scripts.build_api_types
	@$(NPM) build

migrate: install
	@$(PYTHON) -m app migrate

lock:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		pyproject.toml -o requirements.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		-c requirements.txt pyproject.toml --group dev -o requirements-dev.txt

install:
	@scripts/install.sh requirements.txt

install-dev:
	@scripts/install.sh requirements-dev.txt

install-frontend:
	@scripts/install.sh frontend

clean:
	rm -rf .venv frontend/node_modules .mypy_cache .ruff_cache .import_linter_cache .pytest_cache .files
	find . -name __pycache__ -not -path './data/*' -prune -exec rm -rf {} +
