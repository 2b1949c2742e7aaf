"""The final quiz of the course: thirty questions, a report card, and a fresh round.

from cehelpers.exercises import final_quiz

final_quiz.quiz()           # the interface
final_quiz.report_card()    # by notebook, with links to the sections to read again
final_quiz.q07              # one question alone, with check, hint and solution
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import _store
from . import _report_card
from ._display import show
from ._question import DRAFTS
from .quiz_foundations import q01, q02, q03, q04, q05, q06, q07, q08, q09, q10
from .quiz_models import q11, q12, q13, q14, q15, q16, q17, q18, q19, q20
from .quiz_practice import q21, q22, q23, q24, q25, q26, q27, q28, q29, q30

if TYPE_CHECKING:
    from ._quiz import Quiz

QUESTIONS = (
    *(q01, q02, q03, q04, q05, q06, q07, q08, q09, q10),
    *(q11, q12, q13, q14, q15, q16, q17, q18, q19, q20),
    *(q21, q22, q23, q24, q25, q26, q27, q28, q29, q30),
)

__all__ = ["QUESTIONS", "quiz", "report_card", "start_again"]


def quiz() -> Quiz:
    """The quiz, one question at a time; it opens at the question where you stopped."""
    from ._quiz import Quiz  # widgets, which a check of one question does not need

    return Quiz(QUESTIONS)


def report_card() -> None:
    """Show how each notebook's questions went, with links to the sections of what was missed."""
    show(_report_card.as_text(QUESTIONS), _report_card.as_html(QUESTIONS))


def start_again() -> None:
    """Begin a new round with an empty report card; what you answered before stays in your file."""
    for part in QUESTIONS:
        part.start_again()
    _store.write(DRAFTS, "open", QUESTIONS[0].name)
    text = "A new round: the report card is empty, and your old answers are kept in your file."
    print(f"{text} Run the cell of the quiz again.")
