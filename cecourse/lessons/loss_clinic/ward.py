"""The ward of notebook 11: patients without end, and tests that cost points."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable
from typing import Any

from cecourse import store, widgets
from cecourse.exercise.display import box
from cecourse.picture import PIXELS_PER_INCH, data_url, described, picture_bundle, png_bytes

from .bedside import FULL, TESTS, WRONG, finding, picture, points, points_left, record, verdict
from .differential import differential, told
from .diseases import DISEASES
from .own_curve import own_curve
from .patients import patient, reported

__all__ = ["FULL", "TESTS", "WRONG", "Ward", "differential", "open_ward", "own_curve", "patient"]
__all__ += ["told"]

SECTION, KEY = "ward", "patients"  # of the learner's file
LAST = 50  # patients whose records are kept; of those before, the sums
MOST = 10**6  # patients, or points lost with one
SEED = re.compile("[1-9][0-9]{0,5}")
NO_MORE = "nothing else"
Record = dict[str, Any]  # of a patient: "tests", "tried", "lost", "points" (None while it is open)


# ---------------------------------------------------------------- the ward


class Ward(widgets.VBox):
    """A patient, its tests, two lists of diseases, *Commit*, and the next patient.

    Attributes
    ----------
    tests : dict of str to Button
    first, second : Dropdown
        The diagnosis; the second list is for patients that have two diseases.
    commit, reveal, following : Button
    patient : Patient
    found : list of str
        What the tests have said.
    said : str
        What *Commit* has said.
    """

    def __init__(self):
        self.first = _list("It has", "the diagnosis", "choose")
        self.second = _list("and also", "a second disease, for one patient in six", NO_MORE)
        self.tests = {
            name: self._button(f"{name} ({points(price)})", lambda _, n=name: self.test(n))
            for name, price in TESTS.items()
        }
        self.commit = self._button("Commit", lambda _: self._commit())
        self.reveal = self._button("Open the file", lambda _: self._reveal())
        self.following = self._button("Next patient", lambda _: self._next())
        self._chart, self._head, self._score = (widgets.HTML() for _ in range(3))
        self._findings = widgets.HTML().add_class("ce-said")
        self._answer = widgets.HTML().add_class("ce-said")
        row = {"flex_flow": "row wrap"}
        super().__init__(
            [
                self._head,
                self._chart,
                widgets.HBox(list(self.tests.values()), layout=row),
                self._findings,
                self.first,
                self.second,
                widgets.HBox([self.commit, self.reveal, self.following], layout=row),
                self._answer,
                self._score,
            ]
        )
        self.add_class("ce-form").add_class("ce-ward")
        self._admit(max(_book()["records"], default=_book()["passed"] + 1))

    # -- the record, in the learner's file

    @property
    def _kept(self) -> dict[str, Any]:
        return _of(_book(), self.patient.seed)

    def _keep(self, change: Callable[[Record], Record]) -> tuple[Record, Record]:
        """Replace the record by `change` of what the file holds now, whoever wrote it.

        Returns
        -------
        before, after : dict
        """
        seen = []

        def changed(kept: Any) -> dict[str, Any]:
            book, seed = _book_of(kept), self.patient.seed
            seen[:] = before, after = _of(book, seed), change(_of(book, seed))
            if seed > book["passed"] and after is not before:
                book["records"][seed] = after
            return _packed(book)

        store.update(SECTION, KEY, changed)
        return tuple(seen)

    @property
    def left(self) -> int:
        """Points that a right diagnosis of this patient is worth now."""
        return _worth(self._kept)

    # -- what buttons do

    def test(self, name: str) -> None:
        """Put the patient to a test, once for its price; a second time is free."""
        if name not in self._done:
            self._done[name] = finding(self.patient, name)
        if self._kept["points"] is None:
            self._keep(lambda kept: _tested(kept, name))
        self._show()

    def _commit(self) -> None:
        tried = {self.first.value, self.second.value} - {None}
        if not tried:
            self._say("Choose a diagnosis first.", "untried")
            return
        cost, words = verdict(self.patient.has, tried)
        before, after = self._keep(lambda kept: _judged(kept, tried, cost, right=not words))
        if before["points"] is not None:
            self._say("This file is open already. Take the next patient.", "untried")
        elif words:
            self._say(words, "wrong")
        else:
            self._opened(f"Yes, {_and(self.patient.has)}: {points(after['points'])}.", "right")
        self._show()

    def _reveal(self) -> None:
        """Say what the patient has; it is worth nothing then."""
        self._keep(_closed)
        self._opened(f"It has {_and(self.patient.has)}.", "untried")
        self._show()

    def _next(self) -> None:
        passed = ""
        if self._keep(_closed)[0]["points"] is None:
            passed = f"Passed over: patient {self.patient.seed} had {_and(self.patient.has)}."
        self._admit(max(self.patient.seed + 1, *_book()["records"], _book()["passed"] + 1))
        self._keep(dict)  # where the ward opens the next time
        self._say(passed, "untried")

    def _admit(self, seed: int) -> None:
        self.patient, self._done = patient(seed), {}
        self.run = reported(self.patient)
        self.first.value = self.second.value = None
        self._draw(opened=False)
        self.said = ""
        for name in self._kept["tests"]:
            self._done[name] = finding(self.patient, name)
        if self._kept["points"] is not None:
            self._opened(f"It has {_and(self.patient.has)}.", "untried")
        self._show()

    # -- what is shown

    def _opened(self, head: str, status: str) -> None:
        """Say what the patient has, how one sees it, and what the curve alone would have said."""
        one, run = self.patient, self.run
        why = [f"With {n} the loss {DISEASES[n].sign}. Cure: {DISEASES[n].cure}" for n in one.has]
        fits = differential(
            run.steps * one.nats,
            one.classes,
            one.batch,
            new=run.new_loss * one.nats,
            accuracy=float(run.accuracy[-1]),
        )
        names = ", ".join(fit.name for fit in fits[:3]) or "nothing in the list"
        suspects = f"From chart and accuracy, the rules of the next form would suspect: {names}."
        self._draw(opened=True)
        self._say("\n\n".join([head, *why, suspects]), status)

    def _draw(self, *, opened: bool) -> None:
        self.picture = picture(self.patient, self.run, opened=opened)
        self._png, self.alt = png_bytes(self.picture.figure), self.picture.description
        self._chart.value = described(
            data_url(base64.b64encode(self._png).decode()), self.alt, self._width
        )

    def _say(self, text: str, status: str = "") -> None:
        self.said = text
        self._answer.value = box(text, status) if text else ""

    def _show(self) -> None:
        self.found = list(self._done.values())
        accuracy = f" Accuracy on those at the end: {self.run.accuracy[-1]:.2f}."
        self._head.value = f"<p>{html.escape(record(self.patient) + accuracy)}</p>"
        self._findings.value = "".join(f"<p>{html.escape(words)}</p>" for words in self.found)
        self._score.value = f"<p>{html.escape(self.score)}</p>"

    @property
    def score(self) -> str:
        """The points of this patient and of all, in a sentence."""
        count, earned = _sums(_book())
        seen = f"{count} patient{'s' * (count != 1)}"
        closed = self._kept["points"] is not None
        now = "Its file is open." if closed else f"A right diagnosis is worth {points(self.left)}."
        if not count:
            return now
        return f"{now} So far: {earned} of {points(FULL * count)}, from {seen}."

    _width = round(7.2 * PIXELS_PER_INCH)

    @staticmethod
    def _button(label: str, act) -> widgets.Button:
        button = widgets.Button(description=label, tooltip=label, layout={"width": "auto"})
        button.on_click(act)
        return button

    def _repr_mimebundle_(self, **kwargs):
        """The live ward; beside it the chart and the record for a reader without a kernel."""
        data, metadata = picture_bundle(self._png, self.alt, self._width)
        data["text/plain"] = record(self.patient)
        return data | self.live(), metadata


# ---------------------------------------------------------------- the learner's file


def _record_of(kept: Any) -> Record:
    """A patient's record as it should be, whatever the file holds: tests, tries, points."""
    kept = kept if isinstance(kept, dict) else {}
    tests = kept.get("tests") if isinstance(kept.get("tests"), list) else []
    tried = kept.get("tried") if isinstance(kept.get("tried"), list) else []
    return {
        "tests": [name for name in TESTS if name in tests],
        "tried": tried,
        "lost": _count(kept.get("lost")),
        "points": _count(kept.get("points"), FULL, None),
    }


def _count(value: Any, most: int = MOST, otherwise: int | None = 0) -> int | None:
    """A whole number from 0 to `most`, or `otherwise` where it is none."""
    return value if type(value) is int and 0 <= value <= most else otherwise


def _book_of(kept: Any) -> dict[str, Any]:
    """All that is kept of the ward, whatever the file holds.

    Returns
    -------
    dict
        "records": the record of each of the last patients, by seed; "passed": the seed up to which
        there are none any more; "count" and "earned": how many those were, and their points.
    """
    kept = kept if isinstance(kept, dict) else {}
    records = kept.get("records") if isinstance(kept.get("records"), dict) else {}
    passed = _count(kept.get("passed"))
    count = _count(kept.get("count"), passed)
    found = {int(key): _record_of(one) for key, one in records.items() if SEED.fullmatch(key)}
    return {
        "records": {seed: found[seed] for seed in sorted(found) if seed > passed},
        "passed": passed,
        "count": count,
        "earned": _count(kept.get("earned"), FULL * count),
    }


def _book() -> dict[str, Any]:
    return _book_of(store.read(SECTION, KEY))


def _packed(book: dict[str, Any]) -> dict[str, Any]:
    """The book as the file holds it: the records of the last patients, of the others the sums."""
    seeds = sorted(book["records"])
    gone, last = seeds[:-LAST], seeds[-LAST:]
    count, earned = _sums(book, gone)
    return {
        "records": {str(seed): book["records"][seed] for seed in last},
        "passed": gone[-1] if gone else book["passed"],
        "count": count,
        "earned": earned,
    }


def _sums(book: dict[str, Any], seeds: list[int] | None = None) -> tuple[int, int]:
    """Of the patients before the records and of these `seeds` (or all): how many, and points."""
    records = [book["records"][seed] for seed in (book["records"] if seeds is None else seeds)]
    earned = [one["points"] for one in records if one["points"] is not None]
    return book["count"] + len(earned), book["earned"] + sum(earned)


def _of(book: dict[str, Any], seed: int) -> Record:
    """The record of a patient; one whose record is gone is closed."""
    if seed <= book["passed"]:
        return _record_of({"points": 0})
    return book["records"].get(seed) or _record_of(None)


def _worth(kept: Record) -> int:
    return points_left(sum(TESTS[name] for name in kept["tests"]), kept["lost"])


def _tested(kept: Record, name: str) -> Record:
    """The record after a test: an open file needs none, and one test is paid for once."""
    if kept["points"] is not None or name in kept["tests"]:
        return kept
    return kept | {"tests": [*kept["tests"], name]}


def _judged(kept: Record, tried: set[str], cost: int, *, right: bool) -> Record:
    """The record after a diagnosis: one that was tried before costs nothing more."""
    if kept["points"] is not None:
        return kept
    if right:
        return _closed(kept, _worth(kept))
    if sorted(tried) in kept["tried"]:
        return kept
    return kept | {"lost": kept["lost"] + cost, "tried": [*kept["tried"], sorted(tried)]}


def _closed(kept: Record, worth: int = 0) -> Record:
    """The record of a file that is opened, for so many points; what was tried is of no use now."""
    return kept if kept["points"] is not None else kept | {"points": worth, "tried": []}


def open_ward() -> Ward:
    """The ward: at the patient that was left, or at the first."""
    return Ward()


def _list(label: str, about: str, none: str) -> widgets.Dropdown:
    """The diseases to choose from, in order of the alphabet, after `none`."""
    return widgets.Dropdown(
        options=[(none, None), *((name, name) for name in sorted(DISEASES))],
        description=label,
        tooltip=f"{label}: {about}",
        layout={"width": "min(100% - 4px, 440px)"},
        style={"description_width": "70px"},
    )


def _and(names: tuple[str, ...]) -> str:
    return " and ".join(names)
