"""What a case comes to: its value, the gradient by its forecast, and how well it is conditioned.

Numbers go in as they stand in a data file, and count as the float64 that they are.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from mpmath import inf, mpf

from vectors import definitions as of


class Row(NamedTuple):
    """What one forecast adds: the terms of its loss, and of its slope in each of its numbers.

    A loss and a slope are sums: that their terms cancel is what makes them ill-conditioned. So does
    the first rounding of the inputs, where it is magnified: `power` is by how much.
    """

    loss: tuple[Any, ...]
    slopes: list[tuple[Any, ...]] | None = None
    weight: Any = mpf(1)  # of the row in a sum
    share: Any = mpf(1)  # of the row in what a mean divides by
    power: Any = mpf(0)
    slope_power: Any = mpf(0)


class Outcome(NamedTuple):
    """A value, the gradient by the forecast, and the worst condition of the numbers of each."""

    value: Any
    gradient: dict[str, Any] | None = None
    condition: Any = mpf(1)
    slope_condition: Any = mpf(1)


# ---------------------------------------------------------------- nested lists


def exact(value):
    """The numbers of a data file as what they stand for: floats exactly, infinities by name."""
    if isinstance(value, list):
        return [exact(v) for v in value]
    if isinstance(value, str):
        return {"inf": inf, "-inf": -inf}.get(value, value)
    return mpf(value) if isinstance(value, float) else value


def flat(value):
    return [x for part in value for x in flat(part)] if isinstance(value, list) else [value]


def rows_of(table):
    """The innermost lists."""
    if not isinstance(table[0], list):
        return [table]
    return [row for part in table for row in rows_of(part)]


def like(values, shape):
    """Values one by one in the nesting of `shape`."""
    values = iter(values)

    def fill(part):
        return [fill(p) for p in part] if isinstance(part, list) else next(values)

    return fill(shape)


def without_last(table):
    """A nesting with a number in place of each innermost list."""
    return [without_last(part) for part in table] if isinstance(table[0], list) else 0


# ---------------------------------------------------------------- conditioning

STEP = mpf(10) ** -30


def condition(terms, power=0):
    """By how much a sum moves, relatively, for a relative move of each of its terms."""
    total, size = sum(terms), sum(abs(t) for t in terms)
    if size in (0, inf):
        return mpf(1)
    return size / abs(total) + power if total else inf


def is_float(x):
    return mpf(float(x)) == x


def shaken(row: Callable[[list], Row], z, scaled=False) -> Row:
    """A row of logits, with by how much it magnifies the rounding of z_k − max z.

    Where all these differences are floats nothing is rounded, and nothing magnified; unless they
    are `scaled` by a number that is no power of 2.
    """
    found, top = row(z), max(z)
    power, slope_powers = mpf(0), [mpf(0)] * len(found.slopes or ())
    for k, v in enumerate(z):
        if abs(v) == inf or top == inf or (is_float(v - top) and not scaled):
            continue
        moved = row([*z[:k], v + STEP * (v - top), *z[k + 1 :]])
        power += relative_move(found.loss, moved.loss)
        for j, (old, new) in enumerate(zip(found.slopes or (), moved.slopes or (), strict=True)):
            slope_powers[j] += relative_move(old, new)
    return found._replace(power=found.power + power, slope_power=max(slope_powers, default=0))


def relative_move(old, new):
    old, new = sum(old), sum(new)
    return abs(new - old) / (STEP * abs(old)) if old and abs(old) < inf else mpf(0)


# ---------------------------------------------------------------- many forecasts


def reduced(rows: list[Row], options, name, forecast, shape) -> Outcome:
    """The losses of rows, each with its weight: all, their sum, or their mean."""
    losses = [of.times(row.weight, sum(row.loss)) for row in rows]
    reduction, divisor = options.get("reduction", "none"), 1
    if reduction == "mean":
        divisor = sum(row.share for row in rows)
    value = like(losses, shape) if reduction == "none" else sum(losses) / divisor
    worst = max(condition(row.loss, row.power) for row in rows)
    if any(row.slopes is None for row in rows):
        return Outcome(value, None, worst)
    slopes = [
        [of.times(row.weight, t) / divisor for t in slope] for row in rows for slope in row.slopes
    ]
    powers = [row.slope_power for row in rows for _ in row.slopes]
    gradient = {name: like(map(sum, slopes), forecast)}
    return Outcome(value, gradient, worst, max(map(condition, slopes, powers)))


def of_numbers(one: Callable[..., Row]):
    """A function of single numbers."""

    def outcome(arguments, options):
        ((name, values),) = arguments.items()
        return reduced([one(x, **options) for x in flat(values)], {}, name, values, values)

    return outcome


def of_rows(one: Callable[..., Row]):
    """A function of one distribution, or of two, the last of them the forecast."""

    def outcome(arguments, options):
        name, forecast = list(arguments.items())[-1]
        pairs = zip(*map(rows_of, arguments.values()), strict=True)
        rows = [one(*pair, **options) for pair in pairs]
        return reduced(rows, {}, name, forecast, without_last(forecast))

    return outcome


def of_forecasts(one: Callable[..., Row], *, classes: bool = False, labels: bool = True):
    """A loss of single forecasts, or of rows of `classes` with labels or rows of targets."""

    def outcome(arguments, options):
        (_, truth), (name, forecasts), *rest = arguments.items()
        shape = without_last(forecasts) if classes else forecasts
        truth = flat(truth) if labels else rows_of(truth)
        table = rows_of(forecasts) if classes else flat(forecasts)
        weights = options.get("sample_weight", [1] * len(table))
        kept = ("reduction", "sample_weight")
        own = {option: x for option, x in options.items() if option not in kept}
        rows = []
        for t, p, w in zip(truth, table, flat(weights), strict=True):
            row = one(t, p, *(x for _, x in rest), **own)
            share = row.share if options.get("weight_norm") == "n" else w * row.share
            rows.append(row._replace(weight=w * row.weight, share=share))
        return reduced(rows, options, name, forecasts, shape)

    return outcome


def of_all(whole: Callable[..., Outcome]):
    """A score of all forecasts at once, by weight."""

    def outcome(arguments, options):
        own = dict(options)
        weights = own.pop("sample_weight", [1] * len(next(iter(arguments.values()))))
        return whole(*arguments.values(), weights=weights, **own)

    return outcome
