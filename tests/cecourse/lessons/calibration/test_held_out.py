"""Rain services of notebook 08 whose true chances are known, and what repairs leave to pay."""

import numpy as np
import pytest
from scipy.special import expit

from cecourse.lessons.calibration.held_out import UNSEEN, blind, excess, leaning


def test_a_line_is_right_for_one_service_and_for_the_other_none():
    chance, z = leaning(2000, np.random.default_rng(3))
    np.testing.assert_allclose(chance, expit(z / 2.5 + 0.6))
    chance, z = blind(2000, np.random.default_rng(3))
    np.testing.assert_allclose(1 - chance, (1 - UNSEEN) * expit(-z), rtol=1e-9)
    assert chance.min() > UNSEEN


@pytest.mark.parametrize("service", [leaning, blind])
def test_more_rows_leave_less_and_only_luck_is_repaired(service):
    left = excess(service, (60, 2000), 12)
    assert list(left) == ["temperature", "Platt", "isotonic"]
    for costs in left.values():
        assert costs.shape == (2,) and costs[0] > costs[1] > 0
    fault = {"leaning": {"temperature": 0.012, "Platt": 0, "isotonic": 0.001}}
    fault["blind"] = {"temperature": 0.012, "Platt": 0.004, "isotonic": 0.001}
    for name, rest in fault[service.__name__].items():  # a bend of no line, and the luck of 2,000
        assert left[name][1] == pytest.approx(rest, abs=0.0012)
