"""The final quiz of the course: its questions, a report card, and a fresh round.

from cecourse.lessons.loss_clinic import final_quiz

final_quiz.quiz()           # the interface
final_quiz.report_card()    # by notebook, with links to the sections to read again
final_quiz.q07              # one question alone, with check, hint and solution
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cecourse import store
from cecourse.exercise import report_card as cards
from cecourse.exercise.display import tell
from cecourse.exercise.question import DRAFTS
from cecourse.exercise.report import in_module

from . import quiz_foundations, quiz_language, quiz_models, quiz_practice

if TYPE_CHECKING:
    from cecourse.exercise.quiz import Quiz

QUESTIONS = tuple(
    part
    for module in (quiz_foundations, quiz_models, quiz_practice, quiz_language)
    for part in in_module(module)
)
globals().update({part.name: part for part in QUESTIONS})

__all__ = ["QUESTIONS", "quiz", "report_card", "start_again"]


def quiz() -> Quiz:
    """The quiz, one question at a time; it opens at the question where you stopped."""
    from cecourse.exercise.quiz import Quiz  # widgets, which a check of one question does not need

    return Quiz(QUESTIONS)


def report_card() -> None:
    """Show how each notebook's questions went, with links to the sections of what was missed."""
    tell(cards.as_text(QUESTIONS), cards.as_html(QUESTIONS))


def start_again() -> None:
    """Begin a new round with an empty report card; what you answered before stays in your file."""
    for part in QUESTIONS:
        part.start_again()
    store.write(DRAFTS, "open", QUESTIONS[0].name)
    text = "A new round: the report card is empty, and your old answers are kept in your file."
    print(f"{text} Run the cell of the quiz again.")
