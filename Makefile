# Cross-Entropy, hands on. `make` lists what there is.
PYTHON ?= python3
BIN := .venv/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
UV := $(BIN)/python -m uv
UV_VERSION := 0.13.9
# one thread a matrix product: faster at these sizes, and the same digits at each run
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help lab test check notebooks slides handouts figures key assignments exam room vote cards vectors peers site bench lock clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

lab: .venv/.lab ## set up (first time) and open your copies of the course in JupyterLab; ARGS=--no-browser for a server
	$(BIN)/python -m cecourse $(ROOT_OK) $(ARGS)

test: .venv/.dev ## set up (first time) and pass all tests; ARGS="-k entropy" for some
	$(BIN)/python -m pytest $(ARGS)

check: .venv/.dev ## what to run before each commit: all but browsers, decks and whole notebooks
	$(BIN)/python -m pytest tests/cehelpers tests/cecourse tests/notebooks tests/project --ignore-glob='*/test_seeds_*' --ignore-glob='*/test_pipeline.py' --ignore-glob='*/framework_rosetta/test_dictionary.py' --ignore-glob='*/framework_rosetta/test_e*.py' --ignore-glob='*/test_start.py' $(ARGS)

# every shell has a LANG; the one that is meant is on make's own command line
ifeq ($(origin LANG),command line)
LANGUAGE_ARGS := --language $(LANG)
override LANG := C.UTF-8
endif

notebooks: .venv/.dev ## execute notebooks/source/*.md into notebooks/*.ipynb; ARGS="01 03" for some; LANG=de, translated; STORY=churn tells 09 anew
ifdef STORY
	$(BIN)/python -m tools.build_notebooks --story "$(STORY)" $(ARGS)
else ifdef LANGUAGE_ARGS
	$(BIN)/python -m tools.build_notebooks $(LANGUAGE_ARGS) $(ARGS)
else
	$(BIN)/python -m tools.concept_index --write
	$(BIN)/python -m tools.build_notebooks $(ARGS)
	$(BIN)/python -m tools.polls
	$(BIN)/python -m tools.outcomes
	$(BIN)/python -m tools.readme_picture
endif

slides: .venv/.dev ## a lecture deck and its PDF for each notebook, in build/slides; ARGS="01 03" for some, --no-pdf; ROUTE=two-lectures
	$(BIN)/python -m tools.slides $(if $(ROUTE),--route $(ROUTE)) $(ARGS)

handouts: .venv/.dev ## two-page handouts, readers, the book and the cheat sheet into build/handouts; ARGS="01 03" for some
	$(BIN)/python -m tools.paper.handouts $(ARGS)

figures: .venv/.dev ## every figure as SVG and PDF, with a contact sheet, into build/figures
	$(BIN)/python -m tools.export_figures $(ARGS)

key: .venv/.dev ## the answer key, each answer run and checked, and a short one, into build/key (not for the room)
	$(BIN)/python -m tools.paper.answer_key $(ARGS)

assignments: .venv/.dev ## the exercises as an nbgrader course, into build/assignments
	$(BIN)/python -m tools.marking.assignments $(ARGS)

exam: .venv/.dev ## an exam with numbers of its own for each student, into build/exam; SEED=7 STUDENTS=roster.csv
	$(BIN)/python -m tools.exam $(if $(SEED),--seed $(SEED)) $(if $(STUDENTS),--students "$(STUDENTS)") $(ARGS)

room: .venv/.dev ## what a class believes, from collected files, into build/room; FOLDER=submitted
	$(BIN)/python -m tools.room $(if $(FOLDER),"$(FOLDER)") $(ARGS)

vote: .venv/.dev ## let the room vote on predictions by phone, before and after; ARGS="03"
	$(BIN)/python -m tools.room.vote $(ARGS)

cards: .venv/.dev ## a deck for Anki and the final quiz for Moodle, into build/cards; ARGS="01 03" for some
	$(BIN)/python -m tools.cards $(ARGS)

vectors: .venv/.dev ## write the reference values of losses, vectors/data; ARGS="focal" for a family
	$(BIN)/python -m vectors.generate $(ARGS)

peers: .venv/.dev ## ask of cehelpers what the peers' own tests ask of them, and compare; ARGS=--check, ARGS=scipy
	$(BIN)/python -m vectors.peers $(ARGS)

site: .venv/.dev ## build the book and the browser lab into build/site; SELF_CONTAINED=1 brings Python along
	$(BIN)/python -m tools.site $(ARGS)

bench: .venv/.dev ## measure speed, memory, accuracy and slider latency, side by side
	$(BIN)/python -m tools.bench $(ARGS)

lock: .venv/.made ## resolve the newest allowed versions into the two lock files
	$(UV) pip compile pyproject.toml --extra course --generate-hashes --universal --upgrade -q -o requirements.lock
	$(UV) pip compile pyproject.toml --extra course --group dev -c requirements.lock --generate-hashes --universal --upgrade -q -o requirements-dev.lock

clean: ## remove .venv and everything built (never my_course, which is yours, nor folders with a gradebook)
	rm -rf .venv $(filter-out $(patsubst %/gradebook.db,%,$(wildcard build/*/gradebook.db)),$(wildcard build/*))

# JupyterLab refuses to run as root unless told; containers and CI are root
ROOT_OK := $(if $(filter 0,$(shell id -u 2>/dev/null)),--allow-root)

# Setting up: a virtual environment, a pinned uv in it, then the locked versions. Where uv cannot be
# had, pip installs the same lock, ten times slower.
.venv/.made: Makefile
	@test -w . || { echo "The course sets itself up in its own folder, and $(CURDIR) cannot be written. Copy it to a place that is yours and start again there."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "The course needs Python 3.11 or newer; $(PYTHON) is `$(PYTHON) --version`. Name another: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv --clear .venv || { echo "Python could not make a virtual environment: install its venv package (on Debian and Ubuntu: apt install python3-venv) and try again."; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION) || echo "uv cannot be had here; pip will do, more slowly."
	@echo "$(CURDIR)" > $@

# an environment belongs to its place: a copied or moved course makes its own
ifneq ($(shell cat .venv/.made 2>/dev/null),$(CURDIR))
.PHONY: .venv/.made
endif

define install
	@echo "Installing $(1) (a minute at most, the first time)"
	@if $(UV) --version >/dev/null 2>&1; then pip="$(UV) pip install --python $(BIN)/python"; else pip="$(BIN)/python -m pip install"; fi; \
	$$pip --quiet $(addprefix -r ,$(1)) && $$pip --quiet --no-deps -e .
	@$(BIN)/python -m jupyter labextension disable --level=sys_prefix @jupyterlab/apputils-extension:announcements >/dev/null 2>&1 || true
	@touch $@
endef

.venv/.lab: requirements.lock pyproject.toml .venv/.made
	$(call install,requirements.lock)

.venv/.dev: requirements-dev.lock requirements.lock pyproject.toml .venv/.made
	$(call install,requirements.lock requirements-dev.lock)
	@touch .venv/.lab
