"""The neuron of notebook 06 that learns NOT by two losses."""

import math

STEPS = 300
ROWS = ((1, 0), (0, 1))  # x and what the neuron should answer: NOT


def neuron_outputs(
    w: float, b: float, eta: float, loss: str, steps: int = STEPS
) -> list[tuple[float, float]]:
    """Outputs σ(wx + b) for x = 1 and x = 0 of a neuron that learns NOT, before and after steps.

    Parameters
    ----------
    w, b : float
        Weight and bias at the start.
    eta : float
        Learning rate of plain gradient descent on the mean loss of the two rows.
    loss : {"cross_entropy", "squared_error"}
        The second is ½ (p − y)².
    steps : int
        How many.

    Returns
    -------
    list of (float, float)
        steps + 1 pairs, the first one untrained: the output for x = 1, which should become 0, and
        for x = 0, which should become 1.

    Examples
    --------
    >>> [[round(p, 3) for p in both] for both in neuron_outputs(0, 0, 1, "cross_entropy", 1)]
    [[0.5, 0.5], [0.438, 0.5]]
    """
    outputs = []
    for _ in range(steps + 1):
        told = [1 / (1 + math.exp(-w * x - b)) for x, _ in ROWS]
        outputs.append(tuple(told))
        slopes = [p - y for p, (_, y) in zip(told, ROWS, strict=True)]
        if loss == "squared_error":
            slopes = [slope * p * (1 - p) for slope, p in zip(slopes, told, strict=True)]
        w -= eta * slopes[0] / 2  # only the row with x = 1 hears of w; every row hears of b
        b -= eta * sum(slopes) / 2
    return outputs
