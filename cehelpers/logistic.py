"""Layer 3: logistic regression by Newton's method, with a penalty and without.

The logits are X @ coef + intercept, and the least sum of the binary cross-entropies is the greatest
likelihood.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cehelpers._checks import (
    check_integer,
    check_not_negative,
    check_probabilities,
    check_range,
    check_weights,
)
from cehelpers._formulas import sigmoid, softplus
from cehelpers.activations import logit

ROWS = 4096  # rows of X that are in float64 at a time
LARGEST = np.float64(1e150)  # its square is still finite
FLAT = 1e-12  # share of the largest curvature below which a direction has none to begin with,
GONE = 1e-14  # and below which it has lost it on the way
ROUNDING = 1e-13  # relative, of a sum of many losses
HALVINGS = 60


class LogisticFit(NamedTuple):
    """What `fit_logistic` found: logits are X @ coef + intercept."""

    coef: NDArray[Any]
    intercept: float
    converged: bool
    iterations: int
    loss: float  # mean cross-entropy in nats, without the penalty
    message: str


@np.errstate(under="ignore")
def fit_logistic(
    X: ArrayLike,
    y_true: ArrayLike,
    *,
    sample_weight: ArrayLike | None = None,
    l2: float = 0.0,
    max_iter: int = 100,
    tol: float = 1e-8,
) -> LogisticFit:
    """Logistic regression by Newton's method: the least Σ w·BCE + ½·l2·Σ coef², in nats.

    Parameters
    ----------
    X : array_like, shape (n, d)
        Finite features. float32 is computed in float64, a few rows at a time.
    y_true : array_like, shape (n,)
        Labels in [0, 1], hard or soft.
    sample_weight : array_like, shape (n,), optional
        Weights ≥ 0: a weight of 2 is the row twice.
    l2 : float
        Penalty ≥ 0 on the coefficients, not on the intercept. The losses are summed, so that
        scikit-learn's ``LogisticRegression(C=1 / l2)`` finds the same.
    max_iter : int
        Most Newton steps.
    tol : float
        Stop when a full step moves no row's logit z by more than tol·max(1, |z|).

    Returns
    -------
    LogisticFit
        Named tuple of `coef` (d,), `intercept`, `converged`, `iterations`, `loss` (the mean
        cross-entropy) and `message`, which says in words what went wrong. Labels that X separates
        are no error: the fit has no finite minimum, `converged` is False, and the coefficients
        are as large as they have become. Of collinear columns (to one
        part in a million of their spread) one solution of many is returned.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, is empty or has a NaN; if all weights are 0.

    Examples
    --------
    >>> X, y = [[0.0], [0.0], [0.0], [1.0], [1.0], [1.0]], [0, 0, 1, 0, 1, 1]
    >>> fit = fit_logistic(X, y)  # odds of 1 to 2, then of 2 to 1: an odds ratio of 4
    >>> round(fit.intercept, 4), fit.coef.round(4)
    (-0.6931, array([1.3863]))
    >>> fit.message
    'converged after 4 steps'
    >>> fit_logistic([[0.0], [1.0]], [0, 1]).message
    'not converged: X separates the labels perfectly, so the coefficients grow without bound'

    References
    ----------
    Albert & Anderson (1984), "On the existence of maximum likelihood estimates in logistic
    regression models", doi:10.1093/biomet/71.1.1.
    """
    problem = _standardised(*_table(X, y_true, sample_weight))
    l2, tol = check_not_negative("l2", l2), check_not_negative("tol", tol)
    max_iter = check_integer("max_iter", max_iter, 1)

    # the intercept stands first and is free
    penalty = np.append(0.0, np.minimum(np.sqrt(l2) * problem.scale, LARGEST) ** 2)
    theta = np.zeros(len(penalty))
    theta[0] = logit(problem.base_rate) if 0 < problem.base_rate < 1 else 0.0
    start = here = _look(problem, penalty, theta, FLAT)
    iterations, moved, runs_away = 0, np.inf, False
    while iterations < max_iter and moved > tol and not runs_away:
        iterations += 1
        here, moved = _step(problem, penalty, here)
        # a direction lost its curvature; a penalty would have kept it
        runs_away = l2 == 0 and here.flat.shape[1] > start.flat.shape[1]

    converged = moved <= tol and not runs_away
    if converged:
        message = f"converged after {iterations} steps"
    else:
        trouble = _runaway(problem, here, l2, runs_away)
        stopped = f"step {iterations} of {max_iter} moved a logit by {moved:.1g}"
        message = f"not converged: {trouble or stopped}"
    if start.flat.size and l2 == 0:
        message += _collinear(start.flat)
    coef = here.theta[1:] * problem.scale
    intercept = float(here.theta[0] - coef @ problem.centre)
    return LogisticFit(coef, intercept, converged, iterations, here.loss, message)


def _runaway(problem, here, l2: float, runs_away: bool) -> str:
    """Why there is no finite minimum; nothing said where there may be one."""
    y = problem.y
    right = (2 * y - 1) * here.logits > 0
    if problem.base_rate in (0, 1):
        return f"every label is {y[0]:.0f}, so the intercept grows without bound"
    if l2 == 0 and right.all() and np.isin(y, (0, 1)).all():
        return "X separates the labels perfectly, so the coefficients grow without bound"
    if runs_away:
        return "X separates some of the labels perfectly, so a coefficient grows without bound"
    return ""


def _collinear(flat: NDArray[np.float64]) -> str:
    columns = np.flatnonzero(np.absolute(flat[1:]).max(axis=1) > 1e-6)
    return (
        "; X is collinear, or within one part in a million, in its columns"
        f" {', '.join(map(str, columns))} (a constant one with the intercept), so other"
        " coefficients fit as well or nearly so"
    )


class _Problem(NamedTuple):
    """The rows that count. Standardised columns have the same minimum and a tame Hessian."""

    X: NDArray[Any]
    y: NDArray[np.float64]
    w: NDArray[np.float64]
    base_rate: float
    centre: NDArray[np.float64]
    scale: NDArray[np.float64]  # one over the standard deviation; 0 for a constant column


class _Look(NamedTuple):
    """The objective at one place, and the step to the minimum of its parabola there."""

    theta: NDArray[np.float64]
    logits: NDArray[np.float64]
    loss: float
    objective: float
    direction: NDArray[np.float64]
    flat: NDArray[np.float64]  # directions without curvature, as columns


def _step(problem: _Problem, penalty, here: _Look) -> tuple[_Look, float]:
    """Where a Newton step leads, and how far the full step moves a logit (relative from 1 on)."""
    step = 1.0
    for _ in range(HALVINGS):  # the full step may overshoot: the objective decides
        there = _look(problem, penalty, here.theta + step * here.direction, GONE)
        if there.objective <= here.objective * (1 + ROUNDING):
            break
        step /= 2
    size = np.maximum(1, np.absolute(there.logits))
    return there, float((np.absolute(there.logits - here.logits) / size).max()) / step


def _look(problem: _Problem, penalty, theta, least: float) -> _Look:
    X, y, w, _, centre, scale = problem
    logits = np.empty(len(y))
    loss, gradient, hessian = 0.0, penalty * theta, np.diag(penalty)
    for rows, A in _designs(X, centre, scale):
        t, weight = y[rows], w[rows]
        z = logits[rows] = A @ theta
        p, q = sigmoid(z), sigmoid(-z)
        # −t ln p − (1 − t) ln q, its slope p − t and its curvature p(1 − p), all without cancelling
        loss += weight @ (z * ((z > 0) - t) + softplus(-np.absolute(z)))
        gradient += A.T @ (weight * ((1 - t) * p - t * q))
        hessian += A.T @ ((weight * p * q)[:, None] * A)
    # The penalty of a column in tiny units dwarfs every curvature of the data: measured in its own,
    # no column is flat beside another
    own = np.sqrt(np.diag(hessian)) if penalty.any() else np.ones(len(theta))
    unit = np.divide(1, own, out=np.zeros_like(own), where=own > 0)
    # Newton: −H⁻¹g, and no step along a direction that nothing bends
    curvature, axes = np.linalg.eigh(hessian * unit * unit[:, None])
    curved = curvature > least * curvature[-1]
    along = unit[:, None] * axes[:, curved]
    direction = -along @ ((along.T @ gradient) / curvature[curved])
    objective = float(loss + penalty @ theta**2 / 2)
    return _Look(theta, logits, float(loss / w.sum()), objective, direction, axes[:, ~curved])


def _standardised(X, y, w) -> _Problem:
    total = w.sum()
    centre = sum(w[rows] @ A[:, 1:] for rows, A in _designs(X)) / total
    spread = np.sqrt(sum(w[rows] @ A[:, 1:] ** 2 for rows, A in _designs(X, centre)) / total)
    varies = (X.max(axis=0) > X.min(axis=0)) & (spread > 1 / LARGEST)
    scale = np.divide(1, spread, out=np.zeros_like(spread), where=varies)
    # the mean of equal labels rounds, and one class must be seen to be one
    base_rate = float(np.clip(w @ y / total, y.min(), y.max()))
    return _Problem(X, y, w, base_rate, centre, scale)


def _designs(X, centre=0.0, scale=1.0) -> Iterator[tuple[slice, NDArray[np.float64]]]:
    """Rows (1, standardised x) in float64, some at a time."""
    for start in range(0, len(X), ROWS):
        rows = slice(start, start + ROWS)
        A = np.ones((len(X[rows]), 1 + X.shape[1]))
        A[:, 1:] = (X[rows] - centre) * scale
        yield rows, A


def _table(X, y_true, sample_weight):
    """Features, labels and weights of the rows that count; labels and weights in float64."""
    X = check_range("X", X, -LARGEST, LARGEST, f"be finite and within ±{LARGEST:g}")
    if X.ndim != 2:
        raise ValueError(f"X must have shape (n, d); got {X.shape}")
    y = check_probabilities("y_true", y_true)
    given = sample_weight is not None
    w = check_weights("sample_weight", sample_weight) if given else np.ones(len(X))
    for name, column in (("y_true", y), ("sample_weight", w)):
        if column.shape != X.shape[:1]:
            shown = f"got {column.shape} for X {X.shape}"
            raise ValueError(f"{name} must have one value for each row of X; {shown}")
    counts = w > 0
    if not counts.all():
        X, y, w = X[counts], y[counts], w[counts]
    return X, y.astype(float), w.astype(float)
