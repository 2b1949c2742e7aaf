"""What is alive on a notebook's page: which cells, and how the page's Python makes them anew.

An executed notebook shows widgets, and asks exercises that are answered in the cell below. On its
page each of them is an element with the class ``ce-alive``: it holds the controls as HTML, so that
they are seen before there is any Python, the expression that makes them, ``data-make``, and the
imports which that needs, ``data-imports``. Nothing is executed of the notebook itself: what needs
more than the course's own functions stands still.
"""

from __future__ import annotations

import ast
import base64
import builtins
import hashlib
import html
import inspect
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tools._cells import checked, parsed, shown_exercise, shown_prediction
from tools._command import WIDGET_VIEW
from tools._pictures import size_of

FIGURES, FRAMES = "_static/figures", "_static/frames"  # of the book: pictures, and moving ones
STILL = "<!-- still -->"  # the place of an explorer's picture until something draws it
PICTURE = re.compile(r'(<img [^>]*?width="(\d+)"[^>]*?)src="data:image/png;base64,([^"]+)"')


class Alive(NamedTuple):
    """A cell that is alive: the name of its element, and what makes it."""

    id: str
    make: str
    imports: str


class Living(NamedTuple):
    """What is alive of a notebook; each part by the position of its cell.

    Attributes
    ----------
    elements : dict of int to str
        The HTML of what is alive. An explorer's has `STILL` in the place of its picture.
    answers : set of int
        The cells in which a learner answers an exercise: its form takes their place.
    opens : dict of int to list of str
        The ids of the predictions that a folded output answers.
    """

    elements: dict[int, str]
    answers: set[int]
    opens: dict[int, list[str]]


def living(file: Path, folder: Path) -> Living:
    """Find what is alive of an executed notebook and make it.

    Parameters
    ----------
    file : Path
        The notebook.
    folder : Path
        The book's source; pictures are written below it.
    """
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    found, answers = alive(cells)
    elements = {position: _element(one, file, folder) for position, one in found.items()}
    for position, cell in enumerate(cells):
        if "".join(cell["source"]).strip() == "progress()":
            table = "".join(cell["outputs"][0]["data"]["text/html"])
            elements[position] = f'<div class="ce-progress">{table}</div>'
    return Living(elements, answers, _opens(cells, found))


def alive(cells: Iterable[Mapping[str, Any]]) -> tuple[dict[int, Alive], set[int]]:
    """What is alive among a notebook's cells, by position, and the positions of its answers."""
    found: dict[int, Alive] = {}
    answers: set[int] = set()
    known: dict[str, str] = {}  # names, and the statements that bring them
    taken: set[str] = set()
    asked = None  # the position of the exercise that waits for its answer's cell
    for position, cell in enumerate(cells):
        if cell["cell_type"] != "code":
            continue
        source = "".join(cell["source"])
        body = parsed(source)
        known |= _imported(body)
        if (check := checked(source)) and asked is not None:
            exercise = f"exercises.{check.exercise}"
            if found[asked].make == exercise:
                code = source.partition(check.call)[0].strip()
                found[asked] = _with_code(found[asked], code, known)
                answers.add(position)
                continue
        last = body[-1].value if body and isinstance(body[-1], ast.Expr) else None
        if last is None or not (_is_widget(cell) or shown_exercise(source)):
            continue
        if made := _made(last, known):
            name = _free(_name(last), taken)
            found[position] = Alive(name, *made)
            asked = position if shown_exercise(source) else asked
    return found, answers


def _is_widget(cell: Mapping[str, Any]) -> bool:
    return any(WIDGET_VIEW in output.get("data", {}) for output in cell["outputs"])


def _imported(body: Iterable[ast.stmt]) -> dict[str, str]:
    """The names that statements import, each with a statement that imports it alone."""
    found = {}
    for statement in body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            for one in statement.names:
                alone = type(statement)(**{**vars(statement), "names": [one]})
                found[one.asname or one.name.partition(".")[0]] = ast.unparse(alone)
    return found


def _made(expression: ast.expr, known: Mapping[str, str]) -> tuple[str, str] | None:
    """The expression that makes something on a page, and its imports; None where none does.

    Where its arguments were computed by the notebook, it is made without them, if it can be:
    ``explorers.examine(runs)`` makes its own.
    """
    if (imports := _imports_of(expression, known)) is not None:
        return ast.unparse(expression), imports
    if isinstance(expression, ast.Call):
        bare = ast.Call(expression.func, [], [])
        if (imports := _imports_of(bare, known)) is not None:
            try:
                inspect.signature(_value(ast.unparse(expression.func), imports)).bind()
            except TypeError:
                return None
            return ast.unparse(bare), imports
    return None


def _imports_of(expression: ast.expr, known: Mapping[str, str]) -> str | None:
    """The imports that bring an expression's names; None if they do not bring all."""
    names = sorted({one.id for one in ast.walk(expression) if isinstance(one, ast.Name)})
    needed = [name for name in names if not hasattr(builtins, name)]
    if not all(name in known for name in needed):
        return None
    return "\n".join(known[name] for name in needed)


def _with_code(one: Alive, code: str, known: Mapping[str, str]) -> Alive:
    """An exercise, and if it asks for code what its form begins with: that of the answer's cell.

    What is written there may use the modules that the notebook has imported whole.
    """
    if _value(one.make, one.imports).kind not in ("function", "array"):
        return one
    setup = "\n".join(line for line in known.values() if line.startswith("import "))
    return one._replace(make=f"answer_form({one.make}, code={code!r}, setup={setup!r})")


def _value(expression: str, imports: str) -> Any:
    names: dict[str, Any] = {}
    exec(imports, names)
    return eval(expression, names)


def _name(expression: ast.expr) -> str:
    """The last name of a function or of what is shown: ``die`` of ``explorers.die()``."""
    called = expression.func if isinstance(expression, ast.Call) else expression
    return ast.unparse(called).rpartition(".")[2]


def _free(name: str, taken: set[str]) -> str:
    """A name that no element of the page has yet."""
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    taken.add(free)
    return free


def _opens(cells: Iterable[Mapping[str, Any]], found: Mapping[int, Alive]) -> dict[int, list[str]]:
    """Of each folded output, the ids of the predictions that were asked last before it."""
    opens, asked, asking = {}, [], False
    for position, cell in enumerate(cells):
        if cell["cell_type"] != "code":
            continue
        if shown_prediction("".join(cell["source"])):
            asked = [*(asked if asking else []), found[position].id]
            asking = True
            continue
        asking = False
        if "hide-output" in cell["metadata"].get("tags", []) and cell["outputs"]:
            opens[position] = asked
    return opens


def _element(one: Alive, file: Path, folder: Path) -> str:
    """The element of something alive, as it is before any Python runs on the page."""
    from cecourse import markup, page
    from cecourse.explorer import Explorer
    from cecourse.prediction import Form
    from tools.site import frames

    made = page.root(one.make, one.imports)
    kind = "ce-alive predict-first" if isinstance(made, Form) else "ce-alive"
    told = {"class": kind, "id": one.id, "data-make": one.make, "data-imports": one.imports}
    if isinstance(made, Explorer):
        name = f"{FRAMES}/{file.name[:2]}-{one.id}.json.gz"
        if frames.write(made, folder / name):
            told["data-frames"] = name
        grid = next(part for part in made.walk() if part.kind == "GridBox")
        scenery, moving = grid.children
        scenery.value, moving.value = "", STILL
    attributes = "".join(f' {name}="{html.escape(value)}"' for name, value in told.items())
    controls = PICTURE.sub(lambda found: _as_file(found, folder), markup.html_of(made, one.id))
    return f"<div{attributes}>{controls}</div>"


def _as_file(image: re.Match, folder: Path) -> str:
    """Keep a picture that lies in HTML as a file of the book: an image that knows its height."""
    look, width, encoded = image.groups()
    content = base64.b64decode(encoded)
    across, down = size_of(content)
    name = f"{FIGURES}/{hashlib.sha256(content).hexdigest()[:16]}.png"
    (folder / name).write_bytes(content)
    return f'{look}height="{round(int(width) * down / across)}" src="{name}"'
