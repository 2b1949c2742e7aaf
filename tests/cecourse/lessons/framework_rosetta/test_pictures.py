"""What the pictures of notebook 12 say of libraries, marks and digits."""

import math

import numpy as np
from drawn import told, written
from matplotlib.colors import to_hex

from cecourse.lessons.framework_rosetta.pictures import digits_lost, six_marks
from cecourse.palette import LOSS, MODEL, TRUTH, tint


def test_six_marks():
    marks = {"Exact": math.inf, "Hundred": 100.0, "Clip": -math.log(1e-7), "Other": 100.0}
    fig, words = six_marks(marks)
    (ax,) = fig.axes
    assert written(fig, "“Impossible”, it said, and it happened: three different marks")
    assert told(ax)[1] == "loss of the row in nats"
    names = dict(zip([t.get_text() for t in ax.get_yticklabels()], ax.get_yticks(), strict=True))
    assert list(names) == ["Clip", "Hundred", "Other", "Exact"]
    for name, mark in marks.items():
        bar, end = (one for one in ax.lines if set(one.get_ydata()) == {names[name]})
        shown = "∞" if mark == math.inf else f"{mark:.2f}"
        assert shown in [t.get_text() for t in ax.texts if t.get_position()[1] == names[name]]
        assert bar.get_color() == end.get_color() == (TRUTH if shown == "∞" else MODEL)
        if shown == "∞":  # an arrow at the edge, beyond every finite mark, not a dot
            assert end.get_marker() == ">" and end.get_xdata()[0] > 1.2 * 100
            assert max(ax.get_xticks()) <= 100
        else:
            assert list(bar.get_xdata()) == [0, mark] and end.get_xdata()[0] == mark
    assert "y = 1 and forecast 0, in nats. Clip: 16.12; Hundred: 100.00; Other: 100.00" in words
    assert "Exact reach the right edge, infinity" in words


def test_digits_lost():
    digits = {"a, logits": [16.0, 15.8, 6.7], "b, p": [0.6, 9.0, 0.0], "c, p": [3.0, 0.7, 0.2]}
    digits = {name: np.array(row) for name, row in digits.items()}
    logits = [-59.0, -1.0, 9.0]
    fig, words = digits_lost(digits, logits, 1)
    (ax,) = fig.axes
    assert written(fig, "Digits that are right: a logit keeps them, a probability does not")
    assert [t.get_text() for t in ax.get_yticklabels()] == list(digits)
    assert [t.get_text() for t in ax.get_xticklabels()] == ["−59", "−1", "9"]
    wrong, row, right = ax.get_xlabel().split("      ")
    assert (wrong, row) == ("← the row is wrong", "logit of a row with y = 1")
    assert right == "the row is right →"
    found = {t.get_position(): t.get_text() for t in ax.texts}
    assert found[0, 0] == "16" and found[2, 0] == "7" and found[0, 1] == "0" and found[1, 2] == "1"
    hatched = {(p.get_x() + 0.5, p.get_y() + 0.5) for p in ax.patches if p.get_hatch()}
    assert hatched == {place for place, text in found.items() if text == "0"}
    assert {to_hex(p.get_facecolor()).upper() for p in ax.patches} == {tint(MODEL)}
    turn, below = ax.lines
    assert turn.get_xdata()[0] == 1.5 and below.get_ydata()[0] == 0.5  # −1 | 9, and logits | p
    assert below.get_color() == LOSS
    image = ax.images[0]
    assert sum(image.cmap(image.norm(16))[:3]) < 0.6 < 2.9 < sum(image.cmap(image.norm(0))[:3])
    few, *many = (image.cmap(share) for share in (0.08, 0.3, 0.5, 1.0))
    assert few[0] > few[2] and all(blue > red for red, _, blue, _ in many)
    assert "for logits from −59 to 9. The 1 roads from logits are dark: 7 to 16 digits" in words
    assert "b, p has none at −59 and 9; c, p has none at 9." in words
