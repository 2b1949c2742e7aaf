"""What notebook 10 asks before it shows; what needs the trained nets is measured there."""

import math

from cecourse import story
from cecourse.prediction import prediction
from cehelpers import cost_threshold, entropy, log_loss_ceiling, logit, sigmoid

from . import published

FRAUD = story.base_rate
BASE = entropy([FRAUD, 1 - FRAUD])
FIRST, LOSS, AUC = 0.042, 0.011, 0.96  # the story's: first epoch, and last
CEILING = log_loss_ceiling(AUC, FRAUD)
AIM = 0.01
PENDING = 0.6
WEIGHT = 550
TOP = 0.3  # scores above it are looked at
LIFT = math.log(WEIGHT)


@prediction(
    f"A net learns to score payments, {FRAUD:.2%} of them frauds, in twelve epochs. A constant "
    f"pays {BASE:.4f} nats. Where is the net's log loss, in a month it does not learn from, after "
    "its first epoch?",
    (
        f"near the story's {FIRST}: learning takes epochs",
        lambda loss: 0.03 < loss < 0.06,
        "A loss curve is expected to come down from high up. But the last bias of this net starts "
        "at the logit of the training rate, so it begins beside the constant.",
    ),
    (
        f"near {BASE:.4f}: at first it learns how rare fraud is",
        lambda loss: 0.0115 < loss < 0.02,
        "That is what a net learns first, if nobody tells it. This one knew it before its first "
        "step, from its last bias.",
    ),
    (
        "near half of what the constant pays",
        lambda loss: 0.004 < loss < 0.0105,
        "An epoch is hundreds of steps, and most of what can be learned is easy. A small share of "
        "the loss is left for the other eleven.",
    ),
    measured=True,
)
def first_epoch():
    """Log loss of the net with its start at logit π, in the watched month, after one epoch."""


@prediction(
    f"Two nets learn to score payments, {FRAUD:.2%} of them frauds. For one of the nets every "
    f"fraud counts {WEIGHT} times while it learns. What becomes of its log loss in the test "
    "months, beside that of the other?",
    (
        "many times as high",
        lambda times: times > 5,
        f"A weight multiplies the odds. With ln {WEIGHT} = {LIFT:.2f} on every logit an ordinary "
        "payment is suspected of far more than it should be, and ordinary payments are nearly all "
        "there are.",
    ),
    (
        "about the same: the frauds gain what the others lose",
        lambda times: 0.95 < times < 1.3,
        f"They do, with the weight: it makes one fraud as heavy as {WEIGHT} ordinary payments. The "
        "log loss of the test months is a mean without weights.",
    ),
    (
        "lower: now it cannot overlook the frauds",
        lambda times: times < 0.95,
        "It pays less for each fraud, that is true. But for each fraud there are more than "
        "five hundred payments that are none, and they all pay something too.",
    ),
    measured=True,
)
def weight_550():
    """Log loss of the weighted net over that of the unweighted one, in the test months."""


@prediction(
    f"{FRAUD:.2%} of the payments are frauds. The true posterior, each payment's exact "
    "probability of fraud, is the best score there can be. Flag each payment that it says is more "
    "likely fraud than not. Which share of the frauds is found?",
    (
        "nearly all: it knows every probability",
        lambda recall: recall > 0.8,
        "It knows the probability and not the outcome. A fraud that looks like a thousand honest "
        "payments has a small one, and rightly.",
    ),
    (
        "about a quarter",
        lambda recall: 0.15 < recall < 0.33,
        "Most frauds look much like ordinary payments, and those are far more numerous. So even "
        "where fraud is a hundred times likelier than usual, it is still less likely than not.",
    ),
    (
        "a half, as the cut is ½",
        lambda recall: 0.42 < recall < 0.6,
        "The cut is a probability for one payment: of those just above it half are frauds. How "
        "many of *all* frauds lie above it is another question.",
    ),
    measured=True,
)
def recall_of_best():
    """Recall of the true posterior at the cut ½, in the test months."""


@prediction(
    f"A scorer reports AUC {AUC} and log loss {LOSS} at {FRAUD:.2%} fraud. What do you say?",
    (
        "an excellent model",
        lambda share: share < 0.5,
        f"{LOSS} is a small number, but here a constant pays no more than {BASE:.4f}. Whoever "
        f"ranks as well as {AUC} says should have left that further behind.",
    ),
    (
        "plausible, ask for the confusion matrix",
        lambda share: 0.5 <= share < 0.98,
        "A careful answer: AUC and log loss look like two separate things. For probabilities that "
        "hold they are not, because a ranking leaves only so much entropy.",
    ),
    (
        "its probabilities are not calibrated",
        lambda share: share > 1.05,
        f"A calibrated score with that AUC and base rate costs at most {CEILING:.4f} nats. Whoever "
        f"has {AUC} and pays {LOSS} pays for wrong probabilities, not for a poor ranking.",
    ),
)
def reported():
    return LOSS / CEILING


@prediction(
    "At a given AUC and base rate, a derivation says, the calibrated score whose logit is a "
    "straight line in the rank has the highest log loss: the ceiling. Draw 200 calibrated scores "
    "with random shapes and random AUCs. How many cost more than the ceiling at their AUC?",
    (
        "none",
        lambda above: above == 0,
        "It is no fit through a cloud: for given AUC and base rate no calibrated score has a "
        "larger mean entropy. The closest of the 200 come near, and stay below.",
    ),
    (
        "a few, by bad luck",
        lambda above: 1 <= above <= 20,
        "Measured on a sample of payments, luck could do that. These are computed from the "
        "probabilities themselves, without any labels drawn, so there is no luck.",
    ),
    (
        "about half: the straight line is a shape like any other",
        lambda above: 60 < above < 140,
        "A straight line looks like a middle case. But the mean entropy is concave, and this line "
        "is where its slope has nowhere left to go.",
    ),
    measured=True,
)
def above_the_ceiling():
    """How many of 200 random calibrated scores lie above the ceiling at their AUC."""


@prediction(
    "A table of a paper prints a base rate, and for each model an AUC and a log loss. Ten such "
    "tables, most of them of click models, are audited against the ceiling; rounding and chance "
    "count in their favour. How many of the ten hold a row that no calibrated score can have?",
    (
        "none: they were reviewed",
        lambda tables: tables == 0,
        "Reviewers compare AUC with AUC and loss with loss. That one limits the other is not "
        "looked for.",
    ),
    (
        "three to five",
        lambda tables: 3 <= tables <= 5,
        "With millions of rows a network that minimises log loss is nearly calibrated, and lies "
        "just below its ceiling. With few rows it overfits: the ranking stands, the loss climbs.",
    ),
    (
        "nearly all: networks are overconfident",
        lambda tables: tables >= 8,
        "Trained for long on few rows, they are. Click models read each of many millions of rows "
        "once or twice, and that leaves little room for overconfidence.",
    ),
)
def published_tables():
    audited = [published.audit_table(table) for table in published.TABLES]
    return sum(any(one.verdict == "impossible" for _, one in rows) for rows in audited)


@prediction(
    f"A net was trained with a weight of {WEIGHT} on frauds. On a month of its own, a temperature "
    "(z/T), a bias (z + b) and Platt scaling (az + b) are fitted to its logits. Which of them "
    f"bring its log loss in the test months below {AIM}, where a constant pays {BASE:.4f}?",
    (
        "temperature and Platt: the net is overconfident",
        ["temperature", "Platt"],
        "A temperature is what one takes for overconfidence. It pulls both sides towards ½; these "
        "scores are all wrong in the same direction.",
    ),
    (
        "only Platt: it takes a slope and a shift",
        ["Platt"],
        "Two dials can do more than one. Which of them does the work here, and could it do it "
        "alone?",
    ),
    (
        "bias and Platt: every logit has been lifted",
        ["bias", "Platt"],
        f"The weight has added about ln {WEIGHT} = {LIFT:.2f} to every logit, and a bias takes it "
        "off again. A temperature divides z and leaves 0 at 0: p = ½ stays where it is.",
    ),
    (
        "none of them: it has to be trained again",
        [],
        "It has learned from distorted odds. But what it knows about the payments is still in its "
        "scores, and the distortion is nearly the same for all.",
    ),
    measured=True,
)
def which_mends():
    """Which of three repairs bring the weighted net below 0.01 nats, in the test months."""


@prediction(
    "No weight, honest probabilities, 18 frauds in 10,000 payments. A missed fraud costs 5,500 €, "
    "a false alarm 10 €. How many of the 10,000 does one flag at these prices?",
    (
        "about 20: those that are frauds",
        lambda flagged: 10 < flagged < 60,
        "So it would be with a score that knows. This one has only probabilities, and at such a "
        "price a small one is reason enough.",
    ),
    (
        "about 600",
        lambda flagged: 350 < flagged < 1200,
        f"The cut is 1/{WEIGHT + 1}, nearly the mean probability. Few payments lie above the mean: "
        "it is made by a few suspicious ones, and most lie far below it.",
    ),
    (
        "about 5,000: the cut is nearly the mean probability",
        lambda flagged: 3000 < flagged < 7000,
        f"True, 1/{WEIGHT + 1} is nearly the mean. Half of the payments would lie above the "
        "*median*, and these probabilities are very lopsided.",
    ),
)
def flagged_at_price():
    from . import explorers

    return 10_000 * float(explorers.flagged(logit(cost_threshold(10, 5500)))[0])


@prediction(
    "A missed fraud costs 100 €, a false alarm 10 €, so the cut is "
    f"{cost_threshold(10, 100):.3f}; with honest probabilities that flags a few dozen of 10,000 "
    f"payments. With weight {WEIGHT} and nothing mended, how many does the same price list flag?",
    (
        "thousands",
        lambda flagged: flagged > 1500,
        f"The cut stays, and ln {WEIGHT} lifts the scores over it: a stated "
        f"{cost_threshold(10, 100):.3f} is a true "
        f"{sigmoid(logit(cost_threshold(10, 100)) - LIFT):.5f}.",
    ),
    (
        "as many: the cut moves up with the scores",
        lambda flagged: 20 < flagged < 60,
        "It should, if somebody moved it. The price list knows two prices and nothing of the "
        "training.",
    ),
    (
        "twice or three times as many: a weight makes it more careful",
        lambda flagged: 65 < flagged < 130,
        f"More careful is the right direction. How far does a lift of {LIFT:.2f} reach, where "
        "nearly all payments lie below the cut?",
    ),
)
def weight_and_cut():
    stated = logit(cost_threshold(10, 100))
    from . import explorers

    return 10_000 * float(explorers.flagged(stated - LIFT)[0])


@prediction(
    "A fraud scorer's probabilities hold. Flag payments from ½ on, or from half of its best F1 on, "
    "or from that best F1 itself: which of these three cuts has the highest F1?",
    (
        "½",
        "½",
        "From ½ on a payment is more likely fraud than not, and this cut makes the fewest "
        "mistakes. Here that means to flag hardly anything, and F1 gives no credit for ordinary "
        "payments let through.",
    ),
    (
        "half of the best F1",
        "F*/2",
        "F1 is 2·hits/(flags + frauds). One more flag lifts it as long as its p is above half of "
        "what F1 is already: a hit counts twice, its flag once.",
    ),
    (
        "the best F1 itself",
        "F*",
        "It sounds like a balance: flag what is better than what you have on average. But in F1 = "
        "2·hits/(flags + frauds) a hit counts twice and its flag once.",
    ),
    measured=True,
)
def f1_cut():
    """Which of ½, F* and F*/2 has the net's highest F1, in the test months."""


@prediction(
    "A small net learns from some three thousand frauds, without any weight. On average over all "
    "payments of new months its probabilities are right. Now take the payments that it scores "
    f"above {TOP}. Beside the true probabilities of fraud there, what does it say?",
    (
        "too much",
        lambda excess: 0.01 < excess < 0.2,
        "Above a cut stand the payments with a high probability, and those with a high error. The "
        "errors of a net that has learned from few frauds do not cancel there.",
    ),
    (
        "the right thing: that is what cross-entropy is for",
        lambda excess: -0.005 < excess < 0.005,
        "At its minimum over all functions, and with endless data, it is. This net has a size and "
        "few frauds, and the cut selects among its errors.",
    ),
    (
        "too little: it has seen few frauds and is careful",
        lambda excess: excess < -0.01,
        "So a penalised model would be, or one that stops early. Nothing holds this net back from "
        "the frauds it has seen.",
    ),
    measured=True,
)
def above_03():
    """What the net says above 0.3 in the test months, minus the true mean probability there."""


@prediction(
    "A trained fraud scorer is watched. In month 11 one of four things happens: amounts arrive in "
    "cents (a fault); a wave, fraud doubles (no fault); "
    f"{PENDING:.0%} of the frauds are not disputed yet, so their labels say 0; all thieves change "
    "their manner. What does the log loss do?",
    (
        "rises with the cents only: nothing else is broken",
        [1, 0, 0, 0],
        "So an alarm should be. But a log loss is a mean over labels, and how many of them say "
        "fraud, and where, has changed in the other three.",
    ),
    (
        "rises with all four: none is what the net has learned from",
        [1, 1, 1, 1],
        "Each is news to the net. The log loss does not count news: it adds the surprise of every "
        "row, and of those it has few large ones.",
    ),
    (
        "rises with cents, late labels and the new manner, and stays with the wave",
        [1, 0, 1, 1],
        "Wrong amounts and wrong labels are faults of the data, and a wave leaves the net as right "
        "as before about each payment. What does a fraud cost, though, and how many are there?",
    ),
    (
        "rises with cents, wave and new manner, falls with late labels",
        [1, 1, -1, 1],
        "Most of the loss is paid by the frauds. Twice as many pay more, whatever the pipeline "
        "does; frauds of a new manner surprise; and frauds whose label still says 0 pay next to "
        "nothing.",
    ),
    measured=True,
)
def drift():
    """Whether each case of month 11 raises (1) or lowers (-1) the log loss by a fifth."""


@prediction(
    "A fraud scorer was trained with plain cross-entropy and flags from ½ on; a missed fraud costs "
    f"100 €, a false alarm 10 €. You may change one thing: weigh each fraud {WEIGHT} times in "
    "training, or fit Platt scaling on a later month, or move the cut to the price list's "
    f"{cost_threshold(10, 100):.3f}. Which lowers the bill most?",
    (
        "the weight",
        "weight",
        "It finds more frauds, true. From ½ on the weighted score flags at a price of "
        f"{WEIGHT} : 1, and nobody named that price: alarms swallow what was saved.",
    ),
    (
        "Platt scaling",
        "Platt",
        "Plain cross-entropy left it next to nothing to mend. What it cannot mend is a cut that "
        "does not know the prices.",
    ),
    (
        "the cut",
        "cut",
        "The loss was never what cost the money. A payment with a probability of one in five is "
        "worth a call at these prices, and ½ lets it pass.",
    ),
    measured=True,
)
def one_change():
    """Which of weight, Platt and cut has the lowest bill in the test months."""


# ---------------------------------------------------------------- money per row


@prediction(
    "A missed fraud costs its amount, a false alarm 10 €, and the probabilities hold. Somebody "
    "looks for the single cut that would have paid least in the test months, afterwards. Somebody "
    "else has cut each payment at its own 10/(10 + amount), before. What did the second pay, "
    "beside the first?",
    (
        "a little less: the amount is among the score's inputs already",
        lambda ratio: 0.9 < ratio < 1,
        "It is, and so the score knows whether a large payment is more *likely* to be fraud. What "
        "is at stake in it is another question, and a probability does not answer that.",
    ),
    (
        "about three tenths less",
        lambda ratio: 0.55 < ratio < 0.85,
        "One cut treats a payment of 5 € and one of 2,000 € alike. Most frauds are small, and most "
        "of the money lies in a few large ones.",
    ),
    (
        "more: nobody beats hindsight",
        lambda ratio: ratio > 1,
        "Nobody beats the best of all single cuts with another single cut. The second has a cut "
        "for each payment.",
    ),
    measured=True,
)
def own_cuts():
    """Bill of the cuts 10/(10 + amount) over that of the best single cut, in the test months."""


@prediction(
    "The analysts have time for 400 alarms. One list has the 400 payments with the highest "
    "probability of fraud; another the 400 with the highest expected saving, p·amount − (1 − p)·10 "
    "€. What does the second find, beside the first?",
    (
        "fewer frauds, and more euros",
        [-1, 1],
        "It leaves out many a small payment that is nearly surely fraud, for large ones that are "
        "likely honest. A fraud it finds is worth more than it gives up.",
    ),
    (
        "more frauds, and more euros",
        [1, 1],
        "Better in both would be welcome. But no list of 400 holds more frauds, on average, than "
        "the 400 highest probabilities.",
    ),
    (
        "fewer frauds, and fewer euros: its alarms are mostly false",
        [-1, -1],
        "More of its alarms are false, that is right, and each costs 10 €. How many of these does "
        "one fraud of 800 € pay for?",
    ),
    measured=True,
)
def fewer_frauds():
    """Whether the list by saving finds more (1) or less (-1): frauds, and euros."""


# ---------------------------------------------------------------- the recipe


@prediction(
    f"{FRAUD:.2%} of the payments are frauds. scikit-learn's histogram gradient boosting, with the "
    "settings it comes with, learns from 130,000 payments of eight months. What is its log loss in "
    "later months, beside that of a constant?",
    (
        "clearly below: boosting is the strongest model for tables",
        lambda share: share < 0.75,
        "So it is, with other settings. A leaf of these may hold twenty payments and has no "
        "penalty: how many frauds does it see?",
    ),
    (
        "a little below: so few frauds teach little",
        lambda share: 0.75 <= share < 0.98,
        "They teach a logistic regression a good deal. And a model that has learned little should "
        "stay near the constant; what if it does not know that it has learned little?",
    ),
    (
        "above: it would do better to say the base rate",
        lambda share: share >= 1,
        "In a leaf of twenty payments, one of them a fraud, the slope is about 1 and the curvature "
        f"20·{FRAUD}: a tree leaps {1 / (20 * FRAUD):.0f} in the logit, a tenth of that at a time. "
        "In the next month such a leap is wrong, and sure of itself.",
    ),
    measured=True,
)
def default_trees():
    """Log loss of boosted trees with their default settings over a constant's, raw, in the test."""


@prediction(
    "A scorer's probabilities hold. Then it is calibrated, slope and shift, on a month of which "
    f"{PENDING:.0%} of the frauds have not been disputed yet, so that their labels say 0. What is "
    "its mean probability in later months, over the share of frauds that comes out at last?",
    (
        "about 1: a slope and a shift are too few to learn from late labels",
        lambda ratio: 0.8 < ratio < 1.25,
        "Two numbers are few, but one of them is the shift, and all it knows of the base rate is "
        "this month's labels.",
    ),
    (
        "about 0.4",
        lambda ratio: 0.25 < ratio < 0.6,
        f"The shift makes the mean probability what the labels say, and they say that "
        f"{1 - PENDING:.0%} of the frauds are all. No row is wrong in a way that shows.",
    ),
    (
        "about 0.7: the slope makes up for half of it",
        lambda ratio: 0.6 <= ratio <= 0.8,
        "A slope would have to lift the high scores. But the missing frauds are missing at the top "
        "as well as at the bottom.",
    ),
    measured=True,
)
def unripe_month():
    """Mean p over the rate in the test months, after calibration on a month with late labels."""
