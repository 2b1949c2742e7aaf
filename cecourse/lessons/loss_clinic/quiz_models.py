"""The final quiz, questions 11 to 20: notebooks 05 to 08."""

import math

import numpy as np

import cehelpers as ce
from cecourse.exercise.question import question


@question(
    "05",
    "Temperature",
    title="All logits doubled",
    hints=[
        "A logit stands in the exponent. What does doubling do to e^z?",
        "e^(2z) is the square of e^z, so each share is squared; then they must sum to 1 again.",
    ],
    right="Right: 0.783. Doubling is the temperature ½: every share is squared and the row is "
    "divided by its sum. The order stays, the confidence does not.",
)
def q11():
    """Softmax gives fox, cat and dog the probabilities 0.6, 0.3 and 0.1. Then all three logits
    are doubled.

    Which probability does the fox get?
    """
    z = np.log([0.6, 0.3, 0.1])
    return ce.softmax(2 * z)[0]


@q11.mistake(
    "Softmax does not notice when a number is *added* to all logits. Here all are multiplied: what "
    "becomes of the gaps between them?"
)
def _q11_unchanged():
    return 0.6


@q11.mistake("This is what *halved* logits give: a higher temperature. Which way is doubling?")
def _q11_halved():
    return ce.softmax(np.log([0.6, 0.3, 0.1]) / 2)[0]


@q11.mistake(
    "This is 2 · 0.6, and no probability: the three must still sum to 1. The logits were doubled; "
    "what happens to e^z?"
)
def _q11_doubled():
    return 2 * 0.6


@q11.mistake("The squares are right, and their sum is no longer 1. What must follow?")
def _q11_squares():
    return 0.6**2


@q11.mistake(
    "This treats the others as one class with 0.4. Cat and dog have a logit each, and each is "
    "doubled."
)
def _q11_two_classes():
    return 0.6**2 / (0.6**2 + 0.4**2)


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
    hints=[
        "Cross-entropy looks only at the cat's probability. Does the fox's logit have a say in it?",
        "L = lse(z) − z of the true class. The second term does not know the fox; what is the "
        "slope of the first?",
    ],
    right="Right: 0.6, what was said of the fox minus the 0 that was so. The three slopes, 0.6, "
    "−0.7 and 0.1, sum to 0: what the cat gains, the others give, each in its share.",
)
def q13():
    """Softmax gives fox, cat and dog the probabilities 0.6, 0.3 and 0.1. It was a cat.

    What is the slope of the loss in the *fox's* logit?
    """
    z = np.log([0.6, 0.3, 0.1])
    return ce.categorical_cross_entropy_with_logits_grad([0, 1, 0], z)[0]


@q13.mistake(
    "The loss names the cat alone, and yet its probability has all three logits in the "
    "denominator. What happens to it when the fox's logit rises?"
)
def _q13_zero():
    return 0.0


@q13.mistake("This is the slope in the *cat's* logit, 0.3 − 1. What was so for the fox?")
def _q13_cat():
    return 0.3 - 1


@q13.mistake(
    "This is p − 1, as if it had been a fox. What should be taken from 0.6 for a class that did "
    "not happen?"
)
def _q13_as_if_true():
    return 0.6 - 1


@q13.mistake(
    "This is the slope of the fox's own *probability*, p(1 − p). The loss is −ln of the cat's: how "
    "does that change with the fox's logit?"
)
def _q13_probability():
    return 0.6 * (1 - 0.6)


@q13.mistake("The size is right. Should a raised fox make the loss of a cat rise or fall?")
def _q13_sign():
    return -0.6


@question(
    "06",
    "Ten flips, one unknown",
    title="Two coins on trial",
    hints=[
        "The likelihood of a coin is one product: a factor for each of the eight flips.",
        "For p = 0.75 it is 0.75⁶ · 0.25². The tails speak, too.",
    ],
    right="Right: 2.85 times, which is e to the power of eight times the gap of their losses, "
    "0.131 nats a flip. A likelihood ratio and a difference of cross-entropies say one thing.",
)
def q14():
    """A coin shows six heads in eight flips.

    How many times as probable does p = 0.75 for heads make these flips as p = 0.5 does?
    """
    return 0.75**6 * 0.25**2 / 0.5**8


@q14.mistake("This is the ratio of the two values of p. How many flips are to be explained?")
def _q14_of_p():
    return 0.75 / 0.5


@q14.mistake("These are the six heads alone. What does p = 0.75 say about the two tails?")
def _q14_heads():
    return (0.75 / 0.5) ** 6


@q14.mistake(
    "This is the logarithm of the ratio, the gap of the two log-likelihoods in nats. How many "
    "*times* as probable is that?"
)
def _q14_log():
    return math.log(0.75**6 * 0.25**2 / 0.5**8)


@q14.mistake("This is the gap of the two losses per flip, in nats. From there, undo two steps.")
def _q14_per_flip():
    return math.log(0.75**6 * 0.25**2 / 0.5**8) / 8


@q14.mistake("This is the ratio the other way round: the fair coin over the other one.")
def _q14_inverted():
    return 0.5**8 / (0.75**6 * 0.25**2)


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
    hints=[
        "With two classes and α = 0.2 a healthy person's target is no longer 0, and an ill one's "
        "no longer 1. What are they?",
        f"The targets are {0.2 / 2} and {1 - 0.2 / 2}. Weight them by how often each comes.",
    ],
    right="Right: 0.108 where 0.01 are ill. A model that learns its targets perfectly announces "
    "eleven times as many ill people as there are, and calls nobody safer than 0.1.",
)
def q16():
    """One person in a hundred has an illness. A model is trained on labels smoothed with α = 0.2 in
    the frameworks' convention, y′ = (1 − α) y + α/2, and learns these targets perfectly.

    What is its mean prediction?
    """
    return (1 - 0.2) * 0.01 + 0.2 / 2


@q16.mistake(
    "Without smoothing the mean prediction would be the base rate. What is the mean of the targets "
    "it learns now?"
)
def _q16_base_rate():
    return 0.01


@q16.mistake("The first half is right. Every target also gets its share of α back: how much?")
def _q16_half():
    return (1 - 0.2) * 0.01


@q16.mistake(
    "This is the textbooks' convention, targets of 0.2 and 0.8. The frameworks spread α over "
    "*both* classes."
)
def _q16_textbooks():
    return 0.8 * 0.01 + 0.2 * 0.99


@q16.mistake("This is the target of a healthy person. One in a hundred is ill.")
def _q16_healthy():
    return 0.2 / 2


@question(
    "07",
    "Who had confidence to spare?",
    title="Smoothing an honest network",
    hints=[
        "Smoothing takes about the same confidence from everybody. Had this network any to spare?",
        "It was right 97% of the time and said so. If it now says less, who is right: it, or its "
        "answers?",
    ],
    right="Right: its answers stay about as good and its claims fall short of them. Smoothing is a "
    "medicine for overconfidence; ask for the diagnosis first.",
    choices={
        "A": "It improves: label smoothing calibrates networks.",
        "B": "It stays: the answers do not change, so neither does their calibration.",
        "C": "It gets worse: the network becomes overconfident.",
        "D": "It gets worse: the network says less than it could.",
    },
    mistakes={
        "A": "It does so for networks that are too sure. How sure was this one, and how often "
        "right?",
        "B": "The answers hardly change, as you say. Calibration compares them with what the "
        "network *claims*: what happens to that?",
        "C": f"The targets ask for {1 - 0.1 + 0.1 / 10:.2f} at most. Will it claim more than "
        "before, or less?",
    },
)
def q17():
    """A network for ten classes is right on 97% of new pictures, with a mean confidence of 0.97.
    You train it again with label smoothing, α = 0.1.

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
    hints=[
        "The gaps are 0.9 − 0.8 and 0.25 − 0.4. Does ECE let one make up for the other?",
        "Take the size of each gap, and weight it by the days: 60 and 40 of 100.",
    ],
    right=f"Right: 0.12, though the mean forecast, {0.6 * 0.8 + 0.4 * 0.4:.2f}, is exactly the "
    "share of rainy days. Being right on average is the weakest kind of honesty.",
)
def q18():
    """A service said 0.8 on 60 days, and it rained on 54 of them. It said 0.4 on 40 days, and it
    rained on 10.

    What is its expected calibration error, with one bin for each of the two claims?
    """
    y = np.repeat([1, 0, 1, 0], [54, 6, 10, 30])
    return ce.expected_calibration_error(y, np.repeat([0.8, 0.4], [60, 40]))


@q18.mistake(
    "Taken with their signs the two gaps cancel, because the mean forecast is right. What does ECE "
    "do with a gap before it averages?"
)
def _q18_signed():
    return 0.0


@q18.mistake("This is the plain mean of the two gaps. Do both claims stand for as many days?")
def _q18_unweighted():
    return (0.1 + 0.15) / 2


@q18.mistake("This adds the two gaps. What makes a mean over the days of them?")
def _q18_sum():
    return 0.1 + 0.15


@q18.mistake("This averages the *squares* of the gaps, as the Brier score does. ECE takes sizes.")
def _q18_squares():
    return 0.6 * 0.1**2 + 0.4 * 0.15**2


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
