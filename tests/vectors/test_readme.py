"""The page for maintainers of libraries says what the data, the runner and the peers' tests say."""

import json
import re
import tomllib
from pathlib import Path

import yaml

from vectors import adapters, definitions, generate, runner
from vectors.peers.__main__ import recorded, totals

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "vectors" / "README.md").read_text(encoding="utf-8")
TEXT = " ".join(PAGE.split())
FRONT = (ROOT / "README.md").read_text(encoding="utf-8")
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
CASES = runner.cases()


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def test_every_link_leads_to_a_file():
    links = re.findall(r"\]\(((?!http)[^)#]+)\)", PAGE)
    assert len(links) > 8
    assert [link for link in links if not (ROOT / "vectors" / link).exists()] == []


def test_its_case_is_one_of_the_data_and_so_are_the_lines_of_a_command():
    shown, question, answer = map(json.loads, blocks("json"))
    (case,) = [case for case in CASES if case["id"] == shown["id"]]
    assert shown == case
    family, (flag,) = case["id"].split("-")[0], case["flags"]
    assert f"Of [`data/{family}.json`](data/{family}.json), with the flag `{flag}`" in TEXT
    assert question == {key: case[key] for key in ("id", "loss", "arguments", "options")}
    assert answer == {key: case[key] for key in ("id", "value", "gradient")}
    command = adapters.Command("echo")
    assert runner.judge(case, command.read(json.dumps(answer), question)).outcome == "passed"
    for said, place in (('"refused": "why"', "refused"), ('"not_offered": true', "not_offered")):
        assert f"`{said}`" in TEXT
        line = f'{{"id": "{case["id"]}", {said}}}'
        assert getattr(command.read(line, question), place)


def test_its_table_has_every_loss_with_its_arguments_and_options():
    lines = re.findall(r"^\|(.*?)\|(.*?)\|.+\|$", PAGE, re.MULTILINE)
    told = {
        (loss, tuple(arguments.split(", "))): set(re.findall(r"`(\w+)`", options))
        for calls, options in lines
        for loss, arguments in re.findall(r"`(\w+)\((.*?)\)`", calls)
    }
    asked = {}
    for case in CASES:
        call = case["loss"], tuple(case["arguments"])
        asked.setdefault(call, set()).update(case["options"])
    assert told == asked


def test_its_numbers_are_those_of_the_data_and_of_the_runner():
    (most,) = re.findall(r"more than ([\d,]+) small calls", TEXT)
    assert 0 < len(CASES) - int(most.replace(",", "")) < 1000
    assert f"{definitions.WORKING_DIGITS}-digit arithmetic" in TEXT
    units = re.findall(r'`"(\w+)"` (\d+)', TEXT)
    assert {name: int(unit) for name, unit in units} == runner.UNITS
    assert f"is {runner.ROOT:.0e}".replace("e-0", "e-") in TEXT
    assert "units of 2⁻⁵²" in TEXT and runner.EPS[False] == 2.0**-52
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"Python {project['requires-python'].removeprefix('>=')}" in TEXT
    assert f"{len({case['loss'] for case in CASES})} losses and scores" in FRONT
    flagged = sum(bool(case["flags"]) for case in CASES)
    assert "Most cases carry a flag" in TEXT and "most of them for" in " ".join(FRONT.split())
    assert flagged > len(CASES) / 2


def test_what_it_says_of_the_tests_of_others_is_what_they_came_to():
    rows = recorded().values()
    counts = totals(*rows)
    assert (
        f"{counts['equal']:,} answers were equal, {counts['different']} different, each for a habit"
        in TEXT
    )
    assert f"{counts['refused']} calls were refused" in TEXT
    names = [row["name"] for row in rows]
    assert f"{', '.join(names[:-1])} and {names[-1]} ship" in TEXT


def test_the_version_of_the_data_is_the_one_to_cite():
    (cited,) = [entry for entry in CITATION["references"] if entry["type"] == "data"]
    said = {
        json.loads(path.read_text(encoding="utf-8"))["version"]
        for path in generate.DATA.glob("*.json")
    }
    assert said == {cited["version"]} == {generate.VERSION}
    assert cited["license"] == "CC0-1.0"
    assert "CC0 1.0 Universal" in (ROOT / "vectors" / "LICENSE").read_text(encoding="utf-8")
