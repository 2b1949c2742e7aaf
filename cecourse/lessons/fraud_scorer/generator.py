"""Layer 4: Harbor Payments, an invented processor of card payments, and the truth about its fraud.

A generator of labelled transactions whose posterior is exact, so that every model can be compared
with the best possible one. Its specification: how the columns are distributed in
`draws.py`, what makes a transaction fraudulent in `scores.py`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from numbers import Real
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cehelpers._checks import check_integer

from .draws import CATEGORIES, Columns, draw_columns
from .scores import TYPES, posterior

LOGS = ("amount", "amount_ratio", "merchant_cb_rate")
LOGS_OF_1_MORE = (
    "distance_km",
    "txn_1h",
    "txn_24h",
    "device_age_d",
    "account_age_d",
    "cred_change_d",
    "failed_auth_24h",
    "merchant_age_d",
    "prior_disputes",
)
AS_THEY_ARE = ("ecom", "country_mismatch", "three_ds", "round_amount", "ip_risk")
DESIGN_COLUMNS = (
    *(f"log {name}" for name in LOGS),
    *(f"log(1 + {name})" for name in LOGS_OF_1_MORE),
    *AS_THEY_ARE,
    "sin hour",
    "cos hour",
    *list(CATEGORIES)[1:],
)
LAST_MONTH = np.iinfo(np.int16).max


@dataclass(frozen=True, eq=False, repr=False)
class Transactions:
    """Rows of transactions: what is recorded about them, and the truth.

    ``len(rows)`` counts them, ``rows[index]`` picks some (a slice, a mask or row numbers) and
    ``rows.in_months(8, 9)`` the rows of some months.

    Attributes
    ----------
    raw : dict of ndarray, each of shape (n,)
        The 19 columns by name; amounts in euros, ages in days.
    month : ndarray of int16
        Month of each row.
    label : ndarray of int32
        1 where a row is recorded as fraud: what a model trains on.
    kind : ndarray of int32
        The truth: 0 legit, 1 stolen card, 2 account takeover, 3 merchant collusion.
    posterior : ndarray of float32, shape (n, 4)
        Probability of each kind, given the row: what the best possible model would say.
    """

    raw: Columns
    month: NDArray[np.int16]
    label: NDArray[np.int32]
    kind: NDArray[np.int32]
    posterior: NDArray[np.float32]

    @property
    def is_fraud(self) -> NDArray[np.int32]:
        """1 where a row is fraud in truth; equal to `label` unless labels have drifted."""
        return (self.kind > 0).astype(np.int32)

    @property
    def fraud_prob(self) -> NDArray[np.float32]:
        """Probability of fraud, of any kind, given the row."""
        return self.posterior[:, 1:].sum(axis=1)

    @property
    def fraud_logit(self) -> NDArray[np.float32]:
        """Logit of `fraud_prob`, with its digits kept at both ends."""
        return np.log(self.fraud_prob) - np.log(self.posterior[:, 0])

    def in_months(self, *months: int) -> "Transactions":
        """The rows of these months: views, without a copy, where they stand together."""
        absent = set(months) - set(np.unique(self.month).tolist())
        if absent or not months:
            raise ValueError(f"months must be among those of the rows; got {months}")
        wanted = np.isin(self.month, months)
        first, count = int(wanted.argmax()), int(wanted.sum())
        together = slice(first, first + count)
        return self[together if wanted[together].all() else wanted]

    def __len__(self) -> int:
        return len(self.month)

    def __repr__(self) -> str:
        months = ", ".join(map(str, np.unique(self.month)))
        return f"<{len(self):,} transactions of months {months}: {self.label.sum():,} labelled 1>"

    def __getitem__(self, index: Any) -> "Transactions":
        if not (isinstance(index, slice) or np.ndim(index) == 1):
            raise TypeError(f"index must be a slice, a mask or row numbers; got {index!r}")
        raw = {name: column[index] for name, column in self.raw.items()}
        return Transactions(raw, *(getattr(self, f.name)[index] for f in fields(self)[1:]))


class Scale(NamedTuple):
    """Mean and standard deviation of each of the 26 columns of the design matrix."""

    mean: NDArray[np.float32]
    sd: NDArray[np.float32]


def fraud_months(
    months: int | Iterable[int] = range(12),
    *,
    rows_per_month: int = 200_000,
    seed: int = 2026,
    amount_in_cents: float = 0.0,
    fraud_wave: float = 1.0,
    concept_drift: float = 0.0,
    pending_chargebacks: float = 0.0,
    label_flips: float = 0.0,
    callback: Callable[[int], Any] | None = None,
) -> Transactions:
    """Labelled card transactions of Harbor Payments, 0.18% of them fraud, with their posterior.

    A month's rows depend on `seed`, `rows_per_month` and the month, not on the other months. Each
    drift changes what it says and nothing else: the same transactions, compared row by row.

    Parameters
    ----------
    months : int or iterable of int
        Months in [0, 32767], each once: 0 to 11 are the first year.
    rows_per_month : int
        Rows of each month, ≥ 1.
    seed : int
        Seed ≥ 0; another one is another year.
    amount_in_cents : float
        Share of the rows, in [0, 1], whose recorded amount is 100 times too large: a fault of
        the pipeline. The truth stays.
    fraud_wave : float
        Factor in [1e-6, 1e6] on the odds of fraud of every row: 2 is about twice as much fraud.
        The columns stay; labels and posterior follow.
    concept_drift : float
        Share of the fraud, in [0, 1], that thieves commit in a new manner, as often as before.
        The columns stay; labels and posterior follow.
    pending_chargebacks : float
        Share of the frauds, in [0, 1], that nobody has disputed yet and that are labelled 0. The
        truth stays.
    label_flips : float
        Share of all labels, in [0, 1], that are recorded the wrong way round. The truth stays.
    callback : callable, optional
        callback(month) after each month.

    Returns
    -------
    Transactions
        n = rows_per_month × number of months rows, 79 bytes each, in the order of `months`.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described; the message names it and shows the value.

    Examples
    --------
    >>> rows = fraud_months(range(2), rows_per_month=10_000)
    >>> rows
    <20,000 transactions of months 0, 1: 34 labelled 1>
    >>> rows.posterior.shape, list(rows.raw)[:3]
    ((20000, 4), ['category', 'amount', 'amount_ratio'])
    >>> alone = fraud_months(1, rows_per_month=10_000)  # the same rows without month 0
    >>> bool((alone.raw["amount"] == rows.in_months(1).raw["amount"]).all())
    True
    >>> cents = fraud_months(1, rows_per_month=10_000, amount_in_cents=1)
    >>> bool((cents.posterior == alone.posterior).all())
    True
    >>> (cents.raw["amount"] / alone.raw["amount"])[:3].round(3)
    array([100., 100., 100.], dtype=float32)
    """
    months = _check_months(months)
    count = check_integer("rows_per_month", rows_per_month, 1)
    seed = check_integer("seed", seed, 0)
    drift = {
        "wave": _within("fraud_wave", fraud_wave, 1e-6, 1e6),
        "cents": _share("amount_in_cents", amount_in_cents),
        "concept": _share("concept_drift", concept_drift),
        "pending": _share("pending_chargebacks", pending_chargebacks),
        "flips": _share("label_flips", label_flips),
    }
    if not (callback is None or callable(callback)):
        raise TypeError(f"callback must be a function or None; got {callback!r}")

    def parts() -> Iterator[Transactions]:
        for month in months:
            part = _one_month(month, count, seed, **drift)
            if callback is not None:
                callback(month)
            yield part

    return _joined(parts(), count, len(months))


def fraud_scale(rows: Transactions) -> Scale:
    """Mean and standard deviation of the design matrix's columns, to standardise others by.

    Parameters
    ----------
    rows : Transactions
        Rows of the training months, at least two.

    Returns
    -------
    Scale
        Named tuple of `mean` and `sd`, shape (26,) each; sd is 1 for a constant column.

    Raises
    ------
    TypeError, ValueError
        If `rows` are no Transactions, or fewer than two.

    Examples
    --------
    >>> train = fraud_months(0, rows_per_month=10_000)
    >>> scale = fraud_scale(train)
    >>> bool(abs(fraud_design(train, scale=scale).mean(axis=0)).max() < 1e-5)
    True
    >>> print(DESIGN_COLUMNS[0], scale.mean[0].round(1), "±", scale.sd[0].round(1))
    log amount 3.6 ± 1.0
    """
    if len(_check_rows(rows)) < 2:
        raise ValueError(f"rows must be at least two; got {rows!r}")
    mean, sd = np.empty((2, len(DESIGN_COLUMNS)), dtype=np.float32)
    for j, column in enumerate(_design_columns(rows)):
        mean[j], sd[j] = column.mean(dtype=float), column.std(dtype=float)
    return Scale(mean, np.where(sd > 0, sd, np.float32(1)))


def fraud_design(rows: Transactions, *, scale: Scale | None = None) -> NDArray[np.float32]:
    """Design matrix of transactions: 26 columns, named in ``fraud.DESIGN_COLUMNS``.

    Logarithms of what is positive and unbounded (of 1 + x where x may be 0), sine and cosine of
    the hour, and a dummy for each category but the first.

    Parameters
    ----------
    rows : Transactions
        From `fraud_months`.
    scale : Scale, optional
        From `fraud_scale` of the training rows: columns come as (x − mean)/sd.

    Returns
    -------
    ndarray of float32, shape (n, 26)
        Features for `fit_mlp` or `fit_logistic`.

    Raises
    ------
    TypeError
        If `rows` are no Transactions or `scale` is no Scale.

    Examples
    --------
    >>> rows = fraud_months(0, rows_per_month=1000)
    >>> X = fraud_design(rows)
    >>> X.shape, bool((X[:, 0] == np.log(rows.raw["amount"])).all())
    ((1000, 26), True)
    >>> DESIGN_COLUMNS[-9:-5]
    ('sin hour', 'cos hour', 'fuel', 'restaurant')
    """
    if not (scale is None or isinstance(scale, Scale)):
        raise TypeError(f"scale must be a Scale, of fraud_scale, or None; got {type(scale)}")
    X = np.empty((len(_check_rows(rows)), len(DESIGN_COLUMNS)), dtype=np.float32)
    for j, column in enumerate(_design_columns(rows)):
        X[:, j] = column if scale is None else (column - scale.mean[j]) / scale.sd[j]
    return X


def _design_columns(rows: Transactions) -> Iterator[NDArray[np.float32]]:
    raw = rows.raw
    yield from (np.log(raw[name]) for name in LOGS)
    yield from (np.log1p(raw[name], dtype=np.float32) for name in LOGS_OF_1_MORE)
    yield from (raw[name].astype(np.float32) for name in AS_THEY_ARE)
    angle = raw["hour"] * np.float32(2 * np.pi / 24)
    yield np.sin(angle)
    yield np.cos(angle)
    yield from ((raw["category"] == k).astype(np.float32) for k in range(1, len(CATEGORIES)))


# ---------------------------------------------------------------- inside


def _one_month(
    month: int,
    count: int,
    seed: int,
    *,
    wave: float,
    cents: float,
    concept: float,
    pending: float,
    flips: float,
) -> Transactions:
    # a stream for each purpose, so that no drift disturbs the others
    streams = np.random.SeedSequence([seed, month]).spawn(5)
    of_columns, of_kind, of_cents, of_pending, of_flips = map(np.random.default_rng, streams)
    columns = draw_columns(count, of_columns)
    p = posterior(columns, wave=wave, concept=concept)
    # the inverse of the distribution function, fraud first: more fraud keeps what was fraud
    steps = p[:, 1:].cumsum(axis=1, dtype=float).T
    u = of_kind.random(count)
    kind = np.select([u < step for step in steps], range(1, len(TYPES)), 0).astype(np.int32)
    late = of_pending.random(count) < pending
    flipped = of_flips.random(count) < flips
    label = ((kind > 0) & ~late) ^ flipped
    columns["amount"][of_cents.random(count) < cents] *= 100
    return Transactions(columns, np.full(count, month, np.int16), label.astype(np.int32), kind, p)


def _joined(parts: Iterable[Transactions], count: int, months: int) -> Transactions:
    """One table of all parts, of which no more than one is in memory beside it."""
    whole = None
    for number, part in enumerate(parts):
        if months == 1:
            return part
        if whole is None:
            arrays = [np.empty((months * count, *x.shape[1:]), x.dtype) for x in _arrays_of(part)]
            names = list(part.raw)
            whole = Transactions(dict(zip(names, arrays, strict=False)), *arrays[len(names) :])
        for mine, its in zip(arrays, _arrays_of(part), strict=True):
            mine[number * count : (number + 1) * count] = its
    return whole


def _arrays_of(rows: Transactions) -> list[NDArray[Any]]:
    return [*rows.raw.values(), rows.month, rows.label, rows.kind, rows.posterior]


def _check_rows(rows: Any) -> Transactions:
    if not isinstance(rows, Transactions):
        raise TypeError(f"rows must be Transactions, of fraud_months; got {type(rows)}")
    return rows


def _check_months(months: Any) -> list[int]:
    try:
        listed = list(months) if np.iterable(months) else [months]
        checked = [check_integer("months", month, 0, LAST_MONTH) for month in listed]
    except TypeError:
        raise TypeError(f"months must be integers; got {months!r}") from None
    if not checked or len(set(checked)) < len(checked):
        raise ValueError(f"months must be one or more, each once; got {listed}")
    return checked


def _share(name: str, value: float) -> float:
    return _within(name, value, 0, 1)


def _within(name: str, value: float, low: float, high: float) -> float:
    if not isinstance(value, Real):
        raise TypeError(f"{name} must be one number; got {value!r}")
    if not low <= value <= high:
        raise ValueError(f"{name} must lie in [{low:g}, {high:g}]; got {value}")
    return float(value)
