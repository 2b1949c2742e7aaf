"""The final quiz as Moodle XML, for the question bank of a course there: `make cards` writes it.

Moodle describes the format at https://docs.moodle.org/en/Moodle_XML_format and has no schema of it;
tests/teaching/moodle_quiz.xsd holds what is used here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any
from xml.etree import ElementTree

from cecourse.exercise.display import rich
from cecourse.exercise.mistake import Mistake
from cecourse.exercise.question import Question
from cecourse.lessons import NOTEBOOKS, Notebook
from cecourse.lessons.loss_clinic.final_quiz import QUESTIONS
from tools.paper._paper import COURSE

# ---------------------------------------------------------------- what an exercise knows


def options_of(exercise) -> dict[str, str]:
    """The options of an exercise by their keys; none where a number is asked for."""
    return exercise.choices or ({"True": "", "False": ""} if exercise.kind == "truth" else {})


def reason(exercise) -> str:
    """Why the right answer is right."""
    said = exercise.right.removeprefix("Right: ")
    return said[:1].upper() + said[1:]


def wrong(exercise) -> Iterator[tuple[Any, Mistake]]:
    """The answer of each known mistake, in each of its ways, with the mistake."""
    for mistake in exercise.mistakes:
        for (outcome,), _ in mistake.outcomes(exercise.results, exercise.outcomes):
            yield outcome.value, mistake


def told(exercise) -> dict[str, str]:
    """What there is to say about each option, by its key; the right one is the first."""
    said = {str(exercise.results[0].value): reason(exercise)}
    return said | {str(value): mistake.text for value, mistake in wrong(exercise)}


def tolerance(value: float, digits: int) -> float:
    """Half a unit in the last of so many significant digits; of 0, in the last decimal."""
    place = math.floor(math.log10(abs(value))) if value else -1
    return 0.5 * 10.0 ** (place - digits + 1)


# ---------------------------------------------------------------- the page


def add(parent, name: str, said: str, markup: str = "", **attributes: str):
    """Append an element whose child `text` says something; `markup` is its format."""
    kind = {"format": markup} if markup else {}
    element = ElementTree.SubElement(parent, name, attributes | kind)
    ElementTree.SubElement(element, "text").text = said
    return element


def answer(parent, said: str, feedback: str, markup: str, right: bool) -> ElementTree.Element:
    """Append an answer, worth everything or nothing, and what its giver is told."""
    given = add(parent, "answer", said, markup, fraction="100" if right else "0")
    add(given, "feedback", rich("Right." if right else feedback), "html")
    return given


def choice(element, asked: Question) -> None:
    """Append what a question with options has, in their own order: one may speak of another."""
    for name, value in (("single", "true"), ("shuffleanswers", "false")):
        ElementTree.SubElement(element, name).text = value
    ElementTree.SubElement(element, "answernumbering").text = "ABCD"
    said = told(asked)
    for key, option in options_of(asked).items():
        answer(element, rich(option), said[key], "html", key == next(iter(said)))


def number(element, asked: Question) -> None:
    """Append the right number and those of the mistakes; Moodle takes the first that fits.

    A mistake that gives 0 is met by 0 alone, as in the course.
    """
    numbers = [(asked.results[0].value, ""), *((v, m.text) for v, m in wrong(asked))]
    for position, (value, feedback) in enumerate(numbers):
        given = answer(element, f"{value:.6g}", feedback, "moodle_auto_format", position == 0)
        slack = 0.0 if value == 0 and position else tolerance(float(value), asked.digits)
        ElementTree.SubElement(given, "tolerance").text = f"{slack:g}"


def question(quiz, asked: Question, book: Notebook) -> None:
    """Append a question of the quiz.

    Why the right answer is right is what Moodle calls general feedback: it comes at the end,
    whatever was answered.
    """
    numerical = asked.kind == "number"
    kind = "numerical" if numerical else "multichoice"
    element = ElementTree.SubElement(quiz, "question", type=kind)
    words = rich(asked.question)
    if numerical:
        words += f"<br><br><em>Answer to {asked.digits} significant digits.</em>"
    add(element, "name", f"{asked.name} {asked.title}")
    add(element, "questiontext", words, "html")
    again = f"{reason(asked)}\n\nRead again: {book.number} · {book.title}, {asked.section}"
    add(element, "generalfeedback", rich(again), "html")
    rest = {"defaultgrade": "1", "penalty": "0.3333333", "hidden": "0", "idnumber": asked.id}
    for name, value in rest.items():
        ElementTree.SubElement(element, name).text = value
    (number if numerical else choice)(element, asked)
    for hint in asked.hints:
        add(element, "hint", rich(hint), "html")


def page(questions: Iterable[Question] = QUESTIONS) -> bytes:
    """The quiz, or some of its questions, with a category for each notebook they are about."""
    quiz = ElementTree.Element("quiz")
    for book in NOTEBOOKS:
        own = [one for one in questions if one.about == book.number]
        if own:
            category = ElementTree.SubElement(quiz, "question", type="category")
            add(category, "category", f"$course$/top/{COURSE}/{book.number} {book.title}")
        for one in own:
            question(quiz, one, book)
    ElementTree.indent(quiz)
    return ElementTree.tostring(quiz, encoding="utf-8", xml_declaration=True) + b"\n"
