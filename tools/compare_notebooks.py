"""Say in words where two folders of notebooks differ: `python -m tools.compare_notebooks A B`.

Everything that a reader sees must agree. Last bits of pictures differ between processors: two are
the same if, at a size where a letter still counts, no point differs by much.
"""

from __future__ import annotations

import base64
import difflib
import io
import sys
from collections.abc import Iterable
from pathlib import Path

import nbformat
import numpy as np
from PIL import Image, ImageFilter

THUMBNAIL = 240  # pixels wide
TRAINED = 3  # pixels of it by which the curve of a trained model moves on another processor
# Of 255. Another processor's kernels make at most 1 where nothing was trained, and 44 where it was;
# two labels exchanged make 100.
ALLOWED = {0: 40, TRAINED: 70}


def words(cell) -> list[str]:
    """Everything textual in a cell: its code or prose, and what its outputs say."""
    found = [cell.source]
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        described = output.get("metadata", {}).get("image/png", {}).get("alt", "")
        found += [output.get("text", ""), described]
        found += [
            str(content)
            for kind, content in sorted(data.items())
            # a live picture has its description once more, in HTML that is not stored
            if kind.startswith("text/") and not (kind == "text/html" and described)
        ]
    return found


def pictures(outputs: Iterable) -> list[str]:
    """The pictures among outputs, as they are stored."""
    return [
        output["data"]["image/png"] for output in outputs if "image/png" in output.get("data", {})
    ]


def picture_difference(one: str, other: str, moves: int = 0) -> int:
    """Return the largest difference of two pictures, of 255; that of other sizes is 255.

    What has moved by so many pixels of a thumbnail is the same.
    """
    if one.strip() == other.strip():
        return 0
    whole = [Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB") for png in (one, other)]
    if whole[0].size != whole[1].size:
        return 255
    width, height = whole[0].size
    pair = [picture.resize((THUMBNAIL, round(height * THUMBNAIL / width))) for picture in whole]
    return max(_outside(*pair, moves), _outside(*pair[::-1], moves))


def _outside(one: Image.Image, other: Image.Image, moves: int) -> int:
    """How far a point of one lies outside of what the points around it are in the other."""
    around = (ImageFilter.MinFilter(2 * moves + 1), ImageFilter.MaxFilter(2 * moves + 1))
    low, high = (np.asarray(other.filter(part), dtype=int) for part in around)
    points = np.asarray(one, dtype=int)
    return int(np.maximum(low - points, points - high).max())


def other_pictures(cell, others: Iterable) -> list[str]:
    """What is to be said of a cell's pictures beside those of other outputs; nothing, if the same.

    A cell with the tag "trained" draws what training came to: another processor moves its curves.
    """
    ones, others = pictures(cell.get("outputs", [])), pictures(others)
    if len(ones) != len(others):
        return [f"{len(ones)} pictures, and {len(others)}"]
    moves = TRAINED if "trained" in cell.metadata.get("tags", []) else 0
    found = [picture_difference(*pair, moves) for pair in zip(ones, others, strict=True)]
    return [
        f"picture {number} differs by up to {difference} of 255"
        for number, difference in enumerate(found, 1)
        if difference > ALLOWED[moves]
    ]


def differences(one: Path, other: Path) -> list[str]:
    """Return the lines in which notebooks differ; one that is missing differs in all.

    Raises
    ------
    FileNotFoundError
        If a folder holds no notebook: nothing always agrees with nothing.
    """
    for folder in (one, other):
        if not any(folder.glob("*.ipynb")):
            raise FileNotFoundError(f"no notebook in {folder}")
    lines = []
    for name in sorted({path.name for folder in (one, other) for path in folder.glob("*.ipynb")}):
        cells = [
            nbformat.read(folder / name, as_version=4).cells if (folder / name).exists() else []
            for folder in (one, other)
        ]
        texts = [
            [line for cell in read for line in "\n".join(words(cell)).splitlines()]
            for read in cells
        ]
        lines += difflib.unified_diff(*texts, str(one / name), str(other / name), n=1, lineterm="")
        for place, (cell, again) in enumerate(zip(*cells, strict=False)):
            drawn = other_pictures(cell, again.get("outputs", []))
            lines += [f"{name}, cell {place}: {words}" for words in drawn]
    return lines


if __name__ == "__main__":
    first, second = map(Path, sys.argv[1:3])
    found = differences(first, second)
    count = len(list(first.glob("*.ipynb")))
    print("\n".join(found) or f"The {count} notebooks agree.")
    sys.exit(bool(found))
