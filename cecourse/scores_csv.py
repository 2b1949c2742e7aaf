"""Read labels and forecasts from a CSV file, as people have them, and say what was taken for what.

With the standard library and NumPy: separators , ; or tab, decimal commas, percent signs, labels
as words, gzip. What cannot be read is an error that names line and column and shows the value.
"""

from __future__ import annotations

import csv
import gzip
import re
import zlib
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# of each role the first that the file has is taken
NAMES = {
    role: text.split()
    for role, text in {
        "truth": "y y_true label labels target truth actual outcome class event is_fraud fraud "
        "default churn click clicked converted response",
        "prob": "p prob probability proba y_prob y_proba y_pred_proba p_1 prob_1 proba_1 score "
        "y_score forecast prediction y_pred y_hat confidence",
        "logit": "logit logits log_odds logodds margin raw_score",
        "weight": "weight weights sample_weight w",
    }.items()
}
POSITIVE, NEGATIVE = (
    set(text.split())
    for text in (
        "1 1.0 true t yes y positive pos + fraud bad default churn click spam event",
        "0 0.0 false f no n negative neg - -1 legit legitimate good normal ham",
    )
)
MISSING = {"", "na", "n/a", "nan", "null", "none", "?"}
CLASS_COLUMN = re.compile(r"(?:p|prob|proba|probability)_(.+)", re.IGNORECASE)
ROUNDED = 0.01  # so far from 1 may the sum of a row's printed probabilities be


class CsvError(ValueError):
    """What is wrong, in which line and column, and the value."""


class Scores(NamedTuple):
    """What a file holds.

    `forecast` is (n,) probabilities or logits, or (n, K) probabilities, and `kind` the name of
    `audit`'s argument for them; `said` are sentences about what was taken for what, `lines` the
    line of each row in the file, its last.
    """

    y: NDArray[np.int64]
    forecast: NDArray[np.float64]
    kind: str
    weight: NDArray[np.float64] | None
    classes: tuple[str, ...]
    said: tuple[str, ...]
    lines: array


class _Table(NamedTuple):
    """Columns of strings by their name, and each row's last line in the file."""

    columns: dict[str, list[str]]
    lines: array

    def wrong(self, row: int, name: str, what: str) -> CsvError:
        value = self.columns[name][row]
        shown = repr(value if len(value) <= 40 else value[:40] + "…")
        return CsvError(f"line {self.lines[row]}, column {name!r}: {what}; got {shown}")


def read_scores(
    path: str | Path,
    *,
    truth: str | None = None,
    prob: str | None = None,
    logit: str | None = None,
    weight: str | None = None,
    positive: str | None = None,
) -> Scores:
    """Read labels, forecasts and weights.

    Parameters
    ----------
    path : str or Path
        A CSV file with names in its first line, gzipped where its name ends in .gz.
    truth, prob, logit, weight : str, optional
        Names of columns; what is not named is guessed from `NAMES`, and K ≥ 3 columns p_0 … or
        prob_<class> are the probabilities of K classes.
    positive : str, optional
        Which label is the positive one, where the words do not tell.

    Raises
    ------
    CsvError
        With line, column and value.
    """
    names = _header(Path(path))
    classes = {} if prob or logit else _class_columns(names)
    if classes and truth is None:
        truth = _guess(names, "truth")
    roles = {"truth": truth, "prob": prob, "logit": logit, "weight": weight}
    found = {role: _named(names, name, role) for role, name in roles.items() if name}
    for role in NAMES:
        decided = role in found or (role in ("prob", "logit") and (classes or prob or logit))
        if not decided and (name := _guess(names, role)) is not None:
            found[role] = name
    if "prob" in found and "logit" in found and not logit:
        del found["logit"]  # a probability is taken before its logit
    if classes and positive:
        raise CsvError(
            f"--positive is for two classes; the columns {', '.join(classes)} are {len(classes)}"
        )
    if prob and logit:
        raise CsvError("name one of --prob and --logit, not both")
    forecasts = list(classes) or [found[role] for role in ("prob", "logit") if role in found]
    for role, there in (("truth", "truth" in found), ("prob", forecasts)):
        if not there:
            options = "--prob or --logit" if role == "prob" else f"--{role}"
            known = ", ".join(map(repr, names))
            raise CsvError(f"which column is it? name it with {options}; the file has {known}")
    table = _read(Path(path), names, [found["truth"], *forecasts, *_optional(found, "weight")])
    said = [f"{len(table.lines):,} rows"]
    if classes:
        y = _labels_of_classes(table, found["truth"], tuple(classes.values()))
        z, more = _class_rows(table, list(classes))
        kind = "y_prob"
        said += [
            f"labels: column {found['truth']!r}",
            f"{len(classes)} classes: {', '.join(map(repr, classes))}",
            *more,
        ]
    else:
        y, more = _binary(table, found["truth"], positive)
        kind = "logits" if "logit" in found else "y_prob"
        z, per_cent = _numbers(table, forecasts[0], *_RANGES[kind])
        what = "logits" if kind == "logits" else "probabilities"
        said += [
            f"labels: column {found['truth']!r}, {more}",
            f"{what}: column {forecasts[0]!r}{per_cent}",
        ]
    weights = None
    if "weight" in found:
        weights, more = _numbers(table, found["weight"], *_RANGES["weight"])
        said.append(f"weights: column {found['weight']!r}{more}")
    taken = {found["truth"], *forecasts, *_optional(found, "weight")}
    if left := [name for name in names if name not in taken]:
        said.append(f"not used: {', '.join(map(repr, left[:8]))}{' …' if len(left) > 8 else ''}")
    return Scores(y, z, kind, weights, tuple(classes.values()), tuple(said), table.lines)


# ---------------------------------------------------------------- the file


def _open(path: Path):
    opened = gzip.open if path.suffix == ".gz" else open
    return opened(path, "rt", encoding="utf-8-sig", newline="")


def _unreadable(path: Path, error: Exception) -> CsvError:
    return CsvError(f"{path.name} cannot be read: {getattr(error, 'strerror', None) or error}")


def _header(path: Path) -> list[str]:
    """The names in the first line."""
    names, _ = _first_line(path)
    for name in names:
        if _is_number(name):
            raise CsvError(f"line 1 must hold the names of the columns; got {name!r}")
    if twice := [name for name in names if names.count(name) > 1]:
        raise CsvError(f"line 1 must name each column once; got {twice[0]!r} twice")
    return names


def _first_line(path: Path) -> tuple[list[str], str]:
    """The names, and the separator that splits them most."""
    try:
        with _open(path) as file:
            line = file.readline()
    except UnicodeDecodeError:
        raise CsvError(f"{path.name} must be text in UTF-8: save it as “CSV UTF-8”") from None
    except (OSError, EOFError, zlib.error) as error:
        raise _unreadable(path, error) from None
    if not line.strip():
        raise CsvError(f"{path.name} is empty" if not line else "line 1 must name the columns")
    split = {sep: next(csv.reader([line], delimiter=sep)) for sep in ",;\t"}
    best = max(split, key=lambda sep: len(split[sep]))
    return [name.strip() for name in split[best]], best


def _read(path: Path, names: list[str], wanted: list[str]) -> _Table:
    """The columns that are wanted, all rows."""
    columns: dict[str, list[str]] = {name: [] for name in wanted}
    where = [(names.index(name), column) for name, column in columns.items()]
    lines, separator = array("q"), _first_line(path)[1]
    try:
        with _open(path) as file:
            rows = csv.reader(file, delimiter=separator, strict=True)
            next(rows)
            for row in rows:
                if len(row) != len(names):
                    if not any(map(str.strip, row)):
                        continue  # a blank line
                    raise CsvError(
                        f"line {rows.line_num} must have {len(names)} fields, as the names in "
                        f"line 1; got {len(row)}: {row[:6]}"
                    )
                for at, column in where:
                    column.append(row[at])
                lines.append(rows.line_num)
    except UnicodeDecodeError:
        raise CsvError(f"{path.name} must be text in UTF-8: save it as “CSV UTF-8”") from None
    except (OSError, EOFError, zlib.error) as error:
        raise _unreadable(path, error) from None
    except csv.Error as error:
        raise CsvError(f"line {rows.line_num} is no CSV: {error}") from None
    if not lines:
        raise CsvError(f"{path.name} has names in line 1, and no rows")
    return _Table(columns, lines)


# ---------------------------------------------------------------- columns


def _key(name: str) -> str:
    return re.sub(r"[\s\-.]+", "_", name.strip().lower())


def _guess(names: list[str], role: str) -> str | None:
    by_key = {_key(name): name for name in reversed(names)}
    known = next((by_key[key] for key in NAMES[role] if key in by_key), None)
    if known is None and role == "truth":
        known = next((name for key, name in by_key.items() if key.startswith("is_")), None)
    return known


def _named(names: list[str], name: str, role: str) -> str:
    if name not in names:
        raise CsvError(f"--{role} must name a column; got {name!r}, the file has {names}")
    return name


def _optional(found: dict[str, str], role: str) -> list[str]:
    return [found[role]] if role in found else []


def _class_columns(names: list[str]) -> dict[str, str]:
    """Three or more columns p_0 … or prob_<class>, with their classes."""
    matches = {name: CLASS_COLUMN.fullmatch(name.strip()) for name in names}
    classes = {name: match[1] for name, match in matches.items() if match}
    return classes if len(classes) >= 3 else {}


# ---------------------------------------------------------------- values


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text.strip().lower() not in MISSING


def _number(text: str) -> float:
    """A number with a decimal point or comma, and with a percent sign or without."""
    text = text.strip()
    share = text.endswith("%")
    text = text.removesuffix("%").strip()
    if "," in text and "." not in text:
        text = text.replace(",", ".", 1)
    return float(text) / 100 if share else float(text)


def _numbers(
    table: _Table, name: str, holds: Callable[[NDArray], NDArray], what: str
) -> tuple[NDArray[np.float64], str]:
    """A column as numbers that are as they must be, and a remark on percent signs."""
    texts = table.columns[name]
    try:
        x = np.array(list(map(float, texts)))
    except ValueError:
        x = np.empty(len(texts))
        for row, text in enumerate(texts):
            try:
                x[row] = _number(text)
            except ValueError:
                missing = text.strip().lower() in MISSING
                must = "a value is missing" if missing else "must be a number"
                raise table.wrong(row, name, must) from None
    ok = holds(x)
    if not ok.all():
        row = int(np.argmin(ok))
        raise table.wrong(row, name, "a value is missing" if np.isnan(x[row]) else what)
    signs = {"%": ", percent signs read", ",": ", commas read as decimal points"}
    return x, "".join(said for sign, said in signs.items() if any(sign in t for t in texts))


_RANGES = {
    "y_prob": (
        lambda x: (x >= 0) & (x <= 1),
        "a probability must lie in [0, 1] (write 85% with its sign; name logits with --logit)",
    ),
    "logits": (lambda x: ~np.isnan(x), "must be a number"),
    "weight": (lambda x: (x >= 0) & (x < np.inf), "a weight must be finite and not negative"),
}


def _binary(table: _Table, name: str, positive: str | None) -> tuple[NDArray[np.int64], str]:
    """Labels 0 and 1, and which word was which."""
    texts = table.columns[name]
    distinct = dict.fromkeys(texts)
    words = {text: text.strip().lower() for text in distinct}
    for text, word in words.items():
        if word in MISSING:
            raise table.wrong(texts.index(text), name, "a label is missing")
    if positive is not None:
        is_positive = {text: word == positive.strip().lower() for text, word in words.items()}
        if not any(is_positive.values()):
            raise CsvError(f"--positive must be a label of column {name!r}; got {positive!r}")
    else:
        is_positive = _which_is_positive(table, name, words)
    shown = {
        side: sorted({t.strip() for t, is_it in is_positive.items() if is_it == side})
        for side in (True, False)
    }
    said = f"{_listed(shown[True])} is positive, {_listed(shown[False])} is negative"
    return np.array([is_positive[text] for text in texts], np.int64), said


def _listed(texts: list[str]) -> str:
    return " or ".join(map(repr, texts[:4])) or "no label"


def _which_is_positive(table: _Table, name: str, words: dict[str, str]) -> dict[str, bool]:
    """By the words that everybody uses; of two labels, one of them is enough."""
    known = {text: word in POSITIVE for text, word in words.items() if word in POSITIVE | NEGATIVE}
    unknown = [text for text in words if text not in known]
    kinds = sorted({words[text] for text in unknown})
    if not unknown:
        return known
    if len(kinds) == 1 and len(set(known.values())) == 1 and not _is_number(kinds[0]):
        return known | dict.fromkeys(unknown, not next(iter(known.values())))
    row = table.columns[name].index(unknown[0])
    if len(set(words.values())) == 2:
        raise table.wrong(row, name, "which of the two labels is positive? say --positive LABEL")
    raise table.wrong(row, name, "a label must be 0 or 1 (or yes and no, fraud and legit …)")


def _labels_of_classes(table: _Table, name: str, classes: tuple[str, ...]) -> NDArray[np.int64]:
    index = {word.strip().lower(): k for k, word in enumerate(classes)}
    texts = table.columns[name]
    found = {text: index.get(text.strip().lower().removesuffix(".0")) for text in set(texts)}
    if None in found.values():
        row = next(row for row, text in enumerate(texts) if found[text] is None)
        raise table.wrong(row, name, f"a label must be one of {', '.join(map(repr, classes[:8]))}")
    return np.array([found[text] for text in texts], np.int64)


def _class_rows(table: _Table, names: list[str]) -> tuple[NDArray[np.float64], list[str]]:
    """A row of K probabilities for each case, which sum to 1 but for their printed digits."""
    p = np.stack([_numbers(table, name, *_RANGES["y_prob"])[0] for name in names], axis=1)
    sums = p.sum(axis=1)
    off = np.abs(sums - 1)
    if off.max() > ROUNDED:
        row = int(off.argmax())
        raise CsvError(
            f"line {table.lines[row]}, columns {names[0]!r} to {names[-1]!r}: probabilities must "
            f"sum to 1; got {sums[row]:.6g}"
        )
    if off.max() <= 1e-6:
        return p, []
    return p / sums[:, None], [
        f"rows divided by their sums, which rounding left up to {off.max():.2g} from 1"
    ]
