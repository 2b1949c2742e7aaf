"""The exercises of notebook 11: choose a loss, know its levels, find the bug."""

import math

import numpy as np

import cehelpers as ce
from cecourse.exercise.exercise import exercise
from cecourse.exercise.guards import GUARDS
from cecourse.exercise.mistake import EPS, AnySize

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
    draws={
        "q": (
            (0.2, 0.2, 0.5, 0.1),
            (0.1, 0.2, 0.6, 0.1),
            (0.1, 0.2, 0.4, 0.3),
            (0.05, 0.25, 0.6, 0.1),
            (0.05, 0.15, 0.5, 0.3),
            (0.1, 0.1, 0.7, 0.1),
            (0.1, 0.2, 0.5, 0.2),
            (0.15, 0.25, 0.4, 0.2),
            (0.05, 0.35, 0.4, 0.2),
            (0.05, 0.15, 0.7, 0.1),
            (0.02, 0.18, 0.6, 0.2),
        )
    },
    hints=[
        "Add the forecast up from the left: which share lies at one star or below, at two or "
        "below, …?",
        "The truth, added up in the same way, is 0, 0, 1, 1: it jumps at three stars and stays.",
        "Square the differences of the two rows, and add. The last one, at 'four or below', is "
        "always 0.",
    ],
    right=lambda q, answer: (
        f"Right: {answer:#.3g}, the sum of three squares. Most of the forecast lies on the truth "
        f"or beside it: its errors are near ones. With {q[2]} on one star and {q[0]} on three, it "
        f"would be {ce.ranked_probability_score([2], [[q[2], q[1], q[0], q[3]]]):#.3g}."
    ),
)
def near_miss(q=(0.1, 0.3, 0.5, 0.1)):
    """A review has three stars of four. The forecast for one to four stars is
    q = {q}.

    What is the ranked probability score, not divided by anything?
    """
    F = np.cumsum(q)
    truth = np.array([0, 0, 1, 1])
    return float(((F - truth) ** 2).sum())


@near_miss.mistake(
    lambda q, it: (
        f"{it:.3g} is the cross-entropy, −ln {q[2]}. It would be the same wherever the rest of "
        "the forecast stood: which score counts how far away that is?"
    )
)
def _cross_entropy(q):
    return -math.log(q[2])


@near_miss.mistake(
    lambda it: (
        f"{it:#.3g} comes from squaring the differences of the single shares, which is the Brier "
        "score of several classes. What has to be added up first?"
    )
)
def _brier(q):
    return float(((np.array(q) - [0, 0, 1, 0]) ** 2).sum())


@near_miss.mistake(
    lambda it: (
        f"{it:#.3g} is divided by the number of steps. Many books do so; does the question here?"
    )
)
def _divided(q):
    return float(((np.cumsum(q) - [0, 0, 1, 1]) ** 2).sum() / 3)


@near_miss.mistake(
    "This is made of the differences themselves, added up or averaged. What does the score do with "
    "each of them first?",
    by=(1, 3, 4),
)
def _not_squared(q, by=1):
    return float(np.abs(np.cumsum(q) - [0, 0, 1, 1]).sum() / by)


@near_miss.mistake(
    "The forecast is added up here, and the truth is not. At 'four stars or below', which share of "
    "the truth has been reached?"
)
def _truth_not_added_up(q):
    return float(((np.cumsum(q) - [0, 0, 1, 0]) ** 2).sum())


@near_miss.mistake(
    "Your truth jumps in another place than at three stars. Stars are counted from 1 and an index "
    "from 0: at which of the four numbers does it jump?",
    place=(3, 1),
    by=(1, 3),
)
def _another_place(q, place=3, by=1):
    return float(((np.cumsum(q) - (np.arange(4) >= place)) ** 2).sum() / by)


# ---------------------------------------------------------------- levels


@exercise(
    "11",
    title="The curve that stops too early",
    draws={"K": (3, 4, 6, 7, 8, 12, 15, 20, 26, 30, 40, 50, 100)},
    hints=[
        "What does the loss take as logits, when the network has put all its trust in one class?",
        lambda K: (
            f"A perfect forecast has a 1 and {K - 1} zeros. Handed in as logits it goes through "
            "another softmax."
        ),
        lambda K: f"The true class then gets e / (e + {K - 1}). What does that cost?",
    ],
    right=lambda K, answer: (
        f"Right: ln(e + {K - 1}) − 1 = {answer:#.3g}. A perfect network of {K} classes could not "
        "get lower with this bug. If your own curve stops at such a number, count the softmaxes "
        "before you change the learning rate."
    ),
)
def stops_early(K=5):
    """A classifier of *{K}* classes ends in a softmax, and its loss applies another one. Training
    goes on for ever and the network becomes perfect.

    At which loss, in nats, does its curve stop?
    """
    return math.log(math.e + K - 1) - 1


@stops_early.mistake(
    lambda K, it: (
        f"{it:#.4g} is ln {K}, what a network pays that says one in {K} to everybody. This one is "
        "perfect: how much of its lead does the second softmax leave?"
    )
)
def _ln_k(K):
    return math.log(K)


@stops_early.mistake(
    lambda K: (
        "This counts ten classes, as in case 4 of notebook 11. How many wrong ones are there among "
        f"{K}?"
    ),
    taken_off=(1, 0),
)
def _ten_classes(taken_off=1):
    return math.log(math.e + 9) - taken_off


@stops_early.mistake(
    lambda K, it: (
        f"You are nearly there: {it:#.4g} is ln(e + {K - 1}), the logarithm of the sum. The true "
        "class has a logit of its own: where does it enter?"
    )
)
def _log_sum_only(K):
    return math.log(math.e + K - 1)


@stops_early.mistake(
    lambda K, it: (
        f"{it:#.4g} counts {K} wrong classes beside the true one. Is not one of the {K} the true "
        "one?"
    )
)
def _one_class_too_many(K):
    return math.log(math.e + K) - 1


@stops_early.mistake(
    lambda it: (
        f"{it:#.3g} is the *probability* of the true class, after both softmaxes. What does a "
        "forecast of this size cost?"
    )
)
def _the_probability(K):
    return math.e / (math.e + K - 1)


@stops_early.mistake(
    "0 is what a perfect network pays with one softmax. What does the second one make of its 1 and "
    "its zeros?"
)
def _nothing():
    return 0.0


@stops_early.mistake(
    lambda it: (
        f"{it:#.3g} is −ln of the sigmoid of 1: the floor of a *sigmoid* taken twice. A softmax "
        "has other classes to share with: how many?"
    )
)
def _sigmoid_twice():
    return -math.log(ce.sigmoid(1.0))


# ---------------------------------------------------------------- reduction


@exercise(
    "11",
    title="A first loss far too high",
    draws={
        "first": (
            (54.9, 3),
            (80.5, 5),
            (96.6, 5),
            (193.1, 5),
            (107.5, 6),
            (358.4, 6),
            (83.2, 8),
            (124.8, 8),
            (92.1, 10),
            (184.2, 10),
            (239.7, 20),
            (130.3, 26),
            (260.6, 26),
        )
    },
    hints=[
        lambda first: (
            f"What would one row cost before anything is learned, with {first[1]} classes that are "
            "equally frequent?"
        ),
        lambda first: f"ln {first[1]} for a row. The log shows a number that is many times larger.",
        lambda first: f"{first[0]} is a sum: how many rows of ln {first[1]} does it take?",
    ],
    right=lambda first, answer: (
        f"Right: {answer} rows, {first[0]} / ln {first[1]}. With the batch size in hand the same "
        "division proves the case: a first loss of batch size × ln K is a sum. With plain gradient "
        f"descent a learning rate tuned for it is {answer} times too small for a mean."
    ),
)
def how_many_rows(first=(110.9, 4)):
    """A classifier of {first[1]} equally frequent classes reports a first loss of {first[0]},
    before it has learned anything. You suspect a sum where a mean was meant.

    How many rows does a batch have, if you are right? (To the nearest row.)
    """
    loss, K = first
    return round(loss / math.log(K))


WHOLE = (round, float)  # to the nearest row, or as it comes


@how_many_rows.mistake(
    lambda first: (
        "This takes a row to cost ln 2. That is the price of two classes: what is it for "
        f"{first[1]}?"
    ),
    whole=WHOLE,
)
def _two_classes(first, whole=round):
    return whole(first[0] / math.log(2))


@how_many_rows.mistake(
    lambda first: (
        f"This divides by {first[1]}, the number of classes. What does ignorance among so many "
        "cost in nats?"
    ),
    whole=WHOLE,
)
def _divided_by_k(first, whole=round):
    return whole(first[0] / first[1])


@how_many_rows.mistake(
    lambda first: (
        f"The logarithm of {first[1]} is taken to another base here, 2 or 10. The report is in "
        "nats: which base is theirs?"
    ),
    log=(math.log2, math.log10),
    whole=WHOLE,
)
def _another_base(first, log=math.log2, whole=round):
    return whole(first[0] / log(first[1]))


@how_many_rows.mistake(
    lambda first: (
        f"You divide by ln {first[1]} and by {first[1]} as well. Is not ln {first[1]} the whole "
        "price of a row?"
    ),
    whole=WHOLE,
)
def _divided_twice(first, whole=round):
    return whole(first[0] / math.log(first[1]) / first[1])


@how_many_rows.mistake(
    lambda first: (
        f"You multiply the report by ln {first[1]}. It is a sum of many prices of this size: how "
        "do you find how many?"
    ),
    whole=WHOLE,
)
def _multiplied(first, whole=round):
    return whole(first[0] * math.log(first[1]))


@how_many_rows.mistake(
    lambda first: (
        f"ln {first[1]} was rounded on the way, and that is seen in the result. Where alone should "
        "you round?"
    ),
    places=(1, 0),
    whole=WHOLE,
)
def _rounded_on_the_way(first, places=1, whole=round):
    return whole(first[0] / round(math.log(first[1]), places))


@how_many_rows.mistake(
    "This is a batch size that is often met. What does this report itself say: how often does the "
    "price of one row go into it?",
    rows=(64, 128, 256),
)
def _a_usual_batch(rows=64):
    return rows


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
    probes=[
        [50, 50],
        [90, 10],
        [700, 200, 100],
        [18, 0, 9982],
        [3, 1, 4, 1, 5],
        [0, 0, 7, 2],
        [0, 40],
        [1, 5000],
    ],
)
def ignorance(counts):
    """Case 2 hung at ln 10 since its ten classes are about equally frequent. Write the level
    for any counts, zeros among them: `ignorance([900, 100])` is the mean loss in nats of the best
    forecast that never looks at the inputs.
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
    eps=AnySize(EPS.low, 0.05),
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
    "This is the share of rows that are not of the commonest class: how often it is wrong to name "
    "that one. What does a forecast in probabilities pay, in nats?"
)
def _share_of_errors(counts):
    return 1 - max(counts) / sum(counts)


@ignorance.mistake(
    "This is the loss of all rows together. How many of them share it, if a mean is asked for?"
)
def _of_all_rows(counts):
    n = sum(counts)
    return -sum(c * math.log(c / n) for c in counts if c > 0)


@ignorance.mistake(
    "This treats all classes but the first as one. What does a row pay whose class is only a part "
    "of the rest?"
)
def _first_against_the_rest(counts):
    r = counts[0] / sum(counts)
    return ce.entropy([r, 1 - r])


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
        ([2, 1], [[4, 1, 1], [0, 3, 2]]),
        ([0, 1, 0], [[1000.0, 999.0], [0.0, -3.0], [-800.0, -799.0]]),
        ([1], [[50.0, 0.0]]),
        ([1], [[1000.0, 0.0]]),
    ],
)
def report(labels, logits):
    """Repair `report`: the mean cross-entropy of integer labels and rows of logits, in nats, for
    any logits, also where they are as large as 1,000 or as small as −1,000.
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


@report.mistake(
    "You average over all entries of the rows, so the loss is divided by the number of classes as "
    "well. How many losses does one row have?"
)
def _over_all_entries(labels, logits):
    each = ce.sparse_categorical_cross_entropy_with_logits(labels, logits, reduction="none")
    return float(np.sum(each) / np.size(logits))


@report.mistake(
    "The softmax runs down the columns, over the rows of the batch. Over which axis do the "
    "probabilities of one row sum to 1?"
)
def _down_the_columns(labels, logits):
    z = np.asarray(logits, dtype=float)
    z = z - z.max(axis=0)
    log_p = z - np.log(np.exp(z).sum(axis=0))
    return float(-log_p[range(len(z)), labels].mean())


@report.mistake(
    "The largest logit of each row is taken off before the exponentials, and only there. How do "
    "you take it off the true class's logit as well, or put it back?"
)
def _maximum_not_put_back(labels, logits):
    z = np.asarray(logits, dtype=float)
    log_sum = np.log(np.exp(z - z.max(axis=1, keepdims=True)).sum(axis=1))
    return float((log_sum - z[range(len(z)), labels]).mean())
