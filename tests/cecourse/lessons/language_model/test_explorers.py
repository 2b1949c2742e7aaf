"""Notebook 13's explorers: set a value, look at the artists and the caption."""

import re

import numpy as np
import pytest
from drawn import line, told
from scipy.special import log_expit

from cecourse.lessons.language_model import explorers
from cecourse.palette import LOSS

# ---------------------------------------------------------------- the next letter


# ---------------------------------------------------------------- perplexity and tokens


# ---------------------------------------------------------------- a network that reads


# ---------------------------------------------------------------- means that lie


# ---------------------------------------------------------------- fifty thousand classes


# ---------------------------------------------------------------- teachers


# ---------------------------------------------------------------- after pretraining


@pytest.fixture(scope="module")
def preferred():
    return explorers.preference()


@pytest.mark.parametrize("beta", [0.1, 0.3, 1.0])
@pytest.mark.parametrize(("chosen", "rejected"), [(-9, -14), (-14, -18), (-10, -6), (-20, -4)])
def test_the_loss_of_a_preference(preferred, chosen, rejected, beta):
    preferred.set(chosen=chosen, rejected=rejected, beta=beta)
    margin = beta * ((chosen + 12) - (rejected + 11))
    loss = -log_expit(margin)
    ((x, y),) = preferred.artists["dot"].get_xydata()
    assert (x, y) == pytest.approx((np.clip(margin, -6, 6), min(loss, 6)))
    said = preferred.caption.replace("−", "-")
    assert float(re.search(r" = (-?[\d.]+)\. Loss", said)[1]) == pytest.approx(margin, abs=6e-3)
    assert float(re.search(r"Loss ([\d.]+) nats", said)[1]) == pytest.approx(loss, abs=6e-3)
    assert ("less than the 0.69" in said) == (margin > 0)
    assert preferred.artists["words"].get_text().startswith(f"loss {loss:.2f}")
    assert ("beyond" in preferred.artists["words"].get_text()) == (abs(margin) > 6)
    for key, now, start in (("chosen", chosen, -12), ("rejected", rejected, -11)):
        assert list(preferred.artists[key].get_ydata()) == [start, now]
        head = preferred.artists[f"{key} head"]
        assert head.get_ydata()[0] == now
        assert head.get_marker() == ("^" if now > start else "v")
        word = "rises" if now > start else "falls"
        assert f"{key} {start:.1f} to {now:.1f}, {word} by {abs(now - start):.1f}" in said


def test_the_curve_of_a_preference(preferred):
    left, right = preferred.figure.axes
    curve = line(right, LOSS)
    np.testing.assert_allclose(curve.get_ydata(), -log_expit(curve.get_xdata()), atol=1e-12)
    assert told(left) == ("Two arrows …", "", "log-probability in nats")
    assert told(right) == (
        "… and the loss sees their difference",
        "β × (chosen arrow − rejected arrow)",
        "loss in nats",
    )
    assert not preferred.artists["chosen"].is_dashed() and preferred.artists["rejected"].is_dashed()


def test_presets_of_a_preference(preferred):
    buttons = {button.description: button for button in preferred.children[1].children}
    told_of = {}
    for name, button in buttons.items():
        button.click()
        told_of[name] = preferred.caption
    assert "stays; rejected" in told_of["Reset"] and told_of["Reset"].endswith("before training.")
    for name, words in (
        ("As it is meant", ("rises", "falls", "less")),
        ("Both fall, loss falls", ("falls", "falls", "less")),
        ("Both rise, loss rises", ("rises", "rises", "more")),
        ("Both fall, β = 1", ("falls", "falls", "less")),
    ):
        assert re.findall(r"rises|falls|less|more", told_of[name]) == list(words)
    assert len(buttons) == 5


# ---------------------------------------------------------------- how low can it go?
