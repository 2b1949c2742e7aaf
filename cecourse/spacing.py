"""Come back tomorrow: questions once more, at fixed intervals, until they have been right in each.

What was tried is due a day later; each time it is right, 3, 7 and 21 days after that, and a miss
begins again. Intervals that grow with every success gain almost nothing over fixed ones: Latimier,
Peyre and Ramus, *A Meta-Analytic Review of the Benefit of Spacing out Retrieval Practice Episodes
on Retention*, 2021, Educational Psychology Review 33. An exercise comes back with other numbers, or
its options in another order; a prediction that cost more than knowing nothing is asked again.
"""

import html
import math
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import chain, zip_longest
from typing import Any, NamedTuple

from . import account, store, widgets
from .exercise.display import box
from .exercise.exercise import SECTION, Exercise, whole_record
from .exercise.form import AnswerForm
from .exercise.report import all_exercises
from .language import _, ngettext
from .lessons import NOTEBOOKS
from .prediction import Form, Prediction, of_lesson

DAYS = (1, 3, 7, 21)  # after a try, and after each right one
MOST = 10  # questions at once
LAST_YEAR = 9000  # of a file that nobody has damaged
_HEAD = '<div style="font-size: var(--jp-content-font-size1, 14px); line-height: 1.5">{}</div>'


class Due(NamedTuple):
    """A question, and the day on which it is to come back."""

    asked: Exercise | Prediction
    day: date


def review(today: date | None = None) -> "Review":
    """Show up to ten questions that are due, of all notebooks, to answer in place.

    Parameters
    ----------
    today : date, optional
        The day to look at, this one unless given.
    """
    return Review(planned(), today or date.today())


def planned() -> list[Due]:
    """Every question that will come back, the earliest first."""
    kept = store.read(SECTION)
    found = []
    for one in all_exercises():
        if one.kind != "function":  # nobody writes a function between two questions
            day = next_day(_tries_of(kept.get(one.id)))
            found += [Due(one, day)] if day else []
    for asked in _costly():
        day = next_day(_commitments_of(asked))
        found += [Due(asked, day)] if day else []
    return sorted(found, key=lambda due: due.day)


def _costly() -> Iterator[Prediction]:
    """The predictions that cost more than knowing nothing; a lesson without one is not imported."""
    slugs = {one.number: one.slug for one in NOTEBOOKS}
    for name, record in store.read(account.SECTION).items():
        made = account.commitment_of(record)
        number, name = name.split("/", 1) if "/" in name else (name, "")
        if made and made.price > math.log(made.of) and number in slugs:
            asked = of_lesson(slugs[number]).get(name)
            if asked is not None:  # it may have been renamed since
                yield asked


def next_day(tries: Sequence[tuple[date, bool]]) -> date | None:
    """When a question is due again; None if never.

    Parameters
    ----------
    tries : sequence of (date, bool)
        When it was tried, and whether it was right, in order. The first begins; one before the
        question was due again does not count.
    """
    day, stage = None, 0
    for when, right in tries:
        if day is None or (when >= day and not right):
            stage = 0
        elif when >= day:
            stage += 1
        else:
            continue
        if stage == len(DAYS):
            return None
        day = when + timedelta(DAYS[stage])
    return day


def _tries_of(record: Any) -> list[tuple[date, bool]]:
    """The tries of an exercise; of a file that kept no days, one of long ago."""
    whole = whole_record(record)
    # what could not be read as an answer at all is no miss
    tries = [one for one in whole["history"] if one.get("status") != "error"]
    days = [(_day(one.get("time")), one.get("status") == "right") for one in tries]
    if whole["tries"] and not whole["history"]:
        return [(date.min, False)]
    return [(day, right) for day, right in days if day]


def _commitments_of(asked: Prediction) -> list[tuple[date, bool]]:
    """The tries of a prediction, of which the first cost too much."""
    record = store.read(account.SECTION, asked.id)
    again = record.get("again") if isinstance(record.get("again"), list) else []
    later = [
        (_day(one.get("time")), one.get("chosen") == asked.right.text)
        for one in again
        if isinstance(one, dict)
    ]
    made = [(_day(record["time"]), False), *later]
    return [(day, right) for day, right in made if day]


def _day(time: Any) -> date | None:
    try:
        day = datetime.fromisoformat(time).date()
    except (TypeError, ValueError):
        return None
    return day if day.year < LAST_YEAR else None


def due_count(today: date) -> int:
    """How many questions are due on a day."""
    return sum(due.day <= today for due in planned())


class Review(widgets.VBox):
    """The forms of the questions that are due, below each other.

    Attributes
    ----------
    forms : list of AnswerForm and Form
    """

    def __init__(self, plan: Sequence[Due], today: date):
        due = [one.asked for one in plan if one.day <= today]
        self._words = _words(plan, len(due), today)
        exercises = [one for one in due if isinstance(one, Exercise)]
        predictions = [one for one in due if isinstance(one, Prediction)]
        mixed = chain.from_iterable(zip_longest(exercises, predictions))
        chosen = [one for one in mixed if one is not None][:MOST]
        self.forms = [
            Form(one, fresh=True)
            if isinstance(one, Prediction)
            else AnswerForm(_other(one), fresh=True)
            for one in chosen
        ]
        super().__init__([widgets.HTML(_HEAD.format(box(self._words, "question"))), *self.forms])

    def __repr__(self) -> str:
        return self._words

    def _repr_mimebundle_(self, **kwargs):
        """The forms; for a reader without a kernel how many there are."""
        page = f"<p>{html.escape(self._words)}</p>"
        return {"text/plain": self._words, "text/html": page} | self.live()


def _other(one: Exercise) -> Exercise:
    """Another instance of an exercise, where there is one."""
    return one.again() if one.draws or one.choices else one


def _words(plan: Sequence[Due], due: int, today: date) -> str:
    if due:
        shown = _("{due} due").format(due=due)
        if due > MOST:
            shown = _("{due} due; here are {most}, and the rest after").format(due=due, most=MOST)
        text = _("Come back: {shown}. The same ideas, with other numbers where there are any.")
        return text.format(shown=shown)
    if not plan:
        return _("Nothing to come back to: what you try today is due tomorrow.")
    left = (plan[0].day - today).days
    return _("Nothing is due today. The next question comes {when}.").format(when=_in(left))


def _in(days: int) -> str:
    return ngettext("tomorrow", "in {n} days", days).format(n=days)
