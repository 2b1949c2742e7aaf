"""Wrong answers to the exercises of notebook 00."""

import math

rain = {
    "base 2": -math.log2(0.6),
    "base 10, copied from a calculator": 0.2218,
    "forgot the minus": math.log(0.6),
    "the chance itself": 0.6,
    "surprise of the dry day": -math.log(1 - 0.6),
    "1 - p": 0.4,
    "the whole entropy, both weathers": -0.6 * math.log(0.6) - 0.4 * math.log(0.4),
    "the 0.8 of the text above": -math.log(0.8),
    "base 10 and without the minus": math.log10(0.6),
    "a guess": 0.5,
}
