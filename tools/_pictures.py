"""Pictures as the notebooks store them: their size, and a tall one cut into bands."""

from __future__ import annotations

import base64
import copy
import io
import itertools
import struct

from tools._command import ToolError


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
