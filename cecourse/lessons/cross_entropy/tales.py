"""The three tales of notebook 02: their letters, and code books made of letter counts."""

import functools
from collections import Counter
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

CODES = ("en", "de", "fr")


@functools.cache
def letters() -> dict[str, str]:
    """The letters of each tale, by the code of its language."""
    data = files(__package__)
    texts = {c: (data / f"red_riding_hood_{c}.txt").read_text("utf-8").lower() for c in CODES}
    return {code: "".join(filter(str.isalpha, text)) for code, text in texts.items()}


@functools.cache
def alphabet() -> list[str]:
    """The letters that stand in any of the three tales."""
    return sorted(set("".join(letters().values())))


def book_of(code: str, extra: float) -> NDArray:
    """A tale's letter frequencies, each letter of the alphabet counted `extra` times more."""
    found = Counter(letters()[code])
    counts = np.array([found[letter] for letter in alphabet()]) + extra
    return counts / counts.sum()
