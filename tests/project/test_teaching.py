"""The lecturer's pages keep their word: minutes add up, links lead on, numbers are printed."""

import math
import re
from functools import cache
from pathlib import Path

import nbformat
import numpy as np
import pytest

import cehelpers as ce
from cecourse.lessons import NOTEBOOKS

ROOT = Path(__file__).parents[2]
TEACHING = ROOT / "teaching"
GUIDE = (TEACHING / "guide.md").read_text(encoding="utf-8")
SCHEDULES = (TEACHING / "schedules.md").read_text(encoding="utf-8")
POLLS = (TEACHING / "polls.md").read_text(encoding="utf-8")
CHEATSHEET = (TEACHING / "cheatsheet.md").read_text(encoding="utf-8")
NUMBER = re.compile(r"(?<![\w.,/])[-−]?(?:\d[\d,]*)?\.?\d+(?:/\d+)?%?(?![\w/]|\.\d)")

GIVEN = {  # numbers that no notebook prints, with where they come from
    "05": {"1.47": "a loss a little above the level 1.4612, made up"},
    "03": {"0.05": "a wrong option", "0.357": "a wrong option, −ln 0.7"},
    "04": {"17.0": "a wrong option"},
    "07": {"0.02": "0.52, made up, less the floor 0.5003"},
    "09": {
        "0.0006": "a wrong option, 0.35 / 550",
        "0.538": "0.35 / 0.65, two steps before 0.00098",
    },
    "12": {"0.31": "made up", "0.37": "made up"},
}

# What the guide says of numbers that its own sentence gives: section, words, number, computed.
# `0.3` is what the room is asked about; the number is the answer, to the digits it has.
FACES = np.append(0.905, np.full(19, 0.005))
CLAIMS = [
    ("00", "rain, and it stays dry", "20.6377", math.log(0.01) / math.log(0.8)),
    ("00", "when wrong", "4.605", -math.log(0.01)),
    ("00", "when right", "0.010", -math.log(0.99)),
    ("01", "half of the time", "2.161", ce.entropy([1 / 2, *[1 / 10] * 5], base=2)),
    ("01", "bits stay", "2.585", math.log2(6)),
    ("01", "twenty faces with one at 0.905", "0.856", ce.entropy(FACES, base=2)),
    ("01", "heads at 0.99", "0.0808", ce.entropy([0.99, 0.01], base=2)),
    ("01", "tails alone", "6.6439", ce.surprisal(0.01, base=2)),
    ("03", "from 0.02 to", "0.693", math.log(0.02 / 0.01)),
    ("03", "from 0.9 down to 0.5", "0.588", math.log(0.9 / 0.5)),
    ("03", "base rate", "0.0132", ce.entropy([0.0018, 0.9982])),
    ("03", "each factor of ten", "2.303", math.log(10)),
    ("03", "always 0.51", "0.673", -math.log(0.51)),
    ("04", "The clip turned", "16.118", -math.log(1e-7)),
    ("05", "cannot pass", "1.4612", math.log(math.e + 9) - 1),
    ("05", "(.3, .2, .1)", "0.367", ce.softmax([0.3, 0.2, 0.1])[0]),
    ("06", "Squared error has moved from", "0.982", ce.sigmoid(4.0)),
    ("07", "I halve α", "0.5003", ce.entropy(ce.smooth_labels(np.eye(10)[0], 0.1))),
    ("07", "I halve α", "0.2824", ce.entropy(ce.smooth_labels(np.eye(10)[0], 0.05))),
    ("07", "a textbook's 0.1", "0.2000", 0.1 * 2 / (2 - 1)),
    ("07", "mean target", "0.0516", 0.9 * 0.0018 + 0.05),
    ("08", "may be anything from", "0.313", ce.wilson_interval(6, 10)[0]),
    ("08", "may be anything from", "0.832", ce.wilson_interval(6, 10)[1]),
    ("09", "says 0.35", "0.00098", ce.sigmoid(ce.logit(0.35) - math.log(550))),
    ("10", "lifted every logit", "6.31", math.log(550)),
    ("10", "a constant scores", "0.0132", ce.entropy([0.0018, 0.9982])),
    ("10", "times that", "3.2", 0.042 / ce.entropy([0.0018, 0.9982])),
    ("10", "of AUC 0.96", "0.00920", ce.log_loss_ceiling(0.96, 0.0018)),
    ("10", "of AUC 0.91", "0.01065", ce.log_loss_ceiling(0.91, 0.0018)),
    ("10", "ratio of the counts", "554.6", 0.9982 / 0.0018),
    ("11", "ten-class network", "2.3026", math.log(10)),
    ("11", "both forecasts cost", "1.609", -math.log(0.2)),
    ("11", "the RPS says", "0.65", ce.ranked_probability_score([0], [[0.2, 0.7, 0.1]])),
    ("11", "the RPS says", "1.13", ce.ranked_probability_score([0], [[0.2, 0.1, 0.7]])),
    ("12", "Keras says", "16.12", -math.log(1e-7)),
]


def sections(text):
    """{heading: body} of the second-level headings of a page."""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def minutes(text):
    """The first column of every table row that begins with a number of minutes."""
    return [int(number) for number in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)]


@cache
def printed(notebook):
    """All that a reader of the notebook sees as text: prose, outputs, descriptions."""
    texts = []
    for cell in nbformat.read(ROOT / "notebooks" / notebook.file, as_version=4).cells:
        texts.append(cell.source)
        for output in cell.get("outputs", []):
            texts.append(output.get("text", ""))
            texts.append(output.get("data", {}).get("text/plain", ""))
    return "\n".join(texts)


def numbers(text):
    """The numbers of a page that say something: not in tables of minutes, no lone digits."""
    text = re.sub(r"^\| \d+ \|.*$", "", text, flags=re.MULTILINE)
    return [token for token in NUMBER.findall(text) if len(token.strip("−-")) > 1]


def stands(token, text):
    """Whether a number stands in a text: as it is, without its nought, or with more digits."""
    plain, text = (re.sub(r"(?<=\d),(?=\d)", "", x.replace("−", "-")) for x in (token, text))
    if "/" in plain or not re.search("[.%]", plain):
        return bool(re.search(rf"(?<![\d.]){re.escape(plain)}(?!\d)", text))
    percent = plain.endswith("%")
    value = float(plain.rstrip("%")) / (100 if percent else 1)
    decimals = len(plain.rstrip("%").partition(".")[2]) + 2 * percent
    found = re.findall(r"(?<![\w.])-?\d*\.?\d+%?", text)
    given = (float(x.rstrip("%")) / (100 if x.endswith("%") else 1) for x in found)
    return any(abs(x - value) <= 0.5 * 10.0**-decimals * (1 + 1e-9) for x in given)


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
        shown = re.findall(r"`([^`]+)`", body)
        assert len(shown) >= 2
        missing = [n for n in shown if not re.search(rf"(?<![\d.]){re.escape(n)}(?!\d)", text)]
        assert not missing

    def test_its_other_numbers_stand_there_too(self, notebook):
        body = sections(GUIDE)[f"{notebook.number} · {notebook.title}"]
        given = GIVEN.get(notebook.number, {})
        assert not [n for n in numbers(body) if n not in given and not stands(n, printed(notebook))]

    def test_so_do_the_numbers_of_its_polls(self, notebook):
        found = [
            head + body for head, body in sections(POLLS).items() if head[:2] == notebook.number
        ]
        given = GIVEN.get(notebook.number, {})
        asked = numbers("\n".join(found).replace(f"{notebook.number} · ", ""))
        assert not [n for n in asked if n not in given and not stands(n, printed(notebook))]


@pytest.mark.parametrize(("number", "words", "said", "value"), CLAIMS)
def test_an_answer_of_the_guide_belongs_to_its_question(number, words, said, value):
    (body,) = (body for head, body in sections(GUIDE).items() if head[:2] == number)
    assert words in " ".join(body.split())
    assert f"`{said}`" in body
    decimals = len(said.partition(".")[2])
    assert f"{value:.{decimals}f}" == said


def test_the_numbers_of_the_cheat_sheet_are_computed_or_printed():
    """Where a line names notebooks, (02, 12), they print its numbers; else some notebook does."""
    for line in re.sub(r"\[\[.+?\]\]", "", CHEATSHEET).splitlines():
        named = re.findall(r"\((\d\d(?:, \d\d)*)\)$", line.strip())
        chosen = set(named[0].split(", ")) if named else {n.number for n in NOTEBOOKS}
        texts = "\n".join(printed(n) for n in NOTEBOOKS if n.number in chosen)
        words = line[: -len(named[0]) - 2] if named else line
        missing = [n for n in numbers(words) if "." in n and not stands(n, texts)]
        assert not missing, line


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
