"""The nine runs of notebook 11, trained once for all its tests."""

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
