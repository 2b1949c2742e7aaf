"""Where the course defines what: every term in bold, with its notebook and section.

A notebook sets a term in bold once, where it is defined. `concept_index` reads the Markdown sources
and returns these places; the book prints them. Run as ``python -m tools.concept_index`` it prints
the list; with ``--write`` (as `make notebooks` does) it also writes it into the source of notebook
00 and into the README, and both their tables of notebooks from the course's list.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from markdown_it.tree import SyntaxTreeNode

from cecourse.lessons import NOTEBOOKS
from tools._markdown import MARK, parser
from tools.claims import NUMBER, without_remarks

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "notebooks" / "source"
# What else is bold: keys to press, and (by their form) minutes, numbers, questions and calls.
KEYS = {"alt", "arrow keys", "ctrl", "enter", "esc", "shift", "tab"}
LONGEST_TERM = 5  # words; more is emphasis
# A term as it is looked up, where the sentence that defines it uses another form.
HEADWORDS = {
    "calibrated": "calibration",
    "nats": "nat",
    "proper": "proper score",
    "sparse": "sparse labels",
}


class Concept(NamedTuple):
    """One term and the place that defines it; the link is ``f"{file}#{anchor}"``."""

    term: str
    file: str
    anchor: str
    section: str
    bold: str  # as it is written there


def jupyter_anchor(title: str) -> str:
    """Return the anchor that JupyterLab gives a heading: its text with hyphens for spaces."""
    return title.strip().replace(" ", "-")


def concept_index(sources: Path | Iterable[Path] = SOURCES) -> list[Concept]:
    """Read the sources and return every defined term, in the order of the alphabet.

    Parameters
    ----------
    sources : Path or iterable of Path
        The folder of the Markdown sources, or the files themselves.

    Returns
    -------
    list of Concept
        One for each place; a term that two notebooks define has two, the earlier notebook first.
        The section is the nearest heading above, or the notebook's title.
    """
    files = sorted(sources.glob("[0-9][0-9]_*.md")) if isinstance(sources, Path) else sources
    pages = {Path(f).stem: _read(Path(f).read_text(encoding="utf-8")) for f in files}
    prose = " ".join(page.prose for page in pages.values())
    found = [
        Concept(_headword(bold, starts, prose), f"{stem}.ipynb", jupyter_anchor(title), title, bold)
        for stem, page in pages.items()
        for bold, starts, title in page.bold
        if _is_term(bold)
    ]
    once = {(concept.term, concept.file): concept for concept in reversed(found)}
    return sorted(once.values(), key=lambda concept: (concept.term.casefold(), concept.file))


class _Page(NamedTuple):
    """The words of a notebook, and what is bold: its text, does it begin a sentence, where."""

    prose: str
    bold: list[tuple[str, bool, str]]


def _read(text: str) -> _Page:
    """Read a source. Code and formulas never count, asked numbers neither, nor bold in headings."""
    # without what stands before the first cell, between cells (their metadata), and for slides
    text = re.sub(r"\A---\n.*?^---$|^\+\+\+[^\n]*$", "", text, flags=re.MULTILINE | re.DOTALL)
    title, prose, bold = "", [], []
    for block in SyntaxTreeNode(
        parser().parse(MARK.sub("", NUMBER.sub("0", without_remarks(text))))
    ).walk():
        if block.type != "inline":
            continue
        if title != "Concept index":  # made of what is found here
            prose += [part.content for part in block.walk() if part.type == "text"]
        if block.parent.type == "heading":
            title = _words(block)
        elif block.parent.type not in ("th", "td"):
            before = ""
            for part in block.children:
                if part.type == "strong":
                    starts = re.search(r"(^|[.!?:…])\W*$", before) is not None
                    bold.append((_words(part), starts, title))
                before += _words(part)
    return _Page(" ".join(prose), bold)


def _words(node: SyntaxTreeNode) -> str:
    leaves = [part for part in node.walk() if not part.children]
    return "".join(" " if part.type.endswith("break") else part.content for part in leaves)


def _is_term(bold: str) -> bool:
    if not re.search(r"[^\W\d_]", bold) or bold.endswith((".", "?", "!", ":", ",")):
        return False
    if re.match(r"\d+\s+minutes?\b", bold) or len(bold.split()) > LONGEST_TERM:
        return False
    if re.match(r"Claims? \d", bold):  # a verdict
        return False
    return not {key.strip().casefold() for key in bold.split("+")} <= KEYS


def _headword(bold: str, starts_sentence: bool, prose: str) -> str:
    """Return the entry: a capital that stands there for the sentence's sake becomes small.

    Newton and Adam keep theirs, because the course never writes them small.
    """
    first = re.match(r"\w+", bold)
    if starts_sentence and first and re.search(rf"\b{first[0].lower()}\b", prose):
        bold = bold[0].lower() + bold[1:]
    return HEADWORDS.get(bold, bold)


def with_index(source: str, concepts: Iterable[Concept]) -> str:
    """Return the text of notebook 00 with its index made anew: a line for each letter."""
    letters: dict[str, list[str]] = {}
    for concept in concepts:
        link = f"[{concept.term}]({concept.file}#{concept.anchor}) {concept.file[:2]}"
        letters.setdefault(concept.term[0].upper(), []).append(link)
    lines = [f"- *{letter}*: {' · '.join(links)}" for letter, links in letters.items()]
    before, rest = source.split("## Concept index\n", 1)
    head, after = rest.split("\n- *A*", 1)
    return f"{before}## Concept index\n{head}\n" + "\n".join(lines) + after[after.index("\n\n") :]


def with_table(text: str, concepts: Iterable[Concept] | None = None, folder: str = "") -> str:
    """Return a text with its table of notebooks made anew from the course's list.

    In the README, which lies elsewhere, a last column names the terms that a notebook defines.
    """
    terms: dict[str, list[str]] = {}
    for concept in concepts or ():
        terms.setdefault(concept.file[:2], []).append(concept.term)
    rows = ""
    for n in NOTEBOOKS if folder else NOTEBOOKS[1:]:  # notebook 00 does not list itself
        rows += f"| {n.number} | [{n.title}]({folder}{n.file}) | {n.minutes} "
        rows += f"| {n.minutes_with_exercises} | {n.question} |"
        rows += "\n" if concepts is None else f" {', '.join(terms.get(n.number, [])) or '–'} |\n"
    return re.sub(r"(?:^\| \d\d \|.*\n)+", lambda _: rows, text, count=1, flags=re.MULTILINE)


def renewed() -> dict[Path, str]:
    """What notebook 00 and the README should hold."""
    concepts, start, readme = concept_index(), SOURCES / "00_start_here.md", ROOT / "README.md"
    texts = {path: path.read_text(encoding="utf-8") for path in (start, readme)}
    return {
        start: with_table(with_index(texts[start], concepts)),
        readme: with_table(texts[readme], concepts, "notebooks/"),
    }


def write() -> list[Path]:
    """Bring notebook 00 and the README up to date; return the files that changed."""
    new = renewed()
    changed = [path for path, text in new.items() if path.read_text(encoding="utf-8") != text]
    for path in changed:
        path.write_text(new[path], encoding="utf-8", newline="\n")
    return changed


if __name__ == "__main__":
    if "--write" in sys.argv:
        for path in write():
            print(f"{path.relative_to(ROOT)}: concepts and notebooks renewed")
    else:
        for concept in concept_index():
            print(f"{concept.term:32s} {concept.file}#{concept.anchor}")
