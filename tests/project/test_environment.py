"""environment.yml, pyproject.toml, the locks, and what the repository may not hold."""

import ast
import importlib.metadata
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
    project = PYPROJECT["project"]
    lines = project["dependencies"] + project["optional-dependencies"]["course"]
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
    project = PYPROJECT["project"]
    lists = [project["dependencies"], *project["optional-dependencies"].values()]
    lists += PYPROJECT["dependency-groups"].values()
    lines = [line for one in lists for line in one if isinstance(line, str)]
    bounds = [{s.operator for s in Requirement(line).specifier} for line in lines]
    assert [x for x, b in zip(lines, bounds, strict=True) if not b & {">=", "=="}] == []
    scripts = [ROOT / ".ci" / "run", *(ROOT / ".github" / "workflows").glob("*.yml")]
    texts = [path.read_text(encoding="utf-8") for path in scripts]
    groups = re.compile(
        r"( --(group|python|resolution) (\S+|\$\{\{.*?\}\})| --quiet| -e '?\.(\[course\])?'?)+"
    )
    installs = [rest for text in texts for rest in re.findall(r"uv pip install(.*)", text)]
    assert installs
    assert [rest for rest in installs if not groups.fullmatch(rest)] == []


def test_no_learner_s_file_is_in_the_repository():
    files = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "README.md" in files.stdout
    assert "my_course" not in files.stdout


def imports_of(path):
    """The modules that a file imports, however it writes it."""
    here = path.relative_to(ROOT).with_suffix("").parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(here[: len(here) - node.level]) if node.level else ""
            base = ".".join(filter(None, [base, node.module]))
            names = [f"{base}.{alias.name}" for alias in node.names]
        for name in names:
            parts = name.split(".")
            public = getattr(cehelpers, parts[-1], None) if parts[0] == "cehelpers" else None
            if len(parts) == 2 and inspect.isfunction(public):  # where is it at home?
                parts = public.__module__.split(".")
            yield parts


def test_a_module_imports_only_from_layers_below_its_own():
    layer = {name: k for k, names in enumerate(cehelpers.LAYERS) for name in names}
    for path in (ROOT / "cehelpers").glob("*.py"):
        if path.stem == "__init__":
            continue
        assert path.stem in layer, f"{path.name} belongs to no layer"
        for package, *names in imports_of(path):
            assert package != "cecourse", f"{path.name} imports the course"
            if package == "cehelpers" and names and names[0] in layer and names[0] != path.stem:
                assert layer[names[0]] < layer[path.stem], f"{path.name} imports {names[0]}"


def test_an_engine_knows_no_lesson_and_a_lesson_no_other():
    lessons = ROOT / "cecourse" / "lessons"
    for path in (ROOT / "cecourse").rglob("*.py"):
        own = path.relative_to(lessons).parts[0] if path.is_relative_to(lessons) else None
        for parts in imports_of(path):
            if parts[:2] == ["cecourse", "lessons"] and (lessons / "/".join(parts[2:3])).is_dir():
                known = parts[2:3] or [own]
                assert known in ([own], []), f"{path.relative_to(ROOT)} imports {'.'.join(parts)}"


def test_numpy_is_all_that_the_mathematics_needs():
    """.ci/run installs it into an empty environment, too."""
    requires = map(Requirement, importlib.metadata.requires("cehelpers"))
    assert [r.name for r in requires if r.marker is None or r.marker.evaluate()] == ["numpy"]
    heavy = "{'matplotlib', 'ipywidgets', 'IPython', 'scipy', 'sklearn', 'tqdm', 'PIL'}"
    code = f"import sys, cehelpers; print(sorted({heavy} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_code_is_clean():
    for command in (["check"], ["format", "--check"]):
        run = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "."], cwd=ROOT, capture_output=True, text=True
        )
        assert run.returncode == 0, run.stdout + run.stderr
