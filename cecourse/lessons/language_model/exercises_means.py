"""Exercises 6 to 8 of notebook 13: means that lie, and fifty thousand classes."""

import math

import numpy as np

from cecourse.exercise.exercise import exercise

# ---------------------------------------------------------------- means that lie


@exercise(
    "13",
    title="Padding does not count",
    hints=[
        "Two numbers are asked for: the sum of the losses that count, and how many there are.",
        "An array indexed with a mask of its own shape gives the entries where the mask is True, "
        "in one row.",
    ],
    right="Right: what stands in the padding, be it NaN, is never looked at. This is the mean "
    "that `ignore_index` takes.",
    probes=[
        (
            np.array([[1.0, 2.0, 3.5], [4.0, 0.5, 0.5]]),
            np.array([[True, True, True], [True, False, False]]),
        ),
        (
            np.array([[0.5, 1.5, 9.0, 9.0], [2.5, 7.0, 7.0, 7.0], [3.0, 1.0, 2.0, 0.25]]),
            np.array([[True, True, False, False], [True, False, False, False], [True] * 4]),
        ),
        (np.array([[0.0, 2.0, 1.0]]), np.array([[True, True, False]])),
        (np.array([[1.0, 2.5], [5.0, 5.0]]), np.array([[True, True], [False, False]])),
        (np.array([[1.25, 0.75, np.nan]]), np.array([[True, True, False]])),
        (np.array([[3.0]]), np.array([[True]])),
    ],
    digits=6,
)
def masked_loss(losses, mask):
    """Write masked_loss(losses, mask). `losses` is an array of shape (rows, places), in nats, and
    `mask` an array of bool of the same shape, True at letters and False at padding. Return the
    mean loss over the letters.

    At least one place is a letter. What stands in `losses` at padding may be anything, NaN too.
    """
    return losses[mask].mean()


@masked_loss.mistake(
    "The mask is not used: padding is in your mean, with whatever stands there. Which entries "
    "does the mask leave?",
    mean=(np.mean, np.nanmean),
)
def _over_all(losses, mask, mean):
    return mean(losses)


@masked_loss.mistake(
    "The losses at padding are gone, but not their places: you divide by all of them. How many "
    "places are letters?",
    by=("mean", "size"),
)
def _over_all_places(losses, mask, by):
    return np.where(mask, losses, 0).mean() if by == "mean" else (losses * mask).mean()


@masked_loss.mistake("This is their sum. A mean divides: by how many?")
def _sum_of_letters(losses, mask):
    return losses[mask].sum()


@masked_loss.mistake(
    "You take the mean of each row, and then the mean of those: a letter of a short row weighs "
    "more than one of a long row. What would weigh all letters alike?",
    mean=(np.mean, np.nanmean),
)
def _mean_of_row_means(losses, mask, mean):
    return mean([row[letters].mean() for row, letters in zip(losses, mask, strict=True)])


@masked_loss.mistake(
    "Right wherever padding holds a number. Zero times NaN is NaN again: how can an entry be left "
    "out rather than multiplied?"
)
def _zero_times_nan(losses, mask):
    return (losses * mask).sum() / mask.sum()


@masked_loss.mistake(
    "You keep the padding and leave out the letters: where is the mask True, at the one or at the "
    "other?"
)
def _the_padding_alone(losses, mask):
    return losses[~mask].mean()


@masked_loss.mistake(
    "You leave out a loss of 0. A letter that the model was certain of costs just that, and it "
    "counts: what says whether a place is padding?"
)
def _zeros_left_out(losses, mask):
    return losses[mask & (losses != 0)].mean()


@masked_loss.mistake(
    "You divide by the number of rows: that is the loss of a sentence. How many letters are there?"
)
def _by_rows(losses, mask):
    return losses[mask].sum() / len(losses)


@exercise(
    "13",
    title="Two micro-batches",
    draws={
        "few": (4, 5, 8, 10, 20),
        "dear": (2.8, 3.2, 3.6, 4.5),
        "many": (200, 400, 500, 1000),
        "cheap": (1.2, 1.4, 1.6),
    },
    hints=[
        "The trainer's number is easy: a mean of two. What is the mean over all tokens?",
        lambda few, many: (
            f"Over all tokens the first mean counts {few} times and the second {many} times. Then "
            "subtract."
        ),
    ],
    right=lambda answer: (
        f"Right: {answer:.3g} nats too much, and nothing of it is the model's. Sum the losses, "
        "count the tokens, and divide once, at the end."
    ),
)
def two_micro_batches(few=5, dear=3.2, many=500, cheap=1.4):
    """Two micro-batches: {few} tokens with a mean loss of {dear} nats, {many} with {cheap} nats.

    The trainer reports the mean of the two means. By how many nats is that more than
    the mean over all tokens?
    """
    return (dear + cheap) / 2 - (few * dear + many * cheap) / (few + many)


@two_micro_batches.mistake(
    lambda it: f"{it:.3g} is what the trainer reports. By how much is it off?"
)
def _as_reported(dear, cheap):
    return (dear + cheap) / 2


@two_micro_batches.mistake(
    lambda it: f"{it:.4g} is the mean over all tokens. How far from it is what the trainer reports?"
)
def _over_all_tokens(few, dear, many, cheap):
    return (few * dear + many * cheap) / (few + many)


@two_micro_batches.mistake(
    "The sign is wrong: the two numbers are exchanged in your difference, or the two weights in "
    "the mean over all tokens. Which mean stands for many tokens?"
)
def _other_sign(few, dear, many, cheap):
    return (few * dear + many * cheap) / (few + many) - (dear + cheap) / 2


@two_micro_batches.mistake(
    "You divide the two means by their numbers once more. They are means already: what do you get "
    "if you multiply them by the numbers?"
)
def _divided_again(few, dear, many, cheap):
    return (dear / few + cheap / many) / 2


@two_micro_batches.mistake(
    "This is how far the two means lie apart. The reported one lies between them, and so does the "
    "right one: where?"
)
def _apart(dear, cheap):
    return dear - cheap


@two_micro_batches.mistake(
    "You take the mean of the large micro-batch for the mean over all tokens. That is close; what "
    "do the few tokens add?"
)
def _large_one_alone(dear, cheap):
    return (dear + cheap) / 2 - cheap


@two_micro_batches.mistake(
    lambda it: f"{it:.3g} is a ratio of the two means. In nats, by how much do they differ?"
)
def _as_a_ratio(few, dear, many, cheap):
    return (dear + cheap) / 2 / ((few * dear + many * cheap) / (few + many))


# ---------------------------------------------------------------- fifty thousand classes


@exercise(
    "13",
    title="Merge two blocks",
    hints=[
        "The larger of the two maxima is the maximum of both blocks. Against what was each of the "
        "sums measured?",
        "Σ e^(z − old) becomes Σ e^(z − new) if each term is multiplied by the same factor. Which "
        "one? It never exceeds 1.",
        "Both sums get their factor; one of the two factors is 1.",
    ],
    right="Right, and in any order: two halves of a vocabulary on two machines, or a hundred "
    "blocks one after the other. An empty block (−inf, 0) changes nothing.",
    probes=[
        (1.0, 3.0, 2.0, 5.0),
        (2.5, 4.0, 0.5, 10.0),
        (1.0, 2.0, 1.0, 7.0),
        (-math.inf, 0.0, -3.0, 2.5),
        (1000.0, 1.5, 998.0, 4.0),
        (-1200.0, 3.0, -1199.0, 2.0),
        (0.0, 1.0, 800.0, 1.0),
    ],
    digits=6,
)
def merge(top, total, new_top, new_total):
    """One block of logits has the maximum `top`, and `total` is the sum of e^(z − top) over it.
    Another block has `new_top` and `new_total`. Write merge(top, total, new_top, new_total), which
    returns the two numbers of both blocks together: the maximum and the sum measured from it.

    `top` may be −inf, with a `total` of 0, before the first block; `new_top` is finite.
    """
    highest = max(top, new_top)
    rescaled = total * math.exp(top - highest)
    return highest, rescaled + new_total * math.exp(new_top - highest)


@merge.mistake(
    "You add the two sums as they are. They were measured from different maxima: what is each of "
    "them, measured from the larger?"
)
def _added(top, total, new_top, new_total):
    return max(top, new_top), total + new_total


@merge.mistake(
    "Your factor is larger than 1, and may overflow. Measured from a *higher* maximum, does a sum "
    "of exponentials grow or shrink?"
)
def _wrong_sign(top, total, new_top, new_total):
    highest = max(top, new_top)
    old = total * np.exp(highest - top) if total else 0.0
    return highest, old + new_total * np.exp(highest - new_top)


@merge.mistake(
    "Only the block with the larger maximum is left. The other's classes are in the softmax too: "
    "what do they add?"
)
def _larger_alone(top, total, new_top, new_total):
    return (top, total) if top > new_top else (new_top, new_total)


@merge.mistake(
    "Right as long as the maximum rises. If the new block's is the lower one, its sum was measured "
    "from too low: what does it need?"
)
def _old_alone_rescaled(top, total, new_top, new_total):
    highest = max(top, new_top)
    return highest, total * math.exp(top - highest) + new_total


@merge.mistake(
    "Right as long as the maximum does not rise. Where the new one is higher, the old sum was "
    "measured from too low: what does it need?"
)
def _new_alone_rescaled(top, total, new_top, new_total):
    highest = max(top, new_top)
    return highest, total + new_total * math.exp(new_top - highest)


@merge.mistake(
    "You measure both sums from one block's maximum, whichever is the higher. That is the same "
    "log-sum-exp on paper, but it may overflow. From which of the two is it safe?",
    first=(True, False),
)
def _from_one_block(top, total, new_top, new_total, first=True):
    if first:
        return top, total + new_total * np.exp(new_top - top)
    return new_top, total * np.exp(top - new_top) + new_total


@merge.mistake(
    "Your second number is the log-sum-exp. That is where it ends; the running pair keeps the sum "
    "itself, ready for the next block."
)
def _with_logarithm(top, total, new_top, new_total):
    highest = max(top, new_top)
    both = total * math.exp(top - highest) + new_total * math.exp(new_top - highest)
    return highest, highest + math.log(both)


@merge.mistake(
    "You go back to the plain sum of e^z, which overflows or vanishes. What is left if you divide "
    "it by e to the power of the larger maximum?"
)
def _plain_sum(top, total, new_top, new_total):
    return max(top, new_top), total * np.exp(top) + new_total * np.exp(new_top)
