"""Each option of notebook 03's question about 0.10 has the feedback that belongs to it."""

import re

import pytest

from cecourse.lessons.binary_cross_entropy.exercises import (
    bce,
    is_it_good,
    medical_test,
    seven_of_ten,
    short_batch,
)


@pytest.mark.parametrize(
    ("letter", "says", "told"),
    [
        ("A", "far below ln 2", "ln 2 is the mark to beat where half"),
        ("C", "without its accuracy", "Accuracy would hardly help"),
        ("D", "close to the best possible", "Zero is reached only if"),
    ],
)
def test_options_and_their_feedback(letter, says, told):
    assert says in is_it_good.choices[letter]
    assert told in is_it_good.evaluate(letter).text


def test_the_customers_who_left_are_the_base_rate():
    customers, left = re.search(r"Of ([\d,]+) customers, (\d+) left", is_it_good.question).groups()
    assert int(left) / int(customers.replace(",", "")) == 0.01
    assert f"{left} rows cost −ln 0.01 each, and 990 cost −ln 0.99" in is_it_good.hints[1]


def test_the_two_batches_of_the_question():
    said = "One batch holds a single row with loss 2. The other holds 3 rows with loss 0.5 each."
    assert said in " ".join(short_batch.question.split())


def test_hints_name_the_weights_of_the_two_halves():
    """What each half of the formula is weighted with, and which of them drops out."""
    y = 1
    assert 1 - y == 0
    assert f"so y = {y}, and the second half of the formula drops out" in medical_test.hints[1]
    assert "y for ln p and 1 − y for ln(1 − p)" in bce.hints[0]
    assert "labels may be soft: for y = 0.7 both halves count" in bce.hints[2].lower()
    y = 0.7
    assert f"weight {y}, the other the weight {1 - y:.1f}" in seven_of_ten.hints[0]
    assert (
        "The weights are the label, and the logarithms are taken of the forecast"
        in (seven_of_ten.hints[1])
    )
    assert "−[0.7 · ln 0.9 + (1 − 0.7) · ln(…)]" in seven_of_ten.hints[2]
