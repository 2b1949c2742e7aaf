"""A second derivation of every answer: a module for each lesson, named like it.

A function carries the name of its exercise and gives the same answer by another road: in 50-digit
arithmetic, with fractions, by counting, by a search, or by a function of the package, of SciPy or
of scikit-learn that the solution does not use. Where the answer is a function, the derivation takes
its arguments. Where it is an option, every option is put to the test, and named by words that stand
in it: options that change places are noticed. What cannot be computed is in `SAID`: words of the
option, and a sentence of the notebook that says so.
"""

from collections.abc import Callable

from mpmath import mp, mpf


def derivative(f: Callable, x: float, order: int = 1) -> float:
    """A difference quotient in 60 digits, so that 25 of them are right."""
    with mp.workdps(60):
        h = mpf(10) ** -20
        x = mpf(x)
        if order == 1:
            return float((f(x + h) - f(x - h)) / (2 * h))
        return float((f(x + h) - 2 * f(x) + f(x - h)) / h**2)


def lowest(losses: dict) -> str:
    """The option with the smallest loss."""
    return min(losses, key=losses.get)


def only(options: dict) -> str:
    """The one option that holds."""
    (words,) = (words for words, holds in options.items() if holds)
    return words
