"""The final quiz, questions 21 to 30: notebooks 09 to 12."""

import math

import numpy as np

import cehelpers as ce
from cecourse import story
from cecourse.exercise.question import question

CLAIM_5 = "Claim 5 · 0.35 means 32%?"  # a heading of notebook 10


@question(
    "09",
    "What a weight moves",
    title="The cut of a weighted model",
    draws={"weight": (5, 10, 20, 30, 40), "cost": (60, 80, 90, 100, 120, 150, 200)},
    hints=[
        lambda cost: (
            "Begin without the weight: from which probability on does flagging pay, at 1 € and "
            f"{cost} €?"
        ),
        lambda weight, cost: (
            f"From 1/{1 + cost} on, which is odds of 1 to {cost}. What does a weight of {weight} "
            "do to odds?"
        ),
        lambda weight, cost: (
            f"The odds of the raw output at that point are {weight}/{cost}. Which probability has "
            "them?"
        ),
    ],
    right=lambda cost, answer: (
        f"Right: {answer:.3g}. The weight had already moved every row towards the prices; with a "
        f"weight of {cost} the raw cut would have been ½."
    ),
)
def q21(weight=20, cost=80):
    """A well-specified model was trained with a weight of {weight} on the positives. A false alarm
    costs 1 € and a missed fraud {cost} €; right decisions cost nothing.

    From which *raw* output of the model on should a payment be flagged?
    """
    odds = weight * 1 / cost
    return odds / (1 + odds)


@q21.mistake(
    "This is the cut for calibrated probabilities. The raw output of this model is another number: "
    "what has the weight done to it?"
)
def _q21_calibrated(cost):
    return ce.cost_threshold(1, cost)


@q21.mistake(
    "You divided the odds of the cut by the weight. The raw output is *higher* than the "
    "probability it stands for: which way must the cut move?"
)
def _q21_wrong_way(weight, cost):
    return ce.sigmoid(-math.log(cost) - math.log(weight))


@q21.mistake(
    lambda weight, cost: (
        f"These are the odds at the cut, {weight} to {cost}. Which probability has these odds?"
    )
)
def _q21_odds(weight, cost):
    return weight / cost


@q21.mistake(
    "One half is the cut where both mistakes cost the same, or where the weight is exactly the "
    "ratio of the prices. Is it?"
)
def _q21_half():
    return 0.5


@q21.mistake(
    lambda cost: (
        "You multiply a probability by the weight. A weight multiplies odds: what are those of "
        f"1/{1 + cost}?"
    )
)
def _q21_times_weight(weight, cost):
    return weight / (1 + cost)


@q21.mistake(
    lambda cost: (
        f"You divide the 1/{1 + cost} by the weight. A weight works on odds, and raises what the "
        "model says: which way must the cut move?"
    )
)
def _q21_over_weight(weight, cost):
    return 1 / (1 + cost) / weight


@q21.mistake(
    "The odds are upside down. The weight is smaller than the ratio of the prices: on which side "
    "of one half must the cut lie?"
)
def _q21_upside_down(weight, cost):
    return cost / (cost + weight)


@q21.mistake(
    "Here the weight stands in the place of the price of a missed fraud. Where do the prices "
    "themselves enter?"
)
def _q21_weight_alone(weight):
    return 1 / (1 + weight)


def _under_focal(truth):
    """What a forecaster says who knows the truth and is paid by focal loss, γ = 2."""
    p = np.linspace(0.001, 0.999, 999)
    one, zero = (ce.focal_loss(np.full(999, y), p, gamma=2, reduction="none") for y in (1, 0))
    return p[np.argmin(truth * one + (1 - truth) * zero)]


@question(
    "09",
    "Focal loss: another bargain",
    title="What focal loss says",
    hints=[
        "Is focal loss proper? In other words, is its mean smallest for the forecast that tells "
        "the truth?",
        f"With γ = 2 a true 0.99 is announced as about {_under_focal(0.99):.2f}, and a true 0.01 "
        f"as about {_under_focal(0.01):.2f}. To which side is 0.69 pulled?",
    ],
    right=f"Right: forecasts are pulled towards ½, and {_under_focal(0.9):.2f} stands for a true "
    "0.9. The pull keeps the order, so it can be read backwards; until then it is no probability.",
    choices={
        "A": "About 69%: the loss was minimised, so the output is a probability.",
        "B": "More than 69%.",
        "C": "Less than 69%.",
        "D": "Nobody can say: focal loss destroys the order of the rows.",
    },
    mistakes={
        "A": "That follows for a *proper* loss, which an honest forecast minimises. Is focal loss "
        "one?",
        "C": "That would be a loss that drives forecasts away from ½. Focal loss gives easy rows a "
        "discount: does it pay to be very sure?",
        "D": "The order survives: what it says rises with what is true. Only the claim is bent; to "
        "which side?",
    },
)
def q22():
    """A detector trained to perfection by focal loss, γ = 2, says 0.69 for many boxes.

    In how many of them is there an object?
    """
    says, further = 0.69, 0.69 + 1e-6
    up, down = (ce.focal_loss([y], [further]) - ce.focal_loss([y], [says]) for y in (0, 1))
    truth = up / (up - down)  # the share for which the mean loss stands still at 0.69
    return "A" if math.isclose(truth, says, abs_tol=0.01) else "B" if truth > says else "C"


@question(
    "09",
    "Where this goes wrong",
    title="From the balanced test to the world",
    draws={
        "rates": (
            (0.9, 0.03, 0.9677),
            (0.7, 0.02, 0.9722),
            (0.65, 0.01, 0.9848),
            (0.85, 0.05, 0.9444),
            (0.9, 0.06, 0.9375),
            (0.75, 0.04, 0.9494),
            (0.95, 0.04, 0.9596),
        ),
        "frauds": (3, 5, 8),
    },
    hints=[
        "Imagine 100,000 payments. How many are frauds, and how many of these are flagged?",
        lambda rates, frauds: (
            f"{100 * frauds:.0f} are frauds, of which {100 * frauds * rates[0]:.0f} are flagged. "
            f"And of the {100_000 - 100 * frauds:,} others, {100 * rates[1]:.0f} in a hundred."
        ),
    ],
    right=lambda rates, answer: (
        f"Right: {answer:#.3g}, where the balanced test set promised {rates[2]}. Recall and the "
        "share of false alarms travel from one base rate to another; precision does not."
    ),
)
def q23(rates=(0.8, 0.02, 0.9756), frauds=2):
    """A fraud model flags {rates[0]:.0%} of the frauds and {rates[1]:.0%} of the honest payments.
    On a test set with as many frauds as honest payments its precision is {rates[2]}. In the world
    {frauds} payments in 1,000 are frauds.

    What is its precision there?
    """
    base = frauds / 1000
    flagged_frauds, false_alarms = rates[0] * base, rates[1] * (1 - base)
    return flagged_frauds / (flagged_frauds + false_alarms)


@q23.mistake(
    "This is the precision at a base rate of one half. Which share of the flagged payments are "
    "frauds where nearly all payments are honest?"
)
def _q23_balanced(rates):
    return rates[0] / (rates[0] + rates[1])


@q23.mistake(
    "This compares the flagged frauds with the false alarms: odds. With which payments does "
    "precision compare them?",
    way=("counted", "of all payments", "from the rounded precision"),
)
def _q23_odds(rates, frauds, way="counted"):
    if way == "from the rounded precision":
        precision = round(rates[2], 3)
        return precision / (1 - precision) * frauds / 1000
    others = 1000 - frauds if way == "counted" else 1000
    return rates[0] * frauds / (rates[1] * others)


@q23.mistake(
    "This is the recall: of the frauds, how many are flagged. Of which payments is precision a "
    "share?"
)
def _q23_recall(rates):
    return rates[0]


@q23.mistake(
    "This scales the precision of the test set by the base rate. Count instead: of 100,000 "
    "payments, how many frauds and how many honest ones are flagged?"
)
def _q23_scaled(rates, frauds):
    return rates[0] / (rates[0] + rates[1]) * frauds / 1000


@q23.mistake(
    lambda frauds: (
        f"Here {frauds} in a *hundred* payments are frauds. Of how many does the question speak?"
    )
)
def _q23_in_a_hundred(rates, frauds):
    flagged, alarms = rates[0] * frauds, rates[1] * (100 - frauds)
    return flagged / (flagged + alarms)


@q23.mistake(
    "Here every fraud is flagged. Which share of them does the model find in the question?"
)
def _q23_all_found(rates, frauds):
    return frauds / (frauds + rates[1] * (1000 - frauds))


@q23.mistake(
    lambda rates: (
        f"The false alarms are {rates[1]:.0%} of *all* payments here, which is nearly right. Of "
        "which payments are they to be that share?"
    )
)
def _q23_alarms_of_all(rates, frauds):
    return rates[0] * frauds / (rates[0] * frauds + rates[1] * 1000)


@question(
    "10",
    "Claim 2 · The loss without weights",
    title="A number from a case study",
    hints=[
        lambda rate: f"Which log loss has somebody who says {rate} for every payment?",
        lambda rate: (
            f"That is the entropy of the base rate, in nats: a share of {rate} pays −ln {rate}, "
            f"the rest pays −ln {1 - rate:g}."
        ),
    ],
    right=lambda answer: (
        f"Right: {answer:.3g} times what a constant scores. Small losses are the rule where the "
        "question is nearly settled beforehand; the base rate is the first thing to compute."
    ),
    digits=2,
)
def q24(rate=story.base_rate):
    """A case study: {rate:.2%} of the payments are frauds, and the model's log loss is "already"
    0.042 nats in its first epoch.

    How many times as large is it as the log loss of somebody who says {rate} every time?
    """
    return 0.042 / ce.entropy([rate, 1 - rate])


@q24.mistake("This is the log loss of the constant itself. How many times does 0.042 hold it?")
def _q24_base(rate):
    return ce.entropy([rate, 1 - rate])


@q24.mistake(
    lambda rate: (
        "This compares with ln 2, the mark of somebody who says one half. Who would, with "
        f"{rate:.2%} of frauds?"
    )
)
def _q24_ln2():
    return 0.042 / math.log(2)


@q24.mistake("The constant pays only for its frauds here. What do the payments cost that are none?")
def _q24_frauds_alone(rate):
    return 0.042 / (-rate * math.log(rate))


@q24.mistake(
    "This is how much more the model pays, a difference. By what do you find how many *times*?"
)
def _q24_difference(rate):
    return 0.042 - ce.entropy([rate, 1 - rate])


@q24.mistake(
    lambda rate: (
        f"The {rate:.2%} has become {100 * rate:.2f} here. Which number between 0 and 1 does it "
        "stand for?"
    )
)
def _q24_not_per_cent(rate):
    return 0.042 / ce.entropy([100 * rate, 1 - 100 * rate])


@q24.mistake("The base rate's entropy is in bits here, and 0.042 in nats. Which unit for both?")
def _q24_bits(rate):
    return 0.042 / ce.entropy([rate, 1 - rate], base=2)


@q24.mistake("This is the ratio upside down: the constant's loss over the model's.")
def _q24_inverted(rate):
    return ce.entropy([rate, 1 - rate]) / 0.042


@q24.mistake(
    lambda rate: (
        "This compares a loss with a *rate*. What does somebody pay in nats who says "
        f"{rate} each time?"
    )
)
def _q24_rate(rate):
    return 0.042 / rate


@question(
    "10",
    CLAIM_5,
    title="Undo five hundred and fifty",
    hints=[
        "What has the weight done to every logit? Which operation takes that back?",
        "A weight multiplies the odds; on the ruler of logits that is a step to the right, the "
        "same for every row.",
    ],
    right=f"Right: a step of {math.log(550):.2f} to the left, the same for every logit. A raw ½ "
    f"then means 1/{1 + 550}, or {1 / (1 + 550):.4f}, and the order of the payments has not "
    "changed.",
    choices={
        "A": "Divide every logit by a temperature, fitted on a held-out month.",
        "B": "Subtract ln 550 from every logit.",
        "C": "Divide every probability by 550.",
        "D": "Nothing: with a cut of ½ the weight has no effect on probabilities.",
    },
    mistakes={
        "A": "A temperature leaves a logit of 0 where it is, so a raw ½ stays ½ whatever T is. "
        "Should it?",
        "C": f"A certain fraud, p = 1, would become {1 / 550:.4f}. The weight multiplied the "
        "*odds*: what is that on the ruler of logits?",
        "D": "A cut decides and changes no probability. What does a raw ½ stand for, after a "
        "weight of 550?",
    },
)
def q25():
    """A fraud model was trained with a weight of 550 on the frauds. Its outputs are to be read as
    probabilities.

    What has to be done to them first?
    """
    true = np.array([story.base_rate, 0.2])
    raw = 550 * true / (550 * true + 1 - true)
    z = ce.logit(raw)
    repairs = {
        "A": ce.sigmoid(z / 10),
        "B": ce.sigmoid(z - math.log(550)),
        "C": raw / 550,
        "D": raw,
    }
    return min(repairs, key=lambda key: np.abs(repairs[key] - true).max())


@question(
    "10",
    "Claim 7 · The alarm that rings",
    title="Monday's alarm",
    hints=[
        "What can change a log loss and leave the order of the rows as it was? Find two causes.",
        "Every amount sent in cents shifts scores. A wave of fraud raises the loss as well. "
        "Which number would tell the two apart?",
    ],
    right="Right: a broken input and a real wave of fraud can look alike in these two numbers, and "
    "a wave may well raise the loss more. Mean forecast, base rate and inputs tell them apart.",
    choices={
        "A": "The data pipeline is broken: a real change would have moved AUC.",
        "B": "Nothing is wrong: AUC says that the model works as before.",
        "C": "The model must be trained again on Monday's rows.",
        "D": "Not yet decided: compare the mean forecast with the share of frauds, and the inputs.",
    },
    mistakes={
        "A": "A wave of fraud is real, changes how many frauds there are, and need not change who "
        "is ranked above whom. How would you tell it from a broken pipeline?",
        "B": "AUC sees the order alone. Every decision made from the probabilities may be off: "
        "what would tell you?",
        "C": "Whatever the cause is would be learnt along: amounts in cents, for instance. What do "
        "you look at before?",
    },
)
def q26():
    """On Monday the log loss of a fraud model is twice what it was; its AUC has not moved.

    What do you conclude?
    """
    return "D"


@question(
    "11",
    "The files are opened",
    title="Below zero",
    hints=[
        "Minus the logarithm of a probability is never negative. So what was negated here?",
        "A perfect network would show −1. Which function of p has its best value −1 at p = 1?",
    ],
    right="Right: −0.93 is minus a mean probability of 0.93. Training seems to work, which is what "
    "makes it mean: the loss is bounded, and the worst miss costs one more than a perfect row.",
    choices={
        "A": "The model is better than the entropy of the labels.",
        "B": "The learning rate is too high, and the loss has overshot 0.",
        "C": "The loss is given probabilities where it expects log-probabilities.",
        "D": "The sum was reported where the mean belongs.",
    },
    mistakes={
        "A": "A loss may be below the entropy of *noisy* labels on a few rows, and never below 0. "
        "What can make −ln p negative, if p is a probability?",
        "B": "A high rate makes a loss jump *up*. Nothing that is minus the log of a probability "
        "can be below 0: so what is it?",
        "D": "A sum of positive terms is positive as well. Where does the sign come from?",
    },
)
def q27():
    """Three classes, a loss called negative log-likelihood. It starts near −0.33, falls evenly to
    −0.93, and held-out accuracy is fine.

    What is your diagnosis?
    """
    p, seen = np.array([1 / 3, 0.93]), np.array([-0.33, -0.93])
    reports = {"A": -np.log(p) - math.log(3), "B": -np.log(p), "C": -p, "D": -64 * np.log(p)}
    return min(reports, key=lambda key: np.abs(reports[key] - seen).max())


@question(
    "11",
    "Case 8: sum for mean",
    title="From sum to mean",
    draws={"rows": (16, 20, 32, 40, 48, 50, 80, 100, 128, 200, 256, 512)},
    hints=[
        "By what factor does each gradient shrink when a sum over the batch becomes a mean?",
        "A step of plain gradient descent is rate times gradient. It should stay the same.",
    ],
    right=lambda rows: (
        f"Right: {rows} times. The reduction is part of the learning rate, and of every number in "
        "the log; write it down. (Adam would hardly have noticed: it divides by the gradient's "
        "size.)"
    ),
)
def q28(rows=64):
    """A training loop sums the losses of its batches of {rows} rows. You change the reduction to
    the mean, and want plain gradient descent to take the same steps as before.

    By which factor do you multiply the learning rate?
    """
    return rows


@q28.mistake(
    "This makes small steps smaller still. The mean's gradient is smaller than the sum's: what "
    "brings the step back?"
)
def _q28_inverted(rows):
    return 1 / rows


@q28.mistake(
    "The gradient itself has changed by a factor, and a step is rate times gradient. So what must "
    "the rate do?"
)
def _q28_unchanged():
    return 1


@q28.mistake(
    "A square root belongs to the *noise* of a batch. Here the same rows give the same gradient, "
    "up to a factor: which?",
    power=(0.5, -0.5),
)
def _q28_root(rows, power=0.5):
    return rows**power


@question(
    "12",
    "One batch, two numbers",
    title="A mean over what?",
    draws={"rows": (8, 20, 32, 64), "classes": (3, 4, 6, 10), "printed": (0.02, 0.03, 0.05)},
    hints=[
        "How many numbers does the batch hold, and how many rows?",
        lambda rows, classes, printed: (
            f"The sum over all {rows * classes} entries is {rows * classes} · {printed}. A mean "
            "per row divides it by the rows."
        ),
    ],
    right=lambda classes, answer: (
        f"Right: {answer:.3g}, {classes} times what was printed. A mean over entries shrinks with "
        "the number of classes, and says nothing that is comparable; `reduction='batchmean'` "
        "divides by the rows."
    ),
)
def q29(rows=8, classes=5, printed=0.04):
    """A batch has {rows} rows of {classes} classes. PyTorch's `kl_div(log_q, p)` with its default
    reduction, a mean over all *entries*, prints {printed}.

    What is the mean KL divergence per row?
    """
    return printed * rows * classes / rows


@q29.mistake(
    lambda classes: (
        f"This is the mean over the entries. A row has {classes} of them: how is its KL made of "
        "them?"
    )
)
def _q29_as_it_comes(printed):
    return printed


@q29.mistake("You divided once more. Is a row's KL larger or smaller than its mean entry?")
def _q29_smaller(classes, printed):
    return printed / classes


@q29.mistake("This is the sum over the whole batch. How many rows share it?")
def _q29_sum(rows, classes, printed):
    return printed * rows * classes


@q29.mistake("This multiplies by the number of rows. How many entries has one row?")
def _q29_by_rows(rows, printed):
    return printed * rows


@q29.mistake(
    "You divide the mean over the entries by the rows. Is a row's KL larger or smaller than its "
    "mean entry?"
)
def _q29_over_rows(rows, printed):
    return printed / rows


@q29.mistake(
    "You multiply by one of the two counts and divide by the other. What was divided by in the "
    "printed number, and how much of it is to be undone?",
    turned=(False, True),
)
def _q29_ratio(rows, classes, printed, turned=False):
    return printed * (classes / rows if turned else rows / classes)


@question(
    "12",
    "Logits or probabilities?",
    title="An argument left out",
    hints=[
        "Could the loss know that it was given logits? What would it have to look at?",
        "It does what it was told to: it takes each row for probabilities and puts them in order "
        "with a division and a clip.",
    ],
    right="Right: it keeps quiet and minimises something else: it divides the scores by their sum "
    "and clips. Write the argument out each time, and check one row by hand.",
    choices={
        "A": "It raises an error: logits do not sum to 1.",
        "B": "It sees that these are no probabilities, and applies a softmax.",
        "C": "It makes no difference to training: the largest logit is the largest either way.",
        "D": "It trains without an error, on another loss.",
    },
    mistakes={
        "A": "Libraries rarely check that: it would cost time in every step. What do they do "
        "instead with a row that does not sum to 1?",
        "B": "It cannot know: logits, too, may be three numbers that sum to 1. What decides?",
        "C": "Before the first step that is true. Does the *gradient* stay what it was, and with "
        "it what the weights become?",
    },
)
def q30():
    """A network ends in logits, without a softmax. It is trained with Keras'
    `SparseCategoricalCrossentropy()`, and `from_logits=True` was forgotten.

    What happens?
    """
    return "D"
