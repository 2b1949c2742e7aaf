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
from PIL import Image

THUMBNAIL = 240  # pixels wide
COARSE = 16  # where a model was trained: curves and dots move with another processor's last bits
ALLOWED = 40  # of 255; another processor's kernels make at most 1, two labels exchanged 100


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


def picture_difference(one: str, other: str, width: int = THUMBNAIL) -> int:
    """Return the largest difference of two pictures made so small; that of other sizes is 255."""
    if one.strip() == other.strip():
        return 0
    whole = [Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB") for png in (one, other)]
    if whole[0].size != whole[1].size:
        return 255
    size = (width, round(whole[0].height * width / whole[0].width))
    how = Image.Resampling.BOX if width == COARSE else Image.Resampling.BICUBIC
    small = [np.asarray(picture.resize(size, how), dtype=int) for picture in whole]
    return int(np.abs(small[0] - small[1]).max())


def other_pictures(cell, others: Iterable) -> list[str]:
    """What is to be said of a cell's pictures beside those of other outputs; nothing, if the same.

    A cell with the tag "trained" draws what training came to: only a panel, a filled colour or an
    empty picture shows at its size. Its labels are held by a test of what is drawn.
    """
    ones, others = pictures(cell.get("outputs", [])), pictures(others)
    if len(ones) != len(others):
        return [f"{len(ones)} pictures, and {len(others)}"]
    width = COARSE if "trained" in cell.metadata.get("tags", []) else THUMBNAIL
    found = [picture_difference(*pair, width) for pair in zip(ones, others, strict=True)]
    return [
        f"picture {number} differs by up to {difference} of 255"
        for number, difference in enumerate(found, 1)
        if difference > ALLOWED
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
