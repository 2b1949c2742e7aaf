"""A question of the final quiz: an exercise that knows the section it is about.

It belongs to notebook 11, where the quiz is, and counts there; `about` and `section` say which
notebook and which of its headings settle it.
"""

import ast
import html
import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cecourse import store
from cecourse.language import _
from cecourse.lessons import NOTEBOOKS

from .display import box, rich, tell
from .exercise import SECTION, Exercise, whole_record
from .judge import Feedback
from .mistake import Text

HOME = "11"  # the notebook in which the quiz is
DRAFTS = "quiz"  # of the learner's file: what stands in each answer's place, and "open"
_COURSE = {notebook.number: notebook for notebook in NOTEBOOKS}


class Question(Exercise):
    """One question of the quiz: `check`, `hint` and `solution` as in every exercise.

    Attributes
    ----------
    about : str
        The number of the notebook that the question is about.
    section : str
        A heading of that notebook, as it stands there.
    """

    def __init__(self, function: Callable, *, about: str, section: str, **parts: Any):
        super().__init__(function, HOME, **parts)
        self.about = about
        self.section = section

    @property
    def call(self) -> str:
        """How a notebook names this instance."""
        return super().call.replace("exercises", "final_quiz", 1)

    @property
    def number(self) -> int:
        """Its place in the quiz: 7 for q07."""
        return int(self.name[1:])

    @property
    def topic(self) -> str:
        """The notebook it is about, by number and title."""
        return f"{self.about} · {_(_COURSE[self.about].title)}"

    @property
    def link(self) -> str:
        """The address of its section, from beside the notebooks."""
        return f"{_COURSE[self.about].file}#{self.section.replace(' ', '-')}"

    # -- what a learner calls ---------------------------------------------------------------------

    def check(self, answer: Any = ...) -> None:
        """Say whether an answer is right; if not, what may have happened, and where to read."""
        feedback = self.judge(answer)
        text, page = self.message(feedback)
        if feedback.status in ("mistake", "wrong"):
            again = _("Read again: {section}")
            text += "\n" + again.format(section=f"{self.section} ({self.link})")
        tell(text, page)

    def solution(self) -> None:
        """Print the source of one solution; of a choice, the option and the reason."""
        words, code = self.solution_parts()
        print(f"{code}\n\n{words}".strip())

    # -- what the interface calls -----------------------------------------------------------------

    def message(self, feedback: Feedback) -> tuple[str, str]:
        """What an answer is told, as text and as HTML; after a miss the HTML links the section."""
        page = box(feedback.text, feedback.status)
        if feedback.status in ("mistake", "wrong"):
            again = _("Read again: {section}").format(section=self.anchor())
            page += f'<div style="padding: 0.2em 1em">{again}</div>'
        return feedback.text, page

    def solution_parts(self) -> tuple[str, str]:
        """The solution in words and, of a number, in code; that it was asked for is recorded."""
        asked = {"solution_shown": True}
        if "first_right" not in self.record():
            asked["first_right"] = False
        self._keep(**asked)
        return self.solved(), "" if self.kind == "choice" else self.source()

    def solved(self) -> str:
        """The solution in words: the option or the number, and what there is to say about it."""
        # Translators: the first word of what a right answer is told
        said = self.right.removeprefix(_("Right: "))
        if self.kind == "choice":
            said = f"{self.choices[self.key]}\n\n{said[0].upper()}{said[1:]}"
            return _("Solution {key}: {said}").format(key=self.key, said=said)
        return _("Solution: {said}").format(said=said)

    def anchor(self) -> str:
        """The section as an HTML link."""
        return (
            f'<a href="{html.escape(self.link)}">{self.about} · '
            f"{html.escape(self.section, quote=False)}</a>"
        )

    @property
    def state(self) -> str:
        """`"untried"`, `"open"`, `"later"` (right, but not at once) or `"right"` (at once)."""
        record = self.record()
        if record["solved"]:
            return "right" if record.get("first_right") is True else "later"
        return "open" if "first_right" in record else "untried"

    def _record(self, feedback: Feedback, answer: Any) -> None:
        super()._record(feedback, answer)
        # what could not be read as an answer at all is no miss
        if feedback.status != "error" and "first_right" not in self.record():
            self._keep(first_right=feedback.status == "right")

    def start_again(self) -> None:
        """Empty the record for a new round; the old one, and the draft, move into its list `past`.

        What was typed and never checked is no part of a round: it stays where it is.
        """
        draft, record = store.read(DRAFTS, self.name), self.record()
        tried = record["tries"] or record["solution_shown"]

        def change(old: Any) -> dict[str, Any]:
            old = whole_record(old)
            past = old.pop("past", [])
            past = past if isinstance(past, list) else [past]  # somebody has edited the file
            return whole_record({"past": [*past, old | {"draft": draft}] if tried else past})

        self._hints_given = 0
        store.update(SECTION, self.id, change)
        if tried:
            store.write(DRAFTS, self.name, "")

    # -- showing ----------------------------------------------------------------------------------

    def options(self) -> list[tuple[str, str]]:
        """(text, key) of each option, for a list to choose from; empty for a number."""
        choices = (self.choices or {}).items()
        return [(f"{key} \u2002{text}".replace("`", ""), key) for key, text in choices]

    def page(self) -> str:
        """The question alone as HTML."""
        return rich(self.question)

    def _how(self) -> str:
        call = f"`{self.call}.check"
        if self.kind != "choice":
            return _("Answer with a number: {call}.").format(call=f"{call}(…)`")
        listed = "\n".join(f"  {key}: {text}" for key, text in self.choices.items())
        how = _("Answer with a letter in quotes: {call}.").format(call=f'{call}("…")`')
        return f"{listed}\n\n{how}"

    def _head(self) -> str:
        return _("Question {n}, on {topic}").format(n=self.number, topic=self.topic)

    def __repr__(self) -> str:
        head = f"{self._head()}: {self.title}"
        return f"{head}\n\n{self.question}\n\n{self._how()}"

    def _repr_html_(self) -> str:
        head = self._head().replace("·", "")
        return box(f"{head}. *{self.title}*\n\n{self.question}\n\n{self._how()}", "question")


def question(
    about: str,
    section: str,
    *,
    title: str,
    hints: Sequence[Text],
    right: Text,
    mistakes: Mapping[str, str] | None = None,
    **more: Any,
) -> Callable[[Callable], Question]:
    """Turn a solution named `q` and its number into a `Question`; its docstring is the question.

    Parameters
    ----------
    about, section : str
        The number of the notebook that it is about, and the heading there that settles it.
    title, hints, right, mistakes, **more
        As in `exercise`; the answer is one of the choices or, without them, a number.

    Returns
    -------
    decorator
        It takes the solution and gives the `Question`.
    """

    def decorate(function: Callable) -> Question:
        told = {"title": title, "hints": hints, "right": right}
        new = Question(function, about=about, section=section, **told, **more)
        new.add_options(mistakes)
        return new

    return decorate


# -- a number as it is typed ----------------------------------------------------------------------

_OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
}
_FUNCTIONS = {
    "log": math.log,
    "ln": math.log,
    "log2": math.log2,
    "log10": math.log10,
    "exp": math.exp,
    "sqrt": math.sqrt,
}
_NAMES = {"e": math.e, "pi": math.pi, "inf": math.inf}
_SIGNS = str.maketrans({"−": "-", "–": "-", "·": "*", "×": "*", "^": "**"})


def typed(text: str) -> Any:
    """What somebody typed into a field, as an answer.

    Returns
    -------
    answer
        `...` where nothing stands; a float for a number or a line of arithmetic, such as
        `-log(0.8) / 2`; else the text itself, about which `check` has a sentence to say.
    """
    text = text.strip()
    if text in ("", "...", "…"):
        return ...
    line = re.sub(r"\s*(bits?|nats?|times)$", "", text.translate(_SIGNS))
    if re.fullmatch(r"[-+]?\d*,\d+", line):  # a decimal comma
        line = line.replace(",", ".")
    try:
        return _value(ast.parse(line, mode="eval").body)
    except (SyntaxError, ValueError, TypeError, ArithmeticError, RecursionError, MemoryError):
        return text


def _value(node: ast.AST) -> float:
    """The value of a piece of arithmetic; ValueError where it is anything else."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return float(node.value)
    if isinstance(node, ast.Name) and node.id in _NAMES:
        return _NAMES[node.id]
    if isinstance(node, ast.UnaryOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_value(node.operand))
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_value(node.left), _value(node.right))
    if isinstance(node, ast.Call) and not node.keywords:
        name = node.func
        if isinstance(name, ast.Attribute) and getattr(name.value, "id", "") in ("math", "np"):
            name = ast.Name(name.attr)
        if isinstance(name, ast.Name) and name.id in _FUNCTIONS:
            return _FUNCTIONS[name.id](*map(_value, node.args))
    raise ValueError(f"no arithmetic: {ast.dump(node)}")
