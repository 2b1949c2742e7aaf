"""The short key: every answer of the course on eight pages at most, as `make key` prints it.

Of an exercise stand there the answer, the first sentence that a right one is told, and the wrong
answers it knows, each with the name of its mistake; of a prediction and a question of the quiz the
letter or the number. All of it is computed by the exercises themselves; no notebook is executed.
"""

from __future__ import annotations

import ast
import html
import re
from pathlib import Path

import numpy as np

from cecourse.exercise.display import rich
from cecourse.lessons import NOTEBOOKS
from cecourse.prediction import of_lesson
from tools import _command
from tools._cells import checked, exercises_of
from tools._command import ToolError
from tools.paper import _paper, _pdf
from tools.quiz_xml import QUESTIONS

MOST = 8  # pages


def shown(value) -> str:
    """A value in a few digits."""
    if isinstance(value, str | bool | np.bool_):
        return str(value)
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        return str(value)
    text = np.array2string(array, precision=4, separator=", ", threshold=6)
    return " ".join(f"{float(array):.4g}".split() if array.ndim == 0 else text.split())


def code_of(exercise) -> str:
    """The shortest code of a function: without its docstring and blank lines."""
    tree = ast.parse(exercise.source())
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node):
            node.body = node.body[1:]
    return ast.unparse(tree).replace("\n\n", "\n")


def first_sentence(text: str, value=None) -> str:
    """The first sentence of what a right answer is told, without the answer itself.

    Examples
    --------
    >>> first_sentence("Right: 0.511, in nats. More.", 0.5108)
    'in nats.'
    """
    said = re.sub(r"^Right[:.,]?\s*", "", text)
    said = re.split(r"(?<=[.!?])\s+(?=[A-Z0-9`])", said, maxsplit=1)[0]
    number = re.match(r"([−-]?\d+(?:\.\d+)?)(?:, |\.$| )", said)
    if value is None or not number:
        return said
    same = np.isclose(float(number[1].replace("−", "-")), value, rtol=5e-3)
    return said[number.end() :] if same else said


def wrong(exercise) -> str:
    """The wrong answers that an exercise knows, each with a word."""
    told = []
    for one in exercise.mistakes:
        name = one.function.__name__.strip("_").replace("_", " ")
        if exercise.kind == "function":
            told.append(html.escape(name))
        elif exercise.kind in ("number", "array"):
            value = html.escape(shown(exercise.outcomes(one.function)[0].value))
            told.append(f"{value} {html.escape(name)}")
    return f'<p class="wrong">{" · ".join(told)}</p>' if told else ""


def entry(exercise, name: str) -> str:
    """An exercise or a question of the quiz: its answer and what is said of it."""
    value = exercise.results[0].value
    function = exercise.kind == "function"
    answer = "" if function else f"<b>{html.escape(shown(value))}</b> "
    said = rich(first_sentence(exercise.right, value if exercise.kind == "number" else None))
    code = f"<pre>{html.escape(code_of(exercise), quote=False)}</pre>" if function else ""
    return f'<p><span class="n">{name}</span> {answer}{said}</p>{code}{wrong(exercise)}'


def section(number: str, slug: str, title: str) -> str:
    """The answers of a notebook."""
    (source,) = _command.notebooks([number], _command.SOURCES, ".md")
    cells = source.read_text(encoding="utf-8").split("```")
    names = [found.exercise for cell in cells if (found := _check(cell))]
    letters = " ".join(
        f'<span class="n">{k}</span>&nbsp;{one.letter}'
        for k, one in enumerate(of_lesson(slug).values(), start=1)
    )
    parts = [f"<h2>{number} · {html.escape(title)}</h2>"]
    if letters:
        parts.append(f"<p>Predictions: {letters}</p>")
    module = exercises_of(slug)
    for k, name in enumerate(names, start=1):
        one = getattr(module, name)
        colon = "" if one.title.endswith("?") else ":"
        parts.append(entry(one, f"{k} · {html.escape(one.title)}{colon}"))
    return "".join(parts)


def _check(cell: str):
    return checked(cell) if "exercises." in cell else None


def quiz() -> str:
    """The answers of the final quiz."""
    answers = ((one.number, html.escape(shown(one.results[0].value))) for one in QUESTIONS)
    listed = " ".join(f'<span class="n">{n}</span>&nbsp;<b>{right}</b>' for n, right in answers)
    return f'<h2>Final quiz, in notebook 11</h2><p class="listed">{listed}</p>'


def page() -> str:
    """The page of the short key."""
    parts = (section(one.number, one.slug, one.title) for one in NOTEBOOKS)
    body = f'<h1>Short key</h1><div class="all">{"".join(parts)}{quiz()}</div>'
    style = _paper.sheet([], f"{_paper.COURSE} · short key · not for the room")
    return _paper.document(f"{_paper.COURSE}: short key", body, style, "shortkey")


def press(browser, folder: Path) -> int:
    """Print it for each size of paper; return how many pages it has.

    Raises
    ------
    ToolError
        If it has more than eight.
    """
    import tempfile

    with tempfile.TemporaryDirectory() as temporary:
        printed = Path(temporary) / "short-key.pdf"
        pages = _paper.press(browser, page(), printed)
        if pages > MOST:
            raise ToolError(f"the short key must have {MOST} pages at most; it has {pages}")
        targets = {size: folder / f"short-key-{size}.pdf" for size in _pdf.SHEETS}
        _pdf.finish(printed, targets)
    return pages
