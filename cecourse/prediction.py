"""Predict first: a question whose answer is not on the page yet, graded by the course's own loss.

    @prediction(
        "It had said 0.01 instead of 0.9. How many times as large is the mark?",
        ("about 10 times", lambda times: times < 20, "A price that …"),
        ("about 44 times", lambda times: 20 <= times < 70, "The marks are …"),
        ("90 times, as 0.9 / 0.01", lambda times: times >= 70, "That is the ratio of …"),
    )
    def times_as_large():
        return surprisal(0.01) / surprisal(0.9)

`times_as_large` is then a `Prediction`. A notebook shows it in a cell of its own: the learner takes
an option, says how sure they are, and *Commit* prices what they gave to the right one. The notebook
computes the answer in the cells that follow; ``<!-- answer: times_as_large: _[1] -->`` in its text
stops the build where that falls under another option. What takes a training run is measured there,
with ``measured=True``, and kept in the lesson's `measured.json`.
"""

import importlib.util
import inspect
import json
import math
import os
from collections.abc import Callable
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from string import ascii_uppercase
from typing import Any, NamedTuple

from . import lessons, store, widgets
from .account import SECTION, Commitment, commitment_of, price
from .copies import write_whole
from .exercise.display import box, rich
from .language import N_, _
from .lessons import NOTEBOOKS

MEASURE = "CEHELPERS_MEASURE"  # set where `make notebooks` may write what it measured
AGAIN = 5  # later tries that are kept, the last ones
LEVELS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
HEAD = N_("Predict first.")


class Option(NamedTuple):
    """What somebody may believe, when it is right, and what there is to say about it.

    `holds` is a function of the prediction's value, or the value itself. `reason` says of the right
    option why it is so, of any other why it is tempting; neither names the right one. Text and
    reason are as they are written; `shown` and `why` in the language that is spoken.
    """

    text: str
    holds: Any
    reason: str

    @property
    def shown(self) -> str:
        """What a reader may believe."""
        return _(self.text)

    @property
    def why(self) -> str:
        """What there is to say about it."""
        return _(self.reason)


def prediction(question: str, *options: tuple, measured: bool = False) -> Callable:
    """Turn a function that computes an answer into a `Prediction`.

    Parameters
    ----------
    question : str
        One or two sentences; with its options it must make sense on its own.
    *options : (str, callable or value, str)
        Two to four of `Option`: exactly one holds for what the function returns.
    measured : bool
        Whether the answer needs the notebook's own run. The function is then never called; its
        docstring says what is measured.
    """

    def decorate(function: Callable) -> Prediction:
        return Prediction(function, question, [Option(*option) for option in options], measured)

    return decorate


class Prediction:
    """A question with options, one of which the course computes to be right.

    Attributes
    ----------
    id : str
        Notebook and name, such as ``"03/times_as_large"``.
    question : str
        In the language that is spoken.
    options : list of Option
    """

    def __init__(self, function: Callable, question: str, options: list[Option], measured: bool):
        self.function, self.measured = function, measured
        self.name, slug = function.__name__, function.__module__.split(".")[-2]
        self.notebook = next((one.number for one in NOTEBOOKS if one.slug == slug), slug)
        self.id = f"{self.notebook}/{self.name}"
        self.written = " ".join(question.split())
        self.options = options

    @property
    def question(self) -> str:
        """What is asked."""
        return _(self.written)

    @cached_property
    def value(self) -> Any:
        """What the answer is computed, or was measured, to be."""
        if not self.measured:
            return self.function()
        kept = self._kept()
        if self.name not in kept:
            raise LookupError(f"{self.id}: not measured yet; `make notebooks` does it")
        return kept[self.name]

    def option_of(self, value: Any) -> Option:
        """The one option that holds for a value.

        Raises
        ------
        ValueError
            If it is none, or more than one.
        """
        holding = [one for one in self.options if _holds(one, value)]
        if len(holding) != 1:
            names = [one.text for one in holding]
            raise ValueError(f"{self.id}: one option must hold for {value!r}; got {names}")
        return holding[0]

    @property
    def right(self) -> Option:
        """The option that holds."""
        return self.option_of(self.value)

    @property
    def letter(self) -> str:
        """The letter of the option that holds."""
        return ascii_uppercase[self.options.index(self.right)]

    def meets(self, value: Any) -> bool:
        """Whether what a notebook computed falls under the same option; `make notebooks` asks.

        There, what is measured is written down if it is new or falls under another.
        """
        option = self.option_of(value)
        if self.measured and os.environ.get(MEASURE):
            kept = self._kept()
            if self.name not in kept or option != self.option_of(kept[self.name]):
                plain = value.item() if hasattr(value, "item") else value
                short = float(f"{plain:.2g}") if isinstance(plain, float) else plain
                if not _holds(option, short):  # it lies beside an edge
                    short = plain
                text = json.dumps(kept | {self.name: short}, indent=1, sort_keys=True)
                write_whole(self._file, f"{text}\n".encode())
        return option == self.right

    @property
    def _file(self) -> Path:
        return Path(inspect.getfile(self.function)).with_name("measured.json")

    def _kept(self) -> dict[str, Any]:
        return json.loads(self._file.read_text("utf-8")) if self._file.exists() else {}

    # -- the price --------------------------------------------------------------------------------

    def price(self, chosen: Option, sure: float) -> float:
        """What a commitment costs, in nats: the surprise at the right option.

        Parameters
        ----------
        chosen : Option
        sure : float
            The probability given to it; the others share the rest evenly.
        """
        return price(sure, len(self.options), chosen == self.right)

    def commit(self, chosen: Option, sure: float) -> str:
        """Keep a commitment and say what it costs; a later one is kept and not scored.

        Raises
        ------
        ValueError
            If `chosen` is none of the options, or `sure` is not strictly between 0 and 1.
        """
        if chosen not in self.options:
            raise ValueError(f"chosen must be one of the options; got {chosen!r}")
        if not 0 < sure < 1:
            raise ValueError(f"sure must lie strictly between 0 and 1; got {sure}")
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        hit, paid = chosen == self.right, round(self.price(chosen, sure), 6)
        first = Commitment(now, chosen.text, sure, len(self.options), hit, paid)

        def keep(old: Any) -> dict[str, Any]:
            if commitment_of(old) is None:
                return first._asdict()
            later = old.get("again") if isinstance(old.get("again"), list) else []
            more = {"time": now, "chosen": chosen.text, "sure": sure}
            return old | {"again": [*later, more][-AGAIN:]}

        if "again" not in store.update(SECTION, self.id, keep):
            return f"{self.told(first)}\n\n{chosen.why}"
        verdict = _("This is so.") if hit else _("This is not so.")
        counts = _("The first commitment counts; this one costs nothing.")
        return f"{verdict} {counts}\n\n{chosen.why}"

    @property
    def committed(self) -> Commitment | None:
        """What the learner committed first, or None."""
        return commitment_of(store.read(SECTION, self.id))

    def told(self, made: Commitment) -> str:
        """Whether a commitment was right, and what it cost."""
        text = _(
            "This is not so. You left {given:.2g} for the right option, which costs {price:.2f} "
            "nats. Knowing nothing costs ln {of} = {nothing:.2f}."
        )
        if made.hit:
            text = _(
                "This is so. You gave it {given:.2g}, which costs {price:.2f} nats. Knowing "
                "nothing costs ln {of} = {nothing:.2f}."
            )
        said = {"given": math.exp(-made.price), "price": made.price}
        return text.format(of=made.of, nothing=math.log(made.of), **said)

    # -- on the page ------------------------------------------------------------------------------

    @property
    def lettered(self) -> list[tuple[str, str]]:
        """(letter, text) of each option."""
        return list(zip(ascii_uppercase, (one.shown for one in self.options), strict=False))

    def __repr__(self) -> str:
        listed = "\n".join(f"  {letter}: {text}" for letter, text in self.lettered)
        return f"{_(HEAD)} {self.question}\n\n{listed}"

    def _repr_mimebundle_(self, **kwargs):
        """The form; beside it question and options for a reader without a kernel."""
        page = f'<div class="predict-first">{box(repr(self), "question")}</div>'
        return {"text/plain": repr(self), "text/html": page} | Form(self).live()


def _holds(option: Option, value: Any) -> bool:
    return bool(option.holds(value) if callable(option.holds) else option.holds == value)


def of_lesson(slug: str) -> dict[str, Prediction]:
    """The predictions of a lesson by their names, in the order in which its notebook asks them."""
    name = f"{lessons.__name__}.{slug}.predictions"
    found = vars(importlib.import_module(name)) if importlib.util.find_spec(name) else {}
    return {key: part for key, part in found.items() if isinstance(part, Prediction)}


@cache
def all_predictions() -> dict[str, Prediction]:
    """Every prediction by its id, in the order of the notebooks."""
    return {one.id: one for book in NOTEBOOKS for one in of_lesson(book.slug).values()}


class Form(widgets.VBox):
    """The options, how sure one is, and *Commit*: three stops of the Tab key.

    Attributes
    ----------
    options : RadioButtons
        Its value is an `Option`; None until one is taken.
    sure : Dropdown
        Its value is a probability; None at first, so that nobody is led.
    button : Button
    told : str
        What *Commit* has said, as plain text.
    """

    def __init__(self, asked: Prediction, *, fresh: bool = False):
        """`fresh` asks once more, as if nothing had been committed."""
        self.asked, self.told = asked, ""
        least = 1 / len(asked.options)
        levels = [least, *(level for level in LEVELS if level > least + 0.05)]
        names = [f"{level:.0%}" for level in levels]
        names[0] += _(", no idea")
        self.options = widgets.RadioButtons(
            options=[(one.shown.replace("`", ""), one) for one in asked.options],
            index=None,
            tooltip=asked.question,
            layout={"width": "auto"},
        )
        self.sure = widgets.Dropdown(
            options=[(_("choose"), None), *zip(names, levels, strict=True)],
            index=0,
            description=_("How sure are you?"),
            tooltip=_(
                "How sure are you? A probability for your option; the others share the rest."
            ),
            style={"description_width": "auto"},
            layout={"width": "260px"},
        )
        self.button = widgets.Button(
            description=_("Commit"), tooltip=_("Commit to this prediction")
        )
        self._said = widgets.HTML().add_class("ce-said")
        question = f"<strong>{_(HEAD)}</strong> {rich(asked.question)}"
        super().__init__(
            [
                widgets.HTML(f'<div style="max-width: 60em">{question}</div>'),
                self.options,
                widgets.HBox([self.sure, self.button], layout={"flex_flow": "row wrap"}),
                self._said,
            ]
        )
        self.add_class("ce-form")
        self.button.on_click(lambda button: self.commit())
        self._say("")
        if (made := asked.committed) and not fresh:
            self._restore(made)

    def commit(self) -> None:
        """Commit to what is chosen, or say what is missing."""
        if self.options.value is None or self.sure.value is None:
            missing = _("Choose how sure you are first. To skip this one, read on.")
            if self.options.value is None:
                missing = _("Choose an option first. To skip this one, read on.")
            self._say(missing, "untried")
            return
        try:
            text = self.asked.commit(self.options.value, self.sure.value)
            hit = self.options.value == self.asked.right
        except Exception as error:  # JupyterLab would show nothing
            text = _("This failed with {kind}: {error}")
            self._say(text.format(kind=type(error).__name__, error=error), "error")
            return
        self._say(text, "right" if hit else "wrong")
        self.button.description = _("Try again")

    def _restore(self, made: Commitment) -> None:
        """Show what was committed before; the question may have changed since."""
        chosen = [one for one in self.asked.options if one.text == made.chosen]
        reason = f"\n\n{chosen[0].why}" if chosen else ""
        if chosen and made.sure in [level for _, level in self.sure.options]:
            self.options.value, self.sure.value = chosen[0], made.sure
        day = _("Committed on {day}: {chosen}.").format(day=made.time[:10], chosen=_(made.chosen))
        text = f"{self.asked.told(made)}\n\n{day}{reason}"
        self._say(text, "right" if made.hit else "wrong")
        self.button.description = _("Try again")

    def _say(self, text: str, status: str = "") -> None:
        self.told = text
        self._said.value = box(text, status) if text else ""
