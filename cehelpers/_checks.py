"""Layer 0: argument checks. Each names the argument, shows the offending value, returns an array.

What comes back is in float32 or float64, whatever real numbers came in, or the integers and
booleans that came in; a number that fits in neither is judged as what it becomes, ±inf.
"""

import math
import operator
import reprlib
from collections.abc import Callable
from functools import partial
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cehelpers._evaluate import BLOCK, extremes, flat_blocks, row_blocks, weight_sum

SUM_TOLERANCE, FLOAT16 = 1e-6, float(np.finfo(np.float16).eps)
MOST_CLASSES, MOST_BINS = 10_000_000, 1_000_000  # of each an array is made
LARGEST = np.finfo(float).max

Check = Callable[[str, ArrayLike], NDArray[Any]]

# ---------------------------------------------------------------- arrays


def check_numbers(name: str, value: ArrayLike) -> NDArray[Any]:
    """Array of real numbers (bool, int or float), not empty; `value` itself where it is one."""
    if type(value) is np.ndarray and value.dtype.kind in "biuf" and value.size:
        return value
    try:
        x = np.asarray(value)
    except ValueError:
        shown = reprlib.repr(value)
        raise ValueError(f"{name} must be a rectangular array; got {shown}") from None
    except (TypeError, RuntimeError) as error:  # such as a tensor that requires its gradient
        how = f"; try {name}.detach().float().numpy()" if hasattr(value, "detach") else ""
        shown = f"{type(value).__name__}: {error}"
        raise TypeError(f"{name} must become a NumPy array; got {shown}{how}") from None
    if x.dtype.kind not in "biuf":
        raise TypeError(f"{name} must hold real numbers; got {_no_number(value, x)}")
    if x.size == 0:
        raise ValueError(f"{name} must not be empty; got shape {x.shape}")
    if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
        shown = _first(x, ~np.ma.getmaskarray(value))
        raise ValueError(f"{name} must have no masked values; got a masked {shown}")
    return x


def check_range(name: str, value: ArrayLike, low: float, high: float, text: str) -> NDArray[Any]:
    """Array whose every value lies in [low, high]: NaN never does."""
    x = check_numbers(name, value)
    x = x if x.dtype.char not in "eg" else _in_float(x)
    smallest, largest = extremes(x)
    if not (low <= smallest and largest <= high):
        raise ValueError(f"{name} must {text}; got {_first(x, (x >= low) & (x <= high))}")
    return x


check_probabilities = partial(check_range, low=0, high=1, text="lie in [0, 1]")
# ±inf is certainty
check_logits = partial(check_range, low=-math.inf, high=math.inf, text="not be NaN")


def check_scores(name: str, value: ArrayLike) -> NDArray[Any]:
    """Any number and ±inf, but not NaN, in the dtype that came in: only the order counts."""
    x = check_numbers(name, value)
    if x.dtype.kind == "f" and not extremes(x)[0] >= -math.inf:
        raise ValueError(f"{name} must not be NaN; got {_first(x, x >= -math.inf)}")
    return x


def check_binary(name: str, value: ArrayLike) -> NDArray[Any]:
    """Labels that are 0 or 1, of any real dtype."""
    y = check_numbers(name, value)
    if y.dtype == bool:
        return y
    parts = [(y,)] if y.size <= BLOCK else flat_blocks(y)
    if not all(((part == 0) | (part == 1)).all() for (part,) in parts):
        raise ValueError(f"{name} must be 0 or 1; got {_first(y, (y == 0) | (y == 1))}")
    return y if y.dtype.itemsize <= 8 else y.astype(float)


def check_labels(name: str, value: ArrayLike, num_classes: int) -> NDArray[Any]:
    """Integers from 0 to num_classes − 1. Floats are refused even where they are whole."""
    labels = check_numbers(name, value)
    if labels.dtype.kind == "f":
        shown = f"{_first(labels, labels == np.floor(labels))} (dtype {labels.dtype})"
        raise TypeError(f"{name} must be integers; got {shown}")
    smallest, largest = extremes(labels)
    if not (smallest >= 0 and largest < num_classes):
        shown = _first(labels, (labels >= 0) & (labels < num_classes))
        raise ValueError(f"{name} must lie in 0..{num_classes - 1}; got {shown}")
    return labels


def check_weights(name: str, value: ArrayLike) -> NDArray[Any]:
    """Finite, not negative, not all zero."""
    w = check_range(name, value, 0, LARGEST, "be finite and not negative")
    if not 0 < (total := weight_sum(w)) <= LARGEST:
        raise ValueError(f"{name} must have a positive, finite sum; got {total}")
    return w


def check_sample_weight(value: ArrayLike | None, *arrays: NDArray[Any]) -> NDArray[Any] | None:
    """Weights of the shape of the loss of these arrays, or one for all, or None."""
    if value is None:
        return None
    weight, shape = check_weights("sample_weight", value), max((x.shape for x in arrays), key=len)
    if weight.ndim and weight.shape != shape:
        shown = f"got {weight.shape} for {shape}"
        raise ValueError(f"sample_weight must have the shape of the loss; {shown}")
    return weight


def rows_that_count(weight: NDArray[Any] | None, *arrays: NDArray[Any]) -> list[Any]:
    """Flat arrays of equal length without the rows of weight 0, and the weights in float64."""
    flat = [x.ravel() for x in np.broadcast_arrays(*arrays)]
    if weight is None:
        return [*flat, None]
    weight = np.broadcast_to(weight.ravel(), flat[0].shape).astype(float)
    counts = weight > 0
    return [x if counts.all() else x[counts] for x in (*flat, weight)]


def unit_of(weight: NDArray[Any]) -> float:
    """The power of 2 below the largest weight: in its units no sum overflows, and none rounds."""
    return math.ldexp(1.0, math.frexp(weight.max())[1] - 1)


# ---------------------------------------------------------------- rows


def check_axis(name: str, value: NDArray[Any], axis: int = -1) -> NDArray[Any]:
    """The view of an array that has `axis` last."""
    try:
        axis = operator.index(axis)
    except TypeError:
        raise TypeError(f"axis must be an integer; got {axis!r}") from None
    if value.ndim == 0:
        raise ValueError(f"{name} must have at least one axis of classes; got {value}")
    if not -value.ndim <= axis < value.ndim:
        shown = f"got {axis} for {name} of shape {value.shape}"
        raise ValueError(f"axis must lie in [{-value.ndim}, {value.ndim - 1}]; {shown}")
    return value if axis == -1 else np.moveaxis(value, axis, -1)


def check_distributions(name: str, value: ArrayLike, axis: int = -1) -> NDArray[Any]:
    """Probabilities that sum to 1 along `axis`, which comes back last.

    The sum of a row may be off by 1e-6, or by the rounding of float16.
    """
    p = check_axis(name, check_probabilities(name, value), axis)
    coarse = getattr(value, "dtype", None) == np.float16
    tolerance = FLOAT16 if coarse else SUM_TOLERANCE
    rows, ones = p if p.ndim == 2 else p.reshape(-1, p.shape[-1]), np.ones(p.shape[-1])
    step = max(1, BLOCK // len(ones))
    for start in range(0, len(rows), step):
        sums = rows[start : start + step] @ ones  # in float64, and quicker than sum()
        low, high = extremes(sums)
        if not (high - 1 <= tolerance and 1 - low <= tolerance):
            wrong = int((np.absolute(sums - 1) > tolerance).argmax())
            row = np.unravel_index(start + wrong, p.shape[:-1])
            shown = f"{sums[wrong]:.9g}{_at(row, 'row')}"
            raise ValueError(f"{name} must sum to 1 along its classes; got the sum {shown}")
    return p


def check_logit_rows(name: str, value: ArrayLike, axis: int = -1) -> NDArray[Any]:
    """Logits, `axis` last, of which each row has a possible class and at most one certain one."""
    z = check_axis(name, _in_float(check_numbers(name, value)), axis)
    low, high = extremes(z)
    if -math.inf < low and high < math.inf:
        return z
    check_logits(name, value)  # none is NaN
    start = 0
    for (rows,) in row_blocks([z], streams=True):
        parts = (rows[:, k : k + BLOCK] for k in range(0, rows.shape[1], BLOCK))
        impossible = rows.max(axis=-1) == -np.inf
        certain = sum((part == np.inf).sum(axis=-1) for part in parts) > 1
        for wrong, what in ((impossible, "−inf in every class"), (certain, "+inf in two classes")):
            if wrong.any():
                row = np.unravel_index(start + int(wrong.argmax()), z.shape[:-1])
                raise ValueError(f"{name} must leave one distribution; got {what}{_at(row, 'row')}")
        start += len(rows)
    return z


def check_labels_of_rows(
    labels: ArrayLike, name: str, table: NDArray[Any], own: str = "labels"
) -> NDArray[Any]:
    """One class label for each row of `table`, or one for all."""
    y = check_labels(own, labels, table.shape[-1])
    if y.ndim and y.shape != table.shape[:-1]:
        shown = f"got {own} {y.shape} and {name} {table.shape}"
        raise ValueError(f"{own} must have the shape of {name} without its last axis; {shown}")
    return y


def check_same_shape(**arrays: NDArray[Any]) -> None:
    """Two equal shapes; one number goes with everything."""
    one, other = arrays.values()
    if one.shape != other.shape and one.ndim and other.ndim:
        shown = f"got {one.shape} and {other.shape}"
        raise ValueError(f"{' and '.join(arrays)} must have equal shapes; {shown}")


def check_pair(first: Check, second: Check, **values: ArrayLike) -> tuple[NDArray[Any], ...]:
    """Two arrays by name, each as its check has it, of equal shapes."""
    (one, x), (other, y) = values.items()
    x, y = first(one, x), second(other, y)
    if x.shape != y.shape:
        check_same_shape(**{one: x, other: y})
    return x, y


# ---------------------------------------------------------------- single values


def check_number(name: str, value: Any, holds: Callable[[float], bool], text: str) -> float:
    """One real number for which `holds` is true."""
    if type(value) is float and holds(value):
        return value
    x = check_numbers(name, value)
    if x.ndim:
        raise TypeError(f"{name} must be one number; got an array of shape {x.shape}")
    if not holds(float(x)):
        raise ValueError(f"{name} must {text}; got {value}")
    return float(x)


check_positive = partial(
    check_number, holds=lambda x: 0 < x < math.inf, text="be positive and finite"
)
check_not_negative = partial(
    check_number, holds=lambda x: 0 <= x < math.inf, text="be finite and not negative"
)
check_share = partial(check_number, holds=lambda x: 0 <= x <= 1, text="lie in [0, 1]")


def check_base(base: float | None) -> Callable[[Any], Any]:
    """The logarithm of this base, natural if it is None."""
    if base is None:
        return np.log
    text = "be greater than 1 and finite"
    base = check_number("base", base, lambda x: 1 < x < math.inf, text)
    # exact at powers of their base
    return {2: np.log2, 10: np.log10}.get(base) or (lambda x: np.log(x) / np.log(base))


def check_integer(name: str, value: Any, low: int, high: int | None = None) -> int:
    """One integer ≥ low, and ≤ high if given."""
    try:
        count = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be an integer; got {value!r}") from None
    if count < low:
        raise ValueError(f"{name} must be at least {low}; got {reprlib.repr(count)}")
    if high is not None and count > high:
        raise ValueError(f"{name} must be at most {high}; got {reprlib.repr(count)}")
    return count


def check_choice(name: str, value: Any, options: tuple[str, ...]) -> None:
    if not (isinstance(value, str) and value in options):
        raise ValueError(f"{name} must be one of {', '.join(map(repr, options))}; got {value!r}")


def check_generator(rng: Any) -> None:
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a numpy.random.Generator; got {rng!r}")


# ---------------------------------------------------------------- inside


def _in_float(x: NDArray[Any]) -> NDArray[Any]:
    """float64 instead of float16, in which sums and quotients are coarse, and of longdouble."""
    if x.dtype.char not in "eg":
        return x
    with np.errstate(over="ignore"):  # a number beyond float64 is judged as ±inf
        return x.astype(float)


def _first(x: NDArray[Any], ok: NDArray[Any]) -> str:
    """The first value of x that is not ok, and where it stands."""
    index = np.unravel_index(int(np.argmin(ok)), x.shape)
    return f"{x[index]}{_at(index)}"


def _at(index: tuple[Any, ...], what: str = "index") -> str:
    place = tuple(int(i) for i in index)
    return f" at {what} {place[0] if len(place) == 1 else place}" if place else ""


def _no_number(value: Any, x: NDArray[Any]) -> str:
    """The first entry that is no real number (the first of all where they are, as objects)."""
    entries = x if isinstance(value, np.ndarray) else np.array(value, dtype=object)
    listed = entries.ravel().tolist()
    real = [isinstance(entry, Real | np.bool_) for entry in listed]
    first = 0 if all(real) else real.index(False)
    where = _at(np.unravel_index(first, entries.shape)) if listed else f" (shape {x.shape})"
    return f"{reprlib.repr(listed[first]) if listed else '[]'}{where} (dtype {x.dtype})"
