"""The exercises of notebook 03: grade a probability, a batch, and a model."""

import math

import numpy as np

from cecourse.exercise.exercise import exercise
from cecourse.exercise.guards import PAIRS
from cecourse.exercise.mistake import EPS
from cehelpers import entropy


@exercise(
    "03",
    title="The medical test",
    hints=[
        "Follow the recipe: which probability did the model give to what turned out to be so?",
        "The patient is ill, so y = 1, and the second half of the formula drops out.",
        "Nats belong to the natural logarithm, `math.log`; the minus sign makes the mark positive.",
    ],
    right="Right: 0.1625. If such forecasts are honest, this mark is earned by 85 patients of 100; "
    "the other 15 cost 1.897 each.",
)
def medical_test():
    """A model gives a patient a 0.85 chance of illness, and the patient is ill.

    What is the binary cross-entropy of this forecast, in nats?
    """
    return -math.log(0.85)


@medical_test.mistake(
    "0.0706 is this loss with the logarithm to base 10. Which logarithm counts in nats?"
)
def _base_ten():
    return -math.log10(0.85)


@medical_test.mistake(
    "0.2345 is this loss in bits: right for base 2, and the course counts in nats unless it says "
    "otherwise. Which function is the natural logarithm?"
)
def _bits():
    return -math.log2(0.85)


@medical_test.mistake(
    "This is the loss of the same forecast for a healthy patient: you looked at 1 − 0.85. "
    "Which probability belongs to what happened?"
)
def _the_other_outcome():
    return -math.log(1 - 0.85)


@medical_test.mistake(
    "This is the logarithm of 85. A probability lies between 0 and 1, and a loss never falls below "
    "0: what is 85% as a number?"
)
def _per_cent():
    return -math.log(85)


@medical_test.mistake(
    "0.0225 is the squared error (1 − 0.85)², another way to grade a forecast, which notebook 06 "
    "compares with this one. Here a logarithm is asked for: of what?"
)
def _squared_error():
    return (1 - 0.85) ** 2


PROBES = [
    ([1, 0, 1], [0.9, 0.2, 0.6]),
    ([1, 0], [1.0, 0.0]),
    ([1, 1, 0, 0, 1], [0.7, 1.0, 0.4, 0.0, 0.3]),
    ([0.7, 1.0], [0.6, 0.8]),
    ([1, 0], [0.0, 0.3]),
]


@exercise(
    "03",
    title="Write it yourself, without an eps",
    hints=[
        "Each half of the formula has a weight: y for ln p and 1 − y for ln(1 − p). Add a half "
        "only if its weight is above 0; then 0·ln 0 never comes up.",
        "`math.log(0)` stops with an error. Before you take a logarithm, ask whether its argument "
        "is 0, and use `math.inf` for −ln 0.",
        "Labels may be soft: for y = 0.7 both halves count. And divide by the number of rows.",
    ],
    right="Right: exact in the middle, 0 for a certain and right forecast, and infinite for a "
    "certain and wrong one. This is what `ce.binary_cross_entropy` does for whole arrays.",
    probes=PROBES,
    digits=6,
)
def bce(y, p):
    """Write bce(y, p) in plain Python: the mean binary cross-entropy in nats.

    y and p are lists of equal length; y may hold soft labels. No eps and no clipping: where the
    model said 0 and it happened, or 1 and it did not, return infinity (math.inf). Count 0·ln 0 as
    0.
    """
    total = 0.0
    for y_i, p_i in zip(y, p, strict=True):
        for weight, chance in ((y_i, p_i), (1 - y_i, 1 - p_i)):
            if weight > 0:
                total += -weight * math.log(chance) if chance > 0 else math.inf
    return total / len(y)


@bce.mistake(
    "There is still an eps in it: a forecast of 0 for something that happened gets a finite price, "
    "and its size is your choice and no property of the forecast. What should −ln 0 be?",
    eps=EPS,
    pair=PAIRS,
    log=(math.log, np.log),
)
def _with_eps(y, p, eps, pair, log):
    total = 0.0
    for y_i, p_i in zip(y, p, strict=True):
        p_i, q_i = pair(p_i, eps)
        total -= y_i * log(p_i) + (1 - y_i) * log(q_i)
    return total / len(y)


@bce.mistake(
    "Rows with y = 0 cost nothing in your function, so a model that always says 1 would be "
    "perfect. Which half of the formula is missing?"
)
def _only_the_first_half(y, p):
    total = 0.0
    for y_i, p_i in zip(y, p, strict=True):
        if y_i > 0:
            total += -y_i * math.log(p_i) if p_i > 0 else math.inf
    return total / len(y)


@bce.mistake(
    "Your function adds up and does not average: twice as many rows would double the mark. "
    "By what do you divide?"
)
def _sum(y, p):
    return bce.function(y, p) * len(y)


@bce.mistake(
    "Your function treats a label of 0.7 as if it were 1. It is right for hard labels; "
    "for a soft one, both halves have a weight."
)
def _hard_labels_only(y, p):
    total = 0.0
    for y_i, p_i in zip(y, p, strict=True):
        chance = p_i if y_i >= 0.5 else 1 - p_i
        total += -math.log(chance) if chance > 0 else math.inf
    return total / len(y)


@bce.mistake(
    "Your function is infinite for every forecast of 0 or 1, even where it came true. Such a "
    "forecast costs nothing then: which of the two logarithms counts at all?"
)
def _certain_is_always_infinite(y, p):
    return math.inf if {0, 1} & set(p) else bce.function(y, p)


@exercise(
    "03",
    title="Three forecasts, one mark",
    hints=[
        "Three surprises first, one for each row; the average comes last.",
        "All three have y = 1, so each row costs −ln p with its own p.",
        "`np.mean(-np.log(p))` and `-np.log(np.mean(p))` are two different numbers: which one "
        "takes the logarithm of each row?",
    ],
    right="Right: 0.742. The logarithm bends, so averaging first hides the 0.2: it would have "
    "reported 0.568. The mean of the logs is also minus the log of the geometric mean, "
    f"{round((0.9 * 0.6 * 0.2) ** (1 / 3), 3)}.",
)
def three_forecasts():
    """Three events happened; the model had given them p = 0.9, 0.6 and 0.2.

    What is its log loss, the mean binary cross-entropy in nats?
    """
    p = np.array([0.9, 0.6, 0.2])
    return np.mean(-np.log(p))


@three_forecasts.mistake(
    "0.568 is the logarithm of the mean of the three probabilities. Log loss is the mean of three "
    "logarithms: take the surprise of each row before you average."
)
def _log_of_the_mean():
    return -np.log(np.mean([0.9, 0.6, 0.2]))


@three_forecasts.mistake(
    "This is the total of the three losses. What turns a total into a mark that does not grow with "
    "the number of rows?"
)
def _total():
    return -np.sum(np.log([0.9, 0.6, 0.2]))


@three_forecasts.mistake(
    "0.433 is the mean distance from 1, that is, the mean of 1 − p. Where does the logarithm come "
    "in?"
)
def _mean_distance():
    return 1 - np.mean([0.9, 0.6, 0.2])


@three_forecasts.mistake(
    "0.567 is the mean of the three probabilities, before any logarithm. What does each row pay?"
)
def _mean_forecast():
    return np.mean([0.9, 0.6, 0.2])


@three_forecasts.mistake(
    "This averages the losses for y = 0, as if none of the three had happened. Which of p and "
    "1 − p belongs to an event that did?"
)
def _did_not_happen():
    return -np.mean(np.log(1 - np.array([0.9, 0.6, 0.2])))


@exercise(
    "03",
    title="Seven of ten doctors",
    hints=[
        "Both halves of the formula count: one has the weight 0.7, the other the weight 0.3.",
        "The weights are the label, and the logarithms are taken of the forecast.",
        "−[0.7 · ln 0.9 + (1 − 0.7) · ln(…)]: which number completes the second logarithm?",
    ],
    right="Right: 0.765. Of that, 0.611 is the price of the doctors' disagreement, which no "
    "forecast can save; the other 0.154 is the price of saying 0.9 instead of 0.7.",
)
def seven_of_ten():
    """Seven of ten doctors call a scan positive, so its label is y = 0.7. The model says p = 0.9.

    What is the binary cross-entropy, in nats?
    """
    y, p = 0.7, 0.9
    return -(y * math.log(p) + (1 - y) * math.log(1 - p))


@seven_of_ten.mistake(
    "0.441 comes out when label and forecast change places, as they do when a library wants the "
    "forecast first. Which of the two stands inside the logarithm?"
)
def _swapped():
    y, p = 0.9, 0.7
    return -(y * math.log(p) + (1 - y) * math.log(1 - p))


@seven_of_ten.mistake(
    "This is the first half alone, the price if seven doctors are right. What do the other three "
    "add?"
)
def _first_half():
    return -0.7 * math.log(0.9)


@seven_of_ten.mistake(
    "0.611 is the lowest loss this label allows, reached by another forecast than 0.9. Which "
    "number stands inside the logarithms?"
)
def _lowest():
    return -(0.7 * math.log(0.7) + 0.3 * math.log(0.3))


@seven_of_ten.mistake(
    "0.154 is what the forecast pays on top of the lowest loss for this label, a KL divergence. "
    "The whole loss is asked for."
)
def _on_top():
    return 0.7 * math.log(0.7 / 0.9) + 0.3 * math.log(0.3 / 0.1)


@seven_of_ten.mistake(
    "0.105 is the loss for the hard label y = 1: here three doctors of ten disagree. Which weights "
    "do the two halves get?"
)
def _hard_label():
    return -math.log(0.9)


@exercise(
    "03",
    title="The last batch is short",
    hints=[
        "Imagine the four losses in one column. What is their mean?",
        "A mean over a batch of three stands for three rows: how much weight should it get?",
        "Turn each batch's mean back into a sum, add the sums, divide by the number of rows.",
    ],
    right="Right: 0.875. A mean of batch means gives a row in a short batch more weight than one "
    "in a long batch: here the single row would count as much as three others together.",
)
def short_batch():
    """One batch holds a single row with loss 2. The other holds three rows with loss 0.5 each.

    What is the mean loss over the rows of this epoch?
    """
    return (1 * 2.0 + 3 * 0.5) / (1 + 3)


@short_batch.mistake(
    "1.25 is the mean of the two batch means. It gives the single row as much weight as the three "
    "others together: how many rows are there?"
)
def _mean_of_means():
    return (2.0 + 0.5) / 2


@short_batch.mistake("3.5 is the sum over the rows. What makes a mean of it?")
def _sum_of_rows():
    return 2.0 + 3 * 0.5


@short_batch.mistake(
    "1.75 divides the sum over all rows by the number of batches. A mean over rows divides by "
    "something else."
)
def _by_batches():
    return (2.0 + 3 * 0.5) / 2


@short_batch.mistake(
    "This has the weights exchanged: the batch of one counts three times and the batch of three "
    "once. How many rows does each mean stand for?"
)
def _weights_exchanged():
    return (3 * 2.0 + 1 * 0.5) / 4


@short_batch.mistake(
    "0.625 adds the two batch means and divides by the four rows. What must each mean become "
    "before you may add them?"
)
def _means_over_rows():
    return (2.0 + 0.5) / 4


@exercise(
    "03",
    title="Is 0.10 good?",
    hints=[
        "One question decides: what does a forecast score that knows the base rate and nothing "
        "else?",
        "Say 0.01 for every customer: 10 rows cost −ln 0.01 each, and 990 cost −ln 0.99.",
        "`ce.entropy([0.99, 0.01])` is that score. Is 0.10 above or below it?",
    ],
    right=f"Right: the base rate alone scores {round(entropy([0.99, 0.01]), 3)}, so this model is "
    "worse than a constant. A small number is no news where the question is nearly settled "
    "beforehand.",
    choices={
        "A": f"It is good: 0.10 is far below ln 2 = {round(math.log(2), 3)}.",
        "B": "It is worse than saying 0.01 for every customer.",
        "C": "Nobody can say without its accuracy.",
        "D": "It is close to the best possible, because the lowest log loss is 0.",
    },
    mistakes={
        "A": "ln 2 is the mark to beat where half of the rows are positive. Here 1% are: what does "
        "that base rate score?",
        "C": "Accuracy would hardly help: saying that nobody leaves is right for 99% of these "
        "customers. Compare the mark with what the base rate alone would score.",
        "D": "Zero is reached only if every outcome is known for certain. How far above 0 does the "
        "base rate alone lie?",
    },
)
def is_it_good():
    """Of 1,000 customers, 10 left. A model's forecasts of leaving score a log loss of 0.10.

    What do you say to its maker?
    """
    left, score = 0.01, 0.10
    constant = -(left * math.log(left) + (1 - left) * math.log(1 - left))
    return "B" if score > constant else "A"
