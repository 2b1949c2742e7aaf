"""Turn each notebook into a lecture: a reveal.js deck and its PDF in build/slides: `make slides`.

There is no second source. A deck is read from the stored notebook: what stands on a slide, what is
said and what is left out follows from the cell's own ``slideshow`` metadata and, where a cell has
none, from the rules in teaching/slides/README.md. The folder works from a USB stick, without a
network: reveal.js and MathJax are copied out of two installed packages.
"""

from __future__ import annotations

import argparse
import base64
import copy
import html
import io
import itertools
import re
import shutil
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tools._browser import BrowserMissing, open_browser, package_folder, print_pdf

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ROOT / "notebooks"
STYLE = ROOT / "teaching" / "slides"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
# what a deck needs of reveal.js and of MathJax: the rest stays in the packages
REVEAL = ("LICENSE", "dist/reveal.css", "dist/reveal.js", "plugin/notes/notes.js")
MATHJAX = ("tex-svg-full.js",)
READY = "() => document.documentElement.classList.contains('ready')"

LEFT_OUT = ("Read on",)  # sections for the reader at home
ROOM = 540  # pixels under the heading, of 720
LEGIBLE = 0.5  # a picture is drawn at this share of its pixels at least
PICTURE_ROOM = 600  # the same where a picture stands under a small heading
LINE = 74  # letters in a line of a slide's text
LONGEST_CODE = 8  # lines


class SlideError(ValueError):
    """A slide mark that cannot be obeyed; the message says which."""


@dataclass
class Piece:
    """One thing on a slide: HTML, its kind, its height in pixels (estimated), shown on a click."""

    kind: str
    html: str
    height: float
    click: bool = False


@dataclass
class Slide:
    """One slide: what is seen and what is said."""

    kind: str
    heading: str
    kicker: str = ""
    below: bool = False  # in reveal.js: under the first slide of its section
    pieces: list[Piece] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    full: bool = False  # takes no more pieces
    context: bool = False  # so far nothing but the sentences that introduce its section

    @property
    def used(self) -> float:
        """The height of its pieces, in pixels."""
        return sum(piece.height for piece in self.pieces)

    def shows(self, kind: str) -> bool:
        """Whether a piece of this kind stands on it."""
        return any(piece.kind == kind for piece in self.pieces)


# ---------------------------------------------------------------- Markdown


def blocks(source: str) -> list[str]:
    """Split Markdown at its blank lines; a fence and a display formula stay whole."""
    found: list[str] = []
    lines: list[str] = []
    until = None
    for line in source.splitlines():
        if until is None and not line.strip():
            if lines:
                found.append("\n".join(lines))
            lines = []
            continue
        if until is None and not lines and line.startswith("#"):
            found.append(line)
            continue
        lines.append(line)
        text = line.strip()
        if until is None and text.startswith("```"):
            until = "```"
        elif until is None and text.startswith("$$") and text.count("$$") == 1:
            until = "$$"
        elif until is not None and (text == until or (until == "$$" and "$$" in text)):
            until = None
    if lines:
        found.append("\n".join(lines))
    return [part for block in found for part in before_and_question(block)]


def before_and_question(block: str) -> list[str]:
    """Split a paragraph where it turns to the reader: "… **Predict first.** …"."""
    at = block.find("**Predict first")
    if at <= 0 or kind_of(block) != "text":
        return [block]
    return [block[:at].strip(), block[at:]]


def kind_of(block: str) -> str:
    """Name a block: heading, formula, code, table, list, predict or text."""
    if re.match(r"#+ ", block):
        return "heading"
    if block.startswith("$$"):
        return "formula"
    if block.startswith("```"):
        return "code"
    if block.startswith("|"):
        return "table"
    if re.match(r"(-|\*|\d+\.) ", block):
        return "list"
    if re.match(r"\*\*Predict first", block):
        return "predict"
    return "text"


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


def items_of(block: str) -> list[str]:
    """The items of a list, each on one line, without their marks."""
    found: list[str] = []
    for line in block.splitlines():
        match = re.match(r"(?:-|\*|\d+\.) +(.*)", line)
        if match:
            found.append(match.group(1))
        elif found:
            found[-1] += " " + line.strip()
    return found


def to_html(markdown: str) -> str:
    """Render Markdown; formulas stay as they are, for MathJax; links lead to decks."""
    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    text = markdown2html_mistune(markdown).strip()
    text = re.sub(r'<a class="anchor-link".*?</a>', "", text)
    # a full stop does not leave its formula
    text = re.sub(
        r"(?<!\$)(\$[^$\n]+\$)((?:[.,;:?!)’”]|'s)+)", r'<span class="whole">\1\2</span>', text
    )
    return re.sub(r'href="(\d\d_\w+)\.ipynb(?:#[^"]*)?"', r'href="\1.html"', text)


def said(block: str) -> str:
    """Render a block for the notes: a line that begins with a minus sign is no list."""
    kind = kind_of(block)
    if kind in ("text", "predict") and not block.startswith(">"):
        block = " ".join(block.split())
    elif kind == "list":
        mark = "1." if block[0].isdigit() else "-"
        block = "\n".join(f"{mark} {item}" for item in items_of(block))
    return to_html(block)


def inline(markdown: str) -> str:
    """Render one line of Markdown without the paragraph around it."""
    return to_html(markdown).removeprefix("<p>").removesuffix("</p>")


def breakable(markup: str) -> str:
    """Let a long name in quoted code go on in the next line where its parts meet."""
    return re.sub(
        r"(?<=<code>)[^<]+(?=</code>)",
        lambda code: re.sub(
            r"(?<=[_(,=])(?=\w)|(?<=\w)(?=\.)|(?<=[a-z])(?=[A-Z])", "<wbr>", code.group()
        ),
        markup,
    )


def plain(markdown: str) -> str:
    """Return Markdown without its marks, as long as its reader sees it."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    text = re.sub(r"\\[a-zA-Z]+|[{}$`*]", "", text)
    return " ".join(text.split())


def rows(text: str, width: float = LINE) -> int:
    """The number of lines that a text of proportional letters takes."""
    return max(1, -(-len(plain(text)) // int(width)))


def colour(code: str) -> str:
    """Colour Python code."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    return highlight(code, PythonLexer(), HtmlFormatter(nowrap=True)).rstrip("\n")


# ------------------------------------------------------------------ pieces


SIZES = (("short", 56), ("normal", 64), ("middle", 76), ("wide", 10_000))  # letters in a line
WIDEST = 84  # letters in a line of the smallest type
LINE_HEIGHT = {"wide": 29.0, "middle": 33.0, "normal": 37.0, "short": 37.0}  # pixels


def monospaced(text: str) -> str:
    """The class of a block of code or output: smaller where its lines are long."""
    longest = max((len(line) for line in text.splitlines()), default=0)
    return next(name for name, limit in SIZES if longest <= limit)


def code_piece(source: str) -> Piece:
    """Show code in colour."""
    size = monospaced(source)
    lines = sum(max(1, -(-len(line) // WIDEST)) for line in source.splitlines())
    height = lines * LINE_HEIGHT[size] + 44
    return Piece("code", f'<pre class="code {size}"><code>{colour(source)}</code></pre>', height)


def output_piece(text: str, *, click: bool) -> Piece:
    """Show printed text, or the value of the last line; a long one in small type, then cut."""
    size = monospaced(text)
    lines = text.splitlines() or [""]
    if len(lines) * LINE_HEIGHT[size] + 34 > ROOM:
        size = "wide"
    wrapped = [max(1, -(-len(line) // WIDEST)) for line in lines]
    room = int((ROOM - 34) // LINE_HEIGHT[size])
    while sum(wrapped) > room:
        lines, wrapped = [*lines[:-2], "…"], [*wrapped[:-2], 1]
    height = sum(wrapped) * LINE_HEIGHT[size] + 34
    shown = html.escape("\n".join(lines))
    return Piece("output", f'<pre class="output {size}">{shown}</pre>', height, click)


def text_piece(text: str, *, click: bool = False, lead: bool = False) -> Piece:
    """Show a sentence or two."""
    height = rows(text, 62 if lead else LINE) * (50 if lead else 43) + 20
    name = "lead" if lead else "text"
    return Piece("text", f'<p class="{name}">{inline(text)}</p>', height, click)


def formula_piece(block: str) -> Piece:
    """Show a displayed formula."""
    block = re.sub(r"\s*[.,]\s*\$\$$", "$$", block)  # the sentence around it is said
    tall = len(re.findall(r"\\(?:frac|sum|int|prod|lim|underbrace|begin)", block)) > 0
    height = (130 if tall else 84) + 60 * block.count("\\\\")
    height += 70 if "underbrace" in block else 0
    return Piece("formula", f'<div class="formula">{html.escape(block, quote=False)}</div>', height)


def list_pieces(block: str, notes: list[str]) -> Iterator[Piece]:
    """Show a list: long items shortened to their first sentence, a long list in two halves."""
    items = items_of(block)
    numbered = block[0].isdigit()
    short = items
    if sum(rows(item) for item in items) > 9:
        short = [shortened(item) for item in items]
    if short != items:
        notes.append(said(block))
    heights = [rows(item, LINE - 2) * 40 + 12 for item in short]
    dense = ROOM - 20 < sum(heights) <= 1.3 * ROOM
    if dense:
        heights = [0.76 * height for height in heights]
    parts = max(1, -(-int(sum(heights)) // (ROOM - 20)))
    size = -(-len(short) // parts)
    for first in range(0, len(short), size):
        some = short[first : first + size]
        tag = f'ol start="{first + 1}"' if numbered else "ul"
        tag += ' class="dense"' if dense else ""
        lines = "".join(f"<li>{inline(item)}</li>" for item in some)
        yield Piece("list", f"<{tag}>{lines}</{tag[:2]}>", sum(heights[first : first + size]) + 16)


def shortened(item: str) -> str:
    """The first sentence of a list's item, and the next where the first is only its name."""
    parts = sentences(item)
    name = re.match(r"\*[^*]+\*+[.:]?$|\*\*[^*]+\*\*[.:]?$", parts[0])
    return " ".join(parts[: 2 if name and len(parts) > 1 else 1])


def table_pieces(block: str) -> Iterator[Piece]:
    """Show a table, in parts where it is long."""
    lines = block.splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    longest = [
        max(len(plain(row[k])) for row in cells if k < len(row)) for k in range(len(cells[0]))
    ]
    share = [max(letters, 6) for letters in longest]
    per_column = [max(8.0, 98 * part / sum(share)) for part in share]

    def height(row: list[str]) -> float:
        taken = max(
            rows(text, max(6, width / (1.4 if "`" in text else 1)))  # code is wider
            for text, width in zip(row, per_column, strict=False)
        )
        return 32 * taken + 17

    heading = height(cells[0])
    heights = [height(row) for row in cells[2:]]
    whole = heading + sum(heights) + 20
    dense = ROOM < whole <= 1.15 * ROOM
    parts = 1 if dense else max(1, -(-int(whole) // ROOM))
    limit = heading + (whole - heading) / parts  # parts of about equal height
    some: list[str] = []
    taken = heading
    for line, tall in zip(lines[2:], heights, strict=True):
        if some and not dense and taken + tall / 2 > limit:
            yield table_piece(lines[:2] + some, taken + 20, dense)
            some, taken = [], heading
        some.append(line)
        taken += tall
    yield table_piece(lines[:2] + some, min(taken + 20, ROOM), dense)


def table_piece(lines: list[str], height: float, dense: bool) -> Piece:
    """Show the lines of a table."""
    markup = breakable(to_html("\n".join(lines)))
    if dense:
        markup = markup.replace("<table>", '<table class="dense">', 1)
    return Piece("table", markup, height)


# -------------------------------------------------------------------- deck


class Deck:
    """The slides of one notebook, in order."""

    def __init__(self, notebook, name: str):
        self.name = name
        self.slides: list[Slide] = []
        self.pictures: dict[str, bytes] = {}
        self.section = ""
        self.exercise = self.around = ""  # an exercise, and the section it stands in
        self.left_out = False
        self.next = ""
        first_code = True
        for position, cell in enumerate(notebook.cells):
            marks = dict(cell.metadata.get("slideshow", {}))
            try:
                if position == 0:
                    self.open(cell.source, marks)
                elif cell.cell_type == "markdown":
                    self.markdown(cell.source, marks)
                elif cell.cell_type == "code" and not first_code:
                    self.code(cell, marks)
            except SlideError as error:
                raise SlideError(f"{name}, cell {position}: {error}") from None
            first_code &= cell.cell_type != "code"
        self.close()

    # the first and the last slide

    def open(self, source: str, marks: dict) -> None:
        """The title: name, minutes, objectives."""
        heading, *rest = blocks(source)
        match = re.match(r"# (\d\d) · ([^:]+)(?:: (.+))?$", heading)
        if not match:
            raise SlideError(f"a notebook begins with '# NN · Title: promise'; got {heading!r}")
        self.number, self.title, self.promise = match.groups(default="")
        self.section = self.title
        slide = Slide("title", self.title, kicker=self.number)
        minutes = re.search(r"\*\*(\d+) minutes\*\*", source)
        self.minutes = minutes.group(1) if minutes else ""
        for block in rest:
            if kind_of(block) == "list":
                goals = "".join(f"<li>{inline(item.rstrip(',.'))}</li>" for item in items_of(block))
                slide.pieces.append(Piece("goals", f"<ul>{goals}</ul>", 240))
            elif "minutes**" in block:
                continue
            else:
                slide.notes.append(said(block))
        slide.notes += self.remarks(marks)
        self.slides.append(slide)
        hook = [block for block in rest if kind_of(block) == "text" and "minutes**" not in block]
        if hook:
            question = Slide("predict", self.title, below=True)
            said_first = sentences(" ".join(hook))
            if "show" in marks:
                missing = set(marks["show"])
                said_first = self.chosen(" ".join(hook), "text", marks["show"], missing)
                if missing:
                    raise SlideError(f"`show` names what the hook does not have: {sorted(missing)}")
            question.pieces = [text_piece(sentence, lead=True) for sentence in said_first]
            question.full = True
            self.slides.append(question)

    def close(self) -> None:
        """The last slide: where to go on."""
        self.drop_empty()
        for slide in self.slides:
            for piece, follower in zip(slide.pieces, [*slide.pieces[1:], None], strict=False):
                if piece.kind == "text" and (follower is None or follower.kind == "text"):
                    piece.html = re.sub(r":(</span>)?</p>$", r".\1</p>", piece.html)
        slide = Slide("close", "Now you")
        live = f"Every slider and every exercise of this lecture: notebooks/{self.name}.ipynb"
        slide.pieces.append(Piece("text", f'<p class="lead">{html.escape(live)}</p>', 80))
        if self.next:
            slide.pieces.append(Piece("text", f'<p class="lead">{inline(self.next)}</p>', 60))
        self.slides.append(slide)

    def drop_empty(self) -> None:
        """A heading alone is no slide: what is said under it is said on the next one."""
        kept: list[Slide] = []
        waiting: list[str] = []
        first = False  # the section has lost its first slide
        for slide in self.slides:
            if slide.pieces or slide.kind == "title":
                slide.notes[:0] = waiting
                slide.below &= not first
                kept.append(slide)
                waiting, first = [], False
            else:
                waiting += slide.notes
                first |= not slide.below
        kept[-1].notes += waiting
        self.slides = kept

    # what stands between them

    @property
    def last(self) -> Slide:
        return self.slides[-1]

    @staticmethod
    def remarks(marks: dict) -> list[str]:
        """What the metadata adds for the speaker alone."""
        remark = marks.get("notes")
        return [f'<div class="remark">{to_html(remark)}</div>'] if remark else []

    def begin(self, kind: str, *, kicker: str = "", below: bool = True) -> Slide:
        """Open a new slide of the section."""
        slide = Slide(kind, self.section, kicker=kicker, below=below)
        self.slides.append(slide)
        return slide

    def add(self, piece: Piece) -> None:
        """Put a piece on the last slide, or on a new one where it has no room."""
        if self.last.full or self.last.kind == "predict":
            self.begin("content")
        elif self.last.pieces and self.last.used + piece.height > (
            PICTURE_ROOM if self.last.shows("figure") else ROOM
        ):
            self.begin("content")
            piece.click = False
        if not self.last.pieces:
            piece.click = False
        self.last.pieces.append(piece)
        self.last.context = False

    def markdown(self, source: str, marks: dict) -> None:
        """Lay out a Markdown cell: headings open slides, questions stand alone, prose is said."""
        kind = marks.get("slide_type", "")
        show = [" ".join(wanted.split()) for wanted in marks.get("show", [])]
        about = [" ".join(wanted.split()) for wanted in marks.get("ask", [])]
        missing = {*show, *about}
        context: list[str] = []  # the sentences that a question needs
        parts = blocks(source)
        following = re.search(r"^Next: (.+)", source, re.MULTILINE | re.DOTALL)
        if following:
            self.next = "Next: " + " ".join(following.group(1).split())
        if kind == "skip":
            heading = next((block for block in parts if kind_of(block) == "heading"), None)
            if heading:
                self.enter(heading)
            return
        opened = False
        if kind in ("slide", "subslide") and kind_of(parts[0]) != "heading" and not self.left_out:
            self.begin("content", below=kind == "subslide")
            opened = True
        waiting_notes = self.remarks(marks)
        for index, block in enumerate(parts):
            shape = kind_of(block)
            if shape == "heading":
                self.enter(block)
                if self.left_out:
                    continue
                if kind != "notes":
                    self.begin(
                        "exercise" if self.exercise else "content",
                        kicker=self.exercise,
                        below=not block.startswith("## ") or kind == "subslide",
                    )
                    self.last.context = not self.exercise
                    opened = True
                continue
            if self.left_out:
                continue
            if kind == "notes":
                self.last.notes.append(said(block))
                continue
            if shape == "predict":
                self.question(block, context, parts[index + 1 :])
                opened = True
                continue
            if (
                shape == "list"
                and self.last.shows("list")
                and parts[index - 1 : index]
                and (kind_of(parts[index - 1]) == "predict")
            ):
                continue  # its questions stand on the slide already
            context += self.chosen(block, shape, about, missing)
            chosen = self.chosen(block, shape, show, missing)
            if "show" not in marks:
                chosen = self.by_rule(block, shape, opened)
            self.lay(block, shape, chosen, opened)
        if missing:
            raise SlideError(
                f"`show` or `ask` names what the text does not have: {sorted(missing)}"
            )
        if not self.left_out:
            self.last.notes[:0] = waiting_notes

    def enter(self, heading: str) -> None:
        """Remember where we are."""
        words = heading.lstrip("# ").strip()
        match = re.match(r"(Exercise \d+) · (.+)", words)
        if match and not self.exercise:
            self.around = self.section
        self.exercise, self.section = match.groups() if match else ("", words)
        self.left_out = self.section in LEFT_OUT

    def question(self, block: str, context: list[str], following: list[str]) -> None:
        """Let the room predict: a slide of its own."""
        match = re.match(
            r"\*\*Predict first[.:]?\*\*(,? ?then [^:.]+)?[:.,]?\s*(.*)", block, re.DOTALL
        )
        then, rest = match.groups(default="")
        kicker = "Predict first" + (", " + then.strip(", ") if then else "")
        rest = " ".join(rest.split())
        rest = rest[:1].upper() + rest[1:]
        if self.last.context and self.last.used < 180:
            slide = self.last
            slide.kind, slide.kicker, slide.context = "predict", kicker, False
        else:
            slide = self.begin("predict", kicker=kicker)
        if context:
            slide.pieces.append(text_piece(re.sub(r":$", ".", " ".join(context))))
        if rest:
            slide.pieces.append(text_piece(rest, lead=True))
        if following and kind_of(following[0]) == "list":
            slide.pieces += list_pieces(following[0], slide.notes)
        slide.full = True

    @staticmethod
    def chosen(block: str, shape: str, show: list[str], missing: set[str]) -> list[str]:
        """The sentences of a block (or the block) that the cell's `show` names."""
        parts = sentences(block) if shape == "text" else [block]
        found = []
        for part in parts:
            flat = " ".join(part.split())
            for wanted in show:
                if flat.startswith(wanted):
                    found.append(part)
                    missing.discard(wanted)
                    break
        return found

    def by_rule(self, block: str, shape: str, opened: bool) -> list[str]:
        """What is shown of a block where the cell does not say: all but the prose.

        Of the prose, the first sentence: where a slide would have nothing but a heading, and
        where the prose reads the number or the picture just shown.
        """
        if shape != "text":
            return [block]
        first = sentences(block)[0]
        if opened:
            alone = not self.last.pieces and not self.last.full
            return [first] if alone and self.last.kind != "exercise" and len(first) < 200 else []
        result = self.last.pieces and self.last.pieces[-1].kind in ("output", "figure")
        return [first] if result and len(plain(first)) < 160 else []

    def lay(self, block: str, shape: str, chosen: list[str], opened: bool) -> None:
        """Put the chosen parts on the slide and the prose into the notes."""
        if shape == "text":
            if not re.match(r"Next: ", block):
                self.last.notes.append(said(block))
            caption = self.last.shows("figure") and not opened
            if caption and self.last.used + text_piece(" ".join(chosen)).height > PICTURE_ROOM:
                return  # the picture needs the room
            if chosen and not re.match(r"Next: ", block):
                kept = self.last.context
                self.add(text_piece(" ".join(chosen), click=not opened))
                self.last.context = kept and opened
            return
        if not chosen:
            self.last.notes.append(said(block))
        elif shape == "formula":
            self.add(formula_piece(block))
        elif shape == "code":
            body = "\n".join(block.splitlines()[1:-1])
            self.add(code_piece(body))
        elif shape == "list":
            for piece in list_pieces(block, self.last.notes):
                self.add(piece)
        else:
            for piece in table_pieces(block):
                self.add(piece)

    def code(self, cell, marks: dict) -> None:
        """Lay out a code cell: its picture, its question, or its lines and what they print."""
        kind = marks.get("slide_type", "")
        source = cell.source.strip()
        if kind == "skip" or self.left_out or is_attempt(source):
            return
        bundles = [dict(output.get("data", {})) for output in cell.outputs]
        if re.fullmatch(r"exercises\.\w+", source):
            self.exercise_question(bundles[0]["text/html"])
            return
        texts = list(printed(cell))
        if any(WIDGET_VIEW in b and "image/png" not in b for b in bundles):  # a quiz, a checklist
            self.last.notes += [f"<pre>{html.escape(text)}</pre>" for text in texts]
            if kind != "notes":
                self.add(
                    Piece(
                        "text", '<p class="text"><b class="live">live in the notebook</b></p>', 60
                    )
                )
            return
        pictures = [o for o in cell.outputs if "image/png" in o.get("data", {})]
        if kind == "notes":
            for text in texts:
                self.last.notes.append(f"<pre>{html.escape(text)}</pre>")
            return
        if not texts and not pictures and marks.get("code") != "show":
            return
        if kind in ("slide", "subslide"):
            self.begin("content", below=kind == "subslide")
        for output in pictures:
            live = any(WIDGET_VIEW in bundle for bundle in bundles)
            for part in bands(output, marks.get("bands", 1)):
                self.picture(part, live=live)
        if pictures:
            self.last.notes += self.remarks(marks)
            return
        lines = [line for line in source.splitlines() if line.strip()]
        visible = len(lines) <= LONGEST_CODE and marks.get("code") != "hide"
        if marks.get("code") == "show":
            visible = True
        pieces = [code_piece(source)] if visible else []
        pieces += [output_piece(text, click=visible or kind == "fragment") for text in texts]
        height = sum(piece.height for piece in pieces)
        if self.last.full or self.last.shows("figure") or self.last.used + height > ROOM:
            self.begin("content")
        for piece in pieces:
            self.add(piece)
        self.last.notes += self.remarks(marks)

    def exercise_question(self, markup: str) -> None:
        """Show an exercise's question; how to answer it in the notebook is said."""
        body = re.sub(r"^<div[^>]*><span[^>]*>\?</span>\s*|</div>$", "", markup.strip())
        body = re.sub(r"</?strong>", "", body)  # which makes bold a first line, wherever it ends
        parts = [part for part in body.split("<br><br>") if part.strip()]
        asked = [part for part in parts if not part.lstrip().startswith("Answer with")]
        said = [part for part in parts if part.lstrip().startswith("Answer with")]
        heights = [rows(re.sub(r"<[^>]+>", "", part), 64) * 48 + 24 for part in asked]
        first = "lead"
        if sum(heights) > ROOM - 40:  # a long question in smaller type
            heights = [rows(re.sub(r"<[^>]+>", "", part)) * 43 + 20 for part in asked]
            first = "text"
        slide = self.last
        if slide.kind != "exercise" or slide.full or slide.used + sum(heights) > ROOM - 40:
            slide = self.begin("exercise", kicker=self.exercise)
        for index, (part, height) in enumerate(zip(asked, heights, strict=True)):
            name = "text" if index else first
            slide.pieces.append(
                Piece("question", f'<p class="{name}">{breakable(part)}</p>', height)
            )
        slide.notes += [f"<p>{part}</p>" for part in said]
        slide.full = True
        self.exercise, self.section = "", self.around or self.section

    def picture(self, output, *, live: bool) -> None:
        """Show a picture as large as it goes."""
        meta = output.metadata["image/png"]
        png = base64.b64decode(output.data["image/png"])
        width, height = struct.unpack(">II", png[16:24])
        described = f'<p class="described">The picture: {html.escape(meta["alt"])}</p>'
        if 600 / height < LEGIBLE and self.pictures:  # it stays in the notebook
            self.last.notes.append(described)
            return
        name = f"{len(self.pictures) + 1:02d}.png"
        self.pictures[name] = png
        slide = self.last
        fresh = not slide.pieces and not slide.full and slide.kind == "content"
        small = slide.kind == "content" and not slide.full and slide.used <= 70
        if not (fresh or (small and not slide.shows("output"))):
            slide = self.begin("content")
        badge = '<p class="live">live in the notebook</p>' if live else ""
        tall = min(1160 * height / width, max(0.7 * height, 400.0), 600.0)
        slide.pieces.append(
            Piece(
                "figure",
                f'<figure><img src="{self.name}/{name}" alt="{html.escape(meta["alt"])}" '
                f'width="{width}" height="{height}" style="max-width:min(100%,{width}px)"></figure>'
                + badge,
                tall,
            )
        )
        slide.notes.append(described)


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
            raise SlideError(f"a picture without a gap near {part}/{count} of its height")
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


def is_attempt(source: str) -> bool:
    """Whether a code cell is the learner's place to answer."""
    return bool(re.search(r"^exercises\.\w+\.check\(", source, re.MULTILINE))


def printed(cell) -> Iterator[str]:
    """Yield what a cell printed and the value of its last line, as text."""
    for output in cell.outputs:
        if output.output_type == "stream":
            yield output.text.rstrip("\n")
        elif "image/png" not in output.get("data", {}) and "text/plain" in output.get("data", {}):
            yield output.data["text/plain"].rstrip("\n")


# ----------------------------------------------------------------- writing


def write_deck(deck: Deck, folder: Path) -> Path:
    """Write a deck and its pictures; return the page."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    pictures = folder / deck.name
    shutil.rmtree(pictures, ignore_errors=True)
    pictures.mkdir(parents=True)
    for name, png in deck.pictures.items():
        (pictures / name).write_bytes(png)
    environment = Environment(
        loader=FileSystemLoader(STYLE), undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["inline"] = inline
    columns: list[list[Slide]] = []
    for slide in deck.slides:
        if slide.below and columns:
            columns[-1].append(slide)
        else:
            columns.append([slide])
    page = folder / f"{deck.name}.html"
    text = environment.get_template("deck.html.j2").render(deck=deck, columns=columns)
    page.write_text(text, encoding="utf-8", newline="\n")
    return page


def copy_parts(folder: Path) -> None:
    """Put the theme, reveal.js and MathJax beside the decks."""
    vendor = folder / "vendor"
    for package, inside, files in (
        ("sphinx-revealjs", "_static/revealjs", REVEAL),
        ("sphinx-mathjax-offline", "static/mathjax", MATHJAX),
    ):
        source = package_folder(package, inside)
        for file in files:
            target = vendor / source.name / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / file, target)
    shutil.copyfile(STYLE / "theme.css", folder / "theme.css")


def write_index(decks: list[Deck], folder: Path) -> None:
    """Write a page that leads to every deck."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(loader=FileSystemLoader(STYLE), undefined=StrictUndefined)
    text = environment.get_template("index.html.j2").render(decks=decks, folder=folder)
    (folder / "index.html").write_text(text, encoding="utf-8", newline="\n")


def read_decks(names: list[str]) -> list[Deck]:
    """Read the decks of the notebooks whose names begin so; all without names."""
    import nbformat

    return [
        Deck(nbformat.read(path, as_version=4), path.stem)
        for path in sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))
        if not names or path.stem.startswith(tuple(names))
    ]


def main() -> int:
    """Parse the command line, write the decks, print them."""
    from tqdm import tqdm

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="beginnings of names (default: all): 01 03")
    parser.add_argument("--to", type=Path, default=ROOT / "build" / "slides", help="folder")
    parser.add_argument("--no-pdf", action="store_true", help="write the decks only")
    arguments = parser.parse_args()
    decks = read_decks(arguments.names)
    if not decks:
        parser.error(f"no notebook in {NOTEBOOKS} begins with {' or '.join(arguments.names)}")
    folder = arguments.to
    folder.mkdir(parents=True, exist_ok=True)
    copy_parts(folder)
    pages = [write_deck(deck, folder) for deck in decks]
    write_index(read_decks([]) if arguments.names else decks, folder)
    print(f"{len(pages)} decks: {folder / 'index.html'}", flush=True)
    if arguments.no_pdf:
        return 0
    try:
        with open_browser() as browser:
            for page in tqdm(pages, desc="PDF", unit="deck"):
                pdf = page.with_suffix(".pdf")
                print_pdf(page, pdf, browser=browser, query="?print-pdf", ready=READY)
    except BrowserMissing as error:
        print(f"The decks are written, their PDFs are not. {error}", file=sys.stderr)
        return 1
    print(f"{len(pages)} PDFs beside them: {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
