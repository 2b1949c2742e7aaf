"""Write a deck for Anki and the final quiz for Moodle: `make cards`.

Both land in build/cards. `cross_entropy.apkg` asks the questions of the quiz, the exercises whose
answer is a number or an option, and the predictions; importing a newer one renews its cards and
keeps what Anki knows of the learner. `quiz.xml` is Moodle XML: each known mistake has its feedback.
"""

from __future__ import annotations

import contextlib
import html
import io
import itertools
import re
import sqlite3
import sys
import zipfile
import zlib
from pathlib import Path
from typing import NamedTuple

from cecourse import palette
from cecourse.exercise.display import rich
from cecourse.exercise.question import Question
from cecourse.exercise.report import all_exercises
from cecourse.lessons import NOTEBOOKS
from cecourse.prediction import Prediction, all_predictions
from tools import _command, quiz_xml
from tools._command import ROOT
from tools.paper._paper import COURSE
from tools.quiz_xml import QUESTIONS, options_of, reason, told

NIGHT = palette.shade(palette.MUTED, 0.25)
CSS = f"""\
.card {{ font: 20px/1.5 sans-serif; color: {palette.DARK}; background: white; }}
.page {{ max-width: 34em; margin: 1em auto; overflow-wrap: break-word; }}
.text {{ margin: 0.4em 0; white-space: pre-wrap; }}
.options p {{ margin: 0.4em 0; padding-left: 1.2em; text-indent: -1.2em; }}
.from, .why {{ font-size: 80%; color: {palette.REMARK}; }}
b {{ color: {palette.ink(palette.TRUTH)}; }}
code {{ font: 85%/1.5 monospace; }}
pre {{ overflow-x: auto; padding: 0.5em; background: {palette.PAPER}; }}
.card.nightMode, .card.night_mode {{ color: {palette.PAPER}; background: {NIGHT}; }}
.nightMode .from, .nightMode .why, .night_mode .from, .night_mode .why {{
  color: {palette.FAINT}; }}
.nightMode b, .night_mode b {{ color: {palette.glow(palette.TRUTH)}; }}
.nightMode pre, .night_mode pre {{ background: black; }}
"""


# ---------------------------------------------------------------- what is asked


class Card(NamedTuple):
    """One card: its lasting name, what kind it is, where it stands, both sides as HTML."""

    id: str
    kind: str  # "quiz", "exercise" or "prediction"
    notebook: str
    title: str
    question: str
    answer: str


def text(plain: str) -> str:
    """Words of the course as HTML."""
    return f'<div class="text">{rich(plain)}</div>'


def listed(options: dict[str, str]) -> str:
    """Options with their letters."""
    lines = (f"<p><b>{html.escape(key)}</b>&ensp;{rich(said)}</p>" for key, said in options.items())
    return f'<div class="options">{"".join(lines)}</div>'


def code_of(exercise) -> str:
    """The code of a function that a question names and its notebook defines."""
    (page,) = _command.notebooks([exercise.notebook], _command.SOURCES, ".md")
    cells = page.read_text(encoding="utf-8")
    for name in re.findall(r"`(\w+)`", exercise.question):
        if found := re.search(rf"^def {name}\(.*\n(?:    .*\n|\n(?=    ))+", cells, re.MULTILINE):
            return f"<pre><code>{html.escape(found[0].strip(), quote=False)}</code></pre>"
    return ""


def back(options: dict[str, str], said: dict[str, str]) -> str:
    """The answer with its reason, then why not the others; `said` begins with the right one."""
    right, *_ = said
    others = {key: words for key, words in said.items() if key != right}
    why = f'<div class="why">{listed(others)}</div>'
    return listed({right: options[right]}) + text(said[right]) + why


def card(exercise) -> Card:
    """The card of an exercise or of a question of the quiz."""
    quiz, options = isinstance(exercise, Question), options_of(exercise)
    return Card(
        exercise.id,
        "quiz" if quiz else "exercise",
        exercise.about if quiz else exercise.notebook,
        exercise.title,
        text(exercise.question) + code_of(exercise) + (listed(options) if options else ""),
        back(options, told(exercise)) if options else text(reason(exercise)),
    )


def prediction_card(asked: Prediction) -> Card:
    """The card of a prediction."""
    options = dict(asked.lettered)
    said = {letter: one.reason for letter, one in zip(options, asked.options, strict=True)}
    said = {asked.letter: said.pop(asked.letter)} | said
    front = text(asked.question) + listed(options)
    return Card(asked.id, "prediction", asked.notebook, "Predict", front, back(options, said))


def all_cards() -> list[Card]:
    """Every card, by notebook; predictions before exercises before questions of the quiz."""
    found = [prediction_card(one) for one in all_predictions().values()]
    kinds = ("number", "choice", "truth")
    exercises = [card(part) for part in all_exercises() if part.kind in kinds]
    order = ("prediction", "exercise", "quiz")
    return sorted(found + exercises, key=lambda one: (one.notebook, order.index(one.kind)))


# ---------------------------------------------------------------- Anki


def number(name: str) -> int:
    """A number that a name keeps for ever: Anki knows decks and kinds of notes by theirs."""
    return 1 << 30 | zlib.crc32(f"{COURSE}/{name}".encode()) >> 2


def newest() -> int:
    """When what the cards are made of was last written: Anki takes over newer notes alone."""
    files = [*(ROOT / "cecourse").rglob("*"), *_command.SOURCES.glob("*.md"), Path(__file__)]
    written = [path.stat().st_mtime for path in files if path.suffix in (".py", ".json", ".md")]
    return int(max(written))


def package(cards: list[Card], written: int) -> bytes:
    """The deck as a file for Anki, with a deck for each notebook.

    Parameters
    ----------
    cards : list of Card
    written : int
        Seconds since 1970, for every note.
    """
    import genanki

    side = '<div class="page"><div class="from">{{From}}</div>{{Question}}'
    both = side + '<hr id="answer">{{Answer}}</div>'
    template = {"name": "Card", "qfmt": side + "</div>", "afmt": both}
    fields = [{"name": name} for name in ("Question", "Answer", "From")]
    model = genanki.Model(number("model"), COURSE, fields=fields, templates=[template], css=CSS)
    decks = {
        one.number: genanki.Deck(number(one.slug), f"{COURSE}::{one.number} {one.title}")
        for one in NOTEBOOKS
    }
    titles = {one.number: f"{one.number} · {one.title}" for one in NOTEBOOKS}
    for position, one in enumerate(cards):
        origin = rich(f"{titles[one.notebook]} · {one.title}")
        note = genanki.Note(
            model,
            [one.question, one.answer, origin],
            tags=[f"cross-entropy::notebook-{one.notebook}", f"cross-entropy::{one.kind}"],
            guid=genanki.guid_for(COURSE, one.kind, one.id),
            due=position,
        )
        decks[one.notebook].add_note(note)
    used = [deck for deck in decks.values() if deck.notes]
    with contextlib.closing(sqlite3.connect(":memory:")) as made:
        genanki.Package(used).write_to_db(made.cursor(), written, itertools.count(written * 1000))
        made.commit()
        parts = {"collection.anki2": made.serialize(), "media": b"{}"}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name, content in parts.items():
            file.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)  # of no hour
    return packed.getvalue()


# ---------------------------------------------------------------- the command


def write(names: list[str], folder: Path) -> str:
    """Write both files, of the notebooks whose names begin so; return what to say."""
    chosen = {path.stem[:2] for path in _command.notebooks(names)}
    cards = [one for one in all_cards() if one.notebook in chosen]
    questions = [one for one in QUESTIONS if one.about in chosen]
    (folder / "cross_entropy.apkg").write_bytes(package(cards, newest()))
    (folder / "quiz.xml").write_bytes(quiz_xml.page(questions))
    return f"{len(cards)} cards for Anki, {len(questions)} questions for Moodle: {folder}"


if __name__ == "__main__":
    given = _command.parse(__doc__, "build/cards")
    sys.exit(_command.told(lambda: write(given.names, given.to)))
