"""Bet your confidence: the self-experiment of notebook 03, played on the explorer engine.

`game()` asks for a probability for each of twenty statements and shows the result when the last
is locked in. `read_bets()` and `example_player()` give finished rounds as arrays (y, p).
"""

import textwrap
from collections.abc import Mapping

import numpy as np

from cecourse import widgets
from cecourse.explorer import Explorer
from cecourse.language import N_, _
from cecourse.palette import ACCENT, GOOD, LOSS, MODEL, MUTED, REMARK, TRUTH, ink
from cecourse.picture import write
from cehelpers import binary_cross_entropy

from .pictures import GRID, forecast_axes, loss_curve
from .statements import (
    as_arrays,
    example_player,
    forget_bets,
    keep_bet,
    kept_bets,
    read_bets,
    score,
    statements,
)

__all__ = ["example_player", "forget_bets", "game", "read_bets"]

YOU, EXAMPLE = N_("You"), N_("Example player")
TOP = 4.9  # −ln 0.01 is 4.605
LINE = 75  # characters of a statement in a row
STATEMENT = {
    "loc": "left",
    "y": 1.0,
    "pad": 0,
    "va": "top",
    "fontsize": 12.5,
    "fontweight": "normal",
    "linespacing": 1.3,
}


class Round:
    """The bets of one round: which are in, which comes next. `save` keeps each of them."""

    def __init__(self, bets: Mapping[str, float], save=keep_bet):
        self.bets = dict(bets)
        self._save = save

    @property
    def finished(self) -> bool:
        """Whether every statement has its bet."""
        return as_arrays(self.bets) is not None

    def lock_in(self, number: int, per_cent: int) -> None:
        """Bet on statement `number` (from 1), unless the results are out."""
        if not self.finished:
            statement = statements()[number - 1]
            self.bets[statement.id] = per_cent / 100
            self._save(statement.id, per_cent / 100)

    def per_cent(self, number: int) -> int:
        """The bet on a statement in per cent; 50 where there is none yet."""
        return round(100 * self.bets.get(statements()[number - 1].id, 0.5))

    def next_open(self, number: int) -> int:
        """The first statement after `number` without a bet, going round; else `number`."""
        total = len(statements())
        for step in range(1, total):
            other = (number - 1 + step) % total + 1
            if statements()[other - 1].id not in self.bets:
                return other
        return number


def game() -> Explorer:
    """Twenty statements, a probability for each, and your mean log loss at the end."""
    own = Round(kept_bets())
    start = own.next_open(len(statements()))
    controls = {
        "statement": widgets.IntSlider(
            start, min=1, max=len(statements()), description=_("Statement"), readout=True
        ),
        "probability": widgets.IntSlider(
            own.per_cent(start),
            min=1,
            max=99,
            readout=False,  # a field that Tab would stop at on the way to the button
            tooltip=_("True with probability, in per cent"),
        ),
        "lock": widgets.ToggleButton(
            False,
            description=_("Lock in and go on"),
            tooltip=_("Lock in this bet and go on to the next statement"),
            layout={"width": "180px", "margin": "2px 0 2px 178px"},
        ),
        "whose": widgets.Dropdown(
            options=[(_(name), name) for name in (YOU, EXAMPLE)], description=_("Whose bets")
        ),
    }

    controls["probability"].description = _described(own.per_cent(start))
    shown = [start, YOU]

    def update(artists, statement: int, probability: int, lock: bool, whose: str) -> str:
        bets = Round(_example_bets()) if whose == EXAMPLE else own
        if shown != [statement, whose]:  # the slider shows what was bet on this statement
            shown[:] = statement, whose
            probability = controls["probability"].value = bets.per_cent(statement)
        controls["probability"].disabled = controls["lock"].disabled = bets.finished
        controls["probability"].description = _described(probability)
        return _update(artists, own, statement, probability, whose)

    explorer = Explorer(
        controls,
        _draw,
        update,
        alt=_(
            "Above, a statement; below, the loss of a bet p if the statement is true, a curve that "
            "falls from left to right, and if it is false, a curve that rises."
        ),
        actions={_("Your bets"): {"whose": YOU}, _(EXAMPLE): {"whose": EXAMPLE}},
        size=(7.2, 5.2),
    )

    def lock_in(change) -> None:
        if not change.new:
            return
        number = controls["statement"].value
        probability = controls["probability"].value
        if controls["whose"].value == YOU:
            own.lock_in(number, probability)
            number = own.next_open(number)
            probability = own.per_cent(number)
        explorer.set(lock=False, probability=probability, statement=number)

    controls["lock"].observe(lock_in, names="value")
    return explorer


def _described(per_cent: int) -> str:
    """What stands beside the slider of the probability, the number included."""
    return _("True with probability {per_cent}%").format(per_cent=per_cent)


def _example_bets() -> dict[str, float]:
    return {s.id: float(p) for s, p in zip(statements(), example_player()[1], strict=True)}


def _draw(fig) -> dict:
    top, ax = fig.subplots(2, 1, height_ratios=[1.2, 2.35])
    top.set(xlim=(0, 1), ylim=(-0.1, 1), zorder=2)  # the ring must not end at the lower axes
    top.patch.set_visible(False)
    top.set(xticks=[], yticks=[])
    top.spines[:].set_visible(False)
    forecast_axes(ax, TOP, bottom=-0.12)
    ax.set_xlabel(_("p, your probability that the statement is true"))
    ax.plot(GRID, loss_curve(1.0), color=TRUTH, linewidth=2)
    ax.plot(GRID, loss_curve(0.0), color=MODEL, linewidth=2, linestyle=(0, (5, 2)))
    ax.axhline(np.log(2), color=MUTED, linewidth=1.2, linestyle=":")
    half = _("always .5 pays {price:.3f}").format(price=np.log(2))
    write(ax, (0.012, 0.76), half, "", REMARK, size=9.5)
    # between the prices of a bet of 1% and of 2%, so that no price is ever written over them
    write(ax, (0.04, 4.28), _("if it is true"), "bold halo", TRUTH)
    write(ax, (0.96, 4.28), _("if it is false"), "right bold halo", ink(MODEL))
    count = len(statements())
    places = (np.arange(count) + 0.5) / count
    place = {"clip_on": False, "linestyle": "none"}
    artists = {
        "verdict": write(top, (0, 0.43), "", "top", ink(GOOD), linespacing=1.3),
        "open": top.plot(
            places,
            np.zeros(count),
            "o",
            markerfacecolor="white",
            markeredgecolor=MUTED,
            markersize=8,
            **place,
        )[0],
        "locked": top.plot([], [], "o", color=LOSS, markersize=8, **place)[0],
        "current": top.plot(
            [],
            [],
            "o",
            markerfacecolor="none",
            markeredgecolor=ACCENT,
            markeredgewidth=2.4,
            markersize=13,
            **place,
        )[0],
        "stakes": ax.plot([], [], color=MUTED, linewidth=1.2, linestyle=":")[0],
        "if_true": ax.plot([], [], "o", color=TRUTH, markersize=10, markeredgecolor="white")[0],
        "if_false": ax.plot([], [], "s", color=MODEL, markersize=9, markeredgecolor="white")[0],
        "price_true": write(ax, (0, 0), "", "bold halo", TRUTH),
        "price_false": write(ax, (0, 0), "", "bold halo", ink(MODEL)),
        "chosen": ax.plot(
            [],
            [],
            "o",
            markerfacecolor="none",
            markeredgecolor=ACCENT,
            markeredgewidth=2.6,
            markersize=16,
            **place,
        )[0],
        "result": write(ax, (0.5, 4.7), "", "center top bold halo", linespacing=1.4),
    }
    for artist in artists.values():
        artist.set_in_layout(False)  # what is not shown yet must not move the axes
    return artists


def _update(artists, own: Round, number: int, per_cent: int, whose: str) -> str:
    bets = _example_bets() if whose == EXAMPLE else own.bets
    ids = [statement.id for statement in statements()]
    done = [i for i, name in enumerate(ids) if name in bets]
    count = len(ids)
    artists["locked"].set_data([(i + 0.5) / count for i in done], [0] * len(done))
    artists["current"].set_data([(number - 0.5) / count], [0])
    if as_arrays(bets) is None:
        return _ask(artists, bets, number, per_cent, len(done))
    return _tell(artists, *as_arrays(bets), number, whose, secret=not own.finished)


def _say(artists, words: str) -> None:
    """Show a statement above the curves.

    It is the title: scenery, drawn again when it changes and not at every step of the probability.
    """
    top = artists["current"].axes
    title = top.set_title(textwrap.fill(words, LINE), **STATEMENT)
    title.set_in_layout(False)


def _place_of_price(p: float, price: float, *, upper: bool) -> tuple[float, float, str]:
    """Where the price of a bet p is written: beside its dot, but off the crossing of the curves."""
    if upper and 0.395 < p < 0.605:
        return p, 1.2, "center"
    if not upper and 0.295 < p < 0.705:
        return p, 0.02, "center"
    return (p + 0.025, price + 0.04, "left") if p < 0.5 else (p - 0.025, price + 0.04, "right")


def _ask(artists, bets, number: int, per_cent: int, locked: int) -> str:
    """The picture and the caption while bets are open: one statement, and what it may cost."""
    statement = statements()[number - 1]
    p = per_cent / 100
    if_true, if_false = -np.log(p), -np.log(1 - p)
    _say(artists, f"{number}. {_(statement.text)}")
    artists["verdict"].set_text("")
    artists["if_true"].set_data([p], [if_true])
    artists["if_false"].set_data([p], [if_false])
    artists["stakes"].set_data([p, p], [0, max(if_true, if_false)])
    upper = "true" if if_true >= if_false else "false"
    for name, price in (("true", if_true), ("false", if_false)):
        text = artists[f"price_{name}"]
        if_so = _("{price:.3f} if true") if name == "true" else _("{price:.3f} if false")
        text.set_text(if_so.format(price=price))
        x, y, ha = _place_of_price(p, price, upper=name == upper)
        text.set_position((x, y))
        text.set_horizontalalignment(ha)
    artists["chosen"].set_data([], [])
    artists["result"].set_text("")
    words = _(
        "Statement {number} of {all}, {locked} locked in: “{statement}” A bet of {per_cent}% costs "
        "{if_true:.3f} nats if it is true and {if_false:.3f} if it is false."
    ).format(
        number=number,
        all=len(statements()),
        locked=locked,
        statement=_(statement.text),
        per_cent=per_cent,
        if_true=if_true,
        if_false=if_false,
    )
    if statement.id in bets:
        text = _(" Locked in at {per_cent:.0f}%; lock in again to change it.")
        words += text.format(per_cent=100 * bets[statement.id])
    if locked == len(statements()) - 1 and statement.id not in bets:
        words += _(" This is the last: locking it in shows the result, and all bets are final.")
    return words


def _tell(artists, y, p, number: int, whose: str, *, secret: bool) -> str:
    """The picture and the caption of a finished round; secret: without giving statements away."""
    losses = binary_cross_entropy(y, p, reduction="none")
    result = score(y, p)
    statement, i = statements()[number - 1], number - 1
    artists["if_true"].set_data(p[y == 1], losses[y == 1])
    artists["if_false"].set_data(p[y == 0], losses[y == 0])
    for name in ("price_true", "price_false"):
        artists[name].set_text("")
    artists["stakes"].set_data([], [])
    marked = result.costliest if secret else i
    artists["chosen"].set_data([p[marked]], [losses[marked]])
    text = _(
        "mean {mean:.3f} nats\nalways .5: {half:.3f} · perfect: 0\n"
        "right side of 50%: {right} of {sided}"
    )
    half = result.always_half
    told = {"mean": result.mean, "half": half, "right": result.right, "sided": result.sided}
    artists["result"].set_text(text.format(**told))
    told |= {"n": len(y), "sure": 100 * np.maximum(p, 1 - p).mean()}
    yours = _(
        "Your mean log loss over {n} bets: {mean:.3f} nats; always .5 pays {half:.3f}, a perfect "
        "forecaster 0. You were on the right side of 50% {right} times of {sided}, with a mean "
        "confidence of {sure:.0f}%."
    )
    hers = _(
        "The example player's mean log loss over {n} bets: {mean:.3f} nats; always .5 pays "
        "{half:.3f}, a perfect forecaster 0. This player was on the right side of 50% {right} "
        "times of {sided}, with a mean confidence of {sure:.0f}%."
    )
    words = (yours if whose == YOU else hers).format(**told)
    if result.sided < len(y):
        text = _(" Bets of exactly 50%, which take no side: {n}.")
        words += text.format(n=len(y) - result.sided)
    worst = statements()[result.costliest]
    told = {
        "bet": 100 * p[result.costliest],
        "paid": result.highest,
        "share": 100 * result.share,
        "statement": _(worst.text),
    }
    if secret:
        artists["current"].set_data([], [])
        _say(artists, _("A finished round: twenty bets on the two curves."))
        artists["verdict"].set_text(
            _("The ring marks the costliest. Its statement stays hidden until you have bet.")
        )
        text = _(
            " The costliest: {bet:.0f}% on a statement that is false, {paid:.3f} nats, "
            "{share:.0f}% of the whole loss."
        )
        if worst.truth:
            text = _(
                " The costliest: {bet:.0f}% on a statement that is true, {paid:.3f} nats, "
                "{share:.0f}% of the whole loss."
            )
        return words + text.format(**told)
    true, false = _("It is true"), _("It is false")
    said = _("you said {bet:.0f}%") if whose == YOU else _("the bet was {bet:.0f}%")
    text = _(
        " The costliest: “{statement}” {verdict}; {said}: {paid:.3f} nats, {share:.0f}% of the "
        "whole loss."
    )
    words += text.format(verdict=true if worst.truth else false, said=said.format(**told), **told)
    _say(artists, f"{number}. {_(statement.text)}")
    paid = _("A bet of {bet:.0f}% paid {paid:.3f} nats.").format(bet=100 * p[i], paid=losses[i])
    verdict = _("True.") if statement.truth else _("False.")
    reason = _(statement.reason)
    artists["verdict"].set_text(textwrap.fill(f"{verdict} {reason} {paid}", LINE + 12))
    text = _(" Statement {number} is false: {reason} {paid}")
    if statement.truth:
        text = _(" Statement {number} is true: {reason} {paid}")
    return words + text.format(number=number, reason=reason, paid=paid)
