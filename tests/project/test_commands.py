"""Every command that a page, a workflow or a script gives names what exists."""

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.bench.__main__ import PARTS

ROOT = Path(__file__).parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "site/index.md")),
    *sorted(ROOT.glob("teaching/**/*.md")),
]
SCRIPTS = [
    *(ROOT / name for name in (".ci/run", "binder/postBuild", "binder/start")),
    *sorted(ROOT.glob(".github/workflows/*.yml")),
]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.search(r"^\.PHONY: (help .*)", MAKEFILE, re.MULTILINE)[1].split()
FILE = re.compile(r"\.?\w[\w-]*[/\\]|.*\w\.(lock|ya?ml|toml|txt|py|md|ipynb|json)$")
# made by a command, in another place, or for the reader to fill in
ELSEWHERE = re.compile(
    r"(build|\.venv|\.cache|my_course|_static|lab|actions|application|REGISTRY|PWD)\b|.*NN|.*slug"
    r"|(release|submitted|downloaded|students|feedback)/|(exam\.json|summary\.txt|nbgrader_config\.py)$"
    r"|\d\d/\w+$"  # the name of an exercise or a prediction
)


def code(path):
    """What is for a shell in a file: all of a script; of a page, what is in its backticks."""
    text = path.read_text(encoding="utf-8")
    if path in PAGES:
        fenced = re.findall(r"^```(?:sh|bat)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
        html = re.sub(r"<[^>]+>", "", "\n".join(re.findall(r"<pre>.*?</pre>", text, re.DOTALL)))
        prose = re.sub(r"^(````?)[^`\n]*$.*?^\1$", "", text, flags=re.DOTALL | re.MULTILINE)
        spans = [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", prose)]
        text = "\n".join([*fenced, html, *spans])
    text = re.sub(r"\\\n\s*", " ", text)
    return re.sub(r"(^|\s)#.*|\S*://\S*", "", text, flags=re.MULTILINE)


def missing(text):
    """What the commands name that does not exist: targets, modules and files."""
    found = []
    for rest in re.findall(r"(?:^|run: |[;&|(] *|\b\w+=\S+ )make ([^;&|\n]*)", text, re.MULTILINE):
        words = re.sub(r"\w+=(\"[^\"]*\"|\S*)", "", rest).split()
        found += [w for w in words if w[0] != "-" and w not in {*TARGETS, ".venv/.dev"}]
    for module in re.findall(r"python[\w.]* -m ([\w.]+)", text):
        top, _, rest = module.partition(".")
        known = importlib.util.find_spec(top) and (not rest or importlib.util.find_spec(module))
        found += [] if known else [module]
    for word in re.findall(r"""[^\s'"=(){}:,;$`<>|&]+""", text):
        path = word.rstrip(".").replace("\\", "/").rstrip("/")
        if FILE.match(word.rstrip(".")) and not ELSEWHERE.match(path) and path[0] not in "/*":
            anywhere = [] if "/" in path else ROOT.glob(f"[cnt]*/**/{path}")
            found += [] if any(ROOT.glob(path)) or any(anywhere) else [path]
    return found


@pytest.mark.parametrize("path", [*PAGES, *SCRIPTS], ids=lambda p: str(p.relative_to(ROOT)))
def test_what_its_commands_name_exists(path):
    assert missing(code(path)) == []


@pytest.mark.parametrize(
    ("command", "wrong"),
    [
        ("make lab slide", "slide"),
        ('SELF_CONTAINED=1 make sites ARGS="01 03"', "sites"),
        (".venv\\Scripts\\python -m cecourses", "cecourses"),
        (".venv/bin/python -m tools.compare_notebook notebooks build/x", "tools.compare_notebook"),
        ("python -m pip install -r requirement.lock", "requirement.lock"),
        ("conda env create -f environments.yml", "environments.yml"),
        ("python -m pytest tests/cehelper tests/cecourse", "tests/cehelper"),
        ("python -m pytest test/cehelpers", "test/cehelpers"),
        ("- run: bash .ci/runs", ".ci/runs"),
    ],
)
def test_a_wrong_name_is_found(command, wrong):
    assert missing(command) == [wrong]


def test_pages_and_scripts_have_commands():
    """Where nothing is read, nothing is missing."""
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "site" / "index.md"]:
        assert re.search(r"^make (lab|check)", code(path), re.MULTILINE)
    assert r".venv\Scripts\python -m cecourse" in code(ROOT / "README.md")
    assert "make site" in code(ROOT / "teaching" / "README.md")
    assert all(re.search("python|site.yml", code(path)) for path in SCRIPTS)


def make(folder, *words):
    run = subprocess.run(["make", *words], cwd=folder, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.fixture(scope="module")
def called():
    """{target: what `make` would run for it}."""
    return {name: make(ROOT, "-n", name) for name in TARGETS}


def test_make_lists_its_targets_and_what_they_call_exists(called):
    assert re.findall(r"^make (\w+) +\w", make(ROOT, "help"), re.MULTILINE) == TARGETS
    assert missing("\n".join(called.values())) == []
    ignored = re.findall(r"--ignore-glob='\*/(\S+)'", called["check"])
    gone = [glob for glob in ignored if not any(ROOT.glob(f"tests/**/{glob}"))]
    assert gone in ([], ["test_seeds_*"])  # which a lesson may have or not


def test_each_tool_that_make_calls_starts(called):
    """Help is printed by what has read its command line; three that only write read none."""
    tools = set(re.findall(r"-m (tools[.\w]+|vectors.peers)", "".join(called.values())))
    tools = sorted(tools - {"tools.readme_picture", "tools.polls", "tools.outcomes"})
    assert len(tools) >= 9
    code = "import runpy, sys\nfor sys.argv in [[name, '--help'] for name in sys.argv[1:]]:\n"
    code += " try: runpy.run_module(sys.argv[0], run_name='__main__')\n"
    code += " except SystemExit as end: assert not end.code, sys.argv"
    command = [sys.executable, "-W", "ignore", "-c", code, *tools]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert len(re.findall("^usage: ", run.stdout, re.MULTILINE)) >= len(tools) - 1


@pytest.mark.parametrize("part", PARTS)
def test_the_bench_has_its_parts(part):
    assert callable(importlib.import_module(f"tools.bench.{part}").report)


def test_cleaning_leaves_what_is_the_learner_s(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    mine = [
        "my_course/00_start_here.ipynb",
        "my_course/my_course.json",
        "my_course.json",
        "mine.py",
        "build/assignments/gradebook.db",
        "build/assignments/submitted/s01/one.ipynb",
    ]
    for name in [*mine, ".venv/x", "build/x", "build/slides/x"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    make(tmp_path, "clean")
    left = [path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()]
    assert {str(path) for path in left} == {"Makefile", *mine}
