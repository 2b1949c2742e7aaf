"""A network of notebook 13 that reads: the next letter from the last six, after Bengio et al. 2003.

Each letter is a point, a row of a table that is learned; the points of the last letters side by
side go through one hidden layer to the logits of the 27 symbols.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cehelpers import init_mlp, softmax
from cehelpers._mlp import nudged

from .ngrams import K, windows


class Network(NamedTuple):
    """The parameters, or the slope of the loss in each of them."""

    points: NDArray  # (27, width): where each letter lies
    W: NDArray  # (memory · width, hidden)
    b: NDArray
    V: NDArray  # (hidden, 27)
    c: NDArray


def start(rng: np.random.Generator, memory: int = 6, width: int = 16, hidden: int = 256) -> Network:
    """A network that has read nothing, in float32."""
    points = 0.3 * rng.normal(size=(K, width))
    sizes = (memory * width, hidden, K)
    (W, V), (b, c) = nudged(init_mlp(sizes, rng=rng, dtype=np.float32))
    return Network(np.float32(points), W, b, V, c)


def forward(net: Network, seen: NDArray) -> tuple[NDArray, NDArray, NDArray]:
    """What goes in, the hidden layer and the logits, for windows of shape (n, memory)."""
    x = net.points[seen].reshape(len(seen), -1)
    hidden = np.maximum(x @ net.W + net.b, 0)
    return x, hidden, hidden @ net.V + net.c


def slopes(net: Network, seen: NDArray, true: NDArray) -> Network:
    """The slopes of the mean loss in nats, by the chain rule from the logits back."""
    x, hidden, z = forward(net, seen)
    letter = np.eye(K, dtype=x.dtype)
    dz = (softmax(z).astype(x.dtype) - letter[true]) / len(true)  # p − y, notebook 05
    dhidden = dz @ net.V.T * (hidden > 0)
    dx = (dhidden @ net.W.T).reshape(seen.size, -1)
    return Network(
        points=letter[seen.ravel()].T @ dx,  # each letter gathers what its places say
        W=x.T @ dhidden,
        b=dhidden.sum(axis=0),
        V=hidden.T @ dz,
        c=dz.sum(axis=0),
    )


def train(
    net: Network,
    letters: NDArray,
    *,
    rng: np.random.Generator,
    steps: int,
    batch: int = 256,
    rate: float = 3e-3,
    callback: Callable[[], None] = lambda: None,
) -> Network:
    """Read a text: Adam on random places of it, with a rate that falls to 0.

    Parameters
    ----------
    letters : ndarray of int, shape (n,)
        The text, as `ngrams.codes` has it.
    steps, batch : int
        How many steps, and how many places of the text each looks at.
    rate : float
        Of the first step.
    callback : callable
        Called after each step.
    """
    seen = windows(letters, len(net.W) // net.points.shape[1])
    net = Network(*(part.copy() for part in net))
    moments = [(np.zeros_like(part), np.zeros_like(part)) for part in net]
    for step in range(steps):
        places = rng.integers(len(letters), size=batch)
        found = slopes(net, seen[places], letters[places])
        now = np.float32(rate * (1 - step / steps))
        for part, slope, (m, v) in zip(net, found, moments, strict=True):
            m += np.float32(0.1) * (slope - m)
            v += np.float32(0.01) * (slope * slope - v)
            part -= now * m / (np.sqrt(v) + np.float32(1e-8))
        callback()
    return net


def probabilities(net: Network, letters: NDArray) -> NDArray[np.float64]:
    """Forecasts for each letter of a text from those before it, shape (n, 27)."""
    _, _, z = forward(net, windows(letters, len(net.W) // net.points.shape[1]))
    return softmax(z.astype(float))
