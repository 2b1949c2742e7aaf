"""What notebook 09 asks before it shows: each answer is computed, as in the cells that follow."""

import math
from functools import cache

import numpy as np

from cecourse import story
from cecourse.prediction import prediction
from cehelpers import (
    binary_cross_entropy_with_logits,
    correct_prior,
    cost_threshold,
    fit_logistic,
    focal_loss,
    logit,
    roc_auc,
    sigmoid,
)
from cehelpers.logistic import LogisticFit

from .world import BASE_RATE, COST_FN, COST_FP, CUTS, PAYMENTS, W, cost, shares_flagged

TEST = story.rows  # payments
FRAUDS = round(TEST * BASE_RATE)
PLAIN = -8.6  # the intercept of the plain fit
RAW = 0.35  # what a weighted model says
ONE_KIND, TWO_KINDS = ((2.0, 1.0),), ((4.0, 0.0), (0.0, 2.0))
GAMMA, ETA = 2, 0.9


@prediction(
    f"Of {TEST:,} payments {FRAUDS} are frauds. A good model pays a log loss nearly a third below "
    "that of the base rate. It flags the payments to which it gives a probability of one half or "
    "more. How many frauds are among them?",
    (
        "about 15",
        lambda found: 5 < found < 35,
        f"Before the model looks, the odds are {(1 - BASE_RATE) / BASE_RATE:.0f} to 1 against "
        "fraud. To reach one half, the features must speak as loudly for it, and few frauds are "
        "that odd.",
    ),
    (
        "about 100",
        lambda found: 60 < found < 150,
        "The log loss fell by nearly a third, so a third of the frauds? It also falls where a "
        "fraud gets a tenth in place of next to nothing, and a tenth is not flagged.",
    ),
    (
        "about 300",
        lambda found: found > 250,
        "It is a good model, and it does put most frauds above most other payments. Above one "
        "half is another matter, where so few payments are frauds.",
    ),
)
def found_at_half():
    return FRAUDS * shares_flagged(1, 0.5)[1]


@prediction(
    f"A missed fraud costs {COST_FN:.0f} €, a false alarm {COST_FP:.0f} €. From which probability "
    "on do you flag?",
    (
        "0.5",
        lambda cut: 0.4 < cut < 0.6,
        "More likely fraud than not: so one decides where both mistakes cost the same. Here one "
        f"is {COST_FN / COST_FP:.0f} times as dear as the other.",
    ),
    (
        f"1/{COST_FN + COST_FP:.0f}",
        lambda cut: cut < 0.01,
        f"Flagging pays where p · {COST_FN:.0f} > (1 − p) · {COST_FP:.0f}, from p = "
        f"1/{COST_FN + COST_FP:.0f} on, if the probabilities mean what they say.",
    ),
    (
        "the cut with the best F1",
        lambda cut: 0.05 < cut < 0.3,
        "F1 weighs false alarms against missed frauds, and does so without having asked what "
        "either costs.",
    ),
)
def where_to_flag():
    return cost_threshold(COST_FP, COST_FN)


CHEAPEST = cost_threshold(COST_FP, COST_FN)


def bill(cut: float) -> float:
    """What `TEST` payments cost, in thousand €."""
    return cost(*shares_flagged(1, cut)) * TEST / PAYMENTS / 1000


@prediction(
    f"{TEST:,} payments, {FRAUDS} of them frauds; {COST_FP:.0f} € a false alarm, {COST_FN:.0f} € a "
    f"missed fraud. The model stays; the cut goes from 0.5 down to 1/{1 / CHEAPEST:.0f}. What does "
    "that do to the bill?",
    (
        "it saves a few thousand €: the model is the same",
        lambda saved: 0 < saved < 20,
        "The model is the same, and so is what it knows. What is done with it is not: at 0.5 "
        "hardly anything is.",
    ),
    (
        "it saves about 135 thousand €",
        lambda saved: 110 < saved < 165,
        f"At 0.5 nearly all frauds were missed, {COST_FN:.0f} € each. Most are found now, and the "
        f"false alarms, {COST_FP:.0f} € each, cost far less.",
    ),
    (
        "it costs more: tens of thousands of ordinary payments are flagged now",
        lambda saved: saved < -5,
        f"They are, at {COST_FP:.0f} € each. A fraud found among them is worth {COST_FN:.0f}.",
    ),
)
def price_of_a_habit():
    return bill(0.5) - bill(CHEAPEST)


def payments(seed: int, centres: tuple) -> tuple[np.ndarray, np.ndarray]:
    """The payments of the notebook: features (n, 2), and 1 for fraud."""
    rng = np.random.default_rng(seed)
    y = (np.arange(TEST) < FRAUDS).astype(int)
    X = rng.normal(size=(TEST, 2))
    X[y == 1] += np.resize(centres, (FRAUDS, 2))
    return X, y


@cache
def fits(centres: tuple = ONE_KIND) -> tuple[LogisticFit, LogisticFit]:
    """A plain fit, and one with the weight."""
    X, y = payments(1, centres)
    return fit_logistic(X, y), fit_logistic(X, y, sample_weight=np.where(y == 1, W, 1.0))


@prediction(
    f"With {BASE_RATE:.2%} frauds, a logistic regression that fits them well has an intercept of "
    f"−{-PLAIN} and two slopes. Now each fraud counts {W} times. What moves?",
    (
        f"the intercept, by about {math.log(W):.1f}",
        lambda moved: 5.3 < moved[0] < 7.2 and moved[1] < 1.2,
        f"The odds of fraud are {W} times as high, for every payment alike. In the logit that is "
        f"ln {W} = {math.log(W):.2f} more, and the same for all is the intercept's.",
    ),
    (
        f"the intercept, by {-PLAIN} to 0: both classes weigh the same now",
        lambda moved: 7.6 < moved[0] < 9.6 and moved[1] < 1.2,
        "They do weigh the same. But an intercept is the logit of a payment whose features are "
        "both 0, and that is an ordinary one.",
    ),
    (
        "intercept and slopes: a fraud's features count more now",
        lambda moved: moved[1] > 1.3,
        "What a feature tells of a payment is by how much it raises the odds. A fraud that counts "
        "several hundred times has the same features, several hundred times.",
    ),
)
def what_a_weight_moves():
    plain, weighted = fits()
    return weighted.intercept - plain.intercept, float(max(weighted.coef / plain.coef))


@prediction(
    f"New payments, and the two models, one plain, one trained with a weight of {W} on frauds. "
    "What has the weight done to AUC and log loss?",
    (
        "both are better: it has learned more about frauds",
        lambda done: done[0] > 0.01 and done[1] < 0.95,
        "It has heard of each fraud several hundred times. Of the same frauds: nothing was added "
        "that could be learned.",
    ),
    (
        "AUC the same, log loss many times as high",
        lambda done: abs(done[0]) < 0.004 and done[1] > 5,
        f"A shift for all changes no order. But every payment is told odds {W} times too high, and "
        "nearly all of them are no frauds.",
    ),
    (
        "AUC better, log loss worse: it finds more frauds, and is less well calibrated",
        lambda done: done[0] > 0.01 and done[1] > 1.05,
        "At one half it finds many more frauds. So does the plain model at a lower cut, and AUC "
        "looks at all cuts.",
    ),
    (
        "both the same: only the intercept has moved",
        lambda done: abs(done[0]) < 0.004 and done[1] < 1.5,
        "Only the intercept, and so the order stays. The log loss does not look at the order: it "
        "asks what was said to each payment.",
    ),
)
def what_a_weight_brings():
    X, y = payments(101, ONE_KIND)
    plain, weighted = (X @ fit.coef + fit.intercept for fit in fits())
    losses = [binary_cross_entropy_with_logits(y, z) for z in (plain, weighted)]
    return roc_auc(y, weighted) - roc_auc(y, plain), losses[1] / losses[0]


@prediction(
    f"You train with a weight of {W} on the positives. A raw output of {RAW} then means a "
    "probability of about",
    (
        f"{RAW}",
        lambda p: 0.3 < p < 0.4,
        "So it reads, and in the world that the weighted model sees it is so. In that world fraud "
        "is no rare thing.",
    ),
    (
        f"{RAW} / {W} = {RAW / W:.4f}",
        lambda p: 0.0004 < p < 0.0008,
        "The right idea, on the wrong number: a weight of two would halve a certainty. It "
        "multiplies odds, and p is not the odds.",
    ),
    (
        "0.001",
        lambda p: 0.0009 < p < 0.0012,
        f"The weight multiplies the odds: {RAW}/{1 - RAW} = {RAW / (1 - RAW):.3f}, divided by {W} "
        f"is {RAW / (1 - RAW) / W:.5f}. Odds are divided, not probabilities.",
    ),
)
def face_value():
    return sigmoid(correct_prior(logit(RAW), weight=W))


@prediction(
    f"A model was trained with a weight of {W} on frauds; a false alarm costs {COST_FP:.0f} €, a "
    f"missed fraud {COST_FN:.0f} €. At which cut is its bill lowest, and how does that bill "
    "compare with the lowest of the plain model?",
    (
        f"at 1/{1 / CHEAPEST:.0f}, the cut of the price list: a lower bill",
        lambda best: best[0] < 0.01 and best[1] < 0.95,
        "The price list speaks of probabilities that mean what they say. The outputs of this model "
        "are odds too high.",
    ),
    (
        "at ½: the same bill",
        lambda best: 0.4 < best[0] < 0.6 and 0.99 < best[1] < 1.01,
        f"At ½ it flags whom the plain model flags at 1/{1 / CHEAPEST:.0f}: the same payments, the "
        "same bill.",
    ),
    (
        "at ½: a lower bill",
        lambda best: 0.4 < best[0] < 0.6 and best[1] < 0.95,
        "For a lower bill it would have to find more frauds with as few alarms, and to know more "
        "than the plain model.",
    ),
)
def best_with_weight():
    bills = {cut: cost(*shares_flagged(W, cut)) for cut in CUTS}
    best = min(bills, key=bills.get)
    return best, bills[best] / cost(*shares_flagged(1, CHEAPEST))


@prediction(
    f"Somebody gives frauds a weight of {W} *and* flags from 1/{1 / CHEAPEST:.0f} on. How many of "
    "the ordinary payments get an alarm?",
    (
        f"{shares_flagged(1, CHEAPEST)[0]:.0%}, as with either of the two",
        lambda share: 0.1 < share < 0.16,
        "Weight and cut do say the same. Said twice it is not the same: each of them moves the "
        "line.",
    ),
    (
        f"twice that, {2 * shares_flagged(1, CHEAPEST)[0]:.0%}",
        lambda share: 0.2 < share < 0.35,
        "Twice the price list, twice the alarms? Two shifts add on the scale of logits, and there "
        "most ordinary payments stand close together.",
    ),
    (
        "nearly all of them",
        lambda share: share > 0.85,
        f"{shares_flagged(W, CHEAPEST)[0]:.0%}: flagged is now who has a chance of one in "
        f"{round(W * COST_FN / COST_FP, -5):,.0f} or more, and nearly every payment has.",
    ),
)
def both_handles():
    return shares_flagged(W, CHEAPEST)[0]


@prediction(
    "Ordinary payments crowd around (0, 0). Half of the frauds stand far out, around (4, 0), and "
    "half near the crowd, around (0, 2). One straight line must do for both. Which kind does a "
    f"plain fit care about more, and which one a fit with a weight of {W} on frauds?",
    (
        "plain: those far out; weighted: those near the crowd",
        lambda steep: steep[0] > 1.15 and steep[1] < 0.9,
        "A fit works where its p is neither 0 nor 1. For the plain one that is far out, where a "
        "fraud is at last likely. The weight moves this place to the edge of the crowd.",
    ),
    (
        "plain: those near the crowd; weighted: those far out",
        lambda steep: steep[0] < 0.9 and steep[1] > 1.15,
        "Near the crowd a fraud is the hardest to see, so the loss is high there. But little can "
        "be gained: among so many ordinary payments the plain p stays close to 0.",
    ),
    (
        "both: those far out, for they are easy to tell",
        lambda steep: steep[0] > 1.15 and steep[1] > 1.15,
        f"They are easy, and for a fit that counts them {W} times they are soon done with.",
    ),
    (
        "both: neither kind more, for they are equally many",
        lambda steep: 0.93 < steep[0] < 1.08 and 0.93 < steep[1] < 1.08,
        "They are equally many. What a row has to say in a fit is y − p times its features, and "
        "neither of these is the same for both kinds.",
    ),
)
def which_kind():
    return tuple(float(fit.coef[0] / fit.coef[1]) for fit in fits(TWO_KINDS))


@prediction(
    f"Focal loss, γ = {GAMMA}, lets a row count the less the better it was forecast. The true "
    f"probability is {ETA}. Which forecast has the lowest mean loss?",
    (
        "about 0.7",
        lambda p: 0.6 < p < 0.8,
        f"With a higher p the {ETA:.0%} that happen are so easy that they count for next to "
        "nothing, while the rest counts in full: it pays to be more careful than the truth.",
    ),
    (
        "0.9, as for cross-entropy",
        lambda p: 0.88 < p < 0.92,
        "A loss that is lowest elsewhere than at the truth sounds like no loss at all. Nothing "
        "forbids it: cross-entropy was made so that this holds.",
    ),
    (
        "about 0.97",
        lambda p: 0.94 < p < 0.995,
        "Easy rows nearly for nothing: so make them easier still? There is hardly anything left to "
        "save on them, and something to lose on the rest.",
    ),
)
def lowest_focal():
    p = np.linspace(0.001, 0.999, 999)
    one, zero = (focal_loss(np.full(999, y), p, gamma=GAMMA, reduction="none") for y in (1, 0))
    return float(p[(ETA * one + (1 - ETA) * zero).argmin()])
