"""Every number that notebook 12 claims, asked of the libraries themselves, or of the definition.

Keras, JAX and Optax come with `make test` (group `frameworks`); PyTorch's column is checked by
`tools/record_torch.py --check`, where torch is installed.
"""

import inspect
import json
import math
import re
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from mpmath import exp, log, mp, mpf
from scipy.special import expit

import cehelpers as ce
from cecourse.lessons.framework_rosetta import calls
from cecourse.lessons.framework_rosetta.calls import (
    CALLS,
    FAR,
    FRAMEWORKS,
    LOSSES,
    by_rule,
    evaluate,
    inputs,
    recorded,
)
from tools import record_torch

ROOT = Path(__file__).parents[2]
KEYS = [key for key, _ in LOSSES]
TABLE = dict(
    zip(
        KEYS,
        (0.3048, 0.3048, 0.4881, 0.7054, 0.9143, 0.4407, 0.9107, 0.4486, 0.5307, 0.0608),
        strict=True,
    )
)
F4 = np.float32


@pytest.fixture(scope="module", autouse=True)
def libraries():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what a library warns about while it is imported
        jax, keras, optax = map(calls.library, ("jax", "keras", "optax"))
    jax.config.update("jax_enable_x64", True)
    return {"keras": keras, "optax": optax}


@pytest.fixture(scope="module")
def losses(libraries):
    return libraries["keras"].losses


@pytest.fixture(scope="module")
def optax(libraries):
    return libraries["optax"]


@pytest.fixture(scope="module")
def x():
    return inputs()


# ---------------------------------------------------------------- the dictionary


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_every_call_returns_the_number_of_the_table(framework, key):
    found = evaluate(framework, key)
    assert f"{found:.4f}" == f"{TABLE[key]:.4f}"
    digits = 6 if framework == "Keras" else 12
    assert found == pytest.approx(evaluate("cehelpers", key), rel=10.0**-digits)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("framework", ["Keras", "Optax"])
@pytest.mark.parametrize("first_logit", [-40.0, -3.0, 2.0, 12.0, 40.0])
def test_the_rules_are_what_the_libraries_return(framework, key, first_logit):
    arrays = {
        name: value.astype(F4) if value.dtype == float else value
        for name, value in inputs(first_logit).items()
    }
    with np.errstate(divide="ignore"):
        found = evaluate(framework, key, arrays)
    ruled = by_rule(framework, key, first_logit)
    assert ruled == pytest.approx(found, rel=1e-5, nan_ok=True)


FROM_LOGITS = ("logits", "pos_weight", "integer", "rows", "weights", "smoothing")  # the others end
# in an infinity or a clip by what they are: losses of probabilities that have been rounded


@pytest.mark.parametrize("first_logit", [50.0, -50.0])
@pytest.mark.parametrize("key", FROM_LOGITS)
@pytest.mark.parametrize("framework", [name for name in FRAMEWORKS if name != "scikit-learn"])
def test_no_call_from_logits_loses_a_loss_far_out_in_float32(framework, key, first_logit):
    """scikit-learn has no such call: it is given probabilities, which the notebook says."""
    truth = calls.exact(key, first_logit)
    if framework == "PyTorch":
        kept = json.loads(record_torch.FILE.read_text(encoding="utf-8"))
        entry = kept["table, far out in float32"][key]
        assert entry["call"] == CALLS["PyTorch"][key]
        found = entry["value"][[50.0, -50.0].index(first_logit)]
    else:
        arrays = {
            name: value.astype(F4) if value.dtype == float else value
            for name, value in inputs(first_logit).items()
        }
        found = evaluate(framework, key, arrays)
    assert found == pytest.approx(truth, rel=1e-5)


def test_rosetta_prints_call_and_number(capsys):
    calls.rosetta("weights")
    said = capsys.readouterr().out
    for framework in FRAMEWORKS:
        first, *more = CALLS[framework]["weights"].splitlines()
        assert re.search(rf"^{framework} +{re.escape(first)} +0\.4486$", said, re.MULTILINE)
        assert all(line in said for line in more)
    assert max(map(len, said.splitlines())) <= 80
    with pytest.raises(ValueError, match="got 'weight'"):
        calls.rosetta("weight")


def test_a_missing_library_is_said_in_one_line(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "keras", None)  # what makes `import keras` fail
    assert not calls.have("numpy", "keras")
    assert capsys.readouterr().out == "keras: not installed here, so this part is left out.\n"
    assert calls.library("keras") is None
    assert calls.have("numpy")
    monkeypatch.setitem(calls.names(), "keras", None)
    calls.rosetta("integer")
    assert re.search(r"^Keras .* absent$", capsys.readouterr().out, re.MULTILINE)


# ---------------------------------------------------------------- float32


def test_a_million_more_changes_the_loss_in_float32(optax, x):
    loss = optax.softmax_cross_entropy_with_integer_labels
    assert f"{loss(x['Z'] + 1e6, x['labels']).mean():.4f}" == "0.4407"
    assert f"{loss(F4(x['Z'] + 1e6), x['labels']).mean():.4f}" == "0.4375"


# ---------------------------------------------------------------- traps


def test_exchanged_arguments(losses, optax, x):
    y, z, p = x["y"], x["z"], x["p"]
    assert f"{losses.BinaryCrossentropy()(p, y):.4f}" == "4.0847"
    assert f"{optax.sigmoid_binary_cross_entropy(y, z).mean():.4f}" == "0.2732"
    assert math.isinf(ce.binary_cross_entropy(p, y))
    # PyTorch: each logarithm of 0 counts −100
    wanted = 100 * ((1 - p[0]) + p[1] + (1 - p[2])) / 3
    assert recorded()["traps"]["exchanged"] == pytest.approx(wanted, rel=1e-12)
    assert f"{wanted:.1f}" == "25.5"


def test_five_marks_for_a_certain_mistake(losses):
    from sklearn.metrics import log_loss

    one, zero = np.ones(1), np.zeros(1)
    assert f"{log_loss([1], F4(zero), labels=[0, 1]):.2f}" == "15.94"
    assert f"{log_loss([1], zero, labels=[0, 1]):.2f}" == "36.04"
    assert f"{losses.BinaryCrossentropy()(one, zero):.3f}" == "16.118"
    assert recorded()["traps"]["certain and wrong"] == 100


def test_the_way_back_to_a_logit(optax):
    one = np.ones(1)
    assert np.isnan(optax.sigmoid_binary_cross_entropy(np.full(1, np.inf), one)[0])
    assert np.isinf(optax.sigmoid_binary_cross_entropy(np.full(1, -np.inf), one)[0])


def test_logits_for_probabilities(losses, x):
    Z, Q, labels = x["Z"], x["Q"], x["labels"]
    assert f"{losses.SparseCategoricalCrossentropy()(labels, Z):.4f}" == "0.3630"
    said = recorded()["traps"]
    twice = ce.sparse_categorical_cross_entropy_with_logits(labels, Q)
    assert said["softmax twice"] == pytest.approx(twice, rel=1e-12)
    assert f"{twice:.4f}" == "0.8144"
    assert said["nll of probabilities"] == pytest.approx(-Q[[0, 1], labels].mean(), rel=1e-12)
    assert said["nll of logits"] == -1.75


def test_divisors(losses, x):
    Z, labels, w = x["Z"], x["labels"], x["w"]
    loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    assert f"{loss(labels, Z, sample_weight=w[labels]):.4f}" == "0.6729"
    said = recorded()["traps"]
    assert said["weights over n"] == pytest.approx(1.5 * recorded()["table"]["weights"], rel=1e-12)
    assert said["kl as it comes"] == pytest.approx(recorded()["table"]["kl"] / 3, rel=1e-12)
    assert f"{said['kl without the log']:.4f}" == "-1.3309"


def test_keras_averages_a_flat_batch_before_anything_else(losses, x):
    y, p, w = x["y"], x["p"], x["w"]
    Binary = losses.BinaryCrossentropy
    flat = float(Binary()(y, p))
    assert Binary(reduction="sum")(y, p) == flat
    assert Binary(reduction=None)(y, p) == flat
    assert f"{Binary()(y, p, sample_weight=w):.4f}" == "0.6095"
    assert float(Binary()(y, p, sample_weight=w)) == pytest.approx(flat * w.mean(), rel=1e-6)
    columns = float(Binary()(y[:, None], p[:, None], sample_weight=w))
    rows = -np.log(np.where(y == 1, p, 1 - p))
    assert columns == pytest.approx(np.mean(w * rows), rel=1e-6)
    assert f"{columns:.4f}" == "0.6716"


def test_labels_out_of_range(losses, optax, x):
    Z = x["Z"]
    sparse = losses.SparseCategoricalCrossentropy(from_logits=True, reduction=None)
    by_label = optax.softmax_cross_entropy_with_integer_labels
    assert sparse(np.array([0, -1]), Z)[1] == 0
    last = ce.sparse_categorical_cross_entropy_with_logits([2], Z[1:])
    assert by_label(Z, np.array([0, -1]))[1] == pytest.approx(last, rel=1e-12)
    assert np.isnan(by_label(Z, np.array([0, 3]))[1])
    with pytest.raises(ValueError, match="labels"):
        ce.sparse_categorical_cross_entropy_with_logits([0, -1], Z)
    said = recorded()["traps"]
    assert said["label -1"] == said["label 3"] == "IndexError"
    first = ce.sparse_categorical_cross_entropy_with_logits([0], Z[:1])
    assert said["label -100"] == pytest.approx(first, rel=1e-12)
    assert math.isnan(said["only label -100"])


def test_other_bad_input(losses, optax, x):
    Z, T, one = x["Z"], x["T"], np.ones(1)
    assert losses.BinaryCrossentropy()(one, 1.2 * one) < 2e-7
    for double in (
        losses.CategoricalCrossentropy(from_logits=True)(2 * T, Z),
        optax.softmax_cross_entropy(Z, 2 * T).mean(),
        recorded()["traps"]["rows that sum to 2"],
    ):
        assert float(double) == pytest.approx(2 * evaluate("cehelpers", "rows"), rel=1e-6)
    sparse = losses.SparseCategoricalCrossentropy(from_logits=True)
    assert sparse(np.array([0.0, 1.7]), Z) == sparse(np.array([0, 1]), Z)
    with pytest.raises(TypeError):
        losses.SparseCategoricalCrossentropy(label_smoothing=0.1)
    with pytest.raises(TypeError):
        optax.softmax_cross_entropy_with_integer_labels(Z, np.array([0.0, 1.7]))


def test_what_the_exercises_say_of_the_libraries(losses, optax):
    from cecourse.lessons.framework_rosetta import exercises

    y, z = exercises.Y, exercises.LOGITS
    assert losses.BinaryCrossentropy()(y, z) == pytest.approx(
        exercises.forgotten.function(), rel=1e-4
    )
    labels, Z = np.array([0, -1, 2]), exercises.PADDED
    sparse = losses.SparseCategoricalCrossentropy
    assert sparse(from_logits=True)(labels, Z) == pytest.approx(
        exercises.minus_one.function(), rel=1e-6
    )
    intended = exercises._as_intended()
    assert f"{intended:.3f}" == "0.237"
    assert sparse(from_logits=True, ignore_class=-1)(labels, Z) == pytest.approx(intended, rel=1e-6)
    mask = labels >= 0
    masked = optax.softmax_cross_entropy_with_integer_labels(Z, labels, where=mask)
    assert masked.sum() / mask.sum() == pytest.approx(intended, rel=1e-12)
    p, y, w = expit(z), exercises.Y, np.array([1.0, 3.0, 2.0])
    flat = losses.BinaryCrossentropy()(y, p, sample_weight=w)
    assert flat == pytest.approx(exercises._broken(y, p, w), rel=1e-6)
    x = inputs()
    said = recorded()
    as_pytorch = exercises.as_pytorch.function
    assert as_pytorch(x["p"], x["y"]) == pytest.approx(said["table"]["binary"], rel=1e-12)
    assert as_pytorch(x["y"], x["p"]) == pytest.approx(said["traps"]["exchanged"], rel=1e-12)


# ---------------------------------------------------------------- digits


def test_the_true_losses_and_the_roads(losses):
    with mp.workdps(400):
        truth = [float(log(1 + exp(-mpf(z)))) for z in FAR]
    np.testing.assert_allclose(calls.true_far_losses(), truth, rtol=4e-16)
    far = recorded()["far"]
    digits = calls.digits_right
    assert digits(far["PyTorch, logits, float64"], truth).min() > 15
    assert digits(far["PyTorch, logits"], truth).min() > 6.5
    dead = digits(far["PyTorch, BCELoss"], truth) < 1
    assert [z for z, d in zip(FAR, dead, strict=True) if d] == [-800, 19, 29, 39, 59]
    y, z = np.ones((len(FAR), 1)), np.array(FAR)[:, None]
    fused = losses.BinaryCrossentropy(from_logits=True, reduction=None)(y, z)
    assert digits(fused, truth).min() > 6.5
    clipped = digits(losses.BinaryCrossentropy(reduction=None)(y, expit(z)), truth) < 0.65
    assert np.array(FAR)[clipped.ravel()].tolist() == [-800, -59, -39, -29, 19, 29, 39, 59]


def test_digits_right():
    found = calls.digits_right([1.001, 2.0, math.inf, math.nan, 0.0, 5.0], [1, 2, 3, 4, 5, 1])
    np.testing.assert_allclose(found, [3, 16, 0, 0, 0, 0], atol=1e-9)


# ---------------------------------------------------------------- the recorded column


def test_the_file_is_what_the_tool_would_ask(x):
    kept = json.loads(record_torch.FILE.read_text(encoding="utf-8"))
    texts = (CALLS["PyTorch"], calls.TORCH_TRAPS, calls.TORCH_FAR)
    for part, wanted in zip(("table", "traps", "far"), texts, strict=True):
        assert {name: entry["call"] for name, entry in kept[part].items()} == wanted
    assert re.fullmatch(r"\d+\.\d+\.\d+", kept["version"])
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", kept["date"])


def test_a_difference_is_found():
    kept = json.loads(record_torch.FILE.read_text(encoding="utf-8"))
    parts = {part: kept[part] for part in ("table", "traps", "far")}
    assert record_torch.differences(kept, parts) == []
    other = json.loads(json.dumps(parts))
    other["table"]["kl"]["value"] *= 1 + 2e-6
    other["traps"]["label -1"]["value"] = "ValueError"
    other["far"]["PyTorch, logits"]["value"][3] += 1
    other["traps"].pop("exchanged")
    found = record_torch.differences(kept, other)
    assert [line.partition(":")[0] for line in found] == [
        "table, kl",
        "traps, exchanged",
        "traps, label -1",
        "far, PyTorch, logits",
    ]


# ---------------------------------------------------------------- the verdicts


def test_the_verdicts():
    q = [0.8, 0.2]
    assert [f"{ce.cross_entropy(p, q):.3f}" for p in (q, [1, 0])] == ["0.500", "0.223"]
    assert f"{-math.log(1e-4) / (-math.log(1e-4) - 99 * math.log(0.99)):.0%}" == "90%"
    assert f"{math.log(math.e + 9) - 1:.4f}" == "1.4612"
    odds = 0.35 / 0.65 / 550
    assert f"{odds / (1 + odds):.5f}" == "0.00098"
    p = expit(-6.0)
    assert (f"{(p - 1) * p * (1 - p):.5f}", f"{p - 1:.4f}") == ("-0.00246", "-0.9975")


def test_the_table_of_translations_names_real_functions(losses, optax):
    text = (ROOT / "notebooks" / "source" / "12_framework_rosetta.md").read_text(encoding="utf-8")
    page = text.partition("## In your framework")[2].partition("## Where this goes wrong")[0]
    rows = [line.split(" | ") for line in page.splitlines() if line.startswith("| `")]
    assert len(rows) == 10
    for row in rows:
        for name in re.findall(r"`([A-Z]\w+)\(", row[1]):
            assert hasattr(losses, name)
        for name in re.findall(r"`([a-z_]+)\(", row[2]):
            assert hasattr(optax, name)


def test_tags_in_a_table_and_the_axis_of_the_classes(losses, optax, x):
    Y, Z = (x["Z"] > 1).astype(float), x["Z"]
    each = -(Y * np.log(expit(Z)) + (1 - Y) * np.log(expit(-Z)))
    Binary = losses.BinaryCrossentropy
    assert Binary(from_logits=True)(Y, Z) == pytest.approx(each.mean(), rel=1e-6)
    summed = Binary(from_logits=True, reduction="sum")
    assert summed(Y, Z) == pytest.approx(each.sum() / 3, rel=1e-6)
    flat = summed(Y.reshape(-1, 1), Z.reshape(-1, 1))
    assert flat == pytest.approx(each.sum(), rel=1e-6)
    for call in (losses.CategoricalCrossentropy, optax.softmax_cross_entropy):
        assert inspect.signature(call).parameters["axis"].default == -1


def test_ignored_labels_of_pytorch_in_keras(losses, x):
    loss = losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-100)
    found = float(loss(np.array([0, -100]), x["Z"]))
    assert found == pytest.approx(recorded()["traps"]["label -100"], rel=1e-6)


def test_keras_in_float64_keeps_twelve_digits_of_the_losses_for_one_of_k(losses, x):
    asked = {"from_logits": True, "dtype": "float64"}
    rows = float(losses.CategoricalCrossentropy(**asked)(x["T"], x["Z"]))
    assert rows == pytest.approx(evaluate("cehelpers", "rows"), rel=1e-12)
    integer = float(losses.SparseCategoricalCrossentropy(**asked)(x["labels"], x["Z"]))
    assert integer == pytest.approx(evaluate("cehelpers", "integer"), rel=1e-12)
    error = float(losses.BinaryCrossentropy(**asked)(x["y"], x["z"]))
    error = abs(error / evaluate("cehelpers", "logits") - 1)
    assert 1e-8 < error < 1e-7  # the mean over the last axis is rounded to float32 on its way


def test_the_picture_counts_its_marks():
    from cecourse.lessons.framework_rosetta.pictures import six_marks

    marks = {"a": 15.94, "b": 15.94, "c": 100.0, "d": math.inf}
    assert "three different marks" in six_marks(marks).get_suptitle()
