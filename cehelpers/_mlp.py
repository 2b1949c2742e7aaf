"""Layer 3: the formulas of a small network, on arrays that networks.py has checked.

Forward: a₀ = X, a_l = max(0, a_{l−1} W_l + b_l), logits z = a W + b. The backward pass is the chain
rule read from right to left, and Adam takes the steps.
"""

import os
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cehelpers.activations import sigmoid, softmax
from cehelpers.binary_losses import binary_cross_entropy_with_logits_grad
from cehelpers.categorical_losses import categorical_cross_entropy_with_logits_grad

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8  # Adam's, as published
NUDGE = 1e-7  # relative; the last bit of a float32


class Network(NamedTuple):
    """Weights (fan_in, fan_out) and biases (fan_out,) of each layer; also their gradients."""

    weights: tuple[NDArray[Any], ...]
    biases: tuple[NDArray[Any], ...]


def activations(net: Network, X: NDArray[Any]) -> list[NDArray[Any]]:
    """a₀ = X and a_l = max(0, a_{l−1} W_l + b_l) of the hidden layers."""
    layers = [X]
    for W, b in zip(net.weights[:-1], net.biases[:-1], strict=True):
        z = layers[-1] @ W
        z += b
        layers.append(np.maximum(z, 0, out=z))
    return layers


def logits(net: Network, a: NDArray[Any]) -> NDArray[Any]:
    z = a @ net.weights[-1]
    z += net.biases[-1]
    return z[:, 0] if z.shape[1] == 1 else z


def gradients(net, X, t, share, slopes, l2) -> Network:
    """Chain rule, from the slopes in the logits back to the first layer."""
    layers = activations(net, X)
    z = logits(net, layers[-1])
    slope = np.asarray(slopes(t, z), dtype=z.dtype)
    if slope.shape != z.shape or not np.isfinite(slope).all():
        shown = f"got shape {slope.shape}" if slope.shape != z.shape else f"got {slope}"
        raise ValueError(f"loss must return finite slopes of shape {z.shape}; {shown}")
    delta = slope.reshape(len(X), -1) / len(X)  # of the mean
    if share is not None:
        delta *= share[:, None]
    d_weights, d_biases = [], []
    for layer in reversed(range(len(layers))):
        a, W = layers[layer], net.weights[layer]
        # z = a W + b, so ∂/∂W = aᵀδ and ∂/∂b = Σ δ over the rows
        d_weights.append(a.T @ delta + l2 * W if l2 else a.T @ delta)
        d_biases.append(delta.sum(axis=0))
        if layer:
            # ∂/∂a = δ Wᵀ, and a = max(0, z) passes it on where it is alive
            delta = delta @ W.T
            delta *= a > 0
    return Network(tuple(reversed(d_weights)), tuple(reversed(d_biases)))


def nudged(net: Network) -> Network:
    """The network as it is; with CEHELPERS_NUDGE=1, 2, … each weight moved by its last bit or so.

    Training makes of it what another processor's rounding makes of the same weights. CI builds the
    notebooks in such a world, too: what it moves in their words is no result.
    """
    seed = os.environ.get("CEHELPERS_NUDGE")
    if not seed:
        return net
    rng = np.random.default_rng(int(seed))
    signs = [rng.choice((-1, 1), W.shape) for W in net.weights]
    pairs = zip(net.weights, signs, strict=True)
    return net._replace(weights=tuple((W * (1 + NUDGE * s)).astype(W.dtype) for W, s in pairs))


def adam_step(net: Network, slopes: Network, moments, rate: float, step: int) -> Network:
    """One step along the running mean of the gradient, over the root of that of its square."""
    moved = []
    for parameter, g, (m, v) in zip(flat(net), flat(slopes), moments, strict=True):
        m += (1 - BETA1) * (g - m)
        v += (1 - BETA2) * (g * g - v)
        # both means start at 0: divide by the weight of what they have seen
        direction = (m / (1 - BETA1**step)) / (np.sqrt(v / (1 - BETA2**step)) + EPSILON)
        moved.append(parameter - rate * direction)
    layers = len(net.weights)
    return Network(tuple(moved[:layers]), tuple(moved[layers:]))


def flat(net: Network) -> tuple[NDArray[Any], ...]:
    return net.weights + net.biases


def squared_error_grad(targets: NDArray[Any], z: NDArray[Any]) -> NDArray[Any]:
    """Slopes of ½ Σ (p − t)²: those of the cross-entropy times the slope of p in z."""
    if z.ndim == 1:
        error = binary_cross_entropy_with_logits_grad(targets, z)
        return error * sigmoid(z) * sigmoid(-z)
    error, p = categorical_cross_entropy_with_logits_grad(targets, z), softmax(z)
    return p * (error - (p * error).sum(axis=-1, keepdims=True))


GRADS = {  # of a loss, for one logit or for K
    ("cross_entropy", True): binary_cross_entropy_with_logits_grad,
    ("cross_entropy", False): categorical_cross_entropy_with_logits_grad,
    ("squared_error", True): squared_error_grad,
    ("squared_error", False): squared_error_grad,
}
