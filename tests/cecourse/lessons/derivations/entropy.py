"""Notebook 01: entropies by SciPy, by counting letters, and from a formula for equal choices."""

import re
from collections import Counter

import numpy as np
from mpmath import findroot, log, mpf
from scipy.stats import entropy as scipy_entropy

import cehelpers as ce

from . import only


def snow(p):
    """How often must 1 be halved?"""
    return float(findroot(lambda n: mpf(2) ** -n - mpf(str(p)), 4))


def spinner(p):
    return scipy_entropy([round(1000 * x) for x in p], base=2)


def strings():
    said = "S = PQPQPQPQPQPQ, T = QPPQPQQPPQPQ, U = PPPPPPPPPQQQ"
    h = {
        name: scipy_entropy(list(Counter(text).values()), base=2)
        for name, text in re.findall(r"(\w) = (\w+)", said)
    }
    most = {name for name in h if np.isclose(h[name], max(h.values()))}
    return only(
        {
            "of S, where no two neighbours agree": most == {"S"},
            "of T, where the letters are shuffled": most == {"T"},
            "of U, where one letter dominates": most == {"U"},
            "of S and of T, equally": most == {"S", "T"},
        }
    )


def back_from_nats(h):
    """The number of equal choices that have this entropy."""
    return float(findroot(lambda k: log(k) - mpf(str(h)), 3))


def entropy_in_bits(p):
    return ce.entropy(p, base=2)


def ten_letters(guesses):
    return scipy_entropy(list(Counter(guesses).values()), base=2)
