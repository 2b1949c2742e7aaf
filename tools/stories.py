"""Tell notebook 09 as another story: other numbers, other words, sentences that hold for them.

The sources tell the course's own story, `cecourse/story.toml`. A file like it says what is
different: ``[numbers]``; ``[words]``, one for each of the course's; and ``[[passages]]``, what
`was` written and what is `told` instead, where a word will not do or a sentence is false now.
`make notebooks STORY=churn` writes into build/stories/churn the notebook, and beside it a folder
`story` with the numbers and the lesson's modules told anew, which Python takes from there.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from cecourse.prediction import of_lesson
from cecourse.story import OWN
from tools import _command
from tools._command import ROOT, ToolError
from tools.claims import unheld

STORIES = ROOT / "teaching" / "stories"
SOURCE = _command.SOURCES / "09_class_imbalance.md"
LESSON = ROOT / "cecourse" / "lessons" / "class_imbalance"
COURSE = tomllib.loads(OWN.read_text("utf-8"))
LINK = r"\[[^\]]*\]\([^()\s]*\.ipynb[^()\s]*\)"  # another notebook keeps its title
WORD = r"(?:(?<![A-Za-z])|(?<=\\n))", "(?![A-Za-z])"  # around one: in code, \\n may stand before it
# Each number, and between what it makes sense.
BETWEEN = {"base_rate": (0.0005, 0.3), "miss": (2, 10_000), "rows": (10_000, 1_000_000)}
SOUND = """
import json, sys
from cecourse.exercise.design import problems, variant_problems
from cecourse.exercise.report import in_module
from cecourse.lessons.class_imbalance import exercises
from cecourse.prediction import of_lesson
for one in in_module(exercises):
    for problem in problems(one) or variant_problems(one):
        print(f"exercises.{one.name}: {problem}")
for name, asked in of_lesson("class_imbalance").items():
    try:
        letter = asked.letter
    except Exception as error:
        print(f"predictions.{name}: {error}")
    else:
        if letter != (own := json.loads(sys.argv[1]).get(name, letter)):
            print(f"predictions.{name}: {letter} holds, in the course's own story {own}; the "
                  "reasons of both are written for that")
"""


class Story(NamedTuple):
    """Its numbers, what becomes of the course's words, and the passages that are others."""

    numbers: dict[str, float]
    words: dict[str, str]
    passages: list[dict[str, str]]


def read(name: str | Path) -> Story:
    """One of `teaching/stories` by its name, or any file of that form.

    Raises
    ------
    ToolError
        If there is no such file, or it says what no story says.
    """
    path = STORIES / f"{name}.toml" if re.fullmatch(r"[\w-]+", str(name)) else Path(name)
    if not path.is_file():
        known = ", ".join(sorted(one.stem for one in STORIES.glob("*.toml")))
        raise ToolError(f"no story {str(name)!r}: name a file, or one of {known}")
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ToolError(f"{path.name}: {error}") from error
    parts = {"numbers": {}, "words": {}, "passages": []} | found
    _refuse(path, "no story has", parts.keys() - Story._fields)
    _refuse(path, "no story has the number", parts["numbers"].keys() - BETWEEN.keys())
    if parts["words"]:
        _refuse(path, "no word for", COURSE["words"].keys() - parts["words"].keys())
    parts["numbers"] = COURSE["numbers"] | parts["numbers"]
    for key, (low, high) in BETWEEN.items():
        value = parts["numbers"][key]
        if type(value) not in (int, float) or not low <= value <= high:
            raise ToolError(f"{path.name}: {key} must be from {low} to {high}; got {value!r}")
    return Story(**parts)


def with_numbers(text: str, number: str, numbers: Mapping[str, float] = COURSE["numbers"]) -> str:
    """The source of a notebook, the numbers that it types put as a story has them."""
    typed = COURSE["written"] | COURSE["written"].get(number, {})
    values = {}
    for token, asked in typed.items():
        if isinstance(asked, str):
            expression, _, shape = asked.rpartition("|")
            values[token] = format(eval(expression, dict(numbers)), shape)  # our own file
    return _replaced(text, values, r"(?<![\w.])", r"(?![\w]|\.\d)")


def retold(texts: Mapping[Path, str], story: Story) -> dict[Path, str]:
    """The texts of the course in a story's words: passages first, then numbers, then words.

    Raises
    ------
    ToolError
        If a passage stands there any other number of times than once, or a word of the course's
        own story is left.
    """
    told = dict(texts)
    for passage in story.passages:
        was = re.compile(r"\s+".join(map(re.escape, passage["was"].split())))
        found = [(path, one) for path in told for one in was.finditer(told[path])]
        if len(found) != 1:
            raise ToolError(f"this stands there {len(found)} times: {passage['was']!r}")
        ((path, one),) = found
        new = passage["told"].strip("\n")
        told[path] = told[path][: one.start()] + new + told[path][one.end() :]
    for path in told:
        if path.suffix == ".md":
            told[path] = with_numbers(told[path], path.name[:2], story.numbers)
        if story.words:
            words = {how(a): how(b) for a, b in story.words.items() for how in (_first, str.upper)}
            told[path] = _replaced(told[path], words | story.words, *WORD)
    if left := [f"{path.name}: {line}" for path in told for line in leftover(told[path], story)]:
        raise ToolError("still in the words of the course's own story:\n" + "\n".join(left))
    return told


def leftover(text: str, story: Story) -> Iterable[str]:
    """The lines of a text with a word of the course's own story in any form, but for links."""
    gone = [word for word in COURSE["words"] if story.words.get(word, word) != word]
    lines = re.sub(LINK, "", text).splitlines()
    return [line for line in lines if any(word in line.lower() for word in gone)]


def tell(name: str | Path, folder: Path) -> Path:
    """Write the story's numbers, modules and source of the notebook; return where that source is.

    Raises
    ------
    ToolError
        If the file is no story, or a direction in its prose has no claim.
    """
    story = read(name)
    paths = [SOURCE, *sorted(LESSON.glob("*.py"))]
    told = retold({path: path.read_text("utf-8") for path in paths}, story)
    if words := unheld(re.sub(r"^```\{code-cell\}.*?^```", "", told[SOURCE], flags=re.M | re.S)):
        raise ToolError("no claim holds " + "\n".join(words))
    source = folder / "story" / SOURCE.name
    for path, text in told.items():
        target = source if path == SOURCE else source.parent / LESSON.name / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
    lines = [f"{key} = {value}" for key, value in story.numbers.items()]
    source.with_name(OWN.name).write_text("\n".join(["[numbers]", *lines, ""]), encoding="utf-8")
    return source


def unsound(folder: Path) -> str:
    """What is wrong with the exercises and the predictions of the story in a folder."""
    own = {name: asked.letter for name, asked in of_lesson(LESSON.name).items()}
    run = [sys.executable, "-c", SOUND, json.dumps(own)]
    done = subprocess.run(run, cwd=folder, capture_output=True, text=True)
    return (done.stdout + done.stderr[-2000:]).strip()


def _replaced(text: str, words: Mapping[str, str], before: str, after: str) -> str:
    """The text with each word or number put in the place of another, links left alone."""
    longest = sorted(words, key=len, reverse=True)
    keys = [r"\s+".join(map(re.escape, word.split())) for word in longest]
    # a sign of a currency stands beside whatever it likes
    ends = [f"{before}{key}{after}" if key[0].isalnum() else key for key in keys]

    def new(found: re.Match) -> str:
        was = " ".join(found[0].split())
        return words[was] if was in words and words[was] != was else found[0]

    return re.sub("|".join([LINK, *ends]), new, text)


def _first(word: str) -> str:
    return word[:1].upper() + word[1:]


def _refuse(path: Path, what: str, names: Iterable[str]) -> None:
    if names := sorted(names):
        raise ToolError(f"{path.name}: {what} {', '.join(map(repr, names))}")
