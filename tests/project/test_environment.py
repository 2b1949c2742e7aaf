"""environment.yml, pyproject.toml, the locks, and what the repository may not hold."""

import ast
import importlib.metadata
import inspect
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest
import rattler
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

import cehelpers

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
SCALING = (ROOT / "teaching" / "scaling.md").read_text(encoding="utf-8")


def required(extra):
    """What the course needs, with an extra and those it names, as requirements."""
    project = PYPROJECT["project"]
    lines = project["dependencies"] + project["optional-dependencies"][extra]
    found = [*map(Requirement, lines)]
    inner = [one for r in found if r.name == project["name"] for one in r.extras]
    return sum(map(required, inner), [r for r in found if r.name != project["name"]])


def grouped(name):
    """What a dependency group and the groups in it need, as requirements."""
    parts = PYPROJECT["dependency-groups"][name]
    lines = [Requirement(part) for part in parts if isinstance(part, str)]
    return sum((grouped(p["include-group"]) for p in parts if not isinstance(p, str)), lines)


def ranges_of_pyproject():
    return {r.name: frozenset(map(str, r.specifier)) for r in required("course")}


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


LOCKS = {
    "requirements.lock": required("course"),
    "requirements-dev.lock": required("course") + grouped("dev"),
}
PLACES = [
    {"python_full_version": f"3.{minor}.0", "python_version": f"3.{minor}", "sys_platform": system}
    | {"os_name": "nt" if system == "win32" else "posix"}
    for minor in (11, 12, 13, 14)
    for system in ("linux", "darwin", "win32")
]


@cache
def entries(lock):
    """The pins of a lock as requirements, each with its hashes."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    parts = re.findall(r"^(\w.*?) \\\n((?: .*\n)+)", text, re.MULTILINE)
    assert len(parts) == len(re.findall(r"^[^\s#]", text, re.MULTILINE))
    return [
        (Requirement(pin), frozenset(re.findall(r"--hash=sha256:([0-9a-f]{64})\b", rest)))
        for pin, rest in parts
    ]


def pinned(lock, place=None):
    """{name: (version, hashes)} of a lock in one place, such as Python 3.12 on Windows."""
    found = {}
    for pin, hashes in entries(lock):
        if pin.marker is None or pin.marker.evaluate(place):
            (specifier,) = pin.specifier
            assert specifier.operator == "==" and hashes, pin
            assert pin.name not in found, f"{pin.name} twice in {place}"
            found[pin.name] = specifier.version, hashes
    return found


@pytest.mark.parametrize("lock", LOCKS)
@pytest.mark.parametrize(
    "place", PLACES, ids=lambda p: f"{p['python_version']}-{p['sys_platform']}"
)
def test_a_lock_pins_what_pyproject_asks_for(lock, place):
    pins = pinned(lock, place)
    for wanted in LOCKS[lock]:
        name = canonicalize_name(wanted.name)
        assert name in pins and wanted.specifier.contains(pins[name][0]), wanted


@pytest.mark.parametrize(
    "place", PLACES, ids=lambda p: f"{p['python_version']}-{p['sys_platform']}"
)
def test_the_locks_agree(place):
    """The second is installed over the first."""
    lab, dev = (pinned(lock, place) for lock in LOCKS)
    assert lab == {name: dev.get(name) for name in lab}


def test_a_lock_is_what_make_lock_writes():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    written = re.findall(r"(pip compile .*? -o \S+)\n", makefile.replace(" --upgrade -q", ""))
    heads = [(ROOT / lock).read_text(encoding="utf-8").splitlines()[1] for lock in LOCKS]
    assert heads == [f"#    uv {command}" for command in written]


def test_what_is_installed_is_what_the_lock_pins_and_nothing_lacks_a_part():
    for lock in LOCKS:
        pins = pinned(lock)
        for name, (version, _) in pins.items():
            assert importlib.metadata.version(name) == version, name
            for line in importlib.metadata.requires(name) or []:
                part = Requirement(line)
                if part.marker is None or part.marker.evaluate({"extra": ""}):
                    part_name = canonicalize_name(part.name)
                    assert part_name in pins, f"{name} needs {part}"
                    assert part.specifier.contains(pins[part_name][0], prereleases=True), part


def test_binder_s_python_is_one_of_ours():
    (python,) = re.fullmatch(
        r"python-(3\.\d+)\n", (ROOT / "binder/runtime.txt").read_text()
    ).groups()
    assert SpecifierSet(PYPROJECT["project"]["requires-python"]).contains(python)
    assert f"Python {python} and the very versions of" in " ".join(SCALING.split())
    build = (ROOT / "binder" / "postBuild").read_text(encoding="utf-8")
    assert re.findall("--requirement (.*)", build) == ["requirements.lock"]


def test_every_requirement_has_a_lower_bound_and_ci_names_groups_alone():
    """Where versions are resolved to the lowest, a name without a bound asks for the first one."""
    project = PYPROJECT["project"]
    lists = [project["dependencies"], *project["optional-dependencies"].values()]
    lists += PYPROJECT["dependency-groups"].values()
    own = f"{project['name']}["  # an extra that names another
    lines = [x for one in lists for x in one if isinstance(x, str) and not x.startswith(own)]
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


def test_the_frameworks_are_here_so_that_none_of_their_tests_is_left_out():
    from cecourse.lessons.framework_rosetta.calls import have

    assert have("keras", "optax", "jax")
