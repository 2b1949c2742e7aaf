"""The interface of the final quiz: one question at a time, and nothing that is typed gets lost.

Every letter typed and every option chosen goes into the learner's file at once (section `"quiz"`),
and so does the question that is open; a checked answer is recorded as that of any exercise. After a
restart the quiz opens where it was.
"""

import html
from collections.abc import Sequence

from cecourse import store, widgets
from cecourse.language import N_, _
from cecourse.palette import TRUTH

from . import report_card as cards
from .calls import as_text
from .display import box
from .question import DRAFTS, Question, typed


class Quiz(widgets.VBox):
    """Questions with radio buttons or a number field, a hint, a solution and a report card.

    Parameters
    ----------
    questions : sequence of Question
        In the order in which they are asked.

    Attributes
    ----------
    place : Dropdown
        Which question is open: its value is an index into `questions`.
    options, field
        The radio buttons of a choice and the text field of a number; a test sets their `value`.
    buttons : dict of str to Button
        `"Previous"`, `"Check"`, `"Hint"`, `"Solution"`, `"Next"`, `"Report card"`.
    told : str
        What the last button pressed has said, as plain text.
    """

    def __init__(self, questions: Sequence[Question]):
        self.questions = tuple(questions)
        self.told = ""
        self._quiet = False  # while the quiz itself sets a control
        self._head, self._words = widgets.HTML(), widgets.HTML()
        self._answer_box, self._said = widgets.VBox(), widgets.HTML()
        self._link, self._card = widgets.Output(), widgets.Output()
        self.place = widgets.Dropdown(
            options=[(f"{part.number} · {part.title}", i) for i, part in enumerate(self.questions)],
            description=_("Go to"),
            tooltip=_("Go to a question"),
            layout={"width": "min(100%, 340px)"},
            style={"description_width": "auto"},
        )
        self.options = widgets.RadioButtons(options=[("", "")], layout={"width": "auto"})
        self.field = widgets.Text(
            placeholder=_("a number, or a line such as -log(0.8)"),
            description=_("Answer"),
            layout={"width": "min(100%, 420px)"},
            style={"description_width": "auto"},
        )
        self.buttons = {
            name: widgets.Button(description=_(name), tooltip=_(tip), layout={"width": "auto"})
            for name, tip in {
                N_("Previous"): N_("Go to the question before this one"),
                N_("Check"): N_("Check this answer"),
                N_("Hint"): N_("Give one hint more"),
                N_("Solution"): N_("Show the solution, once you have tried"),
                N_("Next"): N_("Go to the next question"),
                N_("Report card"): N_("Show or hide the report card"),
            }.items()
        }
        self.buttons["Check"].button_style = "primary"
        super().__init__(
            [
                self._head,
                self._words,
                self._answer_box,
                self._row("Check", "Hint", "Solution"),
                self._said,
                self._link,
                self._row("Previous", "Next", self.place, "Report card"),
                self._card,
            ]
        )
        self.add_class("ce-form").add_class("ce-enter")
        self._connect()
        place = store.read(DRAFTS, "open")
        names = [part.name for part in self.questions]
        self.place.index = names.index(place) if place in names else 0
        self._show_question()

    @property
    def question(self) -> Question:
        """The question that is open."""
        return self.questions[self.place.value]

    @property
    def draft(self) -> str:
        """What stands in the answer's place: a text, or the letter of an option; "" for nothing."""
        draft = store.read(DRAFTS, self.question.name, "")
        return draft if isinstance(draft, str) else ""

    # -- what the buttons do ----------------------------------------------------------------------

    def check(self) -> None:
        """Check what stands in the answer's place."""
        part = self.question
        feedback = part.judge(self._answer())
        if feedback.status == "untried":
            choice = part.kind == "choice"
            first = _("Choose an option first.") if choice else _("Type a number first.")
            self._say(first, "untried")
        else:
            self._say(feedback.text, feedback.status)
        self._offer(part if feedback.status in ("mistake", "wrong") else None)
        self._refresh()

    def hint(self) -> None:
        """Give one more hint for the open question."""
        self._say(self.question.next_hint(), "hint")

    def solution(self) -> None:
        """Show the solution of the open question, which must have been tried."""
        words, code = self.question.solution_parts()
        self._say(words, "hint", code)
        self._offer(self.question)
        self._refresh()

    def step(self, by: int) -> None:
        """Go that many questions on, or back; the ends are ends."""
        last = len(self.questions) - 1
        self.place.value = min(max(self.place.value + by, 0), last)

    def toggle_card(self) -> None:
        """Show the report card, or hide it."""
        self._fill(self._card, None if self._card.outputs else self.questions)

    # -- what happens inside ----------------------------------------------------------------------

    def _connect(self) -> None:
        actions = {
            "Previous": lambda: self.step(-1),
            "Check": self.check,
            "Hint": self.hint,
            "Solution": self.solution,
            "Next": lambda: self.step(1),
            "Report card": self.toggle_card,
        }
        for name, act in actions.items():
            self.buttons[name].on_click(lambda button, act=act: act())
        self.place.observe(self._moved, names="value")
        self.options.observe(self._edited, names="value")
        self.field.observe(self._edited, names="value")

    def _moved(self, _change) -> None:
        store.write(DRAFTS, "open", self.question.name)
        self._show_question()

    def _edited(self, change) -> None:
        """Keep what was typed or chosen; what was said of another answer goes."""
        if not self._quiet:
            store.write(DRAFTS, self.question.name, change.new or "")
            self._say("", "")
            self._offer(None)

    def _answer(self):
        """The draft as an answer to check."""
        return (self.draft or ...) if self.question.kind == "choice" else typed(self.draft)

    def _show_question(self) -> None:
        """Put the open question, its draft and what was said about it on the page."""
        part, draft = self.question, self.draft
        self._quiet = True
        try:
            if part.kind == "choice":
                choices = part.options()
                keys = [key for text, key in choices]
                self.options.offer(choices, keys.index(draft) if draft in keys else None)
                self._answer_box.children = [self.options]
            else:
                self.field.value = draft
                self._answer_box.children = [self.field]
        finally:
            self._quiet = False
        self._words.value = f'<div style="max-width: 60em">{part.page()}</div>'
        self._say("", "")
        self._offer(None)
        answer = self._answer()
        if part.record()["tries"] and part.record()["answer"] == as_text(answer):
            feedback = part.evaluate(answer)
            self._say(feedback.text, feedback.status)
            self._offer(part if feedback.status in ("mistake", "wrong") else None)
        self._refresh()

    def _refresh(self) -> None:
        """Bring the head, the buttons and an open report card up to date."""
        part, i = self.question, self.place.value
        states = [other.state for other in self.questions]
        signs = "".join(
            _dot(states[j], j == i, first=j > 0 and other.about != self.questions[j - 1].about)
            for j, other in enumerate(self.questions)
        )
        total = len(self.questions)
        told = _(
            "Question {n} of {total}: {state}. {right} right at once, {untried} not tried."
        ).format(
            n=i + 1,
            total=total,
            state=_(cards.SIGNS[states[i]][2]),
            right=states.count("right"),
            untried=states.count("untried"),
        )
        where = _("Question {n} of {total}, on {topic}")
        where = where.format(n=i + 1, total=total, topic=html.escape(part.topic))
        self._head.value = (
            f'<div role="img" aria-label="{told}" style="line-height: 1.9">{signs}</div>'
            f'<div style="opacity: 0.75">{where}'
            '</div><p style="font-weight: bold; margin: 0.1em 0 0.3em">'
            f"{html.escape(part.title)}</p>"
        )
        self.buttons["Previous"].disabled = i == 0
        self.buttons["Next"].disabled = i == total - 1
        self.buttons["Solution"].disabled = states[i] == "untried"
        if self._card.outputs:
            self._fill(self._card, self.questions)

    def _say(self, text: str, status: str, code: str = "") -> None:
        self.told = f"{text}\n\n{code}".strip()
        page = f"<pre>{html.escape(code)}</pre>" if code else ""
        self._said.value = f'<div role="status">{box(text, status) if text else ""}{page}</div>'

    def _offer(self, part: Question | None) -> None:
        """Link the section that settles a question; None takes the link away."""
        if part is None:
            self._link.outputs = ()
            return
        # an output, and no HTML widget: JupyterLab opens its links beside this notebook
        again = _("Read again: {section}")
        page = f'<div style="padding-left: 1em">{again.format(section=part.anchor())}</div>'
        self._link.outputs = (_output(again.format(section=part.link), page),)

    def _fill(self, place: widgets.Output, questions: Sequence[Question] | None) -> None:
        if questions is None:
            place.outputs = ()
            return
        text, page = cards.as_text(questions), cards.as_html(questions)
        place.outputs = (_output(text, page),)

    def _row(self, *parts: str | widgets.Control) -> widgets.HBox:
        found = [self.buttons[part] if isinstance(part, str) else part for part in parts]
        return widgets.HBox(found, layout={"flex_flow": "row wrap"})

    # -- without a kernel -------------------------------------------------------------------------

    def __repr__(self) -> str:
        choices = sum(part.kind == "choice" for part in self.questions)
        n = len(self.questions)
        text = _("Final quiz: {n} questions, {choices} to choose and {rest} to compute.")
        lines = [text.format(n=n, choices=choices, rest=n - choices)]
        for topic, parts in cards.by_notebook(self.questions):
            lines.append(f"{topic}: " + ", ".join(f"{part.name} {part.title}" for part in parts))
        return "\n".join(lines)

    def _repr_mimebundle_(self, **kwargs):
        """The live view; beside it the whole quiz to read, and a list for a test to compare."""
        return {"text/plain": repr(self), "text/html": still(self.questions)} | self.live()


def still(questions: Sequence[Question]) -> str:
    """The whole quiz as HTML for a reader without a kernel; each answer opens on a click."""
    parts, again = [], _("Read again: {section}")
    for topic, group in cards.by_notebook(questions):
        # no heading: it would stand among the notebook's own in a table of contents
        parts.append(f'<p style="font-size: 1.15em; margin-top: 1.4em">{html.escape(topic)}</p>')
        for part in group:
            listed = "".join(
                f"<li>{html.escape(text).replace('`', '')}</li>" for text, key in part.options()
            )
            parts.append(
                f'<div style="max-width: 60em; margin: 0.8em 0"><strong>{part.number}. '
                f"{html.escape(part.title)}.</strong> {part.page()}"
                f'<ul style="list-style: none; margin: 0.3em 0">{listed}</ul>'
                f"<details><summary>{_('Answer')}</summary>{box(part.solved(), 'right')}"
                f'<div style="padding-left: 1em">{again.format(section=part.anchor())}</div>'
                "</details></div>"
            )
    return "".join(parts)


def _dot(state: str, here: bool, *, first: bool) -> str:
    """The sign of one question; `first` leaves a gap before a new notebook's."""
    sign, colour = cards.SIGNS[state][:2]
    frame = f"outline: 2px solid {TRUTH}; border-radius: 3px; " if here else ""
    gap = "margin-left: 0.5em; " if first else ""
    return (
        f'<span style="color: {colour}; {frame}{gap}display: inline-block; width: 1.1em; '
        f'text-align: center">{sign}</span>'
    )


def _output(text: str, page: str) -> dict:
    data = {"text/plain": text, "text/html": page}
    return {"output_type": "display_data", "data": data, "metadata": {}}
