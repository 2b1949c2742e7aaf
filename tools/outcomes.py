"""Write what one can do after each notebook, and where standard courses and books treat it.

`teaching/outcomes.md`; `make notebooks` does it too. The outcomes are the notebooks' own first
cells; only the places elsewhere stand here.
"""

from __future__ import annotations

import sys

from cecourse.lessons import NOTEBOOKS
from tools._command import ROOT, SOURCES, told
from tools._markdown import MARK
from tools.claims import without_remarks
from tools.slides.marks import blocks

FILE = ROOT / "teaching" / "outcomes.md"
HEAD = """# Outcomes, and where other courses treat them

For a syllabus, and for a course that has a book already: what a learner can do after each notebook,
as its first cell promises, and the sections of five courses and books in which the same matter
stands. "–": not there, or in passing. `make notebooks` writes this page.

- **D2L**: A. Zhang, Z. C. Lipton, M. Li, A. J. Smola, *Dive into Deep Learning*, 1.0 (2023),
  [d2l.ai](https://d2l.ai)
- **CS231n**: Stanford CS231n, *Deep Learning for Computer Vision*, the course's notes by their
  titles, [cs231n.github.io](https://cs231n.github.io)
- **MacKay**: D. J. C. MacKay, *Information Theory, Inference, and Learning Algorithms*
  (Cambridge, 2003)
- **Deep Learning**: I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning* (MIT Press, 2016)
- **Murphy**: K. P. Murphy, *Probabilistic Machine Learning: An Introduction* (MIT Press, 2022),
  by chapters
"""
NAMES = ("D2L", "CS231n", "MacKay", "Deep Learning", "Murphy")
SOFTMAX = '"Linear classification"'
SETTING_UP = '"Setting up the data and the loss", "Learning and evaluation"'
# of each notebook, where it stands in them, in this order; None: not there
ELSEWHERE: dict[str, tuple[str | None, ...]] = {
    "00": (None,) * 5,
    "01": ("22.11, 9.3", None, "2.4, 4, 5", "3.13", "6"),
    "02": ("22.11", SOFTMAX, "2.6, 5, 6.2", "3.13", "6"),
    "03": ("4.1", SOFTMAX, "39", "3.13, 6.2.2.2", "10"),
    "04": ("4.5", SOFTMAX, None, "4.1, 6.2.2.2", "2, 10"),
    "05": ("4.1, 4.4, 4.5", SOFTMAX, None, "6.2.2.3", "2, 10"),
    "06": ("22.7", '"Optimization"', "39, 41", "5.5, 6.2.1", "4, 8, 10"),
    "07": (None, None, None, "7.5.1", None),
    "08": (None,) * 5,
    "09": ("4.7", None, None, "11.1", "5"),
    "10": (None, None, None, "11.1", "5"),
    "11": ("3.6", SETTING_UP, None, "11.5", None),
    "12": ("4.5", None, None, None, None),
    "13": ("9.3, 11", None, "6", "12.4", "15"),
}


def page() -> str:
    """The whole page."""
    rows = [f"| notebook | {' | '.join(NAMES)} |", "|---" * (1 + len(NAMES)) + "|"]
    parts = []
    for book in NOTEBOOKS:
        places = (place or "–" for place in ELSEWHERE[book.number])
        rows.append(f"| {book.number} · {book.title} | {' | '.join(places)} |")
        source = (SOURCES / book.file).with_suffix(".md").read_text(encoding="utf-8")
        cell = source.partition("\n# ")[2].partition("```{code-cell}")[0]
        promised = next(part for part in blocks(without_remarks(f"# {cell}")) if part.items)
        items = "\n".join(f"- {MARK.sub('', item)}" for item in promised.items)
        parts.append(f"## {book.number} · {book.title}\n\nAfterwards you can\n\n{items}")
    return "\n\n".join([HEAD.strip(), "\n".join(rows), *parts]) + "\n"


def write() -> str:
    """Write the page; return what to say."""
    FILE.write_text(page(), encoding="utf-8", newline="\n")
    return f"{FILE.relative_to(ROOT)}: renewed"


if __name__ == "__main__":
    sys.exit(told(write))
