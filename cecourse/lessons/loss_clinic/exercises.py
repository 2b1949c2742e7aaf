"""The exercises of notebook 11: choose a loss, know its levels, find the bug."""

import math

import numpy as np

import cehelpers as ce
from cecourse.exercise.exercise import exercise
from cecourse.exercise.guards import GUARDS
from cecourse.exercise.mistake import EPS

# ---------------------------------------------------------------- a choice


@exercise(
    "11",
    title="The symptom checker",
    hints=[
        "Start with the shape of one answer: how many of the forty illnesses may hold at once?",
        "Then look at the numbers in the table of targets: does any of the listed losses ask for "
        "0 and 1 only?",
        "Three doctors in four: the target is a share. Which loss takes a share for each illness, "
        "and is lowest when the forecast says that share?",
    ],
    right="Right: a sigmoid and a binary cross-entropy for each illness, with the share of the "
    "doctors as its target. Nothing has to be rounded, and the loss is lowest where the forecast "
    "is the share itself.",
    choices={
        "a": "softmax over 40 illnesses, cross-entropy with the shares divided by their sum",
        "b": "40 sigmoids, binary cross-entropy with the shares as targets",
        "c": "40 sigmoids, binary cross-entropy with the shares rounded to 0 or 1",
        "d": "40 linear scores, hinge loss against the rounded shares",
    },
    mistakes={
        "a": "With a softmax the illnesses share one pot of 1. A patient with flu and a broken arm "
        "would get about a half for each.",
        "c": "The shape is right. What happens to the difference between three doctors of four and "
        "four of four?",
        "d": "A hinge gives a side, and the app is to show a probability. Rounding loses the "
        "doctors' doubt as well.",
    },
)
def symptom_checker():
    """An app is to show, for each of 40 illnesses, how probable it is. A patient may have several.
    For training, four doctors have looked at each patient; the table holds, for each illness, the
    share of the doctors who see it: none, one in four, two, three, or all of them.

    Which last layer and loss?
    """
    return "b"


# ---------------------------------------------------------------- order


@exercise(
    "11",
    title="A near miss",
    hints=[
        "Add the forecast up from the left: which share lies at one star or below, at two or "
        "below, …?",
        "The truth, added up in the same way, is 0, 0, 1, 1: it jumps at three stars and stays.",
        "Square the differences of the two rows, and add. The last one, at 'four or below', is "
        "always 0.",
    ],
    right="Right: 0.18, the sum of three squares. Most of the forecast lies on the truth or beside "
    "it: its errors are near ones. With 0.5 on one star and 0.1 on three, it would be "
    f"{ce.ranked_probability_score([2], [[0.5, 0.3, 0.1, 0.1]]):.2f}.",
)
def near_miss():
    """A review has three stars of four. The forecast for one to four stars is
    q = (0.1, 0.3, 0.5, 0.1).

    What is the ranked probability score, not divided by anything?
    """
    F = np.cumsum([0.1, 0.3, 0.5, 0.1])
    truth = np.array([0, 0, 1, 1])
    return float(((F - truth) ** 2).sum())


@near_miss.mistake(
    "0.693 is the cross-entropy, −ln 0.5. It would be the same wherever the other half stood."
)
def _cross_entropy():
    return -math.log(0.5)


@near_miss.mistake(
    "0.36 comes from squaring the differences of the single shares, which is the Brier score of "
    "several classes. Add the shares up first."
)
def _brier():
    return float(((np.array([0.1, 0.3, 0.5, 0.1]) - [0, 0, 1, 0]) ** 2).sum())


@near_miss.mistake(
    "0.06 is divided by the number of steps. Many books do so; here nothing is divided."
)
def _divided():
    return float(((np.cumsum([0.1, 0.3, 0.5, 0.1]) - [0, 0, 1, 1]) ** 2).sum() / 3)


@near_miss.mistake("0.6 adds up the differences themselves. The score squares them first.")
def _not_squared():
    return float(np.abs(np.cumsum([0.1, 0.3, 0.5, 0.1]) - [0, 0, 1, 1]).sum())


# ---------------------------------------------------------------- levels


@exercise(
    "11",
    title=f"The curve that stops at {math.log(math.e + 4) - 1:.1f}",
    hints=[
        "What does the loss take as logits, when the network has put all its trust in one class?",
        "A perfect forecast is (1, 0, 0, 0, 0). Handed in as logits it goes through another "
        "softmax.",
        "The true class then gets e / (e + 4). What does that cost?",
    ],
    right="Right: ln(e + 4) − 1 = 0.905. A perfect network of five classes could not get "
    "lower with this bug. If your own curve stops at such a number, count the softmaxes before "
    "you change the learning rate.",
)
def stops_early():
    """A classifier of *five* classes ends in a softmax, and its loss applies another one. Training
    goes on for ever and the network becomes perfect.

    At which loss, in nats, does its curve stop?
    """
    K = 5
    return math.log(math.e + K - 1) - 1


@stops_early.mistake(
    "1.609 is ln 5, what a network pays that says one in five to everybody. This one is perfect, "
    "and the second softmax still leaves it some lead."
)
def _ln_k():
    return math.log(5)


@stops_early.mistake("1.461 is the floor of ten classes. How many wrong ones are there here?")
def _ten_classes():
    return math.log(math.e + 9) - 1


@stops_early.mistake(
    "You are nearly there: 1.905 is ln(e + 4), the logarithm of the sum. The true class has the "
    "logit 1, and that is taken off."
)
def _log_sum_only():
    return math.log(math.e + 4)


@stops_early.mistake(
    "1.044 counts five wrong classes beside the true one. One of the five *is* the true one."
)
def _one_class_too_many():
    return math.log(math.e + 5) - 1


@stops_early.mistake(
    "0.405 is the *probability* of the true class, after both softmaxes. What does a forecast of "
    "this size cost?"
)
def _the_probability():
    return math.e / (math.e + 4)


# ---------------------------------------------------------------- reduction


@exercise(
    "11",
    title="A first loss of 110.9",
    hints=[
        "What would one row cost before anything is learned, with four classes that are equally "
        "frequent?",
        "ln 4 for a row. The log shows a number that is many times larger.",
        "110.9 is a sum: how many rows of ln 4 does it take?",
    ],
    right="Right: 80 rows, 110.9 / ln 4. With the batch size in hand the same division proves the "
    "case: a first loss of batch size × ln K is a sum. With plain gradient descent a learning rate "
    "tuned for it is 80 times too small for a mean.",
)
def how_many_rows():
    """A classifier of four equally frequent classes reports a first loss of 110.9, before it has
    learned anything. You suspect a sum where a mean was meant.

    How many rows does a batch have, if you are right? (To the nearest row.)
    """
    return round(110.9 / math.log(4))


@how_many_rows.mistake(
    "160 takes a row to cost ln 2. That is the price of two classes, and there are four."
)
def _two_classes():
    return round(110.9 / math.log(2))


@how_many_rows.mistake("28 divides by 4. What does ignorance among four cost in nats?")
def _divided_by_k():
    return round(110.9 / 4)


@how_many_rows.mistake("27.7 divides by 4. What does ignorance among four cost in nats?")
def _divided_by_k_not_rounded():
    return 110.9 / 4


@how_many_rows.mistake("55 takes a row to cost 2, which is log₂ 4: bits. The report is in nats.")
def _in_bits():
    return round(110.9 / 2)


@how_many_rows.mistake("55.5 takes a row to cost 2, which is log₂ 4: bits. The report is in nats.")
def _in_bits_not_rounded():
    return 110.9 / 2


# ---------------------------------------------------------------- the price of ignorance


@exercise(
    "11",
    title="Where a blind network settles",
    hints=[
        "A network with dead inputs sees nothing, so the best it can do is say the same "
        "probabilities to everybody. Which ones?",
        "The shares of the classes. Its mean loss is then a quantity of notebook 01.",
        "`p = counts / sum(counts)`, and the mean of −ln p over the rows weights each class by "
        "its own p. A class that never occurs adds nothing.",
    ],
    right="Right: the entropy of the class shares. A loss that hangs there has learned how often "
    "each class comes, and nothing else. ln K is the special case of equal counts, and for any "
    "counts the first loss of a network that has learned nothing yet; a last bias set to the log "
    "shares starts it here instead.",
    probes=[[50, 50], [90, 10], [700, 200, 100], [18, 0, 9982], [3, 1, 4, 1, 5]],
)
def ignorance(counts):
    """Case 2 hung at ln 10 since its ten classes are about equally frequent. Write the level
    for any counts: `ignorance([900, 100])` is the mean loss in nats of the best forecast that never
    looks at the inputs.
    """
    p = np.array(counts) / np.sum(counts)
    p = p[p > 0]
    return float(-(p * np.log(p)).sum())


@ignorance.mistake(
    "This is ln K whatever the counts are. When one class is frequent, a forecast without eyes "
    "does better than that."
)
def _always_ln_k(counts):
    return math.log(len(counts))


@ignorance.mistake("This is in bits. The course, and every framework's loss, counts in nats.")
def _bits(counts):
    p = np.array(counts) / np.sum(counts)
    p = p[p > 0]
    return float(-(p * np.log2(p)).sum())


@ignorance.mistake(
    "There is an eps in it, and it is large enough to be seen. A class that never occurs adds "
    "nothing to the mean: can you leave it out instead?",
    eps=EPS,
    guard=GUARDS,
    weights=("as they are", "guarded too"),
)
def _with_an_eps(counts, eps, guard, weights):
    p = np.array(counts) / np.sum(counts)
    q = guard(p, eps)
    return float(-np.sum((p if weights == "as they are" else q) * np.log(q)))


@ignorance.mistake(
    "Every class counts the same in this mean. A row is drawn as often as its class occurs."
)
def _unweighted(counts):
    p = np.array(counts) / np.sum(counts)
    p = p[p > 0]
    return float(-np.log(p).mean())


@ignorance.mistake(
    "This is −ln of the largest share: the price of the *commonest* row. What do the others pay?"
)
def _commonest(counts):
    return -math.log(max(counts) / sum(counts))


# ---------------------------------------------------------------- a metric that ranks


@exercise(
    "11",
    title="Which one ranks?",
    hints=[
        "A ranking metric looks at the order of the scores and at nothing else.",
        "Halve every score. The order stays. Which of the four can tell?",
    ],
    right="Right: AUC. It counts pairs, a positive against a negative, and asks only who stands "
    "above whom. Log it beside the log loss: one hears the order, the other the size of the "
    "probabilities.",
    choices={
        "a": "F1 at the cut ½",
        "b": "accuracy at the cut ½",
        "c": "AUC, the area under the ROC curve",
        "d": "log loss",
    },
    mistakes={
        "a": "F1 counts rows above a cut. Halve all scores, and rows fall below it though nobody "
        "has overtaken anybody.",
        "b": "Accuracy too needs a cut. With all scores halved, every row may land on one side.",
        "d": "Log loss reads the size of every probability; halving them changes each term.",
    },
)
def which_ranks():
    """Every probability of a model is divided by two.

    Which number is certain to stay the same?
    """
    y, p = np.array([1, 0, 1, 0]), np.array([0.9, 0.6, 0.7, 0.2])
    numbers = {
        "a": lambda p: ce.precision_recall_f1(y, p >= 0.5).f1,
        "b": lambda p: np.mean((p >= 0.5) == y),
        "c": lambda p: ce.roc_auc(y, p),
        "d": lambda p: ce.binary_cross_entropy(y, p),
    }
    (stays,) = (key for key, number in numbers.items() if number(p) == number(p / 2))
    return stays


# ---------------------------------------------------------------- three bugs


@exercise(
    "11",
    title="Three bugs in five lines",
    hints=[
        "Read it from the end: what becomes of the losses of the single rows? Then upwards: what "
        "does each line hand to the next?",
        "`p` holds probabilities already. What does the second line make of them?",
        "Without the second softmax, without the clip and with a mean. In the package it is one "
        "call that takes logits and labels.",
    ],
    right="Right: one softmax, no clip, a mean, and no log of a zero. The clip would have reported "
    f"the last two probes, losses of 50 and 1,000, as {-math.log(1e-7):.3f}, with a slope of 0.",
    probes=[
        ([0, 1], [[2.0, 0.0, 0.0], [0.0, 1.0, 0.0]]),
        ([2], [[0.5, -1.0, 0.0]]),
        ([1, 0, 1], [[3.0, -2.0], [0.1, 0.2], [0.0, 1.5]]),
        ([1], [[50.0, 0.0]]),
        ([1], [[1000.0, 0.0]]),
    ],
)
def report(labels, logits):
    """Repair `report`: the mean cross-entropy of integer labels and rows of logits, in nats, for
    any logits.
    """
    return ce.sparse_categorical_cross_entropy_with_logits(labels, logits)


@report.mistake(
    "The softmaxes are in order. Another batch size would still change this number: what does the "
    "last line do with the losses of the rows?"
)
def _still_a_sum(labels, logits):
    return ce.sparse_categorical_cross_entropy_with_logits(labels, logits, reduction="sum")


@report.mistake(
    "There is still one softmax too many: the loss of a sure and right row does not come near 0."
)
def _still_twice(labels, logits):
    return ce.sparse_categorical_cross_entropy_with_logits(labels, ce.softmax(logits))


@report.mistake(
    "For logits (50, 0) and label 1 the true loss is the gap of 50. Yours is −ln of an eps: the "
    "clip, or something like it, is still there.",
    eps=EPS,
    guard=GUARDS,
)
def _still_clipped(labels, logits, eps, guard):
    p = guard(ce.softmax(logits), eps)
    return float(-np.log(p[range(len(p)), labels]).mean())


@report.mistake(
    "For logits (1000, 0) and label 1 this says inf: the softmax has become 0 before the logarithm "
    "saw it. Which form of the loss never makes a probability?"
)
def _log_of_zero(labels, logits):
    p = ce.softmax(logits)
    with np.errstate(divide="ignore"):
        return float(-np.log(p[range(len(p)), labels]).mean())


@report.mistake(
    "The rows are still added, and there are still two softmaxes. The clip was idle here: after a "
    "second softmax no share is near 0."
)
def _still_a_sum_and_twice(labels, logits):
    p = ce.softmax(logits)
    return ce.sparse_categorical_cross_entropy_with_logits(labels, p, reduction="sum")
