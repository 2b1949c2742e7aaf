"""The raw columns of Harbor Payments' transactions, drawn at random.

How each column is distributed; nothing here knows what fraud is.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Columns = dict[str, NDArray[Any]]


class Category(NamedTuple):
    """A kind of merchant: share of the rows, ln amount, share of e-commerce, added risk."""

    share: float
    log_mean: float
    log_sd: float
    ecom: float
    risk: float


CATEGORIES = {
    "grocery": Category(0.27, 3.3, 0.7, 0.10, -0.6),
    "fuel": Category(0.12, 3.7, 0.4, 0.01, -0.4),
    "restaurant": Category(0.20, 3.2, 0.6, 0.12, -0.5),
    "travel": Category(0.06, 5.4, 0.9, 0.75, 0.3),
    "electronics": Category(0.07, 5.0, 0.9, 0.55, 0.7),
    "digital": Category(0.13, 2.6, 0.9, 0.97, 0.4),
    "gaming": Category(0.03, 3.3, 0.9, 0.97, 0.6),
    "fashion": Category(0.12, 4.1, 0.7, 0.45, 0.1),
}
# the same table by columns, float32: BY_CATEGORY.risk[category]
BY_CATEGORY = Category(*np.array(list(CATEGORIES.values()), dtype=np.float32).T)
TRAVEL = list(CATEGORIES).index("travel")
LOG_CB_RATE = -5.9  # of an established merchant, on average


class Draws:
    """`count` independent draws from a distribution at each call; float32 where NumPy has it."""

    def __init__(self, count: int, rng: np.random.Generator) -> None:
        self.count, self.rng = count, rng

    def uniform(self) -> NDArray[np.float32]:
        return self.rng.random(self.count, dtype=np.float32)

    def normal(self) -> NDArray[np.float32]:
        return self.rng.standard_normal(self.count, dtype=np.float32)

    def exponential(self) -> NDArray[np.float32]:
        return self.rng.standard_exponential(self.count, dtype=np.float32)

    def gamma(self, shape: float) -> NDArray[np.float32]:
        return self.rng.standard_gamma(shape, self.count, dtype=np.float32)

    def poisson(self, mean: Any) -> NDArray[np.int16]:
        return self.rng.poisson(mean, self.count).astype(np.int16)

    def happens(self, probability: Any) -> NDArray[np.bool_]:
        return self.uniform() < probability


def draw_columns(count: int, rng: np.random.Generator) -> Columns:
    """The 19 raw columns of `count` transactions, by name."""
    draw = Draws(count, rng)

    category = np.searchsorted(np.cumsum(BY_CATEGORY.share)[:-1], draw.uniform(), "right")
    log_mean, log_sd, ecom_share = (x[category] for x in BY_CATEGORY[1:4])
    unusual = draw.normal()  # moves the amount, and its ratio to what this card usually pays
    ratio_alone = draw.normal()
    hour = np.where(draw.happens(0.10), 24 * draw.uniform(), (14 + 4 * draw.normal()) % 24)

    ecom = draw.happens(ecom_share)
    mismatch = draw.happens(0.012 + 0.10 * (category == TRAVEL) + 0.03 * ecom)
    log_km = np.where(mismatch, 7.2, 1.8 + 0.8 * ecom) + 1.2 * draw.normal()

    habit = draw.gamma(0.9)  # how often this card pays
    txn_1h = draw.poisson(0.12 * habit + 3 * draw.happens(0.012))
    young = draw.happens(0.04)
    log_cb_rate = LOG_CB_RATE + 0.75 * draw.normal() + 0.8 * young
    ip_a, ip_b = draw.gamma(1.2), draw.gamma(9.0)  # a/(a + b) is Beta(1.2, 9)

    columns = {
        "category": category.astype(np.int8),
        "amount": np.exp(log_mean + log_sd * unusual),
        "amount_ratio": np.exp(0.55 * (unusual + ratio_alone)),
        "hour": hour,
        "ecom": ecom,
        "country_mismatch": mismatch,
        "distance_km": np.exp(log_km),
        "txn_1h": txn_1h,
        "txn_24h": txn_1h + draw.poisson(1.6 * habit),
        "device_age_d": np.where(draw.happens(0.05), 2 * draw.uniform(), 300 * draw.exponential()),
        "account_age_d": 600 * draw.gamma(2.0),
        "cred_change_d": np.where(
            draw.happens(0.015), 3 * draw.uniform(), 3 + 400 * draw.exponential()
        ),
        "three_ds": draw.happens(0.55) & ecom,
        "failed_auth_24h": draw.poisson(0.05 + 2 * draw.happens(0.008)),
        "merchant_age_d": np.where(young, 90 * draw.uniform(), 90 + 1500 * draw.exponential()),
        "merchant_cb_rate": np.minimum(0.3, np.exp(log_cb_rate)),
        "prior_disputes": draw.poisson(0.04),
        "round_amount": draw.happens(0.07),
        "ip_risk": ip_a / (ip_a + ip_b) + 0.12 * (mismatch & ecom),
    }
    floats = {name: x.astype(np.float32) for name, x in columns.items() if x.dtype.kind == "f"}
    return columns | floats
