"""The pages that are made: polls from predictions, outcomes from notebooks, errata from reports."""

import json
import re

import pytest
import yaml

from cecourse.lessons import NOTEBOOKS
from tools import errata, outcomes, polls
from tools._command import ROOT, ToolError


@pytest.mark.parametrize("made", [polls, outcomes])
def test_a_page_is_what_its_source_says(made):
    assert made.FILE.read_text(encoding="utf-8") == made.page(), "say `make notebooks`"


def test_every_notebook_has_its_outcomes_and_its_places_elsewhere():
    text = outcomes.page()
    assert list(outcomes.ELSEWHERE) == [one.number for one in NOTEBOOKS]
    assert all(len(places) == len(outcomes.NAMES) for places in outcomes.ELSEWHERE.values())
    for places in outcomes.ELSEWHERE.values():  # notes have titles, books have sections
        for name, place in zip(outcomes.NAMES, places, strict=True):
            titled = place and re.fullmatch(r'"[^"]+"(, "[^"]+")*', place)
            numbered = place and re.fullmatch(r"\d+(\.\d+)*(, \d+(\.\d+)*)*", place)
            assert place is None or (titled if name == "CS231n" else numbered), place
    parts = text.split("\n## ")[1:]
    assert len(parts) == len(NOTEBOOKS) and all(part.count("\n- ") in (3, 4) for part in parts)
    assert "<!--" not in text and "[[" not in text


ISSUE = {
    "number": 7,
    "closed_at": "2026-12-01T10:00:00Z",
    "html_url": "https://example.org/issues/7",
}
PAGE = """# Errata

| mended | where | it said | it should say |
|---|---|---|---|
| old | a | b | c |
"""


def form(*said):
    """The body that GitHub makes of a filled form."""
    template = ROOT / ".github" / "ISSUE_TEMPLATE" / "mistake.yml"
    labels = [
        part["attributes"]["label"] for part in yaml.safe_load(template.read_text("utf-8"))["body"]
    ]
    assert labels[:3] == list(errata.FIELDS)
    said = [*said, *["_No response_"] * (len(labels) - len(said))]
    return "\n\n".join(f"### {label}\n\n{text}" for label, text in zip(labels, said, strict=True))


def reported(folder, body):
    event, page = folder / "event.json", folder / "errata.md"
    event.write_text(json.dumps({"issue": ISSUE | {"body": body}}), encoding="utf-8")
    page.write_text(PAGE, encoding="utf-8")
    return event, page


def test_a_closed_report_becomes_the_first_row_once(tmp_path):
    body = form('03, "Nats | bits"', "0.234 <b>bits</b>\r\nand `x`", "0.2345: " + "word " * 99)
    event, page = reported(tmp_path, body)
    assert errata.write(event, page) == "errata.md: issue 7"
    head, rule, first, old = page.read_text(encoding="utf-8").splitlines()[2:]
    assert (head, rule, old) == (*PAGE.splitlines()[2:4], "| old | a | b | c |")
    when, where, said, right = first.strip("| ").split(" | ")
    assert when == "2026-12-01, [#7](https://example.org/issues/7)"
    assert where == r'03, "Nats \| bits"' and said == r"0.234 \<b\>bits\</b\> and \`x\`"
    assert right.endswith("word …") and len(right) < 320
    assert "already" in errata.write(event, page) and page.read_text().count("#7") == 1


def test_a_report_without_a_field_is_refused(tmp_path):
    event, page = reported(tmp_path, form("03", "0.234", "0.2345").replace("### What does", "## W"))
    with pytest.raises(ToolError, match=r"issue 7: no field 'What does it say\?'"):
        errata.write(event, page)
    assert page.read_text(encoding="utf-8") == PAGE


def test_a_poll_has_its_answer_and_what_makes_the_others_tempting():
    from cecourse.lessons.binary_cross_entropy.predictions import costlier_change as asked

    text = "\n\n".join(polls.poll(asked))
    before, after = text.split("<details><summary>Answer</summary>")
    assert all(f"- {letter}. {option}" in before for letter, option in asked.lettered)
    assert f"**{asked.letter}.** {asked.right.reason}" in after
    for (letter, _), option in zip(asked.lettered, asked.options, strict=True):
        assert option.reason not in before
        assert (f"- *{letter}?* {option.reason}" in after) == (option != asked.right)
