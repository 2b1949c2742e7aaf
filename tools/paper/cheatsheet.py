"""The cheat sheet: four sheets of teaching/cheatsheet.md, every number computed when it is set."""

from __future__ import annotations

import math
import re

from tools._command import ROOT
from tools.claims import evaluated
from tools.paper._paper import COURSE, document, to_html
from tools.paper._pdf import SHEETS

CHEATSHEET = ROOT / "teaching" / "cheatsheet.md"


def source_text() -> str:
    """The cheat sheet's Markdown with every ``[[expression|format]]`` computed.

    The names an expression may use are ``ce``, ``np`` and ``math``.
    """
    import numpy as np

    import cehelpers as ce

    text = CHEATSHEET.read_text(encoding="utf-8")
    return evaluated(text, {"ce": ce, "np": np, "math": math})


def page(size: str) -> str:
    """The page of the cheat sheet: a sheet for each part between its rules (``---``)."""
    parts = re.split(r"^---$", source_text(), flags=re.MULTILINE)
    sheets = []
    for number, part in enumerate(parts, start=1):
        blocks = re.split(r"^(?=## )", part.strip(), flags=re.MULTILINE)
        head = to_html(blocks[0]) if not blocks[0].startswith("## ") else ""
        boxes = "".join(
            f'<section class="card">{to_html(block)}</section>'
            for block in blocks
            if block.startswith("## ")
        )
        sheets.append(
            f'<section class="sheet">{head}<div class="cards">{boxes}</div>'
            f"<footer>{COURSE} · cheat sheet · {number} of {len(parts)}</footer></section>"
        )
    width, height = (f"{length:g}mm" for length in SHEETS[size])
    style = (
        f"@page {{ size: {width} {height}; margin: 0; @bottom-center {{ content: none; }} }}\n"
        f".sheet {{ width: {width}; height: {height}; }}\n"
    )
    return document(f"{COURSE}: cheat sheet", "".join(sheets), style, "cheatsheet")
