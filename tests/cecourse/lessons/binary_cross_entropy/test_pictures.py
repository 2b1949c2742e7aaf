"""What the pictures of notebook 03 say of their curves."""

import numpy as np

from cecourse.lessons.binary_cross_entropy import pictures


def test_each_curve_is_labelled_by_its_own_label():
    """At the label's side of the picture, its curve is the one with the wall."""
    ax = pictures.two_curves([0.5]).axes[0]
    labels = {text.get_text(): text.get_position() for text in ax.texts if "y =" in text.get_text()}
    assert set(labels) == {"y = 1: it happened", "y = 0: it did not"}
    at, height = labels["y = 1: it happened"]
    assert abs(-np.log(at) - height) < 1 < abs(-np.log1p(-at) - height)
    at, height = labels["y = 0: it did not"]
    assert abs(-np.log1p(-at) - height) < 1 < abs(-np.log(at) - height)
