"""The truth about Harbor Payments: how probable each type of fraud is, given a row.

Types are drawn from softmax(0, f₁ + a₁, f₂ + a₂, f₃ + a₃): a score f is a sum of terms, a term a
coefficient times a product of signals, and a signal a squashed column in [0, 1] or nearly.
"""

from math import pi
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cehelpers import sigmoid, softmax

from .draws import BY_CATEGORY, LOG_CB_RATE, Columns

Table = dict[str, float]

TYPES = ("legit", "stolen", "takeover", "collusion")
SCALE = 1.47  # of every score: how far apart fraud and the rest are

# term: coefficient. "cnp*far" is the product of two signals.
STOLEN = {
    "log_amount": 0.35,
    "risk": 0.9,
    "night": 1.1,
    "log_ratio": 0.45,
    "cnp": 1.1,
    "velocity": 1.5,
    "far": 1.1,
    "failed": 0.5,
    "ip": 0.25,
    "cnp*far": 1.8,
    "big*velocity_capped": 1.6,
    "night*far*in_person": 1.3,
    "cnp*big": 0.8,
    "disputes": 0.5,
    "three_ds": -1.8,
}
TAKEOVER = {
    "log_amount": 0.25,
    "log_ratio": 0.5,
    "new_device": 1.3,
    "recent_credentials": 1.5,
    "failed": 0.6,
    "ip": 0.3,
    "night": 0.5,
    "ecom": 0.6,
    "new_device*recent_credentials": 2.9,
    "new_device*big": 1.5,
    "recent_credentials*failed_capped": 1.3,
    "new_device*old_account": 1.2,
    "velocity": 0.4,
}
COLLUSION = {
    "log_amount": 0.20,
    "chargebacks": 1.0,
    "young_merchant": 1.3,
    "round": 0.9,
    "ecom": -0.6,
    "far": -0.8,
    "log_24h": 0.4,
    "young_merchant*round": 2.2,
    "young_merchant*chargebacks_above": 0.9,
    "young_account*young_merchant": 1.4,
    "round*big": 0.7,
}
# a_k, for which the mean probability of each type is its target, 55, 30 and 15% of 0.0018: the
# fixed point of a_k += ln(target/mean) over 20 million rows, good to ±0.4, 0.5 and 0.8%
TODAY = (STOLEN, TAKEOVER, COLLUSION), (-13.0370, -12.0136, -14.8676)

# Thieves who have learnt: they buy by day and near the card's home, on known devices, at
# merchants old enough. What they want, and that they hurry, stays.
LATER = (
    (
        STOLEN | {"night": 0.0, "far": 0.0, "cnp*far": 0.0, "night*far*in_person": 0.0},
        TAKEOVER | {"new_device": 0.0, "new_device*recent_credentials": 0.0, "night": 0.0},
        COLLUSION | {"young_merchant": 0.0, "young_merchant*round": 0.0},
    ),
    (-11.7388, -10.6280, -12.2521),
)


def signals(columns: Columns) -> Columns:
    """What the scores are made of, from the raw columns, float32."""
    c = {name: x.astype(np.float32) for name, x in columns.items() if name != "category"}
    log_ratio, velocity = np.log(c["amount_ratio"]), np.log1p(c["txn_1h"])
    chargebacks = (np.log(c["merchant_cb_rate"]) - LOG_CB_RATE) / 0.8
    failed = np.minimum(c["failed_auth_24h"], 4)
    in_person = 1 - c["ecom"]
    return {
        "log_amount": np.log(c["amount"]),
        "log_ratio": log_ratio,
        "big": sigmoid(3 * (log_ratio - 0.9)),
        "risk": BY_CATEGORY.risk[columns["category"]],
        "round": c["round_amount"],
        "night": (1 + np.cos((2 * pi / 24) * (c["hour"] - 3))) / 2,  # 1 at 3 in the morning
        "ecom": c["ecom"],
        "in_person": in_person,
        "three_ds": c["three_ds"],
        "cnp": c["ecom"] * (1 - c["three_ds"]),  # card not present, and nobody asked
        "far": sigmoid(1.5 * (np.log(c["distance_km"]) - 6)),
        "ip": 6 * c["ip_risk"],
        "velocity": velocity,
        "velocity_capped": np.minimum(velocity, 1.4),
        "log_24h": np.log1p(c["txn_24h"]),
        "failed": failed,
        "failed_capped": np.minimum(failed, 2),
        "disputes": c["prior_disputes"],
        "new_device": sigmoid(2 * (2 - c["device_age_d"])),
        "recent_credentials": sigmoid(2 * (3 - c["cred_change_d"])),
        "young_account": sigmoid((120 - c["account_age_d"]) / 30),
        "old_account": sigmoid((c["account_age_d"] - 900) / 150),
        "young_merchant": sigmoid((90 - c["merchant_age_d"]) / 15),
        "chargebacks": chargebacks,
        "chargebacks_above": np.maximum(chargebacks, 0),
    }


def scores(signal: Columns, tables: tuple[Table, ...] = TODAY[0]) -> NDArray[np.float32]:
    """f₁, f₂, f₃ without the intercepts, shape (3, n)."""
    return np.array([SCALE * _weighted_sum(signal, table) for table in tables])


def posterior(columns: Columns, *, wave: float = 1.0, concept: float = 0.0) -> NDArray[np.float32]:
    """Probability of each type, shape (n, 4), where fraud has `wave` times its odds.

    A share `concept` of it follows LATER in place of TODAY: a mixture of the two posteriors.
    """
    signal = signals(columns)
    p = (1 - concept) * _posterior(signal, *TODAY)
    if concept:
        p += concept * _posterior(signal, *LATER)
    if wave != 1:
        p[1:] *= wave
        p /= p.sum(axis=0)
    return np.ascontiguousarray(p.T)


def _posterior(signal: Columns, tables: tuple[Table, ...], intercepts: Any) -> NDArray[np.float32]:
    f = scores(signal, tables)
    f += np.array(intercepts, dtype=np.float32)[:, None]
    return softmax(np.concatenate([np.zeros_like(f[:1]), f]), axis=0)


def _weighted_sum(signal: Columns, table: Table) -> NDArray[np.float32]:
    total = 0.0
    for term, coefficient in table.items():
        first, *others = term.split("*")
        product = coefficient * signal[first]
        for name in others:
            product *= signal[name]
        total += product
    return total
