"""Layer 4: what to watch each month of a model at work, without waiting for its labels."""

import numpy as np
from numpy.typing import ArrayLike

from cehelpers._checks import check_integer, check_scores


def population_stability_index(reference: ArrayLike, values: ArrayLike, *, bins: int = 10) -> float:
    """Population stability index (PSI) of one column, or score, against a reference month.

    Σ (p − q)·ln(p/q) over bins that hold equal shares of the reference: the KL divergence there
    and back. A value that fills a bin alone, such as the 0 of a 0/1 column, gets a bin of its own.

    Parameters
    ----------
    reference, values : array_like, any shape
        The column in the reference month and in the month that is watched: any numbers, also ±inf.
    bins : int
        Shares of the reference, ≥ 2.

    Returns
    -------
    float
        In nats, ≥ 0. Each bin counts half a row more than it holds, so that an empty one leaves
        the index finite. Between two samples of m and n rows that differ by chance alone it is
        about (bins − 1)·(1/m + 1/n).

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN.

    Examples
    --------
    >>> x = np.arange(1000.0)
    >>> population_stability_index(x, x)
    0.0
    >>> ones = np.arange(1000) < 50  # a column of 0 and 1
    >>> round(population_stability_index(ones, np.arange(1000) < 150), 2)  # 5%, then 15%
    0.12
    >>> population_stability_index(x, np.log(x + 1)) > 1  # another unit
    True

    References
    ----------
    Lin (2017), "Examining distributional shifts by using population stability index (PSI) for model
    validation and diagnosis", SAS conference proceedings: WUSS 2017.
    """
    q, p = (check_scores(*x).ravel() for x in (("reference", reference), ("values", values)))
    if q.dtype.kind == p.dtype.kind == "f":  # 0.1 of either width is the same value
        narrow = min(q.dtype, p.dtype, key=lambda dtype: dtype.itemsize)
        with np.errstate(over="ignore"):
            q, p = q.astype(narrow), p.astype(narrow)
    bins = check_integer("bins", bins, 2)
    cuts = np.quantile(q, np.arange(1, bins) / bins, method="inverted_cdf")
    alone = cuts[1:][cuts[1:] == cuts[:-1]]
    below = np.nextafter(alone, -np.inf, dtype=float) if alone.size else alone
    edges = np.unique(np.concatenate([below, cuts]))
    counts = [
        np.bincount(np.searchsorted(edges, x), minlength=len(edges) + 1) + 0.5 for x in (q, p)
    ]
    q, p = (count / count.sum() for count in counts)
    return float(np.sum((p - q) * np.log(p / q)))
