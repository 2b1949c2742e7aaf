"""Loss curves from text: a column of losses, or steps and losses, as a log has them."""

from __future__ import annotations

import csv
import itertools
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

MARKS = ("\t", ";", ",")  # between columns; the first that a line with numbers holds
MOST = 200_000  # lines
LARGEST = 1e100  # what a loss may be, up or down
_DECIMALS = re.compile(r"[0-9]+")  # what may follow a decimal comma


def read_curve(text: str) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
    """The losses of a CSV text, and those on new rows where there is a third column.

    One column is the loss; two are step and loss; a third is the loss on new rows, which may be
    empty. Columns are parted by tab, ``;`` or ``,``. With tab or ``;`` a comma is a decimal one;
    with ``,`` a line such as ``2,30`` is refused where it can be no step and loss. The first line
    may be a header; empty lines, and those that begin with ``#``, are passed over.

    Raises
    ------
    ValueError
        If a line holds no number where one must be, or one beyond ±1e100, or a decimal comma
        where commas part the columns; the message names the line.

    Examples
    --------
    >>> read_curve("step;loss\\n0;2,30\\n1;1,75\\n2;nan")[0]
    array([2.3 , 1.75,  nan])
    """
    lines = [
        (number, line.strip())
        for number, line in enumerate(text.lstrip("\ufeff").splitlines(), start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if len(lines) > MOST:
        raise ValueError(f"The text has {len(lines):,} lines; up to {MOST:,} are read.")
    mark = next((m for m in MARKS if any(m in line for _, line in lines[1:] or lines)), ",")
    rows = [(number, _fields(line, number, mark)) for number, line in lines]
    if rows and not any(map(_is_number, filter(None, rows[0][1]))):
        rows = rows[1:]  # a header
    if not rows:
        raise ValueError("There is no line with a loss. One number a line is enough.")
    width = len(rows[0][1])
    if width > 3:
        raise ValueError(
            f"Line {rows[0][0]} has {width} columns. Keep one (loss), two (step, loss), or three "
            "(step, loss, loss on new rows)."
        )
    if mark == ",":
        _no_decimal_comma(rows)
    losses, new = [], []
    for number, fields in rows:
        if len(fields) != width:
            raise ValueError(
                f"Line {number} has {len(fields)} column{'s' * (len(fields) != 1)}, and line "
                f"{rows[0][0]} has {width}: {shown(mark.join(fields))}."
            )
        losses.append(_number(fields[min(1, width - 1)], number, mark))
        if width == 3 and fields[2]:
            new.append(_number(fields[2], number, mark))
    return np.array(losses), np.array(new) if new else None


def shown(value: Any, most: int = 60) -> str:
    """A value as Python writes it, cut where it is long."""
    try:
        words = repr(value)
    except ValueError:  # a whole number of thousands of digits
        return "a number of thousands of digits"
    return words if len(words) <= most else f"{words[:most]}…"


def _fields(line: str, number: int, mark: str) -> list[str]:
    try:
        return [field.strip() for field in next(csv.reader([line], delimiter=mark))]
    except csv.Error as error:
        raise ValueError(f"Line {number} has no columns that can be read: {error}.") from None


def _no_decimal_comma(rows: list[tuple[int, list[str]]]) -> None:
    """Refuse 2,30 for 2.30: two columns of whole numbers, of which the first is no count of steps.

    Raises
    ------
    ValueError
        If it is so; the message names the first line that does not count on.
    """
    if not all(len(fields) == 2 and all(map(_DECIMALS.fullmatch, fields)) for _, fields in rows):
        return
    for (_, (before, _)), (number, (step, loss)) in itertools.pairwise(rows):
        if float(step) <= float(before):
            raise ValueError(
                f"Line {number} would be step {shown(step)[1:-1]} and loss {shown(loss)[1:-1]}, "
                f"but the step before was {shown(before)[1:-1]}. Is its comma a decimal one? "
                "Then write a point for it, or two columns parted by a semicolon: step;loss."
            )


def _is_number(field: str) -> bool:
    try:
        float(field.replace(",", "."))
    except ValueError:
        return False
    return True


def _number(field: str, line: int, mark: str) -> float:
    if not field:
        raise ValueError(f"Line {line} has no loss: its field is empty.")
    try:
        value = float(field.replace(",", ".") if mark != "," else field)
    except ValueError:
        raise ValueError(f"Line {line} holds {shown(field)} where a loss should be.") from None
    if abs(value) > LARGEST and "inf" not in field.lower():
        raise ValueError(f"Line {line} holds {shown(field)}: a loss is read up to ±{LARGEST:g}.")
    return value
