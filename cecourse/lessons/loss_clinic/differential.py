"""A differential diagnosis of a loss curve: what fits it, why, and what would part the suspects.

A rule gives a share from 0 (excluded) to 1 (all its signs are there) and the sentence why. It is an
order of suspects, no probability.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cached_property
from numbers import Real
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .cases import CAP, shortly
from .curves import read_curve, shown
from .diseases import ACCUMULATED, AXIS, DISEASES, HEALTHY, PADDED, TORCH, level_of, noise_floor

BITS, DIVERGES = "printed in bits", "a learning rate too high"
PARTED = {name: one.parted for name, one in DISEASES.items()} | {
    BITS: "the base of the logarithm in the code",
    DIVERGES: "a tenth of the learning rate",
}
DOUBT = 0.3  # what fits less is not a suspect
MOST = 10**9  # classes, or rows of a batch


class Fit(NamedTuple):
    """A suspect: how well it fits, 0 to 1, the sentence why, and what parts it from the others."""

    name: str
    fits: float
    why: str
    parted: str


class Curve:
    """A curve with what is known of its run, and the numbers that a doctor reads off it."""

    def __init__(self, steps: ArrayLike, classes=None, batch=None, new=None, accuracy=None):
        self.steps, self.classes, self.batch = np.asarray(steps, dtype=float), classes, batch
        self.new = None if new is None or not np.isfinite(new).all() else np.asarray(new)
        self.accuracy = accuracy
        self.finite = self.steps[np.isfinite(self.steps)]
        if not len(self.finite):
            self.finite = np.zeros(1)
        self.first, self.low = float(self.finite[0]), float(self.finite.min())
        self.end = float(self.finite[-max(1, len(self.finite) // 20) :].mean())

    @property
    def even(self) -> float:
        """ln K; where K is not known, the first loss, which is taken for it."""
        return math.log(self.classes) if self.classes else max(self.first, 1e-9)

    @property
    def known(self) -> int:
        """K, or the number of classes of which the first loss would be ln K."""
        return self.classes or max(2, round(math.exp(min(self.even, 20))))

    @cached_property
    def starts_even(self) -> float:
        """Whether it starts near ln K; half a yes where K is not known."""
        if not self.classes:
            return 0.6 * (0.5 < self.first < 12)
        return near(self.first, self.even, 0.04 * self.even + 0.02)

    @cached_property
    def falls(self) -> float:
        """Whether it loses a good part of its first loss."""
        return above((self.first - self.end) / (abs(self.first) + 1e-9), 0.1, 0.35)

    @cached_property
    def late(self) -> float:
        """The share of its fall that comes in its last third; about 1/6 in a straight line."""
        third = max(1, len(self.finite) // 3)
        late, sixth = self.finite[-third:], max(1, third // 2)
        gain = np.median(late[:sixth]) - np.median(late[-sixth:])
        return float(gain / (abs(self.first - self.end) + 1e-9))

    @property
    def flat(self) -> float:
        """Whether it has levelled off."""
        return 1 - above(self.late, 0.08, 0.25)

    @cached_property
    def jumps(self) -> float:
        """Half the mean square of a step's jump over the loss there, for each row of a batch.

        That is the variance of the rows' losses over their mean. Measured on the ward, it lies
        between ½ and 2 nats in every run whose rows count alike.
        """
        some = self.finite[len(self.finite) // 20 :]
        if len(some) < 8 or some.min() <= 0:
            return 0.0
        middle = (some[1:] + some[:-1]) / 2
        return float((np.diff(some) ** 2 / 2 / middle).mean()) * (self.batch or 64)

    @property
    def jumpy(self) -> float:
        """Whether that is more than the rows of a batch explain."""
        return above(self.jumps, 2.2, 3.6) * (1.0 if self.batch else 0.7)

    @property
    def climbs(self) -> float:
        """Whether the loss on new rows has turned and climbed."""
        return (
            0.0 if self.new is None else above(self.new[-1] / max(self.new.min(), 1e-9), 1.08, 1.3)
        )

    def over(self, unit: float) -> Curve:
        """The same run, had it been reported in another unit."""
        new = None if self.new is None else self.new / unit
        return Curve(self.steps / unit, self.classes, self.batch, new, self.accuracy)


def near(x: float, target: float, width: float) -> float:
    """1 at the target, 0.6 a width beside it, 0 far away."""
    away = min(abs(x - target) / max(abs(width), 1e-12), 30.0)
    return math.exp(-(away**2) / 2)


def above(x: float, low: float, high: float) -> float:
    """0 up to `low`, 1 from `high` on, a straight line between."""
    return float(np.clip((x - low) / (high - low), 0, 1))


# ---------------------------------------------------------------- the rules


def _say(x: float) -> str:
    return shortly(x, 3)


def _starts(c: Curve) -> str:
    if not c.classes:
        return f"it starts at {_say(c.first)}, which is ln K for K = {c.known}"
    return f"it starts at {_say(c.first)} (ln {c.classes} = {_say(c.even)})"


def _healthy(c: Curve) -> tuple[float, str]:
    kept = 1 - c.climbs
    ends = 1 - above(c.end / c.even, 0.35, 0.6)
    words = f"{_starts(c)} and falls to {_say(c.end)}"
    return 0.95 * c.starts_even * c.falls * ends * kept * (1 - 0.8 * c.jumpy), words


def _overconfident(c: Curve) -> tuple[float, str]:
    learnt = c.starts_even * (1 - above(c.end / c.even, 0.25, 0.45))
    if c.new is None:
        low = 1 - above(c.end / c.even, 0.05, 0.15)
        return 0.5 * learnt * low, f"it falls to {_say(c.end)}; only new rows could tell"
    words = f"on new rows the loss turns at {_say(c.new.min())} and climbs to {_say(c.new[-1])}"
    return learnt * c.climbs, words


def _jumping(c: Curve) -> tuple[float, str]:
    rows = max(1, round((c.batch or 64) / max(c.jumps, 1)))
    words = f"{_starts(c)}, learns, and jumps from step to step as if a batch had some {rows} rows"
    return c.starts_even * c.falls * c.jumpy * (1 - 0.5 * c.climbs), words


def _dead(c: Curve) -> tuple[float, str]:
    level = math.log(c.known)
    stays = 1 - above(abs(c.end - level) / level, 0.02, 0.1)
    return c.starts_even * stays, f"{_starts(c)} and is still at {_say(c.end)} at the end"


def _twice(c: Curve) -> tuple[float, str]:
    floor = level_of("softmax twice", c.known, None)
    room = max(c.even - floor, 1e-9)
    ends = 1 - above((c.end - floor) / room, 0.2, 0.45)
    low = float(np.quantile(c.finite, 0.1))  # a sum's short last batch does not count
    kept = above((low - floor) / room, -0.06, -0.01)
    right = 1.0 if c.accuracy is None else above(c.accuracy, 0.4, 0.7)
    words = f"it ends at {_say(c.end)} and was never below ln(e + K − 1) − 1 = {_say(floor)}"
    return c.starts_even * ends * kept * right, words


def _wrong(c: Curve) -> tuple[float, str]:
    level = above(c.end / c.even, 0.25, 0.4) * (1 - above(c.end / c.even, 0.8, 0.93))
    told = 0.8
    if c.accuracy is not None:
        told = near(
            c.end, noise_floor(min(1 - c.accuracy, 1 - 1 / c.known), c.known), 0.25 * c.even
        )
    words = f"{_starts(c)}, learns and levels off at {_say(c.end)}, far above 0"
    return c.starts_even * level * c.flat * told * (1 - 0.5 * c.jumpy), words


def _no_log(c: Curve) -> tuple[float, str]:
    if not c.finite.max() < 0:
        return 0.0, ""
    inside = above(c.low, -1.02, -1.0)
    start = near(c.first, -1 / c.classes, 0.35 / c.classes) if c.classes else 0.8
    return (
        inside * start,
        f"it is negative, from {_say(c.first)} to {_say(c.end)}, and never past −1",
    )


def _torch(c: Curve) -> tuple[float, str]:
    start = 1 - above(abs(c.first), 0.6, 1.5)
    sinks = above(-c.end, 1.0, 3.0) * above(c.late, 0.04, 0.1)
    return start * sinks, f"it starts at {_say(c.first)}, near 0, and falls on, to {_say(c.end)}"


def _swapped(c: Curve) -> tuple[float, str]:
    caps = {eps: -math.log(eps) for eps in (1e-7, 1e-8, 1e-10, 1e-12, 1e-15)}
    rest = 1 - 1 / c.classes if c.classes else 0.9
    eps, start = min(
        ((eps, rest * cap) for eps, cap in caps.items()), key=lambda one: abs(one[1] - c.first)
    )
    width = 0.015 * start if c.classes else 0.1 * start
    words = f"it starts at {_say(c.first)}, and (1 − 1/K)·(−ln {eps:g}) = {_say(start)}"
    return near(c.first, start, width) * c.falls, words


def _clip(c: Curve) -> tuple[float, str]:
    loud = above(c.first, 2.2 * c.even if c.classes else 5, 3 * c.even if c.classes else 9)
    loud *= 1 - above(c.finite.max(), CAP, 1.05 * CAP)
    if c.accuracy is None or c.new is None:
        hangs = above(c.end / max(c.first, 1e-9), 0.1, 0.4)
        return 0.8 * loud * hangs, f"it starts at {_say(c.first)} and hangs at {_say(c.end)}"
    share = float(c.new[-1]) / (CAP * max(1 - c.accuracy, 1e-3))
    words = f"on new rows its loss is {share:.2f} times −ln 1e-7 times the share of wrong rows"
    return 0.85 * loud * near(share, 1.05, 0.12), words


def _nan(c: Curve) -> tuple[float, str]:
    bad = ~np.isfinite(c.steps)
    if not bad.any():
        return 0.0, ""
    at = int(bad.argmax())
    return 1.0 if bad[at:].all() else 0.7, f"from step {at} on it is {c.steps[at]:g}"


def _summed(c: Curve) -> tuple[float, str]:
    if not c.batch:
        size = c.first / math.log(c.known) if c.classes else 0.0
        words = f"it starts at {_say(c.first)}, which is {size:.0f} ln K"
        return 0.6 * above(size, 7, 9), words
    if c.batch == 1:
        return 0.0, ""  # the sum of one row is its mean
    starts = {"ln K": c.even, "−1/K": -1 / c.known, "(1 − 1/K)·16.1": (1 - 1 / c.known) * CAP}
    if not c.classes:
        starts = {"ln K": c.first / c.batch} if 0.5 < c.first / c.batch < 8 else {}
    for words, level in starts.items():
        fits = near(c.first / c.batch, level, 0.05 * abs(level))
        if fits > DOUBT:
            share = fits if c.classes else 0.5
            return share, f"it starts at {_say(c.first)}: {c.batch} rows times {words}"
    return 0.0, ""


def _diluted(c: Curve) -> tuple[float, str]:
    if not c.classes:
        return 0.0, ""
    starts = {f"ln {c.classes}": c.even, f"−1/{c.classes}": -1 / c.classes}
    for words, level in starts.items():
        share = c.first / level
        if 0 < share < 1:
            fits = above(share, 0.25, 0.4) * (1 - above(share, 0.88, 0.95))
            return fits, f"it starts at {_say(c.first)}, which is {share:.0%} of {words}"
    return 0.0, ""


def _axis(c: Curve) -> tuple[float, str]:
    if not c.batch:
        ends = near(c.end, c.first - c.even, 0.15 * c.even) if c.classes else 0.0
        words = (
            f"it starts at {_say(c.first)}, which is ln of {math.exp(min(c.first, 20)):.0f} rows"
        )
        return 0.7 * ends * above(c.first / c.even, 1.15, 1.4), words
    level = math.log(c.batch)
    words = (
        f"it starts at {_say(c.first)}, and ln {c.batch} = {_say(level)}: ln of the rows, not of K"
    )
    return near(c.first, level, 0.015 * level) * above(c.low, -0.01, 0.0), words


def _bits(c: Curve) -> tuple[float, str]:
    if not c.classes:
        return 0.0, ""
    words = f"it starts at {_say(c.first)} = log₂ {c.classes}, which is ln K over ln 2"
    return 0.8 * near(c.first, c.even / math.log(2), 0.02 * c.even) * c.falls, words


def _diverges(c: Curve) -> tuple[float, str]:
    up = above(c.end / max(c.first, 1e-9), 1.1, 2.0) * (c.first > 0)
    return up, f"it climbs, from {_say(c.first)} to {_say(c.end)}"


RULES: dict[str, Callable[[Curve], tuple[float, str]]] = {
    HEALTHY: _healthy,
    "overconfidence": _overconfident,
    ACCUMULATED: _jumping,
    "dead inputs": _dead,
    "softmax twice": _twice,
    "wrong labels": _wrong,
    "log missing": _no_log,
    TORCH: _torch,
    "arguments swapped": _swapped,
    "eps clipping": _clip,
    "log of zero": _nan,
    "sum for mean": _summed,
    PADDED: _diluted,
    AXIS: _axis,
    BITS: _bits,
    DIVERGES: _diverges,
}
_BESIDE = ("wrong labels", "dead inputs", "log missing", "softmax twice", "arguments swapped")


def differential(
    curve: ArrayLike | str,
    classes: int | None = None,
    batch: int | None = None,
    *,
    new: ArrayLike | None = None,
    accuracy: float | None = None,
) -> list[Fit]:
    """What fits a loss curve, best first: suspects, never verdicts.

    Parameters
    ----------
    curve : array_like of float, shape (n,), or str
        The loss of each step, in nats; or the text of a CSV file, as `curves.read_curve` reads it.
    classes, batch : int, optional
        K and the rows of a batch: each makes several rules sharper.
    new : array_like, optional
        The loss on new rows, from time to time, shape (m,); with m = 0 it is not known.
    accuracy : float, optional
        On new rows, at the end: a share from 0 to 1.

    Raises
    ------
    ValueError
        If there are fewer than three losses, or a text is no curve (the message names the line),
        or another argument is not what stands above (it names the argument).
    """
    if isinstance(curve, str):
        curve, told = read_curve(curve)
        new = told if new is None else new
    steps = _numbers("curve", curve)
    if steps.ndim != 1 or len(steps) < 3:
        raise ValueError(f"curve must hold three losses or more, in a row; got shape {steps.shape}")
    c = Curve(
        steps,
        None if classes is None else whole("classes", classes, 2),
        None if batch is None else whole("batch", batch, 1),
        None if new is None else _new(new),
        None if accuracy is None else _share("accuracy", accuracy),
    )
    with np.errstate(all="ignore"):
        return sorted(_suspects(c), key=lambda one: -one.fits)


def whole(name: str, value: object, least: int) -> int:
    """A whole number from `least` to `MOST`; ValueError, with its name, for another value."""
    real = isinstance(value, Real) and not isinstance(value, bool)
    if not real or not least <= value <= MOST or value != int(value):
        span = f"from {least} to {MOST:,}"
        raise ValueError(f"{name} must be a whole number {span}; got {shown(value)}.")
    return int(value)


def _numbers(name: str, value: ArrayLike) -> NDArray[np.float64]:
    try:
        row = np.asarray(value)
        if row.dtype.kind not in "iufO":
            raise TypeError
        return row.astype(float)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{name} must hold numbers, in a row; got {shown(value)}.") from None


def _new(value: ArrayLike) -> NDArray[np.float64] | None:
    row = _numbers("new", value)
    if row.ndim != 1:
        raise ValueError(f"new must hold numbers, in a row; got {shown(value)}.")
    return row if len(row) else None


def _share(name: str, value: object) -> float:
    try:
        share = float(value)
    except (TypeError, ValueError, OverflowError):
        share = math.nan
    if not 0 <= share <= 1:
        raise ValueError(f"{name} must be a share from 0 to 1; got {shown(value)}.")
    return share


def _suspects(c: Curve) -> list[Fit]:
    """What fits more than `DOUBT`, each with the sentence why, in the order of the rules."""
    found = {name: rule(c) for name, rule in RULES.items()}
    for unit, words in _units(c, found):
        for name in _BESIDE:
            fits, why = RULES[name](c.over(unit))
            if 0.9 * fits > found[name][0]:
                found[name] = 0.9 * fits, f"{words}, {why}"
    fits = [Fit(name, share, why, PARTED[name]) for name, (share, why) in found.items()]
    return [one for one in fits if one.fits > DOUBT]


def _units(c: Curve, found: dict) -> list[tuple[float, str]]:
    """What the curve may have been multiplied by, where it seems to be a sum or diluted."""
    units = []
    if found["sum for mean"][0] > DOUBT and c.batch:
        units.append((float(c.batch), f"divided by {c.batch}"))
    if found[PADDED][0] > DOUBT:
        level = c.even if c.first > 0 else -1 / c.known
        units.append((c.first / level, f"divided by {c.first / level:.2f}"))
    return units


def told(fits: Sequence[Fit], most: int = 4) -> str:
    """The suspects as lines of text."""
    if not fits:
        return "Nothing in the list fits this curve. Give K and the batch size, if you know them."
    lines = [
        f"{n}. {one.name} {_how_well(one.fits)}: {one.why}. To part it: {one.parted}."
        for n, one in enumerate(fits[:most], start=1)
    ]
    return "\n".join(lines)


def _how_well(fits: float) -> str:
    return "fits well" if fits > 0.8 else "fits" if fits > 0.55 else "fits in part"
