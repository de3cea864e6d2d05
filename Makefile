# The two commands of the course are `make lab` and `make test`; `make help` lists the rest.
.DEFAULT_GOAL := help
VENV ?= .venv
HOST ?= localhost
PORT ?= 8888
PY := $(VENV)/bin/python

# The smaller PyTorch without CUDA, from PyTorch's own index: once chosen, it stays.
# The stamps are written last: a set-up that was cut short is begun again from nothing.
CPU_STAMP := $(VENV)/.set-up-cpu
ifneq ($(wildcard $(CPU_STAMP)),)
CPU ?= 1
TORCH_INDEX ?= $(shell cat $(CPU_STAMP))
endif
STAMP := $(if $(CPU),$(CPU_STAMP),$(VENV)/.set-up)
LOCK := $(if $(CPU),$(VENV)/lock-cpu.txt,lock.txt)
CUDA_PACKAGES := ^(torch|torchvision|triton|cuda-[a-z-]+|nvidia-[a-z0-9-]+)==

.PHONY: help lab test setup lint notebooks test-all unit browser packaging pythons colab hooks lock site slides clean

help:
	@echo 'make lab        open the course in JupyterLab (PORT=8888 HOST=localhost)'
	@echo 'make test       unit tests, and every notebook executed'
	@echo 'make setup      .venv with the locked versions, and the git hook'
	@echo 'make lint       ruff, notebooks in step with their sources, lines per room'
	@echo 'make site       the course as web pages, in build/site'
	@echo 'make slides     a deck of each notebook of Part I, in build/slides'
	@echo 'make notebooks  build and execute notebooks/*.ipynb from notebooks/source/*.py'
	@echo 'make test-all   test, packaging, browser and lint, the unit tests on three Pythons, colab'
	@echo 'make unit | packaging | browser | pythons   one part of test-all'
	@echo 'make colab      each notebook alone, as Colab runs it, on Python 3.12 (NOTEBOOKS="00 07")'
	@echo 'make lock       resolve lock.txt again from pyproject.toml'
	@echo 'make clean      remove .venv and what was built; my_course stays'
	@echo 'PYTHON=/path/to/python3.12 names the Python; CPU=1 TORCH_INDEX=<address> takes the small PyTorch'

# ---------------------------------------------------------------- set-up
define WANTED_PYTHON
import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))
endef

define NEW_VENV
found=; \
for python in $(or $(PYTHON),python3 python3.13 python3.12 python3.11); do \
    if "$$python" -c '$(WANTED_PYTHON)' 2>/dev/null; then found=$$python; break; fi; \
done; \
if [ -z "$$found" ]; then \
    seen=$$("$(or $(PYTHON),python3)" -V 2>&1) || seen='not found'; \
    echo "the course needs Python 3.11, 3.12 or 3.13, and $(or $(PYTHON),python3) is: $$seen; install one, or name it: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; \
    exit 2; \
fi; \
if ! "$$found" -c 'import venv, ensurepip' 2>/dev/null; then \
    echo "$$found cannot make a virtual environment; on Debian and Ubuntu: apt install python3-venv, then call make again" >&2; \
    exit 2; \
fi; \
echo "setting up $(VENV) with $$("$$found" -V), once"; \
"$$found" -m venv --clear $(VENV)
endef

# uv is quick; pip does the same from the same lock file where uv cannot be had.
define WITH_UV
$(PY) -m pip install --quiet --disable-pip-version-check --retries 1 uv 2>$(VENV)/uv.log \
&& $(PY) -m uv pip sync --python $(PY) --require-hashes $(LOCK) \
&& { [ -z "$(CPU)" ] || $(PY) -m uv pip install --python $(PY) --no-deps --default-index "$(TORCH_INDEX)" $$torch; } \
&& $(PY) -m uv pip install --python $(PY) --quiet --no-deps --no-build-isolation -e .
endef

define WITH_PIP
$(PY) -m pip install --disable-pip-version-check --retries 1 --quiet --require-hashes --no-deps -r $(LOCK) \
&& { [ -z "$(CPU)" ] || $(PY) -m pip install --quiet --no-deps --index-url "$(TORCH_INDEX)" $$torch; } \
&& $(PY) -m pip install --quiet --no-deps --no-build-isolation -e .
endef

$(STAMP): lock.txt pyproject.toml
	@if [ -n "$(CPU)" ] && [ -z "$(TORCH_INDEX)" ]; then \
	    echo "CPU=1 needs TORCH_INDEX=<address of PyTorch's own CPU index>: PyTorch's install page names it" >&2; exit 2; fi
	@if ! ls $(VENV)/.set-up* >/dev/null 2>&1; then $(NEW_VENV); fi
	@rm -f $(VENV)/.set-up*
	@awk '/^[^ #]/ { cuda = ($$0 ~ /$(CUDA_PACKAGES)/) } !cuda' lock.txt > $(VENV)/lock-cpu.txt
	@torch=$$(grep -oE '^(torch|torchvision)==[0-9.]+' lock.txt); \
	{ $(WITH_UV); } || { echo 'uv did not do it; going on with plain pip, which takes longer'; $(WITH_PIP); } || { \
	    echo 'the packages of $(LOCK) could not be installed: is a package index within reach (pip config list), and is the disk full (df -h .)? Then call make again' >&2; exit 2; }
	@echo "$(TORCH_INDEX)" > $@

hooks:
	@folder=$$(git rev-parse --git-path hooks 2>/dev/null) || exit 0; \
	[ -e "$$folder/pre-commit" ] || { mkdir -p "$$folder" && cp .ci/pre-commit "$$folder/pre-commit" && echo 'make lint now runs before every commit'; }

setup: $(STAMP) hooks

lock: $(STAMP)
	$(PY) -m uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url \
	    --python-version 3.11 pyproject.toml --group dev --group d2l --extra classroom --extra keras -o lock.txt
	$(PY) -m uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url \
	    --python-version 3.11 --group pyproject.toml:site -o lock-site.txt

# ---------------------------------------------------------------- use
# Where JupyterLab looks for the defaults of its settings: it would ask about news first.
OVERRIDES := $(VENV)/share/jupyter/lab/settings/overrides.json

lab: $(STAMP)
	@mkdir -p $(dir $(OVERRIDES)) && echo '{"@jupyterlab/apputils-extension:notification": {"fetchNews": "false"}}' > $(OVERRIDES)
	@$(PY) -m alexnet_lib copies
	@[ "$$(id -u)" != 0 ] || root=--allow-root; \
	exec $(PY) -m jupyterlab $$root --ServerApp.ip='$(HOST)' --ServerApp.port='$(PORT)' \
	    --LabApp.default_url=/lab/tree/my_course \
	    --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate \
	    --LabApp.extension_manager=readonly --log-level=WARN

notebooks: $(STAMP)
	$(PY) -m alexnet_lib notebooks

# The tools of the web edition have an environment of their own.
SITE := $(VENV)-site
SITE_STAMP := $(SITE)/.set-up

$(SITE_STAMP): $(STAMP) lock-site.txt
	@rm -rf $(SITE) && $(PY) -m venv $(SITE)
	@$(PY) -m uv pip sync --quiet --python $(SITE)/bin/python --require-hashes lock-site.txt \
	|| $(SITE)/bin/python -m pip install --quiet --require-hashes --no-deps -r lock-site.txt
	@touch $@

site: $(SITE_STAMP)
	PYTHONPATH=. $(SITE)/bin/python -m alexnet_lib site

slides: $(STAMP)
	$(PY) -m alexnet_lib slides

# ---------------------------------------------------------------- tests
test: $(STAMP)
	$(PY) -m pytest
	$(PY) -m pytest -m notebooks tests/notebooks

unit packaging browser: $(STAMP)
	$(PY) -m pytest $(if $(filter-out unit,$@),-m $@) tests/$@

lint: $(STAMP)
	$(PY) -m ruff check alexnet_lib tests notebooks/source
	$(PY) -m ruff format --check alexnet_lib tests notebooks/source
	$(PY) -m alexnet_lib notebooks --check
	$(PY) tests/packaging/lines_per_room.py

# One environment at a time: each takes 6 GB on Linux.
pythons:
	@for version in 3.11 3.12 3.13; do \
	    python=$$(command -v python$$version) && "$$python" -V >/dev/null 2>&1 || { echo "python$$version is not here: left out"; continue; }; \
	    $(MAKE) VENV=build/venv-$$version PYTHON="$$python" unit; status=$$?; \
	    rm -rf build/venv-$$version; [ $$status = 0 ] || exit $$status; \
	done

# Each notebook as one file in an empty folder, beside packages that are not ours.
colab: $(STAMP)
	$(PY) -m tests.packaging.colab --python $(or $(PYTHON),python3.12) $(NOTEBOOKS)

test-all: test packaging browser lint pythons colab

clean:
	rm -rf $(VENV) $(SITE) build dist .pytest_cache .ruff_cache .hypothesis test-results
	find alexnet_lib tests -name __pycache__ -type d -exec rm -rf {} +
