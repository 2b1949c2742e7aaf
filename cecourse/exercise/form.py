"""An exercise to be answered in place: a number, an option or a piece of code, and *Check*."""

import contextlib
import html
import inspect
import io
from typing import Any

from cecourse import store, widgets
from cecourse.language import N_, _

from .calls import as_text
from .code import CodeError, defined, run_code
from .display import box, rich
from .exercise import Exercise
from .judge import not_yet
from .question import typed

DRAFTS = "drafts"  # of the learner's file: what stands in the answer's place of an exercise
PRINTED = 2000  # characters that are shown of what code prints


def answer_form(exercise: Exercise, code: str = "", setup: str = "") -> "AnswerForm | CodeForm":
    """Make the form for an exercise.

    Parameters
    ----------
    exercise : Exercise
    code : str, optional
        Where code is asked for, what stands in the field at first: unless given, an empty function
        with the solution's parameters, or ``answer = ...``.
    setup : str, optional
        Source that runs before the learner's: imports that the page has made so far.
    """
    if exercise.kind in ("function", "array"):
        return CodeForm(exercise, code, setup)
    return AnswerForm(exercise)


class _AskingForm(widgets.VBox):
    """A question, the place of its answer, *Check*, *Hint* and *Solution*, and what they say."""

    def __init__(self, exercise: Exercise, place: widgets.Control):
        self.exercise, self.told = exercise, ""
        self.buttons = {
            name: widgets.Button(
                description=_(name),
                tooltip=f"{_(name)}: {exercise.title}",
                layout={"width": "auto"},
            )
            for name in (N_("Check"), N_("Hint"), N_("Solution"))
        }
        self._said = widgets.HTML().add_class("ce-said")
        page = f"<strong>{rich(exercise.title)}.</strong> {rich(exercise.question)}"
        super().__init__(
            [
                widgets.HTML(f'<div style="max-width: 60em">{page}</div>'),
                place,
                widgets.HBox(list(self.buttons.values()), layout={"flex_flow": "row wrap"}),
                self._said,
            ]
        )
        self.add_class("ce-form")
        self.buttons["Check"].on_click(lambda button: self.check())
        self.buttons["Hint"].on_click(lambda button: self._say(exercise.next_hint(), "hint"))
        self.buttons["Solution"].on_click(lambda button: self._show_solution())

    def check(self) -> None:
        """Check what stands in the answer's place, and keep the try."""
        raise NotImplementedError

    @property
    def _draft(self) -> str:
        """What stood in the answer's place when the form was left."""
        draft = store.read(DRAFTS, self.exercise.id, "")
        return draft if isinstance(draft, str) else ""

    def _keep(self, change: widgets.Change) -> None:
        store.write(DRAFTS, self.exercise.id, change.new or "")

    def _show_solution(self) -> None:
        words, code = self.exercise.solution_parts()
        self._say(words, "hint", code)

    def _say(self, text: str, status: str, code: str = "") -> None:
        self.told = f"{text}\n\n{code}".strip()
        page = f"<pre>{html.escape(code)}</pre>" if code else ""
        self._said.value = box(text, status) + page


class AnswerForm(_AskingForm):
    """One exercise whose answer is a number or a choice, with *Check*, *Hint* and *Solution*.

    What is typed or chosen is kept at once, and stands there again when the form is opened.

    Attributes
    ----------
    options, field
        The radio buttons of a choice, the text field of a number; a test sets their `value`.
    buttons : dict of str to Button
    told : str
        What the last button pressed has said, as plain text.
    """

    def __init__(self, exercise: Exercise, *, fresh: bool = False):
        """`fresh` asks once more, as if nothing had been answered; then no draft is kept."""
        choices = [(f"{key} \u2002{words}", key) for key, words in (exercise.choices or {}).items()]
        if exercise.kind == "truth":
            choices = [("True", "True"), ("False", "False")]
        self.options = widgets.RadioButtons(
            options=[(words.replace("`", ""), key) for words, key in choices] or [("", "")],
            index=None,
            tooltip=exercise.title,
            layout={"width": "auto"},
        )
        self.field = widgets.Text(
            placeholder=_("a number, or a line such as -log(0.8)"),
            description=_("Answer"),
            tooltip=f"{_('Answer')}: {exercise.title}",
            continuous_update=False,
            layout={"width": "min(100% - 4px, 420px)"},
            style={"description_width": "auto"},
        )
        self._chosen = bool(choices)
        place = self.options if choices else self.field
        super().__init__(exercise, place)
        self.add_class("ce-enter")
        if not fresh and not exercise.seed:
            self._restore(place)
            place.observe(self._keep)

    def check(self) -> None:
        """Check what stands in the answer's place, and keep the try."""
        feedback = self.exercise.judge(self._answer())
        missing = _("Choose an option first.") if self._chosen else _("Type a number first.")
        self._say(missing if feedback.status == "untried" else feedback.text, feedback.status)

    def _answer(self) -> Any:
        return (self.options.value or ...) if self._chosen else typed(self.field.value)

    def _restore(self, place: widgets.Control) -> None:
        """Put the draft in its place, and what it was told if it was checked."""
        with contextlib.suppress(ValueError):  # an option that is gone
            place.value = self._draft or place.value
        answer, record = self._answer(), self.exercise.record()
        if record["tries"] and record["answer"] == as_text(answer):
            feedback = self.exercise.evaluate(answer)
            self._say(feedback.text, feedback.status)


class CodeForm(_AskingForm):
    """One exercise whose answer is a function or an array: a field for code, which *Check* runs.

    What is typed is kept at once, and stands there again when the form is opened.

    Attributes
    ----------
    field : Textarea
    buttons : dict of str to Button
    told : str
        What the last button pressed has said, as plain text.
    """

    def __init__(self, exercise: Exercise, code: str = "", setup: str = ""):
        self._setup = setup
        self._code = code.strip("\n") or _starter(exercise)
        self.field = widgets.Textarea(
            self._code,
            description=_("Your code"),
            tooltip=f"{_('Your code')}: {exercise.title}",
            rows=max(6, self._code.count("\n") + 3),
            layout={"width": "min(100% - 4px, 640px)"},
            style={"description_width": "auto"},
        ).add_class("ce-code")
        super().__init__(exercise, self.field)
        self.field.value = self._draft or self._code
        self.field.observe(self._keep)
        if exercise.record()["solved"]:
            self._say(_("Solved. What you wrote last stands in the field."), "right")

    def check(self) -> None:
        """Run the code, check the function or the array that it makes, and keep the try."""
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            try:
                feedback = self.exercise.judge(self._answer())
                text, status = feedback.text, feedback.status
            except CodeError as error:
                text, status = not_yet(error), "error"
        if status == "untried" and self.exercise.kind == "array":
            text = _("Not tried yet: put your answer in the place of `...`.")
        self._say(text, status, _shortened(printed.getvalue()))

    def _answer(self) -> Any:
        """The function or the array that the code makes."""
        names, last = run_code(self.field.value, self._setup, f"<{self.exercise.id}>")
        if self.exercise.kind == "array":
            if "answer" not in names and last is None:
                raise CodeError(_("There is no `answer`: give your array that name."))
            return names.get("answer", last)
        made = defined(self.field.value, names)
        if not made:
            known = ", ".join(f"`{name}`" for name in names)
            text = _("It defines no function: begin with `def`.")
            if known:
                text = _("It defines no function, only {names}: begin with `def`.")
            raise CodeError(text.format(names=known))
        asked = [name for name in defined(self._code) if name in made]
        return names[(asked or made)[-1]]


def _starter(exercise: Exercise) -> str:
    """What a learner begins with: a function without a body, or an answer without a value."""
    if exercise.kind == "array":
        return "answer = ..."
    given = ", ".join(inspect.signature(exercise.function).parameters)
    return f"def {exercise.name}({given}):\n    ..."


def _shortened(printed: str) -> str:
    rest = len(printed) - PRINTED
    more = _("[… {rest} more characters …]").format(rest=rest)
    return printed if rest <= 0 else f"{printed[:PRINTED]}\n{more}"
