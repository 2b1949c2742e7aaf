"""What GitHub runs, and when."""

import re
from pathlib import Path

import yaml
from hypothesis import settings

WORKFLOWS = Path(__file__).parents[2] / ".github" / "workflows"


def workflow(name):
    """A workflow and its triggers; YAML 1.1 reads the key `on` as true."""
    content = yaml.safe_load((WORKFLOWS / name).read_text(encoding="utf-8"))
    return content, content[True]


def test_the_site_is_published_when_all_of_ci_has_succeeded_on_main_or_somebody_asks():
    ci, starts = workflow("ci.yml")
    assert starts["push"] == {"branches": ["main"]}
    assert set(workflow("site.yml")[1]) == {"workflow_call", "workflow_dispatch"}
    job = ci["jobs"].pop("site")
    assert job["uses"] == "./.github/workflows/site.yml"
    assert job["if"] == "github.event_name == 'push'"  # and none of always() or !cancelled()
    assert set(job["needs"]) == set(ci["jobs"])


def test_once_a_week_every_test_meets_the_newest_versions_and_new_inputs():
    weekly, starts = workflow("weekly.yml")
    assert starts["schedule"]
    runs = [step.get("run", "") for step in weekly["jobs"]["newest"]["steps"]]
    (profile,) = re.findall(r"make test ARGS=\"--hypothesis-profile=(\w+)\"$", runs[-1])
    assert runs[-3] == "make lock"  # the locks of that checkout are the newest versions
    assert "tools.build_notebooks" in runs[-2] and "tools.compare_notebooks" in runs[-2]
    assert not settings.get_profile(profile).derandomize


def test_once_a_week_the_tests_of_the_peers_are_asked_as_locked_and_as_newest():
    steps = workflow("weekly.yml")[0]["jobs"]["peers"]["steps"]
    runs = [step["run"] for step in steps if "run" in step]
    assert runs == ["make peers ARGS=--check", "make lock", "make peers"]


def test_no_file_fixes_its_inputs_for_good():
    """A file with such a setting of its own would keep its inputs in that week, too."""
    tests = Path(__file__).parents[1]
    fixed = [p.name for p in tests.rglob("*.py") if re.search(r"derandomize=\w*T", p.read_text())]
    assert fixed == []


def test_the_site_gets_the_permissions_that_its_jobs_ask_for():
    """What a called workflow asks for beyond its caller's is an error before it starts."""
    jobs = workflow("site.yml")[0]["jobs"].values()
    asked = {item for job in jobs for item in job.get("permissions", {}).items()}
    assert dict(asked) == workflow("ci.yml")[0]["jobs"]["site"]["permissions"]
