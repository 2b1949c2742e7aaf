"""An eps in the places where people put one, so that a logarithm never meets 0."""

import numpy as np

# -- of p alone, for ln p


def clipped(p, eps):
    """Clipped at both ends."""
    return np.clip(p, eps, 1 - eps)


def raised(p, eps):
    """Clipped at the lower end."""
    return np.maximum(p, eps)


def added(p, eps):
    """Moved up a little."""
    return np.asarray(p) + eps


GUARDS = (clipped, raised, added)
USUAL = tuple(10.0**-k for k in range(3, 17))  # sizes to list where the answer is one number

# -- of p and 1 − p, for ln p and ln(1 − p)


def both_clipped(p, eps):
    """A clip before the 1 − p."""
    return clipped(p, eps), 1 - clipped(p, eps)


def low_end_clipped(p, eps):
    """A clip of p alone, and 1 − p made from it: 0 where p is 1."""
    return raised(p, eps), 1 - raised(p, eps)


def both_raised(p, eps):
    """A clip of each argument."""
    return raised(p, eps), raised(1 - np.asarray(p), eps)


def both_moved(p, eps):
    """The eps added inside each logarithm."""
    return added(p, eps), added(1 - np.asarray(p), eps)


PAIRS = (both_clipped, low_end_clipped, both_raised, both_moved)
