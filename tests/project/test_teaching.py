"""The lecturer's pages keep their word: minutes add up, links lead on, numbers are printed."""

import math
import re
import subprocess

import numpy as np
import pytest
from pages import ROOT, TEACHING, page, printed, says, sections, step, table

import cehelpers as ce
from cecourse.lessons import NOTEBOOKS
from tools.claims import CLAIM, GIVEN, evaluated, held, unheld, without_remarks

GUIDE, SCALING = page("guide"), page("scaling")
PARTS = {
    f"{path.stem}: {part.splitlines()[0]}": part
    for path in sorted(TEACHING.glob("*.md"))
    if path.stem not in ("polls", "outcomes")  # which are made from the notebooks
    for part in re.split(r"^(?=## )", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
}
NAMES = {"ce": ce, "np": np, "math": math, "says": says, "NOTEBOOKS": NOTEBOOKS}
NAMES |= {"step": step, "table": table}
NUMBER = re.compile(r"(?<![\w.,/])[-−]?(?:\d[\d,]*)?\.?\d+(?:/\d+)?%?(?![\w/]|\.\d)")
ORDINAL = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last"
PLACE = re.compile(rf"\bsteps? \d+\b|\b(?:{ORDINAL}) (?:command|step)\b")
MEASURE = re.compile(r"[\d.,]+(?:%| times| (?:MB|GB|Gbit)\b)|\d*\.\d+")


def minutes(text):
    """The first column of every table row that begins with a number of minutes."""
    return [int(number) for number in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)]


def numbers(text, pattern=NUMBER):
    """The numbers of a page that say something: not in tables of minutes, no lone digits."""
    text = re.sub(r"^\| \d+ \|.*$", "", text, flags=re.MULTILINE)
    return [token for token in pattern.findall(text) if len(token.strip("−-")) > 1]


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
        body = without_remarks(sections(GUIDE)[f"{notebook.number} · {notebook.title}"])
        shown = [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", body)]
        assert len(shown) >= 2
        text = printed(notebook.number)
        assert not [n for n in shown if not re.search(rf"(?<![\d.]){re.escape(n)}(?!\d)", text)]


def open_numbers(part, pattern=NUMBER):
    """The numbers of a text that no remark quotes."""
    quoted = pattern.findall(" ".join(words for words, _, _ in held(part)))
    return [n for n in numbers(without_remarks(part), pattern) if n not in quoted]


@pytest.mark.parametrize("part", PARTS)
def test_what_a_page_claims_is_true_and_stands_there(part):
    text = PARTS[part]
    assert text.count("<!-- claim") == len(CLAIM.findall(text))
    assert text.count("<!-- given") == len(GIVEN.findall(text))
    evaluated(text, NAMES)


@pytest.mark.parametrize("part", PARTS)
def test_no_number_and_no_direction_is_without_its_claim(part):
    text = re.sub(r"^\*\*If you have .+?\n\n", "", PARTS[part], flags=re.M | re.S)  # headings
    assert not unheld(text)
    text = text.partition("\n")[2]
    if part.startswith("guide: ## "):
        assert not open_numbers(text)
    elif not part.startswith("cheatsheet: "):
        table_or_code = r"^```.*?^```|^\|.*?$" if part.startswith("scaling: ") else r"^```.*?^```"
        text = re.sub(table_or_code, "", text, flags=re.M | re.S)
        prose = re.sub(r"`[^`\n]+`|CC BY 4\.0", "", text)
        assert not open_numbers(prose, MEASURE)
        assert not open_numbers(prose, PLACE)
        for quotes, condition in CLAIM.findall(text):
            for number in re.findall(r"\d*\.\d+", quotes):  # the claim is about this number
                assert number in condition or number.lstrip("0") in condition, quotes


def test_a_number_and_a_direction_without_a_claim_are_found():
    assert open_numbers("It falls to 0.25, 99 times.") == ["0.25", "99"]
    assert not open_numbers('It falls to 0.25.<!-- claim: "falls to 0.25": 1 / 4 == .25 -->')
    assert open_numbers("25 MB in 3 s, 0.27 Gbit/s", MEASURE) == ["25 MB", "0.27 Gbit"]


def test_memory_is_added_up():
    """The tables of scaling.md hang on the memory of a learner, and that on the first table."""
    peaks = {n: int(mb) for n, mb in re.findall(r"^\| (\d\d) · .* \| (\d+) \|$", SCALING, re.M)}
    assert list(peaks) == [notebook.number for notebook in NOTEBOOKS]
    *most, third, second, first = sorted(peaks, key=peaks.get)
    told = re.findall(r"\b(\d\d)\b[^()\d]*\((\d+) MB\)", " ".join(SCALING.split()))
    assert told[:3] == [(n, str(peaks[n])) for n in (first, second, third)]
    server, kernel, learner = map(int, *re.findall(r"= (\d+) \+ 2 × (\d+) = (\d+) MB", SCALING))
    assert max(peaks[n] for n in most) <= kernel and server + 2 * kernel == learner
    rows = re.findall(
        r"^\| [\d,]+ \| ([\d,]+) \| ([\d,]+) × (\d+) MB \+ 2 GB ≈ (\d+) GB \| (\d+) \| (.+) \|$",
        SCALING,
        re.MULTILINE,
    )
    assert len(rows) == 3
    for present, times, each, memory, cores, machines in rows:
        count = int(present.replace(",", ""))
        assert times == present and int(each) == learner
        assert round(count * learner / 1000 + 2) == int(memory) and count / 10 == int(cores)
        nodes, per_node, size = re.match(
            r"(one|\d+) \w+(?: of|,) (\d+) cores and (\d+) GB", machines
        ).groups()
        nodes = 1 if nodes == "one" else int(nodes)
        assert nodes * int(per_node) >= count / 10 and nodes * int(size) >= int(memory)


def test_the_course_is_as_large_as_it_says():
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    paths = [ROOT / name for name in files.stdout.decode().split("\0") if name]
    total = sum(path.stat().st_size for path in paths if path.exists())
    (said,) = re.findall(r"the course is (\d+) MB", SCALING)
    assert abs(total / 1e6 - int(said)) < 2


def test_the_numbers_of_the_cheat_sheet_are_computed_or_printed():
    """Where a line names notebooks, (02, 12), they print its numbers; else some notebook does."""
    for line in re.sub(r"\[\[.+?\]\]", "", without_remarks(page("cheatsheet"))).splitlines():
        named = re.findall(r"\((\d\d(?:, \d\d)*)\)$", line.strip())
        chosen = set(named[0].split(", ")) if named else {n.number for n in NOTEBOOKS}
        texts = "\n".join(printed(n.number) for n in NOTEBOOKS if n.number in chosen)
        words = line[: -len(named[0]) - 2] if named else line
        missing = [n for n in numbers(words) if "." in n and not stands(n, texts)]
        assert not missing, line


def test_each_schedule_adds_up():
    for heading, body in sections(page("schedules")).items():
        parts = re.split(r"^### .+?(\d+) minutes.*$", body, flags=re.MULTILINE)
        assert len(parts) > 1, heading
        for promised, part in zip(parts[1::2], parts[2::2], strict=True):
            assert sum(minutes(part)) == int(promised), (heading, part)


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
