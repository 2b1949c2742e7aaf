"""The deck for Anki and the quiz for Moodle, read back: nothing is lost, nothing given away."""

import io
import json
import os
import re
import sqlite3
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xmlschema

from cecourse import palette
from cecourse.exercise.display import rich
from cecourse.exercise.question import Question
from cecourse.exercise.report import all_exercises
from cecourse.lessons import NOTEBOOKS
from cecourse.lessons.loss_clinic.final_quiz import QUESTIONS
from cecourse.prediction import of_lesson
from tools import _command, cards
from tools.paper._paper import COURSE

EXERCISES = [part for part in all_exercises() if part.kind in ("number", "choice", "truth")]
PREDICTIONS = [one for book in NOTEBOOKS for one in of_lesson(book.slug).values()]
NUMBERS = [part for part in QUESTIONS if part.kind == "number"]
CHOICES = [part for part in QUESTIONS if part.kind == "choice"]


def named(part):
    return part.id


# ---------------------------------------------------------------- Anki


def database(apkg):
    """What Anki reads in a package."""
    with zipfile.ZipFile(io.BytesIO(apkg)) as file:
        assert file.namelist() == ["collection.anki2", "media"]
        base = sqlite3.connect(":memory:")
        base.deserialize(file.read("collection.anki2"))
    return base


def opened(apkg):
    """The notes of a package: {guid: (front, back, origin, tags, deck, when written)}."""
    base = database(apkg)
    decks = json.loads(base.execute("SELECT decks FROM col").fetchone()[0])
    rows = base.execute(
        "SELECT guid, flds, tags, did, mod FROM notes JOIN"
        " (SELECT nid, min(did) AS did, count(*) AS n FROM cards GROUP BY nid)"
        " ON nid = notes.id WHERE n = 1 ORDER BY notes.id"
    ).fetchall()
    assert base.execute("SELECT count(*) FROM notes").fetchone() == (len(rows),)
    base.close()
    notes = {
        guid: (*fields.split("\x1f"), tags.split(), decks[str(deck)]["name"], written)
        for guid, fields, tags, deck, written in rows
    }
    assert len(notes) == len(rows)
    return notes


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cards")
    said = cards.write([], folder)
    count = len(EXERCISES) + len(PREDICTIONS)
    assert said.startswith(f"{count} cards for Anki, {len(QUESTIONS)} questions")
    return folder


@pytest.fixture(scope="module")
def notes(built):
    """The notes by kind and id."""
    found = opened((built / "cross_entropy.apkg").read_bytes())
    return {(c.kind, c.id): n for c, n in zip(cards.all_cards(), found.values(), strict=True)}


def note_of(notes, part):
    kind = "quiz" if isinstance(part, Question) else "exercise"
    return notes[kind, part.id]


def test_every_exercise_and_prediction_has_its_note_and_no_field_is_empty(notes):
    wanted = {("quiz" if isinstance(p, Question) else "exercise", p.id) for p in EXERCISES}
    assert set(notes) == wanted | {("prediction", one.id) for one in PREDICTIONS}
    assert {("quiz", question.id) for question in QUESTIONS} < wanted
    for front, back, origin, *_ in notes.values():
        assert all(re.sub(r"<[^>]+>|\s", "", field) for field in (front, back, origin))


def test_the_answer_is_shown_on_the_second_side_alone(built):
    base = database((built / "cross_entropy.apkg").read_bytes())
    (model,) = json.loads(base.execute("SELECT models FROM col").fetchone()[0]).values()
    base.close()
    (template,) = model["tmpls"]
    assert re.findall(r"{{(\w+)}}", template["qfmt"]) == ["From", "Question"]
    assert re.findall(r"{{(\w+)}}", template["afmt"]) == ["From", "Question", "Answer"]
    assert [field["name"] for field in model["flds"]] == ["Question", "Answer", "From"]


def test_each_notebook_has_its_deck_and_its_tag(notes):
    titles = {book.number: f"{COURSE}::{book.number} {book.title}" for book in NOTEBOOKS}
    for (kind, name), (_, _, _, tags, deck, _) in notes.items():
        number = name[:2]
        if kind == "quiz":
            number = next(one.about for one in QUESTIONS if one.id == name)
        assert deck == titles[number]
        assert tags == [f"cross-entropy::notebook-{number}", f"cross-entropy::{kind}"]


@pytest.mark.parametrize("part", EXERCISES, ids=named)
def test_the_answer_of_an_exercise_is_on_the_back_and_not_on_the_front(part, notes):
    front, back, *_ = note_of(notes, part)
    assert rich(part.question) in front
    reason = rich(part.right.removeprefix("Right: "))[1:]
    assert reason in back and reason not in front
    if part.kind == "number":
        written = re.findall(r"[-−]?\d[\d,]*\.?\d*%?", back)
        values = [float(re.sub("[,%]", "", n.replace("−", "-"))) for n in written]
        shares = [v / 100 for v, n in zip(values, written, strict=True) if n.endswith("%")]
        near = [v for v in values if part.evaluate(v).status == "right"]
        # a share may be said in whole per cent
        assert near or any(abs(v - float(part.results[0].value)) <= 0.005 for v in shares)
        return
    key = part.results[0].value
    assert re.search(r"<b>(\w+)</b>", back)[1] == key
    assert all(f"<b>{k}</b>&ensp;{rich(said)}" in front for k, said in part.choices.items())
    for mistake in part.mistakes:
        assert rich(mistake.text) in back and rich(mistake.text) not in front


@pytest.mark.parametrize("asked", PREDICTIONS, ids=named)
def test_the_answer_of_a_prediction_is_on_the_back_and_not_on_the_front(asked, notes):
    front, back, *_ = notes["prediction", asked.id]
    assert rich(asked.question) in front
    assert re.search(r"<b>(\w)</b>", back)[1] == asked.letter
    assert back.index(rich(asked.right.text)) < back.index(rich(asked.right.reason))
    for (letter, said), option in zip(asked.lettered, asked.options, strict=True):
        assert f"<b>{letter}</b>&ensp;{rich(said)}" in front
        assert rich(option.reason) in back and rich(option.reason) not in front


@pytest.mark.parametrize("name", ["02/find_the_bug", "06/find_the_bug"])
def test_code_that_a_question_names_stands_on_its_card(name, notes):
    front = notes["exercise", name][0]
    assert re.search(r"<pre><code>def suspicious_\w+\(.*return .*</code></pre>", front, re.DOTALL)


def test_a_newer_deck_renews_the_cards_and_doubles_none():
    """Anki knows a note by its guid, and takes it over if it was written later."""
    old = cards.all_cards()
    new = [one._replace(question="new", answer="new", title="new") for one in reversed(old)]
    before, after = (opened(cards.package(c, w)) for c, w in ((old, 1_000), (new, 2_000)))
    assert set(before) == set(after)
    assert {note[-1] for note in before.values()} == {1_000}
    assert {note[-1] for note in after.values()} == {2_000}


def test_cards_are_as_new_as_what_they_are_made_of(tmp_path, monkeypatch):
    files = [tmp_path / "cecourse" / "a" / "x.py", tmp_path / "cecourse" / "measured.json"]
    files += [tmp_path / "source" / "01_entropy.md", tmp_path / "cards.py"]
    monkeypatch.setattr(cards, "ROOT", tmp_path)
    monkeypatch.setattr(cards, "__file__", str(files[-1]))
    monkeypatch.setattr(_command, "SOURCES", tmp_path / "source")
    for path in files:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.utime(path, (1_000, 1_000))
    for written, path in enumerate(files, 2_000):
        os.utime(path, (written, written))
        assert cards.newest() == written


def test_numbers_by_which_anki_knows_decks_and_notes_differ_and_stay():
    names = ["model", *(book.slug for book in NOTEBOOKS)]
    numbers = [cards.number(name) for name in names]
    assert len(set(numbers)) == len(names) and all(2**30 <= n < 2**31 for n in numbers)
    assert numbers[:2] == [1304942931, 2048233513]  # else every learner has a second deck


def test_two_builds_are_the_same_bytes(built, tmp_path):
    cards.write([], tmp_path)
    for name in ("cross_entropy.apkg", "quiz.xml"):
        assert (built / name).read_bytes() == (tmp_path / name).read_bytes()


def test_some_notebooks_alone(tmp_path):
    said = cards.write(["03"], tmp_path)
    quiz = ElementTree.parse(tmp_path / "quiz.xml").findall("question")
    about = [one.id for one in QUESTIONS if one.about == "03"]
    assert [q.findtext("idnumber") for q in quiz] == [None, *about]
    found = opened((tmp_path / "cross_entropy.apkg").read_bytes())
    assert {note[4] for note in found.values()} == {f"{COURSE}::03 Binary cross-entropy"}
    assert said.startswith(f"{len(found)} cards for Anki, {len(about)} questions")


def test_words_can_be_read_by_day_and_by_night():
    inks = {"#FFFFFF": [palette.DARK, palette.REMARK, palette.ink(palette.TRUTH)]}
    inks[cards.NIGHT] = [palette.PAPER, palette.FAINT, palette.glow(palette.TRUTH)]
    for paper, colours in inks.items():
        name = "white" if paper == "#FFFFFF" else paper
        assert f"background: {name};" in cards.CSS
        for colour in colours:
            assert f"color: {colour};" in cards.CSS
            assert palette.contrast(colour, paper) >= 4.5


# ---------------------------------------------------------------- Moodle


@pytest.fixture(scope="module")
def schema():
    return xmlschema.XMLSchema11(Path(__file__).with_name("moodle_quiz.xsd"))


@pytest.fixture(scope="module")
def xml(built):
    return (built / "quiz.xml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def asked(xml):
    """{id: the element of a question}."""
    found = ElementTree.fromstring(xml.encode()).findall("question")
    return {one.findtext("idnumber"): one for one in found if one.get("type") != "category"}


def test_the_quiz_is_valid(xml, schema):
    schema.validate(xml)


@pytest.mark.parametrize(
    ("whole", "broken"),
    [
        ('type="numerical"', 'type="number"'),
        ("<single>true</single>", "<single>yes</single>"),
        ("<tolerance>0.005</tolerance>", "<tolerance>-0.005</tolerance>"),
        ("<tolerance>0.005</tolerance>", "<tolerence>0.005</tolerence>"),
        ('fraction="100"', 'fraction="90"'),
        ('fraction="100"', 'fraction="101"'),
        ('fraction="100"', ""),
        ("<text>2.07944</text>", "<text>inf</text>"),
        ('<questiontext format="html">', '<questiontext format="latex">'),
        ("$course$/top", "Course"),
        ("<text>q01 The second message</text>", "<text> </text>"),
        ("<defaultgrade>1</defaultgrade>", "<defaultgrade/>"),
    ],
)
def test_the_schema_refuses(whole, broken, xml, schema):
    assert whole in xml
    assert not schema.is_valid(xml.replace(whole, broken, 1))


def test_every_question_is_there_in_the_category_of_its_notebook(xml):
    found, category = [], None
    for element in ElementTree.fromstring(xml.encode()):
        if element.get("type") == "category":
            category = element.findtext("category/text")
        else:
            found.append((element.findtext("idnumber"), category))
    titles = {book.number: f"{book.number} {book.title}" for book in NOTEBOOKS}
    wanted = [(one.id, f"$course$/top/{COURSE}/{titles[one.about]}") for one in QUESTIONS]
    assert found == wanted and len(found) == len(QUESTIONS)


@pytest.mark.parametrize("part", QUESTIONS, ids=named)
def test_a_question_is_whole(part, asked):
    element = asked[part.id]
    assert element.findtext("questiontext/text").startswith(rich(part.question))
    assert [hint.findtext("text") for hint in element.findall("hint")] == [*map(rich, part.hints)]
    answers = element.findall("answer")
    assert sorted(a.get("fraction") for a in answers) == ["0"] * (len(answers) - 1) + ["100"]
    told = [a.findtext("feedback/text") for a in answers]
    assert all(told) and {rich(mistake.text) for mistake in part.mistakes} < set(told)
    general = element.findtext("generalfeedback/text")
    assert rich(part.right.removeprefix("Right: "))[1:] in general
    assert rich(part.section) in general


@pytest.mark.parametrize("part", CHOICES, ids=named)
def test_each_option_is_told_what_the_course_tells_it(part, asked):
    answers = {a.findtext("text"): a for a in asked[part.id].findall("answer")}
    assert list(answers) == [rich(said) for said in part.choices.values()]
    for key, said in part.choices.items():
        assert told(answers[rich(said)]) == expected(part, key)


def told(answer):
    """What Moodle says to an answer: what it is worth, and its feedback."""
    return (
        (answer.get("fraction"), answer.findtext("feedback/text")) if answer is not None else None
    )


def expected(part, answer):
    """What the course says to an answer, as Moodle would."""
    feedback = part.evaluate(answer)
    if feedback.status == "mistake":
        return "0", rich(feedback.text.removeprefix("Not yet. "))
    return ("100", "Right.") if feedback.status == "right" else None


def taken(element, value):
    """The answer that Moodle takes a number for: the first in whose interval it lies.

    So does qtype_numerical_answer::get_tolerance_interval, with PHP's 14 digits.
    """
    for answer in element.findall("answer"):
        middle, slack = float(answer.findtext("text")), float(answer.findtext("tolerance"))
        slack += 1e-14 * max(1, abs(middle))
        if middle - slack <= value <= middle + slack:
            return answer
    return None


@pytest.mark.parametrize("part", NUMBERS, ids=named)
def test_a_number_is_told_what_the_course_tells_it(part, asked):
    element, digits = asked[part.id], part.digits
    right = float(part.results[0].value)
    wrong = [
        float(o.value) for m in part.mistakes for (o,), _ in m.outcomes(part.results, part.outcomes)
    ]
    assert len(wrong) >= 3
    for value in [right, *wrong]:
        for shown in (value, float(f"{value:.{digits - 1}e}"), float(f"{value:.{digits + 2}e}")):
            assert told(taken(element, shown)) == expected(part, shown) is not None, shown
    rounded = f"{right:.{digits - 1}e}"
    unit = 10.0 ** (int(rounded.partition("e")[2]) - digits + 1)
    for off in (-1, 1):
        assert told(taken(element, float(rounded) + off * unit)) != ("100", "Right.")
    assert all(told(taken(element, value))[0] == "0" for value in wrong)
    for tiny in (1e-9, -1e-4, 4e-4):  # no 0, whoever makes a mistake that gives 0
        assert told(taken(element, tiny)) == expected(part, tiny)
