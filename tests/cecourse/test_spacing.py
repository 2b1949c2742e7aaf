"""What comes back, and when: fixed intervals, other numbers, and what nobody's file may break."""

from datetime import date, datetime, timedelta

import pytest

from cecourse import account, spacing, store
from cecourse.exercise.exercise import SECTION
from cecourse.exercise.form import AnswerForm
from cecourse.lessons.entropy import exercises
from cecourse.prediction import Form

DAY = date(2026, 3, 1)


def after(*days):
    return [(DAY + timedelta(day), right) for day, right in days]


@pytest.mark.parametrize(
    ("tries", "day"),
    [
        ([], None),
        ([(0, True)], 1),
        ([(0, False)], 1),
        ([(0, False), (0, True)], 1),  # the same day counts once
        ([(0, True), (1, True)], 4),
        ([(0, True), (1, True), (2, False)], 4),  # before it was due
        ([(0, True), (1, True), (4, True)], 11),
        ([(0, True), (1, True), (4, False)], 5),  # a miss begins again
        ([(0, True), (1, True), (4, True), (11, True)], 32),
        ([(0, True), (1, True), (4, True), (11, True), (32, True)], None),
        ([(0, True), (30, True)], 33),  # late is late, and no harm
    ],
)
def test_intervals_are_1_3_7_and_21_days(tries, day):
    assert spacing.next_day(after(*tries)) == (None if day is None else DAY + timedelta(day))


def tried(exercise, answer, days_ago, monkeypatch):
    """An answer as if it had been given some days ago."""

    class Then(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2026, 3, 1, 12) - timedelta(days_ago)

    monkeypatch.setattr("cecourse.exercise.exercise.datetime", Then)
    exercise.judge(answer)


def test_what_was_tried_comes_back_with_other_numbers(monkeypatch):
    tried(exercises.entropy_in_bits, lambda p: 0.0, 9, monkeypatch)  # a function does not
    tried(exercises.strings, "A", 2, monkeypatch)
    tried(exercises.snow, 4.32, 1, monkeypatch)
    tried(exercises.spinner, 1.295, 0, monkeypatch)
    shown = spacing.review(DAY)
    assert [one.asked.name for one in spacing.planned()] == ["strings", "snow", "spinner"]
    strings, snow = shown.forms
    assert snow.exercise.givens != exercises.snow.givens
    assert strings.exercise.choices != exercises.strings.choices
    snow.field.value = f"-log2({snow.exercise.givens['p']})"
    snow.check()
    assert snow.told.startswith("Right")
    record = store.read(SECTION, "01/snow")
    assert record["history"][-1] | {"time": ""} == {"time": "", "status": "right", "seed": 1}
    assert [one.asked.name for one in spacing.planned() if one.day <= DAY] == ["strings"]


def test_a_prediction_comes_back_only_if_it_cost_more_than_knowing_nothing():
    asked = next(iter(spacing.of_lesson("entropy").values()))
    wrong = next(one for one in asked.options if one != asked.right)
    asked.commit(asked.right, 0.9)
    assert spacing.planned() == []
    store.write(account.SECTION, asked.id, None)
    asked.commit(wrong, 0.9)
    (due,) = spacing.planned()
    tomorrow = date.today() + timedelta(1)
    assert due == spacing.Due(asked, tomorrow)
    (form,) = spacing.review(tomorrow).forms
    assert isinstance(form, Form)
    assert (form.options.value, form.told) == (None, "")  # what it was must not be shown


def test_at_most_ten_at_once_exercises_and_predictions_in_turn(monkeypatch):
    for one in spacing.all_exercises():
        if one.kind == "number":
            tried(one, 0.0, 2, monkeypatch)
    asked = next(iter(spacing.of_lesson("entropy").values()))
    asked.commit(next(one for one in asked.options if one != asked.right), 0.9)
    later = date.today() + timedelta(2)
    shown = spacing.review(later)
    assert len(shown.forms) == spacing.MOST
    assert [type(form) for form in shown.forms[:3]] == [AnswerForm, Form, AnswerForm]
    assert f"here are {spacing.MOST}" in repr(shown)


def test_a_damaged_commitment_is_read(monkeypatch):
    asked = next(iter(spacing.of_lesson("entropy").values()))
    asked.commit(next(one for one in asked.options if one != asked.right), 0.9)
    for again in ([3], [{"time": "9999-12-31T00:00:00"}], "no"):
        store.update(account.SECTION, asked.id, lambda old, again=again: old | {"again": again})
        assert len(spacing.planned()) == 1


def test_what_could_not_be_read_is_no_miss(monkeypatch):
    tried(exercises.snow, 4.32, 5, monkeypatch)
    tried(exercises.snow, "a lot", 0, monkeypatch)
    (due,) = spacing.planned()
    assert due.day == DAY - timedelta(4)


@pytest.mark.parametrize(
    "record",
    [
        {"tries": 2, "again": -5},
        {"tries": 2},  # of a file that kept no days
        {"tries": 2, "history": "none"},
        {"tries": 1, "history": [{"time": 7, "status": "right"}, 3]},
        "nothing",
        None,
    ],
)
def test_older_and_damaged_records_are_read(record):
    store.write(SECTION, "01/snow", record)
    store.write(account.SECTION, "01/two_events", record)
    days = [one.day for one in spacing.planned()]
    assert len(days) == (isinstance(record, dict) and record["tries"] == 2)
    assert all(day < DAY for day in days)  # long ago
    assert len(spacing.review(DAY).forms) == len(days)


def test_what_is_due_is_said(capsys, monkeypatch):
    assert repr(spacing.review(DAY)).startswith("Nothing to come back to")
    tried(exercises.snow, 4.32, 0, monkeypatch)
    assert "tomorrow" in repr(spacing.review(DAY))
    assert "1 due" in repr(spacing.review(DAY + timedelta(1)))
    tried(exercises.spinner, 1.0, 3, monkeypatch)
    from cecourse import progress

    progress()
    assert "due again, see review()" in capsys.readouterr().out


def test_the_form_is_read_by_name_and_keeps_each_try():
    form = AnswerForm(exercises.snow)
    form.check()
    assert form.told == "Type a number first."
    form.field.value = "0,05"
    form.check()
    assert "is given in the question" in form.told
    form.buttons["Hint"].click()
    assert form.told.startswith("Hint 1 of 3")
    form.buttons["Solution"].click()
    assert "def snow(p=0.05):" in form.told
    assert exercises.snow.record()["history"][-1]["mistake"] == "given"
    choice = AnswerForm(exercises.strings.again(1))
    choice.check()
    assert choice.told == "Choose an option first."
    choice.options.value = choice.exercise.key
    choice.check()
    assert choice.told.startswith("Right")
