"""What the pictures of notebook 01 say of surprise, entropy and guesses."""

import numpy as np
import pytest
import scipy.stats
from drawn import line, told, written
from matplotlib.colors import to_hex

from cecourse.english import guessing
from cecourse.lessons.entropy import pictures
from cecourse.palette import EXTRA, LOSS, MODEL, TRUTH


def test_surprise_curve():
    fig, words = pictures.surprise_curve([0.5, 0.25, 0.01])
    (ax,) = fig.axes
    assert told(ax) == (
        "Halve the probability, and the surprise grows by one bit",
        "probability p of what happened",
        "surprise −log₂ p in bits",
    )
    p, bits = line(ax, LOSS).get_data()
    np.testing.assert_allclose(bits, -np.log2(p), rtol=1e-9)
    (nats,) = ax.child_axes
    assert nats.get_ylabel() == "surprise −ln p in nats"
    fig.draw_without_rendering()
    assert nats.get_ylim()[1] / ax.get_ylim()[1] == pytest.approx(np.log(2))
    for p, said in ((0.5, "p = 1/2: 1 bit"), (0.25, "p = 1/4: 2 bits"), (0.01, "p = 0.01: 6.64")):
        assert written(ax, said).xy == pytest.approx((p, -np.log2(p)))
        assert said in words
    assert "Surprise in bits against" in words and "to 0 bits at p = 1. Marked" in words
    assert "8 bits are 5.55" in words


def test_coin():
    fig, words = pictures.coin([0.5, 0.99])
    (ax,) = fig.axes
    title, x, y = told(ax)
    assert title == "The more certain the coin, the less a flip tells you"
    assert (x, y) == ("probability p of heads", "entropy in bits")
    p, bits = line(ax, TRUTH).get_data()
    np.testing.assert_allclose(bits, scipy.stats.entropy([p, 1 - p], base=2), atol=1e-12)
    assert np.all(np.diff(bits[p >= 0.5]) < 0)  # the title
    for p, said in ((0.5, "1.00"), (0.99, "0.0808")):
        assert written(ax, f"p = {p:g}\n{said} bit").xy == pytest.approx(
            (p, scipy.stats.entropy([p, 1 - p], base=2))
        )
        assert f"p = {p:g} with {said} bit" in words
    assert "0 at both ends and highest, 1.00 bit, at p = 0.5" in words


def test_tidy_and_shuffled():
    tidy = np.repeat([1, 0], 8).reshape(4, 4)
    shuffled = np.array([[0, 1, 0, 1], [1, 0, 1, 0], [0, 1, 1, 0], [1, 0, 0, 1]])
    fig, words = pictures.tidy_and_shuffled(tidy, shuffled)
    left, right = fig.axes
    for ax, board, name in ((left, tidy, "swept"), (right, shuffled, "shuffled")):
        (image,) = ax.images
        np.testing.assert_array_equal(image.get_array(), board)
        said = f"{name}: 50% dark, 1.000 bit a tile"
        assert ax.get_xlabel() == said and said in words
        dark, light = (sum(image.cmap(image.norm(tile))[:3]) for tile in (1, 0))
        assert dark < light
    assert tidy.mean() == shuffled.mean()
    assert "entropy of the colour counts is the same" in fig.get_suptitle()
    assert "4 × 4 tiles. Left, swept" in words and "fill the upper half. Right, shuffled" in words
    assert "the lower half" in pictures.tidy_and_shuffled(tidy[::-1], shuffled)[1]


def test_code_rectangles():
    p, codes = [0.5, 0.25, 0.25], {"long": ["00", "01", "10"], "short": ["0", "10", "11"]}
    fig, words = pictures.code_rectangles(p, codes, "ABC")
    for ax, (title, code), area in zip(fig.axes, codes.items(), (2, 1.5), strict=True):
        assert told(ax)[:2] == (title, "share of the messages")
        drawn = sum(bar.get_width() * bar.get_height() for bar in ax.patches)
        assert drawn == pytest.approx(area)
        said = written(ax, "area = ")
        assert (said.get_text(), said.get_color()) == (f"area = {area:g} bits", MODEL)
        for centre, name, word in zip((0.25, 0.625, 0.875), "ABC", code, strict=True):
            texts = {t.get_text(): t for t in ax.texts}
            assert texts[name].get_position() == pytest.approx((centre, len(word) + 0.07))
        column = [t for t in ax.texts if t.get_position()[0] == 0.25 and t.get_text() in "01"]
        column.sort(key=lambda text: -text.get_position()[1])
        assert "".join(t.get_text() for t in column) == code[0]  # from the top down
    assert fig.axes[0].get_ylabel() == "code length in bits"
    assert "the area shrinks from 2 to 1.5 bits" in fig.get_suptitle()
    assert "width how often (A 1/2, B 1/4, C 1/4), height how many bits" in words
    assert "“short”: A 1, B 2, C 2 bits high, area 1.5 bits." in words


def test_letter_frequencies():
    fig, words = pictures.letter_frequencies([0.25, 0.125, 0.125, 0.5], "EXQ ")
    (ax,) = fig.axes
    title, _, y = told(ax)
    assert title.endswith("a letter of Alice is worth less than log₂ 4")
    assert y == "share of all symbols"
    assert [bar.get_height() for bar in ax.patches] == [0.5, 0.25, 0.125, 0.125]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["␣", "E", "X", "Q"]
    assert {to_hex(bar.get_facecolor()) for bar in ax.patches} == {to_hex(TRUTH)}
    (equal,) = (one for one in ax.lines if list(one.get_ydata()) == [0.25, 0.25])
    label = written(ax, "4 equal letters: 2.00 bits")
    assert equal.get_color() == label.get_color() == MODEL and equal.is_dashed()
    assert written(ax, "blank: 50%,\n1.0 bits").xy[0] < 1
    assert written(ax, "Q: 12.50%,\n3.0 bits").xy == (3, 0.125)
    assert written(ax, "1.75 bits a letter:\nas uncertain as 3.4 equal letters")
    assert "blank: 50%, 1.0 bits; E 25%, X 12%; down to X, Q, and Q: 12.50%, 3.0 bits" in words
    assert "A dashed line at 1/4 stands for equal letters, 2.00 bits." in words
    assert "In large type: 1.75 bits a letter: as uncertain as 3.4 equal letters." in words


def test_bound_histograms():
    rng = np.random.default_rng(1951)
    q = np.array(guessing.SHANNON_1951) / 102
    games, truth = guessing.simulated_bounds(q, 30, 2000, rng=rng), guessing.bounds(q)
    fig, words = pictures.bound_histograms(games.lower, games.upper, truth)
    assert told(fig.axes[0])[0] == "Thirty letters are few: the upper bound comes out too low"
    assert games.upper.mean() < truth.upper - 0.1 and abs(games.lower.mean() - truth.lower) < 0.05
    assert told(fig.axes[1])[1] == "estimate in bits a letter"
    for ax, name in zip(fig.axes, ("lower", "upper"), strict=True):
        values, true = getattr(games, name), getattr(truth, name)
        assert ax.get_ylabel() == "share of games"
        inside = np.histogram(values, bins=np.arange(0, 3.01, 0.125))[0] / len(values)
        np.testing.assert_allclose([bar.get_height() for bar in ax.patches], inside)
        solid, dashed = ax.lines
        assert solid.get_xdata()[0] == pytest.approx(true) and not solid.is_dashed()
        assert dashed.get_xdata()[0] == pytest.approx(values.mean()) and dashed.is_dashed()
        mean = written(ax, f"mean {values.mean():.2f}")
        assert to_hex(dashed.get_color()) == to_hex(mean.get_color()) == to_hex(MODEL)
        assert abs(written(ax, f"truth {true:.2f}").get_position()[0] - true) < 0.05
        assert abs(mean.get_position()[0] - values.mean()) < 0.05
        short = f"{np.mean(values < true):.0%} of the games"
        assert written(ax, f"{name} bound\n{short}\nfall short")
        assert f"the {name} bound: truth {true:.2f}, mean {values.mean():.2f}, {short}" in words
    first, second = (ax.patches[0].get_edgecolor() for ax in fig.axes)
    assert (to_hex(first), to_hex(second)) == (to_hex(TRUTH), to_hex(EXTRA))
    assert words.index("Above, the lower") < words.index("Below, the upper")
