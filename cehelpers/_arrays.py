"""Floor 0: the public door (argument checks) and block-wise evaluation with accurate means.

Every check names the argument and shows the offending value. Every formula is evaluated over
blocks that fit in the processor's cache, so that ten million rows need no large temporary.
"""

import math
import operator
import reprlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

BLOCK = 16_384  # elements: 128 KB of float64
SUM_TOLERANCE = 1e-6
REDUCTIONS = ("mean", "sum", "none")


# ---------------------------------------------------------------- what comes in through the door


def numbers(name: str, value: ArrayLike) -> NDArray[Any]:
    """Array of real numbers (bool, int or float), not empty; `value` itself where it is one."""
    try:
        x = np.asarray(value)
    except ValueError:
        shown = reprlib.repr(value)
        raise ValueError(f"{name} must be a rectangular array; got {shown}") from None
    if x.dtype.kind not in "biuf":
        first = next(iter(x.ravel().tolist()), None)
        where = " at index 0" if x.ndim else ""
        shown = f"{reprlib.repr(first)}{where} (dtype {x.dtype})"
        raise TypeError(f"{name} must hold real numbers; got {shown}")
    if x.size == 0:
        raise ValueError(f"{name} must not be empty; got shape {x.shape}")
    if np.ma.is_masked(value):
        shown = _first(x, ~np.ma.getmaskarray(value))
        raise ValueError(f"{name} must have no masked values; got a masked {shown}")
    return x


def in_range(name: str, value: ArrayLike, low: float, high: float, text: str) -> NDArray[Any]:
    """Array whose every value lies in [low, high]: NaN never does."""
    x = numbers(name, value)
    smallest, largest = extremes(x)
    if not (low <= smallest and largest <= high):
        raise ValueError(f"{name} must {text}; got {_first(x, (x >= low) & (x <= high))}")
    return x


def probabilities(name: str, value: ArrayLike) -> NDArray[Any]:
    return in_range(name, value, 0, 1, "lie in [0, 1]")


def logits(name: str, value: ArrayLike) -> NDArray[Any]:
    """Any number and ±inf (certainty), but not NaN."""
    return in_range(name, value, -math.inf, math.inf, "not be NaN")


def hard_labels(name: str, value: ArrayLike) -> NDArray[Any]:
    """Labels that are 0 or 1, of any real dtype."""
    y = numbers(name, value)
    if not all(((block == 0) | (block == 1)).all() for (block,) in blocks(y)):
        raise ValueError(f"{name} must be 0 or 1; got {_first(y, (y == 0) | (y == 1))}")
    return y


def class_labels(name: str, value: ArrayLike, num_classes: int) -> NDArray[Any]:
    """Integers from 0 to num_classes − 1. Floats are refused even where they are whole."""
    labels = numbers(name, value)
    if labels.dtype.kind == "f":
        shown = f"{_first(labels, labels == np.floor(labels))} (dtype {labels.dtype})"
        raise TypeError(f"{name} must be integers; got {shown}")
    smallest, largest = extremes(labels)
    if not (smallest >= 0 and largest < num_classes):
        shown = _first(labels, (labels >= 0) & (labels < num_classes))
        raise ValueError(f"{name} must lie in 0..{num_classes - 1}; got {shown}")
    return labels


def weights(name: str, value: ArrayLike) -> NDArray[Any]:
    """Finite, not negative, not all zero."""
    largest = np.finfo(float).max
    w = in_range(name, value, 0, largest, "be finite and not negative")
    if not 0 < weight_sum(w) <= largest:
        raise ValueError(f"{name} must have a positive, finite sum; got {weight_sum(w)}")
    return w


def weight_sum(weight: NDArray[Any], unit: float = 1) -> float:
    """Σ weight/unit: finite where `unit` is the largest weight."""
    with np.errstate(over="ignore"):
        return _total((block for (block,) in blocks(weight)), unit)


def rows(name: str, value: NDArray[Any], axis: int = -1) -> NDArray[Any]:
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
    return np.moveaxis(value, axis, -1)


def distributions(name: str, value: ArrayLike, axis: int = -1) -> NDArray[Any]:
    """Probabilities that sum to 1 along `axis`, which comes back last."""
    p = rows(name, probabilities(name, value), axis)
    start = 0
    for (block,) in row_blocks([p]):
        sums = block.sum(axis=0, dtype=float)
        wrong = ~(np.absolute(sums - 1) <= SUM_TOLERANCE)
        if wrong.any():
            row = np.unravel_index(start + int(wrong.argmax()), p.shape[:-1])
            shown = f"{sums[wrong][0]:.9g}{_at(row, 'row')}"
            raise ValueError(f"{name} must sum to 1 along its classes; got the sum {shown}")
        start += len(sums)
    return p


def logit_rows(name: str, value: ArrayLike, axis: int = -1) -> NDArray[Any]:
    """Logits, `axis` last, of which each row has a possible class and at most one certain one."""
    z = rows(name, logits(name, value), axis)
    if np.isfinite(extremes(z)).all():
        return z
    start = 0
    for (block,) in row_blocks([z]):
        impossible, certain = (block == -np.inf).all(axis=0), (block == np.inf).sum(axis=0) > 1
        for wrong, what in ((impossible, "−inf in every class"), (certain, "+inf in two classes")):
            if wrong.any():
                row = np.unravel_index(start + int(wrong.argmax()), z.shape[:-1])
                raise ValueError(f"{name} must leave one distribution; got {what}{_at(row, 'row')}")
        start += block.shape[1]
    return z


def number(name: str, value: Any, holds: Callable[[float], bool], text: str) -> float:
    """One real number for which `holds` is true."""
    x = numbers(name, value)
    if x.ndim:
        raise TypeError(f"{name} must be one number; got an array of shape {x.shape}")
    if not holds(float(x)):
        raise ValueError(f"{name} must {text}; got {value}")
    return float(x)


def positive(name: str, value: Any) -> float:
    return number(name, value, lambda x: 0 < x < math.inf, "be positive and finite")


def log_base(value: Any) -> float | None:
    """Base of a logarithm, or None for nats."""
    if value is None:
        return None
    return number("base", value, lambda x: 1 < x < math.inf, "be greater than 1 and finite")


def whole(name: str, value: Any, low: int) -> int:
    """One integer ≥ low."""
    try:
        count = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be an integer; got {value!r}") from None
    if count < low:
        raise ValueError(f"{name} must be at least {low}; got {count}")
    return count


def choice(name: str, value: Any, options: tuple[str, ...]) -> None:
    if not (isinstance(value, str) and value in options):
        raise ValueError(f"{name} must be one of {', '.join(map(repr, options))}; got {value!r}")


def same_shape(**arrays: ArrayLike) -> None:
    """Equal shapes; one number goes with everything."""
    shapes = {name: np.shape(x) for name, x in arrays.items() if np.ndim(x)}
    if len(set(shapes.values())) > 1:
        shown = " and ".join(map(str, shapes.values()))
        raise ValueError(f"{' and '.join(shapes)} must have equal shapes; got {shown}")


def labels_and(
    name: str, y_true: ArrayLike, other: NDArray[Any], labels: Callable[..., Any] = probabilities
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Labels in [0, 1] and an array that fits them."""
    y = labels("y_true", y_true)
    same_shape(**{"y_true": y, name: other})
    return y, other


def hard_labels_and(name: str, y_true: ArrayLike, other: NDArray[Any]) -> tuple[NDArray[Any], ...]:
    """Labels 0 or 1 and an array that fits them."""
    return labels_and(name, y_true, other, hard_labels)


def labels_of_rows(labels: ArrayLike, name: str, table: NDArray[Any]) -> NDArray[Any]:
    """One class label for each row of `table`, or one for all."""
    y = class_labels("labels", labels, table.shape[-1])
    if y.ndim and y.shape != table.shape[:-1]:
        shown = f"got labels {y.shape} and {name} {table.shape}"
        raise ValueError(f"labels must have the shape of {name} without its last axis; {shown}")
    return y


def _first(x: NDArray[Any], ok: NDArray[Any]) -> str:
    """The first value of x that is not ok, and where it stands."""
    index = np.unravel_index(int(np.argmin(ok)), x.shape)
    return f"{x[index]}{_at(index)}"


def _at(index: tuple[Any, ...], what: str = "index") -> str:
    place = tuple(int(i) for i in index)
    return f" at {what} {place[0] if len(place) == 1 else place}" if place else ""


# ---------------------------------------------------------------- block-wise evaluation


def float_dtype(*arrays: NDArray[Any]) -> type[np.floating]:
    """float32 where every float array is float32 (integers and single numbers do not count)."""
    floats = {x.dtype for x in arrays if x.ndim and x.dtype.kind == "f"}
    return np.float32 if floats == {np.dtype(np.float32)} else np.float64


def blocks(
    *arrays: NDArray[Any], dtypes: list[Any] | None = None
) -> Iterator[tuple[NDArray[Any], ...]]:
    """Flat blocks, in C order, of arrays that broadcast together; cast and made contiguous here."""
    flags = ["external_loop", "buffered"]
    iterator = np.nditer(
        arrays, flags, op_dtypes=dtypes, casting="same_kind", order="C", buffersize=BLOCK
    )
    for block in iterator:
        yield block if len(arrays) > 1 else (block,)


def row_blocks(
    tables: list[NDArray[Any]], columns: tuple[NDArray[Any], ...] = (), dtype: Any = None
) -> Iterator[tuple[NDArray[Any], ...]]:
    """Blocks (K, m) of tables (…, K), classes first, and the m entries of each column (…).

    Reductions over axis 0 are quick in either layout when few classes lie contiguous in m
    and many classes lie contiguous in K.
    """
    classes = tables[0].shape[-1]
    step, order = max(1, BLOCK // classes), "C" if classes < 64 else "F"
    tables = [x.reshape(-1, classes) for x in tables]
    count = len(tables[0])
    columns = [np.broadcast_to(x, count) if x.ndim == 0 else x.reshape(-1) for x in columns]
    for start in range(0, count, step):
        part = slice(start, start + step)
        first = (np.asarray(x[part].T, dtype=dtype, order=order) for x in tables)
        yield (*first, *(x[part] for x in columns))


def extremes(x: NDArray[Any]) -> tuple[Any, Any]:
    """Smallest and largest value, block by block; NaN where there is one."""
    with np.errstate(invalid="ignore"):
        ends = [(block.min(), block.max()) for (block,) in blocks(x)]
        return np.min([low for low, _ in ends]), np.max([high for _, high in ends])


def map_elements(
    formula: Callable[..., NDArray[Any]],
    *arrays: NDArray[Any],
    reduction: str = "none",
    weight: NDArray[Any] | None = None,
    summands: Callable[..., NDArray[Any]] | None = None,
) -> Any:
    """formula(*arrays) by element, reduced; `summands`, if given, are quicker with the same sum.

    The truth comes first, and the last array, the prediction, decides the dtype.
    """
    choice("reduction", reduction, REDUCTIONS)
    if summands and weight is None and reduction != "none":
        formula = summands
    dtype = float_dtype(arrays[-1])
    every, dtypes = list(arrays), [dtype] * len(arrays)
    if weight is not None:
        every, dtypes = [*every, weight], [*dtypes, float]
    shape = np.broadcast_shapes(*(x.shape for x in every))
    parts = blocks(*every, dtypes=dtypes)
    return _finish(formula, parts, shape, dtype, reduction, weight)


def map_rows(
    formula: Callable[..., NDArray[Any]],
    *tables: NDArray[Any],
    columns: tuple[NDArray[Any], ...] = (),
    reduction: str = "none",
    weight: NDArray[Any] | None = None,
    by_weight: bool = True,
    keeps_classes: bool = False,
    dtype: Any = None,
) -> Any:
    """formula(*tables, *columns) row by row: (K, m) blocks in, (m,) out, or (K, m) if kept.

    The last table, the prediction, decides the dtype, unless one is given.
    """
    choice("reduction", reduction, REDUCTIONS)
    dtype = dtype or float_dtype(tables[-1])
    shape = tables[0].shape if keeps_classes else tables[0].shape[:-1]
    every = columns if weight is None else (*columns, weight)
    parts = row_blocks(list(tables), every, dtype)
    return _finish(formula, parts, shape, dtype, reduction, weight, by_weight)


def _finish(formula, parts, shape, dtype, reduction, weight, by_weight=True) -> Any:
    # a mean takes its weights in units of the largest, so that neither sum overflows
    unit = float(extremes(weight)[1]) if weight is not None and reduction == "mean" else 1.0

    def value(block):
        if weight is None:
            return formula(*block)
        # in float64 whatever the loss is in; 0·inf = 0: a row of weight 0 does not count
        return times(np.divide(block[-1], unit, dtype=float), formula(*block[:-1]))

    with np.errstate(all="ignore"):  # log 0 = −inf is meant; no NaN enters and none is made
        losses = map(value, parts)
        if reduction == "none":
            return collect(losses, shape, dtype)
        if reduction == "sum":
            return _total(losses)
        if weight is None or not by_weight:
            return unit * _total(losses, math.prod(shape))
        return _total(losses, weight_sum(np.broadcast_to(weight, shape), unit))


def collect(parts: Iterable[NDArray[Any]], shape: tuple[int, ...], dtype: Any) -> Any:
    """One array of `shape` from its blocks; a Python float if the shape is ()."""
    out = np.empty(shape, dtype)
    flat, start = out.reshape(-1) if out.ndim else out.reshape(1), 0
    for part in parts:
        values = part.T.ravel()
        flat[start : start + values.size] = values
        start += values.size
    return out if shape else float(out)


def _total(parts: Iterable[NDArray[Any]], divisor: float = 1) -> float:
    """Σ/divisor: pairwise within a block, exact between blocks, in float64."""
    shares = []
    for part in parts:
        total = part.sum(dtype=float)
        # the sum of a block may pass the largest float where its mean does not
        shares.append(total / divisor if total < np.inf else (part / divisor).sum(dtype=float))
    try:
        return math.fsum(shares)
    except OverflowError:
        return math.inf


def times(a: NDArray[Any], b: NDArray[Any]) -> NDArray[Any]:
    """a·b with 0·inf = 0."""
    product = a * b
    if np.isnan(product.min()):  # no input is NaN, so only 0·inf can have made it
        product[np.isnan(product)] = 0
    return product
