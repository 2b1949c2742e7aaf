"""The explorer of notebook 12: bars, call and caption against sums written out with SciPy."""

import itertools
import math
import re
import warnings

import numpy as np
import pytest
from drawn import told
from matplotlib.colors import to_hex
from scipy.special import log_expit, log_softmax, softmax

from cecourse.lessons.framework_rosetta.calls import (
    CALLS,
    FRAMEWORKS,
    LOSSES,
    by_rule,
    evaluate,
    inputs,
    recorded,
)
from cecourse.lessons.framework_rosetta.explorers import dictionary
from cecourse.palette import LOSS, MODEL, TRUTH

KEYS = [key for key, _ in LOSSES]
CLIP = {"Keras": -math.log(1e-7), "scikit-learn": -math.log(np.finfo(float).eps), "PyTorch": 100.0}


@pytest.fixture(scope="module")
def explorer():
    return dictionary()


def by_definition(key, first_logit):
    """Each loss from log-probabilities, by its definition."""
    x = inputs(first_logit)
    y, z, s, labels = x["y"], x["z"], x["s"], x["labels"]
    hard = -(y * log_expit(z) + (1 - y) * log_expit(-z))
    log_q = log_softmax(x["Z"], axis=1)
    rows = -log_q[[0, 1], labels]
    return {
        "binary": hard.mean(),
        "logits": hard.mean(),
        "soft": -np.mean(s * log_expit(z) + (1 - s) * log_expit(-z)),
        "pos_weight": np.mean(np.where(y == 1, 3, 1) * hard),
        "tags": hard.sum(),
        "integer": rows.mean(),
        "rows": -np.sum(x["T"] * log_q) / 2,
        "weights": (rows[0] * 1 + rows[1] * 2) / 3,
        "tokens": rows[0],
        "smoothing": np.mean(0.9 * rows - 0.1 * log_q.mean(axis=1)),
        "kl": np.sum(x["T"] * (np.log(x["T"]) - log_q)) / 2,
    }[key]


def row_1(first_logit, framework):
    """What row 1 (label 1) costs from a probability, where the library has a bound."""
    return min(float(-log_expit(first_logit)), CLIP[framework])


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("first_logit", [-7.5, 0.0, 2.0, 6.0])
def test_where_nothing_is_extreme_all_six_are_right(explorer, key, first_logit):
    wanted = by_definition(key, first_logit)
    explorer.set(loss=key, framework="Keras", first_logit=first_logit)
    assert explorer.artists["exact"].get_xdata()[0] == pytest.approx(wanted, rel=1e-12)
    for bar in explorer.artists["bars"]:
        assert bar.get_width() == pytest.approx(wanted, rel=3e-6)
    assert "as it should be" in explorer.caption
    assert float(re.search(r"= ([\d.]+), as", explorer.caption)[1]) == pytest.approx(
        wanted, abs=6e-5
    )


@pytest.mark.parametrize("first_logit", [-40.0, -60.0, -120.0])
def test_bounds_at_the_wrong_end(explorer, first_logit):
    explorer.set(loss="tags", framework="PyTorch", first_logit=first_logit)
    rest = float(-log_expit(1.0) - log_expit(0.5))  # rows 2 and 3: z = −1 with y = 0, 0.5 with 1
    widths = dict(zip(FRAMEWORKS, explorer.artists["bars"], strict=True))
    for framework in CLIP:
        wanted = row_1(first_logit, framework) + rest
        assert widths[framework].get_width() == pytest.approx(wanted, rel=1e-5)
    assert widths["cehelpers"].get_width() == pytest.approx(-first_logit + rest, rel=1e-12)


def test_the_accidents_of_a_way_back(explorer):
    explorer.set(loss="binary", framework="Optax", first_logit=30.0)
    number = explorer.artists["numbers"][FRAMEWORKS.index("Optax")]
    assert number.get_text() == "nan"
    assert "zero times infinity" in explorer.caption
    explorer.set(first_logit=-120.0)
    assert number.get_text() == "∞"
    assert "∞ where 40.2624 is due" in explorer.caption


@pytest.mark.parametrize(("key", "framework"), [*itertools.product(KEYS, FRAMEWORKS)])
def test_the_call_and_every_edge(explorer, key, framework):
    for first_logit in (-120.0, 2.0, 120.0):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            explorer.set(loss=key, framework=framework, first_logit=first_logit)
        assert "failed" not in explorer.caption
        assert explorer.artists["call"].get_text() == CALLS[framework][key]
        assert explorer.caption.startswith(" ".join(CALLS[framework][key].split()))
        low, high = explorer.artists["exact"].axes.get_xlim()
        assert low <= explorer.artists["exact"].get_xdata()[0] < high


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("first_logit", [-120.0, -37.0, 0.0, 2.0, 30.0, 120.0])
def test_the_rule_of_scikit_learn_is_what_it_returns(key, first_logit):
    found = evaluate("scikit-learn", key, inputs(first_logit))
    assert by_rule("scikit-learn", key, first_logit) == pytest.approx(found, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("key", KEYS)
def test_the_rule_of_pytorch_is_what_it_answered(key):
    answered = recorded()["table"][key]
    assert by_rule("PyTorch", key, 2.0) == pytest.approx(answered, rel=2e-6)
    assert answered == pytest.approx(by_definition(key, 2.0), rel=1e-12)


def test_pytorch_is_quoted_at_the_recorded_input_only(explorer):
    explorer.set(loss="kl", framework="PyTorch", first_logit=2.0)
    assert "Recorded from PyTorch itself: 0.0608." in explorer.caption
    explorer.set(first_logit=2.5)
    assert "Recorded" not in explorer.caption
    assert "by the library's rule" in explorer.caption


def test_every_preset_shows_what_its_name_says(explorer):
    buttons = {button.description: button for button in explorer.children[1].children}
    assert len(buttons) == 5
    rest = float(-log_expit(1.0) - log_expit(0.5))
    buttons["Keras' clip"].click()
    assert explorer.values["framework"] == "Keras"
    assert f"= {(CLIP['Keras'] + rest) / 3:.4f} where 13.5958 is due" in explorer.caption
    assert f"off: scikit-learn {(CLIP['scikit-learn'] + rest) / 3:.4f}." in explorer.caption
    buttons["The hundred"].click()
    assert explorer.values["framework"] == "PyTorch"
    assert f"= {(100 + rest) / 3:.4f} where 40.2624 is due" in explorer.caption
    buttons["There and back"].click()
    assert explorer.caption.startswith("optax.sigmoid_binary_cross_entropy(logit(p), y)")
    assert "= nan where 0.2624 is due" in explorer.caption
    buttons["From logits"].click()
    assert "(from_logits=True)(y, z) = 40.2624, as it should be" in explorer.caption
    buttons["Reset"].click()
    assert explorer.values == {"loss": "binary", "framework": "Keras", "first_logit": 2.0}
    assert "= 0.3048" in explorer.caption and explorer.caption.endswith("are off: none.")


def test_each_bar_has_its_library_its_number_and_its_colour(explorer):
    explorer.set(loss="binary", framework="Keras", first_logit=-40.0)
    top, bottom = explorer.figure.axes
    assert told(top)[0] == "One loss, six libraries"
    assert told(bottom)[1] == "what the call returns, in nats"
    names = [label.get_text() for label in bottom.get_yticklabels()]
    due = by_definition("binary", -40.0)
    bars, numbers = explorer.artists["bars"], explorer.artists["numbers"]
    for name, place, bar, number in zip(names, bottom.get_yticks(), bars, numbers, strict=True):
        value = by_rule(name, "binary", -40.0)
        assert bar.get_y() < place < bar.get_y() + bar.get_height()
        assert bar.get_width() == value and number.get_text() == f"{value:.4f}"
        right = math.isclose(value, due, rel_tol=1e-5)
        assert right == (name not in ("Keras", "scikit-learn"))
        assert to_hex(bar.get_edgecolor()).upper() == (TRUTH if right else MODEL)
        assert (number.get_weight() == "bold") == (name == "Keras")
    line = explorer.artists["exact"]
    assert (line.get_color(), line.is_dashed()) == (LOSS, True)
    assert "dashed line at the exact loss" in explorer.strip({"start": {}}).description


def test_a_failure_is_said_in_the_caption(explorer):
    line = explorer.artists["exact"]
    line.set_xdata, kept = None, line.set_xdata
    try:
        explorer.set(first_logit=1.0)
        assert explorer.caption.startswith("This setting failed with TypeError")
    finally:
        line.set_xdata = kept
    explorer.set(first_logit=2.0)
    assert "as it should be" in explorer.caption


def test_a_soft_label_and_a_certain_forecast(explorer):
    # p is rounded to 1, and no library can know better from p
    explorer.set(loss="soft", framework="cehelpers", first_logit=120.0)
    due = by_definition("soft", 120.0)
    assert f"= ∞ where {due:.4f} is due" in explorer.caption


def test_q_is_the_softmax_of_the_logits():
    x = inputs(-3.0)
    np.testing.assert_allclose(x["Q"], softmax(x["Z"], axis=1), rtol=1e-14)
