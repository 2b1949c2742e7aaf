"""The exercises of notebook 06: likelihoods, their gradients, and what a coefficient says."""

import math

import numpy as np

import cehelpers as ce
from cecourse.exercise.exercise import exercise

from .explorers import neuron_outputs


@exercise(
    "06",
    title="Three customers",
    hints=[
        "For each customer, take the probability that the model gave to what happened.",
        "The second one stayed, so the model gave 1 − 0.3 to what happened.",
        "Independent rows: the probability of all three labels together is a product.",
    ],
    right="Right: 0.336. Three rows, three different probabilities, and the product is still the "
    "likelihood: nothing here had to be identically distributed.",
)
def three_customers():
    """A model gives three customers a chance of leaving of 0.8, 0.3 and 0.6.

    The first and the third left, the second stayed. Given their columns, the rows are independent.

    What is the likelihood of these three labels?
    """
    return 0.8 * (1 - 0.3) * 0.6


@three_customers.mistake(
    "This gives the second customer the probability of leaving. What is the probability of what "
    "that customer did?"
)
def _all_left():
    return 0.8 * 0.3 * 0.6


@three_customers.mistake(
    "This is the log-likelihood: a good number to maximise, and one step further than the question "
    "goes. What was it before the logarithm?"
)
def _the_log():
    return math.log(0.8) + math.log(0.7) + math.log(0.6)


@three_customers.mistake(
    "This is the mean negative log-likelihood, the loss of these rows. The likelihood itself is "
    "what stands inside: no logarithm, no mean."
)
def _the_loss():
    return -(math.log(0.8) + math.log(0.7) + math.log(0.6)) / 3


@three_customers.mistake(
    "This is the mean of the three probabilities. All three labels must come out together: which "
    "operation joins the probabilities of independent events?"
)
def _mean_probability():
    return (0.8 + 0.7 + 0.6) / 3


@three_customers.mistake(
    "1.09 is the negative log-likelihood, summed over the rows. The likelihood itself is what "
    "stands inside the logarithm."
)
def _the_sum():
    return -(math.log(0.8) + math.log(0.7) + math.log(0.6))


# ---------------------------------------------------------------- the floor and the gap

GAP = 15 * ce.kl_divergence([0.8, 0.2], [0.5, 0.5])  # of all flips of the exercise


@exercise(
    "06",
    title="What a wrong guess costs",
    hints=[
        "The mean NLL at any p has two parts: a floor that belongs to the flips, and a divergence.",
        "The floor is reached at the share of heads. Subtract the floor from the NLL at 0.5.",
        "`ce.kl_divergence(P, Q)` with P the shares that were counted, Q the fair coin.",
    ],
    right="Right: 0.193 nats a flip, KL(P̂‖Q). Over the 15 flips the best coin makes the data "
    f"e^{GAP:.2f} = {round(math.exp(GAP))} times as likely as the fair one does.",
)
def wrong_guess():
    """Fifteen flips show twelve heads, and you insist on p = 0.5.

    By how many nats per flip does the negative log-likelihood lie above its minimum?
    """
    return ce.kl_divergence([12 / 15, 3 / 15], [0.5, 0.5])


@wrong_guess.mistake(
    "0.693 is the whole price of p = 0.5. How much of it would even the best coin have paid?"
)
def _whole_price():
    return math.log(2)


@wrong_guess.mistake(
    "0.500 is the price at the best p, the entropy of the shares: the floor. By how much does the "
    "fair coin lie above it?"
)
def _floor():
    return ce.entropy([0.8, 0.2])


@wrong_guess.mistake(
    "0.223 is the divergence with its arguments exchanged. Which of the two distributions deals "
    "out the flips, and so weights the mean?"
)
def _exchanged():
    return ce.kl_divergence([0.5, 0.5], [0.8, 0.2])


@wrong_guess.mistake("2.89 is the gap of all fifteen flips together; per flip is asked for.")
def _all_flips():
    return 15 * ce.kl_divergence([0.8, 0.2], [0.5, 0.5])


@wrong_guess.mistake("0.278 is the gap in bits. Which logarithm counts in nats?")
def _gap_in_bits():
    return ce.kl_divergence([0.8, 0.2], [0.5, 0.5], base=2)


# ---------------------------------------------------------------- a gradient of your own


@exercise(
    "06",
    title="Derive it, then measure it",
    hints=[
        "Chain rule: ∂L/∂w = ∂L/∂z · ∂z/∂w. Notebook 04 has the first factor, and z = w·x + b is "
        "easy to differentiate for the second.",
        "The first factor is p − y with p = σ(z). For b the second factor is 1.",
        "A row's contribution to ∂L/∂w is (p − y)·x. The loss is a mean over rows, and so is its "
        "gradient.",
    ],
    right="Right: each row pulls with its error p − y, as hard as its x is large, and the loss "
    "takes the mean. Stack the columns and this is Xᵀ(p − y)/n, the whole of logistic regression.",
    probes=[
        (0.5, -1.0, [1.0, 2.0, -1.0], [1, 0, 1]),
        (0.0, 0.0, [3.0, 1.0, -2.0, 0.5], [1, 1, 0, 0]),
        (-1.5, 0.7, [2.0, -0.4], [0, 1]),
        (2.0, 2.0, [1.0], [0]),
    ],
    digits=4,
)
def gradients(w, b, x, y):
    """Derive the two slopes of logistic regression with one column.

    z = w·x + b and p = σ(z), and L is the mean binary cross-entropy over the rows.

    Derive ∂L/∂w and ∂L/∂b on paper, then write gradients(w, b, x, y), which returns both as
    [dw, db]. w and b are numbers, x and y lists of equal length: begin with x, y = np.asarray(x),
    np.asarray(y).
    """
    x, y = np.asarray(x), np.asarray(y)
    error = ce.sigmoid(w * x + b) - y
    return [np.mean(error * x), np.mean(error)]


@gradients.mistake(
    "Each size is right and each sign is not: following minus this gradient would climb. Is the "
    "error forecast minus truth, or truth minus forecast?"
)
def _climbing(w, b, x, y):
    dw, db = gradients.function(w, b, x, y)
    return [-dw, -db]


@gradients.mistake(
    "This is the gradient of the sum. The loss is a mean, so that twice as many rows do not double "
    "the step."
)
def _summed(w, b, x, y):
    dw, db = gradients.function(w, b, x, y)
    return [len(x) * dw, len(x) * db]


@gradients.mistake(
    "Both entries are the slope in b. When w moves by a little, by how much does z = w·x + b move?"
)
def _without_x(w, b, x, y):
    _, db = gradients.function(w, b, x, y)
    return [db, db]


@gradients.mistake(
    "There is a factor p(1 − p) too much: with it, this is the gradient of half the squared error. "
    "The cross-entropy's own derivative −1/p cancels that slope of the sigmoid."
)
def _with_slope(w, b, x, y):
    x, y = np.asarray(x), np.asarray(y)
    p = ce.sigmoid(w * x + b)
    error = (p - y) * p * (1 - p)
    return [np.mean(error * x), np.mean(error)]


@gradients.mistake(
    "Your slope in w is the mean error times the mean x. Each row's error belongs to that row's x: "
    "multiply first, average after."
)
def _means_first(w, b, x, y):
    _, db = gradients.function(w, b, x, y)
    return [db * np.mean(x), db]


# ---------------------------------------------------------------- Newton

FIRST = 0 - (0.5 - 0.7) / (0.5 * 0.5)
SECOND = FIRST - (ce.sigmoid(FIRST) - 0.7) / (ce.sigmoid(FIRST) * ce.sigmoid(-FIRST))


@exercise(
    "06",
    title="One step of Newton",
    hints=[
        "Newton's step is slope divided by curvature, taken downhill.",
        "The slope in z is σ(z) − rate. Differentiate it once more for the curvature: what is the "
        "derivative of σ(z)?",
        "z − (p − rate) / (p(1 − p)), with p = σ(z).",
    ],
    right=f"Right: from z = 0 and a rate of 0.7 the first step lands on {FIRST:.1f}, the second on "
    f"{SECOND:.3f}, and the target is the logit ln(7/3) = {math.log(7 / 3):.4f}. Near the minimum "
    "each step doubles the digits.",
    probes=[(0.0, 0.7), (1.0, 0.7), (-2.0, 0.3), (0.5, 0.1), (1.5, 0.9)],
    digits=4,
)
def newton_step(z, rate):
    """In a model without columns all rows share one logit z, and a share `rate` of them is 1.

    Their mean binary cross-entropy has the slope σ(z) − rate in z.

    Write newton_step(z, rate), which returns the logit after one Newton step.
    """
    p = ce.sigmoid(z)
    return z - (p - rate) / (p * (1 - p))


@newton_step.mistake(
    "Your step goes uphill: away from the minimum, by the right amount. Which sign leads down?"
)
def _uphill(z, rate):
    p = ce.sigmoid(z)
    return z + (p - rate) / (p * (1 - p))


@newton_step.mistake(
    "This is a step of gradient descent with η = 1: the slope alone. Newton divides it by "
    "something."
)
def _only_gradient(z, rate):
    return z - (ce.sigmoid(z) - rate)


@newton_step.mistake(
    "You divide by the curvature at the goal, rate·(1 − rate). Newton does not know the goal: it "
    "measures the curvature where it stands."
)
def _curvature_at_the_goal(z, rate):
    return z - (ce.sigmoid(z) - rate) / (rate * (1 - rate))


@newton_step.mistake(
    "You multiply by the curvature. Where the valley is flat, slopes are small and the way is "
    "long: should the step shrink or grow there?"
)
def _multiplied(z, rate):
    p = ce.sigmoid(z)
    return z - (p - rate) * p * (1 - p)


@newton_step.mistake("This is the step itself. Where does z arrive when it takes the step?")
def _step_alone(z, rate):
    p = ce.sigmoid(z)
    return -(p - rate) / (p * (1 - p))


# ---------------------------------------------------------------- find the bug


@exercise(
    "06",
    title="Find the bug",
    hints=[
        f"{round(ce.entropy([212 / 569, 357 / 569]), 4)} is a number you have met: notebook 03 "
        "computed it from the share of malignant tumours, without any column.",
        "Print `p.shape`, `y.shape` and `(y * np.log(p)).shape` inside `loss`.",
        "A table with a row for each p and a column for each y holds every forecast graded "
        "against every label.",
    ],
    right="Right: (569, 1) against (569,) becomes a table of 569 × 569, every forecast graded "
    "against everybody's label. The best answer to everybody is the base rate. "
    "`ce.binary_cross_entropy` refuses such shapes.",
    choices={
        "A": "Raise the number of iterations: the search stopped before the minimum.",
        "B": "Give `p` and `y` the same shape, for example with `y[:, None]`.",
        "C": "Start at random weights: at zero all slopes vanish by symmetry.",
        "D": "Minimise the squared error, whose gradient does not saturate here.",
    },
    mistakes={
        "A": "The search says that it converged, and it has: at a true minimum of the function "
        "it was given. What does that function compute?",
        "C": "That worry belongs to hidden layers. Logistic regression has one valley: from any "
        "start the honest loss leads to the same place. What is the loss here?",
        "D": "The other way round: with a sigmoid it is the squared error that saturates. And a "
        "stuck search would not stop so exactly at the base rate's mark.",
    },
)
def find_the_bug():
    """Which change repairs `suspicious_loss`?"""
    return "B"


# ---------------------------------------------------------------- saturation

ETA = 0.15
AFTER_ONE = neuron_outputs(2.0, 2.0, ETA, "cross_entropy", steps=1)[1]
BEHIND = sum(told > AFTER_ONE for told in neuron_outputs(2.0, 2.0, ETA, "squared_error"))


@exercise(
    "06",
    title="The neuron at its start",
    hints=[
        "Write both slopes in z down: p − y, and (p − y) times the slope of the sigmoid.",
        "In the ratio p − y cancels. What stays is one over σ′(z).",
        "`p = ce.sigmoid(4)`, then 1 / (p · (1 − p)).",
    ],
    right=f"Right: 56.6 times. At η = {ETA} squared error needs {BEHIND} steps to come as far "
    "as cross-entropy comes in its first. You will watch both in the next section.",
)
def at_its_start():
    """A neuron has z = 4 and should answer y = 0.

    Its output p is graded by cross-entropy, and then by half the squared error.

    How many times larger is the slope in z of the cross-entropy than that of half the squared
    error?
    """
    p = ce.sigmoid(4.0)
    return (p - 0) / ((p - 0) * p * (1 - p))


@at_its_start.mistake(
    "28.3 compares with the whole squared error (p − y)², whose slope has a factor 2. The "
    "question asks for half of it."
)
def _whole_squared_error():
    p = ce.sigmoid(4.0)
    return 1 / (2 * p * (1 - p))


@at_its_start.mistake(
    "0.0177 is the ratio the other way up. Which of the two slopes is the larger?"
)
def _upside_down():
    p = ce.sigmoid(4.0)
    return p * (1 - p)


@at_its_start.mistake(
    "8.33 is the ratio of the two losses. The question asks for their slopes in z: how fast each "
    "falls."
)
def _losses():
    p = ce.sigmoid(4.0)
    return -math.log(1 - p) / (p**2 / 2)


@at_its_start.mistake(
    "54.6 is e⁴, the odds p/(1 − p). The slope of the sigmoid is a product, p times (1 − p)."
)
def _odds():
    return math.exp(4)


@at_its_start.mistake(
    "55.6 is 1/(1 − p): one factor of the sigmoid's slope is missing, the one close to 1."
)
def _half_a_slope():
    return 1 + math.exp(4)


# ---------------------------------------------------------------- odds


@exercise(
    "06",
    title="From 0.3, one step to the right",
    hints=[
        "A coefficient adds to the log-odds. So turn 0.3 into odds or log-odds first.",
        f"The odds of 0.3 are 0.3/0.7 = {0.3 / 0.7:.3f}. By which factor does a coefficient of "
        "0.8 multiply them?",
        "New odds o, then p = o / (1 + o).",
    ],
    right=f"Right: 0.488. The odds ratio is e^0.8 = {math.exp(0.8):.2f} for everybody; the "
    f"probability grew by a factor of {ce.sigmoid(ce.logit(0.3) + 0.8) / 0.3:.2f} here, and near 1 "
    "it would hardly grow at all.",
)
def one_step_right():
    """Another hospital's model gives a tumour a 0.3 chance of being malignant.

    A second tumour has a texture one standard deviation larger and is the same otherwise. In
    that model the coefficient of the standardised texture is 0.8.

    Which probability does the model give to the second tumour?
    """
    odds = 0.3 / 0.7 * math.exp(0.8)
    return odds / (1 + odds)


@one_step_right.mistake(
    f"You multiplied the probability by the odds ratio. A chance of 0.5 would become "
    f"{0.5 * math.exp(0.8):.2f}: what is "
    "it that the ratio multiplies?"
)
def _times_probability():
    return 0.3 * math.exp(0.8)


@one_step_right.mistake("0.954 are the new odds. Which probability has these odds?")
def _new_odds():
    return 0.3 / 0.7 * math.exp(0.8)


@one_step_right.mistake(
    "This is σ(0.8), the step taken from even odds. This tumour started at 0.3: which logit is "
    "that?"
)
def _from_even_odds():
    return ce.sigmoid(0.8)


@one_step_right.mistake(
    "You added the coefficient to the probability, and the result is above 1. On which scale do "
    "coefficients add?"
)
def _added():
    return 0.3 + 0.8


@one_step_right.mistake(
    "This follows the tangent: 0.8 times the slope p(1 − p) at 0.3. A fair first guess for a "
    "small step; on the way the sigmoid gets steeper. Go through the odds."
)
def _tangent():
    return 0.3 + 0.8 * 0.3 * 0.7
