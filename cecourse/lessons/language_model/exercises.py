"""The exercises of notebook 13: from bits per letter to a loss that two models share."""

import math

import numpy as np

from cecourse.exercise.exercise import exercise

# ---------------------------------------------------------------- the next letter


@exercise(
    "13",
    title="Back off by hand",
    draws={
        "seen": (12, 16, 21, 26),
        "kinds": (4, 5, 6),
        "times": (2, 3, 5),
        "lower": (0.06, 0.1, 0.15),
    },
    hints=[
        lambda kinds: (
            f"The model of the order below counts as much as {kinds} letters more. How many does "
            "that make in all?"
        ),
        lambda seen, kinds, times, lower: (
            f"Of {seen} + {kinds} letters {times} are A for sure. How many more are A, if the "
            f"other model gives A {lower} of its {kinds}?"
        ),
    ],
    right=lambda answer, lower, times, seen: (
        f"Right: {answer:.4g}, between the {times / seen:.3g} of the long memory and the {lower} "
        "of the shorter one. The more kinds have come after these letters, the more surprises the "
        "model expects, and the more it listens to the order below."
    ),
)
def back_off(seen=16, kinds=4, times=3, lower=0.1):
    """After the last four letters a model has seen {seen} letters, of {kinds} different kinds;
    {times} of them were an A. With one letter of memory less, it would give A a chance of {lower}.

    Which chance does it give to A?
    """
    return (times + kinds * lower) / (seen + kinds)


@back_off.mistake(
    "This is the share of the counts alone. A letter that never came after these four would get "
    "0: where does the model of the order below come in?"
)
def _counts_alone(seen, times):
    return times / seen


@back_off.mistake(
    lambda kinds: (
        "Here the order below counts as one letter. As how many does it count, where "
        f"{kinds} different ones have come?"
    )
)
def _as_one_letter(seen, times, lower):
    return (times + lower) / (seen + 1)


@back_off.mistake(
    "What stands above is right. But all 27 chances would then sum to more than 1: among how many "
    "letters, seen and lent, do you share?"
)
def _not_divided_by_more(seen, kinds, times, lower):
    return (times + kinds * lower) / seen


@back_off.mistake(
    "This gives the order below and the counts equal weight. Their weights are numbers of letters: "
    "which two?"
)
def _half_and_half(seen, times, lower):
    return (times / seen + lower) / 2


@back_off.mistake(
    "The two weights have changed places. Which of the two is how often something was seen, and "
    "which is what the order below counts as?"
)
def _weights_swapped(seen, kinds, times, lower):
    return (kinds * times / seen + seen * lower) / (seen + kinds)


@back_off.mistake(
    "Here all the lent letters are an A. Only the share that the order below gives to A is: how "
    "many letters is that?"
)
def _all_lent_to_a(seen, kinds, times):
    return (times + kinds) / (seen + kinds)


@back_off.mistake(
    "One more for each of the 27 symbols is an older remedy. What does this model lend instead, "
    "and how does it share it?"
)
def _one_more_for_each(seen, times):
    return (times + 1) / (seen + 27)


@back_off.mistake(
    "You lend the letters below the line, but A gets nothing of them above it. How much of what "
    "is lent goes to A?"
)
def _nothing_lent_above(seen, kinds, times):
    return times / (seen + kinds)


# ---------------------------------------------------------------- perplexity and tokens


@exercise(
    "13",
    title="Perplexity of a text",
    hints=[
        "First the price of each token that came: −ln of the chance it had been given.",
        "Then the mean of these prices, and last the exponential of that mean.",
    ],
    right="Right. It is one divided by the geometric mean of the chances: how many equal choices "
    "would have cost as much. Of the chances of all that did not come it needs nothing.",
    probes=[
        (np.array([0.5, 0.25, 0.125]),),
        (np.array([0.9, 0.8, 0.01, 0.6]),),
        (np.array([0.05]),),
        (np.array([0.3, 0.3, 0.3, 0.3, 0.3]),),
        (np.array([0.99, 0.98, 1.0, 0.002]),),
    ],
    digits=6,
)
def perplexity_of_a_text(chances):
    """Write perplexity_of_a_text(chances). `chances` is an array: for each token of a text that
    the model has not read, the probability that it gave to the token that came, all above 0.

    Return the perplexity of the model on this text.
    """
    return math.exp(-np.mean(np.log(chances)))


@perplexity_of_a_text.mistake(
    "This is the mean of 1/p. A mean belongs to the prices, which are logarithms: in which order "
    "come the logarithm, the mean and the exponential?"
)
def _mean_of_choices(chances):
    return np.mean(1 / chances)


@perplexity_of_a_text.mistake(
    "This is one divided by the mean of the chances, so a single tiny chance hardly counts. "
    "What is the price of a tiny chance?"
)
def _of_the_mean_chance(chances):
    return 1 / np.mean(chances)


@perplexity_of_a_text.mistake(
    "Two bases are mixed: the logarithm has one and the power the other. Which one undoes ln?"
)
def _power_of_two(chances):
    return 2 ** -np.mean(np.log(chances))


@perplexity_of_a_text.mistake(
    "Two bases are mixed: bits under e to the power. Which power undoes a logarithm with base 2?"
)
def _bits_under_e(chances):
    return math.exp(-np.mean(np.log2(chances)))


@perplexity_of_a_text.mistake(
    "This grows with the length of the text: the prices are added up. What is their mean?"
)
def _not_a_mean(chances):
    return np.exp(-np.sum(np.log(chances)))


@perplexity_of_a_text.mistake(
    "This is the mean price, a cross-entropy in nats or bits. Which function makes a number of "
    "choices of it?",
    base=(math.e, 2),
)
def _no_exponential(chances, base):
    return -np.mean(np.log(chances)) / math.log(base)


@perplexity_of_a_text.mistake(
    "You weigh each price by the chance, as in an entropy: then what was thought impossible costs "
    "nothing. Each token of the text came once. What is its weight?",
    mean=(True, False),
)
def _own_entropy(chances, mean):
    prices = -chances * np.log(chances)
    return math.exp(prices.mean() if mean else prices.sum())


@perplexity_of_a_text.mistake(
    "This is smaller than 1, a typical chance. Has a price become negative somewhere?"
)
def _sign_lost(chances):
    return math.exp(np.mean(np.log(chances)))


def _bits(letters, first, first_tokens, second, second_tokens):
    """What both models need for a letter."""
    bills = first_tokens * math.log2(first), second_tokens * math.log2(second)
    return [bill / letters for bill in bills]


@exercise(
    "13",
    title="Two tokenisers, one text",
    draws={
        "letters": (1200, 1500),
        "first": (16, 20, 24),
        "first_tokens": (440, 480, 520),
        "second": (70, 90, 120),
        "second_tokens": (280, 300, 340),
    },
    hints=[
        "What does the whole text cost each model, in bits? A token costs log₂ of the perplexity.",
        lambda letters: (
            f"Both have forecast the same {letters:,} letters. Divide each bill by that number, "
            "and compare."
        ),
    ],
    right=lambda answer, letters, first, first_tokens, second, second_tokens: (
        f"Right: {answer:.4g}, the loss of "
        f"{'AB'[np.argmin(_bits(letters, first, first_tokens, second, second_tokens))]}; the other "
        f"needs {max(_bits(letters, first, first_tokens, second, second_tokens)):.4g}. From "
        "the two perplexities alone nobody could have said it: they price pieces of other lengths."
    ),
)
def two_tokenisers(letters=1200, first=20, first_tokens=480, second=90, second_tokens=300):
    """Two models forecast the same {letters:,} letters, which neither has read. The tokeniser of A
    cuts them into {first_tokens} tokens, and its perplexity per token is {first}. That of B cuts
    them into {second_tokens} tokens, and its perplexity per token is {second}.

    Which model is better? Answer with its loss in bits per letter.
    """
    bits_of_a = first_tokens * math.log2(first) / letters
    bits_of_b = second_tokens * math.log2(second) / letters
    return min(bits_of_a, bits_of_b)


@two_tokenisers.mistake(
    lambda it: (
        f"{it:.4g} bits is what one of the two models needs, and the other needs less. Did you "
        "compare the perplexities?"
    )
)
def _the_other_model(letters, first, first_tokens, second, second_tokens):
    return max(_bits(letters, first, first_tokens, second, second_tokens))


@two_tokenisers.mistake("This is a loss per letter in nats. How many bits is a nat?")
def _in_nats(letters, first, first_tokens, second, second_tokens):
    return min(_bits(letters, first, first_tokens, second, second_tokens)) * math.log(2)


@two_tokenisers.mistake(
    "These are the bits of a *token*. How many tokens does the model need for a letter?",
    model=("A", "B"),
)
def _bits_per_token(first, second, model="A"):
    return math.log2(first if model == "A" else second)


@two_tokenisers.mistake(
    "This is the bill for the whole text. How many letters share it?", model=("A", "B")
)
def _whole_bill(letters, first, first_tokens, second, second_tokens, model="A"):
    return letters * _bits(letters, first, first_tokens, second, second_tokens)[model == "B"]


@two_tokenisers.mistake(
    "This is a perplexity over a length. Perplexities do not share out among letters, but their "
    "logarithms do: what does a token cost?",
    model=("A", "B"),
)
def _perplexity_shared(letters, first, first_tokens, second, second_tokens, model="A"):
    return first * first_tokens / letters if model == "A" else second * second_tokens / letters


@two_tokenisers.mistake(
    "Here a token costs more for being long: you multiply by letters per token. If a token covers "
    "several letters, what is left for each of them?",
    model=("A", "B"),
)
def _times_letters(letters, first, first_tokens, second, second_tokens, model="A"):
    if model == "A":
        return math.log2(first) * letters / first_tokens
    return math.log2(second) * letters / second_tokens


@two_tokenisers.mistake(
    "You have a perplexity per letter, a number of choices. The loss is its logarithm: which one, "
    "for bits?"
)
def _perplexity_per_letter(letters, first, first_tokens, second, second_tokens):
    return 2 ** min(_bits(letters, first, first_tokens, second, second_tokens))


@two_tokenisers.mistake(
    "This is the loss of one model over the tokens of the other. Which perplexity belongs to "
    "which number of tokens?",
    model=("A", "B"),
)
def _crossed(letters, first, first_tokens, second, second_tokens, model="A"):
    if model == "A":
        return second_tokens * math.log2(first) / letters
    return first_tokens * math.log2(second) / letters


# ---------------------------------------------------------------- a network that reads


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
    """A micro-batch of {few} tokens has a mean loss of {dear} nats, another of {many} tokens one of
    {cheap} nats. The trainer reports the mean of the two means. By how many nats is that more than
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
    "You measure both sums from the first maximum. That is the same log-sum-exp on paper, but a "
    "much higher new maximum overflows. From which of the two is it safe?"
)
def _from_the_first(top, total, new_top, new_total):
    return top, total + new_total * np.exp(new_top - top)


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


# ---------------------------------------------------------------- teachers


@exercise(
    "13",
    title="A soft target",
    draws={"teacher": (2.5, 3.5, 4.0, 5.0), "student": (0.5, 1.0, 1.5), "T": (2, 2.5, 4)},
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
    "Only the teacher was softened here. What does the student's row look like at the same "
    "temperature?"
)
def _student_at_one(teacher, student, T):
    p, q = (1 / (1 + math.exp(-gap)) for gap in (teacher / T, student))
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
