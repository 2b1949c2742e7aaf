"""Notebook 13's pictures: what they draw is what they say."""

import math

import numpy as np
import pytest
from drawn import line, nearest, told, written
from matplotlib.colors import to_hex
from scipy.special import logsumexp

from cecourse.english.guessing import SHANNON_CONCLUDED
from cecourse.lessons.language_model import pictures, scaling
from cecourse.palette import GOOD, LOSS, MODEL, TRUTH, contrast, ink

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


def test_padded_batch():
    sentences, costs = ["AB ", "A B CD "], [[1.0, 2.0, 0.0], [3.0, 0.5, 0.25, 0.75, 1.5, 4.0, 1.0]]
    fig, words = pictures.padded_batch(sentences, costs)
    (ax,) = fig.axes
    tiles = {tuple(np.floor(tile.get_xy()).astype(int)): tile for tile in ax.patches}
    assert set(tiles) == {(x, y) for x in range(7) for y in range(2)}
    letters = {one.get_text(): one for one in ax.texts if len(one.get_text()) == 1}
    assert set(letters) == set("ABCD␣")
    for (x, y), tile in tiles.items():
        inside = x < len(sentences[y])
        assert (tile.get_hatch() is None) == inside
        here = [one.get_text() for one in ax.texts if one.get_position() == (x + 0.5, y + 0.5)]
        assert here == ([sentences[y][x].replace(" ", "␣")] if inside else [])
    inside = [(costs[y][x], tile) for (x, y), tile in tiles.items() if x < len(costs[y])]
    inside.sort(key=lambda pair: pair[0])
    blue = [tile.get_facecolor()[2] for _, tile in inside]
    assert blue == sorted(blue, reverse=True)  # the dearer, the less white is in it
    for y, cost in enumerate(costs):
        (mean,) = (one for one in ax.texts if one.get_text() == f"{sum(cost) / len(cost):.2f}")
        assert mean.get_position()[1] == y + 0.5
    everything = sum(map(sum, costs))
    for name, mean in {
        "mean over all places": everything / 14,
        "mean over all letters": everything / 10,
        "mean of the rows’ means": (1 + 11 / 7) / 2,
    }.items():
        assert written(ax, name).get_text() == f"{name}\n{mean:.2f} nats"
        assert f"{name} {mean:.2f} nats" in words
    assert "AB, 3 letters with its last blank, mean 1.00; A B CD, 7 letters" in words
    assert "Hatched tiles fill each row up to 7: 29% of the rectangle is padding." in words


# ---------------------------------------------------------------- fifty thousand classes


def test_passing_blocks():
    logits = np.array([1.0, 0.5, 0.0, 2.0, 1.0, 1.5, 3.0, 0.0, 0.5, 1.0, 2.5])
    fig, words = pictures.passing_blocks(logits, 3)
    above, below = fig.axes
    blocks = [logits[k : k + 3] for k in range(0, 11, 3)]
    (dots,) = (one for one in above.lines if one.get_marker() == "o")
    np.testing.assert_array_equal(dots.get_ydata(), [1.0, 2.0, 3.0, 2.5])
    np.testing.assert_array_equal(line(above, LOSS).get_ydata(), [1.0, 2.0, 3.0, 3.0])
    old, new = np.reshape([bar.get_height() for bar in below.patches], (2, 4))
    for k, top in enumerate([1.0, 2.0, 3.0, 3.0]):
        assert old[k] == pytest.approx(np.exp(logits[: 3 * k] - top).sum())
        assert new[k] == pytest.approx(np.exp(blocks[k] - top).sum())
        assert below.patches[4 + k].get_y() == old[k]
    factors = [one for one in below.texts if one.get_text().startswith("×")]
    assert [one.get_text() for one in factors] == ["× 0.37", "× 0.37"]
    assert [one.get_position() for one in factors] == [(2, old[1] + new[1]), (3, old[2] + new[2])]
    whole = logsumexp(logits)
    assert written(below, "in the end").get_text().endswith(f"= {whole:.3f}")
    assert "11 logits of one row pass in 4 blocks" in words
    assert "begins at 1.00, rises at blocks 2, 3 and ends at 3.00" in words
    assert f"= {whole:.3f} is the log-sum-exp" in words


def test_passing_blocks_where_nothing_rises():
    assert "rises at no block and ends at 5.00" in pictures.passing_blocks([5.0, 1.0, 2.0], 1)[1]


# ---------------------------------------------------------------- teachers


def test_teacher_rows():
    rows = {"hard label": [1, 0, 0], "teacher": [0.7, 0.296, 0.004]}
    fig, words = pictures.teacher_rows([*"EAI"], rows)
    assert fig.get_suptitle() == "A teacher says what else it might have been"
    for ax, (title, row), labels in zip(
        fig.axes, rows.items(), (["1.00", "0", "0"], [".70", ".30", "<.01"]), strict=True
    ):
        assert told(ax)[0] == title
        np.testing.assert_allclose([bar.get_height() for bar in ax.patches], row)
        assert [tick.get_text() for tick in ax.get_xticklabels()] == ["E", "A", "I"]
        assert [text.get_text() for text in ax.texts] == labels
        assert {to_hex(bar.get_facecolor()) for bar in ax.patches} == {TRUTH.lower()}
    assert words == (
        "Probabilities of the 3 likeliest next letters, in panels. hard label: E 1.00, A 0, I 0; "
        "teacher: E .70, A .30, I <.01."
    )


def test_shrinking():
    lengths = {1: 0.9, 2: 0.31, 4: 0.083, 8: 0.021}
    fig, words = pictures.shrinking(lengths)
    (ax,) = fig.axes
    title, x, y = told(ax)
    assert title == "Softer rows pull less, by about 1/T²; the factor T² undoes it"
    assert (x, y) == ("temperature T of teacher and student", "mean length of the gradient")
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    wanted = {MODEL: list(lengths.values()), LOSS: [T**2 * g for T, g in lengths.items()]}
    for words_of, color in (("as it comes", MODEL), ("times T²", LOSS)):
        assert nearest(ax, written(ax, words_of)).get_color() == color
        curve, dots = (one for one in ax.lines if one.get_color() == color)
        for drawn in (curve, dots):
            np.testing.assert_allclose(
                drawn.get_xydata(), [*zip(lengths, wanted[color], strict=True)]
            )
        assert curve.is_dashed() == (color == MODEL)
    for T, length in lengths.items():
        assert written(ax, f"{length:#.2g}").xy == (T, length)
        assert f"{length:#.2g} at T = {T} ({T * T * length:.2f})" in words


# ---------------------------------------------------------------- after pretraining


def test_both_fall():
    steps = np.array([[0.5, 0.2, 0.3], [0.4, 0.1, 0.5], [0.3, 0.05, 0.65]])
    fig, words = pictures.both_fall(steps, ["No", "Never", "Yes"], [0.69, 0.5, 0.4])
    left, right = fig.axes
    assert told(left) == ("Both answers fall, the third rises", "steps", "probability")
    assert told(right) == ("The loss falls", "steps", "loss in nats")
    for k, (name, color) in enumerate(
        (("No, chosen", GOOD), ("Never, rejected", MODEL), ("Yes, in no pair", None))
    ):
        label = written(left, name)
        curve = nearest(left, label)
        np.testing.assert_allclose(curve.get_ydata(), steps[:, k])
        assert label.get_position()[1] == steps[-1, k]
        if color:
            assert curve.get_color() == label.get_color() == ink(color)
    np.testing.assert_allclose(line(right, LOSS).get_ydata(), [0.69, 0.5, 0.4])
    assert len({str(one.get_linestyle()) + str(one._dash_pattern) for one in left.lines}) == 3
    assert "over 2 steps of a preference loss that has No chosen and Never rejected" in words
    assert "No from 0.50 to 0.30, Never from 0.20 to 0.05, Yes from 0.30 to 0.65" in words
    assert words.endswith("the loss: from 0.69 to 0.40 nats.")


def test_three_slopes():
    gradients = {"k1": [0, 0, 1e-17], "KL(a‖b)": [0.176, -0.098, -0.078]}
    fig, words = pictures.three_slopes(gradients, ["KL(a‖b)"])
    (ax,) = fig.axes
    assert told(ax) == ("One value, three gradients", "", "gradient in the three logits")
    heights = [bar.get_height() for bar in ax.patches]
    np.testing.assert_allclose(np.reshape(heights, (2, 3)), list(gradients.values()), atol=1e-12)
    assert [text.get_text() for text in ax.texts] == ["0", "0", "0", "+.18", "−.10", "−.08"]
    assert [text.xy[1] for text in ax.texts] == heights
    hatches = [bar.get_hatch() for bar in ax.patches]
    assert set(hatches[:3]) == {"////"} and set(hatches[3:]) == {None}
    assert [tick.get_text() for tick in ax.get_xticklabels()] == [
        "k1\nas a loss",
        "KL itself:\nKL(a‖b)",
    ]
    assert words.endswith("k1 0, 0, 0; KL(a‖b) +.18, −.10, −.08.")


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


def test_each_curve_has_its_colour():
    fig, _words = pictures.bits_by_memory([4.1, 3.2, 2.4, 1.8, 1.5], [4.0, 3.3, 2.6, 2.2, 2.3])
    (ax,) = fig.axes
    assert written(ax, "a text it has read").get_color() == ink(MODEL)


def test_tiles_are_in_bits():
    fig, _words = pictures.surprises("A B", ["one"], [[12.0, 1.0, 5.0]])
    assert fig.get_suptitle() == "The first letters of words are dear, the ends cheap (bits)"


def test_the_right_mean_is_green():
    sentences, costs = ["AB ", "A B CD "], [[1.0, 2.0, 0.0], [3.0, 0.5, 0.25, 0.75, 1.5, 4.0, 1.0]]
    fig, _words = pictures.padded_batch(sentences, costs)
    (ax,) = fig.axes
    assert fig.get_suptitle() == "One batch, three means: which is the loss?"
    assert "mean of the row" in {text.get_text() for text in ax.texts}
    for name, color in (("all places", LOSS), ("all letters", GOOD), ("the rows’ means", LOSS)):
        assert written(ax, name).get_color() == ink(color)


def test_what_the_passing_blocks_are_called():
    fig, _words = pictures.passing_blocks(
        np.array([1.0, 0.5, 0.0, 2.0, 1.0, 1.5, 3.0, 0.0, 0.5, 1.0, 2.5]), 3
    )
    above, below = fig.axes
    assert fig.get_suptitle() == "A higher maximum shrinks the old sum; nothing is lost"
    assert told(above) == ("largest of the block (dots), largest so far (line)", "", "logit")
    plain_and_hatched = "old sum, rescaled where the line rises (plain), new block (hatched)"
    assert told(below) == (plain_and_hatched, "block", "Σ e^(logit − largest)")
    assert [bar.get_hatch() is None for bar in below.patches] == [True] * 4 + [False] * 4


def test_what_is_in_brackets():
    _fig, words = pictures.shrinking({1: 0.9, 2: 0.31, 4: 0.083, 8: 0.021})
    assert "in brackets times T²: 0.90 at" in words
    assert words.endswith("Times T² the line is nearly flat.")


def test_solid_bars_are_those_of_a_kl():
    _fig, words = pictures.three_slopes(
        {"k1": [0, 0, 1e-17], "KL(a‖b)": [0.176, -0.098, -0.078]}, ["KL(a‖b)"]
    )
    assert "solid bars of a KL itself, hatched ones of an estimate" in words


def test_the_band_is_shannons():
    n = 1000 * 2 ** np.arange(6)
    loss = 1.0 + 30.0 * n**-0.4 + 0.01 * np.cos(np.arange(6))
    fig, words = pictures.floors(n, loss, [1000, 4000])
    (ax,) = fig.axes
    assert told(ax)[0] == "The same points, and very different floors"
    (band,) = ax.patches
    assert (band.get_y(), band.get_y() + band.get_height()) == SHANNON_CONCLUDED
    assert written(ax, "less than nothing").get_position()[1] < 0
    found = scaling.fit(n, loss)
    assert f"off by {found.off:.3f} bits" in words
    assert words.endswith("A band marks Shannon's 0.6 to 1.3 bits.")
