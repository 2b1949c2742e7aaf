"""The exercises of notebook 12: the lines they show, asked of the libraries themselves."""

import re

import numpy as np
import pytest
from scipy.special import expit

from cecourse.lessons.framework_rosetta import calls, exercises
from cecourse.lessons.framework_rosetta.calls import inputs, recorded


@pytest.fixture(scope="module")
def scope():
    if not calls.have("keras", "optax"):
        pytest.skip("group frameworks: make test installs it")
    return calls.names() | inputs()


def rows(question):
    """The numbers in brackets, a list each."""
    found = re.findall(r"\(((?:[-−]?[\d.]+,? ?){2,})\)", question)
    return [np.array([float(x.replace("−", "-")) for x in row.split(",")]) for row in found]


def line(text):
    """The one line of Keras in a text."""
    (found,) = re.findall(r"`(keras\.[^`]+)`", text)
    return found


def test_forgotten(scope):
    question = exercises.forgotten.question
    y, z = rows(question)
    found = eval(line(question), scope | {"y": y, "z": z})
    assert found == pytest.approx(exercises.forgotten.results[0].value, rel=1e-4)
    assert "labels `y = (1, 0, 1)` and logits `z =" in question


def test_a_label_of_minus_one(scope):
    question = exercises.minus_one.question
    labels, *Z = rows(question)
    names = scope | {"labels": labels.astype(int), "Z": np.array(Z)}
    assert eval(line(question), names) == pytest.approx(
        exercises.minus_one.results[0].value, rel=1e-6
    )
    repaired = line(question).replace("True)", "True, ignore_class=-1)")
    assert "`ignore_class=-1`, and Keras leaves the row out" in exercises.minus_one.right
    meant = float(eval(repaired, names))
    assert f"where {meant:.3f} was meant" in exercises.minus_one.right


def test_ported():
    question = exercises.ported.question
    w = [float(re.search(rf"lass {k}(?: has)? weight (\d)", question)[1]) for k in (0, 1)]
    before = float(re.search(r"reports ([\d.]+)\.", question)[1])
    assert exercises.ported.results[0].value == pytest.approx(before * sum(w) / len(w))
    assert recorded()["traps"]["weights over n"] == pytest.approx(
        recorded()["table"]["weights"] * inputs()["w"][inputs()["labels"]].mean()
    )


def test_repair(scope):
    shown = re.findall(r"^  `(loss.*)`$", exercises.repair.question, re.M)
    y, z = (np.array(exercises.forgotten.givens[name], dtype=float) for name in "yz")
    p, w = expit(z), np.array([1.0, 3.0, 2.0])
    exec(shown[0], scope)
    broken = eval(shown[1], scope | {"y": y, "p": p, "w": w})
    assert broken == pytest.approx(exercises._broken(y, p, w), rel=1e-6)
    columns = [f"`{name}[:, None]`" in exercises.repair.right for name in "yp"]
    right = scope["loss"](y[:, None], p[:, None], sample_weight=w)
    assert all(columns) and right == pytest.approx(exercises.repair.function(y, p, w), rel=1e-6)


def test_as_pytorch():
    x, said = inputs(), recorded()
    for (p, y), value in (
        ((x["p"], x["y"]), said["table"]["binary"]),
        ((x["y"], x["p"]), said["traps"]["exchanged"]),
    ):
        assert exercises.as_pytorch.function(p, y) == pytest.approx(value, rel=1e-12)


def test_each_option_of_translate_is_told_of_itself():
    told = {exercises.translate.choices[m.function()]: m.text for m in exercises.translate.mistakes}
    assert "takes the soft rows for logits" in told["F.cross_entropy(T, Z)"]
    assert "two softmaxes" in told["F.cross_entropy(F.softmax(Z, dim=1), T)"]
    assert "`F.nll_loss` wants logarithms" in told["F.nll_loss(F.softmax(Z, dim=1), T)"]
    assert recorded()["traps"]["nll of rows"] == "RuntimeError"  # it wants integer labels


def test_the_line_of_translate_in_optax_and_keras(scope):
    (optax,) = re.findall(r"`(optax\.[^`]+)`", exercises.translate.right)
    meant = recorded()["table"]["rows"]
    for shown in (optax, line(exercises.translate.question)):
        assert eval(shown, scope) == pytest.approx(meant, rel=1e-6)
