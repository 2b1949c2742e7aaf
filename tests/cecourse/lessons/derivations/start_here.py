"""Notebook 00: the natural logarithm as an area."""

from scipy.integrate import quad


def rain():
    return quad(lambda x: 1 / x, 0.6, 1)[0]
