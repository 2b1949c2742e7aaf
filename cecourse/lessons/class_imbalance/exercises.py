"""The exercises of notebook 09: counts, a price list, and weights that must be undone."""

import math

import numpy as np

from cecourse.exercise.exercise import exercise
from cecourse.exercise.guards import PAIRS
from cecourse.exercise.mistake import EPS

# ---------------------------------------------------------------- F1


@exercise(
    "09",
    title="F1 from a report",
    hints=[
        "Fill in the four counts first. 200 flags, 40 of them right: how many are wrong? 50 "
        "frauds, 40 of them found: how many are missed?",
        "Precision is a share of the flags, recall is a share of the frauds.",
        "F1 is 2·precision·recall / (precision + recall), the same as 2·tp / (2·tp + fp + fn).",
    ],
    right="Right: 0.32, from a precision of 0.2 and a recall of 0.8. The harmonic mean stays near "
    "the smaller of the two. And the 9,790 ordinary payments that were let through appear nowhere "
    "in it.",
)
def f1_of_report():
    """10,000 payments, 50 of them frauds. The model flags 200 payments; 40 of these are frauds.

    What is its F1?
    """
    tp, fp, fn = 40, 160, 10
    return 2 * tp / (2 * tp + fp + fn)


@f1_of_report.mistake(
    "0.5 is the ordinary mean of precision and recall. F1 is their harmonic mean, which is closer "
    "to the smaller one."
)
def _plain_mean():
    return (0.2 + 0.8) / 2


@f1_of_report.mistake("0.2 is the precision. What share of the frauds did the model find?")
def _precision():
    return 40 / 200


@f1_of_report.mistake("0.8 is the recall. What share of the flags was right?")
def _recall():
    return 40 / 50


@f1_of_report.mistake(
    "All 200 flags went into the place of the false alarms. 40 of them are right, and already "
    "counted as tp."
)
def _flags_as_false_alarms():
    return 2 * 40 / (2 * 40 + 200 + 10)


@f1_of_report.mistake(
    "This is the F1 of the *ordinary* payments: the true negatives stand where the true positives "
    "belong. Which class is the rare one?"
)
def _of_the_ordinary():
    return 2 * 9790 / (2 * 9790 + 160 + 10)


# ---------------------------------------------------------------- the cut of a price list


@exercise(
    "09",
    title="The cheaper mistake",
    hints=[
        "Write down what each decision costs on average for a payment with probability p: flagging "
        "is wrong with probability 1 − p, letting it pass is wrong with probability p.",
        "Set the two mean costs equal and solve for p.",
        "(1 − t)·C_fp = t·C_fn: bring both t to one side.",
    ],
    right="Right: 0.1. Nine to one in costs, one to nine in odds, one in ten in probability. Only "
    "the ratio of the costs matters, not the currency.",
)
def cheaper_mistake():
    """A false alarm costs 20 €, a missed fraud 180 €; right decisions cost nothing. The
    probabilities are calibrated.

    From which probability on should a payment be flagged?
    """
    cost_fp, cost_fn = 20, 180
    return cost_fp / (cost_fp + cost_fn)


@cheaper_mistake.mistake(
    "0.111 is C_fp / C_fn: the *odds* at which both decisions cost the same. Which probability has "
    "these odds?"
)
def _odds_as_probability():
    return 20 / 180


@cheaper_mistake.mistake(
    "0.9 has the costs exchanged. When a miss is the dear mistake, should one flag early or late?"
)
def _costs_exchanged():
    return 180 / (20 + 180)


@cheaper_mistake.mistake(
    "9 is the ratio of the costs, and a cut must be a probability. Set the mean costs of the two "
    "decisions equal."
)
def _ratio_of_costs():
    return 180 / 20


@cheaper_mistake.mistake("0.5 is right only when both mistakes cost the same. Do they?")
def _half():
    return 0.5


# ---------------------------------------------------------------- a weighted probability


@exercise(
    "09",
    title="What 0.8 means",
    hints=[
        "Which quantity did the weight multiply: the probability, the odds or the logit?",
        "0.8 are odds of 4 to 1. Divide *them* by the weight.",
        "Odds o belong to the probability o / (1 + o).",
    ],
    right="Right: 0.167, one in six. A weight acts on odds, so the way back leads through the odds "
    "too, or through the logit with − ln 20.",
)
def what_it_means():
    """A model was trained with weight 20 on the positives, and is well specified. It says 0.8.

    What probability does that stand for?
    """
    odds = 0.8 / 0.2 / 20
    return odds / (1 + odds)


@what_it_means.mistake(
    "0.2 are the odds without the weight, one to five. What is the probability with these odds?"
)
def _left_as_odds():
    return 0.8 / 0.2 / 20


@what_it_means.mistake(
    "0.04 divides the probability by the weight. Probabilities cannot be scaled like this: a raw 1 "
    f"would become {1 / 20:g} and no certainty could survive. What did the weight multiply?"
)
def _probability_divided():
    return 0.8 / 20


@what_it_means.mistake(
    "The weight has been put on a second time: + ln 20 instead of − ln 20. The raw 0.8 was already "
    "too high."
)
def _wrong_sign():
    return 80 / 81


@what_it_means.mistake("This is the logit without the weight. Which function leads back to p?")
def _left_as_logit():
    return math.log(4) - math.log(20)


@what_it_means.mistake(
    "ln 20 has been subtracted from the probability. It belongs to another ruler: z, the logit."
)
def _subtracted_from_p():
    return 0.8 - math.log(20)


# ---------------------------------------------------------------- undersampling


@exercise(
    "09",
    title="Undo the sampling",
    hints=[
        "Keeping a share s of the negatives leaves the frauds as they are. What happened to the "
        "odds, frauds to ordinary?",
        "They were divided by s. So multiply p / (1 − p) by s.",
        "The new odds are o = s·p / (1 − p); the probability is o / (1 + o). Multiply both parts "
        "by 1 − p, and p = 1 causes no trouble either.",
    ],
    right="Right, at 0 and 1 too. A 0.5 from a sample with 1% of the negatives means 0.0099, not "
    "0.01: nearly the same for rare events, and far apart when p is high.",
    probes=[
        (0.5, 0.01),
        (0.9, 0.1),
        (0.2, 1.0),
        (0.03, 0.25),
        (0.995, 0.002),
        (1.0, 0.01),
        (0.0, 0.3),
    ],
    digits=3,
)
def undo_sampling(p, s):
    """Write undo_sampling(p, s): a model trained on all positives and a random share s of the
    negatives says p; return the probability for payments as they come.

    p may be 0 or 1, where certainty stays certainty.
    """
    return s * p / (s * p + 1 - p)


@undo_sampling.mistake(
    "s·p scales the probability. Certainty would not survive: for p = 1 yours gives s. The "
    "sampling changed the *odds*."
)
def _scaled(p, s):
    return s * p


@undo_sampling.mistake(
    "This makes the rare class rarer in the wrong direction: your probabilities go up. In the "
    "sample, were frauds more frequent or less?"
)
def _wrong_direction(p, s):
    return p / (p + s * (1 - p))


@undo_sampling.mistake(
    "Correct up to the odds, and they are returned as if they were a probability. At p = 1 they "
    "are infinite."
)
def _odds_returned(p, s):
    return math.inf if p == 1 else s * p / (1 - p)


@undo_sampling.mistake(
    "Only p = 1 is left: there you divide by 0. Rewrite the fraction without 1 / (1 − p)."
)
def _fails_at_one(p, s):
    odds = s * p / (1 - p)
    return odds / (1 + odds)


@undo_sampling.mistake(
    "Here s has been used as if a share 1 − s of the negatives had been kept. s is what was kept."
)
def _dropped_share(p, s):
    return (1 - s) * p / ((1 - s) * p + 1 - p)


@undo_sampling.mistake(
    "An eps keeps you from dividing by 0, and decides what a certainty becomes: for p = 1 your "
    "result is not 1. Rewrite the fraction without 1 / (1 − p).",
    eps=EPS,
    pair=PAIRS,
)
def _with_an_eps(p, s, eps, pair):
    p, q = pair(p, eps)
    odds = s * p / q
    return odds / (1 + odds)


# ---------------------------------------------------------------- pos_weight


@exercise(
    "09",
    title="A weighted batch",
    hints=[
        "Row 1 has y = 1 and z = 2: its loss is softplus(−2). Row 2 has y = 0 and z = −1: "
        "softplus(−1).",
        "pos_weight multiplies the loss of the positive rows alone.",
        "Then take the ordinary mean over the two rows: divide by 2.",
    ],
    right="Right: 0.347. Had the weight been a *class weight* whose mean divides by the sum of "
    "weights, 3 + 1 = 4, the report would say half of that, 0.1735. Same minimum, another scale.",
)
def weighted_batch():
    """Two rows with logits z = (2, −1) and labels y = (1, 0), and pos_weight = 3.

    What does the loss report, in nats, as PyTorch's BCEWithLogitsLoss does with reduction "mean"?
    """
    losses = np.array([math.log1p(math.exp(-2)), math.log1p(math.exp(-1))])
    return np.mean(np.array([3, 1]) * losses)


@weighted_batch.mistake(
    "0.1735 divides by the sum of the weights, as a class weight in the mean does. pos_weight "
    "stands inside the loss, before the mean over rows."
)
def _by_sum_of_weights():
    return (3 * math.log1p(math.exp(-2)) + math.log1p(math.exp(-1))) / 4


@weighted_batch.mistake("0.660 has both rows tripled. Which row is a positive?")
def _both_rows():
    return 3 * (math.log1p(math.exp(-2)) + math.log1p(math.exp(-1))) / 2


@weighted_batch.mistake("The negative row has the weight here. What does the name pos_weight say?")
def _other_row():
    return (math.log1p(math.exp(-2)) + 3 * math.log1p(math.exp(-1))) / 2


@weighted_batch.mistake("0.220 is the mean without any weight.")
def _no_weight():
    return (math.log1p(math.exp(-2)) + math.log1p(math.exp(-1))) / 2


@weighted_batch.mistake("0.694 is the sum over the rows. The question asks for the mean.")
def _sum():
    return 3 * math.log1p(math.exp(-2)) + math.log1p(math.exp(-1))


# ---------------------------------------------------------------- what a shift leaves alone


@exercise(
    "09",
    title="What stays",
    hints=[
        "Adding a constant to every logit changes no order between two rows.",
        "Three of the four are read at a fixed probability, or from the probabilities themselves.",
    ],
    right="Right: c. The best F1 over all cuts asks only for the order, like AUC and average "
    "precision. The cut that reaches it moves with the logits.",
    choices={
        "a": "the log loss",
        "b": "the share of payments flagged at the cut 0.5",
        "c": "the best F1 that any cut can reach",
        "d": "the cut at which F1 is best",
    },
    mistakes={
        "a": "Log loss reads the probabilities, and every one of them has changed. In the "
        "table of five worlds it fell by more than nine tenths.",
        "b": "The cut stands still and the logits move past it. Half the frauds or more can end up "
        "on the other side.",
        "d": "A row at the old cut has another probability now. The same rows are flagged at "
        "another number.",
    },
)
def what_stays():
    """You subtract ln 550 from every logit of a weighted model.

    Which of these does *not* change?
    """
    y, z = np.array([1, 1, 0, 1, 0, 0]), np.array([9.0, 7.0, 6.5, 6.0, 4.0, 2.0])

    def measured(z):
        p = 1 / (1 + np.exp(-z))
        f1 = [2 * np.sum(y * (p >= cut)) / (np.sum(y) + np.sum(p >= cut)) for cut in p]
        loss = -np.mean(np.log(np.where(y == 1, p, 1 - p)))
        return {"a": loss, "b": np.mean(p >= 0.5), "c": max(f1), "d": p[np.argmax(f1)]}

    before, after = measured(z), measured(z - math.log(550))
    (stays,) = (option for option in before if math.isclose(before[option], after[option]))
    return stays


# ---------------------------------------------------------------- find the bug

_P = 1 / (1 + math.exp(-0.4))
_DEAR = 550


@exercise(
    "09",
    title="Find the bug",
    hints=[
        "Try it without a weight and with equal costs: logit z = 0.4, weight 1, costs 1 and 1. "
        f"p = {_P:.3f} should be flagged. And z = −0.4, with p = {1 - _P:.3f}?",
        "Name the unit on each side of the ≥: one is odds. And the other?",
        "Either turn the odds into a probability, or compare with the odds of the cut, "
        "C_fp / C_fn.",
    ],
    right=f"Right. Odds were compared with a probability. With a miss {_DEAR} times as dear as an "
    f"alarm, 1/{_DEAR} and 1/{_DEAR + 1} hide it; with equal costs, where the cut is {0.5:g}, it "
    f"flags from p = {0.5 / (1 + 0.5):.3f} on.",
    probes=[
        (np.array([0.4, -0.4, 3.0, -3.0]), 1.0, 1.0, 1.0),
        (np.array([6.0, 5.6, 6.6, 7.5, 3.0]), 550.0, 1.0, 1.0),
        (np.array([1.0, 2.2, 2.8, 4.0]), 20.0, 2.0, 3.0),
        (np.array([-2.0, 0.3, 0.0, 1.0, -0.5]), 2.0, 1.0, 4.0),
        (np.array([0.0, 1.0, 2.0, 3.0]), 3.0, 5.0, 1.0),
    ],
)
def flag(z, weight, cost_fp, cost_fn):
    """Write the function above again without its bug: 1 where flagging is the cheaper decision,
    else 0.

    z is an array of logits from a well-specified model that was trained with `weight` on the
    positives; right decisions cost nothing.
    """
    odds = np.exp(z) / weight
    return (odds >= cost_fp / cost_fn).astype(int)


@flag.mistake(
    "It still behaves like the function above. Which quantity is on the left of the ≥, and which "
    "on the right?"
)
def _as_found(z, weight, cost_fp, cost_fn):
    return (np.exp(z) / weight >= cost_fp / (cost_fp + cost_fn)).astype(int)


@flag.mistake(
    "The comparison is right now, and the weight is gone: the raw probability is compared with a "
    "cut for true ones. That part was no bug."
)
def _weight_forgotten(z, weight, cost_fp, cost_fn):
    return (np.exp(z) >= cost_fp / cost_fn).astype(int)


@flag.mistake("The weight is now put on a second time. The division by it was right.")
def _weight_twice(z, weight, cost_fp, cost_fn):
    return (np.exp(z) * weight >= cost_fp / cost_fn).astype(int)


@flag.mistake("The costs have changed places. A dear miss should make it flag *earlier*.")
def _costs_swapped(z, weight, cost_fp, cost_fn):
    return (np.exp(z) / weight >= cost_fn / cost_fp).astype(int)


@flag.mistake("This flags exactly the payments that should pass. Look at the direction of the ≥.")
def _upside_down(z, weight, cost_fp, cost_fn):
    return (np.exp(z) / weight < cost_fp / cost_fn).astype(int)
