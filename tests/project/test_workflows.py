"""What GitHub runs, and when."""

from pathlib import Path

import yaml

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


def test_the_site_gets_the_permissions_that_its_jobs_ask_for():
    """What a called workflow asks for beyond its caller's is an error before it starts."""
    jobs = workflow("site.yml")[0]["jobs"].values()
    asked = {item for job in jobs for item in job.get("permissions", {}).items()}
    assert dict(asked) == workflow("ci.yml")[0]["jobs"]["site"]["permissions"]
