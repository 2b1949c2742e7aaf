"""The exercises of notebook 10: check a claim with a pencil, then choose where to block."""

import math
from collections.abc import Callable
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from cecourse.exercise.exercise import exercise
from cehelpers import entropy, expected_cost

MEANS = 0.32  # what the story makes of a score of 0.35

# ---------------------------------------------------------------- what nothing learned scores


@exercise(
    "10",
    title="The score of a constant",
    hints=[
        "The best constant says the base rate, 0.005, to every payment. What does it pay for a "
        "fraud, and what for an ordinary payment?",
        "A fraud costs −ln 0.005, an ordinary payment −ln 0.995. How often does each occur?",
        "The mean is the entropy of (0.005, 0.995), in nats: ce.entropy knows it.",
    ],
    right="Right: 0.0315. Their 0.028 saves "
    f"{100 - round(2.8 / entropy([0.005, 0.995]))}% of it, so it is a model, and a weak one. The "
    "same 0.028 at Harbor, where a constant pays 0.0132, would be "
    f"{round(0.028 / entropy([0.0018, 0.9982]), 1)} times the price of knowing nothing.",
)
def constant_loss():
    """Another processor sees 0.5% fraud and reports a validation log loss of 0.028 nats.

    What log loss does a constant score there, if it is the best constant?
    """
    p = 0.005
    return -(p * math.log(p) + (1 - p) * math.log1p(-p))


@constant_loss.mistake(
    "0.028 is what the reported model pays. What does one pay that says the same to every payment?"
)
def _the_report():
    return 0.028


@constant_loss.mistake("0.0454 is the same amount in bits. The report counts in nats.")
def _bits():
    p = 0.005
    return -(p * math.log2(p) + (1 - p) * math.log2(1 - p))


@constant_loss.mistake(
    "0.0265 is what the frauds contribute. The ordinary payments pay a little each, and there are "
    "many of them."
)
def _frauds_only():
    return -0.005 * math.log(0.005)


@constant_loss.mistake(
    "0.00501 is what one ordinary payment pays, −ln 0.995. A mean over all payments also holds the "
    "frauds."
)
def _ordinary_only():
    return -math.log(0.995)


@constant_loss.mistake("0.0132 belongs to Harbor and its 0.18%. Here 0.5% are frauds.")
def _at_harbor():
    p = 0.0018
    return -(p * math.log(p) + (1 - p) * math.log1p(-p))


@constant_loss.mistake(
    "0.693 is the loss of saying ½ to everybody. A better constant knows how rare fraud is."
)
def _half():
    return math.log(2)


# ---------------------------------------------------------------- 550 as a price


@exercise(
    "10",
    title="550 as a price",
    hints=[
        "Flagging costs (1 − p)·1 on average, letting it pass costs p·550.",
        "Both are equal at t = C_fp / (C_fp + C_fn).",
    ],
    right="Right: 1/551 = 0.001815. That is nearly the base rate itself, so whoever means 550 as a "
    "price flags every payment of average suspicion or more. Nobody at Harbor does that.",
    digits=4,
)
def cut_of_550():
    """Take "550×" at its word: a missed fraud costs 550 times as much as a false alarm.

    From which calibrated probability on should a payment be flagged? (Four significant digits.)
    """
    return 1 / 551


@cut_of_550.mistake(
    "1/550 is the ratio of the costs, and so the *odds* of the cut. Which probability has them? "
    "(Rare events hide this slip; four digits show it.)"
)
def _odds():
    return 1 / 550


@cut_of_550.mistake(
    "0.35 is where the story blocks. The question is where its own price would block."
)
def _the_story():
    return 0.35


@cut_of_550.mistake("0.998 has the costs exchanged: the dear mistake is the miss.")
def _exchanged():
    return 550 / 551


@cut_of_550.mistake("½ is the cut for two mistakes of the same price.")
def _habit():
    return 0.5


# ---------------------------------------------------------------- a raw 0.35


@exercise(
    "10",
    title="What a raw 0.35 means",
    hints=[
        "A weight multiplies odds. What are the odds of 0.35?",
        f"0.35 / 0.65 = {0.35 / 0.65:.3f}. Divide by the weight.",
        "Odds o belong to the probability o / (1 + o). Or: ce.correct_prior on the logit.",
    ],
    right="Right: 0.0009781, less than one in a thousand, about half the base rate. A block above "
    "a raw 0.35 blocks customers who are *less* suspicious than average.",
    digits=4,
)
def raw_35():
    """A model was trained with weight 550 on the frauds and is well specified. It says 0.35.

    What is the probability of fraud? (Four significant digits.)
    """
    odds = 0.35 / 0.65 / 550
    return odds / (1 + odds)


@raw_35.mistake("0.35 is what the model says. The weight has to come off first.")
def _face_value():
    return 0.35


@raw_35.mistake("Here the *probability* is divided by 550. The weight multiplied the odds.")
def _divided():
    return 0.35 / 550


@raw_35.mistake(
    "These are the odds, 0.0009790. For rare events they are nearly the probability; the fourth "
    "digit tells them apart."
)
def _left_as_odds():
    return 0.35 / 0.65 / 550


@raw_35.mistake("The weight is put on a second time. The raw 0.35 is too high already.")
def _weight_on():
    odds = 0.35 / 0.65 * 550
    return odds / (1 + odds)


@raw_35.mistake("This is the logit, −6.93. Which function leads back to a probability?")
def _logit():
    return math.log(0.35 / 0.65 / 550)


# ---------------------------------------------------------------- the price inside a cut


@exercise(
    "10",
    title="The price inside a cut",
    hints=[
        "At the cut both decisions cost the same: (1 − t)·C_fp = t·C_fn.",
        "Solve for C_fn / C_fp.",
        "It is the odds against: (1 − t) / t.",
    ],
    right="Right: 1.86. Whoever blocks at 0.35 says that a missed fraud hurts less than twice as "
    "much as a good customer turned away. For a hard block that may be so. It is nowhere near 550.",
)
def price_inside():
    """Harbor blocks from a calibrated probability of 0.35 on, and right decisions cost nothing.

    How many times as much as a false alarm must a missed fraud cost, for 0.35 to be the best cut?
    """
    return 0.65 / 0.35


@price_inside.mistake(
    "0.538 is the price of a false alarm in missed frauds. The question has it the other way round."
)
def _inverse():
    return 0.35 / 0.65


@price_inside.mistake("2.86 is 1/t. From t = C_fp / (C_fp + C_fn), what is (C_fp + C_fn) / C_fp?")
def _one_over_t():
    return 1 / 0.35


@price_inside.mistake("550 is the weight of the training. It was never asked when 0.35 was chosen.")
def _weight():
    return 550


@price_inside.mistake("0.65 is the chance that a payment at the cut is good. Compare it with 0.35.")
def _other_side():
    return 0.65


# ---------------------------------------------------------------- rows for a narrow interval


@exercise(
    "10",
    title="How many rows near 0.35",
    hints=[
        "The standard deviation of a share p of n rows is √(p(1 − p)/n).",
        "A 95% interval reaches 1.96 of these to each side.",
        "1.96·√(0.35·0.65/n) = 0.02: solve for n.",
    ],
    right="Right: about 2,185 rows. A month offers sixty or seventy near there, so it takes nearly "
    f"three years. Nobody has checked {round(100 * MEANS)}% against 35% with one held-out month.",
)
def rows_needed():
    """You want to know the true share of fraud among payments scored near 0.35 to within ±0.02
    (95%, normal approximation, share 0.35).

    How many such payments do you need?
    """
    return 1.96**2 * 0.35 * 0.65 / 0.02**2


@rows_needed.mistake(
    "569 rows give a *standard deviation* of 0.02. A 95% interval is about twice as wide."
)
def _one_sd():
    return 0.35 * 0.65 / 0.02**2


@rows_needed.mistake(
    "1,539 leaves 5% on *one* side. A 95% interval shares them between its two sides."
)
def _one_side():
    return NormalDist().inv_cdf(0.95) ** 2 * 0.35 * 0.65 / 0.02**2


@rows_needed.mistake("2,401 is the number for a share of ½, where the spread is largest.")
def _for_a_half():
    return 1.96**2 * 0.25 / 0.02**2


@rows_needed.mistake("8,740 makes the *whole* interval 0.02 wide. It may reach 0.02 to each side.")
def _whole_width():
    return 1.96**2 * 0.35 * 0.65 / 0.01**2


@rows_needed.mistake("2,275 takes 2 for 1.96: a good rule of the thumb. Three digits want 1.96.")
def _two_for_196():
    return 4 * 0.35 * 0.65 / 0.02**2


@rows_needed.mistake("Nearly: √n is what you have solved for. Square it.")
def _not_squared():
    return 1.96 * math.sqrt(0.35 * 0.65) / 0.02


# ---------------------------------------------------------------- the chain rule


@exercise(
    "10",
    title="The chain rule",
    hints=[
        "Every payment passes the gate and pays its loss. Who pays for the type?",
        "Only a fraud has a type: a share π of the payments.",
    ],
    right="Right: 0.00703. Of the four-class loss "
    f"{round(0.68 / (0.0068 + 0.0018 * 0.13))}% is the gate's. A type model twice as good would "
    "hardly move the sum, which is why the two are monitored apart.",
)
def chain_rule():
    """The gate (fraud or not) has a log loss of 0.0068 nats a payment. The type model, trained and
    measured on confirmed frauds alone, has a cross-entropy of 0.13 nats a fraud. 0.18% of the
    payments are frauds.

    What is the cross-entropy of the two together, as one model with four classes, per payment?
    """
    return 0.0068 + 0.0018 * 0.13


@chain_rule.mistake(
    "0.137 adds nats per payment and nats per fraud. How many payments pay the second?"
)
def _added():
    return 0.0068 + 0.13


@chain_rule.mistake(
    "Here the gate is charged to the ordinary payments alone. Frauds pass the gate too, and pay "
    "there most of all."
)
def _mixture():
    return 0.9982 * 0.0068 + 0.0018 * 0.13


@chain_rule.mistake("Losses of the parts of a product of probabilities add; the logs see to that.")
def _multiplied():
    return 0.0068 * 0.13


@chain_rule.mistake("0.130 charges the type to the payments that have none.")
def _other_share():
    return 0.0018 * 0.0068 + 0.9982 * 0.13


@chain_rule.mistake("0.0684 is the mean of the two. They are not alternatives: a fraud pays both.")
def _mean():
    return (0.0068 + 0.13) / 2


# ---------------------------------------------------------------- choose the cut

_Y = np.array([0, 0, 0, 1, 0, 1, 0, 0, 1, 0])
_P = np.array([0.01, 0.04, 0.08, 0.07, 0.21, 0.34, 0.42, 0.06, 0.55, 0.02])
_Y2 = np.array([0, 1, 0, 0, 1, 0, 0, 0])
_P2 = np.array([0.003, 0.3, 0.15, 0.02, 0.07, 0.22, 0.11, 0.01])


@exercise(
    "10",
    title="Choose the cut",
    hints=[
        "The probabilities are calibrated. Which of the four arguments do you still need?",
        "At the cut, (1 − t)·cost_fp = t·cost_fn.",
        "Solve it for t; neither y nor p appears.",
    ],
    right="Right: the price list is enough, y and p were a temptation. The cheapest cut *on these "
    "rows* is an estimate that rests on a few frauds; the formula rests on all that went "
    "into the calibration. Run the next cell to see what both cost on the test months.",
    probes=[
        (_Y, _P, 10.0, 100.0),
        (_Y2, _P2, 10.0, 100.0),
        (_Y, _P, 1.0, 3.0),
        (_Y2, _P2, 7.0, 2.0),
    ],
)
def choose_cut(y, p, cost_fp, cost_fn):
    """Write choose_cut(y, p, cost_fp, cost_fn): the probability from which on to flag.

    y and p are the labels and the calibrated probabilities of the calibration month. Right
    decisions cost nothing.
    """
    return cost_fp / (cost_fp + cost_fn)


@choose_cut.mistake(
    "This is the cut with the least cost *on the rows you were given*. A good instinct when the "
    "probabilities cannot be trusted. These are calibrated: which cut follows from the prices "
    "alone?"
)
def cheapest_seen(y, p, cost_fp, cost_fn):
    """Return the cut of least cost on the rows it is given."""
    costs = [
        expected_cost(y, p, threshold=t, cost_fp=cost_fp, cost_fn=cost_fn) for t in np.unique(p)
    ]
    return float(np.unique(p)[int(np.argmin(costs))])


@choose_cut.mistake(
    "cost_fp / cost_fn are the odds of the cut. Turn them into a probability, o / (1 + o)."
)
def _odds_of_cut(y, p, cost_fp, cost_fn):
    return cost_fp / cost_fn


@choose_cut.mistake("The costs have changed places: a dear miss should *lower* the cut.")
def _swapped(y, p, cost_fp, cost_fn):
    return cost_fn / (cost_fp + cost_fn)


@choose_cut.mistake("½ ignores the prices. What does each decision cost on average?")
def _always_half(y, p, cost_fp, cost_fn):
    return 0.5


@choose_cut.mistake(
    "The base rate says how rare fraud is. A calibrated p knows that already; the prices are what "
    "it does not know."
)
def _base_rate(y, p, cost_fp, cost_fn):
    return float(np.mean(y))


def scoreboard(
    choose: Callable,
    calibration: tuple[NDArray, NDArray],
    test: tuple[NDArray, NDArray],
    cost_fp: float,
    cost_fn: float,
) -> str:
    """Bills per 1,000 test payments: of the learner's cut, of some others, of the best afterwards.

    Parameters
    ----------
    choose : callable
        ``choose(y, p, cost_fp, cost_fn)`` returns a cut, or None where it is not yet written.
    calibration, test : (y, p)
        Labels and calibrated probabilities, arrays of shape (n,).
    cost_fp, cost_fn : float
        The price list.

    Returns
    -------
    str
        One line a cut, the learner's last; bills to the nearest 5, as a few hundred frauds allow.
    """
    y, p = test

    def bill(cut):
        return 1000 * expected_cost(y, p, threshold=cut, cost_fp=cost_fp, cost_fn=cost_fn)

    def grid(y, p):
        cuts = np.geomspace(0.01, 0.6, 42)
        costs = [expected_cost(y, p, threshold=t, cost_fp=cost_fp, cost_fn=cost_fn) for t in cuts]
        return float(cuts[int(np.argmin(costs))])

    price = cost_fp / (cost_fp + cost_fn)
    cuts = {
        "flag nothing": math.inf,
        "the habit, 0.5": 0.5,
        "the story's 0.35": 0.35,
        "cheapest in month 9": grid(*calibration),
        f"the price list, {price:.3f}": price,
        "cheapest afterwards": grid(y, p),
    }
    own = choose(*calibration, cost_fp, cost_fn)
    held = isinstance(own, int | float | np.floating) and not math.isnan(own)
    if held:
        cuts[f"YOURS, {float(own):.3f}"] = float(own)
    table = [f"{name:24}{5 * round(bill(cut) / 5):6}" for name, cut in cuts.items()]
    return "\n".join(table if held else [*table, "YOURS: fill in the cell above"])
