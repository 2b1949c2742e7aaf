"""The arithmetic coder: files are as long as the cross-entropy says, and come back as they were."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import cehelpers as ce

SHARES = st.sampled_from([0.0, 5e-324, 1e-300, 1e-9, 0.25, 1.0]) | st.floats(0, 1)
DRAWS = st.lists(st.integers(0, 10**6), max_size=60)  # of the symbols that have a chance


@st.composite
def distributions(draw):
    row = np.array(draw(st.lists(SHARES, min_size=1, max_size=6)))
    assume(row.sum() > 1e-3)
    return row / row.sum()


@st.composite
def models(draw):
    """A fixed distribution, or a function whose distributions, of any K, hang on the prefix."""
    rows = draw(st.lists(distributions(), min_size=1, max_size=4))
    if len(rows) == 1:
        return rows[0]
    return lambda past: rows[(7 * sum(past) + len(past)) % len(rows)]


def message(draws, model):
    """Symbols that the model allows, and the share that each has in what it gives."""
    symbols, shares = [], []
    for draw in draws:
        q = model(symbols) if callable(model) else model
        allowed = np.flatnonzero(q)
        k = int(allowed[draw % len(allowed)])
        exact = [Fraction(x) for x in np.asarray(q, float).tolist()]
        symbols.append(k)
        shares.append((sum(exact[:k]) / sum(exact), exact[k] / sum(exact)))
    return symbols, shares


def interval(shares):
    low, width = Fraction(0), Fraction(1)
    for start, share in shares:
        low, width = low + width * start, width * share
    return low, width


def bytes_for(width):
    """⌈H/8⌉ of a message of this chance, exactly: 256 to how many is not below 1/chance."""
    return -(-(math.ceil(1 / width) - 1).bit_length() // 8)


@settings(max_examples=200)
@given(DRAWS, models())
def test_a_message_comes_back_from_a_file_as_long_as_its_cross_entropy(draws, model):
    symbols, shares = message(draws, model)
    data = ce.encode(symbols, model)
    assert ce.decode(data, len(symbols), model) == symbols
    low, width = interval(shares)
    size = bytes_for(width)  # so that there are at most ⌈H⌉ + 7 bits, the last byte's
    assert len(data) == size
    # the file is a point of the interval, whose ends are rounded
    point, slack = Fraction(int.from_bytes(data, "big"), 256 ** len(data)), Fraction(1, 2**900)
    assert low - slack <= point < low + width + slack


@given(DRAWS, models(), st.integers(1, 5))
def test_zeros_at_the_end_say_nothing(draws, model, more):
    symbols, _ = message(draws, model)
    data = ce.encode(symbols, model)
    for same in (data + b"\0" * more, data.rstrip(b"\0"), bytearray(data)):
        assert ce.decode(same, len(symbols), model) == symbols


@given(st.binary(max_size=40), st.integers(0, 50), models())
def test_any_bytes_are_a_message_that_the_model_allows(data, count, model):
    symbols = ce.decode(data, count, model)
    assert ce.decode(data, count // 2, model) == symbols[: count // 2]
    for k, symbol in enumerate(symbols):
        q = model(symbols[:k]) if callable(model) else model
        assert q[symbol] > 0


def test_bits_of_fair_coins_are_the_file():
    data = b"an even coin, heads for 0"
    coins = [byte >> k & 1 for byte in data for k in range(7, -1, -1)]
    assert ce.encode(coins, [0.5, 0.5]) == data
    assert ce.encode(list(data), np.full(256, 1 / 256)) == data


def test_a_long_message_takes_as_many_bytes_as_its_cross_entropy():
    """Longer than one interval's whole number: new places come many times."""
    p = np.array([0.6, 0.3, 0.0, 0.1])
    symbols = np.random.default_rng(5).choice(4, size=20_000, p=p)
    data = ce.encode(symbols, p)
    nats = ce.sparse_categorical_cross_entropy(symbols, np.tile(p, (20_000, 1)), reduction="sum")
    assert len(data) == int(np.ceil(nats / np.log(2) / 8))
    assert ce.decode(data, 20_000, p) == symbols.tolist()


@pytest.mark.parametrize("tiny", [5e-324, 1e-310, 2.0**-1022])
def test_a_tiny_share_is_as_many_bits_as_it_says(tiny):
    q, symbols = [tiny, 1 - 2.0**-53, 2.0**-53], [0, 1, 0, 2, 0, 0, 2, 1]
    whole = sum(map(Fraction, q))
    width = interval([(0, Fraction(q[k]) / whole) for k in symbols])[1]
    data = ce.encode(symbols, q)
    assert len(data) == bytes_for(width)
    assert ce.decode(data, 8, q) == symbols


def test_what_is_certain_takes_no_bytes():
    assert ce.encode([], [0.5, 0.5]) == ce.encode([1] * 999, [0, 1, 0]) == b""
    assert ce.decode(b"", 3, [0, 1, 0]) == [1, 1, 1]
    assert ce.decode(b"\xff\xff", 3, [1.0]) == [0, 0, 0]
    assert ce.decode(b"\xff", 0, [0.5, 0.5]) == []


@pytest.mark.parametrize(
    "q",
    [np.float32([0.1, 0.2, 0.7]), np.float16([0.1, 0.2, 0.7]), [0.1, 0.2, 0.6999995], (1, 0, 0)],
)
def test_a_model_in_any_dtype_counts_as_it_is(q):
    symbols = [0] * 20 + ([1, 2] * 10 if q[1] else [])
    for numbers in (symbols, np.uint8(symbols), tuple(map(np.int64, symbols))):
        data = ce.encode(numbers, q)
        whole = sum(Fraction(float(x)) for x in q)
        width = interval([(0, Fraction(float(q[k])) / whole) for k in symbols])[1]
        assert len(data) == bytes_for(width)
        back = ce.decode(data, len(symbols), q)
        assert back == symbols
        assert {type(k) for k in back} == {int}


def test_a_function_is_asked_once_for_each_symbol_with_those_before_it():
    symbols, asked = [2, 0, 1, 1], []

    def model(past):
        asked.append(list(past))
        return [0.2, 0.3, 0.5] if len(past) % 2 else [0.1, 0.1, 0.1, 0.7]  # K may change

    data = ce.encode(symbols, model)
    assert asked == [[], [2], [2, 0], [2, 0, 1]]
    asked.clear()
    assert ce.decode(data, 4, model) == symbols
    assert asked == [[], [2], [2, 0], [2, 0, 1]]
    assert ce.encode([], model) == b""
    assert len(asked) == 4


@pytest.mark.parametrize(
    ("symbols", "model", "error", "text"),
    [
        ([0, 0, 1], [1.0, 0.0], ValueError, "chance; got 0 for 1 at index 2"),
        ([0, 0], lambda past: [1.0 - len(past), len(past)], ValueError, "got 0 for 0 at index 1"),
        (
            [0, 1],
            lambda past: [[1.0], [0.5, 0.5]][len(past) - 1],
            ValueError,
            r"symbols\[1\] must be at most 0; got 1",
        ),
        (
            [0, 0],
            lambda past: [[0.5], [1.0]][len(past) - 1],
            ValueError,
            r"model\(symbols\[:1\]\) must sum to 1 .*got the sum 0\.5",
        ),
        ([0, 0], lambda past: None, TypeError, r"model\(symbols\[:0\]\) must hold real numbers"),
        (
            [0, 0],
            lambda past: [[1.0]],
            ValueError,
            r"must be one distribution, shape \(K,\); got \(1, 1\)",
        ),
    ],
)
def test_what_a_model_may_not_say(symbols, model, error, text):
    with pytest.raises(error, match=text):
        ce.encode(symbols, model)


def test_an_interval_has_its_lower_end_and_not_its_upper_one():
    q = [1 / 3] * 3  # the float is less than a third, so that the ends are rounded
    start = int(2**4096 * Fraction(q[0]) / sum(map(Fraction, q)))
    at, before = (point.to_bytes(512, "big") for point in (start, start - 1))
    assert ce.decode(at, 1, q) == [1]
    assert ce.decode(before, 1, q) == [0]


@pytest.mark.parametrize("unordered", [{0, 1}, {0: 1}, 5, iter([0, 1])])
def test_what_has_no_order_is_no_message(unordered):
    with pytest.raises(TypeError, match="symbols must be a sequence of integers; got"):
        ce.encode(unordered, [0.5, 0.5])
