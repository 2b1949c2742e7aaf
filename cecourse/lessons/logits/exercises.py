"""The exercises of notebook 04: the loss of a logit, what a clip hides, and formulas that last."""

import math

import numpy as np

from cecourse.exercise.exercise import exercise
from cecourse.exercise.guards import PAIRS
from cecourse.exercise.mistake import EPS
from cehelpers import sigmoid


def _tiny(far):
    """σ(−far) as it is written in a text, such as 1.5e-8."""
    return f"{sigmoid(-float(far)):.1e}".replace("e-0", "e-")


def _ten_to(k):
    """10 to the power of k in print."""
    return "10" + "⁰¹²³⁴⁵⁶⁷⁸⁹"[k]


@exercise(
    "04",
    title="A confident mistake",
    draws={"z": (1.8, 2, 2.2, 2.4, 2.5, 2.8, 3.2, 3.5, 4)},
    hints=[
        "With y = 0 the second part of softplus(z) − z·y drops out.",
        "softplus(z) = ln(1 + e^z): which function of `math` is the natural logarithm?",
        "Far out, the loss of a wrong row is close to its distance from 0. Here it must come out "
        "a little above that distance.",
    ],
    right=lambda z, answer: (
        f"Right: {answer:.4g}. Of these nats, {z} are the distance itself; only the "
        f"{answer - z:.2g} comes from the bend of the curve, and it halves with about every "
        f"{math.log(2):.1f} further out."
    ),
)
def confident_mistake(z=3):
    """A model gives a row the logit z = {z}, and its label is y = 0.

    What is the binary cross-entropy of this row, in nats?
    """
    y = 0
    return math.log(1 + math.exp(z)) - z * y


@confident_mistake.mistake(
    lambda it: (
        f"{it:#.3g} is the loss of this logit when the label is 1, a row that is right and sure of "
        "it. Which way does the model lean here, and which way went the label?"
    )
)
def _other_label(z):
    return math.log(1 + math.exp(-z))


@confident_mistake.mistake(
    lambda z: (
        f"To three digits this is {z}, the straight line that the loss approaches far out; a "
        f"sigmoid that is rounded on the way can end there, too. At z = {z} the curve has not "
        "quite reached it: what does the 1 in ln(1 + e^z) add?"
    )
)
def _the_line(z):
    return float(z)


@confident_mistake.mistake(
    lambda it: f"{it:#.4g} is this loss in bits, and nats were asked for. Which logarithm is that?"
)
def _in_bits(z):
    return math.log2(1 + math.exp(z))


@confident_mistake.mistake(
    lambda it: (
        f"{it:#.3g} is the probability that belongs to this logit, and also the slope of the loss "
        "there. The loss is the surprise of the outcome that this probability did not favour: how "
        "large is that?"
    )
)
def _probability(z):
    return 1 / (1 + math.exp(-z))


@confident_mistake.mistake(
    lambda z, it: (
        f"{it:#.4g} comes out when the probability {sigmoid(float(z)):.3f} is treated as if it "
        "were the logit. The number handed to you is a logit already: how often is a "
        "sigmoid wanted?"
    )
)
def _sigmoid_twice(z):
    return math.log(1 + math.exp(1 / (1 + math.exp(-z))))


@confident_mistake.mistake(
    lambda it: (
        f"{it:#.3g} is the loss for the label 1, and in bits. Which label has this row, and which "
        "logarithm counts in nats?"
    )
)
def _other_label_in_bits(z):
    return math.log2(1 + math.exp(-z))


@exercise(
    "04",
    title="One sigmoid too many",
    draws={"z": (0.5, 0.8, 1, 1.2, 1.5, 1.8, 2.5, 3, 3.5, 4)},
    hints=[
        lambda z: (
            "The function takes whatever it is given for z, so here its z is "
            f"{sigmoid(float(z)):.4f}."
        ),
        "For y = 1 the loss of a logit is softplus(−z) = ln(1 + e^−z).",
        "Two sigmoids are at work: your colleague's, and the one inside the loss. The answer is "
        "minus the logarithm of what comes out of the second.",
    ],
    right=lambda z, answer: (
        f"Right: {answer:#.3g} instead of {math.log(1 + math.exp(-z)):#.3g}. No error, no warning, "
        "and training even works, badly: a number between 0 and 1, taken for a logit, can say no "
        f"more than p = {sigmoid(1.0):.3f} and no less than one half."
    ),
)
def one_too_many(z=2):
    """A row has the logit z = {z} and the label y = 1. A colleague applies the sigmoid first.

    So p = σ({z}) goes into `binary_cross_entropy_with_logits`, which expects a logit. What does it
    report, in nats?
    """
    p = 1 / (1 + math.exp(-z))
    return math.log(1 + math.exp(-p))


@one_too_many.mistake(
    lambda it: (
        f"{it:#.3g} is what the function would have reported for the logit itself, the right loss "
        "of this row. What changes when it is handed the probability?"
    )
)
def _the_right_loss(z):
    return math.log(1 + math.exp(-z))


@one_too_many.mistake(
    lambda it: (
        f"{it:#.3g} is the probability after the second sigmoid. One step is missing: what is its "
        "surprise?"
    )
)
def _no_logarithm(z):
    p = 1 / (1 + math.exp(-z))
    return 1 / (1 + math.exp(-p))


@one_too_many.mistake(
    lambda it: (
        f"{it:#.4g} is the report for the label 0. For the label 1, which sign does z get inside "
        "the softplus?"
    )
)
def _label_zero(z):
    p = 1 / (1 + math.exp(-z))
    return math.log(1 + math.exp(p))


@one_too_many.mistake(
    lambda it: f"{it:#.3g} is this report in bits. Which logarithm does the course count with?"
)
def _report_in_bits(z):
    p = 1 / (1 + math.exp(-z))
    return math.log2(1 + math.exp(-p))


@one_too_many.mistake(
    lambda it: (
        f"{it:#.4g} is the loss of the logit itself, and for the label 0. Which label has this "
        "row, and which number is the function handed?"
    )
)
def _logit_and_label_zero(z):
    return math.log(1 + math.exp(z))


@one_too_many.mistake(
    lambda it: f"{it:#.3g} is the p that goes in. What does a loss that expects a logit do with it?"
)
def _what_goes_in(z):
    return 1 / (1 + math.exp(-z))


@one_too_many.mistake(
    lambda it: (
        f"{it:#.3g}".replace("-", "−")
        + " is by how much the report is off: the right loss has been taken away from it. What is "
        "the report itself?"
    )
)
def _how_far_off(z):
    p = 1 / (1 + math.exp(-z))
    return math.log(1 + math.exp(-p)) - math.log(1 + math.exp(-z))


@one_too_many.mistake(
    lambda z: (
        f"Close: p = σ({z}) was rounded to one decimal on the way. What comes out if you carry "
        "every digit along?"
    )
)
def _p_rounded(z):
    return math.log(1 + math.exp(-round(1 / (1 + math.exp(-z)), 1)))


@exercise(
    "04",
    title="What the clip lets through",
    draws={"far": (12, 13, 14, 15, 16, 17, 19), "k": (3, 4, 5)},
    hints=[
        lambda far: (
            f"Forwards: σ(−{far}) is {_tiny(far)}. What does the clip make of it, and what is −ln "
            "of that?"
        ),
        "Backwards: the clip is a function with a slope of its own. Where it returns the constant "
        "eps, how much does its output change when its input does?",
        "The chain rule multiplies the slopes of all steps. One factor decides.",
    ],
    right=lambda far, k, answer: (
        f"Right: it reports {answer[0]:#.3g} nats where {far} are due, and the slope is exactly 0. "
        f"The chain rule multiplied {_ten_to(k)} by {_tiny(far)} by the clip's own slope, and that "
        "is 0."
    ),
)
def through_the_clip(far=18, k=6):
    """A row has z = −{far} and y = 1. The loss clips p = σ(z) to [1e-{k}, 1 − 1e-{k}], then takes
    −ln.

    Which loss does it report, and which slope of this clipped loss in z does automatic
    differentiation find? Answer with a list of the two numbers, [loss, slope].
    """
    z, eps = -far, 10.0**-k
    p = 1 / (1 + math.exp(-z))
    clipped = p < eps
    return [-math.log(eps if clipped else p), 0.0 if clipped else p - 1]


@through_the_clip.mistake(
    lambda far: (
        "These are the true loss and the true slope, what the fused loss gives. Here a clip stands "
        f"between the sigmoid and the logarithm, and σ(−{far}) is below its lower bound: what does "
        "it let through?"
    )
)
def _no_clip(far):
    return [float(far), -1.0]


@through_the_clip.mistake(
    lambda far: (
        f"The slope is right. {far} is the loss without a clip; here the logarithm sees what the "
        f"clip lets through. What does it make of {_tiny(far)}?"
    )
)
def _loss_of_the_fused(far):
    return [float(far), 0.0]


@through_the_clip.mistake(
    "The loss is right. A slope of −1 would need the change of z to get through every step: what "
    "does the clip do with a change of something that lies below its bound?"
)
def _slope_of_the_fused(k):
    return [-math.log(10.0**-k), -1.0]


@through_the_clip.mistake(
    lambda k: (
        f"The loss is right, and −{_ten_to(k)} is the slope of −ln at 1e-{k}. That is the last "
        "step alone: which slopes do the clip and the sigmoid have?"
    )
)
def _logarithm_alone(k):
    return [-math.log(10.0**-k), -(10.0**k)]


@through_the_clip.mistake(
    lambda far: (
        "The loss is right, and you have multiplied the slope of the logarithm by the slope of the "
        f"sigmoid. Between the two stands the clip: what is its slope at {_tiny(far)}?"
    )
)
def _clip_forgotten(far, k):
    p = 1 / (1 + math.exp(far))
    return [-math.log(10.0**-k), -(10.0**k) * p * (1 - p)]


@through_the_clip.mistake(
    "The slope is right. A loss of 0 belongs to a row that is right and sure of it: which "
    "probability reaches the logarithm here, and what is its price?"
)
def _nothing():
    return [0.0, 0.0]


@through_the_clip.mistake(
    lambda k: (
        f"The slope is right. 1e-{k} is what the clip lets through, a probability: what is its "
        "price?"
    )
)
def _no_logarithm_taken(k):
    return [10.0**-k, 0.0]


@through_the_clip.mistake(
    lambda it: (
        f"The slope is right, and {it[0]:.1f} is the most that an eps of 1e-7 lets a loss be, as "
        "in notebook 04. Which eps has this clip?"
    )
)
def _eps_of_the_text():
    return [-math.log(1e-7), 0.0]


@exercise(
    "04",
    title="Find the bug",
    hints=[
        "Follow one number through the lines: z = 20 gives p = 1 in float32. What does the clip "
        "do with it?",
        "`np.float32(1) - np.float32(1e-9)`: try it in a cell.",
        "The largest float32 below 1 is 1 − 6e-8.",
    ],
    right="Right: 1 − 1e-9 rounds to 1 in float32, so the upper bound guards nothing. Raising "
    "eps to 1e-7 would end the inf and begin the silence; the repair is to start from z.",
    choices={
        "A": "The clip comes too early; it should stand behind the logarithm.",
        "B": "The upper bound of the clip is 1 in this arithmetic.",
        "C": "expit overflows for z = 20 in float32.",
        "D": "y and p have changed places.",
    },
    mistakes={
        "A": "Behind the logarithm there would already be an infinity to clip. In front of it is "
        "the usual place; does the clip do there what it says?",
        "C": "SciPy's expit is careful at both ends; for z = 20 it returns a number. Which one, in "
        "float32?",
        "D": "Inside the logarithms stands p, and in front of them y, as it should be. Look at the "
        "numbers, not at the names: what is p for z = 20?",
    },
)
def find_the_bug():
    """All arrays here are float32. For y = 0 and z = 20 this loss returns inf:

      `p = expit(z)`
      `p = np.clip(p, 1e-9, 1 - 1e-9)`
      `loss = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))`

    Why?
    """
    return "B"


LOSS_PROBES = [(0, 3.0), (1, 2.0), (0.7, 50.0), (0, 800.0), (1, -800.0), (1, 40.0), (0, -40.0)]
LOSS_PROBES += [(0.7, 0.5), (0.3, -800.0), (1, 600.0)]


@exercise(
    "04",
    title="A loss that holds",
    hints=[
        "`math.exp(800)` stops with an OverflowError; `math.exp(-800)` is a harmless 0. Which one "
        "do you need?",
        "softplus(z) = max(z, 0) + ln(1 + e^−|z|): the exponential is never above 1.",
        "When e^−|z| is 4e-18, 1 + e^−|z| rounds to 1. `math.log1p(x)` gives ln(1 + x) without "
        "adding the 1 first.",
    ],
    right="Right: from −800 to 800, and 4.25e-18 at the confident end. One exponential and one "
    "log1p are enough, and no eps is needed.",
    probes=LOSS_PROBES,
    digits=6,
)
def stable_loss(y, z):
    """Write stable_loss(y, z) with plain `math`.

    It returns the binary cross-entropy of one logit, in nats; y may be soft. It will be called
    with logits from −800 to 800, and however small the true loss is, 4e-18 or less, it shall say
    so.
    """
    return max(z, 0.0) - z * y + math.log1p(math.exp(-abs(z)))


@stable_loss.mistake(
    "Something is clipped, z, p or a logarithm, or an eps is added: large losses are capped "
    "there, or small ones are lost. Which form of the loss needs no clip, since its exponent is "
    "never positive?",
    eps=EPS,
    pair=PAIRS,
    log=(math.log, np.log),
)
def _with_a_clip(y, z, eps, pair, log):
    e = math.exp(-abs(z))
    p, q = pair((1 if z >= 0 else e) / (1 + e), eps)
    return -(y * log(p) + (1 - y) * log(q))


@stable_loss.mistake(
    "For y = 1 and z = 40 the loss is 4e-18, and you return 0: the small part was rounded away "
    "when it was added to a large number (in softplus(z) − z·y, to 40). Can the large numbers meet "
    "before the small one comes in?"
)
def _difference_too_late(y, z):
    softplus = max(z, 0.0) + math.log1p(math.exp(-abs(z)))
    return softplus - z * y


@stable_loss.mistake(
    "It holds for large |z|. For y = 1 and z = 40 it returns 0, and the true loss is 4e-18: "
    "1 + e^−40 has been rounded to 1. Which function takes ln(1 + x) without that sum?"
)
def _log_of_one_plus(y, z):
    return max(z, 0.0) - z * y + math.log(1 + math.exp(-abs(z)))


@stable_loss.mistake(
    "One half of the formula is there, and the rows with the other label cost nothing. What does a "
    "row with y = 0 pay, what one with y = 1, and which weights bring the two together?",
    half=("of y", "of 1 − y"),
)
def _one_half(y, z, half):
    return (
        stable_loss.function(1, z) * y if half == "of y" else stable_loss.function(0, z) * (1 - y)
    )


@stable_loss.mistake(
    "The labels are the wrong way round: a logit of 800 should cost 800 when y = 0 and nothing "
    "when y = 1."
)
def _labels_exchanged(y, z):
    return max(z, 0.0) - z * (1 - y) + math.log1p(math.exp(-abs(z)))


@stable_loss.mistake(
    "This is right for hard labels, and 0.7 is treated as if it were one. A soft label weighs the "
    "two losses: with what?",
    one=(lambda y: y == 1, lambda y: y >= 0.5, lambda y: y > 0),
)
def _hard_labels_alone(y, z, one):
    return stable_loss.function(1 if one(y) else 0, z)


def _plain_sigmoid(z):
    return 1 / (1 + math.exp(-z))


def _careful_sigmoid(z):
    e = math.exp(-abs(z))
    return (1 if z >= 0 else e) / (1 + e)


def _whole_formula(y, p):
    return -(y * math.log(p) + (1 - y) * math.log(1 - p))


def _formula_in_numpy(y, p):
    with np.errstate(all="ignore"):
        return -(y * np.log(p) + (1 - y) * np.log(1 - np.float64(p)))


def _formula_of_what_counts(y, p):
    halves = ((w, q) for w, q in ((y, p), (1 - y, 1 - p)) if w > 0)
    return sum(-w * math.log(q) if q > 0 else math.inf for w, q in halves)


@stable_loss.mistake(
    "First a sigmoid, then its logarithm: at z = 40 floating point makes 1 of p and 0 of 1 − p, "
    "and what the loss needs is gone before the logarithm sees it. Can you come from z to the loss "
    "without p?",
    sigmoid=(_plain_sigmoid, _careful_sigmoid),
    formula=(_whole_formula, _formula_in_numpy, _formula_of_what_counts),
)
def _by_way_of_p(y, z, sigmoid, formula):
    return formula(y, sigmoid(z))


@stable_loss.mistake(
    "softplus(z) − z·y is the right formula; as it is written, e^800 is larger than any float, and "
    "for y = 1 and z = 40 it takes 40 from 40. Which exponent is never positive, and can the two "
    "large numbers meet before the small one comes in?",
    log=(lambda e: math.log(1 + e), math.log1p),
    overflow=("stops", "is infinite"),
)
def _as_on_paper(y, z, log, overflow):
    if z > 700 and overflow == "is infinite":
        return math.inf
    return log(math.exp(z)) - z * y


SLOPE_PROBES = [(1, 2.0), (0, -1.0), (0.7, 3.0), (1, 40.0), (0, -40.0), (0, 800.0), (1, -800.0)]
SLOPE_PROBES += [(0.7, -800.0), (0.2, 800.0), (1, 600.0)]


@exercise(
    "04",
    title="A slope that keeps its digits",
    hints=[
        "For y = 1 the slope is σ(z) − 1. Is there another way to write 1 − σ(z), without a "
        "difference?",
        "1 − σ(z) = σ(−z), which for z = 40 is about e^−40 and has all of its digits.",
        "y = y·(σ(z) + σ(−z)), because the two add up to 1. Put that into σ(z) − y, and collect. "
        "And let the exponential in your sigmoid never be above 1.",
    ],
    right="Right: −4.25e-18 at z = 40, where σ(z) − y says 0. Training does not "
    "care; the logarithm of such a slope, or the ratio of two of them, does.",
    probes=SLOPE_PROBES,
    digits=6,
)
def slope(y, z):
    """Write slope(y, z) with plain `math`.

    It returns the slope of the loss in z, for one row; y may be soft. σ(z) − y is right, and for
    y = 1, z = 40 floating point makes 0 of it. Yours shall return −4.24835e-18 there, and hold for
    logits from −800 to 800.
    """
    e = math.exp(-abs(z))
    rising = (1.0 if z >= 0 else e) / (1 + e)
    falling = (e if z >= 0 else 1.0) / (1 + e)
    return (1 - y) * rising - y * falling


@slope.mistake(
    "This is σ(z) − y: far enough out it subtracts two numbers that agree in every digit that was "
    "kept, and 0 is left. Can you write 1 − σ(z) as a sigmoid of something else, so that there is "
    "no difference?"
)
def _plain_difference(y, z):
    e = math.exp(-abs(z))
    return (1.0 if z >= 0 else e) / (1 + e) - y


@slope.mistake(
    "The sign is turned. If y = 1 and the model is unsure, should z rise or fall to lower the "
    "loss, and which sign has the slope then?",
    digits=("kept", "lost"),
)
def _slope_sign(y, z, digits):
    return -slope.function(y, z) if digits == "kept" else -_plain_difference(y, z)


@slope.mistake(
    "This is right for hard labels, and 0.7 is treated as if it were one; a soft label needs both "
    "halves: with which weights?",
    one=(lambda y: y == 1, lambda y: y >= 0.5, lambda y: y > 0),
)
def _hard_labels(y, z, one):
    return slope.function(1 if one(y) else 0, z)


@slope.mistake(
    "This is the slope of the sigmoid, σ(z)·(1 − σ(z)), the same for every label. The chain rule "
    "has one more factor, the slope of −ln: what is left when you multiply the two?"
)
def _of_the_sigmoid(y, z):
    return slope.function(0, z) * -slope.function(1, z)


@slope.mistake(
    "The factor σ(z)·(1 − σ(z)) belongs to the squared error, whose slope fades where the model is "
    "sure and wrong. What happens to this factor when the loss is a logarithm?",
    times=(1, 2),
)
def _of_the_squared_error(y, z, times):
    return times * slope.function(y, z) * _of_the_sigmoid(y, z)


@slope.mistake(
    "σ(z) − y as it is written. Two things go wrong: at y = 1 and z = 40 it subtracts 1 from 1; at "
    "z = −800 `math.exp(800)` overflows. For the first, write 1 − σ(z) as a sigmoid of something "
    "else; for the second, which exponent is never positive?"
)
def _as_written(y, z):
    return 1 / (1 + math.exp(-z)) - y


@slope.mistake(
    "Your function is right until the exponential overflows: `math.exp(800)` stops with an "
    "error. Which exponent is never positive?"
)
def _overflow(y, z):
    return (1 - y) / (1 + math.exp(-z)) - y / (1 + math.exp(z))


@slope.mistake(
    "Right for ordinary slopes, and wrong for tiny ones, as at y = 1 and z = 40, where it should "
    "be −4.2e-18. Is something clipped, or are two nearly equal numbers subtracted? Can you write "
    "the slope without either?"
)
def _tiny_ones_lost(y, z):
    exact = slope.function(y, z)
    return exact if abs(exact) > 1e-12 else 0.0
