"""CONTRIBUTING.md leads to places that exist, and the issue forms are forms."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
FORMS = [ROOT / ".github" / "ISSUE_TEMPLATE" / f"{kind}.yml" for kind in ("exercise", "mistake")]


def test_every_link_leads_to_a_file():
    assert [
        path for path in re.findall(r"\]\(([^)#:]+)\)", TEXT) if not (ROOT / path).exists()
    ] == []


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_an_issue_form_asks_what_and_where(path):
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert {"name", "description", "body"} <= form.keys()
    asked = [field for field in form["body"] if field.get("validations", {}).get("required")]
    assert len(asked) >= 3
    ids = [field["id"] for field in form["body"]]
    assert len(ids) == len(set(ids))


def test_the_deployment_builds_with_the_makefile_and_knows_its_repository():
    flow = yaml.safe_load((ROOT / ".github" / "workflows" / "site.yml").read_text(encoding="utf-8"))
    build = flow["jobs"]["build"]
    assert "make site" in [step.get("run") for step in build["steps"]]
    assert "github.repository" in build["env"]["REPOSITORY"]
    uploads = [step for step in build["steps"] if "pages-artifact" in step.get("uses", "")]
    assert uploads[0]["with"]["path"] == "build/site"
