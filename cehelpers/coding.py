"""Layer 1: an arithmetic coder, which turns a cross-entropy into the size of a file.

A message is an interval of [0, 1): each symbol keeps its share of what the symbols before it left,
and the file is a binary fraction that lies in it, of as many bytes as that takes wherever it lies.
In whole numbers of any size, so that nothing is rounded but the ends of an interval, by less than
one part in 2^1000.
"""

import reprlib
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate

from numpy.typing import ArrayLike

from cehelpers._checks import check_distributions, check_integer

UNIT = 1 << 1074  # every float is a whole number of 2^−1074
NARROW = 2200  # bits of a width in which even the smallest share of a `UNIT` is more than nothing
BYTES = 512  # that an interval gets more when it has become narrow

Model = ArrayLike | Callable[[Sequence[int]], ArrayLike]


def encode(symbols: Sequence[int], model: Model) -> bytes:
    """The file of a message: ⌈H/8⌉ bytes for its cross-entropy of H bits.

    Parameters
    ----------
    symbols : sequence of int
        The message, classes 0..K−1.
    model : array_like, shape (K,), or a function
        Probabilities that sum to 1; or a function that has them for each prefix, the list of the
        symbols so far, which it may read only. It is called once for each symbol.

    Returns
    -------
    bytes
        H = Σ −log₂ q of the symbols, for the q of the model divided by their sum. The length of
        the message is not in the file. Time grows with the square of the length: some seconds for
        10⁵ symbols.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described; if a symbol comes to which the model gives 0.

    Examples
    --------
    >>> len(encode([0, 1, 2, 3] * 8, [0.25] * 4))  # 32 times 2 bits
    8
    >>> len(encode([0, 0, 0, 0, 0, 0, 0, 1] * 8, [0.875, 0.125]))  # 8 · (3 + 7·0.1926) = 34.8 bits
    5

    References
    ----------
    Witten, Neal & Cleary (1987), "Arithmetic coding for data compression",
    doi:10.1145/214762.214771.
    """
    try:
        numbered = enumerate(symbols)
        symbols[:0]  # a set has no order
    except (TypeError, KeyError):
        shown = reprlib.repr(symbols)
        raise TypeError(f"symbols must be a sequence of integers; got {shown}") from None
    low, width, places, past = 0, 1, 0, []  # the interval is [low, low + width)/2^places
    edges_of = _edges(model)
    for index, symbol in numbered:
        if width.bit_length() < NARROW:
            low, width, places = low << 8 * BYTES, width << 8 * BYTES, places + 8 * BYTES
        edges = edges_of(past)
        k = check_integer(f"symbols[{index}]", symbol, 0, len(edges) - 2)
        if edges[k] == edges[k + 1]:
            raise ValueError(
                f"model must give each symbol a chance; got 0 for {k} at index {index}"
            )
        start, end = (width * edge // edges[-1] for edge in edges[k : k + 2])
        low, width = low + start, end - start
        past.append(k)
    size = (places - width.bit_length() + 8) // 8  # ⌈H/8⌉, for H = places − log₂ width
    step = 1 << places - 8 * size  # not wider than the interval, so that a multiple lies in it
    return (-(-low // step)).to_bytes(size, "big")


def decode(data: bytes, count: int, model: Model) -> list[int]:
    """The first `count` symbols of a message that `encode` has made with the same model.

    Parameters
    ----------
    data : bytes
        The file.
    count : int
        How many symbols there are, ≥ 0: the file does not say.
    model : array_like, shape (K,), or a function
        As for `encode`.

    Returns
    -------
    list of int
        Classes 0..K−1. Another file, or another model, gives another message and no error; bytes
        that are missing at the end count as 0.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described.

    Examples
    --------
    >>> decode(encode([0, 0, 1, 0], [0.75, 0.25]), 4, [0.75, 0.25])
    [0, 0, 1, 0]
    >>> decode(b"", 5, [0.9, 0.1])  # nothing but the likeliest, which comes first
    [0, 0, 0, 0, 0]
    """
    if not isinstance(data, bytes | bytearray):
        raise TypeError(f"data must be bytes; got {reprlib.repr(data)}")
    point, width, past, read = 0, 1, [], 0  # the file lies `point` above the interval's lower end
    edges_of, count = _edges(model), check_integer("count", count, 0)
    while len(past) < count:
        if width.bit_length() < NARROW:
            more = data[read : read + BYTES].ljust(BYTES, b"\0")
            point, width = point << 8 * BYTES | int.from_bytes(more, "big"), width << 8 * BYTES
            read += BYTES
        edges = edges_of(past)
        # the last k whose start, width·edge // whole, is not above the point
        k = bisect_right(edges, ((point + 1) * edges[-1] - 1) // width) - 1
        start, end = (width * edge // edges[-1] for edge in edges[k : k + 2])
        point, width = point - start, end - start
        past.append(k)
    return past


def _edges(model: Model) -> Callable[[list[int]], list[int]]:
    """Where the shares of the symbols begin, after each prefix: 0, q₀, q₀ + q₁, … in `UNIT`s."""

    def of(name: str, q: ArrayLike) -> list[int]:
        q = check_distributions(name, q)
        if q.ndim != 1:
            raise ValueError(f"{name} must be one distribution, shape (K,); got {q.shape}")
        parts = (x.as_integer_ratio() for x in q.astype(float).tolist())
        return [*accumulate((above * (UNIT // below) for above, below in parts), initial=0)]

    if callable(model):
        return lambda past: of(f"model(symbols[:{len(past)}])", model(past))
    edges = of("model", model)
    return lambda past: edges
