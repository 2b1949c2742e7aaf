"""The exercises of notebook 10: check a claim with a pencil, then choose where to block."""

import math
from collections.abc import Callable
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from cecourse import story
from cecourse.exercise.exercise import exercise
from cehelpers import entropy, expected_cost

FRAUD = story.base_rate
MEANS = 0.32  # what the story makes of a score of 0.35

# ---------------------------------------------------------------- what nothing learned scores


@exercise(
    "10",
    title="The score of a constant",
    draws={
        "report": (
            (0.003, 0.018),
            (0.004, 0.023),
            (0.006, 0.033),
            (0.007, 0.037),
            (0.008, 0.041),
            (0.009, 0.046),
            (0.012, 0.058),
            (0.015, 0.068),
        )
    },
    hints=[
        lambda report: (
            f"The best constant says the base rate, {report[0]}, to every payment. What does it "
            "pay for a fraud, and what for an ordinary payment?"
        ),
        lambda report: (
            f"A fraud costs −ln {report[0]}, an ordinary payment −ln {1 - report[0]:g}. How often "
            "does each occur?"
        ),
        lambda report: (
            f"The mean is the entropy of ({report[0]}, {1 - report[0]:g}), in nats: ce.entropy "
            "knows it."
        ),
    ],
    right=lambda report, answer: (
        f"Right: {answer:#.3g}. Their {report[1]} saves {1 - report[1] / answer:.0%} of it, so it "
        f"is a model, and a weak one. The same {report[1]} at Harbor, where a constant pays "
        f"{entropy([FRAUD, 1 - FRAUD]):.3g}, would be "
        f"{report[1] / entropy([FRAUD, 1 - FRAUD]):.1f} times the price of knowing nothing."
    ),
)
def constant_loss(report=(0.005, 0.028)):
    """Another processor sees {report[0]:.1%} fraud and reports a validation log loss of
    {report[1]} nats.

    What log loss does a constant score there, if it is the best constant?
    """
    p = report[0]
    return -(p * math.log(p) + (1 - p) * math.log1p(-p))


@constant_loss.mistake(
    lambda it: (
        f"{it:.3g} is what the reported model pays. What does one pay that says the same to every "
        "payment?"
    )
)
def _the_report(report):
    return report[1]


@constant_loss.mistake(
    lambda it: (
        f"{it:.3g} is the same amount in bits. The report counts in nats: which logarithm is that?"
    )
)
def _bits(report):
    p = report[0]
    return -(p * math.log2(p) + (1 - p) * math.log2(1 - p))


@constant_loss.mistake(
    lambda it: (
        f"{it:#.3g} is what the frauds contribute. The ordinary payments pay a little each, and "
        "there are many of them: how much do they add?"
    )
)
def _frauds_only(report):
    return -report[0] * math.log(report[0])


@constant_loss.mistake(
    lambda report, it: (
        f"{it:#.3g} is what one ordinary payment pays, −ln {1 - report[0]:g}. A mean over all "
        "payments also holds the frauds: what do they pay?"
    )
)
def _ordinary_only(report):
    return -math.log(1 - report[0])


@constant_loss.mistake(
    lambda report, it: (
        f"{it:#.3g} is what one fraud pays, −ln {report[0]}. How many payments are frauds, and "
        "what do the others pay?"
    )
)
def _one_fraud(report):
    return -math.log(report[0])


@constant_loss.mistake(
    lambda it: (
        f"{it:.3g} belongs to Harbor and its {FRAUD:.2%}. How many are frauds here, of the other "
        "processor's payments?"
    )
)
def _at_harbor():
    p = FRAUD
    return -(p * math.log(p) + (1 - p) * math.log1p(-p))


@constant_loss.mistake(
    lambda report: (
        f"This is the entropy of {10 * report[0]:.0%} fraud: a zero was lost. What is "
        f"{report[0]:.1%} as a share?"
    )
)
def _zero_lost(report):
    p = 10 * report[0]
    return -(p * math.log(p) + (1 - p) * math.log1p(-p))


@constant_loss.mistake(
    lambda it: (
        f"{it:.3g} is the loss of saying ½ to everybody. Which constant knows how rare fraud is?"
    )
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


@cut_of_550.mistake("0.35 is where the story blocks. Where would its own price block?")
def _the_story():
    return 0.35


@cut_of_550.mistake(
    "0.998 has the costs exchanged. The dear mistake is the miss: flag early, or late?"
)
def _exchanged():
    return 550 / 551


@cut_of_550.mistake("½ is the cut for two mistakes of the same price. Which prices are these?")
def _habit():
    return 0.5


@cut_of_550.mistake(
    "Here the story's cut, 0.35, is divided by the price. The price alone makes the cut: where do "
    "the two decisions cost the same?"
)
def _story_over_price():
    return 0.35 / 550


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


@raw_35.mistake(
    "This is what the model says, or what the story makes of it: the weight is still on. How does "
    "it come off?",
    says=(0.35, MEANS),
)
def _face_value(says=0.35):
    return says


@raw_35.mistake(
    "This is the cut for a *price* of 550. Here 550 is the weight of the training: which quantity "
    "of the 0.35 did it multiply?",
    below=(551, 550),
)
def _cut_of_a_price(below=551):
    return 1 / below


@raw_35.mistake("Here the *probability* is divided by 550. Which quantity did the weight multiply?")
def _divided():
    return 0.35 / 550


@raw_35.mistake(
    "These are the odds, 0.0009790. For rare events they are nearly the probability; the fourth "
    "digit tells them apart. Which probability has these odds?"
)
def _left_as_odds():
    return 0.35 / 0.65 / 550


@raw_35.mistake(
    "The weight is put on a second time. The raw 0.35 is too high already: multiply, or divide?"
)
def _weight_on():
    odds = 0.35 / 0.65 * 550
    return odds / (1 + odds)


@raw_35.mistake("This is the logit, −6.93. Which function leads back to a probability?")
def _logit():
    return math.log(0.35 / 0.65 / 550)


@raw_35.mistake(
    "ln 550 was taken from 0.35 as if that were a logit, and a sigmoid from there. What is the "
    "logit of 0.35?"
)
def _as_a_logit():
    return 1 / (1 + 550 * math.exp(-0.35))


@raw_35.mistake(
    "The way by the logit is right, and the logarithm of 550 was taken to base 10. Which base does "
    "a logit have?"
)
def _base_ten():
    return 1 / (1 + math.exp(math.log10(550)) * 0.65 / 0.35)


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
    "0.538 is the price of a false alarm in missed frauds. Which of the two is the unit in the "
    "question?"
)
def _inverse():
    return 0.35 / 0.65


@price_inside.mistake("2.86 is 1/t. From t = C_fp / (C_fp + C_fn), what is (C_fp + C_fn) / C_fp?")
def _one_over_t():
    return 1 / 0.35


@price_inside.mistake(
    "550 is the weight of the training. It was never asked when 0.35 was chosen: which price has "
    "its cut there?"
)
def _weight():
    return 550


@price_inside.mistake(
    "0.65 is the chance that a payment at the cut is good. Which price makes the two mistakes "
    "equally dear there?"
)
def _other_side():
    return 0.65


@price_inside.mistake(
    "1.54 is 1 over 0.65, the chance that a payment at the cut is good. From "
    "(1 − t)·C_fp = t·C_fn, what is C_fn / C_fp?"
)
def _one_over_the_other_side():
    return 1 / 0.65


@price_inside.mistake(
    "This is a logarithm of the price, the logit of the cut up to the sign. Which power undoes it?",
    sign=(1, -1),
)
def _log_of_the_price(sign=1):
    return sign * math.log(0.65 / 0.35)


# ---------------------------------------------------------------- rows for a narrow interval


@exercise(
    "10",
    title="How many rows near 0.35",
    draws={"within": (0.01, 0.012, 0.015, 0.016, 0.018, 0.024, 0.025, 0.03)},
    hints=[
        "The standard deviation of a share p of n rows is √(p(1 − p)/n).",
        "A 95% interval reaches 1.96 of these to each side.",
        lambda within: f"1.96·√(0.35·0.65/n) = {within}: solve for n.",
    ],
    right=lambda answer: (
        f"Right: about {answer:,.0f} rows. A month offers sixty or seventy near there, so it takes "
        f"about {answer / 65:.0f} months. Nobody has checked {MEANS:.0%} against 35% with one "
        "held-out month."
    ),
)
def rows_needed(within=0.02):
    """You want to know the true share of fraud among payments scored near 0.35 to within ±{within}
    (95%, normal approximation, share 0.35).

    How many such payments do you need?
    """
    return 1.96**2 * 0.35 * 0.65 / within**2


@rows_needed.mistake(
    lambda within, it: (
        f"{it:,.0f} rows give a *standard deviation* of {within}. How many of these does a 95% "
        "interval reach to each side?"
    )
)
def _one_sd(within):
    return 0.35 * 0.65 / within**2


@rows_needed.mistake(
    lambda it: (
        f"{it:,.0f} leaves 5% on *one* side. A 95% interval shares them between its two sides: how "
        "many standard deviations is that?"
    )
)
def _one_side(within):
    return NormalDist().inv_cdf(0.95) ** 2 * 0.35 * 0.65 / within**2


@rows_needed.mistake(
    "This is the number for a share of ½, where the spread is largest. Which share is expected "
    "here, and what reaches 95%?",
    z=(1.96, NormalDist().inv_cdf(0.95)),
)
def _for_a_half(within, z=1.96):
    return z**2 * 0.25 / within**2


@rows_needed.mistake(
    lambda it: (
        f"{it:,.0f} leaves out p(1 − p), the variance of a single row. What is it for a share of "
        "0.35?"
    )
)
def _no_spread(within):
    return (1.96 / within) ** 2


@rows_needed.mistake(
    lambda within, it: (
        f"{it:,.0f} makes the *whole* interval {within} wide. How far may it reach to each side?"
    )
)
def _whole_width(within):
    return 1.96**2 * 0.35 * 0.65 / (within / 2) ** 2


@rows_needed.mistake(
    lambda it: f"{it:,.0f} takes 2 for 1.96, a good rule of the thumb. What do three digits want?"
)
def _two_for_196(within):
    return 4 * 0.35 * 0.65 / within**2


@rows_needed.mistake("Nearly: √n is what you have solved for. What is n?")
def _not_squared(within):
    return 1.96 * math.sqrt(0.35 * 0.65) / within


# ---------------------------------------------------------------- the chain rule


@exercise(
    "10",
    title="The chain rule",
    draws={
        "gate": (0.006, 0.0068, 0.0075, 0.009),
        "kind": (0.12, 0.15, 0.2),
        "share": (0.0022, 0.0028, 0.0035),
    },
    hints=[
        "Every payment passes the gate and pays its loss. Who pays for the type?",
        "Only a fraud has a type: a share π of the payments.",
    ],
    right=lambda gate, answer: (
        f"Right: {answer:.3g}. Of the four-class loss {gate / answer:.0%} is the gate's. A type "
        f"model twice as good would take only {(1 - gate / answer) / 2:.1%} off the sum, which is "
        "why the two are monitored apart."
    ),
)
def chain_rule(gate=0.0068, kind=0.13, share=FRAUD):
    """The gate (fraud or not) has a log loss of {gate} nats a payment. The type model, trained and
    measured on confirmed frauds alone, has a cross-entropy of {kind} nats a fraud. {share:.2%} of
    the payments are frauds.

    What is the cross-entropy of the two together, as one model with four classes, per payment?
    """
    return gate + share * kind


@chain_rule.mistake(
    lambda it: (
        f"{it:#.3g} adds nats per payment and nats per fraud. How many payments pay the second?"
    )
)
def _added(gate, kind):
    return gate + kind


@chain_rule.mistake(
    "Here the gate is charged to the ordinary payments alone. Frauds pass the gate too, and pay "
    "there most of all: what share of the payments passes it?"
)
def _mixture(gate, kind, share):
    return (1 - share) * gate + share * kind


@chain_rule.mistake(
    "The two losses are multiplied. It is the probabilities that multiply: what do the logs make "
    "of a product?"
)
def _multiplied(gate, kind):
    return gate * kind


@chain_rule.mistake(
    lambda it: f"{it:#.3g} charges the type to the payments that have none. Which ones have a type?"
)
def _other_share(gate, kind, share):
    return share * gate + (1 - share) * kind


@chain_rule.mistake(
    lambda it: (
        f"{it:#.3g} is the mean of the two. They are not alternatives: which of them does a fraud "
        "pay?"
    )
)
def _mean(gate, kind):
    return (gate + kind) / 2


@chain_rule.mistake(
    lambda share: (
        f"The share went in as {100 * share:.2g}, without its per cent sign. How many of a "
        "thousand payments are frauds?"
    )
)
def _per_cent_as_share(gate, kind, share):
    return gate + 100 * share * kind


@chain_rule.mistake(
    "Only the type is in it. What does every payment pay before its type is asked for?",
    times=(1, 100),
)
def _type_alone(kind, share, times=1):
    return times * share * kind


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
    "into the calibration. Notebook 10 shows what both cost on the test months.",
    probes=[
        (_Y, _P, 10.0, 100.0),
        (_Y2, _P2, 10.0, 100.0),
        (_Y, _P, 1.0, 3.0),
        (_Y2, _P2, 7.0, 2.0),
        (_Y, _P, 1, 550),
    ],
)
def choose_cut(y, p, cost_fp, cost_fn):
    """Write choose_cut(y, p, cost_fp, cost_fn): from which calibrated probability on is flagging
    the cheaper decision, on average over payments still to come?

    Right decisions cost nothing. y and p are the labels and the calibrated probabilities of one
    month, for whoever needs them.
    """
    return cost_fp / (cost_fp + cost_fn)


@choose_cut.mistake(
    "This is the cut with the least cost *on the rows you were given*. A good instinct when the "
    "probabilities cannot be trusted. These are calibrated: which cut follows from the prices "
    "alone?",
    cuts=("p", "hundredths"),
)
def cheapest_seen(y, p, cost_fp, cost_fn, cuts="p"):
    """Return the cut of least cost on the rows it is given."""
    tried = np.unique(p) if cuts == "p" else np.linspace(0, 1, 101)
    costs = [expected_cost(y, p, threshold=t, cost_fp=cost_fp, cost_fn=cost_fn) for t in tried]
    return float(tried[int(np.argmin(costs))])


@choose_cut.mistake(
    "This cut aims at the best accuracy, or at the best F1, whatever a mistake costs. The prices "
    "never enter: what does each decision cost on average?",
    best=("accuracy", "F1", "F1 / 2"),
)
def _unpriced(y, p, cost_fp, cost_fn, best="accuracy"):
    def score(t):
        flags = p >= t
        hits = np.sum(flags & (y == 1))
        return np.mean(flags == y) if best == "accuracy" else hits / (flags.sum() + y.sum())

    cut = max(np.unique(p), key=score)
    return score(cut) if best == "F1 / 2" else cut


@choose_cut.mistake(
    "What you return is the lowest bill, an amount of money. At which probability is it reached, "
    "and which one follows from the prices alone?",
    rows=("all", "each"),
)
def _lowest_bill(y, p, cost_fp, cost_fn, rows="all"):
    bill = min(
        expected_cost(y, p, threshold=t, cost_fp=cost_fp, cost_fn=cost_fn) for t in np.unique(p)
    )
    return bill * len(y) if rows == "all" else bill


@choose_cut.mistake(
    "cost_fp / cost_fn are the odds of the cut. Which probability has them?",
)
def _odds_of_cut(y, p, cost_fp, cost_fn):
    return cost_fp / cost_fn


@choose_cut.mistake("The costs have changed places: should a dear miss lower the cut, or raise it?")
def _swapped(y, p, cost_fp, cost_fn):
    return cost_fn / (cost_fp + cost_fn)


@choose_cut.mistake("½ ignores the prices. What does each decision cost on average?")
def _always_half(y, p, cost_fp, cost_fn):
    return 0.5


@choose_cut.mistake(
    "The base rate is in it, and a calibrated p knows already how rare fraud is. What is it that p "
    "does not know?",
    alone=(True, False),
)
def _base_rate(y, p, cost_fp, cost_fn, alone=True):
    rate = np.mean(y)
    return rate if alone else cost_fp * (1 - rate) / (cost_fp * (1 - rate) + cost_fn * rate)


@choose_cut.mistake(
    "`//` divides to a whole number: the cut is always 0, and every payment is flagged. Which "
    "division keeps the fraction?"
)
def _whole_division(y, p, cost_fp, cost_fn):
    return cost_fp // (cost_fp + cost_fn)


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


# ---------------------------------------------------------------- a policy in euros

_P3 = np.array([0.5, 0.02, 0.3, 0.004, 0.9, 0.06, 0.1105, 0.45, 0.2, 0.6])
_AMOUNT3 = np.array([15.0, 900.0, 12.0, 1500.0, 0.8, 60.0, 81.0, 40.0, 300.0, 4.0])
_P4 = np.array([0.7, 0.03, 0.15, 0.0995, 0.008])
_AMOUNT4 = np.array([3.0, 400.0, 58.0, 90.0, 2500.0])


@exercise(
    "10",
    title="Which payments to flag",
    hints=[
        "Of one payment: what does letting it pass cost on average, what does flagging it?",
        "The first is p·amount. A flag costs 10 € only where the payment is honest.",
        "Set both equal and solve for p: that is a cut, another one for each amount. "
        "`ce.cost_threshold` takes an array of costs.",
    ],
    right="Right: 10/(10 + amount) for each payment. In notebook 10 the cell after this "
    "exercise has your bill on the test months, beside that of the oracle.",
    probes=[(_P3, _AMOUNT3), (_P4, _AMOUNT4)],
)
def my_policy(p, amount):
    """Write my_policy(p, amount): which payments should be flagged, so that the bill is lowest on
    average?

    A false alarm costs 10 €, a missed fraud its amount. p (calibrated) and amount (in €) are
    arrays of one length; return an array of that length, True where a payment is flagged.
    """
    return p >= 10 / (10 + amount)


@my_policy.mistake(
    "This is one cut for all, and the amounts never enter. A payment of 5 € and one of 2,000 €: is "
    "the same suspicion enough for both?",
    cut=(10 / 110, 0.5, 0.35),
)
def _one_cut(p, amount, cut=10 / 110):
    return p >= cut


@my_policy.mistake(
    "One cut, made from the mean amount. It is right for a payment of that size: which amount "
    "belongs into the cut of each of the others?"
)
def _mean_amount(p, amount):
    return p >= 10 / (10 + amount.mean())


@my_policy.mistake(
    "p·amount is what letting it pass costs. The flag's price is not 10 € every time: a flag on a "
    "fraud costs nothing. How often is it a false alarm?"
)
def _always_pays_the_alarm(p, amount):
    return p * amount > 10


@my_policy.mistake(
    "The two costs have changed places: yours wants *more* suspicion for a larger amount. Which "
    "payment would you rather call about?"
)
def _exchanged_amounts(p, amount):
    return p >= amount / (10 + amount)


@my_policy.mistake(
    "Yours is the other way round: it flags what should pass, and lets pass what should be flagged."
)
def _the_others(p, amount):
    return p < 10 / (10 + amount)


@my_policy.mistake(
    "These are savings in euros, or cuts, one a payment: the right numbers to decide by. Which "
    "payments are flagged by them? Return True or False for each.",
    what=("savings", "cuts"),
)
def _not_yet_flags(p, amount, what="savings"):
    return p * amount - (1 - p) * 10 if what == "savings" else 10 / (10 + amount)


@my_policy.mistake(
    "These are row numbers, in an order. Nobody limits how many you flag: say True or False of "
    "each payment, in the order in which they came.",
    sign=(1, -1),
)
def _row_numbers(p, amount, sign=1):
    return np.argsort(sign * (p * amount - (1 - p) * 10))


@my_policy.mistake(
    "The amount alone decides here. A large payment is not suspicious for its size: what does p "
    "say?"
)
def _large_ones(p, amount):
    return amount >= amount.mean()
