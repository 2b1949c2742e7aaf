"""The exam on paper: each student's sheets, and the key to all of them."""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cecourse.exercise.display import rich
from tools._browser import open_browser
from tools._command import ROOT
from tools.exam.questions import DISTRACTORS, LETTERS, Item, set_number
from tools.paper._paper import COURSE, TEXT_WIDTH, document, press
from tools.paper._pdf import SHEETS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tools.exam.exam import Exam, Student

STYLE = ROOT / "teaching" / "handouts" / "exam.css"
ROOM = 45  # students in a table of the key, so that its letters stay readable
RULES = (
    "Each question has one right answer. Write its letter into the box beside the question; the "
    "letters in the boxes count, and nothing else does. A pocket calculator is allowed."
)
RULES_OPEN = (
    "Write your answer into the box or on the line beside each question: a letter where there are "
    "options, else a number with its significant digits; they count, and nothing else does. A "
    "pocket calculator is allowed."
)


# ---------------------------------------------------------------- a student's paper


def paper(exam: Exam, student: Student) -> str:
    """The sheets of a student: who, the rules, the questions."""
    name = html.escape(student.name) if student.name else '<i class="line"></i>'
    rows = "".join(
        question(exam, student.id, item, number) for number, item in enumerate(exam.paper_items, 1)
    )
    return (
        f'<article class="paper"><header><div><h1>{COURSE}</h1><p>Exam {exam.seed} · '
        f"{exam.minutes} minutes · {exam.points} points</p></div>"
        f'<dl><dt>Name</dt><dd class="name">{name}</dd>'
        f'<dt>Id</dt><dd class="id">{html.escape(student.id)}</dd></dl></header>'
        f'<p class="rules">{RULES_OPEN if exam.open else RULES}</p>{rows}</article>'
    )


def question(exam: Exam, student: str, item: Item, number: int) -> str:
    """One question with its options, or with a line to write on, and the box for the answer."""
    worth = f"{item.points} point{'s' if item.points > 1 else ''}"
    words = f'<div class="words">{words_of(item, exam.seeds[student][item.id])}</div>'
    if exam.is_open(item):
        digits = f"Answer, to {item.source.digits} significant digits"
        below, box = f'<p class="open"><span>{digits}</span><i></i></p>', ""
    else:
        options = exam.options(student, item)
        listed = "".join(
            f"<li><b>{letter}</b><span>{one.shown}</span></li>"
            for letter, one in zip(LETTERS, options, strict=False)
        )
        kind = "numbers" if item.kind == "number" else "words"
        below, box = f'<ol class="{kind}">{listed}</ol>', '<i class="box"></i>'
    return (
        f'<section class="item"><div class="margin"><b>{number}</b>{box}<span>{worth}</span></div>'
        f'<div class="body">{words}{below}</div></section>'
    )


def words_of(item: Item, seed: int) -> str:
    """What a question says, as paragraphs in which no equation is torn apart."""
    text = re.sub(r"(?<=[\w)]) = (?=[\w(−½])", "\u00a0=\u00a0", item.asked(seed))
    return "".join(f"<p>{part}</p>" for part in text.split("<br><br>"))


# ---------------------------------------------------------------- the key


def key(exam: Exam) -> str:
    """The key: a table of all answers, then each question with what its letters mean."""
    items = exam.paper_items
    head = "".join(f"<th>{number}</th>" for number, _ in enumerate(items, 1))
    keys = exam.keys()
    rows = [
        f"<tr><th>{html.escape(one.id)}</th>"
        + "".join(f"<td>{set_number(html.escape(answer))}</td>" for answer in keys[one.id])
        + "</tr>"
        for one in exam.students
    ]
    letters = not any(map(exam.is_open, items))
    narrow = letters and len(items) <= 15
    table = f"<table><thead><tr><th></th>{head}</tr></thead><tbody>{{}}</tbody></table>"
    parts = [rows[k : k + ROOM] for k in range(0, len(rows), ROOM)]
    tables = "".join(f'<div class="part">{table.format("".join(part))}</div>' for part in parts)
    meanings = "".join(meaning(exam, item, number) for number, item in enumerate(items, 1))
    return (
        f'<article class="key"><header><h1>Key to exam {exam.seed}</h1><p>{COURSE} · '
        f"{len(exam.students)} students · {exam.points} points · {exam.minutes} minutes · for "
        f"those who mark, not for the room</p></header><p>{SAME}</p>"
        f'<div class="answers{" two" if narrow else ""}">{tables}</div>'
        f"<h2>What a wrong answer says</h2>{meanings}</article>"
    )


SAME = (
    "Every student has the same questions from the same templates: the same steps lead to the "
    "answer, and the wrong options come from the same mistakes. Only the numbers and the order of "
    "the options differ. This holds no further than that: some numbers are easier to compute with "
    "than others."
)


def meaning(exam: Exam, item: Item, number: int) -> str:
    """What the letters of a question mean on the first student's paper.

    On others they stand in another order: `marks.csv` has the mistake behind each.
    """
    student = exam.students[0].id
    seed = exam.seeds[student][item.id]
    letters = " " * DISTRACTORS * 2 if exam.is_open(item) else LETTERS
    pairs = "".join(
        f'<dt class="{"" if one.mistake else "right"}"><b>{letter}</b>{one.shown}</dt>'
        f"<dd>{rich(one.said)}</dd>"
        for letter, one in zip(letters, exam.options(student, item), strict=False)
    )
    wide = "" if item.kind == "number" else " wide"
    head = f"{number} · {html.escape(item.title)}<small>{item.id}, on {student}’s paper</small>"
    return (
        f'<section class="meaning{wide}"><h3>{head}</h3>'
        f'<div class="asked">{words_of(item, seed)}</div><dl>{pairs}</dl></section>'
    )


# ---------------------------------------------------------------- the press


def sheet(size: str) -> str:
    """The rules for paper of a size; what stands under each page is printed on it afterwards."""
    side = _side(size)
    none = " ".join(f"@{place} {{ content: none; }}" for place in ("top-left", "bottom-center"))
    return (
        f"@page {{ size: {_measures(size)}; margin: 15mm {side:g}mm 19mm; {none} }}\n"
        + STYLE.read_text(encoding="utf-8")
    )


def _measures(size: str) -> str:
    return " ".join(f"{side:g}mm" for side in SHEETS[size])


def _side(size: str) -> float:
    return (SHEETS[size][0] - TEXT_WIDTH) / 2


def feet(size: str, lines: Sequence[tuple[str, str]]) -> str:
    """A page for each line to stand at the foot of one: what is left, what is right."""
    width, height = _measures(size).split()
    pages = "".join(f"<p><span>{html.escape(a)}</span><span>{b}</span></p>" for a, b in lines)
    style = (
        f"@page {{ size: {_measures(size)}; margin: 0; @bottom-center {{ content: none; }} }}\n"
        f"p {{ width: {width}; height: {height}; padding: 0 {_side(size):g}mm 9mm; margin: 0; "
        "display: flex; justify-content: space-between; align-items: flex-end; "
        "font: 8.5pt var(--sans); color: var(--remark); break-after: page; break-inside: avoid; }\n"
        "p:last-child { break-after: auto; }\n"
    )
    return document("feet", pages, style, "feet")


def print_papers(browser: Browser, exam: Exam, pdf: Path, size: str) -> int:
    """Print every paper into one file: each begins on a fresh sheet and counts its own pages.

    Returns
    -------
    int
        How many pages the file has; half a sheet that is left is a page, too.
    """
    from pypdf import PdfReader

    body = "".join(paper(exam, one) for one in exam.students)
    total = press(browser, document(f"Exam {exam.seed}", body, sheet(size), "exam"), pdf)
    reader = PdfReader(pdf)
    tops = [one for one in reader.outline if not isinstance(one, list)]
    starts = [*(reader.get_destination_page_number(one) for one in tops), total]
    lines = []
    for student, first, end in zip(exam.students, starts, starts[1:], strict=False):
        who = " · ".join(filter(None, (student.id, student.name, f"exam {exam.seed}")))
        lines += [(who, f"{page - first + 1} of {end - first}") for page in range(first, end)]
    odd = [end for first, end in itertools.pairwise(starts) if (end - first) % 2]
    _stamp(browser, pdf, size, lines, blanks=odd)
    return total + len(odd)


def print_key(browser: Browser, exam: Exam, pdf: Path, size: str) -> int:
    """Print the key; return how many pages it has."""
    title = f"Key to exam {exam.seed}"
    total = press(browser, document(title, key(exam), sheet(size), "exam"), pdf)
    _stamp(browser, pdf, size, [(title, f"{page} of {total}") for page in range(1, total + 1)])
    return total


def _stamp(browser, pdf: Path, size: str, lines, blanks: Sequence[int] = ()) -> None:
    """Print a line at the foot of each page, and put blank pages before these, counted from 0."""
    from pypdf import PdfReader, PdfWriter

    under = pdf.with_suffix(".feet.pdf")
    press(browser, feet(size, lines), under)
    writer = PdfWriter(clone_from=pdf)
    for page, foot in zip(writer.pages, PdfReader(under).pages, strict=True):
        page.merge_page(foot)
    for place in sorted(blanks, reverse=True):
        like = writer.pages[0].mediabox
        writer.insert_blank_page(float(like.width), float(like.height), place)
    writer.write(pdf)
    under.unlink()


def print_all(exam: Exam, folder: Path, sizes: Sequence[str]) -> list[tuple[str, int]]:
    """Print papers and key on each size of paper; return each file's name and pages."""
    made = []
    if sizes:
        with open_browser() as browser:
            for size in sizes:
                for kind, printed in (("paper", print_papers), ("key", print_key)):
                    pdf = folder / f"{kind}-{size}.pdf"
                    made.append((pdf.name, printed(browser, exam, pdf, size)))
    return made
