"""Finished PDFs: the same pages on both sizes of paper, and a part of a book with its tags.

Chromium prints once, on A4, with the text where both sizes have room for it; what differs between
A4 and Letter is where the sheet ends. Each file says the date of the release, not of its making.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    RectangleObject,
)

from tools._command import ROOT, ToolError

POINTS = 72 / 25.4  # a millimetre
SHEETS = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}  # width and height in millimetres


def release() -> dict[str, str]:
    """What CITATION.cff says of the course, such as its ``version`` and ``date-released``."""
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    return dict(re.findall(r'^([\w-]+): "?([^"\n]+)"?$', text, re.MULTILINE))


def box(size: str) -> list[float]:
    """A sheet of this size in the middle of the A4 sheet that was printed, in points."""
    (width, height), (wide, high) = SHEETS["a4"], SHEETS[size]
    left, low = (width - wide) / 2, (height - high) / 2
    return [round(POINTS * x, 1) for x in (left, low, left + wide, low + high)]


def places(reader: PdfReader) -> dict[str, int]:
    """The page, counted from 1, of each place that a link of a printed page leads to."""
    found = reader.named_destinations
    return {
        name.lstrip("/"): reader.get_destination_page_number(place) + 1
        for name, place in found.items()
    }


def finish(printed: Path, targets: Mapping[str, Path]) -> None:
    """Write what was printed on A4 for each size of paper.

    The bytes that say where the sheets end, and when they were printed, are exchanged for as many
    others: nothing else moves, and a long book takes no time.

    Raises
    ------
    ToolError
        If there is no room for the new numbers.
    """
    day = re.sub(r"\D", "", release()["date-released"])
    date = f"(D:{day}000000Z)".encode()
    made = re.sub(  # after its name: a compressed page may hold "(D:" by chance
        rb"(/(?:CreationDate|ModDate) )(\(D:[^)]*\))",
        lambda old: old[1] + date.ljust(len(old[2])),
        printed.read_bytes(),
    )
    for size, target in targets.items():
        edges = b"/MediaBox [%s]" % " ".join(f"{x:g}" for x in box(size)).encode()

        def replaced(old: re.Match, edges: bytes = edges, name: str = target.name) -> bytes:
            if len(old[0]) < len(edges):
                raise ToolError(f"{name}: no room for {edges!r} in {old[0]!r}")
            return edges.ljust(len(old[0]))

        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(re.sub(rb"/MediaBox \[[^\]]*\]", replaced, made))


def cut(reader: PdfReader, first: int, end: int, title: str, targets: Mapping[str, Path]) -> None:
    """Write the pages from ``first`` to before ``end``, with their outline and their tags.

    Parameters
    ----------
    reader : PdfReader
        What Chromium printed on A4.
    first, end : int
        Pages, counted from 0.
    title : str
        Of the new document.
    targets : mapping of str to Path
        A file for each size of paper.
    """
    writer = PdfWriter()
    pages = {}
    for page in reader.pages[first:end]:
        pages[page.indirect_reference.idnum] = writer.add_page(page).indirect_reference
    _outline(reader, reader.outline, range(first, end), writer)
    old, root = reader.trailer["/Root"], writer.root_object
    for kept in ("/Lang", "/MarkInfo", "/ViewerPreferences"):
        if kept in old:
            root[NameObject(kept)] = old[kept].clone(writer)
    root[NameObject("/StructTreeRoot")] = _Tags(writer, pages).copied(old["/StructTreeRoot"])
    for page in writer.pages:
        page.mediabox = RectangleObject([0, 0, 12345.54321, 12345.54321])  # room for any numbers
    writer.metadata = {"/Title": title}
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "part.pdf"
        writer.write(whole)
        finish(whole, targets)


def _outline(reader: PdfReader, entries: list, pages: range, writer: PdfWriter, over=None) -> None:
    """Copy the part of an outline that leads to these pages."""
    last = over
    for entry in entries:
        if isinstance(entry, list):
            _outline(reader, entry, pages, writer, last)
        elif (page := reader.get_destination_page_number(entry)) in pages:
            place = {"page_number": page - pages.start, "parent": over}
            last = writer.add_outline_item(title=entry.title, **place)


class _Tags:
    """Copies the part of a tree of tags that belongs to some pages.

    A tag holds tags, numbers of marked content on its page, and references to either; a table for
    the way back has, for each page, the tag of each number.
    """

    def __init__(self, writer: PdfWriter, pages: Mapping[int, IndirectObject]):
        self.writer, self.pages = writer, pages
        self.back: dict[int, dict[int, IndirectObject]] = {}

    def copied(self, old: DictionaryObject) -> IndirectObject:
        """The root of the new tree."""
        root = DictionaryObject({NameObject("/Type"): NameObject("/StructTreeRoot")})
        reference = self.writer._add_object(root)
        root[NameObject("/K")] = ArrayObject(self._kids(old, reference, None))
        if "/RoleMap" in old:
            root[NameObject("/RoleMap")] = old["/RoleMap"].clone(self.writer)
        numbers = ArrayObject()
        for page in self.writer.pages:
            marks = self.back.get(page.indirect_reference.idnum, {})
            if "/StructParents" in page:
                tags = [marks.get(k) for k in range(max(marks, default=-1) + 1)]
                row = ArrayObject([reference if tag is None else tag for tag in tags])
                numbers += [NumberObject(page["/StructParents"]), self.writer._add_object(row)]
            for note in page.get("/Annots", ()):
                if (tag := self.back.get(note.idnum)) and "/StructParent" in note.get_object():
                    numbers += [NumberObject(note.get_object()["/StructParent"]), tag[0]]
        pairs = sorted(zip(numbers[::2], numbers[1::2], strict=True), key=lambda pair: pair[0])
        flat = ArrayObject(part for pair in pairs for part in pair)
        table = DictionaryObject({NameObject("/Nums"): flat})
        root[NameObject("/ParentTree")] = self.writer._add_object(table)
        return reference

    def _kids(self, node: DictionaryObject, parent: IndirectObject, page) -> list:
        page = node.raw_get("/Pg") if "/Pg" in node else page
        kids = node.get("/K", ())
        found = (self._kid(kid, parent, page) for kid in (kids if _many(kids) else [kids]))
        return [kid for kid in found if kid is not None]

    def _kid(self, kid, parent: IndirectObject, page):
        if isinstance(kid, int):
            if page is None or page.idnum not in self.pages:
                return None
            self.back.setdefault(self.pages[page.idnum].idnum, {})[int(kid)] = parent
            return kid
        node = kid.get_object()
        kind = node.get("/Type")
        if kind in ("/MCR", "/OBJR"):
            page = node.raw_get("/Pg") if "/Pg" in node else page
            if page is None or page.idnum not in self.pages:
                return None
            new = DictionaryObject({NameObject("/Type"): NameObject(kind)})
            new[NameObject("/Pg")] = self.pages[page.idnum]
            if kind == "/MCR":
                new[NameObject("/MCID")] = node["/MCID"]
                self.back.setdefault(new.raw_get("/Pg").idnum, {})[int(node["/MCID"])] = parent
            else:
                note = node.raw_get("/Obj").clone(self.writer)
                new[NameObject("/Obj")] = note = getattr(note, "indirect_reference", note)
                self.back[note.idnum] = {0: parent}
            return new
        new = DictionaryObject()
        reference = self.writer._add_object(new)
        kids = self._kids(node, reference, page)
        if not kids:
            self.writer._objects[reference.idnum - 1] = None
            return None
        for key, value in node.items():
            if key not in ("/P", "/K", "/Pg", "/ID"):
                new[NameObject(key)] = value.clone(self.writer)
        new[NameObject("/P")] = parent
        new[NameObject("/K")] = ArrayObject(kids)
        if "/Pg" in node and node.raw_get("/Pg").idnum in self.pages:
            new[NameObject("/Pg")] = self.pages[node.raw_get("/Pg").idnum]
        return reference


def _many(kids) -> bool:
    return isinstance(kids, list | tuple)
