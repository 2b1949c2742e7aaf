"""Inputs that nobody has seen: every function exercise has them, and they do what the known do."""

import numpy as np
import pytest

from cecourse.exercise.report import all_exercises
from cecourse.exercise.unseen import _near, _near_float, unseen

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


@pytest.mark.parametrize("seed", range(20))
def test_numbers_keep_their_place_and_equal_ones_stay_equal(seed):
    """Whatever order the rows come in: what belongs to label 1 belongs to label 1."""
    rng = np.random.default_rng(seed)
    y, p, q, n = _near(
        ([0, 1, 0, 1], np.array([0.01, 0.03, 0.1, 0.3]), [0.3, 0.01, 0.3, 1.0], [3, 3, 3, 3]), rng
    )
    rows = sorted(zip(p.tolist(), y, q, n, strict=True))
    assert [row[1:] for row in rows] == [
        (0, rows[3][0], 3), (1, rows[0][0], 3), (0, rows[3][0], 3), (1, 1.0, 3)
    ]  # fmt: skip
    for x in (1e-9, 0.2, 0.5, 0.7, 0.999, 3.5, 800.0, -0.2, -40.0):
        near = _near_float(x, rng)
        whole = 1 if 0.5 < x < 1 else 0  # from which a number is so far, and no farther
        assert 0.69 * abs(x - whole) <= abs(near - whole) <= abs(x - whole)
        assert np.sign(near - whole) == np.sign(x - whole)
    assert [_near_float(x, rng) for x in (0.0, 1.0, -1.0)] == [0, 1, -1]


def test_any_other_exercise_is_itself():
    one = next(one for one in all_exercises() if one.kind == "number")
    assert unseen(one, 3) is one
