# Two commands matter: `make run` and `make test`. `make help` tells the rest.

PYTHON ?= python3
PY := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help run test sure fix bench fresh messages migration map lock screenshot

help: ## What can be made here
	@echo "make run         start the application on http://127.0.0.1:8000 (PORT=8001 make run for another port)"
	@echo "make test        install what tests need and run everything, on SQLite and on PostgreSQL"
	@echo "make sure        the checks before a commit: lint, format, types, templates, quick tests"
	@echo "make fix         let ruff mend and format what it can"
	@echo "make bench       measure, beside the floor of each figure"
	@echo "make fresh       throw the embedded database away (asks first)"
	@echo "make messages    collect the texts to translate into translations/"
	@echo "make migration   draft the next migration: make migration SAYS='Add the shoe size'"
	@echo "make map         write the tables of docs/map.md anew"
	@echo "make lock        choose the versions of the dependencies anew (needs uv)"
	@echo "make screenshot  draw the pictures of the README"
	@echo
	@echo "Needs Python 3.11 or newer and make. Another Python: PYTHON=python3.13 make run"

run:
	@$(PYTHON) scripts/run.py

test:
	@$(PYTHON) scripts/environment.py dev
	@$(PYTHON) scripts/chromium.py
	@$(PY) scripts/check.py everything

sure:
	@$(PYTHON) scripts/environment.py dev
	@$(PY) scripts/check.py quick

fix:
	@$(PYTHON) scripts/environment.py dev
	@$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format .

bench:
	@$(PYTHON) scripts/environment.py dev
	@$(PY) -m bench

fresh:
	@$(PYTHON) scripts/fresh.py

messages:
	@$(PYTHON) scripts/environment.py dev
	@$(PY) scripts/messages.py

migration:
	@$(PYTHON) scripts/environment.py dev
	@PYTHONPATH=. $(PY) scripts/migration.py $(SAYS)

map:
	@$(PYTHON) scripts/map.py

lock:
	@$(PYTHON) scripts/lock.py

screenshot:
	@$(PYTHON) scripts/environment.py dev
	@$(PYTHON) scripts/chromium.py
	@$(PY) scripts/screenshot.py
