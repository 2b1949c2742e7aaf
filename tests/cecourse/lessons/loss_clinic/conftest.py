"""The nine runs of notebook 11, trained once for all its tests, and the levels they tell by."""

import math

import pytest
from sklearn.datasets import load_digits

from cecourse.lessons.loss_clinic import cases


@pytest.fixture(scope="session")
def data():
    digits = load_digits()
    return cases.split(digits.data, digits.target)


@pytest.fixture(scope="session")
def runs(data):
    return cases.train_all(data)


@pytest.fixture(scope="session")
def levels():
    """Of a case: the words of its line, and their value in closed form."""
    cap = -math.log(1e-7)
    return {
        1: ("0.9 · 16.118 = 14.506", 0.9 * cap),
        2: ("ln 10 = 2.303", math.log(10)),
        4: ("ln(e + 9) − 1 = 1.461", math.log(math.e + 9) - 1),
        6: ("cannot pass −1", -1),
        7: ("20% wrong: floor 0.940", -0.8 * math.log(0.8) - 0.2 * math.log(0.2 / 9)),
        8: ("256 ln 10 = 589", 256 * math.log(10)),
        9: ("−ln 1e-7 = 16.118", cap),
    }
