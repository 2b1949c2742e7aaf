"""Inputs that nobody has seen: every function exercise has them, and they do what the known do."""

import numpy as np
import pytest

from cecourse.exercise.report import all_exercises
from cecourse.exercise.unseen import unseen

FUNCTIONS = [one for one in all_exercises() if one.kind == "function"]


def shows(exercise, function):
    return not exercise.agree(exercise.outcomes(function), exercise.results)


def test_there_are_as_many_as_the_course_says():
    assert len(FUNCTIONS) == 27


@pytest.mark.parametrize("exercise", FUNCTIONS, ids=lambda one: one.id)
def test_other_inputs_tell_the_solution_from_every_known_mistake(exercise):
    other = unseen(exercise, 1)
    kinds = [(type(o.error), np.shape(o.value)) for o in other.results]
    assert kinds == [(type(o.error), np.shape(o.value)) for o in exercise.results]
    for mistake in exercise.mistakes:
        for function in mistake.examples(sizes=3):
            assert shows(other, function) or not shows(exercise, function), mistake.name
    new = [repr(a) != repr(b) for a, b in zip(other.probes, exercise.probes, strict=True)]
    assert sum(new) >= len(new) / 2


def test_a_seed_brings_its_own_inputs_each_time():
    one = next(one for one in FUNCTIONS if one.id == "03/bce")
    probes = [repr(unseen(one, seed).probes) for seed in (0, 1, 1)]
    assert len({repr(one.probes), *probes}) == 3 and probes[1] == probes[2]


def test_what_belongs_together_stays_together():
    by_id = {one.id: one for one in FUNCTIONS}
    for p, q in unseen(by_id["02/own_kl"], 5).probes:
        assert sum(p) == pytest.approx(1) and sum(q) == pytest.approx(1)
    for labels, logits in unseen(by_id["11/report"], 5).probes:
        assert len(labels) == len(logits) and max(labels) < len(logits[0])
    for y, p, _ in unseen(by_id["08/ece"], 5).probes:
        assert set(y.tolist()) <= {0, 1} and p.min() >= 0 and p.max() <= 1


def test_any_other_exercise_is_itself():
    one = next(one for one in all_exercises() if one.kind == "number")
    assert unseen(one, 3) is one
