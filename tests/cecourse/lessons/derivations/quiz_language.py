"""Questions 31 to 33: searched, counted token by token, or tried out."""

import numpy as np
from scipy.optimize import brentq

import cehelpers as ce

from . import only


def q31(tokens, perplexity):
    """The perplexity at which as many equal tokens of B cost what A's cost, in bits."""
    bill = np.full(tokens[0], ce.surprisal(1 / perplexity, base=2)).sum()

    def missing(found):
        return np.full(tokens[1], ce.surprisal(1 / found, base=2)).sum() - bill

    return brentq(missing, 1.001, 1e4, xtol=1e-12)


def q32(tokens):
    """What an extra nat on one token of each batch adds to the mean of the means."""

    def reported(batch):
        losses = [np.full(count, 2.0) for count in tokens]
        losses[batch][0] += 1
        return np.mean([one.mean() for one in losses])

    usual = np.mean([2.0, 2.0])
    return (reported(0) - usual) / (reported(1) - usual)


def q33():
    """Softmax of three answers: a path on which the loss falls and both log-probabilities do."""

    def of(z):
        logs = ce.log_softmax(np.array(z))
        return ce.binary_cross_entropy_with_logits(1, logs[0] - logs[1]), logs[0], logs[1]

    start, end = of([0.0, 0.0, 0.0]), of([-1.0, -3.0, 0.0])
    loss_and_both_fall = all(after < before for before, after in zip(start, end, strict=True))
    exchanged = ce.binary_cross_entropy_with_logits(1, end[2] - end[1])
    gradient = np.array([-0.5, 0.5, 0.0])  # of the loss in the logits where it starts
    small = of(-1e-3 * gradient)
    return only(
        {
            "are exchanged somewhere": not loss_and_both_fall and exchanged < start[0],
            "learning rate is too high": small[0] >= start[0],
            "have fallen faster": loss_and_both_fall and end[2] - start[2] < end[1] - start[1],
            "for other answers": not loss_and_both_fall,
        }
    )
