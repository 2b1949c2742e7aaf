"""Answers to notebook 13 as students give them, from the questions alone."""

import math

import numpy as np

# ---------------------------------------------------------------- the next letter

back_off = {
    "3 of 16": 3 / 16,
    "lower chance alone": 0.1,
    "mean of the two": (3 / 16 + 0.1) / 2,
    "denominator not enlarged": 3.4 / 16,
    "order below counts as one letter": 3.1 / 17,
    "all four lent letters are A": 7 / 20,
    "nothing lent above": 3 / 20,
    "add-one smoothing": 4 / 43,
    "product of the two": 3 / 16 * 0.1,
    "sum of the two": 3 / 16 + 0.1,
    "in per cent": 17.0,
    "bits instead of a chance": -math.log2(0.17),
}


# ---------------------------------------------------------------- perplexity and tokens

perplexity_of_a_text = {
    "mean of 1/p": lambda p: np.mean(1 / p),
    "one over the mean": lambda p: 1 / np.mean(p),
    "2 to the nats": lambda p: 2 ** np.mean(-np.log(p)),
    "e to the bits": lambda p: np.exp(np.mean(-np.log2(p))),
    "no mean": lambda p: np.exp(-np.log(p).sum()),
    "no exp": lambda p: -np.log(p).mean(),
    "entropy of the chances": lambda p: np.exp(-np.sum(p * np.log(p))),
    "minus sign forgotten": lambda p: np.exp(np.log(p).mean()),
    "10 to the nats": lambda p: 10 ** -np.mean(np.log(p)),
    "ce.perplexity of the chances made to sum to 1": lambda p: math.exp(
        -np.sum(p / p.sum() * np.log(p / p.sum()))
    ),
}

two_tokenisers = {
    "A, for its smaller perplexity": 480 * math.log2(20) / 1200,
    "B in nats": 300 * math.log(90) / 1200,
    "bits per token of B": math.log2(90),
    "bits per token of A": math.log2(20),
    "whole bill of B": 300 * math.log2(90),
    "perplexity times tokens over letters": 90 * 300 / 1200,
    "letters per token the wrong way": math.log2(90) * 4,
    "perplexity per letter": 90 ** (1 / 4),
    "bytes": 300 * math.log2(90) / 1200 / 8,
    "log10": 300 * math.log10(90) / 1200,
    "perplexity over letters per token": 90 / 4,
    "rounded": 1.6,
}


# ---------------------------------------------------------------- a network that reads


# ---------------------------------------------------------------- means that lie


# ---------------------------------------------------------------- fifty thousand classes


# ---------------------------------------------------------------- teachers


# ---------------------------------------------------------------- after pretraining


# ---------------------------------------------------------------- how low can it go?
