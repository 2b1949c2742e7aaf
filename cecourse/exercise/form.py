"""An exercise to be answered in place: a number to type or options to choose from, and *Check*."""

import html

import ipywidgets as widgets

from .display import FORM, ONE_STOP, box, rich
from .exercise import Exercise
from .question import typed

# The field's own message at Enter may overtake what was typed last, and an old answer be checked.
_ENTER = """<style onload="
const form = this.closest('.ce-form'), field = form.querySelector('.widget-text input');
field?.addEventListener('keydown', event => {
  if (event.key !== 'Enter') return;
  event.preventDefault();
  field.dispatchEvent(new Event('change', {bubbles: true}));
  form.querySelector('button').click();
});
"></style>"""


class AnswerForm(widgets.VBox):
    """One exercise whose answer is a number or a choice, with *Check*, *Hint* and *Solution*.

    Attributes
    ----------
    options, field
        The radio buttons of a choice, the text field of a number; a test sets their `value`.
    buttons : dict of str to Button
    told : str
        What the last button pressed has said, as plain text.
    """

    def __init__(self, exercise: Exercise):
        self.exercise, self.told = exercise, ""
        choices = (exercise.choices or {}).items()
        self.options = widgets.RadioButtons(
            options=[(f"{key} \u2002{words}".replace("`", ""), key) for key, words in choices]
            or [("", "")],
            index=None,
            tooltip=exercise.title,
            layout={"width": "auto"},
        )
        self.field = widgets.Text(
            placeholder="a number, or a line such as -log(0.8)",
            description="Answer",
            tooltip=f"Answer: {exercise.title}",
            continuous_update=False,
            layout={"width": "min(100% - 4px, 420px)"},
            style={"description_width": "auto"},
        )
        self.buttons = {
            name: widgets.Button(
                description=name, tooltip=f"{name}: {exercise.title}", layout={"width": "auto"}
            )
            for name in ("Check", "Hint", "Solution")
        }
        self._said = widgets.HTML().add_class("ce-said")
        page = f"<strong>{rich(exercise.title)}.</strong> {rich(exercise.question)}"
        super().__init__(
            [
                widgets.HTML(f'<div style="max-width: 60em">{page}</div>'),
                self.options if exercise.choices else self.field,
                widgets.HBox(list(self.buttons.values()), layout={"flex_flow": "row wrap"}),
                self._said,
                widgets.HTML(FORM + ONE_STOP + _ENTER, layout={"display": "none"}),
            ]
        )
        self.add_class("ce-form")
        self.buttons["Check"].on_click(lambda _: self.check())
        self.buttons["Hint"].on_click(lambda _: self._say(exercise.next_hint(), "hint"))
        self.buttons["Solution"].on_click(lambda _: self._show_solution())

    def check(self) -> None:
        """Check what stands in the answer's place, and keep the try."""
        answer = (self.options.value or ...) if self.exercise.choices else typed(self.field.value)
        feedback = self.exercise.judge(answer)
        missing = "Choose an option first." if self.exercise.choices else "Type a number first."
        self._say(missing if feedback.status == "untried" else feedback.text, feedback.status)

    def _show_solution(self) -> None:
        words, code = self.exercise.solution_parts()
        self._say(words, "hint", code)

    def _say(self, text: str, status: str, code: str = "") -> None:
        self.told = f"{text}\n\n{code}".strip()
        page = f"<pre>{html.escape(code)}</pre>" if code else ""
        self._said.value = box(text, status) + page
