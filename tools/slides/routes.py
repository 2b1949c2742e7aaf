"""The routes through the course: which slides a lecture has that is shorter than the notebooks.

teaching/schedules.md says what a session does in which minutes; teaching/routes.toml says, for each
row of its tables, which parts of a notebook's deck are shown then. Slides keep their order, and a
prediction never goes without what answers it. ``python -m tools.slides.routes`` writes the cut
lists of teaching/guide.md anew, from the route `short`.
"""

from __future__ import annotations

import re
import sys
import textwrap
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cecourse.lessons import NOTEBOOKS
from cecourse.prediction import of_lesson
from tools._cells import exercises_of
from tools._command import ROOT, SOURCES, ToolError, notebooks, told
from tools._markdown import inline
from tools.slides.deck import Deck, Piece, Slide, closing, named, text_piece
from tools.slides.speaker import GUIDE, clock, pace, with_guide

FILE = ROOT / "teaching" / "routes.toml"
SCHEDULES = ROOT / "teaching" / "schedules.md"
SHORT = "short"  # the route of single notebooks
SHORT_MINUTES = 20
CUT = "**If you have {minutes} minutes:** {parts}."


class Row(NamedTuple):
    """A row of a schedule: its minutes, its words, and the numbers of the notebooks it names."""

    minutes: int
    text: str
    notebooks: tuple[str, ...]

    @property
    def words(self) -> str:
        """Its words without links."""
        return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", self.text)


@dataclass
class Session:
    """One lecture: what is on its title slide, and its slides with their notes and times."""

    name: str
    number: str
    title: str
    minutes: int
    promise: str = ""
    notebooks: list[str] = field(default_factory=list)  # their files' names
    slides: list[Slide] = field(default_factory=list)

    @property
    def line(self) -> str:
        """What stands under the title."""
        return f"{self.minutes} minutes"


def schedule() -> dict[str, list[Row]]:
    """The rows of each session in schedules.md, by its title without the minutes."""
    text = re.sub(r"<!--.*?-->", "", SCHEDULES.read_text(encoding="utf-8"), flags=re.DOTALL)
    found = {}
    for part in re.split(r"^### ", text, flags=re.MULTILINE)[1:]:
        title = part.splitlines()[0].rpartition(", ")[0]
        rows = re.findall(r"^\| (\d+) \| (.+) \|$", part, re.MULTILINE)
        found[title] = [
            Row(int(minutes), words, tuple(re.findall(r"\[(\d\d)\]\(", words)))
            for minutes, words in rows
        ]
    return found


def routes() -> dict:
    """The table of routes as it is written."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


# ---------------------------------------------------------------- choosing


def chosen(deck: Deck, parts: Sequence[str]) -> list[Slide]:
    """The slides of a deck that a list of parts names, in the deck's order.

    Parameters
    ----------
    deck : Deck
    parts : sequence of str
        A heading: all its slides but the exercises. ``"predictions.name"``: a prediction and what
        answers it. ``"exercises.name"``: an exercise. ``"not predictions.name"``: without these.

    Raises
    ------
    ToolError
        If there is no such part.
    """
    inner = range(1, len(deck.slides) - 1)  # neither the title nor the end
    taken: set[int] = set()
    left: set[int] = set()
    for part in parts:
        out, name = part.startswith("not "), part.removeprefix("not ")
        places = _places(deck, inner, name)
        if not places:
            raise ToolError(f"{deck.name} has no slide of {name!r}")
        (left if out else taken).update(places)
    taken -= left
    for place in sorted(taken):
        slide = deck.slides[place]
        if slide.prediction:
            taken.update(_answers(deck, place))
        text = "".join(piece.html for piece in slide.pieces if piece.kind != "code")
        before = deck.slides[place - 1]
        if any(before.defines(one) and not slide.defines(one) for one in named(text)):
            taken.add(place - 1)
    return [deck.slides[place] for place in sorted(taken)]


def _places(deck: Deck, inner: range, name: str) -> list[int]:
    kind, _, one = name.partition(".")
    if kind == "predictions":
        at = [i for i in inner if deck.slides[i].prediction == f"{deck.number}/{one}"]
        return [place for i in at for place in (i, *_answers(deck, i))]
    if kind == "exercises":
        return [i for i in inner if deck.slides[i].exercise == f"{deck.number}/{one}"]
    return [
        i for i in inner if deck.slides[i].heading == name and deck.slides[i].kind != "exercise"
    ]


def _answers(deck: Deck, asked: int) -> list[int]:
    """The slides that answer a prediction: up to the next one or the next heading, at least one."""
    found: list[int] = []
    for place in range(asked + 1, len(deck.slides) - 1):
        slide = deck.slides[place]
        if slide.kind == "exercise" or (slide.prediction and not found):
            continue
        if found and (slide.prediction or slide.heading != deck.slides[asked].heading):
            break
        found.append(place)
    return found


# ---------------------------------------------------------------- sessions


def sessions(route: str, decks: Mapping[str, Deck], home: str | None = None) -> list[Session]:
    """The lectures of a route.

    Parameters
    ----------
    route : str
        A name in routes.toml, such as ``"two-lectures"``.
    decks : mapping of str to Deck
        By the notebooks' numbers.
    home : str or None
        The address of the course's site.

    Raises
    ------
    ToolError
        If there is no such route, it names a session, row or part that is not there, or a row has
        parts of another notebook than its schedule says.
    """
    table = routes()
    if route not in table:
        raise ToolError(f"route must be one of {', '.join(table)}; got {route!r}")
    if route == SHORT:
        return [short(decks[number], parts, home) for number, parts in table[SHORT].items()]
    made = []
    for place, entry in enumerate(table[route], start=1):
        following = table[route][place]["session"] if place < len(table[route]) else ""
        try:
            session = joined(f"{route}-{place}", entry, decks)
        except ToolError as error:
            raise ToolError(f"{route}, {entry['session']!r}: {error}") from None
        session.number = str(place) if len(table[route]) > 1 else ""
        shown = {number for row in entry["rows"] for number in row}
        session.notebooks = [decks[number].name for number in sorted(shown)]
        following = following and f"Next: {following}."
        _close(session, closing(session.notebooks, following, home))
        made.append(session)
    return made


def _close(session: Session, end: Slide) -> None:
    """Put the last slide behind the others: it has the time of the one before it by half."""
    last = session.slides[-1]
    end.seconds = last.seconds // 2
    last.seconds -= end.seconds
    end.start = last.start + last.seconds
    session.slides.append(end)


def short(deck: Deck, parts: Sequence[str], home: str | None) -> Session:
    """One notebook in about twenty minutes: its title, these parts, its end."""
    minutes = min(SHORT_MINUTES, int(deck.minutes[0]))
    session = Session(f"{SHORT}-{deck.number}", deck.number, deck.title, minutes, deck.promise)
    session.notebooks = [deck.name]
    end = closing([deck.name], deck.next, home)
    session.slides = with_guide([deck.slides[0], *chosen(deck, parts), end], deck.number)
    pace(session.slides, 0, 60 * minutes)
    return session


def joined(name: str, entry: Mapping, decks: Mapping[str, Deck]) -> Session:
    """Join the rows of a schedule: a title with the plan, then a divider and slides for each."""
    title, parts = entry["session"], entry["rows"]
    if title not in (known := schedule()):
        raise ToolError(f"schedules.md has no such session, but {list(known)}")
    rows = known[title]
    if len(parts) != len(rows):
        raise ToolError(f"its schedule has {len(rows)} rows, routes.toml {len(parts)}")
    session = Session(name, "", title, sum(row.minutes for row in rows))
    plan, at = [], 0
    for row, choice in zip(rows, parts, strict=True):
        if choice and choice.keys() != set(row.notebooks):
            raise ToolError(f"{row.text!r} names {row.notebooks}, routes.toml {list(choice)}")
        slides = [divider(row, at, [decks[number] for number in row.notebooks])]
        for number, wanted in choice.items():
            head, *shown = with_guide([slides[0], *chosen(decks[number], wanted)], number)
            slides = [head, *slides[1:], *shown]
        plan.append((at, row.words))
        pace(slides, 60 * at, 60 * row.minutes)
        session.slides += slides
        at += row.minutes
    lines = "".join(f"<li><b>{clock(60 * at)}</b> {inline(text)}</li>" for at, text in plan)
    first = Slide("title", title, pieces=[Piece("goals", f'<ul class="plan">{lines}</ul>')])
    session.slides.insert(0, first)
    return session


def divider(row: Row, start: int, decks: Sequence[Deck]) -> Slide:
    """The slide between two rows: number and title of the notebook, what is done, its minutes."""
    rest = re.sub(r"^[\d, ]+[:,]? ?", "", row.words)
    rest = rest[:1].upper() + rest[1:]
    heading = ", ".join(deck.title for deck in decks)
    slide = Slide("divider", heading or rest, kicker=" ".join(deck.number for deck in decks))
    if heading and rest:
        slide.pieces.append(text_piece(rest, lead=True))
    end = start + row.minutes
    budget = f"{row.minutes} minutes: {clock(60 * start)} to {clock(60 * end)}"
    slide.pieces.append(text_piece(budget))
    return slide


# --------------------------------------------------------------- cut lists


def cut_list(number: str) -> str:
    """The guide's sentence on what to show in twenty minutes."""
    notebook = next(one for one in NOTEBOOKS if one.number == number)
    asked, posed = of_lesson(notebook.slug), exercises_of(f"{number}_{notebook.slug}")
    words = []
    for part in routes()[SHORT][number]:
        kind, _, name = part.partition(".")
        if kind == "predictions":
            question = textwrap.shorten(asked[name].question, 44, placeholder=" …")
            words.append(f"of *{heading_of(number, part)}* the prediction “{question}”")
        elif kind == "exercises":
            words.append(f"the exercise *{getattr(posed, name).title}*")
        elif part != notebook.title and not part.startswith("not "):
            words.append(f"*{part}*")
    minutes = min(SHORT_MINUTES, notebook.minutes)
    return textwrap.fill(CUT.format(minutes=minutes, parts="; ".join(words)), 92)


def heading_of(number: str, call: str) -> str:
    """The heading under which a cell of a notebook stands, such as ``predictions.loaded_die``."""
    (source,) = notebooks([number], SOURCES, ".md")
    above = source.read_text(encoding="utf-8").partition(f"\n{call}\n")[0]
    return re.findall(r"^##+ (.+)$", above, re.MULTILINE)[-1]


def write() -> str:
    """Write the cut lists of the guide anew; return what to say."""
    head, *sections = re.split(r"^(?=## )", GUIDE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    made = [head]
    for section in sections:
        rest = re.sub(r"^\*\*If you have .+?\n\n", "", section, flags=re.MULTILINE | re.DOTALL)
        above, they_can, below = rest.partition("**They can**")
        made.append(f"{above}{cut_list(section[3:5])}\n\n{they_can}{below}")
    GUIDE.write_text("".join(made), encoding="utf-8", newline="\n")
    return f"{GUIDE.relative_to(ROOT)}: its cut lists are those of {FILE.name}"


if __name__ == "__main__":
    sys.exit(told(write))
