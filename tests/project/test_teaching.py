"""The lecturer's pages keep their word: minutes add up, links lead on, numbers are printed."""

import re
from pathlib import Path

import nbformat
import pytest

from cehelpers._course import NOTEBOOKS

ROOT = Path(__file__).parents[2]
TEACHING = ROOT / "teaching"
GUIDE = (TEACHING / "guide.md").read_text(encoding="utf-8")
SCHEDULES = (TEACHING / "schedules.md").read_text(encoding="utf-8")
POLLS = (TEACHING / "polls.md").read_text(encoding="utf-8")


def sections(text):
    """{heading: body} of the second-level headings of a page."""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def minutes(text):
    """The first column of every table row that begins with a number of minutes."""
    return [int(number) for number in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)]


def printed(notebook):
    """All that a reader of the notebook sees as text: prose, outputs, descriptions."""
    texts = []
    for cell in nbformat.read(ROOT / "notebooks" / notebook.file, as_version=4).cells:
        texts.append(cell.source)
        for output in cell.get("outputs", []):
            texts.append(output.get("text", ""))
            texts.append(output.get("data", {}).get("text/plain", ""))
    return "\n".join(texts)


def test_the_guide_has_a_section_for_each_notebook():
    assert list(sections(GUIDE)) == [f"{n.number} · {n.title}" for n in NOTEBOOKS]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda n: n.number)
class TestSection:
    def test_its_minutes_are_the_notebook_s(self, notebook):
        body = sections(GUIDE)[f"{notebook.number} · {notebook.title}"]
        assert sum(minutes(body)) == notebook.minutes

    def test_it_has_its_parts(self, notebook):
        body = sections(GUIDE)[f"{notebook.number} · {notebook.title}"]
        for part in ("They can", "Before the explorer.", "Ask the room.", "They believe", "board"):
            assert part in body, part

    def test_its_numbers_are_printed_by_the_notebook(self, notebook):
        body = sections(GUIDE)[f"{notebook.number} · {notebook.title}"]
        text = printed(notebook)
        numbers = re.findall(r"`([^`]+)`", body)
        assert len(numbers) >= 2
        missing = [n for n in numbers if not re.search(rf"(?<![\d.]){re.escape(n)}(?!\d)", text)]
        assert not missing


def test_each_schedule_adds_up():
    for heading, body in sections(SCHEDULES).items():
        parts = re.split(r"^### .+?(\d+) minutes.*$", body, flags=re.MULTILINE)
        assert len(parts) > 1, heading
        for promised, part in zip(parts[1::2], parts[2::2], strict=True):
            assert sum(minutes(part)) == int(promised), (heading, part)


def test_polls_have_one_right_answer_each_and_a_reason():
    found = sections(POLLS)
    assert len(found) >= 20
    for question, body in found.items():
        choices = re.findall(r"^- ([A-D])\. .+$", body, re.MULTILINE)
        assert choices == list("ABCD")[: len(choices)] and len(choices) >= 3, question
        answer = re.search(
            r"<details><summary>Answer</summary>\s+\*\*([A-D])\.\*\* .{30,}?</details>", body, re.S
        )
        assert answer and answer[1] in choices, question


def test_links_lead_somewhere():
    for path in sorted(TEACHING.glob("*.md")):
        for target in re.findall(r"\]\(((?!http)[^)\s]+)\)", path.read_text(encoding="utf-8")):
            file, _, anchor = target.partition("#")
            linked = (TEACHING / file) if file else path
            assert linked.exists(), f"{path.name}: {target}"
            if anchor and linked.suffix == ".ipynb":
                source = ROOT / "notebooks" / "source" / f"{linked.stem}.md"
                headings = re.findall(r"^#+ (.+)$", source.read_text(encoding="utf-8"), re.M)
                assert anchor in {h.strip().replace(" ", "-") for h in headings}, target
