"""The practice exercise of notebook 00: one question, to see how check, hint and solution work."""

import math

from cecourse.exercise.exercise import exercise


@exercise(
    "00",
    title="Rain, as announced",
    hints=[
        "Look only at the probability of what happened: it rained, and rain had 0.6.",
        "Surprise is the logarithm of that probability with its sign turned round: "
        "log p ≤ 0, and a surprise is never negative.",
        "`math.log(p)` is the natural logarithm, which counts in nats.",
    ],
    right="Right: 0.511 nats. Announced at 0.6, rain is a mild surprise; at 1 it would be none, "
    f"and at {0.01} it would be {round(-math.log(0.01), 3)}.",
)
def rain():
    """A forecast gave rain a probability of 0.6. It rained. How surprised should it be, in nats?"""
    return -math.log(0.6)


@rain.mistake(
    "The size is right. The logarithm of a number below 1 is negative, and surprise is not: "
    "what stands in front of the log?"
)
def _sign():
    return math.log(0.6)


@rain.mistake(
    "0.737 is this surprise in bits, and nats were asked for. Which logarithm counts in nats?"
)
def _bits():
    return -math.log2(0.6)


@rain.mistake(
    "0.916 is the surprise of a dry day, which had probability 1 − 0.6. It did rain: "
    "whose probability do you look at?"
)
def _dry_day():
    return -math.log(1 - 0.6)


@rain.mistake(
    "0.6 is the probability itself. A surprise is large when the probability was small: "
    "which function of p turns one into the other?"
)
def _the_probability():
    return 0.6


@rain.mistake(
    "0.4 is the probability of a dry day. It did rain; and a probability is not yet a surprise: "
    "which function of p turns one into the other?"
)
def _probability_of_a_dry_day():
    return 1 - 0.6


@rain.mistake(
    "This is the logarithm of 60. A probability lies between 0 and 1, not between 0 and 100: "
    "what is 60% as a number?"
)
def _per_cent():
    return -math.log(60)
