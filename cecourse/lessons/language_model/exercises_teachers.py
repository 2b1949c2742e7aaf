"""Exercises 9 to 13 of notebook 13: teachers, preferences, an exam, a floor."""

import math

import numpy as np

from cecourse.exercise.exercise import exercise

# ---------------------------------------------------------------- teachers


@exercise(
    "13",
    title="A soft target",
    draws={"teacher": (2.5, 3.5, 4.0), "student": (1.0, 1.5, 2.0), "T": (2, 2.5, 3)},
    hints=[
        lambda T: (
            f"Divide each difference of logits by {T:g} first. Of two classes, softmax is a "
            "sigmoid of the difference: what do teacher and student say then?"
        ),
        "Cross-entropy of the two soft rows: the teacher's probabilities weigh, the student's are "
        "in the logarithms. Two terms.",
        "Then comes the factor that makes up for the shorter gradient: which power of T is it?",
    ],
    right=lambda answer: (
        f"Right: {answer:.4g} nats. Its floor is not 0: a student that says what the teacher says "
        "still pays the entropy of the teacher's soft row, times the same factor."
    ),
)
def soft_target(teacher=4.0, student=1.0, T=2):
    """Two classes. The teacher's first logit lies {teacher} above its second, the student's
    {student} above its second. The temperature of both is {T}.

    What is the distillation loss of this row, in nats: the cross-entropy of the student's soft row
    with the teacher's as its target, times the usual factor?
    """
    p = 1 / (1 + math.exp(-teacher / T))
    q = 1 / (1 + math.exp(-student / T))
    return T**2 * -(p * math.log(q) + (1 - p) * math.log(1 - q))


@soft_target.mistake(
    "This is the cross-entropy of the two soft rows. Its gradient shrinks as the temperature "
    "grows: which factor makes up for that?"
)
def _without_the_factor(teacher, student, T):
    return soft_target.function(teacher, student, T) / T**2


@soft_target.mistake(
    "The rows are right, the factor is not: softening shortens the gradient twice over, once "
    "through the slope and once through the difference of the rows. Which power is that?"
)
def _factor_once(teacher, student, T):
    return soft_target.function(teacher, student, T) / T


@soft_target.mistake(
    "One of the two rows was softened here, the other was not. What does that one look like at the "
    "same temperature?",
    soft=("teacher", "student"),
)
def _one_at_one(teacher, student, T, soft="teacher"):
    gaps = (teacher / T, student) if soft == "teacher" else (teacher, student / T)
    p, q = (1 / (1 + math.exp(-gap)) for gap in gaps)
    return T**2 * -(p * math.log(q) + (1 - p) * math.log(1 - q))


@soft_target.mistake(
    "Neither row was softened before they were compared. Where do the logits meet the temperature?",
    power=(2, 0),
)
def _both_at_one(teacher, student, T, power=2):
    p, q = (1 / (1 + math.exp(-gap)) for gap in (teacher, student))
    return T**power * -(p * math.log(q) + (1 - p) * math.log(1 - q))


@soft_target.mistake(
    "Here the student is the target and the teacher is judged. Whose probabilities are the weights?"
)
def _exchanged(teacher, student, T):
    return soft_target.function(student, teacher, T)


@soft_target.mistake(
    "This is the KL divergence, times the factor: zero for a student that agrees. Its gradient is "
    "the same, but the question asks for the cross-entropy: what lies between the two?"
)
def _divergence(teacher, student, T):
    own = soft_target.function(teacher, teacher, T)
    return soft_target.function(teacher, student, T) - own


@soft_target.mistake(
    "This takes the first class for certain, as a hard label does. How much does the teacher give "
    "to the second?"
)
def _hard_label(student, T):
    return T**2 * math.log1p(math.exp(-student / T))


@soft_target.mistake(
    "The term of the first class is here. What does the teacher's share of the second class add?"
)
def _first_term(teacher, student, T):
    p, q = (1 / (1 + math.exp(-gap / T)) for gap in (teacher, student))
    return T**2 * -p * math.log(q)


# ---------------------------------------------------------------- after pretraining


@exercise(
    "13",
    title="The loss of a preference",
    hints=[
        "What does each answer gain on the reference? A log-probability minus a log-probability.",
        "The loss looks at one number, β times the chosen answer's gain less the rejected one's. "
        "It is the logit of a label that is 1.",
        "The binary cross-entropy of a logit m whose label is 1: −ln σ(m), as in notebook 04.",
    ],
    right="Right: one line, and all of DPO is in it. Only the difference of the two gains counts, "
    "so whether the chosen answer became more probable cannot be read from it.",
    probes=[
        (-10.0, -12.0, -11.0, -11.0, 0.5),
        (-10.0, -10.0, -10.0, -10.0, 0.1),
        (-14.0, -18.0, -12.0, -11.0, 0.3),
        (-8.3, -6.5, -9.0, -9.5, 1.0),
        (-30.0, -41.0, -32.5, -35.0, 0.2),
        (np.array([-10.0, -7.0]), np.array([-9.0, -9.5]), np.array([-10.5, -8.0]),
         np.array([-11.0, -9.0]), 0.4),
    ],
    digits=6,
    atol=1e-12,
)  # fmt: skip
def dpo(chosen, rejected, ref_chosen, ref_rejected, beta):
    """Write dpo(chosen, rejected, ref_chosen, ref_rejected, beta): the DPO loss in nats of a pair
    of answers. The first two are their log-probabilities under the model, the next two those under
    the reference; each may be an array, and then so is the loss.
    """
    margin = beta * ((chosen - ref_chosen) - (rejected - ref_rejected))
    return np.logaddexp(0, -margin)


@dpo.mistake(
    "β stands outside here: it stretches the loss. It belongs to the difference, before the "
    "sigmoid: what does it change there?"
)
def _beta_outside(chosen, rejected, ref_chosen, ref_rejected, beta):
    return beta * np.logaddexp(0, -((chosen - ref_chosen) - (rejected - ref_rejected)))


@dpo.mistake(
    "Your loss falls when the *rejected* answer gains. Which of the two gains should have the "
    "minus?"
)
def _sign_turned(chosen, rejected, ref_chosen, ref_rejected, beta):
    return np.logaddexp(0, beta * ((chosen - ref_chosen) - (rejected - ref_rejected)))


@dpo.mistake(
    "The reference is not in it: a model that was for the chosen answer all along would be paid "
    "for it. What has each answer gained since the reference?"
)
def _no_reference(chosen, rejected, ref_chosen, ref_rejected, beta):
    return np.logaddexp(0, -beta * (chosen - rejected))


@dpo.mistake(
    "This is the sigmoid itself, or one minus it: the probability that the pair comes out as it "
    "was. What makes a probability a loss in nats?",
    of=("the pair", "its contrary"),
)
def _no_logarithm(chosen, rejected, ref_chosen, ref_rejected, beta, of):
    margin = beta * ((chosen - ref_chosen) - (rejected - ref_rejected))
    return 1 / (1 + np.exp(-margin if of == "the pair" else margin))


@dpo.mistake(
    "The two gains are added. Then both answers are to rise: what should the loss compare?"
)
def _sum_of_gains(chosen, rejected, ref_chosen, ref_rejected, beta):
    return np.logaddexp(0, -beta * ((chosen - ref_chosen) + (rejected - ref_rejected)))


@dpo.mistake(
    "There is ln σ, and it is negative: the loss rises as the model gets it right. Which sign "
    "makes a surprise of it?"
)
def _log_likelihood(chosen, rejected, ref_chosen, ref_rejected, beta):
    return -np.logaddexp(0, -beta * ((chosen - ref_chosen) - (rejected - ref_rejected)))


@dpo.mistake(
    "This is β times the difference of the gains, or its contrary: a logit, and no loss yet. What "
    "turns the logit of a 1 into nats?",
    sign=(1, -1),
)
def _only_the_margin(chosen, rejected, ref_chosen, ref_rejected, beta, sign):
    return sign * beta * ((chosen - ref_chosen) - (rejected - ref_rejected))


@exercise(
    "13",
    title="k3",
    hints=[
        "The ratio r has the reference on top. How do two log-probabilities make a ratio?",
        "Three terms: the ratio, minus one, minus the logarithm of the ratio, which you have "
        "before you take the exponential.",
    ],
    right="Right, and never negative: r − 1 is a tangent of ln r, and lies above it. As a number "
    "it is a fine estimate of KL(θ‖ref). Before you differentiate it, remember whose gradient it "
    "has.",
    probes=[
        (math.log(0.7), math.log(0.5)),
        (math.log(0.2), math.log(0.3)),
        (-2.0, -2.0),
        (np.log([0.7, 0.2, 0.1]), np.log([0.5, 0.3, 0.2])),
        (np.array([-1.0, -3.5, -0.2, -6.0]), np.array([-1.5, -2.0, -0.9, -6.3])),
    ],
    digits=6,
    atol=1e-12,
)
def k3(logp, logref):
    """Write k3(logp, logref): the estimate r − 1 − ln r of KL(θ‖ref) for each sampled token, with
    r = ref/θ. You have the token's log-probability under the model θ and under the reference.
    """
    log_r = logref - logp
    return np.exp(log_r) - 1 - log_r


@k3.mistake(
    "Your ratio has the model on top. Then the mean over the model's own samples is not "
    "KL(θ‖ref). Which of the two divides?"
)
def _ratio_turned(logp, logref):
    log_r = logp - logref
    return np.exp(log_r) - 1 - log_r


@k3.mistake("Where model and reference agree this is not 0. Which of the three terms is missing?")
def _without_one(logp, logref):
    return np.exp(logref - logp) - (logref - logp)


@k3.mistake(
    "This is −ln r alone, the estimate k1: exact on average, but negative for many a token. What "
    "is added to it, that is zero on average?"
)
def _k1(logp, logref):
    return logp - logref


@k3.mistake("This is half the square of ln r, the estimate k2. Which one is asked for?")
def _k2(logp, logref):
    return (logref - logp) ** 2 / 2


@k3.mistake(
    "ln r is added here, not taken away. For r near 1 that grows like 2 ln r, and is negative for "
    "r below 1. Which sign has it?"
)
def _log_added(logp, logref):
    return np.exp(logref - logp) - 1 + (logref - logp)


@k3.mistake(
    "This is r − 1: zero on average, whatever the two models are. Which term says how far apart "
    "they are?"
)
def _ratio_alone(logp, logref):
    return np.exp(logref - logp) - 1


@k3.mistake(
    "You take the ratio of the *logarithms*. What does the difference of two logarithms say about "
    "the ratio of what is in them?"
)
def _ratio_of_logs(logp, logref):
    r = logref / logp
    return r - 1 - np.log(r)


@exercise(
    "13",
    title="An exam that lets you pass",
    draws={
        "t": (0.5, 0.6, 0.75, 0.8),
        "sure": (
            (0.9, 0.7, 0.55, 0.3),
            (0.95, 0.85, 0.65, 0.4),
            (0.99, 0.78, 0.7, 0.2),
            (0.9, 0.85, 0.4, 0.1),
        ),
    },
    hints=[
        lambda t: f"What does a wrong answer cost, if t is {t:g}? Work out t/(1 − t) first.",
        "For each question: the points you expect from answering. A blank brings 0. Which is more?",
        "Answer where the expected points are above 0: there your confidence is above t.",
    ],
    right=lambda t, answer: (
        f"Right: {answer:#.3g} points. Whoever answers only above {t:g} loses nothing by being "
        "honest, and a guess costs what it is worth."
    ),
)
def exam(t=0.75, sure=(0.9, 0.8, 0.6, 0.3)):
    """An exam pays 1 for a right answer, takes t/(1 − t) for a wrong one, and gives 0 for a blank;
    t is {t}. A well calibrated model is right on four questions with the probabilities {sure}.

    It answers where that pays, and leaves the others blank. How many points does it expect?
    """
    return sum(p - (1 - p) * t / (1 - t) for p in sure if p > t)


@exam.mistake(
    "Every question is answered here. For some of them the expected points are negative: what "
    "does a blank bring?"
)
def _answers_all(t, sure):
    return sum(p - (1 - p) * t / (1 - t) for p in sure)


@exam.mistake(
    "You have counted what right answers bring. What do the wrong ones among the questions you "
    "answer take away?"
)
def _no_penalty(t, sure):
    return sum(p for p in sure if p > t)


@exam.mistake(
    lambda t: f"A wrong answer costs {t:g} in your sum. The exam takes t/(1 − t): how much is that?"
)
def _penalty_t(t, sure):
    return sum(p - (1 - p) * t for p in sure if p > t)


@exam.mistake(
    "That is how many questions are worth an answer. How many points does each of them bring on "
    "average?"
)
def _count(t, sure):
    return sum(p > t for p in sure)


@exam.mistake(
    "Here each question brings 1 for right and nothing for wrong, and none is left blank. What "
    "does this exam charge for a wrong answer?"
)
def _free_guesses(sure):
    return sum(sure)


@exam.mistake(
    "The penalty is upside down: a wrong answer costs (1 − t)/t in your sum. Which is dearer, if "
    "t is large: a wrong answer or a right one?"
)
def _penalty_turned(t, sure):
    return sum(p - (1 - p) * (1 - t) / t for p in sure if p > t)


# ---------------------------------------------------------------- how low can it go?


@exercise(
    "13",
    title="Half of what is left",
    draws={"a": (0.34, 0.28, 0.2, 0.4, 0.16), "E": (1.69, 1.5, 1.2)},
    hints=[
        "Only A/nᵃ, the excess above the floor, is to be halved. Write it for n and for k times n.",
        lambda a: f"A/(k·n)ᵃ is A/nᵃ divided by kᵃ. Which k makes kᵃ = 2, if a = {a}?",
    ],
    right=lambda a, answer: (
        f"Right: 2 to the power of {1 / a:.4g}, {answer:.4g} times as much, whatever E and A are. "
        "For the half of the half you need that factor once more: such a loss falls for ever, and "
        "ever more slowly."
    ),
)
def half_of_the_excess(a=0.34, E=1.69):
    """A loss follows L = E + A/nᵃ with E = {E} and a = {a}, where n is the amount of text.

    How many
    times as much text do you need, so that the part of the loss above E is halved?
    """
    return 2 ** (1 / a)


@half_of_the_excess.mistake(
    lambda a: (
        f"Twice the text divides the excess by 2 to the power of {a}, and that is not 2. How much "
        "text makes it 2?"
    )
)
def _twice():
    return 2.0


@half_of_the_excess.mistake(
    lambda a: (
        f"This is 2 to the power of {a}: by how much twice the text divides the excess. The "
        "question goes the other way: the excess is halved, and the text?"
    )
)
def _what_twice_the_text_gives(a):
    return 2**a


@half_of_the_excess.mistake(
    lambda a: f"You divided 2 by {a}. The exponent stands in a power: how is a power undone?"
)
def _two_over_a(a):
    return 2 / a


@half_of_the_excess.mistake(
    "This is the logarithm of the factor. What is the factor itself?", base=(math.e, 10, 2)
)
def _its_logarithm(a, base=math.e):
    return math.log(2) / a / math.log(base)


@half_of_the_excess.mistake(
    "This is how much of the text would do for *twice* the excess. Which of the two needs more?"
)
def _the_other_way(a):
    return 2 ** (-1 / a)


@half_of_the_excess.mistake(
    "A base e stands in your power. By how much is the excess to be divided?"
)
def _base_e(a):
    return math.exp(1 / a)
