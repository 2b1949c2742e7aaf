"""What a class believes, from the files it handed in: `make room FOLDER=submitted`.

Reads every `my_course.json` (also "my_course (1).json"), every `marks.csv` and what `make vote`
counted, in the folder and below it; writes build/room: `room.html`, one page that loads nothing,
and its tables as CSV. No name, address or path stands in either; groups of fewer than five learners
are left out, and so is a mistake that only one or two made.
"""

from __future__ import annotations

import argparse
import csv
import io
import math
import re
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from cecourse import palette
from cecourse.exercise.display import rich
from cecourse.exercise.exercise import Exercise
from cecourse.exercise.report import exercises_by_id
from cecourse.exercise.roads import changes_of_result
from cecourse.lessons import NOTEBOOKS
from cecourse.prediction import all_predictions
from tools._command import ROOT, ToolError, program, told
from tools.room import measures
from tools.room.files import Collected, Guess, Sheet, Vote, collected
from tools.room.measures import Estimate, Group

LEAST = 5  # learners, below which nothing is said of a group
RARE = 3  # learners, below which a mistake or an option is not named
MONDAY = 8  # mistakes that the page opens with
DRAWN = 30  # questions in the picture: the hardest
TEMPLATES = ROOT / "teaching" / "room"
BY_SEARCH = {  # what the engine's search calls an answer without a sentence that stays the same
    "expression": "A short expression of what is given: is it what the question asks for?",
    "given": "The answer is one of the numbers given in the question.",
    "no_number": "Right for some inputs; for others it gives nan, ±inf or an error.",
    "return_in_loop": "Only the first row has come out. Does a `return` stand inside the loop?",
    "changes_its_argument": "Right, and the function changes what it is given.",
}


# -- what is computed -----------------------------------------------------------------------------


class QuestionRow(NamedTuple):
    """One question: how many tried it, and what their tries came to."""

    question: str
    title: str
    tried: int
    first: Estimate  # the share that was right at the first try
    solved: int
    tries: tuple[float, float, float] | None  # to solve it: the quarter, the median, three quarters
    hints: int  # learners who took one
    discrimination: Estimate


class MistakeRow(NamedTuple):
    """One recognised mistake: how many made it, of how many, and the sentence they were told."""

    question: str
    title: str
    mistake: str
    made: Estimate
    learners: int
    sentence: str


class PredictionRow(NamedTuple):
    """One prediction: who was right, at what price, and what tempted the others."""

    prediction: str
    question: str
    right: Estimate
    price: Estimate  # nats
    nothing: float  # what knowing nothing costs, ln K
    tempting: str  # the wrong option that most chose; "" where it may not be named
    tempted: int
    clearly: bool  # whether more chose it than the next one, beyond luck


class VoteRow(NamedTuple):
    """One prediction that the room voted on: the share that was right, before and after."""

    prediction: str
    question: str
    before: Estimate
    after: Estimate


class Part(NamedTuple):
    """The questions and mistakes of one source: what was tried alone, or what was marked."""

    source: str
    questions: list[QuestionRow]
    mistakes: list[MistakeRow]
    left_out: int  # questions that too few tried
    rare: int  # mistakes that too few made
    sentences: list[str]


class Report(NamedTuple):
    """All that the page says."""

    notebooks: list[str]
    learners: int
    marked: int
    parts: list[Part]
    predictions: list[PredictionRow]
    predictions_left_out: int
    groups: list[Group]
    answers: int
    votes: list[VoteRow]
    sentences: list[str]  # on predictions, bets and votes


def report(found: Collected, notebooks: Sequence[str] = ()) -> Report:
    """Compute what the page says of some notebooks; of all without any."""
    known = found.of(notebooks)
    parts = [
        part_of("what they tried and checked by themselves", known.tried),
        part_of("what was marked", known.marks),
    ]
    rows, left_out, sentences = predictions_of(known.predictions)
    guesses = [*known.predictions, *known.bets]
    groups, more = reliability_of(guesses)
    votes, most = votes_of(known.votes)
    return Report(
        list(notebooks), found.learners, found.marked,
        [part for part in parts if part.questions], rows, left_out, groups, len(guesses), votes,
        [*more, *sentences, *most],
    )  # fmt: skip


def part_of(source: str, sheets: list[Sheet]) -> Part:
    """The questions that were tried, and the mistakes that were recognised."""
    sheets = [one for one in sheets if one.question in titles()]
    by_question = measures.grouped(sheets, lambda one: one.question)
    by_question = {name: by_question[name] for name in titles() if name in by_question}
    columns = {name: column for column, name in enumerate(by_question)}
    learners = {one: row for row, one in enumerate(sorted({one.learner for one in sheets}))}
    right = np.full((len(learners), len(columns)), np.nan)
    for one in sheets:
        if one.first is not None:
            right[learners[one.learner], columns[one.question]] = one.first
    rest = measures.rests(right) if sheets else right
    shown = [name for name in by_question if np.sum(~np.isnan(right[:, columns[name]])) >= LEAST]

    def row(name: str) -> QuestionRow:
        mine, x = by_question[name], right[:, columns[name]]
        needed = [one.needed for one in mine if one.needed is not None]
        return QuestionRow(
            name, titles()[name], int(np.sum(~np.isnan(x))),
            measures.share(int(np.nansum(x)), int(np.sum(~np.isnan(x)))),
            sum(one.solved for one in mine),
            quartiles(needed) if len(needed) >= LEAST else None,
            sum(one.hints > 0 for one in mine),
            measures.discrimination(x, rest[:, columns[name]]),
        )  # fmt: skip

    questions = [row(name) for name in shown]
    mistakes, rare = mistakes_of({name: by_question[name] for name in shown})
    wide = {
        name: measures.discrimination(
            right[:, columns[name]], rest[:, columns[name]], measures.family(len(shown))
        )
        for name in shown
    }
    sentences = [*said_of_questions(questions, wide), *said_of_mistakes(mistakes, rare)]
    return Part(source, questions, mistakes, len(by_question) - len(shown), rare, sentences)


def quartiles(values: list[int]) -> tuple[float, float, float]:
    """The quarter, the median and three quarters."""
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, middle, high


def mistakes_of(by_question: dict[str, list[Sheet]]) -> tuple[list[MistakeRow], int]:
    """The recognised mistakes, the commonest first, and how many too few made to be named."""
    rows, rare = [], 0
    for name, sheets in by_question.items():
        made = [{mistake for _, mistake in one.tries if mistake} for one in sheets]
        tried = sum(bool(one.tries) for one in sheets)
        for mistake, learners in Counter(word for words in made for word in words).items():
            if learners < RARE:
                rare += 1
                continue
            sentence = sentence_of(name, mistake)
            shown = mistake if sentence else ""
            sentence = sentence or "A mistake that another edition of the course recognises."
            estimate = measures.share(learners, tried)
            rows.append(MistakeRow(name, titles()[name], shown, estimate, learners, sentence))
    return sorted(rows, key=lambda row: -row.learners), rare


def said_of_questions(rows: list[QuestionRow], wide: dict[str, Estimate]) -> list[str]:
    """What the intervals allow to say of difficulty and discrimination, all at once."""
    if not rows:
        return []
    m = measures.family(len(rows))
    firsts = [measures.share(round(row.first.value * row.tried), row.tried, m) for row in rows]
    said = []
    hardest = [rows[i] for i in measures.candidates(firsts, highest=False)]
    if len(hardest) == 1 and len(rows) > 1:
        said.append(f"The hardest question is {quoted(hardest[0])}.")
    elif 1 < len(hardest) <= 5:
        said.append(f"The hardest question is one of {listed(map(quoted, hardest))}.")
    elif len(rows) > 1:
        said.append(f"Which question is the hardest cannot be told: {len(hardest)} may be.")
    pairs = sorted(zip(rows, firsts, strict=True), key=lambda pair: pair[1].value)
    half = [quoted(row) for row, one in pairs if one.high < 0.5]
    if half:
        said.append(f"At the first try fewer than half have {listed(half)} right.")
    turned = [quoted(row) for row in rows if wide[row.question].high < 0]
    if turned:
        said.append(
            f"Those who do better elsewhere do worse at {listed(turned)}: is the question sound?"
        )
    return said


def said_of_mistakes(rows: list[MistakeRow], rare: int) -> list[str]:
    """Which mistake is the commonest, as far as the intervals tell."""
    if not rows:
        return []
    m = measures.family(len(rows) + rare)
    made = [measures.share(row.learners, row.made.n, m) for row in rows]
    top = [rows[i] for i in measures.candidates(made, highest=True)]
    if len(top) == 1 and len(rows) + rare > 1:
        return [f"The mistake made by the largest share is in {quoted(top[0])}: {top[0].sentence}"]
    if len(top) <= 5:
        return [f"The mistake made by the largest share is in one of {listed(map(quoted, top))}."]
    return [f"Which mistake is made by the largest share cannot be told: {len(top)} may be."]


def predictions_of(guesses: list[Guess]) -> tuple[list[PredictionRow], int, list[str]]:
    """What each prediction came to; how many were left out; what may be said."""
    by_id = measures.grouped(guesses, lambda one: one.id)
    by_id = {name: by_id[name] for name in all_predictions() if name in by_id}
    shown = {name: made for name, made in by_id.items() if len(made) >= LEAST}
    m = measures.family(2 * len(shown))
    rows, dear, tempting = [], [], []
    for name, made in shown.items():
        hits = sum(one.hit for one in made)
        prices = [-math.log(one.sure if one.hit else (1 - one.sure) / (one.of - 1)) for one in made]
        nothing = statistics.fmean(math.log(one.of) for one in made)
        wrong = Counter(one.chosen for one in made if not one.hit).most_common(2)
        text, count = wrong[0] if wrong else ("", 0)
        second = wrong[1][1] if len(wrong) > 1 else 0
        clearly = count >= RARE and measures.share(count, count + second, m).low > 0.5
        words = text if text in {one.text for one in all_predictions()[name].options} else ""
        if count < RARE:
            words, count = "", 0
        row = PredictionRow(
            name, all_predictions()[name].question,
            measures.share(hits, len(made)), measures.mean(prices),
            nothing, words, count, clearly,
        )  # fmt: skip
        rows.append(row)
        over = [paid - math.log(one.of) for paid, one in zip(prices, made, strict=True)]
        if measures.mean(over, m).low > 0:
            dear.append(f"“{row.question}”")
        if clearly and words:
            tempting.append(f"“{words}” ({count} of {len(made) - hits} who were wrong)")
    said = []
    if dear:
        said.append(f"Knowing nothing would have been cheaper at {listed(dear)}.")
    if tempting:
        said.append(
            f"Wrong options that tempt more than the others beside them: {listed(tempting)}."
        )
    return rows, len(by_id) - len(shown), said


def reliability_of(guesses: list[Guess]) -> tuple[list[Group], list[str]]:
    """The room's reliability diagram, and what it allows to say."""
    learner = np.array([one.learner for one in guesses])
    if len(set(learner.tolist())) < LEAST:
        return [], []
    sure = np.array([one.sure for one in guesses])
    right = np.array([float(one.hit) for one in guesses])
    gap, _ = measures.clustered(sure - right, learner)
    numbers = f"{sure.mean():.2f} sure on average, {right.mean():.2f} right"
    between = f"the gap lies between {gap.low:+.2f} and {gap.high:+.2f}".replace("-", "−")
    if gap.low > 0:
        verdict = "The room is too sure"
    elif gap.high < 0:
        verdict = "The room is too modest"
    else:
        verdict = "Whether the room is too sure cannot be told"
    return measures.reliability(sure, right, learner, least=LEAST), [
        f"{verdict}: {numbers}, and {between}."
    ]


def votes_of(votes: list[Vote]) -> tuple[list[VoteRow], list[str]]:
    """The room's votes before and after, and which of them the argument has moved."""
    by_id = measures.grouped(votes, lambda one: one.prediction)
    rows = []
    for name in all_predictions():
        both = []
        for turn in (1, 2):
            cast = [one for one in by_id.get(name, []) if one.round == turn]
            n = sum(one.count for one in cast)
            hits = sum(one.count for one in cast if one.right)
            both.append(measures.share(hits, n) if n >= LEAST else measures.UNKNOWN)
        if both[0].known or both[1].known:
            rows.append(VoteRow(name, all_predictions()[name].question, *both))
    m = measures.family(sum(row.before.known and row.after.known for row in rows))
    moved: dict[int, list[str]] = {}
    for row in rows:
        if row.before.known and row.after.known:
            way = measures.moved(row.before, row.after, m)
            moved.setdefault(way, []).append(f"“{row.question}”")
    said = []
    if 1 in moved:
        said.append(f"More of the room were right after arguing: {listed(moved[1])}.")
    if -1 in moved:
        said.append(f"Fewer of the room were right after arguing: {listed(moved[-1])}.")
    return rows, said


# -- words ----------------------------------------------------------------------------------------


@cache
def titles() -> dict[str, str]:
    """What may be asked, by its id: an exercise's title, a prediction's question."""
    own = {name: one.title for name, one in exercises_by_id().items()}
    return own | {name: one.question for name, one in all_predictions().items() if name not in own}


def quoted(row: QuestionRow | MistakeRow) -> str:
    """A question as a sentence names it."""
    return f"{row.question[:2]} · {row.title}"


def listed(words: Iterable[str], most_of_them: int = 6) -> str:
    """Some words in a row; of many the first, and how many more there are."""
    *most, last = words
    if len(most) >= most_of_them:
        most, last = most[:most_of_them], f"{len(most) + 1 - most_of_them} more"
    return f"{', '.join(most)} and {last}" if most else last


@cache
def sentence_of(question: str, mistake: str) -> str:
    """What makers of a mistake are told; "" where the course does not know it.

    A name that a file holds and the course does not know could be anything, and is not printed.
    """
    exercise = exercises_by_id().get(question)
    if exercise is None:
        option = re.fullmatch(r"(?:option_)?([A-D])", mistake)
        options = dict(all_predictions()[question].lettered)
        return options.get(option[1], "") if option else ""
    for one in exercise.mistakes:
        if one.name == mistake:
            option = re.fullmatch(r"option_(\w+)", mistake)
            chosen = f"“{exercise.choices[option[1]]}” " if option and exercise.choices else ""
            return chosen + one.text
    if mistake in BY_SEARCH:
        return BY_SEARCH[mistake]
    found = [_by_machine(exercise, name) for name in mistake.split("+")]
    return " ".join(found) if all(found) else ""


def _by_machine(exercise: Exercise, name: str) -> str:
    """What the engine says of a change in the solution's code; of several alike, the first two."""
    made = [one.text for one in exercise.roads if one.name == name]
    made += [f"{text[0].upper()}{text[1:]}" for word, text, _ in changes_of_result(exercise)
             if word == name]  # fmt: skip
    return " Or: ".join(list(dict.fromkeys(made))[:2])


# -- what is written ------------------------------------------------------------------------------


def interval(one: Estimate, digits: int = 2) -> str:
    """A number with its interval, as the page and the tables give it."""
    if not one.known:
        return "–"
    low, value, high = (f"{x:.{digits}f}".replace("-", "−") for x in (one.low, one.value, one.high))
    return f"{value} ({low} to {high})"


def tables(made: Report) -> dict[str, list[dict[str, Any]]]:
    """The CSV files, by name: rows of plain values."""

    def ends(name: str, one: Estimate) -> dict[str, Any]:
        cells = zip((name, f"{name}_low", f"{name}_high"), one[:3], strict=True)
        return {key: round(value, 4) if one.known else "" for key, value in cells}

    return {
        "questions": [
            {"source": part.source, "question": row.question, "title": row.title,
             "tried": row.tried} | ends("first_try", row.first)
            | {"solved": row.solved, "median_tries": row.tries[1] if row.tries else "",
               "took_hints": row.hints} | ends("discrimination", row.discrimination)
            for part in made.parts for row in part.questions
        ],
        "mistakes": [
            {"source": part.source, "question": row.question, "title": row.title,
             "mistake": row.mistake, "learners": row.learners, "of": row.made.n}
            | ends("share", row.made) | {"sentence": row.sentence}
            for part in made.parts for row in part.mistakes
        ],
        "predictions": [
            {"prediction": row.prediction, "question": row.question, "answers": row.right.n}
            | ends("right", row.right) | ends("price", row.price)
            | {"knowing_nothing": round(row.nothing, 4), "tempting": row.tempting,
               "tempted": row.tempted}
            for row in made.predictions
        ],
        "reliability": [
            {"sure": round(one.sure, 4), "right": round(one.right, 4), "low": round(one.low, 4),
             "high": round(one.high, 4), "answers": one.count, "learners": one.learners}
            for one in made.groups
        ],
        "votes": [
            {"prediction": row.prediction, "question": row.question,
             "votes_before": row.before.n, "votes_after": row.after.n}
            | ends("right_before", row.before) | ends("right_after", row.after)
            for row in made.votes
        ],
    }  # fmt: skip


def page(made: Report) -> str:
    """The whole page."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from tools.room.pictures import drawn, questions_picture, reliability_picture

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=True,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {"rich": rich, "interval": interval}
    pictures: dict[str, str] = {}
    for part in made.parts:
        rows = sorted(part.questions, key=lambda row: row.first.value)[:DRAWN]
        picture = questions_picture(rows, len(part.questions))
        pictures[part.source] = drawn(picture, f"picture of {part.source}")
    if made.groups:
        pictures["reliability"] = drawn(
            reliability_picture(made.groups, made.answers), "reliability diagram"
        )
    colours = {
        found: palette.night(f"#{found}")
        for found in sorted(set(re.findall(r"var\(--c([0-9a-f]{6})\)", "".join(pictures.values()))))
    }
    return environment.get_template("report.html.j2").render(
        made=made, pictures=pictures, colours=colours, css=palette.css(), least=LEAST, rare=RARE,
        monday=MONDAY, enough=measures.ENOUGH, others=measures.OTHERS,
    )  # fmt: skip


def write(made: Report, folder: Path) -> list[Path]:
    """Write the page and its tables; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / "room.html"]
    paths[0].write_text(page(made), encoding="utf-8", newline="\n")
    for name, rows in tables(made).items():
        path = folder / f"{name}.csv"
        path.unlink(missing_ok=True)  # of another class, perhaps
        if rows:
            text = io.StringIO(newline="")
            table = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
            table.writeheader()
            table.writerows(rows)
            path.write_text(text.getvalue(), encoding="utf-8", newline="\n")
            paths.append(path)
    return paths


# -- the command ----------------------------------------------------------------------------------


def of_week(week: str) -> list[str]:
    """The notebooks of a week of teaching/schedules.md."""
    text = (ROOT / "teaching" / "schedules.md").read_text(encoding="utf-8")
    parts = re.split(r"^### Week (\d+): .*$", text, flags=re.MULTILINE)
    bodies = (re.split(r"^##", part, flags=re.MULTILINE)[0] for part in parts[2::2])
    weeks = dict(zip(parts[1::2], bodies, strict=True))
    if week not in weeks:
        raise ToolError(f"--week must be one of {', '.join(weeks)} (schedules.md); got {week!r}")
    return sorted(set(re.findall(r"\[(\d\d)\]\(\.\./notebooks/", weeks[week])))


def work(folder: Path, to: Path, notebooks: Sequence[str] = ()) -> str:
    """Read a folder and write the report; return what to say.

    Raises
    ------
    ToolError
        If there is no such folder, nothing to read in it, or too few learners.
    """
    if not folder.is_dir():
        raise ToolError(f"FOLDER must be a folder with the files of a class; got {str(folder)!r}")
    strange = [one for one in notebooks if one not in {book.number for book in NOTEBOOKS}]
    if strange:
        raise ToolError(f"--notebooks must be numbers such as 01 03; got {strange[0]!r}")
    found = collected(folder)
    said = [*found.told]
    names = {one.question for one in [*found.tried, *found.marks]} - set(titles())
    names |= {one.id for one in found.predictions} - set(all_predictions())
    if names:
        said.append(f"Questions that this edition does not ask, left out: {len(names)}")
    if not (found.learners or found.marked or found.votes):
        where = "no my_course.json, no marks.csv and no counts of votes that can be read"
        raise ToolError("\n".join([*said, f"{folder}: {where}"]))
    if max(found.learners, found.marked) < LEAST and not found.votes:
        few = f"{max(found.learners, found.marked)} learners are too few: below {LEAST} a page "
        raise ToolError("\n".join([*said, f"{few}would speak of persons"]))
    paths = write(report(found, notebooks), to)
    said.append(
        f"{found.learners} files of learners, {found.marked} students marked, "
        f"{sum(one.count for one in found.votes)} votes; left out or mended: {len(found.told)}"
    )
    return "\n".join([*said, f"{len(paths)} files: {paths[0]}"])


def main() -> int:
    parser = argparse.ArgumentParser(program(), description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="folder with what was collected")
    parser.add_argument("--to", type=Path, default=ROOT / "build" / "room", help="folder")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--notebooks", nargs="+", default=[], metavar="NN", help="only these: 01 02")
    which.add_argument("--week", help="only those of this week of teaching/schedules.md")
    given = parser.parse_args()

    def run() -> str:
        chosen = of_week(given.week) if given.week else given.notebooks
        return work(given.folder, given.to.resolve(), chosen)

    return told(run)
