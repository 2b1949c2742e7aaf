"""Layer 0: a formula evaluated over arrays, and what becomes of its values: all, their sum, a mean.

Few numbers take the short way, at once. Many are taken in blocks that fit in the processor's
cache, so that ten million rows need no large temporary. A formula sees one-dimensional arrays
(`by_element`) or tables with a row for each distribution, shape (m, K) (`by_row`).
"""

import math
from collections.abc import Callable, Iterable, Iterator
from contextvars import copy_context
from itertools import chain, starmap
from typing import Any

import numpy as np
from numpy.typing import NDArray

BLOCK = 16_384  # elements: 128 KB of float64
FEW_CLASSES = 64
FLOAT32, FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)
REDUCTIONS = ("mean", "sum", "none")

Formula = Callable[..., NDArray[Any]]

# A context in which log 0 = −inf is meant (no NaN enters a formula, and none is made): to run in a
# copy of it takes a tenth of the time of np.errstate
QUIET = copy_context()
QUIET.run(np.seterr, all="ignore")


def by_element(
    formula: Formula,
    *arrays: NDArray[Any],
    reduction: str = "none",
    weight: NDArray[Any] | None = None,
) -> Any:
    """formula(*arrays) by element, reduced.

    The truth comes first, and the last array, the prediction, decides the dtype.
    """
    last = arrays[-1]
    shape = last.shape or arrays[0].shape  # a single number goes with every shape
    dtype = FLOAT32 if last.dtype == FLOAT32 and last.ndim else FLOAT64
    if math.prod(shape) <= BLOCK:
        blocks = [[_flat(x, shape, dtype) for x in arrays]]
        if weight is not None:
            blocks[0].append(_flat(weight, shape, FLOAT64))
    else:
        dtypes = [dtype] * len(arrays)
        if weight is not None:
            arrays, dtypes = (*arrays, weight), [*dtypes, FLOAT64]
        blocks = flat_blocks(*arrays, dtypes=dtypes)
    return QUIET.copy().run(_reduce, formula, blocks, shape, dtype, reduction, weight)


def by_row(
    formula: Formula,
    *tables: NDArray[Any],
    labels: NDArray[Any] | None = None,
    reduction: str = "none",
    weight: NDArray[Any] | None = None,
    count: int | None = None,
    keeps_classes: bool = False,
    dtype: Any = None,
) -> Any:
    """formula(*tables), or formula(*tables, labels), row by row: a number each, or a row if kept.

    The last table, the prediction, decides the dtype, unless one is given. A weighted mean divides
    by the sum of the weights, or by the number of rows that `count`.
    """
    shape = tables[-1].shape if keeps_classes else tables[-1].shape[:-1]
    dtype = dtype or (FLOAT32 if tables[-1].dtype == FLOAT32 else FLOAT64)
    columns = [x for x in (labels, weight) if x is not None]
    blocks = row_blocks(tables, columns, dtype)
    options = dtype, reduction, weight, count
    return QUIET.copy().run(_reduce, formula, blocks, shape, *options)


def float_dtype(*arrays: NDArray[Any]) -> np.dtype[Any]:
    """float32 where every float array is float32 (integers and single numbers do not count)."""
    floats = [x.dtype for x in arrays if x.ndim and x.dtype.kind == "f"]
    return FLOAT32 if floats and all(d == FLOAT32 for d in floats) else FLOAT64


def flat_blocks(*arrays: NDArray[Any], dtypes: Any = None) -> Iterable[tuple[NDArray[Any], ...]]:
    """Flat blocks, in C order, of arrays that broadcast together; cast and made contiguous here."""
    flags = ["external_loop", "buffered"]
    iterator = np.nditer(
        arrays, flags, op_dtypes=dtypes, casting="same_kind", order="C", buffersize=BLOCK
    )
    return iterator if len(arrays) > 1 else ((block,) for block in iterator)


def row_blocks(
    tables: Iterable[NDArray[Any]], columns: Iterable[NDArray[Any]] = (), dtype: Any = None
) -> Iterable[tuple[NDArray[Any], ...]]:
    """Blocks (m, K) of tables (…, K), and the m entries of each column (…).

    Sums over the classes are quick where few classes lie apart, each contiguous in m, and many
    classes lie together: the memory is laid out so, and the shape stays as it is.
    """
    tables = [x if x.ndim == 2 else x.reshape(-1, x.shape[-1]) for x in tables]
    count, classes = tables[0].shape
    columns = [x.reshape(-1) if x.ndim else np.broadcast_to(x, count) for x in columns]
    step, order = max(1, BLOCK // classes), "C" if classes < FEW_CLASSES else "F"
    for start in range(0, count, step):
        rows = slice(start, start + step)
        laid_out = [np.asarray(x[rows].T, dtype=dtype, order=order).T for x in tables]
        yield (*laid_out, *[x[rows] for x in columns])


def extremes(x: NDArray[Any]) -> tuple[Any, Any]:
    """Smallest and largest value, in one go through the memory; NaN where there is one."""
    if x.size > BLOCK:
        lows, highs = zip(*(extremes(block) for (block,) in flat_blocks(x)), strict=True)
        return extremes(np.array(lows))[0], extremes(np.array(highs))[1]
    if x.ndim != 1:
        x = x.ravel(order="K")
    # quicker than min() and max(), whose calls cost more than a hundred numbers
    return x.item(x.argmin()), x.item(x.argmax())


def weight_sum(weight: NDArray[Any], unit: float = 1) -> float:
    """Σ weight/unit: finite where `unit` is the largest weight."""
    blocks = (block for (block,) in flat_blocks(weight, dtypes=[float]))
    return QUIET.copy().run(_total, blocks, unit)


def _reduce(formula, blocks, shape, dtype, reduction, weight, count=None) -> Any:
    if not (isinstance(reduction, str) and reduction in REDUCTIONS):
        options = ", ".join(map(repr, REDUCTIONS))
        raise ValueError(f"reduction must be one of {options}; got {reduction!r}")
    unit, divisor = 1, math.prod(shape) if reduction == "mean" else 1
    if weight is not None:
        if reduction == "mean":
            # weights in units of the largest, so that neither sum overflows
            unit = float(extremes(weight)[1])
            divisor = count or weight_sum(np.broadcast_to(weight, shape), unit)
        formula = _weighted(formula, unit)
    values = starmap(formula, blocks)
    if reduction == "none":
        return _collect(values, shape, dtype)
    total = _total(values, divisor)
    return unit * total if count else total


def _weighted(formula: Formula, unit: float) -> Formula:
    def weighted(*block):
        # in float64 whatever the loss is in; a row of weight 0 does not count, even if it is inf
        *block, weight = block
        loss, share = formula(*block), np.divide(weight, unit, dtype=float)
        return np.multiply(share, loss, out=np.zeros(loss.shape), where=share > 0)

    return weighted


def _flat(x: NDArray[Any], shape: tuple[int, ...], dtype: Any) -> NDArray[Any]:
    if x.shape != shape:
        x = np.broadcast_to(x, shape)
    if x.dtype != dtype:
        x = x.astype(dtype)
    return x if len(shape) == 1 else x.ravel()


def _collect(parts: Iterator[NDArray[Any]], shape: tuple[int, ...], dtype: Any) -> Any:
    """One array of `shape` from its blocks; a Python float if the shape is ()."""
    part = next(parts)
    if part.shape != shape or part.dtype != dtype:
        if not shape:
            return part.item()
        if part.size == math.prod(shape):
            part = part.astype(dtype, copy=False).reshape(shape)
    if part.shape == shape:
        return np.ascontiguousarray(part)
    out, start = np.empty(shape, dtype), 0
    flat = out.reshape(-1, *part.shape[1:])
    for block in chain([part], parts):
        flat[start : start + len(block)] = block
        start += len(block)
    return out


def _total(parts: Iterable[NDArray[Any]], divisor: float = 1) -> float:
    """Σ/divisor: pairwise within a block, exact between blocks, in float64."""
    shares = []
    for part in parts:
        total = np.add.reduce(part, dtype=None if part.dtype == float else float).item()
        # the sum of a block may pass the largest float where its mean does not
        shares.append(total / divisor if total < np.inf else (part / divisor).sum(dtype=float))
    try:
        return math.fsum(shares)
    except OverflowError:
        return math.inf
