"""Every exercise of the course: solution, known mistakes, `...`, and what its texts give away."""

import subprocess
import sys
from collections import Counter

import pytest

from cecourse.exercise.design import problems, variant_problems
from cecourse.exercise.report import all_exercises

EXERCISES = all_exercises()


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_the_exercise_is_sound(exercise):
    assert problems(exercise) == []


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_every_other_instance_is_sound(exercise):
    assert variant_problems(exercise) == []
    if exercise.draws:
        assert [problems(exercise.again(seed)) for seed in (1, 2, 3)] == [[], [], []]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_a_wrong_answer_of_any_kind_gets_a_sentence(exercise):
    for answer in (None, "", "85%", -7.25e9, float("nan"), [[1.0, 2.0], [3.0]], {}, object(), len):
        feedback = exercise.evaluate(answer)
        assert feedback.status in {"wrong", "error", "mistake"}
        assert feedback.text.startswith("Not yet. ")


def test_no_two_exercises_share_a_record():
    assert [name for name, n in Counter(part.id for part in EXERCISES).items() if n > 1] == []


def test_the_practice_exercise_is_there():
    assert "00/rain" in {part.id for part in EXERCISES}


def test_progress_needs_neither_scipy_nor_scikit_learn():
    """In the browser a notebook loads what its cells import; all of them ask for progress."""
    code = "import sys; sys.modules |= {'scipy': None, 'sklearn': None}; import cecourse"
    run = [sys.executable, "-c", f"{code}; cecourse.progress()"]
    assert "Start here" in subprocess.run(run, capture_output=True, text=True, check=True).stdout
