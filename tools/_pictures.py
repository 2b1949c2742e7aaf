"""Pictures as the notebooks store them, cut into bands or drawn again from what they need."""

from __future__ import annotations

import ast
import base64
import copy
import functools
import hashlib
import io
import itertools
import json
import pickle
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cecourse import picture
from cecourse.picture import Picture
from cecourse.slide_form import ROOM, slide_form
from tools import _command, _slice
from tools._cells import shows
from tools._command import ToolError
from tools._slice import needed, run, statements_of
from tools.slides.marks import at_code

TALLEST = 1200  # pixels: at half its size, a picture fills a slide
CODE = ("cehelpers", "cecourse")  # what draws, and its data
KEPT = _command.ROOT / "build" / "pictures"
TOOLS = (__file__, _slice.__file__)


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height of a PNG in pixels, from the place where it says so."""
    return struct.unpack(">II", png[16:24])


def bands(output, count: int) -> list:
    """Cut a tall picture across, where nothing is drawn, into bands of about equal height."""
    if count == 1:
        return [output]
    import numpy as np
    from PIL import Image

    with Image.open(io.BytesIO(base64.b64decode(output.data["image/png"]))) as image:
        whole = image.convert("RGB")
    pixels = np.asarray(whole)
    drawn = (pixels != pixels[:, :1]).any(axis=(1, 2))
    edges = np.flatnonzero(np.diff(np.concatenate([[True], drawn, [True]])))
    gaps = edges.reshape(-1, 2)  # from, to: rows of pixels of one colour
    cuts = [0]
    for part in range(1, count):
        middle = len(pixels) * part / count
        near = gaps[np.abs(gaps.mean(axis=1) - middle) < 0.2 * len(pixels) / count]
        if not len(near):
            raise ToolError(f"a picture without a gap near {part}/{count} of its height")
        cuts.append(int(near[np.argmax(near[:, 1] - near[:, 0])].mean()))
    cuts.append(len(pixels))
    found = []
    for part, (top, bottom) in enumerate(itertools.pairwise(cuts), start=1):
        file = io.BytesIO()
        whole.crop((0, top, whole.width, bottom)).save(file, "PNG", optimize=True)
        band = copy.deepcopy(output)
        band.data["image/png"] = base64.b64encode(file.getvalue()).decode()
        alt = band.metadata["image/png"]["alt"]
        band.metadata["image/png"]["alt"] = f"Band {part} of {count}, from the top. {alt}"
        found.append(band)
    return found


# ------------------------------------------------------------ drawn again


def shown(output) -> bool:
    """Whether an output of a stored cell is a picture."""
    return "image/png" in output.get("data", {})


def is_live(output) -> bool:
    """Whether a picture is the still one of something with controls."""
    return _command.WIDGET_VIEW in output["data"]


def pictures_of(notebook, wanted: Callable[[Any, Any], bool]) -> list[tuple[Any, Any]]:
    """The pictures of a stored notebook that are wanted: of each its cell and its output."""
    cells = (cell for cell in notebook.cells if cell.cell_type == "code")
    found = ((cell, output) for cell in cells for output in filter(shown, cell.outputs))
    return [(cell, output) for cell, output in found if wanted(cell, output)]


def drawn(notebook, stem: str, wanted: Callable[[Any, Any], bool]) -> Iterator[tuple[Any, Picture]]:
    """Draw a notebook's pictures again: run what they need, in this process, and nothing else.

    Parameters
    ----------
    notebook, stem
        A stored notebook and its name.
    wanted : callable
        ``wanted(cell, output)`` says which of its pictures.

    Yields
    ------
    (cell, Picture)
        Where a picture is stored, and what is drawn in its place, as soon as it is.

    Raises
    ------
    ToolError
        If a cell fails without what was left out, or draws or says otherwise than the stored one.
    """
    statements, cells = statements_of(notebook)
    targets = {}
    for cell, output in pictures_of(notebook, wanted):
        places = cells[notebook.cells.index(cell)]
        showing = places[-1:] if is_live(output) else [i for i in places if shows(statements[i])]
        targets[next(i for i in showing if i not in targets)] = cell, output
    names: dict[str, Any] = {"__name__": "__main__"}
    for place in sorted(needed(statements, set(targets))):
        statement = statements[place]
        if place in targets and shows(statement):
            statement = ast.Expr(statement.value.args[0])
        try:
            found = run(statement, names)
        except Exception as error:
            code = ast.unparse(statements[place])
            raise ToolError(f"{stem}, drawn alone: {error!r} in\n{code}") from error
        if place in targets:
            cell, output = targets[place]
            made = found if isinstance(found, Picture) else found.picture
            _require_same(made, output, cell, f"{stem}, {ast.unparse(statement)[:60]}")
            yield cell, made


def _require_same(made: Picture, output, cell, where: str) -> None:
    """Raise `ToolError` where a picture, or its description, is not the stored one."""
    from tools.compare_notebooks import other_pictures

    alt, stored = picture.check_alt(made.description), output.metadata["image/png"]["alt"]
    if alt != stored:
        raise ToolError(f"{where} says of its picture\n{alt}\nand has stored\n{stored}")
    file = io.BytesIO()
    quick = {"compress_level": 1}
    made.figure.savefig(file, dpi=2 * picture.PIXELS_PER_INCH, pil_kwargs=quick)
    png = base64.b64encode(file.getvalue()).decode()
    again = [{"data": {"image/png": png}} if shown(one) else one for one in cell.outputs]
    if found := other_pictures(cell, again):
        raise ToolError(f"{where}, drawn alone: {'; '.join(found)}")


def pictures(path: Path, folder: Path) -> list[tuple[Any, Any, Picture]]:
    """A stored notebook's pictures: of each its cell, its output and what is drawn in its place.

    They are drawn once for each `edition`, and then kept in the folder, for slides and for print.

    Raises
    ------
    ToolError
        As `drawn`; or if a picture cannot be pickled, as one with a lambda cannot.
    """
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    target = kept(path, folder, "pickle")
    if not target.exists():
        made = [one for _, one in drawn(notebook, path.stem, lambda *_: True)]
        try:
            keep(target, pickle.dumps(made))
        except (AttributeError, pickle.PicklingError) as error:
            raise ToolError(f"{path.stem}: a picture cannot be kept: {error}") from error
    found = pickle.loads(target.read_bytes())  # our own file
    places = pictures_of(notebook, lambda *_: True)
    return [(*place, made) for place, made in zip(places, found, strict=True)]


def kept(path: Path, folder: Path, ending: str) -> Path:
    """Where a notebook's pictures are kept, for this edition of all that they need."""
    return folder / f"{path.stem}-{edition(path)}.{ending}"


def keep(target: Path, content: bytes) -> None:
    """Write a file that is `kept`, whole or not at all; those of other editions go."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for old in target.parent.glob(f"{target.stem.rpartition('-')[0]}-*{target.suffix}"):
        old.unlink()
    unfinished = target.with_suffix(".part")
    unfinished.write_bytes(content)
    unfinished.replace(target)


def edition(path: Path) -> str:
    """A short name of what a notebook's pictures are made from: it, the libraries and the code."""
    import matplotlib
    import numpy

    made = hashlib.sha256(path.read_bytes())
    made.update(f"{matplotlib.__version__} {numpy.__version__}".encode())
    for file in _code():
        made.update(file)
    return made.hexdigest()[:16]


@functools.cache
def _code() -> list[bytes]:
    """The files that draw, and their data."""
    files = itertools.chain(*((_command.ROOT / part).rglob("*.*") for part in CODE))
    kept = sorted(file for file in files if file.is_file() and file.suffix != ".pyc")
    return [file.read_bytes() for file in [*kept, *map(Path, TOOLS)]]


# ------------------------------------------------------------ for slides


def with_slide_forms(path: Path, folder: Path):
    """Return a stored notebook whose pictures are laid out for slides, as `slide_forms` wrote them.

    What each picture's metadata have more is ``type``, the size of its smallest type in pixels.
    """
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    forms = json.loads(kept(path, folder, "json").read_text(encoding="utf-8"))
    for (_, output), form in zip(pictures_of(notebook, on_a_slide), forms, strict=True):
        output.data["image/png"], output.metadata["image/png"]["type"] = form
    return notebook


def slide_forms(path: Path, folder: Path) -> Path:
    """Write the slide form of a notebook's pictures, and return the file, which is `kept`.

    It holds JSON: of each picture that a slide shows the PNG, in base64, and the size of its
    smallest type in pixels of the slide.
    """
    found = []
    for cell, output, made in pictures(path, folder):
        if on_a_slide(cell, output):
            height = ROOM[1] * at_code(cell).get("bands", 1)
            size = slide_form(made.figure, height)
            png = picture.png_bytes(made.figure, height / made.figure.get_size_inches()[1])
            found.append((base64.b64encode(png).decode(), round(size, 1)))
    target = kept(path, folder, "json")
    keep(target, json.dumps(found).encode())
    return target


def type_sizes(path: Path, folder: Path) -> list[float]:
    """The smallest type, in pixels of a slide, in each picture of a deck."""
    return [size for _, size in json.loads(kept(path, folder, "json").read_text(encoding="utf-8"))]


def on_a_slide(cell, output) -> bool:
    """Whether a deck shows a picture; one that is too tall is only described."""
    marks = at_code(cell)
    _, height = size_of(base64.b64decode(output.data["image/png"]))
    return "skip" not in marks and height <= TALLEST * marks.get("bands", 1)
