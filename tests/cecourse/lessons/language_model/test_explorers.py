"""Notebook 13's explorers: set a value, look at the artists and the caption."""

import re

import numpy as np
import pytest

from cecourse.lessons.language_model import explorers

# ---------------------------------------------------------------- the next letter


# ---------------------------------------------------------------- perplexity and tokens


# ---------------------------------------------------------------- a network that reads


# ---------------------------------------------------------------- means that lie


@pytest.mark.parametrize(
    "given",
    [
        {"letters": 5, "cost": 3.0, "sentences": 10, "long": 50, "long_cost": 1.4},
        {"letters": 100, "cost": 1.4, "sentences": 10, "long": 5, "long_cost": 3.0},
        {"letters": 7, "cost": 0.5, "sentences": 1, "long": 7, "long_cost": 2.5},
        {"letters": 9, "cost": 6.0, "sentences": 3, "long": 20, "long_cost": 0.0},
    ],
)
@pytest.mark.parametrize("padding_cost", [0.0, 4.6])
def test_four_means_of_one_batch(given, padding_cost):
    """Place by place, from the padded rectangle."""
    explorer = explorers.batch_means()
    explorer.set(**given, padding_cost=padding_cost)
    short, long = [given["cost"]] * given["letters"], [given["long_cost"]] * given["long"]
    rows = [short, *[long] * given["sentences"]]
    letters = [x for row in rows for x in row]
    width = max(map(len, rows))
    places = [x for row in rows for x in row + [padding_cost] * (width - len(row))]
    means = [
        np.mean(letters),
        np.mean([np.mean(short), np.mean(letters[len(short) :])]),
        np.mean([np.mean(row) for row in rows]),
        np.mean(places),
    ]
    assert [bar.get_width() for bar in explorer.artists["bars"]] == pytest.approx(means)
    assert [one.get_text() for one in explorer.artists["values"]] == [f"{m:.2f}" for m in means]
    for bar, value in zip(explorer.artists["bars"], explorer.artists["values"], strict=True):
        assert value.get_position()[1] == pytest.approx(bar.get_y() + bar.get_height() / 2)
    assert explorer.artists["right"].get_xdata() == pytest.approx([means[0]] * 2)
    said = [float(x) for x in re.findall(r"\d+\.\d\d(?=[,;])", explorer.caption)]
    said.insert(0, float(re.match(r"Per letter (\S+) nats", explorer.caption)[1]))
    assert said == pytest.approx(means, abs=0.0051)
    padding = 1 - len(letters) / len(places)
    assert explorer.caption.endswith(f"with {padding:.0%} padding.")
    weight = (1 / len(short)) / (1 / (len(letters) - len(short)))
    assert f"weighs {weight:.3g} times as much" in explorer.caption


def test_the_names_of_the_means_stand_at_their_bars():
    (ax,) = explorers.batch_means().figure.axes
    names = [tick.get_text() for tick in ax.get_yticklabels()]
    assert names == ["per letter", "of two means", "per sentence", "all places"]


# ---------------------------------------------------------------- fifty thousand classes


# ---------------------------------------------------------------- teachers


# ---------------------------------------------------------------- after pretraining


# ---------------------------------------------------------------- how low can it go?
