"""The scoreboard is that of these cases and of the libraries that are installed."""

import importlib.metadata
import json
import re
import shlex
from copy import deepcopy
from pathlib import Path

import pytest

from cecourse.lessons.framework_rosetta.calls import recorded as recorded_of_torch
from tools.site import vectors_page
from vectors import adapters, runner, scoreboard
from vectors.runner import Answer, Problem, judge

PAGE = Path(__file__).parents[2] / "site" / "vectors.md"
BOARD = scoreboard.recorded()
QUICK = ("cehelpers", "numpy", "scipy", "sklearn")
INSTALLED = {"scikit-learn": "sklearn"} | {name: name for name in ("numpy", "scipy", "jax")}
INSTALLED |= {name: name for name in ("optax", "keras")}


@pytest.mark.parametrize("library", QUICK)
def test_what_answers_quickly_answers_as_recorded(library):
    found, lines = scoreboard.played(adapters.load(library), BOARD[library])
    assert lines == []
    assert found["counts"].keys() == BOARD[library]["counts"].keys()


def test_each_library_has_been_asked_for_these_cases():
    assert list(BOARD) == adapters.names() == sorted(vectors_page.ORDER)
    for row in BOARD.values():
        asked = runner.asked(runner.cases(), single=row["bits"] == 32)
        assert sum(row["counts"].values()) == len(asked), row["name"]
        known = {flag for case in asked for flag in case["flags"] or [runner.PLAIN]}
        assert row["flags"].keys() == known, row["name"]


@pytest.mark.parametrize("distribution", INSTALLED)
def test_a_recorded_version_is_that_of_the_locked_environment(distribution):
    kept = BOARD[INSTALLED[distribution]]["version"]
    assert kept == importlib.metadata.version(distribution), "python -m vectors --scoreboard"


def test_torch_is_the_one_that_notebook_12_has_recorded():
    assert BOARD["torch"]["version"] == recorded_of_torch()["version"]


def test_every_sentence_has_flags_a_count_and_an_example():
    known = {*runner.flags(), runner.PLAIN}
    for name, row in BOARD.items():
        for entry in row["differences"]:
            assert set(entry["flags"]) <= known, name
            assert entry["wrong"] + entry["refused"] > 0, entry["sentence"]
            assert len(entry["example"]) >= 2, entry["sentence"]
        odd = sum(entry["wrong"] + entry["refused"] for entry in row["differences"])
        assert odd == row["counts"]["wrong"] + row["counts"]["refused"], name


# ---------------------------------------------------------------- what is noticed

CASE = {
    "id": "small-0001",
    "loss": "sigmoid",
    "arguments": {"z": [0.0]},
    "options": {},
    "value": [0.5],
    "tolerance": "tight",
    "flags": ["far-logit"],
}


def verdicts(*answers, **other):
    return [judge(CASE | other, answer) for answer in answers]


def test_what_no_sentence_explains_is_told_and_so_is_a_sentence_that_explains_nothing():
    some = verdicts(Answer([0.5]), Answer([0.75]), Answer(refused="no"))
    found, lines = scoreboard.sentences({"It is off.": "far-logit"}, some)
    assert lines == []
    assert [(e["wrong"], e["refused"]) for e in found] == [(1, 1)]
    for known in ({}, {"Idle.": "base"}, {"Idle.": "far-logit:softplus"}):
        _, lines = scoreboard.sentences(known, some)
        assert lines[0] == "small-0001 (sigmoid, far-logit, wrong) is not explained"
        assert lines[2:] == ["nothing shows: Idle."] * len(known)
    assert scoreboard.sentences({"Yes.": "far-logit:sigmoid"}, some)[1] == []
    # the first that fits explains, and a case without a flag has a name for it
    found, _ = scoreboard.sentences({"One.": "far-logit", "Two.": "far-logit"}, some)
    assert [e["wrong"] for e in found] == [1, 0]
    assert scoreboard.sentences({"Plain.": "plain"}, verdicts(Answer([1.0]), flags=[]))[1] == []


def test_another_version_count_or_sentence_is_told():
    kept = BOARD["scipy"]
    assert others(kept, kept) == []
    for name, value in (("version", "0.0"), ("bits", 32), ("functions", "others")):
        (line,) = others(kept | {name: value}, kept)
        assert line.startswith(f"{name} {value} recorded")
    for outcome in ("wrong", "refused", "not offered"):
        changed = deepcopy(kept)
        changed["flags"]["far-logit"][outcome] += 1 + scoreboard.LUCK * (outcome == "wrong")
        (line,) = others(changed, kept)
        assert line.startswith("far-logit: recorded {'passed': ")
    fewer = deepcopy(kept)
    gone = fewer["differences"].pop()["sentence"]
    assert others(fewer, kept) == [f"only here: {gone}"]
    assert others(kept, fewer) == [f"only recorded: {gone}"]


def others(kept, found):
    """With no last bits to differ in: as many are wrong, strictly and leniently, as are found."""
    some = []
    for flag, count in found["flags"].items():
        answer = Answer([0.75])
        some += verdicts(*[answer] * count["wrong"], flags=[flag])
        some += verdicts(*[Answer([0.5])] * (count["passed"] > 0), flags=[flag])
        some += verdicts(*[Answer(not_offered="")] * (count["not offered"] > 0), flags=[flag])
    return scoreboard.others(kept, found, some, some)


def test_the_last_bits_of_another_processor_are_no_difference():
    found = deepcopy(BOARD["scipy"])
    kept = deepcopy(found)
    kept["flags"]["base"]["wrong"] = 2
    strict = verdicts(*[Answer([0.5 + 2**-50])] * 3, flags=["base"], tolerance="exact")
    lenient = verdicts(Answer([0.5]), flags=["base"])
    lines = scoreboard.others(kept, found, strict, lenient)
    assert not any(line.startswith("base") for line in lines)


def test_a_library_that_is_missing_keeps_its_row(tmp_path, monkeypatch, capsys):
    kept = {"scipy": BOARD["scipy"], "torch": BOARD["torch"]}
    file = tmp_path / "scoreboard.json"
    file.write_text(json.dumps(kept), encoding="utf-8")
    monkeypatch.setattr(scoreboard, "FILE", file)
    load = adapters.load

    def without_torch(library):
        if library == "torch":
            raise Problem("torch needs torch, which is not installed here")
        return load(library)

    monkeypatch.setattr(scoreboard, "load", without_torch)
    assert scoreboard.main(["scipy", "torch"], check=False) == 0
    said = "torch needs torch, which is not installed here: its row stays as it was recorded\n"
    assert capsys.readouterr().out == f"{said}scipy: recorded\n"
    assert scoreboard.recorded() == kept
    with pytest.raises(Problem):
        scoreboard.main(["torch"], check=True)
    # what is written anew is what was there, to the byte
    assert file.read_text(encoding="utf-8") == scoreboard.written(kept)


# ---------------------------------------------------------------- the page


def test_the_page_has_every_library_sentence_flag_and_report():
    places = vectors_page.places()
    for row in BOARD.values():
        counts = " | ".join(map(str, row["counts"].values()))
        assert f"| {row['name']} {row['version']} | {counts} | " in places["board"]
        assert f"### {row['name']} {row['version']}\n" in places["differences"]
        assert all(f"- {e['sentence']} (" in places["differences"] for e in row["differences"])
    for flag, about in runner.flags().items():
        assert f"- `{flag}`: {about['sentence']}" in places["meanings"]
        assert f"| `{flag}` | " in places["matrix"]
        assert about["reports"], flag
        for one in about["reports"]:
            address = f"https://github.com/{one['repository']}/issues/{one['number']}"
            assert f"({address})" in places["meanings"]


def blocks(language):
    """The code on the page in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S)


def test_the_adapter_on_the_page_works(tmp_path):
    (text,) = blocks("python")
    path = tmp_path / "yours.py"
    path.write_text(text, encoding="utf-8")
    ask = adapters.Module(adapters.load(str(path)))
    ours = [case for case in runner.cases(["activations"]) if case["loss"] == "sigmoid"]
    plain = next(case for case in ours if case["arguments"]["z"][0] != 0)
    assert judge(plain, ask(plain)).outcome == "passed"
    assert ask(plain).gradient is not None
    assert ask(plain | {"loss": "softplus"}).not_offered


def test_the_commands_on_the_page_have_their_options():
    for line in blocks("sh")[0].splitlines():
        words = shlex.split(line, comments=True)
        assert words[:3] == ["python", "-m", "vectors"]
        assert set(words[3::2]) <= {"--library", "--command", "--flag"}
        assert "--flag" not in words or words[words.index("--flag") + 1] in runner.flags()


def test_a_cell_of_the_matrix_counts_what_was_answered():
    count = {"passed": 3, "refused": 1, "not offered": 5, "wrong": 2}
    assert vectors_page.wrong(count) == "2"
    assert vectors_page.wrong(dict.fromkeys(count, 0) | {"not offered": 5}) == "–"
    assert vectors_page.wrong(None) == "–"
