"""What notebook 11 asks before it shows; what its own networks answer is measured there."""

import math

from cecourse.prediction import prediction
from cehelpers import ranked_probability_score, sparse_categorical_cross_entropy

from . import cases
from .exhibits import EXHIBITS

NEAR, FAR = (0.2, 0.7, 0.1), (0.2, 0.1, 0.7)  # forecasts of mild, medium, severe
RPS = [ranked_probability_score([0], [q]) for q in (NEAR, FAR)]
CLASSES = 10
FINE, WIDE = 0.01, 0.1  # steps of scores, and of bins


def digits() -> cases.Digits:
    """The digits, split as in the notebook."""
    from sklearn.datasets import load_digits

    return cases.split(*load_digits(return_X_y=True))


@prediction(
    "A picture may have several of the tags loop, even and large. A softmax over the three tags "
    "has learned from shares: 1 for a single tag, ½ for each of two, ⅓ for each of three. Of the "
    "new pictures with two or three tags, how many does it get wholly right, if a tag is said to "
    "hold where its share is above ½?",
    (
        "about as many as a sigmoid for each tag",
        lambda share: share > 0.5,
        "The network has seen the same pictures and the same tags, and it has learned something "
        "about them. What can its last layer say about two tags at once?",
    ),
    (
        "none",
        lambda share: share < 0.05,
        "The three shares add up to 1, so two of them cannot both pass ½, whatever the network "
        "has learned.",
    ),
    (
        "about a third: where it is sure of both",
        lambda share: 0.2 < share < 0.45,
        "Sure of both is what a sigmoid for each tag could be. Here the tags share one pot, and "
        "what one of them gains another loses.",
    ),
    measured=True,
)
def tags_of_softmax():
    """Share of the new pictures with two or three tags that a softmax gets wholly right."""


@prediction(
    f"The truth is *mild*, on a scale of mild, medium, severe. One forecast says {NEAR}, another "
    f"{FAR}. Which one does cross-entropy punish more?",
    (
        "the second, nearly twice as much: severe is two steps away",
        lambda times: 1.5 < times < 2.5,
        f"A score that knows the scale does so: the ranked probability score has {RPS[0]:.2f} and "
        f"{RPS[1]:.2f}. Cross-entropy sees three names in no order.",
    ),
    (
        "the second, a little",
        lambda times: 1.02 < times < 1.3,
        "A worse mistake should cost at least a little more. But what the formula reads of a "
        "forecast is a single share.",
    ),
    (
        "neither",
        lambda times: abs(times - 1) < 0.01,
        f"Both gave {NEAR[0]} to what happened, and both pay −ln {NEAR[0]} = "
        f"{-math.log(NEAR[0]):.3f} nats. Where the rest went is not asked.",
    ),
)
def near_or_far():
    near, far = (sparse_categorical_cross_entropy([0], [q]) for q in (NEAR, FAR))
    return far / near


@prediction(
    "One to five stars, cut from one hidden score; two features, 40 reviews to learn from. A "
    "cumulative link, which knows the order, has 6 parameters, a softmax 15. In how many of ten "
    "such samples does the link have the better mean ranked probability score on new reviews?",
    (
        "in nine or ten",
        lambda wins: wins >= 9,
        "The order is knowledge that need not be learned: three stars lie between two and four. A "
        "softmax has to find that out from a few rows for each star.",
    ),
    (
        "in about half: both see the same rows",
        lambda wins: 4 <= wins <= 6,
        "Both see the same rows, and with thousands of them there would be little between the two. "
        "With eight rows for a star, on average, the parameters have to be paid for.",
    ),
    (
        "in none or one: the softmax is more flexible",
        lambda wins: wins <= 1,
        "A flexible model fits its own rows better. The score is taken on new ones, and 15 "
        "parameters from 40 rows have learned some noise.",
    ),
    measured=True,
)
def link_wins():
    """In how many of ten samples of 40 reviews the cumulative link beats the softmax in RPS."""


@prediction(
    "A small net has all ten digits to learn from, but only eight of the 8s: fewer than one row in "
    "a hundred. Which share of the new 8s does it find, trained by plain cross-entropy?",
    (
        "hardly any: eight rows do not count",
        lambda share: share < 0.08,
        "In the mean over all rows they weigh little. But once the others are learned, these are "
        "the rows with the steepest slopes, and somebody listens.",
    ),
    (
        "about a fifth",
        lambda share: 0.12 < share < 0.3,
        "The clear ones are found. For the others the network has learned that an 8 is rare, and "
        "in doubt it says something more frequent.",
    ),
    (
        "about half",
        lambda share: 0.4 < share < 0.6,
        "Eight examples of such a simple shape might do, if every class were as frequent. Rarity "
        "itself has been learned too, and it decides the doubtful rows.",
    ),
    (
        "most: an 8 looks like no other digit",
        lambda share: share > 0.75,
        "It looks a little like a 3, a 9 and a 1, and of those there are more than a hundred each.",
    ),
    measured=True,
)
def eights_found():
    """Share of the new 8s that plain cross-entropy finds after eight examples."""


@prediction(
    "Ten digits, but only eight 8s to learn from. A net learns by plain cross-entropy, by class "
    "weights, and by focal loss, which was made for what is rare or hard. Which finds most of the "
    "new 8s? From the fewest to the most",
    (
        "plain, class weights, focal",
        ["plain", "class weights", "focal"],
        "Focal loss was made for detectors, where the rare rows are the hard ones. It listens to "
        "any hard row, of every class, and makes none of them more numerous.",
    ),
    (
        "focal, plain, class weights",
        ["focal", "plain", "class weights"],
        "Focal loss does turn every row down, the hard ones too. It turns the easy ones down much "
        "further, and of the eight few are easy.",
    ),
    (
        "plain, focal, class weights",
        ["plain", "focal", "class weights"],
        "Focal loss helps a little: it listens to hard rows, and eight rows stay eight. A class "
        "weight lets each count as often as a class of full size would.",
    ),
    measured=True,
)
def focal_place():
    """The three losses, from the one that finds the fewest of the new 8s to the most."""


@prediction(
    f"The training loss is {math.log(CLASSES):.4f} for ten classes, in every epoch. What is most "
    "likely?",
    (
        "the learning rate is too low",
        "rate",
        "Nothing moves, so perhaps the steps are too small: on a chart the two look alike. But the "
        "weights of an untrained network are not 0, so it begins near ln 10 and not on it.",
    ),
    (
        "the model does not see its inputs",
        "inputs",
        "ln 10 to four decimals is what a constant scores: nothing of the input reaches the "
        "output.",
    ),
    (
        "the labels are wrong",
        "labels",
        "Wrong labels leave less to be learned. They would still let the training loss move: a few "
        "rows can be told apart, or learned by heart.",
    ),
)
def stays_at_ln_10():
    rows = digits()
    scaled, scaled_new = rows.pixels / 16, rows.new_pixels / 16
    slow = cases.train(
        cases.healthy, scaled, rows.labels, scaled_new, rows.new_labels, epochs=2, rate=1e-6
    )
    last = {
        "rate": slow.last,
        "inputs": cases.dead_inputs(rows).last,
        "labels": cases.wrong_labels(rows).last,
    }
    return min(last, key=lambda fault: abs(last[fault] - math.log(CLASSES)))


@prediction(
    "A run ended in nan (case 3): its learning rate doubles in each epoch, and its loss takes the "
    "logarithm of a softmax by hand. Only the loss is replaced, by the fused one of the logits; "
    "the learning rate stays as it was. What becomes of the run?",
    (
        "it stays finite, and ends far above its first loss",
        lambda last: last > 10,
        "Without a log of 0 there is no nan, and the learning rate is as wild as before. Now the "
        "loss says so: a large number is a symptom that one can read.",
    ),
    (
        "it learns like a healthy run: the illness was the log",
        lambda last: last < 1,
        "The log of zero is what was wrong with this *line*. Why did a probability become 0 at "
        "all?",
    ),
    (
        "it ends in nan as well, some epochs later",
        math.isnan,
        "The logits keep growing, so something should overflow. The fused loss takes the largest "
        "logit off before it takes an exponential: logits may be very large before it minds.",
    ),
    measured=True,
)
def fused_case_3():
    """The loss of the last steps of case 3 with the fused loss, in nats."""


@prediction(
    "Ten thousand rows have one and the same score, and the first of them is positive. Average "
    "precision, in 2016, joined the points of its curve by straight lines, as this program does. "
    "What did it print?",
    (
        "the share of positives, one in ten thousand",
        lambda precision: precision < 0.01,
        "That is what a ranking without an opinion deserves, and where the curve ends. But a line "
        "was drawn to that point from the other end.",
    ),
    (
        "about ½",
        lambda precision: 0.4 < precision < 0.6,
        "The curve has two points: all precision at no recall, hardly any at full recall. Half of "
        "the square lies under the straight line between them.",
    ),
    (
        "1: the positive row stands first",
        lambda precision: precision > 0.9,
        "So it would be if rows with equal scores were taken one by one, in the order of the file. "
        "Here they are flagged all together, or not at all.",
    ),
)
def constant_scores():
    return float(EXHIBITS[0].faulty())


@prediction(
    "Two classes with equal logits, both a hundred million, in single precision. This "
    "cross-entropy takes the largest logit off before the exponential, as one should. What did it "
    "print, in 2018?",
    (
        "ln 2, as for any two equal logits",
        lambda loss: abs(loss - math.log(2)) < 0.01,
        "It should: a number added to all logits changes no probability. The exponentials are safe "
        "too. What is done with their logarithm afterwards?",
    ),
    (
        "0",
        lambda loss: loss == 0,
        "The logarithm of the sum is put back beside a hundred million, where neighbouring numbers "
        "of single precision lie eight apart: ln 2 is rounded away, and no error says so.",
    ),
    (
        "inf or nan: an exponential overflows",
        lambda loss: not math.isfinite(loss),
        "Without taking the largest logit off it would. With it, the largest exponent is that of "
        "the logit itself, and there nothing overflows.",
    ),
)
def equal_and_far():
    return float(EXHIBITS[3].faulty())


@prediction(
    "Ten labels and ten forecasts, each in a column, six forecasts wrong: the loss is "
    f"{EXHIBITS[4].mended():.2f}. Then the labels come as a flat row, and the forecasts are "
    "still a column. What did a framework print, in 2019?",
    (
        "an error: the shapes differ",
        lambda loss: loss is None,
        "That would have been kind, and today some do. But arrays of different shapes are not "
        "always refused: a flat row fits beside a column.",
    ),
    (
        "the same number: the labels are the same",
        lambda loss: abs(loss - EXHIBITS[4].mended()) < 0.01,
        "Ten labels, ten forecasts, and everybody knows which belongs to which. The arrays do not: "
        "a row beside a column is stretched until both are tables.",
    ),
    (
        "another number: a mean over a hundred pairs",
        lambda loss: abs(loss - EXHIBITS[4].mended()) > 0.5,
        "Broadcasting makes a table of each label with each forecast. Its mean is what somebody "
        "would pay who mixed up all the rows.",
    ),
)
def row_and_column():
    return float(EXHIBITS[4].faulty())


@prediction(
    f"A hundred scores 0, {FINE}, {2 * FINE} and so on, and ten bins with the edges 0, {WIDE}, "
    f"{2 * WIDE} and so on, both made by np.arange. In how many of the bins did somebody, in 2021, "
    "count ten scores?",
    (
        "in six of the ten",
        lambda tens: tens == 6,
        "Neither tenths nor hundredths exist in binary, and both were made by adding or "
        "multiplying. Some scores on an edge landed on the wrong side of it.",
    ),
    (
        "in all ten",
        lambda tens: tens == 10,
        "So it is on paper, and so it would be if every score and every edge were the number "
        "nearest to what is meant.",
    ),
    (
        "in nine: the last bin is closed and takes one more",
        lambda tens: tens == 9,
        "The last bin is closed on the right, but no score reaches 1. What of the scores that lie "
        "on the other edges?",
    ),
)
def even_bins():
    return int((EXHIBITS[6].faulty() == 10).sum())


@prediction(
    "A model gives every picture a probability p of being an 8. Take p³ in place of p, or the cube "
    "root of p: nobody overtakes anybody. What happens to AUC, and to F1 at the cut ½?",
    (
        "neither changes: the ranking is the same",
        [],
        "The ranking is the same, and both are often called ranking metrics. One of them looks at "
        "a fixed place on the scale.",
    ),
    (
        "F1 stays, AUC changes: it is an area over all cuts",
        ["AUC"],
        "The cuts do change their names: ½ becomes another number. But the area is drawn from hits "
        "and false alarms alone, and the numbers of the cuts stand on neither axis.",
    ),
    (
        "both change: every probability is another one",
        ["AUC", "F1"],
        "So it is with the log loss, which reads each probability. One of these two compares "
        "probabilities with one another and reads none of them.",
    ),
    (
        "AUC stays, F1 changes",
        ["F1"],
        "AUC asks who stands above whom, F1 who stands above a *cut*. The cube root lifts rows "
        "over ½, the cube takes rows from there.",
    ),
    measured=True,
)
def bent_scores():
    """Which of AUC and F1 at ½ differs between p, p³ and the cube root of p."""
