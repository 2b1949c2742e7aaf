"""Notebook 13's pictures: what they draw is what they say."""

import numpy as np
import pytest
from drawn import told, written
from matplotlib.colors import to_hex

from cecourse.lessons.language_model import pictures, scaling
from cecourse.palette import TRUTH, contrast, ink

# ---------------------------------------------------------------- the next letter


# ---------------------------------------------------------------- perplexity and tokens


# ---------------------------------------------------------------- a network that reads


def test_surprises():
    text = "ALICE SAID NO"
    cheap = [1.0 if i and text[i - 1] != " " else 2.5 for i in range(13)]
    bits = [np.full(13, 3.0), cheap]
    fig, words = pictures.surprises(text, ["one", "two"], bits)
    assert len(fig.axes) == 2
    drawn = ["".join(t.get_text() for t in ax.texts if t.get_position()[1] == 0) for ax in fig.axes]
    assert drawn == ["ALICE", "␣SAID␣NO"]
    for ax, first in zip(fig.axes, (0, 5), strict=True):
        tiles = {tuple(np.round(p.get_center(), 6)): p for p in ax.patches}
        for t in ax.texts:
            column, row = t.get_position()
            if row and column >= 0:
                cost = bits[int(row) - 1][first + int(column)]
                assert t.get_text() == f"{cost:.0f}"
                assert contrast(to_hex(tiles[column, row].get_facecolor()), t.get_color()) > 4.5
        dark = [contrast(to_hex(tiles[0, row].get_facecolor()), "#FFFFFF") for row in (1, 2)]
        assert (dark[0] > dark[1]) == (bits[0][first] > bits[1][first])
        assert [t.get_text() for t in ax.texts if t.get_position()[0] < 0] == ["one", "two"]
    assert words.startswith("“Alice said no”, letter by letter, as tiles with the bits that each")
    assert words.endswith("one: less than twice as dear; two: more than twice as dear.")


def test_a_dear_letter_is_white_on_dark():
    fig, _ = pictures.surprises("A B", ["one"], [[12.0, 1.0, 5.0]])
    (dear,) = (t for ax in fig.axes for t in ax.texts if t.get_text() == "12")
    assert dear.get_color() == "white"


# ---------------------------------------------------------------- means that lie


# ---------------------------------------------------------------- fifty thousand classes


# ---------------------------------------------------------------- teachers


# ---------------------------------------------------------------- after pretraining


# ---------------------------------------------------------------- how low can it go?


def test_floors():
    n = 1000 * 2 ** np.arange(6)
    loss = 1.0 + 30.0 * n**-0.4 + 0.01 * np.cos(np.arange(6))
    fig, words = pictures.floors(n, loss, [1000, 4000])
    (ax,) = fig.axes
    assert told(ax)[1:] == ("letters read", "bits per letter of Alice")
    assert ax.get_xscale() == "log"
    (points,) = (one for one in ax.lines if one.get_color() == TRUTH)
    np.testing.assert_allclose(points.get_xydata(), np.stack([n, loss], axis=-1))
    styles = set()
    for first in (1000, 4000):
        found = scaling.fit(n[n >= first], loss[n >= first])
        (curve,) = (
            one
            for one in ax.lines
            if len(one.get_xdata()) == 200 and one.get_xdata()[0] == pytest.approx(first)
        )
        np.testing.assert_allclose(curve.get_ydata(), found(curve.get_xdata()))
        label = written(ax, f"from {first:,}: E = {found.E:.1f}")
        assert label.get_color() == curve.get_color()
        assert label.xy[1] == pytest.approx(curve.get_ydata()[-1])
        assert f"from {first:,} letters on, E = {found.E:.1f}, off by {found.off:.3f}" in words
        styles.add(str(curve._unscaled_dash_pattern))
    assert len(styles) == 2
    assert written(ax, "Shannon 1951: 0.6 to 1.3")
    assert written(ax, "measured").get_color() == ink(TRUTH)
    assert f"from {loss[0]:.2f} bits at 1,000 letters to {loss[-1]:.2f} at 32,000" in words


def test_a_floor_has_a_true_minus_and_none_before_zero():
    assert [pictures._plain(x) for x in (-0.03, 0.03, -1.98, 0.77)] == ["0.0", "0.0", "−2.0", "0.8"]
