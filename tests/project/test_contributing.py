"""CONTRIBUTING.md leads to places that exist, and the issue forms are forms."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
FORMS = [ROOT / ".github" / "ISSUE_TEMPLATE" / f"{kind}.yml" for kind in ("exercise", "mistake")]


def test_every_path_and_command_that_it_names_exists():
    paths = re.findall(r"`([\w.*]+/[\w./*]*)`", TEXT) + re.findall(r"\]\(([^)#:]+)\)", TEXT)
    paths = [path for path in paths if not re.search(r"NN|slug|\.ipynb", path)]
    assert len(paths) > 15
    missing = [path for path in paths if not list(ROOT.glob(path.rstrip("/")))]
    assert not missing
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for command in set(re.findall(r"(?:^|`)make ([a-z]+)", TEXT, re.MULTILINE)):
        assert re.search(rf"^{command}:", makefile, re.MULTILINE), command


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
