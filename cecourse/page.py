"""The face of widgets in the book: what a page asks of the Python behind it.

In the page's worker `main` is called with each request, as JSON: it never raises, and its answer
says what to change on the page. `handle` lists requests and answers, `markup` writes the HTML. None
of them needs more than NumPy.
"""

from __future__ import annotations

import base64
import contextlib
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any

from . import store
from .exercise import report
from .exercise.exercise import Exercise
from .exercise.form import answer_form
from .markup import html_of, inner_of, page_value, readout_of, themed
from .prediction import Form, Prediction
from .widgets import Button, Control, Dropdown, FileUpload, FloatLogSlider, IntSlider, alike

# What a page loads when code asks for it: the module, and the package of Pyodide that holds it.
PACKAGES = {"matplotlib": "matplotlib", "scipy": "scipy", "sklearn": "scikit-learn"}
PACKAGES |= {"PIL": "pillow"}
_roots: dict[str, Control] = {}


def root(make: str, imports: str = "") -> Control:
    """Make the controls that a page asks for.

    Parameters
    ----------
    make : str
        An expression: a control, a `Prediction` or an `Exercise`, such as ``explorers.die()``,
        ``predictions.both_together``, or ``answer_form(exercises.bce, code="def bce(y, p): ...")``.
    imports : str
        The statements that bring its names.
    """
    names: dict[str, Any] = {"answer_form": answer_form}
    exec(imports, names)
    made = eval(make, names)
    if isinstance(made, Prediction):
        return Form(made)
    if isinstance(made, Exercise):
        return answer_form(made)
    if not isinstance(made, Control):
        raise TypeError(f"make must give a control, a prediction or an exercise; got {made!r}")
    return made


# ---------------------------------------------------------------- values, as a page sends them


def set_page_value(control: Control, value: Any) -> None:
    """Set a control to what a page sends.

    Raises
    ------
    ValueError, TypeError
        If such a control has no such value.
    """
    about = f"value of {getattr(control, 'description', '') or control.kind!r}"
    if isinstance(control, Dropdown):
        last = len(control.pairs) - 1
        if type(value) is not int or not 0 <= value <= last:
            raise ValueError(f"{about} must be an index from 0 to {last}; got {value!r}")
        control.index = value
    elif isinstance(control, IntSlider):
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
            raise TypeError(f"{about} must be a number; got {value!r}")
        control.value = control.base**value if isinstance(control, FloatLogSlider) else value
    elif isinstance(control, FileUpload):
        control.value = [_file(about, one) for one in value]
    else:
        kind = {"Checkbox": bool, "ToggleButton": bool, "Text": str, "Textarea": str}
        wanted = kind.get(control.kind)
        if wanted is None:
            raise TypeError(f"{about} cannot be set by a page")
        if type(value) is not wanted:
            raise TypeError(f"{about} must be a {wanted.__name__}; got {value!r}")
        control.value = value


def _file(about: str, sent: Mapping) -> dict[str, Any]:
    """A file as `FileUpload` has it; its content is base64 in JSON."""
    content = sent["content"]
    if isinstance(content, str):
        try:
            content = base64.b64decode(content, validate=True)
        except ValueError as error:
            raise ValueError(f"{about}: content must be base64; {error}") from None
    return {"name": str(sent["name"]), "content": bytes(content)}


# ---------------------------------------------------------------- requests and answers


def main(request: str) -> str:
    """`handle`, of JSON and to JSON."""
    return json.dumps(handle(json.loads(request)), ensure_ascii=False)


def handle(request: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a request of a page; it never raises.

    Parameters
    ----------
    request : dict
        One of, each with ``"store"``, the text of the learner's file, or None where there is none:

        - ``{"op": "open", "root": id, "make": …, "imports": …}``, see `root`
        - ``{"op": "set", "root": id, "events": [{"path": …, "value": …}, {"path": …, "click":
          true}]}``: what a reader has done, in order
        - ``{"op": "progress"}``
        - ``{"op": "import", "text": …}``: bring in another file; trees that are open are to be
          opened again

    Returns
    -------
    dict
        - "html", of what was opened, or the table of progress
        - "changes", after "set": each has a "path" and either "inner" (of words), "html" (of the
          whole element), or those that changed of "value", "readout", "disabled", "label", "title"
        - "store", the text of the learner's file, if it changed
        - "before", after "import", the text that was there
        - "downloads", files that were written: ``[{"name": …, "text": …}]``
        - "said", what was printed
        - "error", a sentence; beside it "missing", the package of Pyodide to be loaded before the
          same request is made again. Nothing of the learner's is changed then.
    """
    seen, printed = _Missing(), io.StringIO()
    kept, given, files = None, request.get("store"), set(Path.cwd().iterdir())
    sys.meta_path.insert(0, seen)
    answer: dict[str, Any] = {}
    undo: list[Callable[[], Any]] = []
    try:
        with contextlib.redirect_stdout(printed):
            if "store" in request:
                store.current().replace(request["store"])
            kept = store.current().text()
            known = {"open": _open, "set": _set, "progress": _progress, "import": _import}
            if request.get("op") not in known:
                raise ValueError(f"op must be one of {', '.join(known)}; got {request.get('op')!r}")
            answer = known[request["op"]](request, undo)
    except Exception as error:
        answer = {"error": _complaint(error)}
    finally:
        sys.meta_path.remove(seen)
    if seen.package:
        for act in undo:
            act()
        return {"missing": seen.package, "error": f"{seen.package} must be loaded first"}
    if (text := store.current().text()) != kept or (text is None and given is not None):
        answer["store"] = text
    if made := _taken(set(Path.cwd().iterdir()) - files):
        answer["downloads"] = made
    if printed.getvalue():
        answer["said"] = printed.getvalue()
    return answer


def _complaint(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


class _Missing:
    """Sees which package is asked for and not there: the error itself may be caught on its way."""

    package = ""

    def find_spec(self, name, path=None, target=None):
        if name in PACKAGES and getattr(PathFinder.find_spec(name), "origin", None) is None:
            # nothing of it, or a folder that holds but bytecode kept from an earlier visit
            self.package = self.package or PACKAGES[name]
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def _taken(paths: Iterable[Path]) -> list[dict[str, str]]:
    """The files that a request wrote, taken out of a folder that nobody sees."""
    own = store.current().path
    found = []
    for path in sorted(paths):
        if path != own and path.is_file():
            found.append({"name": path.name, "text": path.read_text("utf-8", errors="replace")})
            path.unlink()
    return found


def _open(request: Mapping, undo: list) -> dict[str, Any]:
    made = root(request["make"], request.get("imports", ""))
    _roots[request["root"]] = made
    return {"html": html_of(made, request["root"])}


def _set(request: Mapping, undo: list) -> dict[str, Any]:
    name = request["root"]
    if name not in _roots:
        raise ValueError(f"root {name!r} is not open")
    tree = _roots[name]
    fields = {one: {field: getattr(one, field) for field in one.fields} for one in tree.walk()}
    undo += [partial(one.__dict__.update, was) for one, was in fields.items()]
    shown = {one: page_value(one) for one in fields}
    answer = {}
    try:
        for event in request["events"]:
            _act(tree, event, shown)
    except Exception as error:
        answer["error"] = _complaint(error)
    return {"changes": list(_changes(tree, name, "0", fields, shown))} | answer


def _act(tree: Control, event: Mapping, shown: dict[Control, Any]) -> None:
    """Do what a reader did, and note what the page shows since."""
    if unknown := set(event) - {"path", "value", "click"}:
        raise ValueError(f"an event has path and value or click; got {sorted(unknown)}")
    one = _at(tree, event["path"])
    if getattr(one, "disabled", False):
        return  # it was pressed twice before it was known to be disabled
    if "value" in event:
        shown[one] = event["value"]
        set_page_value(one, event["value"])
    elif isinstance(one, Button):
        one.click()
    else:
        raise TypeError(f"path {event['path']!r} is no button; got a click")


def _at(tree: Control, path: str) -> Control:
    """The control at the end of a path."""
    one = tree
    try:
        if not re.fullmatch(r"0(\.\d+)*", path):
            raise IndexError
        for place in path.split(".")[1:]:
            one = getattr(one, "children", ())[int(place)]
    except (TypeError, IndexError):
        raise ValueError(f"path {path!r} leads to no control") from None
    return one


def _changes(
    one: Control, name: str, path: str, fields: Mapping[Control, Mapping], shown: Mapping
) -> Iterator[dict[str, Any]]:
    """What differs from what the page shows, of a control and of those below it."""
    was = fields[one]
    changed = {field for field, old in was.items() if not alike(old, getattr(one, field))}
    if "children" in was and "children" not in changed:
        for i, child in enumerate(one.children):
            yield from _changes(child, name, f"{path}.{i}", fields, shown)
    elif one.kind in ("HTML", "Output"):
        if changed:
            yield {"path": path, "inner": inner_of(one)}
    elif changed - {"value", "disabled", "description", "tooltip"}:
        yield {"path": path, "html": html_of(one, name, path)}
    else:
        words = {"disabled": "disabled", "description": "label", "tooltip": "title"}
        told = {word: getattr(one, field) for field, word in words.items() if field in changed}
        if (value := page_value(one)) != shown[one]:
            told |= {"value": value, **readout_of(one)}
        if told:
            yield {"path": path} | told


# ---------------------------------------------------------------- the learner's file


def _progress(request: Mapping, undo: list) -> dict[str, Any]:
    return {"html": themed(report.table())}


def _import(request: Mapping, undo: list) -> dict[str, Any]:
    before = store.current().text()
    store.current().bring_in(request["text"])
    return {"before": request.get("store", before)}
