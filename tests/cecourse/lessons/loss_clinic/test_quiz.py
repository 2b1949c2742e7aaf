"""The final quiz: its questions, its interface, its report card, and what it keeps."""

import json
import math
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import cehelpers as ce
from cecourse import store
from cecourse.exercise.question import typed
from cecourse.exercise.report import all_exercises
from cecourse.exercise.report_card import as_html, as_text, misses
from cecourse.lessons import NOTEBOOKS
from cecourse.lessons.loss_clinic import final_quiz
from cecourse.lessons.loss_clinic.final_quiz import QUESTIONS

SOURCES = Path(__file__).parents[4] / "notebooks" / "source"
EACH = pytest.mark.parametrize("part", QUESTIONS, ids=lambda part: part.name)
CHOICE, NUMBER, ALL = final_quiz.q02, final_quiz.q01, len(QUESTIONS)


@pytest.fixture(autouse=True)
def no_hints_given(monkeypatch):
    for part in QUESTIONS:
        monkeypatch.setattr(part, "_hints_given", 0)


@pytest.fixture
def on_disk(tmp_path, monkeypatch):
    """A file of the learner's own, and a function that stops the kernel and starts another."""
    path = tmp_path / "my_course.json"
    monkeypatch.setenv(store.VARIABLE, str(path))

    def restart():
        store._stores.clear()
        for part in QUESTIONS:
            part._hints_given = 0
        return final_quiz.quiz()

    restart.path = path
    return restart


def at(part):
    """The quiz, opened at a question."""
    quiz = final_quiz.quiz()
    quiz.place.value = QUESTIONS.index(part)
    return quiz


def give(quiz, answer):
    """Choose or type an answer, as a learner would, and press Check."""
    control = quiz.options if quiz.question.kind == "choice" else quiz.field
    control.value = answer if isinstance(answer, str) else repr(float(answer))
    quiz.buttons["Check"].click()


def linked(quiz):
    """The address of the link under the answer, or None."""
    outputs = quiz._link.outputs
    return re.search('href="([^"]+)"', outputs[0]["data"]["text/html"])[1] if outputs else None


# -- the questions ---------------------------------------------------------------------------------


def test_they_cover_the_course():
    counts = Counter(part.about for part in QUESTIONS)
    assert set(counts) == {notebook.number for notebook in NOTEBOOKS[1:]}
    assert set(counts.values()) <= {2, 3}
    kinds = Counter(part.kind for part in QUESTIONS)
    assert set(kinds) == {"choice", "number"}
    assert abs(kinds["choice"] - kinds["number"]) <= 4


def test_they_stand_in_the_order_of_the_course():
    assert [part.number for part in QUESTIONS] == list(range(1, len(QUESTIONS) + 1))
    assert [part.about for part in QUESTIONS] == sorted(part.about for part in QUESTIONS)
    assert all(getattr(final_quiz, part.name) is part for part in QUESTIONS)


def test_they_are_among_the_exercises_that_every_other_test_sees():
    assert {part.id for part in QUESTIONS} <= {part.id for part in all_exercises()}
    assert {part.notebook for part in QUESTIONS} == {"11"}


def test_the_right_letter_is_not_always_the_same():
    letters = Counter(part.results[0].value for part in QUESTIONS if part.kind == "choice")
    assert max(letters.values()) <= 0.5 * sum(letters.values())


@EACH
def test_its_section_exists(part):
    (notebook,) = (notebook for notebook in NOTEBOOKS if notebook.number == part.about)
    source = SOURCES / f"{notebook.number}_{notebook.slug}.md"
    headings = re.findall(r"^##+ (.+)$", source.read_text(encoding="utf-8"), re.MULTILINE)
    assert part.section in headings
    assert part.link == f"{notebook.file}#{part.section.replace(' ', '-')}"


# -- an answer -------------------------------------------------------------------------------------


@EACH
def test_the_solution_is_right_at_once(part):
    quiz = at(part)
    give(quiz, part.results[0].value)
    assert quiz.told == part.right
    assert part.state == "right"
    assert linked(quiz) is None


@EACH
def test_each_mistake_has_its_sentence_and_leads_to_the_section(part):
    quiz = at(part)
    for mistake in part.mistakes:
        give(quiz, part.outcomes(mistake.function)[0].value)
        assert quiz.told == f"Not yet. {mistake.text}"
        assert linked(quiz) == part.link
        assert part.state == "open"
    give(quiz, part.results[0].value)
    assert part.state == "later"
    assert part.record()["tries"] == len(part.mistakes) + 1


@EACH
def test_an_empty_place_is_no_answer(part):
    quiz = at(part)
    quiz.buttons["Check"].click()
    assert quiz.told == ("Choose an option first." if part.choices else "Type a number first.")
    assert part.state == "untried"
    assert part.evaluate(...).status == "untried"


def test_what_cannot_be_read_as_a_number_is_no_miss():
    quiz = at(NUMBER)
    give(quiz, "three bits or so")
    assert quiz.told == "Not yet. A number is asked for, and your answer is text."
    give(quiz, "(-8)**0.5")
    assert quiz.told == "Not yet. Your answer is a complex number; a real one is asked for."
    assert NUMBER.state == "untried"
    give(quiz, "3")
    assert NUMBER.state == "right"


def test_checking_a_right_answer_again_changes_nothing():
    quiz = at(NUMBER)
    give(quiz, "3")
    give(quiz, "5")
    assert NUMBER.state == "right"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("3", 3.0),
        (" -0.25 ", -0.25),
        ("0,25", 0.25),
        ("−.5", -0.5),
        ("1/8", 0.125),
        ("2^3", 8.0),
        ("3 bits", 3.0),
        ("0.5 nats", 0.5),
        ("-log(0.8)", -math.log(0.8)),
        ("-math.log(.2)*0.5", -math.log(0.2) * 0.5),
        ("np.exp(1) - e", 0.0),
        ("log2(8) + sqrt(4)", 5.0),
        ("", ...),
        ("…", ...),
        ("85%", "85%"),
        ("log(0)", "log(0)"),
        ("10.0**400", "10.0**400"),
        ("__import__('os')", "__import__('os')"),
        ("log(x)", "log(x)"),
        ("log(1, base=2)", "log(1, base=2)"),
        ("True", "True"),
        ("(" * 500, "(" * 500),
    ],
)
def test_what_is_typed_is_read(text, answer):
    assert typed(text) == answer


# -- without widgets -------------------------------------------------------------------------------


def test_a_question_alone(capsys):
    CHOICE.check("A")
    said = capsys.readouterr().out
    assert said.startswith("Not yet. ")
    assert CHOICE.link in said
    CHOICE.check("B")
    assert capsys.readouterr().out.strip() == CHOICE.right
    assert CHOICE.state == "later"
    assert 'final_quiz.q02.check("…")' in repr(CHOICE)
    assert "final_quiz.q01.check(…)" in NUMBER._repr_html_()


def test_hints_come_one_by_one(capsys):
    for text in [*NUMBER.hints, NUMBER.hints[-1]]:
        NUMBER.hint()
        assert text in capsys.readouterr().out
    assert NUMBER.record()["hints"] == len(NUMBER.hints)


def test_whoever_reads_the_solution_first_was_not_right_at_once(capsys):
    NUMBER.solution()
    assert "math.log2" in capsys.readouterr().out
    assert NUMBER.state == "open"
    NUMBER.check(3)
    assert NUMBER.state == "later"


# -- the interface ---------------------------------------------------------------------------------


def test_previous_next_and_go_to():
    quiz = final_quiz.quiz()
    assert quiz.question is QUESTIONS[0]
    assert quiz.buttons["Previous"].disabled
    quiz.buttons["Next"].click()
    assert quiz.question is QUESTIONS[1]
    quiz.place.value = len(QUESTIONS) - 1
    assert quiz.buttons["Next"].disabled
    quiz.buttons["Next"].click()
    assert quiz.question is QUESTIONS[-1]
    quiz.buttons["Previous"].click()
    assert quiz.question is QUESTIONS[-2]
    assert f"Question {len(QUESTIONS) - 1} of {len(QUESTIONS)}" in quiz._head.value


@EACH
def test_the_page_shows_the_question_and_the_place_for_its_answer(part):
    quiz = at(part)
    assert part.title in quiz._head.value.replace("&#x27;", "'")
    if part.kind == "choice":
        assert quiz._answer_box.children == (quiz.options,)
        assert [key for _, key in quiz.options.options] == list(part.choices)
        assert quiz.options.value is None
    else:
        assert quiz._answer_box.children == (quiz.field,)
        assert quiz.field.value == ""


def test_enter_checks():
    """In both faces Enter presses the first button of a form of this class."""
    quiz = at(NUMBER)
    quiz.field.value = "5"
    assert "ce-enter" in quiz.css_classes
    next(one for one in quiz.walk() if one.kind == "Button").click()
    assert quiz.told.startswith("Not yet. 5 bits")


def test_what_was_said_goes_when_the_answer_changes():
    quiz = at(CHOICE)
    give(quiz, "A")
    quiz.options.value = "B"
    assert quiz.told == ""
    assert linked(quiz) is None


def test_hint_and_solution_buttons():
    quiz = at(NUMBER)
    quiz.buttons["Hint"].click()
    assert quiz.told == f"Hint 1 of {len(NUMBER.hints)}: {NUMBER.hints[0]}"
    assert quiz.buttons["Solution"].disabled
    give(quiz, "5")
    assert not quiz.buttons["Solution"].disabled
    quiz.buttons["Solution"].click()
    assert quiz.told.startswith("Solution: 3 bits")
    assert "math.log2" in quiz.told
    assert linked(quiz) == NUMBER.link


def test_the_report_card_opens_follows_and_closes():
    quiz = at(NUMBER)
    quiz.buttons["Report card"].click()
    assert f"0 of {ALL} right at once" in quiz._card.outputs[0]["data"]["text/plain"]
    give(quiz, "3")
    assert f"1 of {ALL} right at once" in quiz._card.outputs[0]["data"]["text/plain"]
    quiz.buttons["Report card"].click()
    assert quiz._card.outputs == ()


# -- what is kept ----------------------------------------------------------------------------------


def test_nothing_typed_or_chosen_is_lost_by_a_restart(on_disk):
    quiz = final_quiz.quiz()
    for part in QUESTIONS:
        quiz.place.value = QUESTIONS.index(part)
        if part.kind == "choice":
            quiz.options.value = "A"
        else:
            quiz.field.value = f"{part.number}/7 + "  # unfinished, unchecked
    quiz = on_disk()
    assert quiz.question is QUESTIONS[-1]
    for part in QUESTIONS:
        quiz.place.value = QUESTIONS.index(part)
        kept = quiz.options.value if part.kind == "choice" else quiz.field.value
        assert kept == ("A" if part.kind == "choice" else f"{part.number}/7 + ")
        assert part.state == "untried"


def test_walking_through_the_questions_keeps_each_answer_in_its_place():
    quiz = at(CHOICE)
    quiz.options.value = "A"
    quiz.step(2)  # another choice, with other options
    assert quiz.options.value is None
    quiz.options.value = "D"
    quiz.step(-2)
    assert quiz.options.value == "A"
    quiz.step(2)
    assert quiz.options.value == "D"


def test_after_a_restart_it_still_says_what_it_said(on_disk):
    quiz = final_quiz.quiz()
    quiz.place.value = QUESTIONS.index(NUMBER)
    give(quiz, "2.5")
    said = quiz.told
    assert on_disk().told == said
    quiz = on_disk()
    assert linked(quiz) == NUMBER.link
    quiz.field.value = "2.55"
    assert on_disk().told == ""


def test_the_file_holds_what_was_typed_and_what_was_checked(on_disk):
    quiz = at(NUMBER)
    give(quiz, "log2(32) - 2")
    data = json.loads(on_disk.path.read_text(encoding="utf-8"))
    assert data["quiz"]["q01"] == "log2(32) - 2"
    assert data["exercises"]["11/q01"]["right_answer"] == "3.0"
    assert data["exercises"]["11/q01"]["first_right"] is True


def test_a_new_round_keeps_the_old_one(on_disk, capsys):
    CHOICE.check("A")
    CHOICE.check("B")
    final_quiz.start_again()
    assert {part.state for part in QUESTIONS} == {"untried"}
    CHOICE.check("B")
    assert CHOICE.state == "right"
    final_quiz.start_again()
    final_quiz.start_again()
    past = json.loads(on_disk.path.read_text(encoding="utf-8"))["exercises"]["11/q02"]["past"]
    assert [(old["tries"], old["first_right"]) for old in past] == [(2, False), (1, True)]
    assert "past" not in past[1]


def test_a_new_round_begins_with_empty_places_and_nothing_typed_is_lost(on_disk, capsys):
    quiz = at(NUMBER)
    give(quiz, "5")
    quiz.field.value = "log2(8"  # on the way to a second try
    quiz.place.value = QUESTIONS.index(final_quiz.q03)
    quiz.field.value = "0.4"  # never checked
    final_quiz.start_again()
    quiz = on_disk()
    assert quiz.question is QUESTIONS[0]
    drafts = json.loads(on_disk.path.read_text(encoding="utf-8"))["quiz"]
    assert (drafts["q01"], drafts["q03"]) == ("", "0.4")
    (past,) = NUMBER.record()["past"]
    assert (past["answer"], past["draft"]) == ("5.0", "log2(8")


def test_a_file_that_somebody_has_edited_does_not_stop_the_quiz():
    for key, value in {"open": 7, "q01": 3, "q02": "Z", "q03": ["x"]}.items():
        store.write("quiz", key, value)
    for name, value in {"q01": "broken", "q02": {"past": 7, "tries": 1}}.items():
        store.write("exercises", f"11/{name}", value)
    quiz = final_quiz.quiz()
    assert quiz.question is QUESTIONS[0]
    assert quiz.field.value == ""
    quiz.step(1)
    assert quiz.options.value is None
    quiz.step(1)
    assert quiz.field.value == ""
    as_text(QUESTIONS)
    final_quiz.start_again()
    assert final_quiz.q02.record()["past"][0] == 7


# -- the report card -------------------------------------------------------------------------------


def test_an_empty_card():
    text = as_text(QUESTIONS)
    assert text.startswith(f"Report card: 0 of {ALL} right at once, {ALL} not tried\n")
    assert "read again" not in text
    assert "href" not in as_html(QUESTIONS)
    for notebook in NOTEBOOKS[1:]:
        assert f"{notebook.number} · {notebook.title}" in text


def test_each_miss_is_linked_once_and_what_is_right_is_not(capsys):
    final_quiz.q01.check(3)
    final_quiz.q02.check("A")
    final_quiz.q07.check("A")  # the section of q07
    final_quiz.q08.check(0.01)  # and of q08
    final_quiz.q08.check(0.822)
    final_quiz.q09.check(0.9)
    page, text = as_html(QUESTIONS), as_text(QUESTIONS)
    links = re.findall('href="([^"]+)"', page)
    assert links == [final_quiz.q02.link, final_quiz.q07.link]
    assert re.findall(r"read again: .* \((.+)\)", text) == links
    told = f"2 of {ALL} right at once, 1 right later, 2 not right yet, {ALL - 5} not tried"
    assert told in text
    assert "Question 8, One typing error: right later" in page
    capsys.readouterr()
    final_quiz.report_card()
    assert capsys.readouterr().out.strip() == text


def test_open_questions_come_before_those_settled_later():
    final_quiz.q03.check(2.25)
    final_quiz.q03.check(0.5)
    final_quiz.q05.check("A")
    assert misses(QUESTIONS) == [final_quiz.q05, final_quiz.q03]


def test_of_two_misses_in_one_section_the_open_one_is_listed_in_its_place(monkeypatch):
    monkeypatch.setattr(final_quiz.q06, "section", final_quiz.q08.section)
    final_quiz.q06.check(2)
    final_quiz.q05.check("A")
    final_quiz.q05.check("C")
    final_quiz.q08.check(0.01)
    final_quiz.q08.check(0.822)
    assert misses(QUESTIONS) == [final_quiz.q06, final_quiz.q05]


def test_a_full_card():
    for part in QUESTIONS:
        part.judge(part.results[0].value)
    assert f"{ALL} of {ALL} right at once\n" in as_text(QUESTIONS)
    assert "Every question right at once" in as_html(QUESTIONS)


# -- without a kernel ------------------------------------------------------------------------------


def test_what_a_notebook_stores_does_not_depend_on_answers():
    first = final_quiz.quiz()._repr_mimebundle_()
    give(at(NUMBER), "5")
    second = final_quiz.quiz()._repr_mimebundle_()
    for kind in ("text/plain", "text/html"):
        assert first[kind] == second[kind]
    assert "application/vnd.jupyter.widget-view+json" in first
    assert all(f"{part.name} {part.title}" in first["text/plain"] for part in QUESTIONS)


def test_the_still_page_shows_no_answer_before_it_is_asked_for():
    page = final_quiz.quiz()._repr_mimebundle_()["text/html"]
    asked = re.findall(r"<details>.*?</details>", page, re.DOTALL)
    assert len(asked) == len(QUESTIONS)
    assert all(f'href="{part.link}"' in text for part, text in zip(QUESTIONS, asked, strict=True))
    shown = re.sub(r"<details>.*?</details>", "", page, flags=re.DOTALL)
    assert "Solution" not in shown
    assert "Solution" in asked[0]


# -- what the texts claim --------------------------------------------------------------------------


def focal_says(truth):
    """The forecast with the least mean focal loss, γ = 2, where the truth is this."""
    p = np.linspace(0.0005, 0.9995, 2000)
    one = ce.focal_loss(np.ones_like(p), p, gamma=2, reduction="none")
    zero = ce.focal_loss(np.zeros_like(p), p, gamma=2, reduction="none")
    return p[np.argmin(truth * one + (1 - truth) * zero)]


PRAISE = [  # what is neither the answer nor an input of it
    ("q02", "0.693", math.log(64) - math.log(32)),
    ("q14", "0.131", math.log(2) - ce.entropy([0.75, 0.25])),
    ("q15", "405", 1 / (ce.sigmoid(-6.0) * ce.sigmoid(6.0))),
    ("q18", "0.64", (54 + 10) / 100),
    ("q20", "1.609", ce.logit(0.5) - ce.logit(1 / 6)),
    ("q22", "0.69", focal_says(0.9)),
    ("q25", "6.31", math.log(550)),
    ("q25", "1/551, or 0.0018", ce.sigmoid(ce.correct_prior(0.0, weight=550))),
]


@pytest.mark.parametrize(("name", "said", "value"), PRAISE)
def test_a_number_in_the_praise_is_true(name, said, value):
    assert said in getattr(final_quiz, name).right
    number = said.split()[-1]
    assert f"{value:.{len(number.partition('.')[2])}f}" == number


@pytest.mark.parametrize(("name", "typed"), [("q08", 0.82), ("q08", 0.8223), ("q24", 3.2)])
def test_a_number_that_the_course_prints_is_right(name, typed):
    assert getattr(final_quiz, name).evaluate(typed).status == "right"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("q04", f"ln 1,000,000 = {6 * math.log(10):.1f} nats"),
        ("q10", f"{7 * math.log(10):.1f} where 30 is due"),
        ("q17", f"ask for {ce.smooth_labels(np.eye(10)[0], 0.1)[0]:.2f} at most"),
        ("q20", f"about {100 * ce.sigmoid(ce.logit(0.01) + math.log(5)):.0f} times in 100"),
        ("q22", f"a true 0.99 is announced as about {focal_says(0.99):.2f}"),
        ("q22", f"a true 0.01 as about {focal_says(0.01):.2f}"),
        ("q25", f"p = 1, would become {1 / 550:.4f}"),
    ],
)
def test_a_number_in_a_hint_or_in_feedback_is_true(name, said):
    part = getattr(final_quiz, name)
    texts = [*part.hints, *part.choices.values(), *(mistake.text for mistake in part.mistakes)]
    assert said in " ".join(texts)


@pytest.mark.parametrize(
    ("name", "asked"),
    [  # counts that the derivations start from
        ("q01", "One of 32 different cards is drawn; 8 of them are red."),
        ("q02", "falls from 64 to 32"),
        ("q06", "rains on 80% of all days"),
        ("q14", "6 heads in 8 flips"),
        ("q16", "One person in 100"),
        ("q18", "0.8 on 60 days, and it rained on 54 of them. It said 0.4 on 40 days"),
        ("q23", "flags 80% of the frauds and 2% of the honest payments"),
        ("q28", "sums the losses of its batches of 64 rows"),
        ("q29", "8 rows of 5 classes"),
        ("q31", "into 250 tokens, and A's perplexity is 20. B's cuts it into 400"),
        ("q32", "one with 5 tokens and one with 500"),
    ],
)
def test_the_counts_of_a_question(name, asked):
    assert asked in " ".join(getattr(final_quiz, name).question.split())


def test_the_slopes_that_are_praised():
    slopes = ce.categorical_cross_entropy_with_logits_grad([0, 1, 0], np.log([0.6, 0.3, 0.1]))
    assert slopes == pytest.approx([0.6, -0.7, 0.1])
    assert "0.6, −0.7 and 0.1, sum to 0" in final_quiz.q13.right
