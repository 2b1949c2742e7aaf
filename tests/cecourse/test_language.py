"""The course in another language: German says the same, with the same numbers."""

import itertools
import os
import re
import subprocess
import sys
from collections import Counter

import numpy as np
import pytest

from cecourse import account, language, store
from cecourse.exercise.form import answer_form
from cecourse.exercise.report import all_exercises
from cecourse.language import speak, spoken
from cecourse.lessons.binary_cross_entropy import (
    bets,
    exercises,
    explorers,
    pictures,
    predictions,
)
from cecourse.prediction import Form, of_lesson

ASKED = [part for part in all_exercises() if part.notebook == "03"]
PREDICTIONS = list(of_lesson("binary_cross_entropy").values())
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
# what no German sentence of ours holds, and each English one does
ENGLISH = re.compile(
    r"\b(the|is|are|of|and|it|what|which|not|yet|you|your|no|with|where|here)\b", re.I
)


def numbers(text):
    return Counter(NUMBER.findall(text))


def in_both(say):
    """What is said in English and in German."""
    said = []
    for one in ("en", "de"):
        speak(one)
        said.append(say())
    return said


def check_same(english, german):
    """Whether a translation is one: other words, the same numbers, code and formulas."""
    assert numbers(german) == numbers(english), (english, german)
    assert not ENGLISH.search(re.sub(r"`[^`]*`", "", german)), german
    for spoken_code in re.findall(r"`[^`]*`", english):
        assert spoken_code in german, (english, german)


def test_a_language_that_is_not_there_is_named():
    with pytest.raises(ValueError, match=r"language must be one of \['en', 'de'\]; got 'xx'"):
        speak("xx")
    assert spoken() == "en"


def test_the_environment_chooses_too():
    code = "from cecourse.language import _, spoken; print(spoken(), _('Check'))"
    environment = os.environ | {language.VARIABLE: "de", "PYTHONIOENCODING": "utf-8"}
    told = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, encoding="utf-8"
    )
    assert told.stdout == "de Prüfen\n", told.stderr


def test_what_has_no_translation_stays_as_it_is_written():
    speak("de")
    assert language._("no text of the course") == "no text of the course"
    assert language._("") == ""
    assert language.ngettext("{n} try", "{n} tries", 2) == "{n} Versuche"
    entropy = next(part for part in all_exercises() if part.notebook == "01")
    assert entropy.title == entropy._title
    assert entropy.question == entropy.written


def test_a_catalogue_file_is_no_part_of_the_mathematics():
    """Nothing is loaded for English: a page of the book has NumPy alone."""
    code = "import sys, cecourse.language; print('gettext' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert told.stdout == "False\n", told.stderr


# -- exercises ------------------------------------------------------------------------------------


def texts_of(part):
    return [
        part.title,
        part.question,
        *part.hints,
        part.right,
        *(mistake.text for mistake in part.mistakes),
        *(part.choices or {}).values(),
    ]


@pytest.mark.parametrize("part", ASKED, ids=lambda part: part.id)
def test_every_text_of_an_exercise_has_its_translation_with_the_same_numbers(part):
    for seed in range(min(part.instances, 4)):
        one = part.instance(seed)
        for english, german in zip(*in_both(lambda one=one: texts_of(one)), strict=True):
            check_same(english, german)
    assert part.right.startswith("Richtig: ")


def made(part):
    """Answers to an exercise: the solution, and what each known mistake comes to."""
    for function in (part.function, *(one.function for one in part.mistakes)):
        if part.kind != "function":
            yield part.outcomes(function)[0].value
    if part.kind == "function":
        yield part.function
        for one in part.mistakes:
            yield from itertools.islice(one.examples(), 1)


@pytest.mark.parametrize("part", ASKED, ids=lambda part: part.id)
def test_an_answer_is_judged_alike_and_told_in_its_language(part):
    for answer in made(part):
        english, german = in_both(lambda answer=answer: part.evaluate(answer))
        assert (german.status, german.mistake) == (english.status, english.mistake)
        check_same(english.text, german.text)
        first = {"right": "Richtig", "mistake": "Noch nicht. "}[german.status]
        assert german.text.startswith(first)


def stops(y, p):
    return 1 / 0


def says_text(y, p):
    return "0.5"


def never_ends(y, p):
    return never_ends(y, p)


def first_row_alone(y, p):
    return exercises.bce.function(y[:1], p[:1])


def without_infinity(y, p):
    return min(exercises.bce.function(y, p), 1e6)


def changes_its_argument(y, p):
    result = exercises.bce.function(y, p)
    p.sort()
    return result


STRANGE = [
    *(None, True, "0.16", "0.16 nats", "16%", "much", len, 1j, [1, [2]], {}, [0.1, 0.2], ...),
    *(16.25, 0.325, -0.1625, 0.16, 0.1626, 5.0, 0.15, 0.85, 0.0722, float("nan"), float("inf")),
]
FUNCTIONS = [
    *(3, lambda y: y, lambda y, p: ..., lambda y, p: None, lambda y, p: 0.4, stops, says_text),
    *(never_ends, first_row_alone, without_infinity, changes_its_argument),
]


@pytest.mark.parametrize(
    ("part", "answer"),
    [
        *((exercises.medical_test, answer) for answer in STRANGE),
        *((exercises.bce, answer) for answer in FUNCTIONS),
        (exercises.is_it_good, "E"),
    ],
    ids=lambda part: getattr(part, "id", getattr(part, "__name__", str(part))),
)
def test_whatever_is_answered_is_told_in_german(part, answer):
    english, german = in_both(lambda: part.evaluate(answer))
    assert (german.status, german.mistake) == (english.status, english.mistake)
    assert numbers(german.text) == numbers(english.text)
    learner = re.sub(r"`[^`]*`|\w+Error: [^.]*", "", german.text)
    assert not ENGLISH.search(learner), german.text


def test_a_result_that_is_no_number_is_spoken_of_as_a_result():
    speak("de")
    assert "Das Ergebnis deiner Funktion ist Text" in exercises.bce.evaluate(says_text).text


def test_every_machine_made_mistake_is_told_in_german():
    for part in ASKED:
        for english, german in zip(*in_both(lambda part=part: part.roads), strict=True):
            assert english.name == german.name
            check_same(english.text, german.text)


def test_an_option_is_taken_by_its_letter_and_by_its_german_words():
    speak("de")
    part = exercises.is_it_good
    assert part.evaluate(part.choices["B"]).status == part.evaluate("B").status == "right"


def test_the_form_speaks_german(monkeypatch):
    monkeypatch.setattr(exercises.medical_test, "_hints_given", 0)
    speak("de")
    form = answer_form(exercises.medical_test)
    assert [button.description for button in form.buttons.values()] == ["Prüfen", "Tipp", "Lösung"]
    form.field.value = "-log10(0.85)"
    form.buttons["Check"].click()
    assert form.told.startswith("Noch nicht. 0.0706 ist dieser Verlust")
    form.buttons["Hint"].click()
    assert form.told.startswith("Tipp 1 von 3: ")
    assert "Antworte mit einer Zahl" in repr(exercises.medical_test)


# -- predictions ----------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", PREDICTIONS, ids=lambda asked: asked.id)
def test_every_text_of_a_prediction_has_its_translation(asked):
    def texts():
        return [asked.question, *(text for one in asked.options for text in (one.shown, one.why))]

    for english, german in zip(*in_both(texts), strict=True):
        check_same(english, german)


def test_a_commitment_is_kept_whatever_the_language():
    speak("de")
    asked = predictions.times_as_large
    form = Form(asked)
    form.options.value, form.sure.value = asked.options[0], 0.6
    form.button.click()
    assert form.told.startswith("So ist es nicht. Du hast der richtigen Antwort 0.2 gelassen")
    assert store.read(account.SECTION, asked.id)["chosen"] == "about 10 times"
    assert "Festgelegt am" in Form(asked).told and "etwa 10-mal" in Form(asked).told
    speak("en")
    assert "Committed on" in Form(asked).told and "about 10 times" in Form(asked).told


# -- pictures and explorers -----------------------------------------------------------------------

BATCHES = {"A": np.full(100, 0.51), "B": np.append(np.full(99, 0.99), 0.0001)}
DRAWN = {
    "two_curves": lambda: pictures.two_curves([0.01, 0.5, 0.9]),
    "slopes": lambda: pictures.slopes([0.1, 1]),
    "soft_u": lambda: pictures.soft_u(0.7),
    "loss_tiles": lambda: pictures.loss_tiles(BATCHES),
    "base_rates": lambda: pictures.base_rates({"x": 0.03}),
    "confidence_curve": lambda: pictures.confidence_curve(0.9, {0.75: 0.4, 0.999: 0.9}, 0.6),
}


def fits(words):
    """Whether words fit on their figure, which has so fine a grid that letters keep their size."""
    figure = words.figure.figure
    box, page = words.get_window_extent(), figure.bbox.padded(0.005 * figure.bbox.width)
    return not words.get_text() or page.x0 <= box.x0 <= box.x1 <= page.x1


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
def test_a_picture_is_drawn_and_described_in_german(draw):
    english, german = in_both(draw)
    check_same(english.description, german.description)
    for one, other in zip(english.figure.axes, german.figure.axes, strict=True):
        for name in ("xlabel", "ylabel"):
            check_same(one.properties()[name], other.properties()[name])
        check_same(one.get_title(loc="left"), other.get_title(loc="left"))
        for before, after in zip(one.texts, other.texts, strict=True):
            check_same(before.get_text(), after.get_text())
    german.figure.set_dpi(720)
    german.figure.draw_without_rendering()
    for ax in german.figure.axes:
        assert all(map(fits, (*ax.texts, ax.xaxis.label, ax.yaxis.label, ax._left_title)))


@pytest.mark.parametrize("make", [explorers.forecast, bets.game])
def test_an_explorer_speaks_german(make):
    english, german = in_both(make)
    for name, control in german.controls.items():
        check_same(english.controls[name].description, control.description)
    speak("de")
    names = set(english._presets) - {"Reset", "Example player", "Your bets"}
    assert not names & set(german._presets)
    for values in german._presets.values():
        whole = german.values | values
        told = in_both(lambda whole=whole: english._update(english.artists, **whole))
        check_same(*told)
        assert german._update(german.artists, **whole) == told[1]
    check_same(english._alt, german._alt)


@pytest.mark.parametrize("number", range(1, 21))
def test_every_statement_of_the_game_has_its_translation(number):
    one = bets.statements()[number - 1]
    for text in (one.text, one.reason):
        check_same(text, in_both(lambda text=text: language._(text))[1])


def test_a_finished_round_is_told_in_german():
    for text, probability in zip(bets.statements(), np.linspace(0.05, 0.95, 20), strict=True):
        store.write("bets", text.id, float(probability))
    english, german = in_both(bets.game)
    check_same(english.caption, german.caption)
    assert german.caption.startswith("Dein mittlerer Log-Loss")
    own = bets.Round(bets.kept_bets())
    german.figure.set_dpi(720)
    for number in range(1, 21):
        bets._update(german.artists, own, number, 50, bets.YOU)
        title = german.figure.axes[0]._left_title
        assert title.get_text().count("\n") <= 2 and fits(title), number
        assert german.artists["verdict"].get_text().count("\n") <= 1


# -- the learner's file ---------------------------------------------------------------------------


def test_a_translated_notebook_writes_into_the_same_file(tmp_path, monkeypatch):
    (tmp_path / "de").mkdir()
    monkeypatch.delenv(store.VARIABLE)
    monkeypatch.chdir(tmp_path / "de")
    assert store._beside_the_notebooks() == "my_course.json"  # a folder of somebody's own
    (tmp_path / "00_start_here.ipynb").touch()
    store.write("bets", "a", 0.8)
    assert (tmp_path / "my_course.json").exists() and not (tmp_path / "de" / store.FILE).exists()
