import math

import cehelpers as ce

q01 = {
    "both messages together": math.log2(32),
    "the first message": math.log2(4),
    "natural logarithm": math.log(8),
    "base 10": 0.903,
    "number of hearts": 8,
    "chance of the ace": 1 / 8,
    "both messages together, in nats": math.log(32),
    "p log p": 1 / 8 * math.log2(8),
    "thirteen hearts in a pack": math.log2(13),
    "guess": 1,
}

q03 = {
    "what the old book costs": 2.25,
    "entropy, what the best book costs": 1.75,
    "in nats": 0.5 * math.log(2),
    "KL the wrong way round": ce.kl_divergence(
        [0.5, 0.25, 0.125, 0.125], [0.125, 0.5, 0.25, 0.125], base=2
    ),
    "saving as a share of the old cost": 0.5 / 2.25,
    "KL the wrong way round, in nats": ce.kl_divergence(
        [0.5, 0.25, 0.125, 0.125], [0.125, 0.5, 0.25, 0.125]
    ),
    "sign turned": -0.5,
    "mean length unweighted, nothing to save": 0.0,
    "against two bits each": 2.25 - 2,
    "guess": 1,
}

q06 = {
    "a rainy day's loss": -math.log(0.8),
    "a dry day's loss": -math.log(0.2),
    "in bits": ce.entropy([0.8, 0.2], base=2),
    "rain term only": -0.8 * math.log(0.8),
    "honest, so nothing": 0,
    "the two losses not weighted": -(math.log(0.8) + math.log(0.2)) / 2,
    "weights exchanged": -(0.2 * math.log(0.8) + 0.8 * math.log(0.2)),
    "summed over ten days": 10 * ce.entropy([0.8, 0.2]),
    "Brier score": 0.8 * 0.2,
    "price of a coin, a guess": 0.693,
}

wrong_row, other_row = -math.log(0.01), -math.log(0.99)
q08 = {
    "one row of 100": 0.01,
    "the loss of the row": wrong_row,
    "the row over the others": wrong_row / (99 * other_row),
    "share of the other rows": 99 * other_row / (wrong_row + 99 * other_row),
    "mean loss": (wrong_row + 99 * other_row) / 100,
    "the pitfall in the text, nine tenths": 0.9,
    "in per cent": 82.2,
    "one wrong against one right row": wrong_row / other_row,
    "guess": 0.75,
}

q09 = {
    "label minus probability": -0.9,
    "slope in p": 1 / (1 - 0.9),
    "y taken for 1": 0.9 - 1,
    "1 − p": 0.1,
    "slope of the sigmoid": 0.9 * 0.1,
    "the loss itself": -math.log(0.1),
    "the logit": math.log(0.9 / 0.1),
    "slope of half the squared error": 0.9 * 0.9 * 0.1,
    "minus one over p": -1 / 0.9,
    "guess": 0.5,
}
