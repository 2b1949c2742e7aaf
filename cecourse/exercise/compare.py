"""Is this the number that was asked for, and if not, what can be said without giving it away?"""

import contextlib
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from ..language import N_, _


class NotNumbers(ValueError):
    """The answer is not a number or an array of them; the message tells the learner so."""


def has_ellipsis(value: Any) -> bool:
    """Whether `...` still stands in an answer: as the answer, or inside a list, tuple or array."""
    rest, seen = [value], set()
    while rest:
        part = rest.pop()
        if part is ...:
            return True
        if id(part) in seen:  # a list may hold itself
            continue
        if isinstance(part, list | tuple):
            seen.add(id(part))
            with contextlib.suppress(Exception):  # a list of a learner's own making
                rest.extend(part)
        elif isinstance(part, np.ndarray) and part.dtype == object:
            seen.add(id(part))
            rest.extend(part.flat)
    return False


def _nested(value: Any, limit: int = 16) -> bool:
    """Whether lists stand in lists too deep to be an array; NumPy would follow them for ever."""
    level = {id(value): value} if isinstance(value, list | tuple) else {}
    try:
        for _ in range(limit):
            parts = (x for part in level.values() for x in part)
            level = {id(x): x for x in parts if isinstance(x, list | tuple)}
    except Exception:  # a list of a learner's own making
        return True
    return bool(level)


def safely(write: Callable[[Any], str], value: Any) -> str:
    """`str` or `repr` of what a learner made, whose own method may fail."""
    try:
        return write(value)
    except Exception:
        return _("an object of type {kind}").format(kind=type(value).__name__)


def bare(value: Any) -> str:
    """An option without its quotes, brackets and capitals: "(B)" is b."""
    return safely(str, value).strip().strip("().:'\"").lower()


def alike(a: Any, b: Any) -> bool:
    """Whether two values that are no numbers are of one type and equal."""
    try:
        return type(a) is type(b) and bool(a == b)
    except Exception:  # the comparison may be a learner's own
        return False


def numbers(value: Any, *, truth: bool = False) -> np.ndarray:
    """An answer as a float64 array of its own shape.

    Parameters
    ----------
    value : number, array-like of numbers
        Python and NumPy numbers, fractions, lists, tuples, arrays of any shape.
    truth : bool
        Whether a lone True or False may count as 1 or 0.

    Returns
    -------
    ndarray
        A copy, of shape () for one number.

    Raises
    ------
    NotNumbers
        With a sentence for the learner, if this is anything else.
    """
    if value is None:
        raise NotNumbers(_("Your answer is `None`: did you forget a `return`, or use `print`?"))
    if isinstance(value, str):
        raise NotNumbers(_about_text(value))
    if isinstance(value, bool | np.bool_) and not truth:
        raise NotNumbers(_("A number is asked for, and your answer is a truth value."))
    if callable(value):
        raise NotNumbers(_("Your answer is a function: call it, with brackets, to get its result."))
    if _nested(value):
        raise NotNumbers(
            _("Your answer is a list in a list in a list …: they are nested too deeply.")
        )
    try:
        array = np.array(value)
    except Exception:
        raise NotNumbers(_("The rows of your answer differ in length.")) from None
    if array.dtype.kind in "US" or (
        array.dtype == object and any(isinstance(part, str) for part in array.flat)
    ):
        raise NotNumbers(_("Your answer holds text; write its numbers without quotes."))
    if array.dtype.kind == "c":
        raise NotNumbers(_("Your answer is a complex number; a real one is asked for."))
    try:
        if array.dtype.kind in "biufO":
            return array.astype(np.float64)
        raise TypeError
    except OverflowError:
        raise NotNumbers(_("Your answer is larger than any float.")) from None
    except Exception:
        kind = type(value).__name__
        text = _("A number or an array is asked for, and your answer is of type `{kind}`.")
        raise NotNumbers(text.format(kind=kind)) from None


def _about_text(text: str) -> str:
    """A sentence about an answer that is a string."""
    text = text.strip()
    if re.fullmatch(r"[-−+*/^().\d\s]*\d[-−+*/^().\d\s]*(bits?|nats?)?", text):
        return _("Your answer is text; write the number without quotes, and without a unit.")
    if not re.fullmatch(r"[-−+]?[\d.,]+\s*%?", text):
        return _("A number is asked for, and your answer is text.")
    if text.endswith("%"):
        return _("Your answer is text in per cent; write a number between 0 and 1, without quotes.")
    return _("Your answer is text; write the number without quotes.")


@np.errstate(all="ignore")
def _half_unit(x: np.ndarray, digits: int) -> np.ndarray:
    """Half a unit in the last of `digits` significant digits; 0 counts as 1."""
    size = np.where(np.isfinite(x) & (x != 0), np.abs(x), 1.0)
    half = 0.5 * 10.0 ** (np.floor(np.log10(size)) - (digits - 1))
    return half * (1 + 1e-9)  # so that 0.1625 is both 0.162 and 0.163


def same(
    a: np.ndarray, s: np.ndarray, digits: int = 3, atol: float = 0.0, zero: float | None = None
) -> bool:
    """Whether an answer has the solution's shape and, entry by entry, its first digits.

    Parameters
    ----------
    a, s : ndarray
        An answer and a solution. inf equals inf and nan equals nan.
    digits : int
        How many significant digits must be right. The unit of the last is the finer one of a and s:
        for s = 1 it is 0.01 above s, and 0.001 below, where 0.995 would be another number.
    atol : float
        An absolute tolerance that is granted in any case.
    zero : float, optional
        How far from 0 an answer may lie where s is 0; half a unit in the last of so many decimals
        unless given.
    """
    return a.shape == s.shape and bool(np.all(_fits(a, s, digits, atol, zero)))


def _fits(
    a: np.ndarray, s: np.ndarray, digits: int, atol: float, zero: float | None = None
) -> np.ndarray:
    half = np.minimum(_half_unit(s, digits), _half_unit(a, digits))
    half = np.where(s == 0, 0.5 * 10.0**-digits if zero is None else zero, half)
    return _near(a, s, np.maximum(half, atol))


@np.errstate(all="ignore")
def _near(a: np.ndarray, s: np.ndarray, tolerance: np.ndarray) -> np.ndarray:
    near = np.isfinite(s) & (np.abs(a - s) <= tolerance)
    return (a == s) | (np.isnan(a) & np.isnan(s)) | near


def rounded(s: np.ndarray, digits: int = 3) -> np.ndarray:
    """An array with every entry rounded to so many significant digits."""
    return np.vectorize(lambda x: float(f"{x:.{digits - 1}e}"), otypes=[float])(s)


def is_rounding(a: np.ndarray, s: np.ndarray, digits: int = 3, least: int = 2) -> bool:
    """Whether an answer is the number that was asked for, with too few digits, `least` or more."""
    if a.shape or s.shape or not np.isfinite(s) or s == 0:
        return False
    return any(a == rounded(s, k) for k in range(least, digits))


_FACTORS = [
    (
        100.0,
        N_(
            "It is off by a factor of 100: per cent for a fraction, or a sum over a hundred for a "
            "mean?"
        ),
    ),
    (2.0, N_("It is off by a factor of 2.")),
    (10.0, N_("It is off by a factor of 10.")),
]


def difference(
    a: np.ndarray, s: np.ndarray, digits: int = 3, atol: float = 0.0, least: int = 2
) -> str:
    """A sentence about how a wrong answer differs, which does not hold the right one.

    `least` is the number of digits from which on it may have been rounded too early.
    """
    if a.shape != s.shape:
        return _shapes(a, s, digits, atol)
    if np.any(np.isnan(a) & ~np.isnan(s)):
        return _(
            "There is a nan in it; 0·inf, inf − inf, the log of a negative number and a mean of "
            "nothing, which is 0/0, make one."
        )
    if np.any(np.isinf(a) & ~np.isinf(s)):
        return _("There is an infinity in it; log 0 and a division by 0 make one.")
    if same(-a, s, digits, atol):
        return _("The size is right and the sign is not.")
    off = _factor(a, s, atol)
    if off:
        return _(off)
    if s.ndim:
        return _entries(a, s, digits, atol)
    if is_rounding(a, s, digits, least):
        return _(
            "Close, but not to {digits} significant digits (zeros in front do not count): carry "
            "every digit along and round only at the end."
        ).format(digits=digits)
    if 0 < s < 1 and s != 0.5 and same(a, np.log(s / (1 - s)), digits):
        return _("It is the log-odds of what was asked for. Which function leads back from them?")
    if np.isfinite(s) and np.sign(a) * np.sign(s) < 0:
        return _("Look at its sign first.")
    if s != 0 and abs(a - s) < abs(s) / 100:
        rest = _("Is it a small term, or was something rounded on the way?")
        if a > s:
            return _("It is too large, by less than one part in a hundred.") + f" {rest}"
        return _("It is too small, by less than one part in a hundred.") + f" {rest}"
    return _("It is too large.") if a > s else _("It is too small.")


@np.errstate(all="ignore")
def _factor(a: np.ndarray, s: np.ndarray, atol: float) -> str | None:
    """Which known factor parts an answer from the solution, if any.

    To a thousandth, or to three digits where the answer was rounded to three: 20 bits are 13.863
    nats, and with 13.8 nats they have nothing to do.
    """
    if np.count_nonzero(s) < min(s.size, 2):
        return None  # one entry alone is off by some factor in any case
    given = a[np.isfinite(a)]
    three = np.all(given == rounded(given, 3)) and np.any(given != rounded(given, 2))
    slack = np.maximum(_half_unit(a, 3) if three else 0.0, atol)
    for factor, text in _FACTORS:
        for t in (s * factor, s / factor):
            if np.all(_near(a, t, np.maximum(1e-3 * np.abs(t), slack))):
                return text
    return None


def _shapes(a: np.ndarray, s: np.ndarray, digits: int, atol: float) -> str:
    wanted, given = _shape(s), _shape(a)
    text = _("The answer is {wanted} and yours is {given}").format(wanted=wanted, given=given)
    with np.errstate(all="ignore"):
        if not s.ndim and a.size > 1 and same(a.mean(), s, digits, atol):
            return text + _(": what is left to do is to average.")
        if not s.ndim and a.size > 1 and same(a.sum(), s, digits, atol):
            return text + _(": what is left to do is to add up.")
    if a.size == s.size and same(a.reshape(s.shape), s, digits, atol):
        return text + _("; the numbers themselves are right.")
    if same(a.T, s, digits, atol):
        return text + _("; the numbers are right, but rows and columns are exchanged.")
    return f"{text}."


def _shape(x: np.ndarray) -> str:
    return _("an array of shape {shape}").format(shape=x.shape) if x.ndim else _("one number")


def _entries(a: np.ndarray, s: np.ndarray, digits: int, atol: float) -> str:
    if same(np.sort(a, axis=None), np.sort(s, axis=None), digits, atol):
        return _("The numbers are right and their order is not.")
    with np.errstate(all="ignore"):
        # one entry alone is off by some factor in any case
        factor = np.nanmedian(a / s) if np.count_nonzero(s) > 1 else 0.0
        if np.isfinite(factor) and factor != 0 and same(a / factor, s, digits, atol):
            return _("Every entry is off by the same factor: look at the unit, or at the divisor.")
    fits = _fits(a, s, digits, atol)
    first = tuple(int(i) for i in np.argwhere(~fits)[0])
    text = _("{fit} of {all} entries fit; the first that does not is at index {place}.")
    place = first[0] if len(first) == 1 else first
    return text.format(fit=fits.sum(), all=s.size, place=place)


def short(value: Any) -> str:
    """A value in at most a line: four digits, and of a large array its shape alone."""
    try:
        array = np.asarray(None if _nested(value) else value)
        if array.dtype.kind in "fiu" and array.size <= 12:
            return _list(array.tolist())
        if isinstance(value, np.ndarray) and array.size > 12:
            return _shape(array)
    except Exception:  # ragged rows, strange objects: their repr will do
        pass
    text = " ".join(safely(repr, value).split())
    return text if len(text) <= 80 else text[:77] + "..."


def pasted(value: Any) -> str:
    """An input as it can be pasted into a cell, every digit in it."""
    if isinstance(value, np.ndarray):
        listed = repr(value.tolist()).replace("inf", "np.inf").replace("nan", "np.nan")
        return f"np.array({listed})"
    return safely(repr, value).replace("inf", "np.inf").replace("nan", "np.nan")


def _list(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_list(part) for part in value) + "]"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
