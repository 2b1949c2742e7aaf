"""What notebook 04 asks before it shows: each answer is computed, as in the cells that follow."""

import math

import numpy as np

from cecourse.prediction import prediction
from cehelpers import binary_cross_entropy_with_logits, sigmoid, softplus

from . import passes

FAR = -30.0
P_FAR = float(sigmoid(FAR))
DECADES = f"{round(-math.log10(P_FAR))}".translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
CLIFF = {bits: bits * math.log(2) for bits in (24, 53)}  # of float32 and float64
EPS, SMALLER, SMALLEST = 1e-7, 1e-9, 1e-12


@prediction(
    f"At z = 0, softplus(z) = ln(1 + e^z) is ln 2 = {math.log(2):.3f} high. How steep is it there?",
    (
        "not at all: 0, it has its bend there",
        lambda slope: abs(slope) < 0.1,
        "It does bend there, from flat on the left to rising on the right. In the middle of that "
        "bend, how far has it come?",
    ),
    (
        "0.5, which is σ(0)",
        lambda slope: abs(slope - 0.5) < 0.05,
        "The chain rule gives e^z / (1 + e^z), and that is σ(z): the slope of softplus is the "
        "probability that belongs to the logit.",
    ),
    (
        f"{math.log(2):.3f}, as steep as high",
        lambda slope: abs(slope - math.log(2)) < 0.05,
        "Of e^z this is true: its slope is its height. The logarithm around it has a slope of its "
        "own, 1/(1 + e^z).",
    ),
    (
        "1, like z itself",
        lambda slope: abs(slope - 1) < 0.1,
        "So it is far to the right, where the 1 beside e^z no longer counts. At 0 the two are "
        "equal.",
    ),
)
def slope_of_softplus():
    return float((softplus(1e-6) - softplus(-1e-6)) / 2e-6)


@prediction(
    "A confident mistake: z = −30 and y = 1. How large are the slopes of its log loss, in p = σ(z) "
    "and in z?",
    (
        f"in p about −10{DECADES}, and in z almost 0",
        lambda slopes: slopes[0] < -1e12 and abs(slopes[1]) < 0.1,
        "Far out the sigmoid is flat, so it ought to swallow every slope. It does multiply by "
        f"10⁻{DECADES}. But look at what it multiplies.",
    ),
    (
        f"both about −10{DECADES}",
        lambda slopes: max(slopes) < -1e12,
        "The slope in p explodes, and the chain rule hands on what it gets. On the way it "
        "multiplies by the slope of the sigmoid, and that is no 1 out here.",
    ),
    (
        f"in p about −10{DECADES}, and in z almost −1",
        lambda slopes: slopes[0] < -1e12 and -1.1 < slopes[1] < -0.9,
        f"p is {P_FAR:.1e}, so −1/p is −{1 / P_FAR:.1e}; times p (1 − p) that is p − 1. An "
        "explosion times a vanishing.",
    ),
    (
        "both about −30",
        lambda slopes: all(-40 < slope < -20 for slope in slopes),
        "30 is the *loss* of this row. A slope says how much the loss changes with a step.",
    ),
)
def two_slopes():
    return -1 / P_FAR, P_FAR - 1


@prediction(
    "float32, label 0, logit z = 17, and the naive loss −ln(1 − p) with p = 1/(1 + e^−z). What is "
    "printed?",
    (
        "17.0",
        lambda loss: abs(loss - 17) < 0.5,
        "That is the true loss, to the last digit that float32 has. The naive way there leads "
        "through p, and close to 1 float32 has few numbers.",
    ),
    (
        "nan",
        math.isnan,
        "An accident it is, and nan is the usual name for one. It needs an operation that has no "
        "value, such as ∞ · 0. A logarithm of something very small has one.",
    ),
    (
        "inf",
        math.isinf,
        f"Beyond {CLIFF[24]:.2f} the sum 1 + e^−z is exactly 1 in float32, and so is p. Then 1 − p "
        "is 0 and its logarithm −inf.",
    ),
)
def naive_at_17():
    one = np.float32(1)
    p = one / (one + np.exp(-np.float32(17)))
    with np.errstate(divide="ignore"):
        return float(-np.log(one - p))


@prediction(
    "float32, label 0, logit 17. The chain rule multiplies dL/dp = 1/(1 − p) by the slope of the "
    "sigmoid, p (1 − p). What does the machine get for the product?",
    (
        "1, as on paper",
        lambda product: abs(product - 1) < 0.5,
        "On paper 1 − p cancels. The machine computes one factor after the other, and rounds each "
        "of them before they meet.",
    ),
    (
        "inf: something this large stays infinite",
        math.isinf,
        "∞ times any positive number is ∞. Is the other factor a positive number here?",
    ),
    (
        "0: the sigmoid is flat out there",
        lambda product: product == 0,
        "One factor is exactly 0, and 0 times any number is 0. But is the other a number?",
    ),
    (
        "nan",
        math.isnan,
        "1 − p is exactly 0: one factor is ∞ and the other 0, and ∞ · 0 has no value.",
    ),
)
def two_factors():
    one = np.float32(1)
    p = one / (one + np.exp(-np.float32(17)))
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(one / (one - p) * (p * (one - p)))


@prediction(
    "float64, label 1, logit 40: a row that is right, and sure of it. What is its naive loss, "
    "−[y ln p + (1 − y) ln(1 − p)]?",
    (
        "nan",
        math.isnan,
        f"Beyond {CLIFF[53]:.1f} the sigmoid is exactly 1 in float64 too. The half that should "
        "drop out is then 0 · ln 0 = 0 · (−∞).",
    ),
    (
        "0, or next to nothing",
        lambda loss: abs(loss) < 0.1,
        "So it is in mathematics: the row is right, and the half with 1 − y = 0 in front drops "
        "out. A machine computes that half too, and then multiplies it by 0.",
    ),
    (
        "inf: 1 − p is 0 once more",
        math.isinf,
        "ln(1 − p) is −∞ indeed. But (1 − y) stands in front of it, and y is 1.",
    ),
)
def right_row():
    y, p = 1, 1 / (1 + np.exp(-np.float64(40)))
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(-(y * np.log(p) + (1 - y) * np.log(1 - p)))


def clipped(z: float) -> np.float32:
    """The loss for y = 1 with p clipped in float32, as a framework computes it."""
    one, eps = np.float32(1), np.float32(EPS)
    return -np.log(np.clip(one / (one + np.exp(-np.float32(z))), eps, one - eps))


@prediction(
    "You clip p to [1e-7, 1 − 1e-7] before the logarithm. Which loss does a row at z = −30, y = 1 "
    "report?",
    (
        f"about {-math.log(EPS):.0f}",
        lambda loss: 14 < loss < 18,
        f"p is raised to 1e-7, and −ln 1e-7 = {-math.log(EPS):.3f}. No row can report more: the "
        "worst row and a bad row look alike.",
    ),
    (
        "about 30, as it should",
        lambda loss: 28 < loss < 32,
        f"1e-7 looks too small to matter. But the p of this row is {P_FAR:.0e}, and the logarithm "
        "sees factors.",
    ),
    (
        "7, for seven digits",
        lambda loss: 6 < loss < 8,
        "That would be the logarithm to the base 10; the loss takes the natural one.",
    ),
)
def clipped_loss():
    return float(clipped(FAR))


@prediction(
    "You clip p to [1e-7, 1 − 1e-7]. What happens to the slope of the loss in z, for a row at "
    "z = −30, y = 1?",
    (
        "it stays −1",
        lambda slope: -1.1 < slope < -0.9,
        "That is the slope of the true loss. The clip changes p by less than 1e-7, but it decides "
        "whether a change of z gets through.",
    ),
    (
        "it becomes 0",
        lambda slope: slope == 0,
        "Outside its bounds a clip is a constant, and the slope of a constant is 0. The loss says "
        f"{-math.log(EPS):.3f}, the row has no vote any more.",
    ),
    (
        "it becomes 1e7",
        lambda slope: abs(slope) > 1e6,
        "1/p is 1e7 in size at the bound: the slope of the logarithm. Before it stand two more "
        "factors, and one of them belongs to the clip.",
    ),
)
def clipped_slope():
    return float((clipped(FAR + 1) - clipped(FAR - 1)) / 2)


@prediction(
    "Label 1, float32. With p clipped at eps = 1e-7 the slope of the loss in z is 0 below "
    f"z = −{-math.log(EPS):.1f}. You set eps to 1e-12. Where is the slope lost then?",
    (
        f"below −{CLIFF[24]:.1f}: float32 gives no more",
        lambda z: 16.4 < abs(z) < 18,
        "That wall stands on the other side, where p is close to 1. For a wrong row with label 1, "
        "p is close to 0, and there float32 has numbers in plenty.",
    ),
    (
        f"below −{-math.log(SMALLEST):.1f}",
        lambda z: 25 < abs(z) < 30,
        "The clip takes over where σ(z) falls below eps, and far out σ(z) is e^z: the cliff stands "
        f"at ln eps. Five more decades are 5 ln 10 = {5 * math.log(10):.1f} more.",
    ),
    (
        "nowhere: 1e-12 is small enough",
        lambda z: z is None,
        "A smaller eps moves the cliff and does not remove it: σ(z) falls below every eps in the "
        "end.",
    ),
)
def cliff_of_label_1():
    return passes.last_living_logit(1, eps=SMALLEST)


@prediction(
    "Label 0, float32, and p clipped to [1e-9, 1 − 1e-9]. The logit z grows: from where on is the "
    "slope of the loss in z lost?",
    (
        f"above {-math.log(SMALLER):.1f}, which is −ln 1e-9",
        lambda z: 19 < abs(z) < 23,
        "So it would be with exact numbers. But the upper bound is computed in float32 like "
        "everything else: which number is 1 − 1e-9 there?",
    ),
    (
        "nowhere: a clip is what prevents it",
        lambda z: z is None,
        "A clip prevents the infinite loss where it works. The slope is lost with every clip, and "
        "here even the clip is in doubt.",
    ),
    (
        f"above {CLIFF[24]:.1f}, as if there were no clip",
        lambda z: 16 < abs(z) < 18,
        "1 − 1e-9 *is* 1 in float32. The upper bound guards nothing, and the sigmoid is exactly 1 "
        f"from 24 ln 2 = {CLIFF[24]:.2f} on.",
    ),
)
def cliff_of_label_0():
    return passes.last_living_logit(0, eps=SMALLER)


@prediction(
    "In float64 the loss softplus(z) − zy never overflows. Far out, at z = 40, where does it lose "
    "digits?",
    (
        "nowhere: no overflow, no trouble",
        lambda kept: min(kept) > 8,
        "No inf and no nan: that is what stable means. A number can be finite and wrong.",
    ),
    (
        "in a row that is wrong, y = 0, where the loss is large",
        lambda kept: kept[0] < 8 < kept[1],
        "Wrong rows were behind nearly every accident so far. But a large loss is easy to write "
        "down: what is lost beside it is small.",
    ),
    (
        "in a row that is right, y = 1, where the loss is tiny",
        lambda kept: kept[1] < 8 < kept[0],
        f"A right row costs {math.log1p(math.exp(-40)):.1e} nats there, formed as 40 − 40: the "
        "tiny part was rounded away when it stood beside 40.",
    ),
    (
        "in both: z is large, and that is all that counts",
        lambda kept: max(kept) < 8,
        "The softplus is the same in both rows, and right to its last digit. What is left of it "
        "after zy is subtracted is not the same.",
    ),
)
def where_digits_go():
    kept = []
    for y, z in ((0, 40.0), (1, 40.0)):  # wrong, right
        exact = binary_cross_entropy_with_logits(y, z)
        error = abs((softplus(z) - z * y) / exact - 1)
        kept.append(16 if error < 1e-16 else max(0, -math.log10(error)))
    return tuple(kept)


@prediction(
    "PyTorch's `BCELoss` behind a sigmoid, float32, y = 0. At z = 16 the loss is about 16 and its "
    "slope in z about 1. And at z = 17?",
    (
        "about 17, and 1",
        lambda found: found[0] < 18 and found[1] > 0.9,
        "So it is on paper, and with the fused loss. This one starts from p, and in float32 that "
        "is exactly 1.",
    ),
    (
        "100, and 0",
        lambda found: 99 < found[0] < 101 and found[1] == 0,
        "p is 1, so ln(1 − p) is −∞ and is raised to −100. Backwards, the guard keeps 1/(1 − p) "
        "finite, and the slope of the sigmoid makes 0 of it.",
    ),
    (
        "100, and 1",
        lambda found: 99 < found[0] < 101 and found[1] > 0.9,
        "A slope that survives the guard would be good to have. It has to pass the sigmoid, one "
        "factor after the other.",
    ),
    (
        "inf, and nan",
        lambda found: math.isinf(found[0]) and math.isnan(found[1]),
        "That is the naive loss. PyTorch guards its logarithm, and the division backwards.",
    ),
)
def bce_loss_at_17():
    one, least = np.float32(1), np.float32(1e-12)
    p = one / (one + np.exp(-np.float32(17)))
    with np.errstate(divide="ignore"):
        loss = -max(np.log(one - p), np.float32(-100))
    return float(loss), float(p / max((one - p) * p, least) * (p * (one - p)))
