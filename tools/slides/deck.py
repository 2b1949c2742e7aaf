"""A lecture read from a stored notebook: its slides, what stands on them and what is said.

What stands on a slide, what is said and what is left out follows from the marks in the notebook's
text (tools/slides/marks.py) and from the rules in teaching/slides/README.md. Nothing here knows how
much fits on a slide: that is measured where it is shown, by deck.js.
"""

from __future__ import annotations

import base64
import html
import re
from dataclasses import dataclass, field

from cecourse.exercise.display import rich
from tools._cells import (
    asked,
    checked,
    defined,
    opening,
    printed,
    shown_exercise,
    shown_prediction,
)
from tools._command import WIDGET_VIEW, ToolError
from tools._markdown import colour, inline, plain, to_html
from tools._pictures import TALLEST, bands, size_of
from tools.slides.marks import Block, SlideError, at_code, blocks, sentences

LEFT_OUT = ("Read on",)  # sections for the reader at home
LINE = 74  # letters in a line of a slide's text
SIZES = (("short", 56), ("normal", 64), ("middle", 76), ("wide", 10_000))  # letters in a line
LICENCE = "Text and figures: CC BY 4.0. Code: BSD 3-Clause."
LIVE = '<p class="text"><b class="live">live in the notebook</b></p>'


@dataclass
class Piece:
    """One thing on a slide: its kind, its HTML, whether it comes on a click."""

    kind: str
    html: str
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
    context: bool = False  # so far nothing but the sentences that introduce its section
    prediction: str = ""  # "03/times_as_large", where it asks for one
    exercise: str = ""  # "03/medical_test", where it shows the question of one
    live: bool = False  # its picture is an explorer's
    running: str = ""  # at its foot: where we are
    seconds: int = 0  # what it may take
    start: int = 0  # and when it begins, in seconds

    def shows(self, kind: str) -> bool:
        """Whether a piece of this kind stands on it."""
        return any(piece.kind == kind for piece in self.pieces)

    @property
    def text(self) -> str:
        """What is read on it and said at it, without marks."""
        return plain(" ".join([self.heading, *(piece.html for piece in self.pieces), *self.notes]))

    def defines(self, name: str) -> bool:
        """Whether the code of this function stands on it."""
        codes = (piece.html for piece in self.pieces if piece.kind == "code")
        return any(re.search(rf"\bdef {name}\b", plain(code)) for code in codes)

    def shorter_than(self, lines: int) -> bool:
        """Whether it has nothing but text, of so many lines at most."""
        texts = [plain(piece.html) for piece in self.pieces if piece.kind == "text"]
        return len(texts) == len(self.pieces) and sum(map(lines_of, texts)) <= lines


# ------------------------------------------------------------------ pieces


def lines_of(text: str) -> int:
    """The number of lines that a text of proportional letters takes."""
    return max(1, -(-len(plain(text)) // LINE))


def linked(markup: str) -> str:
    """Lead links between notebooks to their decks."""
    return re.sub(r'href="(\d\d_\w+)\.ipynb(?:#[^"]*)?"', r'href="\1.html"', markup)


def said(block: Block) -> str:
    """Render a block for the notes."""
    return linked(to_html(block.plain))


def breakable(markup: str) -> str:
    """Let a long name in quoted code go on in the next line where its parts meet."""
    return re.sub(
        r"(?<=<code>)[^<]+(?=</code>)",
        lambda code: re.sub(
            r"(?<=[_(,=])(?=\w)|(?<=\w)(?=\.)|(?<=[a-z])(?=[A-Z])", "<wbr>", code.group()
        ),
        markup,
    )


def unbroken(markup: str) -> str:
    """Keep a short equation such as "y = 1" on one line."""
    return re.sub(r"(?<=\b\w) = (?=[−-]?[\d½])", "\u00a0=\u00a0", markup)


def monospaced(kind: str, text: str, markup: str, *, click: bool = False) -> Piece:
    """Show code or what it prints, smaller where its lines are long."""
    longest = max((len(line) for line in text.splitlines()), default=0)
    size = next(name for name, limit in SIZES if longest <= limit)
    return Piece(kind, f'<pre class="{kind} {size}">{markup}</pre>', click)


def code_piece(source: str) -> Piece:
    """Show code in colour."""
    return monospaced("code", source, f"<code>{colour(source)}</code>")


def text_piece(text: str, *, click: bool = False, lead: bool = False) -> Piece:
    """Show a sentence or two."""
    name = "lead" if lead else "text"
    return Piece("text", f'<p class="{name}">{linked(inline(text))}</p>', click)


def formula_piece(block: Block) -> Piece:
    """Show a displayed formula; the full stop of the sentence around it is said."""
    formula = re.sub(r"\s*[.,]\s*\$\$$", "$$", block.text)
    return Piece("formula", f'<div class="formula">{html.escape(formula, quote=False)}</div>')


def list_piece(block: Block, notes: list[str]) -> Piece:
    """Show a list; where it is long, of each item its first sentence, and the rest is said."""
    items = block.items
    if sum(map(lines_of, items)) > 9:
        items = tuple(map(shortened, items))
    if items != block.items:
        notes.append(said(block))
    first = re.match(r"\d+", block.text)  # a list that goes on after a break has its number
    lines = "".join(f"<li>{linked(inline(item))}</li>" for item in items)
    listed = f'<ol start="{first[0]}">{lines}</ol>' if first else f"<ul>{lines}</ul>"
    return Piece("list", listed)


def shortened(item: str) -> str:
    """The first sentence of a list's item, and the next where the first is only its name."""
    parts = sentences(item)
    name = re.match(r"\*[^*]+\*+[.:]?$|\*\*[^*]+\*\*[.:]?$", parts[0])
    return " ".join(parts[: 2 if name and len(parts) > 1 else 1])


def pieces_of(block: Block, notes: list[str]) -> Piece:
    """Show a formula, a list, a table or quoted code."""
    if block.kind == "formula":
        return formula_piece(block)
    if block.kind == "list":
        return list_piece(block, notes)
    if block.kind == "code":
        return code_piece("\n".join(block.text.splitlines()[1:-1]))
    return Piece("table", breakable(linked(to_html(block.text))))


def named(markup: str) -> set[str]:
    """The names that a text has in code style."""
    codes = re.findall(r"<code>(.*?)</code>", markup)
    return {name for code in codes for name in re.findall(r"\w+", re.sub("<[^>]+>", "", code))}


def closing(names: list[str], following: str, home: str | None) -> Slide:
    """The last slide: where to go on, the address as a QR code, the licence."""
    slide = Slide("close", "Now you")
    page = home and (f"{home}{names[0]}.html" if len(names) == 1 else home)
    where = (
        ", ".join(f"notebooks/{name}.ipynb" for name in names) if len(names) < 3 else "notebooks/"
    )
    live = f"Every slider and every exercise of this lecture: {where}"
    slide.pieces = [text_piece(text, lead=True) for text in (live, following) if text]
    if page:
        slide.pieces.append(Piece("address", qr_code(page)))
    slide.pieces.append(text_piece(LICENCE))
    return slide


def qr_code(address: str) -> str:
    """An address as a picture for telephones, with the address beside it."""
    import segno

    svg = segno.make(address, error="m", micro=False).svg_inline(scale=6, border=2, omitsize=True)
    label = html.escape(address)
    return (
        f'<div class="qr" role="img" aria-label="A QR code that leads to {label}">{svg}</div>'
        f'<p class="text"><a href="{label}">{label}</a></p>'
    )


# -------------------------------------------------------------------- deck


class Deck:
    """The slides of one notebook, in order."""

    def __init__(self, notebook, name: str, home: str | None = None):
        """`home` is the address of the course's site, where it has one."""
        self.name = name
        self.home = home
        self.slides: list[Slide] = []
        self.pictures: dict[str, bytes] = {}
        self.section = ""
        self.exercise = self.around = ""  # an exercise, and the section it stands in
        self.left_out = False
        self.asked: list[str] = []  # the sentences that the prediction after them needs
        self.next = ""
        self.functions: dict[str, str] = {}  # what the cells so far define
        setup = next((cell for cell in notebook.cells if cell.cell_type == "code"), None)
        for position, cell in enumerate(notebook.cells):
            try:
                if position == 0:
                    self.open(cell.source)
                elif cell.cell_type == "markdown":
                    self.markdown(blocks(cell.source))
                elif cell.cell_type == "code" and cell is not setup:
                    self.code(cell)
            except ToolError as error:
                raise SlideError(f"{name}, cell {position}: {error}") from None
        self.close()
        for slide in self.slides:
            slide.running = f"{self.number} · {self.title}"

    @property
    def line(self) -> str:
        """What stands under the title."""
        return f"{self.minutes[0]} minutes, {self.minutes[1]} with the exercises"

    # the first and the last slide

    def open(self, source: str) -> None:
        """The title, with minutes and objectives; then the question that the notebook opens."""
        self.number, self.title, self.promise, *self.minutes = opening(source)
        self.section = self.title
        slide = Slide("title", self.title, kicker=self.number)
        rest = [block for block in blocks(source)[1:] if "minutes**" not in block.text]
        for block in rest:
            if block.kind == "list":
                goals = "".join(f"<li>{inline(item.rstrip(',.'))}</li>" for item in block.items)
                slide.pieces.append(Piece("goals", f"<ul>{goals}</ul>"))
            else:
                slide.notes.append(said(block))
        self.slides.append(slide)
        chosen = [part for block in rest for part in block.sentences("slide")]
        if chosen := [sentence for part in chosen for sentence in sentences(part)]:
            question = Slide("predict", self.title, below=True)
            question.pieces = [text_piece(sentence, lead=True) for sentence in chosen]
            self.slides.append(question)

    def close(self) -> None:
        """The last slide: where to go on."""
        self.drop_empty()
        for slide in self.slides:
            for piece, follower in zip(slide.pieces, [*slide.pieces[1:], None], strict=False):
                if piece.kind == "text" and (follower is None or follower.kind == "text"):
                    piece.html = re.sub(r":(</span>)?</p>$", r".\1</p>", piece.html)
        self.slides.append(closing([self.name], self.next, self.home))

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
        """The slide that is being laid out."""
        return self.slides[-1]

    def begin(self, kind: str, *, kicker: str = "", below: bool = True) -> Slide:
        """Open a new slide of the section."""
        self.slides.append(Slide(kind, self.section, kicker=kicker, below=below))
        return self.last

    def add(self, piece: Piece) -> None:
        """Put a piece on the last slide, or on a new one where that one takes no more."""
        beside = self.last.shows("figure") and piece.kind != "text"
        if self.last.kind == "predict" or self.last.shows("question") or beside:
            self.begin("content")
        piece.click &= bool(self.last.pieces)
        self.last.pieces.append(piece)
        self.last.context = False

    def markdown(self, parts: list[Block]) -> None:
        """Lay out a Markdown cell: headings open slides, prose is said."""
        opened = False  # a slide begins in this cell
        self.asked = []
        for block in parts:
            if block.text.startswith("Next: "):
                self.next = " ".join(block.plain.split())
            elif block.kind == "heading":
                opened |= self.enter(block)
            elif not self.left_out:
                if "new" in block.marks:
                    self.begin("content")
                    opened = True
                self.asked += block.sentences("ask")
                self.lay(block, opened)

    def enter(self, block: Block) -> bool:
        """Remember where we are, and open a slide there; return whether one was opened."""
        words = block.plain.lstrip("# ").strip()
        match = re.match(r"(Exercise \d+) · (.+)", words)
        if match and not self.exercise:
            self.around = self.section
        self.exercise, self.section = match.groups() if match else ("", words)
        self.left_out = self.section in LEFT_OUT or "skip" in block.marks
        if self.left_out or "said" in block.marks:
            return False
        kind = "exercise" if self.exercise else "content"
        slide = self.begin(kind, kicker=self.exercise, below=not block.text.startswith("## "))
        slide.context = not self.exercise
        return True

    def prediction(self, name: str, question: str, options: list[tuple[str, str]]) -> None:
        """Let the room predict: a slide of its own, with the options."""
        if self.last.context and self.last.shorter_than(3):
            slide = self.last
            slide.kind, slide.kicker, slide.context = "predict", "Predict first", False
        else:
            slide = self.begin("predict", kicker="Predict first")
        slide.prediction = f"{self.number}/{name}"
        if self.asked:
            slide.pieces.append(text_piece(re.sub(r":$", ".", " ".join(self.asked))))
        slide.pieces.append(Piece("text", f'<p class="lead">{unbroken(rich(question))}</p>'))
        items = "".join(f"<li>{unbroken(rich(option))}</li>" for _, option in options)
        slide.pieces.append(Piece("list", f'<ol type="A">{items}</ol>'))
        self.asked = []

    def lay(self, block: Block, opened: bool) -> None:
        """Put what is marked on the slide, a formula, list or table too, and say the rest."""
        if block.kind == "text":
            self.last.notes.append(said(block))
            if chosen := block.sentences("slide"):
                context = self.last.context
                self.add(text_piece(" ".join(chosen), click=not opened))
                self.last.context = context and opened
        elif "said" in block.marks:
            self.last.notes.append(said(block))
        else:
            self.add(pieces_of(block, self.last.notes))

    # code cells

    def code(self, cell) -> None:
        """Lay out a code cell: its picture, its question, or its lines and what they print."""
        if not checked(cell.source):
            self.functions |= defined(cell.source)
        marks = at_code(cell)
        if "skip" in marks or self.left_out or checked(cell.source):
            return
        if "new" in marks:
            self.begin("content")
        bundles = [output.get("data", {}) for output in cell.outputs]
        pictures = [o for o in cell.outputs if "image/png" in o.get("data", {})]
        live = any(WIDGET_VIEW in bundle for bundle in bundles)
        if shown_prediction(cell.source):
            self.prediction(shown_prediction(cell.source), *asked(cell))
        elif shown_exercise(cell.source):
            self.exercise_question(shown_exercise(cell.source), bundles[0]["text/html"])
        elif pictures:
            for output in pictures:
                for part in bands(output, marks.get("bands", 1)):
                    self.picture(part, live=live)
        else:
            self.printed(cell, marks, live)

    def printed(self, cell, marks: dict[str, int], live: bool) -> None:
        """Show a cell and what it prints, as its mark says; without one, it is said."""
        texts = printed(cell)
        if live or not marks:
            self.last.notes += [f"<pre>{html.escape(text)}</pre>" for text in texts]
        if live and marks:  # a quiz, a checklist
            self.add(Piece("text", LIVE))
        if live or not marks:
            return
        if not texts and "code" not in marks:
            raise SlideError("its mark says 'output', and it prints nothing")
        visible = "code" in marks
        pieces = [*self.called(cell.source), code_piece(cell.source.strip())] if visible else []
        for text in texts:
            click = visible or "click" in marks
            pieces.append(monospaced("output", text, html.escape(text), click=click))
        for piece in pieces:
            self.add(piece)

    def called(self, source: str) -> list[Piece]:
        """The code of what a shown cell calls, where no slide has shown it yet."""
        names = [name for name in self.functions if re.search(rf"(?<!def )\b{name}\(", source)]
        own = defined(source)
        new = [n for n in names if n not in own and not any(s.defines(n) for s in self.slides)]
        return [code_piece(self.functions[name]) for name in new]

    def exercise_question(self, name: str, markup: str) -> None:
        """Show an exercise's question, under the code that it is about; how to answer is said."""
        body = re.sub(r"^<div[^>]*><span[^>]*>\?</span>\s*|</div>$", "", markup.strip())
        body = re.sub(r"</?strong>", "", body)  # which makes bold a first line, wherever it ends
        parts = [part for part in body.split("<br><br>") if part.strip()]
        asked = [part for part in parts if not part.lstrip().startswith("Answer with")]
        slide = self.last
        if slide.kind != "exercise" or slide.shows("question"):
            slide = self.begin("exercise", kicker=self.exercise)
        slide.exercise = f"{self.number}/{name}"
        before = self.slides[-2:]
        for function in sorted(named(body) & self.functions.keys()):
            if not any(shown.defines(function) for shown in before):
                slide.pieces.append(code_piece(self.functions[function]))
        for index, part in enumerate(asked):
            name = "text" if index else "lead"
            slide.pieces.append(
                Piece("question", f'<p class="{name}">{unbroken(breakable(part))}</p>')
            )
        slide.notes += [f"<p>{part}</p>" for part in parts if part not in asked]
        self.exercise, self.section = "", self.around or self.section

    def picture(self, output, *, live: bool) -> None:
        """Show a picture as large as it goes."""
        png = base64.b64decode(output.data["image/png"])
        about = output.metadata["image/png"]
        alt, size = html.escape(about["alt"]), about.get("type", "")
        width, height = size_of(png)
        described = f'<p class="described">The picture: {alt}</p>'
        if height > TALLEST and self.pictures:  # it stays in the notebook
            self.last.notes.append(described)
            return
        name = f"{len(self.pictures) + 1:02d}.png"
        self.pictures[name] = png
        slide = self.last
        if slide.kind != "content" or not slide.shorter_than(1):
            slide = self.begin("content")
        badge = '<p class="live">live in the notebook</p>' if live else ""
        image = f'<img src="{self.name}/{name}" alt="{alt}" width="{width}" height="{height}"'
        image += f' data-type="{size}" style="max-width:min(100%,{width}px)">'
        slide.pieces.append(Piece("figure", f"<figure>{image}</figure>{badge}"))
        slide.live |= live
        slide.notes.append(described)
