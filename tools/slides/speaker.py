"""What the lecturer sees and the room does not: the guide, the answers and the clock, as notes.

Nothing is written here: the guide is teaching/guide.md, the answers are those of the exercises and
predictions. The minutes of a section, *On the board* and the cut list go to the first slide; what
to ask *Before the explorer* to the prediction before it, or to its own slide; each other part of
the guide to the slide that shows or says its numbers, the rarest first; without one, to the first.
"""

from __future__ import annotations

import functools
import html
import math
import re
from collections.abc import Sequence
from copy import copy
from typing import NamedTuple

from cecourse.exercise.display import rich
from cecourse.prediction import of_lesson
from tools._cells import exercises_of
from tools._command import ROOT, notebooks
from tools._markdown import to_html
from tools.claims import without_remarks
from tools.paper.answer_key import given
from tools.slides.deck import Slide
from tools.slides.marks import sentences

GUIDE = ROOT / "teaching" / "guide.md"
# the end of a notebook names many numbers of its middle again
ENDING = ("In your framework", "Where this goes wrong", "Where you meet it", "Takeaways")
FIRST = ("They can", "On the board", "If you have")  # parts for the first slide


class Part(NamedTuple):
    """A paragraph of the guide, or one belief of its list: the words it begins with, its HTML."""

    name: str
    html: str
    numbers: tuple[str, ...] = ()


@functools.cache
def guide(number: str) -> list[Part]:
    """The parts of a notebook's section of the guide, the table of minutes first; none without."""
    text = without_remarks(GUIDE.read_text(encoding="utf-8"))
    found = re.search(rf"^## {number} · .+\n((?:(?!## ).*\n)*)", text, re.MULTILINE)
    section = found[1] if found else ""
    parts: list[Part] = []
    for block in filter(None, map(str.strip, re.split(r"\n\s*\n", section))):
        begins = re.match(r"\*\*([^*]+?)[.:]?\*\*", block)
        name = begins[1] if begins else "minutes" if block.startswith("|") else parts[-1].name
        items = re.split(r"^- ", block, flags=re.MULTILINE)[1:] if block.startswith("- ") else []
        if items and not parts[-1].numbers and parts[-1].name == name:
            parts.pop()  # "They believe", alone above its list
        whole = [re.sub(r"[;,]\s*$", ".", item) for item in items]  # each stands alone
        parts += [_part(name, f"**{name}** {item}") for item in whole] or [_part(name, block)]
    return parts


def _part(name: str, markdown: str) -> Part:
    numbers = (one for one in re.findall(r"`([^`]+)`", markdown) if len(one) > 1)
    return Part(name, to_html(markdown.replace("$", r"\$")), tuple(numbers))


def with_guide(slides: Sequence[Slide], number: str) -> list[Slide]:
    """Copies of a notebook's slides whose notes begin with what the guide and the key say there."""
    made = [copy(slide) for slide in slides]
    said: list[list[str]] = [[] for _ in made]
    texts = [slide.text for slide in made]
    explorers = 0
    for part in guide(number):
        if part.name == "Before the explorer":
            place = _explorer(made, explorers)
            explorers += 1
        elif part.name == "minutes" or part.name.startswith(FIRST):
            place = 0
        else:
            place = _place(part, made, texts)
        said[place].append(part.html)
    for slide, parts in zip(made, said, strict=True):
        slide.notes = [*parts, *_answer(slide), *slide.notes]
    return made


def _explorer(slides: list[Slide], which: int) -> int:
    """Where to ask before an explorer: at the prediction that leads to it, or at its slide."""
    live = [place for place, slide in enumerate(slides) if slide.live]
    if not live:
        return 0
    place = at = live[min(which, len(live) - 1)]
    while place > 0 and slides[place].heading == slides[at].heading:
        if slides[place].prediction:
            return place
        place -= 1
    return at


def _place(part: Part, slides: list[Slide], texts: list[str]) -> int:
    """The slide that has a part's numbers; a number counts for more the fewer slides have it."""
    scores = [0.0] * len(slides)
    for number in set(part.numbers):
        there = [
            place
            for place, text in enumerate(texts)
            if slides[place].heading not in ENDING
            and re.search(rf"(?<![\d.]){re.escape(number)}(?!\d)", text)
        ]
        for place in there:
            scores[place] += 1 / len(there)
    best = max(scores)
    return scores.index(best) if best > 0 else 0


# ----------------------------------------------------------------- answers


def _answer(slide: Slide) -> list[str]:
    """What is right on this slide, why, and what those believe who say something else."""
    return _told(slide.prediction, slide.exercise)


@functools.cache  # solutions and mistakes are run for it, and several sessions show a slide
def _told(prediction: str, exercise: str) -> list[str]:
    number, _, name = (prediction or exercise).partition("/")
    if not name:
        return []
    (stem,) = (path.stem for path in notebooks([number]))
    if prediction:
        return prediction_answer(of_lesson(stem[3:])[name])
    return exercise_answer(getattr(exercises_of(stem), name))


def prediction_answer(asked) -> list[str]:
    """The letter of a prediction, why it is so, and why each other is tempting."""
    others = [
        f"<li><em>{letter}?</em> {rich(option.reason)}</li>"
        for (letter, _), option in zip(asked.lettered, asked.options, strict=True)
        if option != asked.right
    ]
    return [
        f"<p><strong>{asked.letter}.</strong> {rich(asked.right.reason)}</p>",
        f"<ul>{''.join(others)}</ul>",
    ]


def exercise_answer(exercise) -> list[str]:
    """The answer of an exercise, its praise, and the first words that each wrong answer is told."""
    found = [f"<p><strong>Answer.</strong> {rich(exercise.right)}</p>"]
    if exercise.kind == "choice":
        found[:0] = [
            f"<p><strong>{exercise.key}:</strong> {rich(exercise.choices[exercise.key])}</p>"
        ]
    elif exercise.kind == "function":
        found.append(f"<pre>{html.escape(exercise.source())}</pre>")
    told = [
        f"{given(exercise, mistake)}{sentences(mistake.text)[0]}" for mistake in exercise.mistakes
    ]
    if told:
        items = "".join(f"<li>{rich(text).replace('**', '')}</li>" for text in told)
        found.append(f"<p><strong>Not yet:</strong></p><ul>{items}</ul>")
    return found


# ------------------------------------------------------------------- clock


def clock(seconds: float) -> str:
    """A time since the beginning: ``"0:35"`` is 35 minutes."""
    minutes = math.floor(seconds / 60 + 0.5)
    return f"{minutes // 60}:{minutes % 60:02d}"


def pace(slides: Sequence[Slide], start: int, seconds: int) -> None:
    """Share some seconds evenly between slides, and say in their notes when each begins."""
    for place, slide in enumerate(slides):
        slide.start = start + seconds * place // len(slides)
        slide.seconds = start + seconds * (place + 1) // len(slides) - slide.start


def pace_deck(slides: Sequence[Slide], minutes: int, with_exercises: int) -> None:
    """Give a whole notebook its minutes, and its exercises what they take beside them."""
    exercises = sum(bool(slide.exercise) for slide in slides)
    plain = 60 * minutes / (len(slides) - exercises)
    more = 60 * (with_exercises - minutes) / max(exercises, 1)
    at = 0.0
    for slide in slides:
        slide.start = round(at)
        at += more if slide.exercise else plain
        slide.seconds = round(at) - slide.start
