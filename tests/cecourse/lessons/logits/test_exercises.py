"""The exercises of notebook 04: what a question says is what its answer is computed from."""

import re

import numpy as np
import pytest
from scipy.special import expit

import cehelpers as ce
from cecourse.lessons.logits import exercises, passes


def asked(exercise, name):
    """The number that a question gives to a letter."""
    return float(re.search(rf"\b{name} = (−?\d+)", exercise.question)[1].replace("−", "-"))


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("confident_mistake", lambda y, z: ce.binary_cross_entropy_with_logits(y, z)),
        ("one_too_many", lambda y, z: ce.binary_cross_entropy_with_logits(y, ce.sigmoid(z))),
        ("through_the_clip", lambda y, z: passes.clipped(y, z, eps=1e-6, dtype=np.float64)),
    ],
)
def test_a_question_gives_what_its_answer_is_computed_from(name, answer):
    exercise = getattr(exercises, name)
    y, z = asked(exercise, "y"), asked(exercise, "z")
    np.testing.assert_allclose(exercise.results[0].value, answer(y, z), rtol=1e-12)


def test_the_bug_is_in_the_lines_that_are_shown():
    question = exercises.find_the_bug.question
    names = {name: np.float32([asked(exercises.find_the_bug, name)]) for name in "yz"}
    with np.errstate(divide="ignore"):
        exec(
            "\n".join(re.findall(r"^ +`(.*)`$", question, re.M)), {"np": np, "expit": expit}, names
        )
    assert names["loss"] == np.inf
    assert "this loss returns inf" in question


def test_each_option_is_told_of_itself():
    told = {mistake.function(): mistake.text for mistake in exercises.find_the_bug.mistakes}
    for option, answer in (
        ("behind the logarithm", "Behind the logarithm there would"),
        ("expit overflows", "SciPy's expit is careful"),
        ("y and p have changed places", "Inside the logarithms stands p, and in front of them y"),
    ):
        (key,) = (key for key, text in exercises.find_the_bug.choices.items() if option in text)
        assert answer in told[key]


def test_the_other_label_and_the_logit_are_called_so():
    (other,) = (m for m in exercises.confident_mistake.mistakes if m.name == "_other_label")
    y = float(re.search(r"when the label is (\d)", other.text)[1])
    z = asked(exercises.confident_mistake, "z")
    assert other.function(z) == pytest.approx(ce.binary_cross_entropy_with_logits(y, z))
    assert "_with_logits`, which expects a logit" in exercises.one_too_many.question
