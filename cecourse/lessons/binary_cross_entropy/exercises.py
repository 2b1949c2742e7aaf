"""The exercises of notebook 03: grade a probability, a batch, and a model."""

import math

import numpy as np

from cecourse.exercise.exercise import exercise
from cecourse.exercise.guards import PAIRS
from cecourse.exercise.mistake import EPS
from cecourse.language import _
from cehelpers import entropy


@exercise(
    "03",
    title="The medical test",
    draws={"p": (0.35, 0.45, 0.55, 0.62, 0.65, 0.7, 0.72, 0.75, 0.78, 0.82, 0.88, 0.92)},
    hints=[
        "Follow the recipe: which probability did the model give to what turned out to be so?",
        "The patient is ill, so y = 1, and the second half of the formula drops out.",
        "Nats belong to the natural logarithm, `math.log`; the minus sign makes the mark positive.",
    ],
    right=lambda p, answer: _(
        "Right: {answer:.4g}. If such forecasts are honest, this mark is earned by {ill:.0f} "
        "patients of 100; the other {well:.0f} cost {other:.4g} each."
    ).format(answer=answer, ill=100 * p, well=100 * (1 - p), other=-math.log(1 - p)),
)
def medical_test(p=0.85):
    """A model gives a patient a {p} chance of illness, and the patient is ill.

    What is the binary cross-entropy of this forecast, in nats?
    """
    return -math.log(p)


@medical_test.mistake(
    "{it:#.3g} is this loss with the logarithm to base 10. Which logarithm counts in nats?"
)
def _base_ten(p):
    return -math.log10(p)


@medical_test.mistake(
    "{it:#.4g} is this loss in bits: right for base 2, and the course counts in nats unless "
    "it says otherwise. Which function is the natural logarithm?"
)
def _bits(p):
    return -math.log2(p)


@medical_test.mistake(
    "This is the loss of the same forecast for a healthy patient: you looked at "
    "1 − {p}. Which probability belongs to what happened?"
)
def _the_other_outcome(p):
    return -math.log(1 - p)


@medical_test.mistake(
    lambda p: _(
        "This is the logarithm of {per_cent:.0f}. A probability lies between 0 and 1, and a loss "
        "never falls below 0: what is {p:.0%} as a number?"
    ).format(p=p, per_cent=100 * p)
)
def _per_cent(p):
    return -math.log(100 * p)


@medical_test.mistake(
    "This is 1 − {p}, how far the forecast is from what happened, or the square of that, "
    "another way to grade, which notebook 06 compares with this one. Here a logarithm is asked "
    "for: of what?",
    power=(2, 1),
)
def _squared_error(p, power=2):
    return (1 - p) ** power


@medical_test.mistake(
    lambda p, it: _(
        "{it:#.3g} is what the model itself expects to pay, the entropy of its forecast: both "
        "outcomes count in it, with {p} and {rest:.2f}. What weights do they have once it is "
        "known that the patient is ill?"
    ).format(it=it, p=p, rest=1 - p)
)
def _expected(p):
    return -(p * math.log(p) + (1 - p) * math.log(1 - p))


@medical_test.mistake(
    "{it:#.3g} adds the prices of both outcomes, and one of the two happened. Which "
    "weights do y and 1 − y give them?"
)
def _both_outcomes(p):
    return -math.log(p) - math.log(1 - p)


@medical_test.mistake(
    "{it:#.3g} comes out when {p} is taken for a logit and goes through a sigmoid first. "
    "The model gave a probability: what is its surprise?"
)
def _taken_for_a_logit(p):
    return math.log(1 + math.exp(-p))


PROBES = [
    ([1, 0, 1], [0.9, 0.2, 0.6]),
    ([1, 0], [1.0, 0.0]),
    ([1, 1, 0, 0, 1], [0.7, 1.0, 0.4, 0.0, 0.3]),
    ([0.7, 1.0], [0.6, 0.8]),
    ([1, 0], [0.0, 0.3]),
    ([0.3, 0.5], [0.3, 1.0]),
    ([0.2, 1], [0.0, 0.4]),
    ([1, 0], [1e-30, 0.2]),
    ([0, 1, 1, 0], [1, 1, 0, 1]),
    ([0.3], [0.3]),
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

    y and p are lists of equal length with numbers from 0 to 1; y may hold soft labels. No eps and
    no clipping: where the model gave 0 to something that has a weight (it said 0 and the label is
    above 0, or 1 and the label is below 1), return infinity (math.inf). Count 0·ln 0 as 0.
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
    "Your function treats a label of 0.7 as if it were a hard one, 0 or 1. For a soft label both "
    "halves have a weight: which?",
    one=(lambda y: y >= 0.5, lambda y: y == 1, lambda y: y > 0),
)
def _hard_labels_only(y, p, one):
    total = 0.0
    for y_i, p_i in zip(y, p, strict=True):
        chance = p_i if one(y_i) else 1 - p_i
        total += -math.log(chance) if chance > 0 else math.inf
    return total / len(y)


@bce.mistake(
    "Your function is infinite for every forecast of 0 or 1, even where it came true. Such a "
    "forecast costs nothing then: which of the two logarithms counts at all?"
)
def _certain_is_always_infinite(y, p):
    return math.inf if {0, 1} & set(p) else bce.function(y, p)


@bce.mistake(
    "A row of infinite loss does not count in your function: the model's worst forecast is "
    "forgiven. What is the mean of a list with an infinity in it?",
    divided_by=("all", "the others"),
)
def _infinite_rows_left_out(y, p, divided_by):
    rows = [bce.function([y_i], [p_i]) for y_i, p_i in zip(y, p, strict=True)]
    finite = [row for row in rows if row < math.inf]
    return sum(finite) / (len(rows) if divided_by == "all" else len(finite))


@bce.mistake(
    "`np.nan_to_num` makes 0 of nan, which is welcome here, and of an infinity the largest float, "
    "which is not: where the loss is infinite, your function shall say so. Can you leave out "
    "0·ln 0 before it becomes nan?",
    where=("rows", "logarithms"),
)
def _largest_float(y, p, where):
    y, p = np.array(y, dtype=float), np.array(p, dtype=float)
    with np.errstate(all="ignore"):
        logs = np.log(p), np.log(1 - p)
        if where == "logarithms":
            logs = np.nan_to_num(logs[0]), np.nan_to_num(logs[1])
        return np.mean(np.nan_to_num(-(y * logs[0] + (1 - y) * logs[1])))


@exercise(
    "03",
    title="Three forecasts, one mark",
    draws={
        "p": (
            (0.8, 0.5, 0.1),
            (0.95, 0.7, 0.3),
            (0.9, 0.5, 0.3),
            (0.7, 0.6, 0.1),
            (0.8, 0.4, 0.25),
            (0.9, 0.7, 0.1),
            (0.85, 0.6, 0.05),
            (0.8, 0.7, 0.15),
            (0.75, 0.5, 0.2),
        )
    },
    hints=[
        "Three surprises first, one for each row; the average comes last.",
        "All three have y = 1, so each row costs −ln p with its own p.",
        "`np.mean(-np.log(p))` and `-np.log(np.mean(p))` are two different numbers: which one "
        "takes the logarithm of each row?",
    ],
    right=lambda p, answer: _(
        "Right: {answer:#.3g}. The logarithm bends, so averaging first hides the {least}: it would "
        "have reported {hidden:#.3g}. The mean of the logs is also minus the log of the geometric "
        "mean, {geometric:#.3g}."
    ).format(
        answer=answer,
        least=min(p),
        hidden=-math.log(sum(p) / 3),
        geometric=math.prod(p) ** (1 / 3),
    ),
)
def three_forecasts(p=(0.9, 0.6, 0.2)):
    """Three events happened; the model had given them p = {p[0]}, {p[1]} and {p[2]}.

    What is its log loss, the mean binary cross-entropy in nats?
    """
    return np.mean(-np.log(p))


@three_forecasts.mistake(
    "{it:#.3g} is the logarithm of the mean of the three probabilities. Log loss is the mean "
    "of three logarithms: which comes first, the surprises or the averaging?"
)
def _log_of_the_mean(p):
    return -np.log(np.mean(p))


@three_forecasts.mistake(
    "This is the total of the three losses. What turns a total into a mark that does not grow with "
    "the number of rows?"
)
def _total(p):
    return -np.sum(np.log(p))


@three_forecasts.mistake(
    "{it:#.3g} is the mean distance from 1, that is, the mean of 1 − p. Where does the "
    "logarithm come in?"
)
def _mean_distance(p):
    return 1 - np.mean(p)


@three_forecasts.mistake(
    "{it:#.3g} is the mean of the three probabilities, before any logarithm. What does each "
    "row pay?"
)
def _mean_forecast(p):
    return np.mean(p)


@three_forecasts.mistake(
    "{it:#.3g} is right in bits. The question asks for nats: which logarithm do you need?"
)
def _forecasts_in_bits(p):
    return np.mean(-np.log2(p))


@three_forecasts.mistake(
    "This averages the losses for y = 0, as if none of the three had happened. Which of p and "
    "1 − p belongs to an event that did?"
)
def _did_not_happen(p):
    return -np.mean(np.log(1 - np.array(p)))


@three_forecasts.mistake(
    "{it:#.3g} is the product of the three, the likelihood. What does −ln make of it, and how "
    "many rows share that?"
)
def _likelihood(p):
    return np.prod(p)


@three_forecasts.mistake(
    lambda p, it: _(
        "{it:#.3g} charges the forecast of {least} as if its event had not happened. All three "
        "did: which probability belongs to that row?"
    ).format(it=it, least=min(p))
)
def _lowest_taken_for_a_miss(p):
    return np.mean(-np.log([1 - x if x == min(p) else x for x in p]))


@exercise(
    "03",
    title="Ten doctors, one scan",
    draws={"y": (0.6, 0.7, 0.8), "p": (0.65, 0.75, 0.8, 0.85, 0.9, 0.95)},
    hints=[
        lambda y: _(
            "Both halves of the formula count: one has the weight {y}, the other the weight "
            "{rest:.1f}."
        ).format(y=y, rest=1 - y),
        "The weights are the label, and the logarithms are taken of the forecast.",
        "−[{y} · ln {p} + (1 − {y}) · ln(…)]: which number completes the second logarithm?",
    ],
    right=lambda y, p, answer: _(
        "Right: {answer:.3f}. Of that, {lowest:.3f} is the price of the doctors' disagreement, "
        "which no forecast can save; the other {on_top:.3f} is the price of saying {p} instead of "
        "{y}."
    ).format(
        answer=answer,
        lowest=entropy([y, 1 - y]),
        on_top=answer - entropy([y, 1 - y]),
        p=p,
        y=y,
    ),
)
def seven_of_ten(y=0.7, p=0.9):
    """Ten doctors look at a scan, and its label is the share of them who call it positive: y = {y}.

    The model says p = {p}. What is the binary cross-entropy, in nats?
    """
    return -(y * math.log(p) + (1 - y) * math.log(1 - p))


@seven_of_ten.mistake(
    "{it:#.3g} comes out when label and forecast change places, as they do when a library "
    "wants the forecast first. Which of the two stands inside the logarithm?"
)
def _swapped(y, p):
    return -(p * math.log(y) + (1 - p) * math.log(1 - y))


@seven_of_ten.mistake(
    lambda y: _(
        "This is the first half alone, the price if {yes:.0f} doctors are right. What do the "
        "other {no:.0f} add?"
    ).format(yes=10 * y, no=10 * (1 - y))
)
def _first_half(y, p):
    return -y * math.log(p)


@seven_of_ten.mistake(
    "{it:#.3g} is the lowest loss this label allows, reached by another forecast than {p}. "
    "Which number stands inside the logarithms?"
)
def _lowest(y):
    return -(y * math.log(y) + (1 - y) * math.log(1 - y))


@seven_of_ten.mistake(
    "{it:#.3g} is what the forecast pays on top of the lowest loss for this label, a KL "
    "divergence. The whole loss is asked for: what else belongs to it?"
)
def _on_top(y, p):
    return y * math.log(y / p) + (1 - y) * math.log((1 - y) / (1 - p))


@seven_of_ten.mistake(
    lambda y, it: _(
        "{it:#.3g} is the loss for the hard label y = 1, but {no:.0f} doctors of ten disagree. "
        "Which weights do the two halves get?"
    ).format(it=it, no=10 * (1 - y))
)
def _hard_label(p):
    return -math.log(p)


@seven_of_ten.mistake(
    lambda y, it: _(
        "{it:#.3g} is the loss for the hard label y = 0, but {yes:.0f} doctors of ten call the "
        "scan positive. Which weights do the two halves get?"
    ).format(it=it, yes=10 * y)
)
def _hard_label_of_the_others(p):
    return -math.log(1 - p)


@seven_of_ten.mistake(
    lambda y: _(
        "The weights are exchanged: in your sum {no:.0f} of ten call the scan positive. Whose "
        "surprise is −ln p, that of those who say yes or of those who say no?"
    ).format(no=10 * (1 - y))
)
def _weights_of_the_other(y, p):
    return -((1 - y) * math.log(p) + y * math.log(1 - p))


@exercise(
    "03",
    title="The last batch is short",
    draws={"short": (1.5, 2, 2.5, 3), "long": (0.3, 0.4, 0.5), "n": (3, 4, 7, 9)},
    hints=[
        lambda n: _("Imagine the {all} losses in one column. What is their mean?").format(
            all=n + 1
        ),
        "A mean over a batch of {n} stands for {n} rows: how much weight should it get?",
        "Turn each batch's mean back into a sum, add the sums, divide by the number of rows.",
    ],
    right="Right: {answer:.4g}. A mean of batch means gives a row in a short batch more weight "
    "than one in a long batch: here the single row would count as much as {n} others together.",
)
def short_batch(short=2, long=0.5, n=3):
    """One batch holds a single row with loss {short}. The other holds {n} rows with loss {long}
    each.

    What is the mean loss over the rows of this epoch?
    """
    return (1 * short + n * long) / (1 + n)


@short_batch.mistake(
    "{it:g} is the mean of the two batch means. It gives the single row as much weight as the "
    "{n} others together: how many rows are there?"
)
def _mean_of_means(short, long):
    return (short + long) / 2


@short_batch.mistake("{it:g} is the sum over the rows. What makes a mean of it?")
def _sum_of_rows(short, long, n):
    return short + n * long


@short_batch.mistake(
    "{it:g} divides the sum over all rows by the number of batches. By what does a mean over "
    "rows divide?"
)
def _by_batches(short, long, n):
    return (short + n * long) / 2


@short_batch.mistake(
    "This has the weights exchanged: the batch of one counts {n} times and the batch of {n} "
    "once. How many rows does each mean stand for?"
)
def _weights_exchanged(short, long, n):
    return (n * short + long) / (n + 1)


@short_batch.mistake(
    lambda n, it: _(
        "{it:.4g} adds the two batch means and divides by the {all} rows. What must each mean "
        "become before you may add them?"
    ).format(it=it, all=n + 1)
)
def _means_over_rows(short, long, n):
    return (short + long) / (n + 1)


@short_batch.mistake(
    "{it:g} is the sum of the two batch means. For how many rows does each of them stand, and "
    "what makes a mean of them all?"
)
def _sum_of_means(short, long):
    return short + long


@short_batch.mistake(
    "{it:.4g} is the sum over the rows, divided by the {n} of one batch. How many rows are "
    "there in all?"
)
def _by_the_long_batch(short, long, n):
    return (short + n * long) / n


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
