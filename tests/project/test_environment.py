"""environment.yml, pyproject.toml, the locks, and what the repository may not hold."""

import ast
import inspect
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import rattler
import yaml
from packaging.requirements import Requirement

import cehelpers

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]


def ranges_of_pyproject():
    lines = PYPROJECT["project"]["dependencies"] + PYPROJECT["dependency-groups"]["lab"]
    return {r.name: frozenset(map(str, r.specifier)) for r in map(Requirement, lines)}


def ranges_of_conda():
    specs = [rattler.MatchSpec(line) for line in CONDA if isinstance(line, str)]
    named = {spec.name.normalized: str(spec.version or "") for spec in specs}
    return {
        name: frozenset(version.split(","))
        for name, version in named.items()
        if name not in ("python", "pip")
    }


def test_conda_asks_for_the_same_ranges():
    assert ranges_of_conda() == ranges_of_pyproject()
    assert CONDA[-1] == {"pip": ["-e ."]}
    assert f"python{PYPROJECT['project']['requires-python']}" in CONDA


def pinned(lock):
    """{name: version} of a lock, in which every entry carries its hashes."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    entries = re.findall(r"^(\S+?)==(\S+)(.*(?:\n    .*)*)", text, re.MULTILINE)
    assert len(entries) == len(re.findall(r"^\w", text, re.MULTILINE))
    assert all("--hash=sha256:" in rest for _, _, rest in entries)
    return {name: version for name, version, _ in entries}


def test_locks_pin_every_range_with_hashes_and_no_address_and_agree():
    lab, dev = pinned("requirements.lock"), pinned("requirements-dev.lock")
    for name, specifiers in ranges_of_pyproject().items():
        for specifier in specifiers:
            assert Requirement(f"{name}{specifier}").specifier.contains(lab[name]), name
    shared = lab.keys() & dev.keys()
    assert {name: lab[name] for name in shared} == {name: dev[name] for name in shared}


def test_every_requirement_has_a_lower_bound_and_ci_names_groups_alone():
    """Where versions are resolved to the lowest, a name without a bound asks for the first one."""
    lists = [PYPROJECT["project"]["dependencies"], *PYPROJECT["dependency-groups"].values()]
    lines = [line for one in lists for line in one if isinstance(line, str)]
    bounds = [{s.operator for s in Requirement(line).specifier} for line in lines]
    assert [x for x, b in zip(lines, bounds, strict=True) if not b & {">=", "=="}] == []
    scripts = [ROOT / ".ci" / "run", *(ROOT / ".github" / "workflows").glob("*.yml")]
    texts = [path.read_text(encoding="utf-8") for path in scripts]
    groups = re.compile(r"( --(group|python|resolution) (\S+|\$\{\{.*?\}\})| --quiet| -e \.)+")
    installs = [rest for text in texts for rest in re.findall(r"uv pip install(.*)", text)]
    assert installs
    assert [rest for rest in installs if not groups.fullmatch(rest)] == []


def test_no_learner_s_file_is_in_the_repository():
    files = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "README.md" in files.stdout
    assert "my_course" not in files.stdout


def test_the_mathematics_imports_numpy_alone():
    heavy = "{'matplotlib', 'ipywidgets', 'IPython', 'scipy', 'sklearn', 'tqdm', 'PIL'}"
    code = f"import sys, cehelpers; print(sorted({heavy} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def imported_modules(path, package):
    """The top modules of the package that a file imports, however it writes it."""
    here = ("cehelpers", *path.relative_to(package).with_suffix("").parts[:-1])
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(here[: len(here) + 1 - node.level]) if node.level else ""
            base = ".".join(filter(None, [base, node.module]))
            names = [f"{base}.{alias.name}" for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "cehelpers" and len(parts) > 1:
                public = getattr(cehelpers, parts[1], None)
                if inspect.isfunction(public):  # `from .. import entropy`: where is it at home?
                    parts = public.__module__.split(".")
                yield parts[1]


def test_a_module_imports_only_from_layers_below_its_own():
    layer = {name: k for k, names in enumerate(cehelpers.LAYERS) for name in names}
    package = ROOT / "cehelpers"
    for path in package.rglob("*.py"):
        own = path.relative_to(package).parts[0].removesuffix(".py")
        if own == "__init__":
            continue
        assert own in layer, f"{path.name} belongs to no layer"
        for name in imported_modules(path, package):
            if name in layer and name != own:
                assert layer[name] < layer[own], f"{path.name} imports {name}"


def test_code_is_clean():
    for command in (["check"], ["format", "--check"]):
        run = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "."], cwd=ROOT, capture_output=True, text=True
        )
        assert run.returncode == 0, run.stdout + run.stderr
