"""Notebook 13's pictures: what they draw is what they say."""

import math

import numpy as np
from drawn import line, nearest, told, written

from cecourse.english.guessing import SHANNON_CONCLUDED
from cecourse.lessons.language_model import pictures
from cecourse.palette import LOSS, MODEL

# ---------------------------------------------------------------- the next letter


def test_bits_by_memory():
    read, held = [4.1, 3.2, 2.4, 1.8, 1.5], [4.0, 3.3, 2.6, 2.2, 2.3]
    fig, words = pictures.bits_by_memory(read, held)
    (ax,) = fig.axes
    assert told(ax) == (
        "Memory helps, until the past is one of a kind",
        "letters of memory",
        "loss in bits per letter",
    )
    for color, values, name in (
        (LOSS, held, "the other book, never read"),
        (MODEL, read, "a text it has read"),
    ):
        curve = line(ax, color)
        np.testing.assert_array_equal(curve.get_xydata(), np.stack([range(5), values], -1))
        assert nearest(ax, written(ax, name)) is curve
        assert curve.is_dashed() == (color == MODEL)
    (mark,) = (one for one in ax.lines if one.get_marker() == "o")
    assert mark.get_xydata().tolist() == [[3, 2.2]]
    assert written(ax, "2.20").xy == (3, 2.2)
    (level,) = (one for one in ax.lines if one.get_linestyle() == ":")
    assert set(level.get_ydata()) == {math.log2(27)}
    assert "log₂ 27 = 4.75" in written(ax, "no idea").get_text()
    (band,) = ax.patches
    assert (band.get_y(), band.get_y() + band.get_height()) == SHANNON_CONCLUDED
    assert written(ax, "Shannon concluded for people: 0.6 to 1.3").get_position()[1] == 0.95
    assert "against 0 to 4 letters" in words
    assert "read it falls all the way, dashed: 4.10, 3.20, 2.40, 1.80, 1.50." in words
    assert "lowest with 3 letters and rises again: 4.00, 3.30, 2.60, 2.20, 2.30." in words
    assert "log₂ 27 = 4.75 is to know nothing; a band from 0.6 to 1.3" in words


# ---------------------------------------------------------------- perplexity and tokens


# ---------------------------------------------------------------- a network that reads


# ---------------------------------------------------------------- means that lie


# ---------------------------------------------------------------- fifty thousand classes


# ---------------------------------------------------------------- teachers


# ---------------------------------------------------------------- after pretraining


# ---------------------------------------------------------------- how low can it go?
