"""Layer 4: a small multilayer perceptron (MLP) trained by cross-entropy.

Hidden layers are ReLU; the last layer gives one logit (two classes) or K. What is computed stands
in `_mlp.py`, without checks; here are the checks, the minibatches and the words.
"""

import math
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from cehelpers import _checks, _evaluate, _mlp
from cehelpers._mlp import Network
from cehelpers.binary_losses import binary_cross_entropy_with_logits_grad

ROWS = 8192  # rows whose activations are in memory at a time

Slopes = Callable[[NDArray[Any], NDArray[Any]], NDArray[Any]]


def init_mlp(
    sizes: Sequence[int],
    *,
    rng: np.random.Generator,
    dtype: DTypeLike = np.float64,
    output_bias: ArrayLike = 0.0,
    output_scale: float = 1.0,
) -> Network:
    """MLP with ReLU hidden layers and He's random weights, of variance 2/fan_in.

    Parameters
    ----------
    sizes : sequence of int
        Columns of X, units of each hidden layer, logits: (26, 32, 16, 1).
    rng : numpy.random.Generator
        Draws the weights.
    dtype : dtype
        float32 or float64; the network computes in it.
    output_bias : float or array_like, shape (K,)
        First bias of the logits, such as logit(base rate) or ln(prior).
    output_scale : float
        Factor > 0 on the weights of the last layer.

    Returns
    -------
    Network
        Named tuple of `weights` and `biases`, one array each a layer.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described; the message names it and shows the value.

    Examples
    --------
    >>> net = init_mlp((2, 8, 1), rng=np.random.default_rng(0), output_bias=-6.0)
    >>> [W.shape for W in net.weights], net.biases[-1]
    ([(2, 8), (8, 1)], array([-6.]))
    >>> len(init_mlp((2, 1), rng=np.random.default_rng(0)).weights)  # logistic regression
    1

    References
    ----------
    He et al. (2015), "Delving deep into rectifiers", doi:10.1109/ICCV.2015.123.
    """
    if not isinstance(sizes, tuple | list) or len(sizes) < 2:
        raise ValueError(f"sizes must be two or more integers; got {sizes!r}")
    sizes = [_checks.check_integer("sizes", size, 1) for size in sizes]
    _checks.check_generator(rng)
    if dtype not in (np.float32, np.float64, "float32", "float64"):
        raise ValueError(f"dtype must be float32 or float64; got {dtype!r}")
    scale = _checks.check_positive("output_scale", output_scale)
    bias = _checks.check_range("output_bias", output_bias, -1e30, 1e30, "lie within ±1e30")
    if bias.ndim and bias.shape != (sizes[-1],):
        raise ValueError(f"output_bias must have shape ({sizes[-1]},); got {bias.shape}")

    scales = [math.sqrt(2 / fan_in) for fan_in in sizes[:-1]]
    scales[-1] *= scale
    pairs = zip(scales, pairwise(sizes), strict=True)
    weights = [rng.normal(scale=s, size=pair) for s, pair in pairs]
    biases = [np.zeros(fan_out) for fan_out in sizes[1:]]
    biases[-1] += bias
    return Network(*(tuple(x.astype(dtype) for x in part) for part in (weights, biases)))


def mlp_logits(net: Network, X: ArrayLike) -> NDArray[Any]:
    """Logits of an MLP: the forward pass.

    Parameters
    ----------
    net : Network
        From `init_mlp` or `fit_mlp`.
    X : array_like, shape (n, d)
        Finite features.

    Returns
    -------
    ndarray, shape (n,) for one logit, else (n, K)
        Logits, in the network's dtype.

    Raises
    ------
    TypeError, ValueError
        If `net` is no Network; if `X` is not a finite table with the network's d columns.

    Examples
    --------
    >>> net = Network((np.array([[1.0], [-1.0]]),), (np.array([0.5]),))
    >>> mlp_logits(net, [[3.0, 1.0]])  # 3 − 1 + 0.5
    array([2.5])
    >>> mlp_logits(net, [[1000.0, 0.0]])
    array([1000.5])
    """
    return _in_parts(net, X, partial(_mlp.logits, net))


def mlp_features(net: Network, X: ArrayLike) -> NDArray[Any]:
    """Activations of the penultimate layer, in which the logits are linear.

    Parameters
    ----------
    net : Network
        From `init_mlp` or `fit_mlp`.
    X : array_like, shape (n, d)
        Finite features.

    Returns
    -------
    ndarray, shape (n, h)
        Activations ≥ 0; X itself where there is no hidden layer.

    Raises
    ------
    TypeError, ValueError
        If `net` is no Network; if `X` is not a finite table with the network's d columns.

    Examples
    --------
    >>> net = Network((np.array([[1.0, -1.0]]), np.ones((2, 1))), (np.zeros(2), np.zeros(1)))
    >>> mlp_features(net, [[3.0], [-2.0]])  # max(0, x) and max(0, −x)
    array([[3., 0.],
           [0., 2.]])
    >>> mlp_logits(net, [[3.0], [-2.0]])  # their sum is |x|
    array([3., 2.])
    """
    return _in_parts(net, X, lambda a: a)


def mlp_gradients(
    net: Network,
    X: ArrayLike,
    targets: ArrayLike,
    *,
    loss: str | Slopes = "cross_entropy",
    pos_weight: float | None = None,
    sample_weight: ArrayLike | None = None,
    l2: float = 0.0,
) -> Network:
    """Gradients of an MLP's mean loss in every weight and bias: the backward pass.

    Parameters
    ----------
    net : Network
        From `init_mlp` or `fit_mlp`.
    X : array_like, shape (n, d)
        Finite features.
    targets : array_like, shape (n,) for one logit, else (n, K)
        Labels in [0, 1], or rows that sum to 1; hard or soft.
    loss : {"cross_entropy", "squared_error"} or callable
        Of sigmoid or softmax probabilities; "squared_error" is ½ Σ (p − t)². A callable
        (targets, logits) returns the slopes of a loss in the logits, per row, no 1/n.
    pos_weight : float, optional
        w > 0, inside the cross-entropy of the positives of a single logit.
    sample_weight : array_like, shape (n,), optional
        Weights ≥ 0: the mean is Σ w·loss / Σ w.
    l2 : float
        Penalty ½·l2·Σ W² ≥ 0 beside the mean loss, not on the biases.

    Returns
    -------
    Network
        Each gradient where the network has its parameter.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, or `pos_weight` not meant; if `loss` returns slopes
        of another shape or that are not finite.

    Examples
    --------
    >>> net = Network((np.array([[0.0]]),), (np.array([0.0]),))
    >>> mlp_gradients(net, [[2.0]], [1]).weights[0]  # x·(σ(z) − y) = 2·(½ − 1)
    array([[-1.]])
    >>> wrong = Network((np.array([[-20.0]]),), (np.array([0.0]),))  # p = e^−40 for y = 1
    >>> for loss in ("cross_entropy", "squared_error"):
    ...     print(mlp_gradients(wrong, [[2.0]], [1], loss=loss).weights[0])
    [[-2.]]
    [[-8.49670851e-18]]

    References
    ----------
    Rumelhart, Hinton & Williams (1986), "Learning representations by back-propagating errors",
    doi:10.1038/323533a0.
    """
    X, t, share, slopes, l2 = _task(net, X, targets, loss, pos_weight, sample_weight, l2)
    return _mlp.gradients(net, X.astype(net.biases[-1].dtype, copy=False), t, share, slopes, l2)


def fit_mlp(
    net: Network,
    X: ArrayLike,
    targets: ArrayLike,
    *,
    epochs: int,
    rng: np.random.Generator,
    batch_size: int = 256,
    learning_rate: float = 1e-3,
    schedule: str = "constant",
    loss: str | Slopes = "cross_entropy",
    pos_weight: float | None = None,
    sample_weight: ArrayLike | None = None,
    l2: float = 0.0,
    callback: Callable[[int, Network], Any] | None = None,
) -> Network:
    """Train an MLP by Adam on shuffled minibatches; the network that comes in stays as it was.

    Parameters
    ----------
    net : Network
        Where to start: from `init_mlp`, or from `fit_mlp` to go on.
    X, targets, loss, pos_weight, sample_weight, l2
        As for `mlp_gradients`. Weights are divided by their mean over all rows, so that an epoch
        of minibatches counts each row as the full batch would.
    epochs : int
        Passes over the data, ≥ 1.
    rng : numpy.random.Generator
        Shuffles the rows.
    batch_size : int
        Rows a step, ≥ 1; the last batch of an epoch may be smaller.
    learning_rate : float
        Adam's step > 0, about how far each parameter moves.
    schedule : {"constant", "cosine"}
        Cosine lowers the learning rate at each epoch, from the whole towards 0.
    callback : callable, optional
        callback(epoch, net) after each epoch, epoch = 1..epochs; `net` may be kept.

    Returns
    -------
    Network
        The trained network.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described; the message names it and shows the value.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X, xor = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    >>> net = init_mlp((2, 8, 1), rng=rng)
    >>> net = fit_mlp(net, X, xor, epochs=400, rng=rng, learning_rate=0.05)
    >>> (mlp_logits(net, X) > 0).astype(int)
    array([0, 1, 1, 0])
    >>> fit_mlp(net, X, xor, epochs=0, rng=rng)
    Traceback (most recent call last):
    ValueError: epochs must be at least 1; got 0

    References
    ----------
    Kingma & Ba (2015), "Adam: a method for stochastic optimization", arXiv:1412.6980.
    """
    X, t, share, slopes, l2 = _task(net, X, targets, loss, pos_weight, sample_weight, l2)
    epochs = _checks.check_integer("epochs", epochs, 1)
    batch_size = _checks.check_integer("batch_size", batch_size, 1)
    learning_rate = _checks.check_positive("learning_rate", learning_rate)
    _checks.check_choice("schedule", schedule, ("constant", "cosine"))
    _checks.check_generator(rng)
    if not (callback is None or callable(callback)):
        raise TypeError(f"callback must be a function or None; got {callback!r}")

    net = _mlp.nudged(net)
    moments = [(np.zeros_like(p), np.zeros_like(p)) for p in _mlp.flat(net)]
    step = 0
    for epoch in range(epochs):
        rate = learning_rate
        if schedule == "cosine":
            rate *= (1 + math.cos(math.pi * epoch / epochs)) / 2
        order = rng.permutation(len(X))
        for start in range(0, len(X), batch_size):
            rows = order[start : start + batch_size]
            batch = X.take(rows, axis=0).astype(net.biases[-1].dtype, copy=False)
            weight = None if share is None else share[rows]
            step += 1
            gradients = _mlp.gradients(net, batch, t[rows], weight, slopes, l2)
            net = _mlp.adam_step(net, gradients, moments, rate, step)
        if callback is not None:
            callback(epoch + 1, net)
    return net


def _in_parts(net: Network, X: ArrayLike, last: Callable[..., NDArray[Any]]) -> NDArray[Any]:
    """last(activations) of some rows at a time: wide layers of many rows need no memory."""
    X, dtype = _features(net, X), net.biases[-1].dtype
    parts = (X[i : i + ROWS].astype(dtype, copy=False) for i in range(0, len(X), ROWS))
    return np.concatenate([last(_mlp.activations(net, part)[-1]) for part in parts])


def _features(net: Any, X: ArrayLike) -> NDArray[Any]:
    if not isinstance(net, Network):
        raise TypeError(f"net must be a Network; got {net!r}")
    dtype = net.biases[-1].dtype
    largest = float(np.finfo(dtype).max)
    X = _checks.check_range("X", X, -largest, largest, f"be finite in {dtype}")
    if X.shape != (len(X) if X.ndim else 0, columns := len(net.weights[0])):
        raise ValueError(f"X must have shape (n, {columns}); got {X.shape}")
    return X


def _task(net, X, targets, loss, pos_weight, sample_weight, l2):
    """Features, targets, weights of mean 1, the function of the slopes, and the penalty."""
    X, units, dtype = _features(net, X), len(net.biases[-1]), net.biases[-1].dtype
    shape = (len(X),) if units == 1 else (len(X), units)
    if callable(loss):
        t, slopes = _checks.check_numbers("targets", targets), loss
        shape = (len(X), *t.shape[1:])  # what a row's target is, the loss must know
    else:
        _checks.check_choice("loss", loss, ("cross_entropy", "squared_error"))
        check = _checks.check_probabilities if units == 1 else _checks.check_distributions
        t = check("targets", targets).astype(dtype, copy=False)
        slopes = _mlp.GRADS[loss, units == 1]
    if t.shape != shape:
        raise ValueError(f"targets must have shape {shape}; got {t.shape}")
    if pos_weight is not None:
        if slopes is not binary_cross_entropy_with_logits_grad:
            shown = f"got {pos_weight!r} for loss {loss!r} and {units} logits"
            raise ValueError(f"pos_weight must go with the cross-entropy of one logit; {shown}")
        slopes = partial(slopes, pos_weight=_checks.check_positive("pos_weight", pos_weight))
    share = None
    if sample_weight is not None:
        w = _checks.check_weights("sample_weight", sample_weight)
        if w.shape != X.shape[:1]:
            raise ValueError(f"sample_weight must have shape {X.shape[:1]}; got {w.shape}")
        share = (w / (_evaluate.weight_sum(w) / w.size)).astype(dtype)
    return X, t, share, slopes, _checks.check_not_negative("l2", l2)
