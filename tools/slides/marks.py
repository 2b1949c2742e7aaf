"""The marks by which a notebook's text says what stands on a slide, and what they may stand at.

A mark is a remark in the Markdown, invisible wherever the notebook is read, at the thing itself:
``<!-- slide -->`` behind a sentence or above a block. A code cell has the key ``slide`` in its
metadata. teaching/slides/README.md lists them all; `check_marks` is asked when a notebook is built.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from markdown_it.tree import SyntaxTreeNode

from tools._cells import shown_prediction
from tools._command import ToolError
from tools._markdown import MARK, parser

KINDS = {
    "heading": "heading",
    "math_block": "formula",
    "fence": "code",
    "table": "table",
    "bullet_list": "list",
    "ordered_list": "list",
}
ABOVE = {  # what a mark on a line of its own may stand above
    "slide": ("text",),
    "said": ("heading", "formula", "code", "table", "list"),
    "new": ("text", "formula", "code", "table", "list"),
    "skip": ("heading",),
}
BEHIND = ("slide", "ask")  # what may stand behind a sentence
AT_CODE = ("code", "output", "click", "new", "skip")


class SlideError(ToolError):
    """A slide mark that cannot be obeyed; the message says which."""


class Block(NamedTuple):
    """A block of Markdown: its kind, its text, the marks above it, the items of a list."""

    kind: str
    text: str
    marks: tuple[str, ...]
    items: tuple[str, ...] = ()

    def sentences(self, mark: str) -> list[str]:
        """The sentences that a mark stands behind; all, where one stands above the paragraph."""
        if mark in self.marks:
            return [self.plain]
        parts, found = MARK.split(self.text), []
        for chunk, name in zip(parts[::2], parts[1::2], strict=False):
            found += sentences(chunk)[-1:] if (name or "slide") == mark else []
        return found

    @property
    def plain(self) -> str:
        """Its text without marks."""
        return MARK.sub("", self.text)


def blocks(source: str) -> list[Block]:
    """Split the Markdown of a cell into its blocks."""
    lines, found, marks = source.splitlines(), [], ()
    for node in SyntaxTreeNode(parser().parse(source)).children:
        text = "\n".join(lines[slice(*node.map)]).strip()
        if mark := MARK.fullmatch(text):
            marks += (mark[1] or "slide",)
            continue
        kind = KINDS.get(node.type, "text")
        items = tuple(map(_item, node.children)) if kind == "list" else ()
        found.append(Block(kind, text.strip(), marks, items))
        marks = ()
    if marks:
        raise SlideError(f"a mark that stands above nothing: {', '.join(marks)}")
    return found


def _item(node: SyntaxTreeNode) -> str:
    return " ".join(" ".join(n.content for n in node.walk() if n.type == "inline").split())


def sentences(paragraph: str) -> list[str]:
    """Split a paragraph into sentences; emphasis, code and formulas are never cut."""
    text = " ".join(re.sub(r"^> ?", "", paragraph, flags=re.MULTILINE).split())
    found: list[str] = []
    start = 0
    for match in re.finditer(r"(?<=[.?!])[)”\"*]*\s+(?=[A-Z0-9“\"$`*(\[…½])", text):
        part = text[start : match.end()].strip()
        if part.count("*") % 2 or part.count("`") % 2 or part.count("$") % 2:
            continue
        if part.count("(") > part.count(")") or part.count("[") > part.count("]"):
            continue
        if re.search(r"\b([A-Z]|e\.g|i\.e|cf|vs|Fig|Eq|Dr|pp?|vol|no|ed|eds)\.$", part):
            continue
        found.append(part)
        start = match.end()
    found.append(text[start:].strip())
    return [part for part in found if part]


def at_code(cell) -> dict[str, int]:
    """The marks of a code cell, such as ``{"output": 1}`` or ``{"bands": 3}``."""
    found = {}
    for word in str(cell.metadata.get("slide", "")).split():
        name, _, count = word.partition("-")
        if not (word in AT_CODE or (name == "bands" and count.isdigit())):
            raise SlideError(f"a code cell's mark is one of {', '.join(AT_CODE)}; got {word!r}")
        found[name] = int(count or 1)
    return found


def check_marks(notebook) -> None:
    """Raise `SlideError` where a mark of a notebook meets nothing that it could mark."""
    for position, (cell, following) in enumerate(
        zip(notebook.cells, [*notebook.cells[1:], None], strict=True)
    ):
        try:
            marks = at_code(cell)
            if cell.cell_type == "markdown":
                _check_text(
                    cell.source, asks=bool(following and shown_prediction(following.source))
                )
                if marks:
                    raise SlideError(f"only code cells are marked in their metadata; got {marks}")
        except SlideError as error:
            raise SlideError(f"cell {position}: {error}") from None


def _check_text(source: str, *, asks: bool) -> None:
    met = 0
    for block in blocks(source):
        behind = [name or "slide" for name in MARK.findall(block.text)]
        for mark in block.marks:
            if block.kind not in ABOVE.get(mark, ()):
                raise SlideError(f"no mark '{mark}' above a {block.kind}: {block.text[:60]!r}")
        if block.kind == "text":
            met += sum(len(block.sentences(mark)) for mark in BEHIND if mark not in block.marks)
        met += len(block.marks)
        if "ask" in behind and not asks:
            raise SlideError("'ask' marks a sentence for a prediction; none follows")
    if met != len(re.findall("<!-- *slide", source)):
        raise SlideError(f"a mark that meets no sentence and no block, or is misspelt: {source!r}")
