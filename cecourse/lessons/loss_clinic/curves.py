"""Loss curves from text: a column of losses, or steps and losses, as a log has them."""

from __future__ import annotations

import csv

import numpy as np
from numpy.typing import NDArray

MARKS = ("\t", ";", ",")  # between columns; the first that a line with numbers holds
MOST = 200_000  # lines


def read_curve(text: str) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
    """The losses of a CSV text, and those on new rows where there is a third column.

    One column is the loss; two are step and loss; a third is the loss on new rows, which may be
    empty. Columns are parted by tab, ``;`` or ``,``. With tab or ``;`` a comma is a decimal one.
    The first line may be a header; empty lines, and those that begin with ``#``, are passed over.

    Raises
    ------
    ValueError
        If a line holds no number where one must be; the message names the line.

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
    rows = [(number, _fields(line, mark)) for number, line in lines]
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
    losses, new = [], []
    for number, fields in rows:
        if len(fields) != width:
            raise ValueError(
                f"Line {number} has {len(fields)} column{'s' * (len(fields) != 1)}, and line "
                f"{rows[0][0]} has {width}: {mark.join(fields)!r}."
            )
        losses.append(_number(fields[min(1, width - 1)], number, mark))
        if width == 3 and fields[2]:
            new.append(_number(fields[2], number, mark))
    return np.array(losses), np.array(new) if new else None


def _fields(line: str, mark: str) -> list[str]:
    return [field.strip() for field in next(csv.reader([line], delimiter=mark))]


def _is_number(field: str) -> bool:
    try:
        float(field.replace(",", "."))
    except ValueError:
        return False
    return True


def _number(field: str, line: int, mark: str) -> float:
    try:
        return float(field.replace(",", ".") if mark != "," else field)
    except ValueError:
        pass
    if not field:
        raise ValueError(f"Line {line} has no loss: its field is empty.")
    raise ValueError(f"Line {line} holds {field!r} where a loss should be.")
