"""What the pictures of notebook 02 show of the bill, against sums written out and SciPy."""

import math
from fractions import Fraction

import numpy as np
import pytest
from drawn import line, nearest, told, written
from matplotlib.colors import to_hex
from scipy.special import rel_entr
from scipy.stats import norm

from cecourse.lessons.cross_entropy import pictures
from cecourse.palette import EXTRA, GOOD, LOSS, MODEL, TRUTH, ink

P, Q = [0.7, 0.2, 0.1], [0.5, 0.3, 0.2]


def edge(box):
    return to_hex(box.get_edgecolor()).upper()


def inside(text, box):
    x, y = text.get_position()
    low, high = box.get_bbox().min, box.get_bbox().max
    return low[0] < x < high[0] and low[1] < y < high[1]


def test_wrong_code():
    p, q = [1 / 2, 1 / 4, 1 / 8, 1 / 8], [1 / 8, 1 / 2, 1 / 4, 1 / 8]
    fig, words = pictures.wrong_code(p, q, "abcd")
    assert "stretches the frequent letter" in fig.get_suptitle()
    own, other = fig.axes
    assert told(own) == ("P's own code", "how often the letter comes", "bits in its code word")
    assert told(other)[0] == "Q's code, for the same letters"
    for ax, code, area in ((own, p, 1.75), (other, q, 2.375)):
        paid = [box for box in ax.patches if box.get_fill()]
        assert sum(box.get_width() * box.get_height() for box in paid) == area
        assert written(ax, f"area = mean = {area:g} bits a letter")
        assert ax.lines[0].get_ydata()[0] == area == -np.dot(p, np.log2(code))
        names = {text.get_text(): text.get_position()[0] for text in ax.texts}
        assert [names[name] for name in "abcd"] == list(np.cumsum(p) - np.divide(p, 2))
    (extra,) = (box for box in other.patches if edge(box) == EXTRA)
    assert inside(written(other, "overpaid"), extra)
    assert any(inside(written(other, "saved"), box) for box in other.patches if edge(box) == GOOD)
    assert "heights are 1, 2, 3, 3 and the area is 1.75 bits" in words
    assert "a grows from 1 to 3, b shrinks from 2 to 1, c shrinks from 3 to 2:" in words
    assert words.endswith("the area is 2.375 bits.")


def test_stacked_bars():
    fig, words = pictures.stacked_bars(P, {"one": Q, "two": P, "three": [0.1, 0.2, 0.7]})
    (ax,) = fig.axes
    assert told(ax)[:2] == ("Blue is the world's to set; only pink is the model's", "nats a day")
    floor = -np.dot(P, np.log(P))
    for row, (name, q) in enumerate({"one": Q, "two": P, "three": [0.1, 0.2, 0.7]}.items()):
        blue, pink = (box for box in ax.patches if abs(box.get_y() + 0.28 - row) < 1e-9)
        kl = rel_entr(P, q).sum()
        assert (edge(blue), edge(pink)) == (TRUTH, EXTRA)
        assert (blue.get_x(), blue.get_width()) == (0, pytest.approx(floor))
        assert (pink.get_x(), pink.get_width()) == pytest.approx((floor, kl))
        assert ax.get_yticklabels()[row].get_text() == name
        at_row = [text.get_text() for text in ax.texts if text.get_position()[1] == row]
        assert at_row[0] == f"H(P) {floor:.3f}"
        assert f"KL {kl:.3f}" in "".join(at_row[1:]) and f"= {floor + kl:.3f}" in at_row[-1]
        assert f"{kl:.3f} for {name}" in words
    assert f"in nats, one a model. Each begins with the same blue H(P) of {floor:.3f}" in words


def test_letter_prices(monkeypatch):
    monkeypatch.setattr(pictures, "DEAR", 2)
    p, q = [0.3, 0.2, 0.2, 0.2, 0.1], [0.1, 0.1, 0.15, 0.15, 0.5]
    fig, words = pictures.letter_prices("abcde", p, q)
    (ax,) = fig.axes
    assert told(ax)[::2] == (
        "Some letters get cheaper; the sum never does",
        "p log₂(p/q), hundredths of a bit",
    )
    terms = 100 * rel_entr(p, q) / math.log(2)
    wanted = {"a": terms[0], "b": terms[1], "…": terms[2] + terms[3], "e": terms[4]}
    names = [label.get_text() for label in ax.get_xticklabels()]
    heights = [bar.get_height() for bar in ax.patches]
    assert dict(zip(names, heights, strict=True)) == pytest.approx(wanted)
    assert [edge(bar) for bar in ax.patches] == [EXTRA, EXTRA, EXTRA, GOOD]
    assert written(ax, "others that\ncost more").get_position()[0] == names.index("…")
    plus, minus = terms[:4].sum(), terms[4]
    assert written(ax, f"a, b, … … cost more: +{plus:.1f}").get_color() == ink(EXTRA)
    assert written(ax, f"cost less: −{-minus:.1f}").get_color() == ink(GOOD)
    assert written(ax, f"the price, together: {terms.sum():.1f}")
    assert f"Most is added by a {terms[0]:.1f}, b {terms[1]:.1f}, " in words
    assert f"most is saved by e {-minus:.1f}." in words
    assert f"cost more add {plus:.1f}, those that cost less save {-minus:.1f}: " in words


def a_coder_of_fractions(message, q):
    """What is left of [0, 1), in exact fractions: where it begins, how wide it is."""
    low, width = Fraction(0), Fraction(1)
    for k in message:
        low, width = low + width * sum(map(Fraction, q[:k])), width * Fraction(q[k])
    return low, width


def test_intervals():
    own, wrong = np.array([0.5, 0.25, 0.125, 0.125]), np.array([0.125, 0.5, 0.375, 2**-12])
    own[2:], wrong[2] = (0.2, 0.05), 1 - wrong[0] - wrong[1] - wrong[3]
    fig, words = pictures.intervals("acd", "abcd", {"one book": own, "another": wrong})
    assert fig.get_suptitle() == "The wider the interval, the shorter its file"
    for ax, name, q, color in zip(
        fig.axes, ("one book", "another"), (own, wrong), (TRUTH, MODEL), strict=True
    ):
        bits = -np.log2(q[[0, 2, 3]])
        shares = [box for box in ax.patches if box.get_visible()]
        assert [edge(box) for box in shares] == [color] * 3
        assert [box.get_width() for box in shares] == pytest.approx(q[[0, 2, 3]])
        assert [box.get_x() for box in shares] == pytest.approx([0, q[:2].sum(), q[:3].sum()])
        assert (np.diff([box.get_y() for box in shares]) < 0).all()
        fans = [path.vertices for path in ax.collections[0].get_paths()]
        for fan, box in zip(fans, shares, strict=True):  # from under the share to the whole width
            assert fan[0] == pytest.approx([box.get_x(), box.get_y()])
            assert fan[3] == pytest.approx([box.get_x() + box.get_width(), box.get_y()])
            assert (fan[1][0], fan[2][0]) == (0, 1)
        for letter, said, box in zip("acd", bits, shares, strict=True):
            middle = box.get_y() + box.get_height() / 2
            at_row = {t.get_text() for t in ax.texts if abs(t.get_position()[1] - middle) < 1e-9}
            assert at_row - {""} in ({letter, f"{said:.2f} bits"}, {letter, f"+{said:.2f}"})
        (digits,) = (t.get_text() for t in ax.texts if "the file" in t.get_text())
        written_bits = digits.split("\n")[0].replace(" ", "")
        low, width = a_coder_of_fractions([0, 2, 3], q)
        point = Fraction(int(written_bits, 2), 2 ** len(written_bits))
        assert low <= point < low + width
        size = len(written_bits) // 8
        assert size in (math.ceil(bits.sum() / 8), math.ceil(bits.sum() / 8) - 1)
        many = "1 byte" if size == 1 else f"{size} bytes"
        assert told(ax)[0] == f"{name}: {bits.sum():.2f} bits, {many}"
        assert f"the file: {many}" in digits
        assert f"With {name} the letters cost a {bits[0]:.2f}, c {bits[1]:.2f}" in words
        assert f"together {bits.sum():.2f} bits, and the file has {many}: " in words
        assert digits.split("\n")[0] + "." in words
    assert "The word acd is sent with two books" in words


def test_move_one():
    fig, words = pictures.move_one()
    assert "loss can fall while the truth walks away" in fig.get_suptitle()
    left, right = fig.axes
    assert told(left)[1:] == ("Q(heads), while P(heads) = 0.8", "nats")
    assert told(right)[1] == "P(heads), while Q(heads) = 0.8"
    for ax, swap in ((left, False), (right, True)):
        bill, price = line(ax, LOSS), line(ax, EXTRA)
        assert nearest(ax, written(ax, "cross-entropy")) is bill
        assert nearest(ax, written(ax, "KL")) is price
        t = bill.get_xdata()
        p, q = ((t, 0.8), (0.8, t))[not swap]
        kl = rel_entr(p, q) + rel_entr(1 - p, 1 - np.asarray(q))
        own = -(p * np.log(p) + rel_entr(1 - p, 1))
        np.testing.assert_allclose(price.get_ydata(), kl, atol=1e-12)
        np.testing.assert_allclose(bill.get_ydata(), kl + own, atol=1e-12)
    fall = line(right, LOSS).get_ydata()
    assert (np.diff(fall) < 0).all()
    assert written(left, "H(P) = 0.500\neverywhere").get_color() == TRUTH
    assert written(right, "both 0.223").xy[0] == 1
    assert written(right, "P = Q").xy == (0.8, 0)
    assert f"falls from {fall[0]:.3f} through 0.500 at P = Q to {-math.log(0.8):.3f} at" in words
    assert "while KL touches 0 at P = Q and rises to 0.223." in words


def test_densities():
    fig, words = pictures.densities()
    assert "costs half a nat, in either direction" in fig.get_suptitle()
    left, right = fig.axes
    assert (told(left)[1:], told(right)[1:]) == (
        ("x", "density"),
        ("distance between the means", "nats"),
    )
    for label, color, mean in (("truth P", TRUTH, 0), ("model Q", MODEL, 1)):
        bell = nearest(left, written(left, label))
        assert (bell.get_color(), bell.is_dashed()) == (color, color == MODEL)
        np.testing.assert_allclose(bell.get_ydata(), norm.pdf(bell.get_xdata(), mean), atol=1e-12)
    bill, price = line(right, LOSS), line(right, EXTRA)
    (name,) = (text for text in right.texts if text.get_text() == "KL")
    assert nearest(right, name) is price
    assert nearest(right, written(right, "cross-entropy")) is bill
    d = price.get_xdata()
    np.testing.assert_allclose(price.get_ydata(), d**2 / 2)
    np.testing.assert_allclose(bill.get_ydata(), d**2 / 2 + norm.entropy())
    assert written(right, f"H(P) = {norm.entropy():.3f}").get_color() == TRUTH
    assert written(right, "1.919").xy == (1, norm.entropy() + 0.5)
    assert written(right, "0.500").xy == (1, 0.5)
    assert "the truth around 0 and the model around 1" in words
    assert "KL is a parabola through 0, 0.500 at distance 1 and 4.5 at distance 3" in words
    assert "the same parabola 1.419 higher, 1.919 at distance 1." in words


def test_two_fits():
    x = np.linspace(-12, 12, 961)
    target = 0.6 * norm.pdf(x, -2, 0.6) + 0.4 * norm.pdf(x, 2, 0.6)
    fig, words = pictures.two_fits(x, target, (-0.4, 2.05), (-2.0, 0.6))
    (ax,) = fig.axes
    assert told(ax)[1:] == ("x", "density")
    truth, wide, narrow = line(ax, TRUTH), line(ax, MODEL), line(ax, GOOD)
    np.testing.assert_allclose(truth.get_ydata(), target)
    assert (written(ax, "truth P").get_color(), truth.is_dashed()) == (TRUTH, False)
    for curve, (mean, width), says, color in (
        (wide, (-0.4, 2.05), "forward KL(P‖Q):\ncovers both", MODEL),
        (narrow, (-2.0, 0.6), "reverse KL(Q‖P):\nseeks one mode", GOOD),
    ):
        np.testing.assert_allclose(curve.get_ydata(), norm.pdf(x, mean, width), atol=1e-12)
        at, y = written(ax, says).xy
        assert y == pytest.approx(norm.pdf(at, mean, width), abs=0.01)
        assert written(ax, says).get_color() == ink(color)
    assert "bumps, of height 0.40 at −2 and 0.27 at 2." in words
    assert "by forward KL is wide and flat, mean −0.4 and width 2.05, with its top in" in words
    assert "by reverse KL is narrow, mean −2 and width 0.6, and sits on the left bump" in words
