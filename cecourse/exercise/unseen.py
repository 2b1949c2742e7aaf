"""Other inputs for an exercise that asks for a function: inputs that nobody has seen.

They are made from the exercise's own probes, so that each keeps what it was chosen for. A number
becomes a near one, equal ones equal ones; 0, 1, labels, truth values, infinities and distributions
stay what they are. A probe counts only if every known mistake that it shows up it still shows up,
and if the solution takes it alike, to the last digits.
"""

from __future__ import annotations

import copy
import math
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from .calls import Outcome, run

if TYPE_CHECKING:
    from .exercise import Exercise

DRAWS = 30  # of one probe, before it stays as it is
COUNTS = 10  # a whole number from here on is a count, and no label


def unseen(exercise: Exercise, seed: int) -> Exercise:
    """An exercise that asks for a function, with inputs of this seed; any other is itself.

    Parameters
    ----------
    exercise : Exercise
        The exercise; its probes are the pattern.
    seed : int
        Which inputs, from 0; the same seed brings the same.
    """
    if exercise.kind != "function":
        return exercise
    rng = np.random.default_rng([zlib.crc32(exercise.id.encode()), seed])
    wrong = [function for one in exercise.mistakes for function in one.examples(sizes=3)]
    other = copy.copy(exercise)
    other.__dict__.pop("results", None)
    other.__dict__.pop("roads", None)
    other.probes = [_drawn(exercise, probe, wrong, rng) for probe in exercise.probes]
    return other


def _drawn(exercise: Exercise, probe: tuple, wrong: list[Callable], rng) -> tuple:
    """A probe like this one, or itself where no other does what it does."""
    wanted = run(exercise.function, probe)
    shown = [f for f in wrong if not exercise.agree([run(f, probe)], [wanted])]
    for _ in range(DRAWS):
        drawn = _near(probe, rng)
        right = run(exercise.function, drawn)
        if (
            _kind(right) == _kind(wanted)
            and exercise.agree([run(exercise.function, _nudged(drawn))], [right])
            and not any(exercise.agree([run(f, drawn)], [right]) for f in shown)
        ):
            return drawn
    return probe


def _kind(outcome: Outcome) -> Any:
    """What an outcome is, but for its numbers: an error's type; where it is 0 or not finite."""
    if outcome.error is not None:
        return type(outcome.error)
    value = np.asarray(outcome.value)
    if value.dtype.kind in "bi":  # a decision may be another
        return value.shape
    value = value.astype(float)
    return value.shape, np.where(np.isfinite(value) & (value != 0), 1.0, value).tobytes()


def _near(probe: tuple, rng) -> tuple:
    """Inputs near these; rows that belong together change places together."""
    moved: dict[float, float] = {}

    def number(x: Any) -> Any:
        if isinstance(x, bool | np.bool_) or not math.isfinite(x):
            return x
        if isinstance(x, int | np.integer):
            return x if abs(x) < COUNTS else type(x)(round(x * rng.uniform(0.7, 1.3)))
        if x not in moved:
            moved[x] = _near_float(float(x), rng)
        return moved[x]

    def array(a: np.ndarray) -> np.ndarray:
        new = np.array([number(x) for x in a.ravel()], dtype=a.dtype).reshape(a.shape)
        if a.dtype.kind == "f" and a.size > 1 and _is_distribution(a):
            new = new / new.sum(axis=-1, keepdims=True)
        return new

    def part(x: Any) -> Any:
        if isinstance(x, np.ndarray):
            return array(x)
        if not isinstance(x, list):
            return number(x)
        if len(x) > 1 and all(isinstance(y, int | float) for y in x) and _is_distribution(x):
            return array(np.asarray(x, float)).tolist() if any(0 < y < 1 for y in x) else list(x)
        return [part(y) for y in x]

    drawn = tuple(map(part, probe))
    sizes = {len(x) for x in drawn if isinstance(x, list | np.ndarray)}
    if len(sizes) == 1:
        order = rng.permutation(*sizes)
        drawn = tuple(
            x[order] if isinstance(x, np.ndarray)
            else [x[i] for i in order] if isinstance(x, list) else x
            for x in drawn
        )  # fmt: skip
    return drawn


def _near_float(x: float, rng) -> float:
    """Another number of this sign and size, never larger, short to read; 0, 1 and −1 stay."""
    if x in (0.0, 1.0, -1.0):
        return x
    if 0.5 < x < 1:
        return 1 - _near_float(1 - x, rng)
    return float(f"{x * rng.uniform(0.7, 1.0):.3g}")


def _is_distribution(a: Any) -> bool:
    a = np.asarray(a)
    return bool(np.all(a >= 0) and np.allclose(a.sum(axis=-1), 1, rtol=0, atol=1e-9))


def _nudged(probe: tuple) -> tuple:
    """The same inputs, with every number that is not 0 or 1 off in its last digits."""

    def off(x: Any) -> Any:
        if isinstance(x, list):
            return [off(y) for y in x]
        if isinstance(x, np.ndarray) and x.dtype.kind == "f":
            return np.where((x == 0) | (x == 1), x, x * (1 + 1e-14))
        return x * (1 + 1e-14) if isinstance(x, float) and x not in (0, 1) else x

    return tuple(map(off, probe))
