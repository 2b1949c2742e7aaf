"""The exercises of notebook 09: counts, a price list, and weights that must be undone."""

import math

import numpy as np

from cecourse import story
from cecourse.exercise.exercise import exercise
from cecourse.exercise.guards import PAIRS
from cecourse.exercise.mistake import EPS

# ---------------------------------------------------------------- F1


@exercise(
    "09",
    title="F1 from a report",
    draws={"frauds": (50, 60, 80), "flags": (150, 200, 250, 300), "found": (30, 36, 40, 45)},
    hints=[
        lambda frauds, flags, found: (
            f"Fill in the four counts first. {flags} flags, {found} of them right: how many are "
            f"wrong? {frauds} frauds, {found} of them found: how many are missed?"
        ),
        "Precision is a share of the flags, recall is a share of the frauds.",
        "F1 is 2·precision·recall / (precision + recall), the same as 2·tp / (2·tp + fp + fn).",
    ],
    right=lambda n, frauds, flags, found, answer: (
        f"Right: {answer:.3g}, from a precision of {found / flags:.3g} and a recall of "
        f"{found / frauds:.3g}. The harmonic mean stays nearer to the smaller of the two. And the "
        f"{n - frauds - flags + found:,} ordinary payments that were let through appear nowhere in "
        "it."
    ),
)
def f1_of_report(n=10_000, frauds=50, flags=200, found=40):
    """{n:,} payments, {frauds} of them frauds. The model flags {flags} payments; {found} of these
    are frauds.

    What is its F1?
    """
    tp, fp, fn = found, flags - found, frauds - found
    return 2 * tp / (2 * tp + fp + fn)


@f1_of_report.mistake(
    "This is another mean of precision and recall, the ordinary or the geometric one. F1 is their "
    "harmonic mean, which is closer to the smaller one: how is it formed?",
    power=(1, 0),
)
def _another_mean(frauds, flags, found, power=1):
    precision, recall = found / flags, found / frauds
    return (precision + recall) / 2 if power else math.sqrt(precision * recall)


@f1_of_report.mistake(
    lambda it: f"{it:.3g} is the precision. What share of the frauds did the model find?"
)
def _precision(flags, found):
    return found / flags


@f1_of_report.mistake(lambda it: f"{it:.3g} is the recall. What share of the flags was right?")
def _recall(frauds, found):
    return found / frauds


@f1_of_report.mistake(
    lambda flags, found: (
        f"All {flags} flags went into the place of the false alarms. {found} of them are right, "
        "and already counted as tp: how many are left?"
    )
)
def _flags_as_false_alarms(frauds, flags, found):
    return 2 * found / (2 * found + flags + frauds - found)


@f1_of_report.mistake(
    lambda frauds, flags, found: (
        f"Beside 2·tp stand all {flags} flags and all {frauds} frauds, and both hold the {found} "
        "already. What is left of each?"
    )
)
def _all_below(frauds, flags, found):
    return 2 * found / (2 * found + flags + frauds)


@f1_of_report.mistake(
    "This is tp / (tp + fp + fn), the Jaccard index: the hits among all that is flagged or fraud. "
    "F1 counts the hits twice: where?"
)
def _jaccard(frauds, flags, found):
    return found / (flags + frauds - found)


@f1_of_report.mistake(
    lambda n, frauds, it: (
        f"{it:.3g} is the accuracy: right decisions of all {n:,}. Flagging nobody has "
        f"{1 - frauds / n:.3g}. Which of the four counts does F1 leave out?"
    )
)
def _accuracy(n, frauds, flags, found):
    return (n - frauds - flags + 2 * found) / n


@f1_of_report.mistake(
    "This is the F1 of the *ordinary* payments: the true negatives stand where the true positives "
    "belong. Which class is the rare one?"
)
def _of_the_ordinary(n, frauds, flags, found):
    tn = n - frauds - flags + found
    return 2 * tn / (2 * tn + frauds + flags - 2 * found)


# ---------------------------------------------------------------- the cut of a price list


@exercise(
    "09",
    title="The cheaper mistake",
    draws={"cost_fp": (5, 10, 20), "cost_fn": (60, 80, 120, 140, 180, 240)},
    hints=[
        "Write down what each decision costs on average for a payment with probability p: flagging "
        "is wrong with probability 1 − p, letting it pass is wrong with probability p.",
        "Set the two mean costs equal and solve for p.",
        "(1 − t)·C_fp = t·C_fn: bring both t to one side.",
    ],
    right=lambda cost_fp, cost_fn, answer: (
        f"Right: {answer:.3g}. {cost_fn / cost_fp:g} to 1 in costs, 1 to {cost_fn / cost_fp:g} in "
        f"odds, 1 in {1 + cost_fn / cost_fp:g} in probability. Only the ratio of the costs "
        "matters, not the currency."
    ),
)
def cheaper_mistake(cost_fp=20, cost_fn=180):
    """A false alarm costs {cost_fp} €, a missed fraud {cost_fn} €; right decisions cost nothing.
    The probabilities are calibrated.

    From which probability on should a payment be flagged?
    """
    return cost_fp / (cost_fp + cost_fn)


@cheaper_mistake.mistake(
    lambda it: (
        f"{it:#.3g} is C_fp / C_fn: the *odds* at which both decisions cost the same. Which "
        "probability has these odds?"
    )
)
def _odds_as_probability(cost_fp, cost_fn):
    return cost_fp / cost_fn


@cheaper_mistake.mistake(
    lambda it: (
        f"{it:.3g} has the costs exchanged. When a miss is the dear mistake, should one flag early "
        "or late?"
    )
)
def _costs_exchanged(cost_fp, cost_fn):
    return cost_fn / (cost_fp + cost_fn)


@cheaper_mistake.mistake(
    lambda it: (
        f"{it:g} is the ratio of the costs, and a cut must be a probability. At which probability "
        "do the two decisions cost the same on average?"
    )
)
def _ratio_of_costs(cost_fp, cost_fn):
    return cost_fn / cost_fp


@cheaper_mistake.mistake(
    lambda it: f"{it:g} is right only when both mistakes cost the same. Do they?"
)
def _half():
    return 0.5


@cheaper_mistake.mistake(
    lambda it: (
        f"{it:#.3g} has the difference of the costs below. A sign was lost on the way from "
        "(1 − t)·C_fp = t·C_fn: what happens to t·C_fp when it changes sides?"
    )
)
def _difference_below(cost_fp, cost_fn):
    return cost_fp / (cost_fn - cost_fp)


@cheaper_mistake.mistake(
    "This is a logarithm of the ratio of the costs: the cut, up to the sign, as a *logit*. Which "
    "probability is asked for?",
    sign=(1, -1),
)
def _logit_of_the_cut(cost_fp, cost_fn, sign=1):
    return sign * math.log(cost_fn / cost_fp)


# ---------------------------------------------------------------- a weighted probability


@exercise(
    "09",
    title="What it means",
    draws={"p": (0.6, 0.75, 0.8, 0.9), "weight": (12, 36, 60, 90)},
    hints=[
        "Which quantity did the weight multiply: the probability, the odds or the logit?",
        lambda p: f"{p} are odds of {p / (1 - p):.3g} to 1. Divide *them* by the weight.",
        "Odds o belong to the probability o / (1 + o).",
    ],
    right=lambda weight, answer: (
        f"Right: {answer:#.3g}, one in {1 / answer:.3g}. A weight acts on odds, so the way back "
        f"leads through the odds too, or through the logit with − ln {weight}."
    ),
)
def what_it_means(p=0.8, weight=20):
    """A model was trained with weight {weight} on the positives, and is well specified.

    It says {p}. What probability does that stand for?
    """
    odds = p / (1 - p) / weight
    return odds / (1 + odds)


@what_it_means.mistake(
    lambda it: (
        f"{it:.3g} are the odds without the weight, one to {1 / it:.3g}. What is the probability "
        "with these odds?"
    )
)
def _left_as_odds(p, weight):
    return p / (1 - p) / weight


@what_it_means.mistake(
    lambda weight, it: (
        f"{it:.3g} divides the probability by the weight. Probabilities cannot be scaled like "
        f"this: a raw 1 would become {1 / weight:.3g} and no certainty could survive. What did the "
        "weight multiply?"
    )
)
def _probability_divided(p, weight):
    return p / weight


@what_it_means.mistake(
    lambda p, weight: (
        f"The weight has been put on a second time: + ln {weight} instead of − ln {weight}. The "
        f"raw {p} was already too high. Which way leads back?"
    )
)
def _wrong_sign(p, weight):
    odds = p / (1 - p) * weight
    return odds / (1 + odds)


@what_it_means.mistake("This is the logit without the weight. Which function leads back to p?")
def _left_as_logit(p, weight):
    return math.log(p / (1 - p)) - math.log(weight)


@what_it_means.mistake(
    lambda weight: (
        f"ln {weight} has been subtracted from the probability. It belongs to another ruler: z, "
        "the logit. What is the logit of what the model says?"
    )
)
def _subtracted_from_p(p, weight):
    return p - math.log(weight)


@what_it_means.mistake(
    "The way by the logit is right, and the logarithm of the weight was taken to base 10. Which "
    "base does a logit have?"
)
def _base_ten(p, weight):
    return 1 / (1 + math.exp(math.log10(weight)) * (1 - p) / p)


@what_it_means.mistake(
    lambda weight: (
        f"The odds were divided by {weight - 1} or by {weight + 1}, which is off by one. How many "
        "times did each fraud count in training?"
    ),
    off=(-1, 1),
)
def _off_by_one(p, weight, off=-1):
    odds = p / (1 - p) / (weight + off)
    return odds / (1 + odds)


@what_it_means.mistake(
    lambda p: (
        f"These are the odds of {p}, what the model says, with the weight still in them. How does "
        "it come off?"
    )
)
def _odds_with_the_weight(p):
    return p / (1 - p)


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
        (1e-12, 0.05),
        (1e-17, 0.01),
        (1.0, 0.01),
        (1, 0.5),
        (0.0, 0.3),
    ],
    digits=3,
)
def undo_sampling(p, s):
    """Write undo_sampling(p, s): a model trained on all positives and a random share s of the
    negatives says p; return the probability for payments as they come.

    p and s are single numbers. p may be tiny, and it may be 0 or 1, where certainty stays
    certainty; s is above 0, and 1 where all were kept.
    """
    return s * p / (s * p + (1 - p))


@undo_sampling.mistake(
    "s·p scales the probability. Certainty would not survive: for p = 1 yours gives s. Which "
    "quantity did the sampling change by a factor?"
)
def _scaled(p, s):
    return s * p


@undo_sampling.mistake(
    "p / s is too large twice over: a probability cannot be scaled like this, and it has to become "
    "smaller. In the sample, were frauds more frequent or less?",
    most=(math.inf, 1.0),
)
def _divided(p, s, most=math.inf):
    return min(p / s, most)


@undo_sampling.mistake(
    "Your probabilities go up, and they should go down: in the sample frauds were more frequent "
    "than among payments as they come. On which side does s belong?"
)
def _wrong_direction(p, s):
    return p / (p + s * (1 - p))


@undo_sampling.mistake(
    "Correct up to the odds, and they are returned as if they were a probability. At p = 1 they "
    "are infinite: what is the probability there?"
)
def _odds_returned(p, s):
    return math.inf if p == 1 else s * p / (1 - p)


@undo_sampling.mistake(
    "Only p = 1 is left: there you divide by 0. How can the fraction be written without "
    "1 / (1 − p)?"
)
def _fails_at_one(p, s):
    odds = s * p / (1 - p)
    return odds / (1 + odds)


@undo_sampling.mistake(
    "The frauds have weight s here and the ordinary payments 1 − s, as if the two had to add up to "
    "1. All the frauds were kept: how many ordinary payments does each one that was kept stand for?"
)
def _weights_of_sum_one(p, s):
    return s * p / (s * p + (1 - s) * (1 - p)) if 0 < p < 1 else p


@undo_sampling.mistake(
    "The way by the logit is right, and the logarithm of s was taken to base 10. Which base does a "
    "logit have?"
)
def _shift_in_base_ten(p, s):
    return p * math.exp(math.log10(s)) / (p * math.exp(math.log10(s)) + (1 - p))


@undo_sampling.mistake(
    "An eps keeps you from dividing by 0, and it shows: it decides what a certainty becomes, or "
    "what a tiny p does. How can the fraction be written without 1 / (1 − p)?",
    eps=EPS,
    pair=PAIRS,
)
def _with_an_eps(p, s, eps, pair):
    p, q = pair(p, eps)
    odds = s * p / q
    return odds / (1 + odds)


# ---------------------------------------------------------------- pos_weight


def _minus(x: float) -> str:
    """A number with a true minus sign."""
    return f"{x:g}".replace("-", "−")


@exercise(
    "09",
    title="A weighted batch",
    draws={
        "z": ((1, -2), (3, -1), (2, -0.5), (1.5, -1), (1, -1.5)),
        "weight": (4, 5, 8, 10),
    },
    hints=[
        lambda z: (
            f"Row 1 has y = 1 and z = {_minus(z[0])}: its loss is softplus({_minus(-z[0])}). "
            f"Row 2 has y = 0 and z = {_minus(z[1])}: softplus({_minus(z[1])})."
        ),
        "pos_weight multiplies the loss of the positive rows alone.",
        "Then take the ordinary mean over the two rows: divide by 2.",
    ],
    right=lambda weight, answer: (
        f"Right: {answer:#.3g}. Had the weight been a *class weight* whose mean divides by the sum "
        f"of weights, {weight} + 1 = {weight + 1}, the report would say only "
        f"{2 * answer / (weight + 1):#.3g}. Same minimum, another scale."
    ),
)
def weighted_batch(z=(2, -1), weight=3):
    """Two rows with logits `z = {z}` and labels `y = (1, 0)`, and pos_weight = {weight}.

    What does the loss report, in nats, as PyTorch's BCEWithLogitsLoss does with reduction "mean"?
    """
    losses = np.array([math.log1p(math.exp(-z[0])), math.log1p(math.exp(z[1]))])
    return np.mean(np.array([weight, 1]) * losses)


@weighted_batch.mistake(
    lambda it: (
        f"{it:#.3g} divides by the sum of the weights, as a class weight in the mean does. "
        "pos_weight stands inside the loss, before the mean over rows. How many rows are there?"
    )
)
def _by_sum_of_weights(z, weight):
    losses = weight * math.log1p(math.exp(-z[0])) + math.log1p(math.exp(z[1]))
    return losses / (weight + 1)


@weighted_batch.mistake(
    lambda weight, it: f"{it:#.3g} has both rows times {weight}. Which row is a positive?"
)
def _both_rows(z, weight):
    return weight * (math.log1p(math.exp(-z[0])) + math.log1p(math.exp(z[1]))) / 2


@weighted_batch.mistake("The negative row has the weight here. What does the name pos_weight say?")
def _other_row(z, weight):
    return (math.log1p(math.exp(-z[0])) + weight * math.log1p(math.exp(z[1]))) / 2


@weighted_batch.mistake(
    "No row has a weight here. Which of the two does pos_weight belong to?", rows=(2, 1)
)
def _no_weight(z, rows=2):
    return (math.log1p(math.exp(-z[0])) + math.log1p(math.exp(z[1]))) / rows


@weighted_batch.mistake("This is the sum over the rows. Which reduction does the question ask for?")
def _sum(z, weight):
    return weight * math.log1p(math.exp(-z[0])) + math.log1p(math.exp(z[1]))


@weighted_batch.mistake(
    "The sign of z is wrong inside a softplus, or inside both. A row with y = 1 pays −ln σ(z), one "
    "with y = 0 pays −ln(1 − σ(z)): which sign does each of them need?",
    signs=((-1, -1), (1, 1), (1, -1)),
)
def _wrong_sign_inside(z, weight, signs=(-1, -1)):
    first, second = (math.log1p(math.exp(sign * x)) for sign, x in zip(signs, z, strict=True))
    return (weight * first + second) / 2


@weighted_batch.mistake(
    "The weight multiplies the logit here. It belongs in front of the row's loss: what does a loss "
    "that counts so many times come to?"
)
def _weight_on_the_logit(z, weight):
    return (math.log1p(math.exp(-weight * z[0])) + math.log1p(math.exp(z[1]))) / 2


@weighted_batch.mistake(
    "A sigmoid was taken first, and its results went into the loss as if they were logits. What "
    "does BCEWith*Logits*Loss take?"
)
def _sigmoid_first(z, weight):
    p = [1 / (1 + math.exp(-x)) for x in z]
    return (weight * math.log1p(math.exp(-p[0])) + math.log1p(math.exp(p[1]))) / 2


# ---------------------------------------------------------------- what a shift leaves alone


@exercise(
    "09",
    title="What stays",
    hints=[
        "Adding a constant to every logit changes no order between two rows.",
        "Three of the four are read at a fixed probability, or from the probabilities themselves.",
    ],
    right="Right: the best F1 over all cuts asks only for the order, like AUC and average "
    "precision. The cut that reaches it moves with the logits.",
    choices={
        "a": "the log loss",
        "b": "the share of payments flagged at the cut 0.5",
        "c": "the best F1 that any cut can reach",
        "d": "the cut at which F1 is best",
    },
    mistakes={
        "a": "Log loss reads the probabilities, and every one of them has changed. In notebook "
        "09's table of five worlds it fell by more than nine tenths.",
        "b": "The cut stands still and the logits move past it. Half the frauds or more can end up "
        "on the other side.",
        "d": "A row at the old cut has another probability now. The same rows are flagged at "
        "another number.",
    },
)
def what_stays(w=story.miss):
    """You subtract ln {w} from every logit of a weighted model.

    Which of these does *not* change?
    """
    y, z = np.array([1, 1, 0, 1, 0, 0]), np.array([9.0, 7.0, 6.5, 6.0, 4.0, 2.0])

    def measured(z):
        p = 1 / (1 + np.exp(-z))
        f1 = [2 * np.sum(y * (p >= cut)) / (np.sum(y) + np.sum(p >= cut)) for cut in p]
        loss = -np.mean(np.log(np.where(y == 1, p, 1 - p)))
        return {"a": loss, "b": np.mean(p >= 0.5), "c": max(f1), "d": p[np.argmax(f1)]}

    before, after = measured(z), measured(z - math.log(w))
    (stays,) = (option for option in before if math.isclose(before[option], after[option]))
    return stays


# ---------------------------------------------------------------- find the bug

_P = 1 / (1 + math.exp(-0.4))
_DEAR = story.miss


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
        (np.log(_DEAR) + np.array([-0.3, -0.7, 0.3, 1.2, -3.3]), float(_DEAR), 1.0, 1.0),
        (np.array([1.0, 2.2, 2.8, 4.0]), 20.0, 2.0, 3.0),
        (np.array([-2.0, 0.3, 0.0, 1.0, -0.5]), 2.0, 1.0, 4.0),
        (np.array([0, 1, 2, 3]), 3, 5, 1),
        (np.array([0.0, -20.0, 20.0]), 1.0, 2.0, 2.0),
    ],
)
def flag(z, weight, cost_fp, cost_fn):
    """Write the function above again without its bug: 1 where flagging is the cheaper decision, or
    costs the same, else 0.

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
    "The comparison is right now, and the weight has no effect any more: it is missing, or it "
    "stands on both sides of the ≥ and cancels. On which one side does it belong?"
)
def _weight_forgotten(z, weight, cost_fp, cost_fn):
    return (np.exp(z) >= cost_fp / cost_fn).astype(int)


@flag.mistake(
    "The weight works the wrong way round here: the larger it is, the more you flag. The raw odds "
    "are too high already: multiply by it, or divide?"
)
def _weight_twice(z, weight, cost_fp, cost_fn):
    return (np.exp(z) * weight >= cost_fp / cost_fn).astype(int)


def _swapped(cost_fp, cost_fn):
    return cost_fn / cost_fp


def _ignored(cost_fp, cost_fn):
    return 1.0


@flag.mistake(
    "The costs have changed places, or have no say at all, as with a cut of one half. Should a "
    "dear miss make it flag earlier or later?",
    odds_of_cut=(_swapped, _ignored),
)
def _costs_misused(z, weight, cost_fp, cost_fn, odds_of_cut):
    return (np.exp(z) / weight >= odds_of_cut(cost_fp, cost_fn)).astype(int)


@flag.mistake(
    "This flags exactly the payments that should pass. Which way does the comparison point?"
)
def _upside_down(z, weight, cost_fp, cost_fn):
    return (np.exp(z) / weight < cost_fp / cost_fn).astype(int)


@flag.mistake(
    "Now it is the other way round: a probability is compared with C_fp / C_fn, the *odds* of the "
    "cut. Which probability has them?"
)
def _probability_against_odds(z, weight, cost_fp, cost_fn):
    odds = np.exp(z) / weight
    return (odds / (1 + odds) >= cost_fp / cost_fn).astype(int)


@flag.mistake(
    "Here the *probability* is divided by the weight. That part was right in the function above: "
    "what did it divide?"
)
def _probability_divided_by_weight(z, weight, cost_fp, cost_fn):
    p = 1 / (1 + np.exp(-z)) / weight
    return (p >= cost_fp / (cost_fp + cost_fn)).astype(int)


@flag.mistake(
    "A logit is compared with a probability: two rulers again. Which function leads from one to "
    "the other?"
)
def _logit_against_probability(z, weight, cost_fp, cost_fn):
    return (z - np.log(weight) >= cost_fp / (cost_fp + cost_fn)).astype(int)
