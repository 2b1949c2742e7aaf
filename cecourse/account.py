"""The learner's account: what predictions cost, in nats and in money, and how honest they are.

An answer is how sure somebody was of one option among K, and whether it was the right one; the
other options share the rest evenly. A bet on a statement is an answer with K = 2.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cehelpers import binary_cross_entropy, kl_divergence, logit, sigmoid, surprisal
from cehelpers.calibration import reliability_curve

from . import store
from .language import _
from .palette import EXTRA, MODEL, MUTED, TRUTH, ink

if TYPE_CHECKING:
    from .picture import Picture

SECTION = "predictions"  # of the learner's file
COLDEST = 0.05  # of the temperatures that are tried
ENOUGH = 20  # answers, before they say anything
CERTAIN = 3.84 / 2  # half the 95% quantile of chi-squared with one degree of freedom


class Commitment(NamedTuple):
    """What was committed at the first try: the record of a prediction."""

    time: str
    chosen: str
    sure: float
    of: int  # options there were
    hit: bool
    price: float  # nats


def price(sure: float, of: int, right: bool) -> float:
    """What it costs, in nats, to have been so sure of one of so many options."""
    return surprisal(sure if right else (1 - sure) / (of - 1))


def commitment_of(record: Any) -> Commitment | None:
    """The first commitment in a record, whatever the file holds; None where there is none."""
    if not isinstance(record, dict):
        return None
    kinds = {"time": str, "chosen": str, "sure": float, "of": int, "hit": bool, "price": float}
    if any(type(record.get(name)) is not kind for name, kind in kinds.items()):
        return None
    made = Commitment(*(record[name] for name in kinds))
    return made if 0 < made.sure < 1 < made.of < 100 and 0 <= made.price < math.inf else None


class Answers(NamedTuple):
    """How sure of an option, whether it was right (1 or 0), and how many options; shape (n,)."""

    sure: NDArray[np.float64]
    right: NDArray[np.float64]
    options: NDArray[np.float64]

    @property
    def prices(self) -> NDArray[np.float64]:
        """What each answer costs, in nats: −ln of what was given to the right option."""
        each = binary_cross_entropy(self.right, self.sure, reduction="none")
        return each + (1 - self.right) * np.log(self.options - 1)

    @property
    def nothing(self) -> float:
        """What knowing nothing costs, in nats: the mean of ln K."""
        return float(np.log(self.options).mean())

    @property
    def wealth(self) -> float:
        """What 1 has become that was spread over the options as the answers were, one by one.

        The right option pays K times its stake, so that knowing nothing keeps what there is: K·q
        at each answer, exp(Σ(ln K − price)) in all, and 2ⁿ·exp(−n·loss) where K = 2.
        """
        return float(np.exp(np.sum(np.log(self.options) - self.prices)))

    def tempered(self, temperature: float) -> Answers:
        """The same answers, each surer or less sure: its logits divided by a temperature.

        1 changes nothing, and infinity makes every answer 1/K.
        """
        base = np.log(self.options - 1)
        return self._replace(sure=sigmoid((logit(self.sure) + base) / temperature - base))


class Split(NamedTuple):
    """A mean price in its parts: what was not known, and what the confidence was off."""

    unknown: float
    dishonest: float
    levels: int
    luck: float  # what a perfect forecaster of these levels must expect as the second part


class Temperature(NamedTuple):
    """The temperature that would have helped, what is not ruled out, and the mean price with it."""

    best: float
    low: float
    high: float
    price: float

    def __str__(self) -> str:
        best, low, high = map(degrees, self[:3])
        text = _("best T {best}, not ruled out {low} to {high}; mean price {price:.3f} with it")
        return text.format(best=best, low=low, high=high, price=self.price)


def degrees(temperature: float) -> str:
    """A temperature in words: what lies at an end of the grid may lie beyond it."""
    if math.isinf(temperature):
        return "∞"
    return _("nearly 0") if temperature <= COLDEST else f"{temperature:.1f}"


def answers(notebook: str = "") -> Answers:
    """The learner's own predictions, in the order in which they were made.

    Parameters
    ----------
    notebook : str
        Its number, such as ``"03"``: only those of this one.
    """
    kept = store.read(SECTION).items()
    made = [commitment_of(record) for name, record in kept if name.startswith(notebook)]
    made = filter(None, made)
    rows = [(one.sure, one.hit, one.of) for one in sorted(made, key=lambda one: one.time)]
    return Answers(*np.array(rows, dtype=float).reshape(-1, 3).T)


def of_bets(y: ArrayLike, p: ArrayLike) -> Answers:
    """Bets on statements as answers.

    Parameters
    ----------
    y, p : array_like, shape (n,)
        Whether each statement is true (1 or 0), and the probability given to that, which leaves
        at least 1e-9 for either; a bet of 0.5 takes no side and is left out.

    Raises
    ------
    ValueError
        If the shapes differ or are not (n,), or a value is not as described.
    """
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    if y.ndim != 1 or y.shape != p.shape:
        raise ValueError(f"y and p must have one shape (n,); got {y.shape} and {p.shape}")
    if strange := y[(y != 0) & (y != 1)].tolist():
        raise ValueError(f"y must be 0 or 1; got {strange[0]}")
    if strange := p[~((p >= 1e-9) & (p <= 1 - 1e-9))].tolist():
        raise ValueError(f"p must lie in [1e-9, 1 - 1e-9]; got {strange[0]}")
    y, p = y[p != 0.5], p[p != 0.5]
    return Answers(
        np.maximum(p, 1 - p), ((p > 0.5) == (y == 1)).astype(float), np.full(len(y), 2.0)
    )


def joined(*parts: Answers) -> Answers:
    """Several lists of answers as one."""
    return Answers(*map(np.concatenate, zip(*parts, strict=True)))


def split(made: Answers) -> Split:
    """Split a mean price over the levels of confidence that were used.

    At each level the price is the entropy of the share that was right there, and ln(K − 1) where it
    was wrong, for the options left; plus the divergence of that share from what was claimed. The
    second part is never 0 for few answers: a perfect forecaster pays the `luck`, on average.

    Parameters
    ----------
    made : Answers
        At least one.
    """
    _check_some(made)
    levels = sorted(set(zip(made.sure.tolist(), made.options.tolist(), strict=True)))
    dishonest, luck = 0.0, 0.0
    for sure, options in levels:
        here = (made.sure == sure) & (made.options == options)
        n, claimed = int(here.sum()), np.array([sure, 1 - sure])
        share = made.right[here].mean()
        dishonest += n * kl_divergence([share, 1 - share], claimed)
        for hits in range(n + 1):  # each share that an honest player may reach
            ways = math.lgamma(n + 1) - math.lgamma(hits + 1) - math.lgamma(n - hits + 1)
            chance = math.exp(ways + hits * math.log(sure) + (n - hits) * math.log1p(-sure))
            luck += chance * n * kl_divergence([hits / n, 1 - hits / n], claimed)
    total = len(made.sure)
    dishonest, luck = dishonest / total, luck / total
    return Split(float(made.prices.mean()) - dishonest, dishonest, len(levels), luck)


def temperature(made: Answers) -> Temperature:
    """The T of least mean price, and all T that the answers do not rule out.

    Searched on a grid, because few answers may want T = 0 (all right) or T = ∞ (no skill). `low`
    and `high` hold the temperatures whose total price exceeds the least by at most 1.92 nats: a 95%
    interval by the likelihood ratio.

    Parameters
    ----------
    made : Answers
        At least one.
    """
    _check_some(made)
    temperatures = np.append(np.geomspace(COLDEST, 100, 600), np.inf)
    prices = np.array([made.tempered(t).prices.mean() for t in temperatures])
    held = temperatures[len(made.sure) * (prices - prices.min()) <= CERTAIN]
    best = temperatures[prices.argmin()]
    return Temperature(float(best), float(held.min()), float(held.max()), float(prices.min()))


def _check_some(made: Answers) -> None:
    if not len(made.sure):
        raise ValueError("made must hold at least one answer; got none")


def card() -> None:
    """Say what the learner's predictions came to, and draw them once there are twenty."""
    own = answers()
    if len(own.sure) < ENOUGH:
        text = _(
            "Predictions committed so far: {n}. From {enough} on, this cell draws how sure you "
            "were against how often you were right."
        )
        print(text.format(n=len(own.sure), enough=ENOUGH))
        return
    text = _(
        "Your {n} predictions cost {mean:.3f} nats each, on average; knowing nothing costs "
        "{nothing:.3f}. 1 €, spread over the options as you believed in them, has become "
        "{wealth:.3g} €. A dot below the diagonal was too sure, one above it too modest."
    )
    said = {"mean": own.prices.mean(), "nothing": own.nothing, "wealth": own.wealth}
    print(text.format(n=len(own.sure), **said))
    from .picture import show

    show(reliability(own, temperature(own).best))


def reliability(made: Answers, best: float) -> Picture:
    """Answers as a reliability diagram of three groups, and each answer on the rim.

    Parameters
    ----------
    made : Answers
        At least one.
    best : float
        The temperature that would have helped: where it moves each group is drawn.
    """
    from .picture import Picture, dot, new_figure, write

    fig = new_figure(6.4, 5.2)
    ax = fig.subplots()
    least = min(0.5, made.sure.min())
    ax.plot([0, 1], [0, 1], color=MUTED, linewidth=1.4, linestyle=(0, (1, 1.2)), zorder=1)
    ax.set(
        xlim=(least - 0.02, 1.01),
        ylim=(-0.14, 1.14),
        xlabel=_("how sure an answer was"),
        ylabel=_("share that was right"),
    )
    ax.set_yticks(
        [-0.09, *np.linspace(0, 1, 6), 1.09],
        [_("each wrong"), *(f"{share:.1f}" for share in np.linspace(0, 1, 6)), _("each right")],
    )
    place = np.zeros(len(made.sure))
    for row in range(1, len(place)):  # answers on the same spot stand on each other
        same = (made.sure[:row] == made.sure[row]) & (made.right[:row] == made.right[row])
        place[row] = min(0.01 * same.sum(), 0.06)
    rim = np.where(made.right == 1, 1.06 + place, -0.06 - place)
    marks = {"color": MUTED, "markersize": 7, "markeredgewidth": 1.6, "linestyle": "none"}
    ax.plot(made.sure, rim, "|", **marks)
    curve = reliability_curve(made.right, made.sure, n_bins=3, strategy="quantile")
    told, missed = [], 0
    cooler = made.tempered(best).sure
    edges = np.searchsorted(np.sort(made.sure), made.sure, side="right")
    bounds = np.cumsum(curve.count)
    for k, (x, share, count, low, high) in enumerate(
        zip(
            curve.mean_prediction,
            curve.observed_share,
            curve.count,
            curve.wilson_low,
            curve.wilson_high,
            strict=True,
        )
    ):
        group = np.searchsorted(bounds, edges) == k
        ax.vlines(x, x, share, color=EXTRA, linewidth=5, alpha=0.55, zorder=2)
        ax.vlines(x, low, high, color=TRUTH, linewidth=1.3, zorder=3)
        dot(ax, (x, share), TRUTH, size=11)
        dot(ax, (cooler[group].mean(), share), MODEL, "s", size=7)
        words = _("{n} of {total}").format(n=round(share * count), total=count)
        write(ax, (x, share), words, "right bold halo", shift=(-9, 14), zorder=6)
        misses = not low <= x <= high
        missed += misses
        text = _("{words} right at {x:.2f}, interval {low:.2f} to {high:.2f}")
        if misses:
            text += _(", which misses the diagonal")
        told.append(text.format(words=words, x=x, low=low, high=high))
    name = degrees(best)
    write(
        ax,
        (0.99, 0.03),
        _("■ the groups at T = {name}").format(name=name),
        "right",
        ink(MODEL),
        size=10,
    )
    title = _("{n} answers. Bars that miss the diagonal: {missed} of {all}")
    ax.set_title(title.format(n=len(place), missed=missed, all=len(told)))
    text = _(
        "Reliability diagram of {n} answers, the share that was right against how sure they were: "
        "{told}. Squares show the same groups at T = {name}."
    )
    return Picture(fig, text.format(n=len(place), told="; ".join(told), name=name))
