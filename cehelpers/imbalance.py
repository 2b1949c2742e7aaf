"""Layer 3: rare classes: weights, resampling, and what both do to a logit.

Weighting the positives by w, or repeating each w times, multiplies the odds by w: logit + ln w.
Keeping a fraction s of the negatives divides the odds by s: logit − ln s. Both can be undone.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cehelpers._checks import (
    check_binary,
    check_distributions,
    check_generator,
    check_integer,
    check_labels,
    check_logit_rows,
    check_logits,
    check_number,
    check_numbers,
    check_positive,
)
from cehelpers._evaluate import by_element, by_row, extremes

MOST_ROWS = 1_000_000_000


def class_weights(labels: ArrayLike, num_classes: int | None = None) -> NDArray[np.float64]:
    """Weights n/(K·count) that give every class the same total, without unit.

    Parameters
    ----------
    labels : array_like of int, any shape
        Classes in 0..K−1, each at least once.
    num_classes : int, optional
        K; by default the largest label + 1.

    Returns
    -------
    ndarray, shape (K,)
        Weights whose mean over the rows is 1.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, or a class has no label: its weight would be infinite.

    Examples
    --------
    >>> class_weights([0, 0, 0, 1])  # 4/(2·3) and 4/(2·1)
    array([0.66666667, 2.        ])
    >>> class_weights([0, 0, 0])
    array([1.])

    References
    ----------
    King & Zeng (2001), "Logistic regression in rare events data",
    doi:10.1093/oxfordjournals.pan.a004868.
    """
    if num_classes is None:
        labels = check_numbers("labels", labels)
        whole = labels.dtype.kind != "f"  # floats are refused below
        num_classes = max(1, int(extremes(labels)[1]) + 1) if whole else 1
    num_classes = check_integer("num_classes", num_classes, 1)
    labels = check_labels("labels", labels, num_classes)
    present, counts = np.unique(labels, return_counts=True)
    if len(present) < num_classes:
        gap = np.append(present, num_classes) != np.arange(len(present) + 1)
        raise ValueError(f"labels must have every class; got none of class {gap.argmax()}")
    return labels.size / (float(num_classes) * counts)  # a product of integers may not fit 32 bits


def correct_prior(
    logits: ArrayLike, *, weight: float | None = None, sampling_rate: float | None = None
) -> float | NDArray[Any]:
    """Binary logits without the shift of a class weight or of thinned negatives: z − ln w + ln s.

    Exact where the model is well specified; a misspecified one has changed its slopes as well.

    Parameters
    ----------
    logits : array_like, any shape
        Logits z of class 1 from a model trained with the weight or on the sample; ±inf are legal.
    weight : float, optional
        w > 0 that each positive had (`pos_weight`, or the ratio of two class weights), or how
        many times it was repeated.
    sampling_rate : float, optional
        Fraction s of the negatives that was kept, in (0, 1].

    Returns
    -------
    float or ndarray, shape of logits
        Logits for the rows as they come.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN; if neither `weight` nor
        `sampling_rate` is given.

    Examples
    --------
    >>> from cehelpers import logit, sigmoid
    >>> round(sigmoid(correct_prior(logit(0.35), weight=550)), 5)
    0.00098
    >>> round(sigmoid(correct_prior(0.0, sampling_rate=0.01)), 4)  # odds 1 become odds 0.01
    0.0099

    References
    ----------
    Saerens, Latinne & Decaestecker (2002), "Adjusting the outputs of a classifier to new a priori
    probabilities", doi:10.1162/089976602753284446.
    """
    z = check_logits("logits", logits)
    if weight is None and sampling_rate is None:
        raise ValueError("weight or sampling_rate must be given; got None for both")
    shift = 0.0
    if weight is not None:
        shift -= np.log(check_positive("weight", weight))
    if sampling_rate is not None:
        shift += np.log(_fraction("sampling_rate", sampling_rate))
    return by_element(lambda z: z + shift, z)


def logit_adjustment(logits: ArrayLike, prior: ArrayLike, *, tau: float = 1.0) -> NDArray[Any]:
    """Logits with the classes' rarity taken off: z − τ·ln prior.

    Parameters
    ----------
    logits : array_like, shape (..., K)
        Logits of the classes; −inf is an impossible class.
    prior : array_like, shape (K,)
        Shares of the classes in training, all above 0.
    tau : float
        How much of the prior is taken off, in [0, 1e300]: 0 none of it, 1 all.

    Returns
    -------
    ndarray, shape (..., K)
        Logits whose largest entry is the best guess when every class counts the same.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN, or a row has −inf only or two
        +inf.

    Examples
    --------
    >>> logit_adjustment([2.0, 1.0], [0.9, 0.1]).round(3)  # the rare class wins
    array([2.105, 3.303])
    >>> logit_adjustment([2.0, 1.0], [0.9, 0.1], tau=0)
    array([2., 1.])

    References
    ----------
    Menon et al. (2021), "Long-tail learning via logit adjustment", ICLR, arXiv:2007.07314.
    """
    z = check_logit_rows("logits", logits)
    p = check_distributions("prior", prior)
    if p.shape != z.shape[-1:]:
        shown = f"got {p.shape} for logits {z.shape}"
        raise ValueError(f"prior must have one value for each class of logits; {shown}")
    if p.min() == 0:
        raise ValueError(f"prior must be above 0; got 0 at index {p.argmin()}")
    tau = check_number("tau", tau, lambda t: 0 <= t <= 1e300, "lie in [0, 1e300]")
    p = p.astype(float)
    return by_row(lambda z: z - tau * np.log(p), z, keeps_classes=True)


# ---------------------------------------------------------------- resampling


def undersample_negatives(
    y_true: ArrayLike, fraction: float, *, rng: np.random.Generator
) -> NDArray[np.intp]:
    """Row indices of all positives and of a random fraction of the negatives.

    Parameters
    ----------
    y_true : array_like of 0 and 1, shape (n,)
        Hard labels.
    fraction : float
        Share of the negatives to keep, in (0, 1]; their number is rounded.
    rng : numpy.random.Generator
        Draws without replacement.

    Returns
    -------
    ndarray of int, shape (m,)
        Indices in rising order, for ``X[rows], y_true[rows]``. A model of these rows is put right
        by `correct_prior` with ``sampling_rate=fraction``.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, or no negative would be kept.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> y = np.array([0, 0, 0, 0, 1, 0, 0, 0, 0, 1])
    >>> rows = undersample_negatives(y, 0.25, rng=rng)  # two of eight negatives, both positives
    >>> len(rows), int(y[rows].sum())
    (4, 2)
    >>> undersample_negatives([0, 0, 1], 1, rng=rng)
    array([0, 1, 2])
    """
    positives, negatives = _rows_of_classes(y_true)
    fraction = _fraction("fraction", fraction)
    check_generator(rng)
    keep = round(fraction * len(negatives))
    if keep == 0:
        shown = f"got {fraction} of {len(negatives)} negatives"
        raise ValueError(f"fraction must keep at least one negative; {shown}")
    kept = rng.choice(negatives, keep, replace=False, shuffle=False)
    return np.sort(np.append(positives, kept))


def oversample_positives(
    y_true: ArrayLike, target_rate: float, *, rng: np.random.Generator
) -> NDArray[np.intp]:
    """Row indices of all negatives and of the positives, repeated until they are a given share.

    Parameters
    ----------
    y_true : array_like of 0 and 1, shape (n,)
        Hard labels with at least one positive.
    target_rate : float
        Share of positives among the indices, from their share in `y_true` up to below 1; their
        number is rounded, and at most a billion.
    rng : numpy.random.Generator
        Draws the positives that are repeated once more than the others.

    Returns
    -------
    ndarray of int, shape (m,)
        Indices in rising order: every row at least once, and every positive about
        w = odds(target_rate)/odds(base rate) times. A model of these rows is put right by
        `correct_prior` with ``weight=w``.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, or there is no positive or would be over a billion.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> oversample_positives([0, 0, 0, 0, 1], 0.5, rng=rng)
    array([0, 1, 2, 3, 4, 4, 4, 4])
    >>> oversample_positives([0, 0, 0, 1], 0.25, rng=rng)  # as they are
    array([0, 1, 2, 3])
    """
    positives, negatives = _rows_of_classes(y_true)
    if not len(positives):
        raise ValueError("y_true must have at least one positive; got only 0")
    rate = len(positives) / (len(positives) + len(negatives))
    text = f"lie in [{rate:.6g}, 1), from the share of positives up"
    target_rate = check_number("target_rate", target_rate, lambda x: rate <= x < 1, text)
    check_generator(rng)
    wanted = max(len(positives), round(target_rate / (1 - target_rate) * len(negatives)))
    if wanted > MOST_ROWS:
        shown = f"got {target_rate}, which would give {wanted:.3g} positives"
        raise ValueError(f"target_rate must give at most {MOST_ROWS} rows; {shown}")
    times, more = divmod(wanted, len(positives))
    once_more = rng.choice(positives, more, replace=False, shuffle=False)
    return np.sort(np.concatenate([negatives, np.repeat(positives, times), once_more]))


def _rows_of_classes(y_true: ArrayLike) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    y = check_binary("y_true", y_true)
    if y.ndim != 1:
        raise ValueError(f"y_true must have shape (n,); got {y.shape}")
    return np.flatnonzero(y), np.flatnonzero(y == 0)


def _fraction(name: str, value: float) -> float:
    return check_number(name, value, lambda x: 0 < x <= 1, "lie in (0, 1]")
