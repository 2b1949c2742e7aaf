"""The practice exercise of notebook 00: one question, to see how check, hint and solution work."""

import math

from cecourse.exercise.exercise import exercise


@exercise(
    "00",
    title="Rain, as announced",
    draws={"p": (0.55, 0.65, 0.7, 0.75, 0.85, 0.9, 0.58, 0.62, 0.68, 0.72, 0.78, 0.82)},
    hints=[
        lambda p: f"Look only at the probability of what happened: it rained, and rain had {p}.",
        "Surprise is the logarithm of that probability with its sign turned round: "
        "log p ≤ 0, and a surprise is never negative.",
        "`math.log(p)` is the natural logarithm, which counts in nats.",
    ],
    right=lambda p, answer: (
        f"Right: {answer:#.3g} nats. Announced at {p}, rain is a mild surprise; at 1 it would be "
        f"none, and at {0.01} it would be {-math.log(0.01):.3f}."
    ),
)
def rain(p=0.6):
    """A forecast gave rain a probability of {p}. It rained. How surprised should it be, in nats?"""
    return -math.log(p)


@rain.mistake(
    "The size is right. The logarithm of a number below 1 is negative, and surprise is not: "
    "what stands in front of the log?"
)
def _sign(p):
    return math.log(p)


@rain.mistake(
    lambda it: (
        f"{it:#.3g} is this surprise in bits, and nats were asked for. Which logarithm counts in "
        "nats?"
    )
)
def _bits(p):
    return -math.log2(p)


@rain.mistake(
    lambda p, it: (
        f"{it:#.3g} is the surprise of a dry day, which had probability 1 − {p}. It did rain: "
        "whose probability do you look at?"
    )
)
def _dry_day(p):
    return -math.log(1 - p)


@rain.mistake(
    lambda it: (
        f"{it:.3g} is the probability itself. A surprise is large when the probability was small: "
        "which function of p turns one into the other?"
    )
)
def _the_probability(p):
    return p


@rain.mistake(
    lambda it: (
        f"{it:.3g} is the probability of a dry day. It did rain; and a probability is not yet a "
        "surprise: which function of p turns one into the other?"
    )
)
def _probability_of_a_dry_day(p):
    return 1 - p


@rain.mistake(
    lambda p: (
        f"This is made of the logarithm of {100 * p:.0f}. A probability lies between 0 and 1, not "
        f"between 0 and 100: what is {p:.0%} as a number?"
    )
)
def _per_cent(p):
    return -math.log(100 * p)


@rain.mistake(
    lambda it: (
        f"{it:#.3g} is the mean surprise of such a forecast, over rainy and dry days. This day is "
        "over, and it rained: which one surprise is left?"
    )
)
def _mean_surprise(p):
    return -p * math.log(p) - (1 - p) * math.log(1 - p)


@rain.mistake(
    lambda p, it: (
        f"{it:#.3g} is what rain announced at {0.8} costs, a surprise that stands further up. This "
        f"forecast said {p}: whose surprise is asked for?"
    )
)
def _the_one_above():
    return -math.log(0.8)
