"""The final quiz, questions 11 to 20: notebooks 05 to 08."""

import math

import numpy as np

import cehelpers as ce
from cecourse.exercise.question import question


@question(
    "05",
    "Temperature",
    title="All logits doubled",
    draws={
        "p": (
            (0.5, 0.3, 0.2),
            (0.5, 0.4, 0.1),
            (0.7, 0.2, 0.1),
            (0.65, 0.25, 0.1),
            (0.6, 0.25, 0.15),
            (0.55, 0.3, 0.15),
            (0.45, 0.35, 0.2),
            (0.4, 0.35, 0.25),
        )
    },
    hints=[
        "A logit stands in the exponent. What does doubling do to e^z?",
        "e^(2z) is the square of e^z, so each share is squared; then they must sum to 1 again.",
    ],
    right=lambda answer: (
        f"Right: {answer:#.3g}. Doubling is the temperature ½: every share is squared and the row "
        "is divided by its sum. The order stays, the confidence does not."
    ),
)
def q11(p=(0.6, 0.3, 0.1)):
    """Softmax gives fox, cat and dog the probabilities {p[0]}, {p[1]} and {p[2]}. Then all three
    logits are doubled.

    Which probability does the fox get?
    """
    z = np.log(p)
    return ce.softmax(2 * z)[0]


@q11.mistake(
    "Softmax does not notice when a number is *added* to all logits. Here all are multiplied: what "
    "becomes of the gaps between them?"
)
def _q11_unchanged(p):
    return p[0]


@q11.mistake("This is what *halved* logits give: a higher temperature. Which way is doubling?")
def _q11_halved(p):
    return ce.softmax(np.log(p) / 2)[0]


@q11.mistake(
    lambda p: (
        f"This is 2 · {p[0]}, and the three must still sum to 1. The logits were doubled; what "
        "happens to e^z?"
    )
)
def _q11_doubled(p):
    return 2 * p[0]


@q11.mistake("The squares are right, and their sum is no longer 1. What must follow?")
def _q11_squares(p):
    return p[0] ** 2


@q11.mistake(
    lambda p: (
        f"This treats the others as one class with {1 - p[0]:.3g}. Cat and dog have a logit each, "
        "and each is doubled: what do their shares become?"
    )
)
def _q11_two_classes(p):
    return p[0] ** 2 / (p[0] ** 2 + (1 - p[0]) ** 2)


@q11.mistake(
    "Here the probabilities themselves were doubled and went into a softmax. They are not the "
    "logits: which function leads back from one to the other?"
)
def _q11_of_probabilities(p):
    return ce.softmax(2 * np.array(p))[0]


@q11.mistake("Fox and cat are squared and share 1 between them. Where is the dog?")
def _q11_without_the_dog(p):
    return p[0] ** 2 / (p[0] ** 2 + p[1] ** 2)


@q11.mistake(
    "Here the fox's share was doubled and then divided by the new sum. All three *logits* were "
    "doubled: what happens to e^z?"
)
def _q11_fox_alone(p):
    return 2 * p[0] / (2 * p[0] + p[1] + p[2])


@question(
    "05",
    "One of K, or many at once",
    title="Two tags at once",
    hints=[
        "What do the five outputs of a softmax add up to?",
        "Two numbers share at most 1. Can both be above ½?",
    ],
    right="Right: under a softmax the tags compete, and the best it can do for two of them is ½ "
    "each. One sigmoid a tag lets both be near 1, and none of them if there is nothing to see.",
    choices={
        "A": "About ½ for each of the two tags.",
        "B": "Nearly 1 for each of the two, given enough training.",
        "C": "Nearly 1 for the tag that is easier to see, nearly 0 for the other.",
        "D": "Nothing: with two ones in a target row the loss is not defined.",
    },
    mistakes={
        "B": "Training cannot lift what the last layer forbids. What do its outputs add up to?",
        "C": "The loss asks for the mean of the two surprises. What would the tag at nearly 0 "
        "cost?",
        "D": "It would not even warn: most libraries multiply the row by the logarithms and add "
        "up. What is the best such a sum can be, if five outputs must add up to 1?",
    },
)
def q12():
    """Photos may show any of five things at once. A network with a *softmax* over the five is
    trained on them by cross-entropy, each target row divided by its sum.

    What is the best it can say about a photo of two of these things?
    """
    return "A"


@question(
    "05",
    "The gradient: what was said minus what was so",
    title="The push on a wrong class",
    draws={
        "p": (
            (0.5, 0.3, 0.2),
            (0.55, 0.4, 0.05),
            (0.7, 0.2, 0.1),
            (0.65, 0.25, 0.1),
            (0.6, 0.25, 0.15),
            (0.55, 0.3, 0.15),
            (0.45, 0.35, 0.2),
            (0.2, 0.7, 0.1),
            (0.35, 0.6, 0.05),
        )
    },
    hints=[
        "Cross-entropy looks only at the cat's probability. Does the fox's logit have a say in it?",
        "L = lse(z) − z of the true class. The second term does not know the fox; what is the "
        "slope of the first?",
    ],
    right=lambda p: (
        f"Right: {p[0]}, what was said of the fox minus the 0 that was so. The three slopes, "
        f"{p[0]}, −{1 - p[1]:.3g} and {p[2]}, sum to 0: what the cat gains, the others give, each "
        "in its share."
    ),
)
def q13(p=(0.6, 0.3, 0.1)):
    """Softmax gives fox, cat and dog the probabilities {p[0]}, {p[1]} and {p[2]}. It was a cat.

    What is the slope of the loss in the *fox's* logit?
    """
    z = np.log(p)
    return ce.categorical_cross_entropy_with_logits_grad([0, 1, 0], z)[0]


@q13.mistake(
    "The loss names the cat alone, and yet its probability has all three logits in the "
    "denominator. What happens to it when the fox's logit rises?"
)
def _q13_zero():
    return 0.0


@q13.mistake(
    lambda p: f"This is the slope in the *cat's* logit, {p[1]} − 1. What was so for the fox?"
)
def _q13_cat(p):
    return p[1] - 1


@q13.mistake(
    lambda p: (
        f"This is p − 1, as if it had been a fox. What should be taken from {p[0]} for a class "
        "that did not happen?"
    )
)
def _q13_as_if_true(p):
    return p[0] - 1


@q13.mistake(
    "This is the slope of the fox's own *probability*, p(1 − p). The loss is −ln of the cat's: how "
    "does that change with the fox's logit?"
)
def _q13_probability(p):
    return p[0] * (1 - p[0])


@q13.mistake("The size is right. Should a raised fox make the loss of a cat rise or fall?")
def _q13_sign(p):
    return -p[0]


@q13.mistake(
    lambda p: (
        f"{p[1]} is what was said of the cat. Whose logit is moved, and what was said of that one?"
    )
)
def _q13_of_the_cat(p):
    return p[1]


@q13.mistake(
    "This is how fast the cat's *probability* falls as the fox's logit rises. The loss is −ln of "
    "it: what does the logarithm add to the slope?"
)
def _q13_cats_probability(p):
    return -p[0] * p[1]


@q13.mistake(
    lambda p: (
        f"This is the loss itself, −ln {p[1]}. Its slope is asked for: by how much does it grow as "
        "the fox's logit rises a little?"
    )
)
def _q13_loss(p):
    return -math.log(p[1])


@question(
    "06",
    "Ten flips, one unknown",
    title="Two coins on trial",
    draws={
        "seen": ((5, 6), (6, 8), (7, 8), (7, 10), (8, 10), (9, 10)),
        "p": (0.6, 0.7, 0.75),
    },
    hints=[
        lambda seen: (
            f"The likelihood of a coin is one product: a factor for each of the {seen[1]} flips."
        ),
        lambda seen, p: (
            f"For p = {p}, {seen[0]} factors are {p} and "
            f"{'one is' if seen[1] - seen[0] == 1 else f'{seen[1] - seen[0]} are'} {1 - p:.3g}. "
            f"{'The tail speaks' if seen[1] - seen[0] == 1 else 'Tails speak'}, too."
        ),
    ],
    right=lambda seen, answer: (
        f"Right: {answer:#.3g} times, which is e to the power of {seen[1]} times the gap of their "
        f"losses, {math.log(answer) / seen[1]:.3f} nats a flip. A likelihood ratio and a "
        "difference of cross-entropies say one thing."
    ),
)
def q14(seen=(6, 8), p=0.75):
    """A coin shows {seen[0]} heads in {seen[1]} flips.

    How many times as probable does p = {p} for heads make these flips as p = 0.5 does?
    """
    heads, flips = seen
    return p**heads * (1 - p) ** (flips - heads) / 0.5**flips


@q14.mistake("This is the ratio of the two values of p. How many flips are to be explained?")
def _q14_of_p(p):
    return p / 0.5


@q14.mistake(
    lambda seen, p: (
        f"Only heads are in it: the {seen[0]} that came, or all {seen[1]} flips taken for heads. "
        f"What does p = {p} say about {'the tails' if seen[1] - seen[0] > 1 else 'the tail'}?"
    ),
    flips=(0, 1),
)
def _q14_heads(seen, p, flips=0):
    return (p / 0.5) ** seen[flips]


@q14.mistake(
    "This is the logarithm of the ratio, the gap of the two log-likelihoods in nats. How many "
    "*times* as probable is that?"
)
def _q14_log(seen, p):
    heads, flips = seen
    return math.log(p**heads * (1 - p) ** (flips - heads) / 0.5**flips)


@q14.mistake(
    "This is the gap of the two losses per flip, in nats. Which two steps lead from there to a "
    "ratio of all flips?"
)
def _q14_per_flip(seen, p):
    heads, flips = seen
    return math.log(p**heads * (1 - p) ** (flips - heads) / 0.5**flips) / flips


@q14.mistake(
    lambda p: (
        "This is the ratio the other way round: the fair coin over the other one. How many times "
        f"as probable does p = {p} make the flips?"
    )
)
def _q14_inverted(seen, p):
    heads, flips = seen
    return 0.5**flips / (p**heads * (1 - p) ** (flips - heads))


@q14.mistake(
    lambda p: (
        f"This is the probability of these flips under p = {p}. How probable are they under "
        "p = 0.5, and how many times as probable does that make them?"
    ),
    orders=("this", "any"),
)
def _q14_one_coin(seen, p, orders="this"):
    heads, flips = seen
    one = p**heads * (1 - p) ** (flips - heads)
    return one * (math.comb(flips, heads) if orders == "any" else 1)


@q14.mistake(
    "Heads and tails have changed places: which of them came more often, and which probability "
    "belongs to it?"
)
def _q14_exchanged(seen, p):
    heads, flips = seen
    return (1 - p) ** heads * p ** (flips - heads) / 0.5**flips


@q14.mistake(
    lambda seen: (
        f"This is the ratio for one flip, on average: the root of order {seen[1]}. What do "
        f"{seen[1]} flips make of it?"
    )
)
def _q14_one_flip(seen, p):
    heads, flips = seen
    return (p**heads * (1 - p) ** (flips - heads)) ** (1 / flips) / 0.5


@question(
    "06",
    "Why not squared error?",
    title="The case against squared error",
    hints=[
        "Compare the slopes in z: p − y for cross-entropy, (p − y)·p(1 − p) for half the squared "
        "error.",
        "Where is p(1 − p) tiny? And is that a place where a row should be quiet?",
    ],
    right="Right: the factor p(1 − p) silences the rows that have most to say: at z = −6, y = 1 "
    f"the slopes differ by a factor of {1 / (ce.sigmoid(-6) * ce.sigmoid(6)):.0f}. With a sane "
    "start and Adam the two may tie.",
    choices={
        "A": "Its best model is another one, even with endless data and a model that fits.",
        "B": "Where a row is sure and wrong, its slope almost vanishes.",
        "C": "Networks trained by it are always less accurate on new data.",
        "D": "Its slope explodes where the model is sure and wrong.",
    },
    mistakes={
        "A": "Squared error is a proper score: with endless data and a model that fits, both are "
        "lowest at the true probabilities. What differs on the way there?",
        "C": "On the digits of notebook 06 both did equally well with Adam. When did one of them "
        "not get going?",
        "D": "Squared error is at most 1, and so it has no room to explode. What does the factor "
        "p(1 − p) do to its slope far out?",
    },
)
def q15():
    """A classifier ends in a sigmoid. What speaks against training it by squared error?"""
    return "B"


@question(
    "07",
    "Not for rare events",
    title="A rare illness, smoothed",
    draws={"one_in": (20, 25, 40, 50, 80), "alpha": (0.05, 0.1, 0.3)},
    hints=[
        lambda alpha: (
            f"With two classes and α = {alpha} a healthy person's target is no longer 0, and an "
            "ill one's no longer 1. What are they?"
        ),
        lambda alpha: (
            f"The targets are {alpha / 2:.3g} and {1 - alpha / 2:.3g}. Weight them by how often "
            "each comes."
        ),
    ],
    right=lambda one_in, alpha, answer: (
        f"Right: {answer:.4g} where {1 / one_in} are ill. A model that learns its targets "
        f"perfectly announces {one_in * answer:.2g} times as many ill people as there are, and "
        f"calls nobody safer than {alpha / 2:.3g}."
    ),
)
def q16(one_in=100, alpha=0.2):
    """One person in {one_in} has an illness. A model is trained on labels smoothed with
    α = {alpha} in the frameworks' convention, y′ = (1 − α) y + α/2, and learns these targets
    perfectly.

    What is its mean prediction?
    """
    return (1 - alpha) / one_in + alpha / 2


@q16.mistake(
    "Without smoothing the mean prediction would be the base rate. What is the mean of the targets "
    "it learns now?"
)
def _q16_base_rate(one_in):
    return 1 / one_in


@q16.mistake("The first half is right. Every target also gets its share of α back: how much?")
def _q16_half(one_in, alpha):
    return (1 - alpha) / one_in


@q16.mistake(
    lambda alpha: (
        f"This is the textbooks' convention, targets of {alpha} and {1 - alpha:.3g}. The "
        "frameworks spread α over *both* classes: what does each get?"
    )
)
def _q16_textbooks(one_in, alpha):
    return (1 - alpha) / one_in + alpha * (1 - 1 / one_in)


@q16.mistake(
    lambda one_in: (
        f"This is the target of a healthy person. One in {one_in} is ill: what does that add?"
    )
)
def _q16_healthy(alpha):
    return alpha / 2


@q16.mistake(
    "Every target gets the whole of α here. There are two classes: how much of it does each "
    "receive?"
)
def _q16_whole_alpha(one_in, alpha):
    return (1 - alpha) / one_in + alpha


@q16.mistake("The shares of α were added, and nothing was taken from y. What is left of a label?")
def _q16_nothing_taken(one_in, alpha):
    return 1 / one_in + alpha / 2


@q16.mistake(
    "These are the ill alone, with their target and their weight. What does the model say about "
    "all the others?"
)
def _q16_ill_alone(one_in, alpha):
    return (1 - alpha / 2) / one_in


@q16.mistake(
    "This is the way back, from a smoothed prediction to a rate. Here the rate is known, and the "
    "labels are smoothed: which way is that?"
)
def _q16_way_back(one_in, alpha):
    return (1 / one_in - alpha / 2) / (1 - alpha)


@question(
    "07",
    "Who had confidence to spare?",
    title="Smoothing an honest network",
    hints=[
        "Smoothing takes about the same confidence from everybody. Had this network any to spare?",
        "It was right 97% of the time and said so. If it now says less, who is right: it, or its "
        "answers?",
    ],
    right="Right: its answers stay about as good and its claims fall short of them. A "
    "temperature, fitted afterwards, gives back what was taken: give one to both networks before "
    "you say which is better.",
    choices={
        "A": "It improves: label smoothing calibrates networks.",
        "B": "It stays: the answers do not change, so neither does their calibration.",
        "C": "It gets worse: the network becomes overconfident.",
        "D": "It gets worse: the network says less than it could.",
    },
    mistakes={
        "A": "Of networks that are too sure it can be true. How sure was this one, and how often "
        "right?",
        "B": "The answers hardly change, as you say. Calibration compares them with what the "
        "network *claims*: what happens to that?",
        "C": f"The targets ask for {1 - 0.1 + 0.1 / 10:.2f} at most. Will it claim more than "
        "before, or less?",
    },
)
def q17():
    """A network for ten classes is right on 97% of new pictures, with a mean confidence of 0.97.
    You train it again with label smoothing, α = 0.1, and calibrate nothing afterwards.

    What do you expect of its calibration?
    """
    answers, alpha, classes = 0.97, 0.1, 10
    claims = (1 - alpha) * answers + alpha / classes  # it learns the targets
    said = {"B": claims == answers, "C": claims > answers, "D": claims < answers}
    return max(said, key=said.get)


@question(
    "08",
    "One number, and its dials",
    title="Two lies that cancel",
    draws={
        "said": (
            ((0.6, 25, 18), (0.2, 75, 12)),
            ((0.8, 75, 63), (0.4, 25, 7)),
            ((0.7, 80, 60), (0.5, 20, 6)),
            ((0.7, 20, 18), (0.3, 80, 20)),
            ((0.5, 20, 18), (0.2, 80, 8)),
            ((0.8, 80, 72), (0.6, 20, 4)),
            ((0.4, 25, 19), (0.6, 75, 36)),
            ((0.8, 75, 69), (0.6, 25, 6)),
            ((0.6, 60, 48), (0.7, 40, 16)),
            ((0.5, 40, 32), (0.4, 60, 12)),
            ((0.6, 80, 44), (0.3, 20, 10)),
            ((0.4, 75, 21), (0.2, 25, 14)),
        )
    },
    hints=[
        lambda said: (
            f"The gaps are {said[0][2] / said[0][1]:.3g} − {said[0][0]} and "
            f"{said[1][2] / said[1][1]:.3g} − {said[1][0]}. Does ECE let one make up for the other?"
        ),
        lambda said: (
            f"Take the size of each gap, and weight it by the days: {said[0][1]} and {said[1][1]} "
            "of 100."
        ),
    ],
    right=lambda said, answer: (
        f"Right: {answer:.3g}, though the mean forecast, "
        f"{sum(claim * days for claim, days, _ in said) / 100:.3g}, is exactly the share of rainy "
        "days. Being right on average is the weakest kind of honesty."
    ),
)
def q18(said=((0.8, 60, 54), (0.4, 40, 10))):
    """A service said {said[0][0]} on {said[0][1]} days, and it rained on {said[0][2]} of them. It
    said {said[1][0]} on {said[1][1]} days, and it rained on {said[1][2]}.

    What is its expected calibration error, with one bin for each of the two claims?
    """
    return sum(days / 100 * abs(rain / days - claim) for claim, days, rain in said)


@q18.mistake(
    "Taken with their signs the two gaps cancel, because the mean forecast is right. What does ECE "
    "do with a gap before it averages?"
)
def _q18_signed():
    return 0.0


@q18.mistake("This is the plain mean of the two gaps. Do both claims stand for as many days?")
def _q18_unweighted(said):
    return sum(abs(rain / days - claim) for claim, days, rain in said) / 2


@q18.mistake("This adds the two gaps. What makes a mean over the days of them?")
def _q18_sum(said):
    return sum(abs(rain / days - claim) for claim, days, rain in said)


@q18.mistake(
    "This averages the *squares* of the gaps, as the Brier score does. ECE takes sizes: what is "
    "their mean?"
)
def _q18_squares(said):
    return sum(days / 100 * (rain / days - claim) ** 2 for claim, days, rain in said)


@q18.mistake("This is the larger of the two gaps. Does it hold on all days?")
def _q18_largest(said):
    return max(abs(rain / days - claim) for claim, days, rain in said)


@q18.mistake("The weights have changed places: how many days belong to which gap?")
def _q18_exchanged(said):
    (claim, days, rain), (other, rest, wet) = said
    return rest / 100 * abs(rain / days - claim) + days / 100 * abs(wet / rest - other)


@q18.mistake(
    "Here the gaps are weighted by the days on which it rained. Which days does a claim stand for, "
    "those or all on which it was made?"
)
def _q18_rainy_days(said):
    wet = sum(rain for _, _, rain in said)
    return sum(rain / wet * abs(rain / days - claim) for claim, days, rain in said)


@q18.mistake("This is what one of the two claims adds. What does the other one?")
def _q18_one_claim(said):
    claim, days, rain = said[0]
    return days / 100 * abs(rain / days - claim)


@question(
    "08",
    "AUC cannot see it",
    title="A good ranker with a bad mouth",
    hints=[
        "Divide all probabilities by ten. Which of the two numbers changes?",
        "AUC asks which of two rows has the higher score. Log loss asks what each score claims.",
    ],
    right="Right: the order is good and the claims are not. That is the cheaper illness: a "
    "recalibration with one or two numbers can mend claims, and none of them mends an order.",
    choices={
        "A": "No: one of the two numbers has been computed wrongly.",
        "B": "Yes, but only if one class is very rare.",
        "C": "Yes, but only on the training rows, where it has seen the answers.",
        "D": "Yes: it ranks well, and its probabilities claim the wrong things.",
    },
    mistakes={
        "A": "Take as many positives as negatives, and say 0.09 for all of the ones and 0.01 for "
        "all of the others. What is the AUC, and what is the log loss?",
        "B": "It can happen at any base rate: bend the claims far enough and leave their order. "
        "What does AUC look at?",
        "C": "Training rows are where a loss is *small*. Leave the rows as they are and cube all "
        "forecasts: what changes?",
    },
)
def q19():
    """On held-out rows a model has an AUC of 0.98, and a log loss worse than that of the base
    rate.

    Is that possible?
    """
    y, p = [1, 0], [0.09, 0.01]
    ranks, claims = ce.roc_auc(y, p) >= 0.98, ce.binary_cross_entropy(y, p) <= math.log(2)
    return "D" if ranks and not claims else "A"


@question(
    "08",
    "Scale and shift",
    title="After the wave",
    hints=[
        "The odds of every row have been multiplied by the same number. What is that on the ruler "
        "of logits?",
        "ln(5 · odds) = ln 5 + ln odds. Which repair adds a number?",
    ],
    right=f"Right: five times the odds is ln 5 = {math.log(5):.3f} on every logit, and one "
    "number fits it. A temperature pivots round p = ½, which is far from where these rows are.",
    choices={
        "A": "A temperature, fitted on recent rows.",
        "B": "None: the ranking is as good as before.",
        "C": "A shift of all logits, fitted on recent rows.",
        "D": "A new model: the old one has learnt another world.",
    },
    mistakes={
        "A": "A temperature multiplies logits. What has to be done to a logit for the odds to be "
        "five times as high?",
        "B": "The ranking is, and the claims are not: a row that says 0.01 is now a fraud about "
        f"{100 * 5 * 0.01 / (5 * 0.01 + 0.99):.0f} times in 100.",
        "D": "A new model would learn it too, from many rows. Only one thing has changed for every "
        "row: how many numbers does it take?",
    },
)
def q20():
    """A calibrated fraud model meets a wave: every kind of fraud has become five times as frequent
    against honest payments, and nothing else has changed.

    What is the least repair that makes its probabilities right again?
    """
    said = np.array([0.01, 0.2])
    z, right = ce.logit(said), np.log(5 * said / (1 - said))
    repairs = {"A": right / z, "C": right - z}
    return min(repairs, key=lambda key: np.ptp(repairs[key]))  # the same number for every row
