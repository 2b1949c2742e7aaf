"""What the pictures of notebook 03 say of their curves."""

import numpy as np
from drawn import nearest, told, written

from cecourse.lessons.binary_cross_entropy import pictures
from cecourse.palette import LOSS


def test_two_curves():
    fig, words = pictures.two_curves([0.1, 0.9])
    (ax,) = fig.axes
    title, x, y = told(ax)
    assert "next to nothing until it is wrong" in title
    assert ("forecast probability of y = 1" in x, y) == (True, "loss in nats")
    right, wrong = (
        nearest(ax, written(ax, label)) for label in ("y = 1: it happened", "y = 0: it")
    )
    np.testing.assert_allclose(right.get_ydata(), -np.log(right.get_xdata()), rtol=1e-9)
    np.testing.assert_allclose(wrong.get_ydata(), -np.log1p(-wrong.get_xdata()), rtol=1e-9)
    assert (right.get_color(), right.is_dashed(), wrong.is_dashed()) == (LOSS, False, True)
    assert written(ax, "0.9 costs 0.105").xy == (0.9, -np.log(0.9))
    assert "falls from a wall at p = 0 to 0 at p = 1: 0.1 costs 2.303, 0.9 costs 0.105." in words
