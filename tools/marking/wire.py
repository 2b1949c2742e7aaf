"""Values as JSON between `tools.marking` and its child: numbers, arrays, texts; nothing that runs.

Both sides have this file. What is none of these travels as the name of its type.
"""

from __future__ import annotations

import builtins
import numbers
from typing import Any

import numpy as np

MOST = 1_000_000  # numbers in an array
TEXT = 4000  # characters


def encoded(value: Any, depth: int = 0) -> Any:
    """A value as what JSON has; lists and arrays are marked."""
    if value is ...:
        return {"dots": True}
    if value is None or type(value) in (bool, float):
        return value
    if type(value) is int:
        return max(min(value, 1 << 1024), -(1 << 1024))  # beyond any float
    if type(value) is str:
        return value[:TEXT]
    if type(value) in (list, tuple) and depth < 16 and len(value) <= MOST:
        return {type(value).__name__: [encoded(part, depth + 1) for part in value]}
    try:
        return _array(value)
    except Exception:  # whatever a student's own class does
        return {"type": type(value).__name__[:40]}


def _array(value: Any) -> Any:
    if isinstance(value, complex | np.complexfloating):
        return {"type": "complex"}
    if isinstance(value, numbers.Number | np.generic) and not isinstance(value, np.str_):
        return value.item() if isinstance(value, np.bool_ | np.integer) else float(value)
    array = np.asarray(value)
    if array.dtype == object and isinstance(value, np.ndarray):
        array = array.astype(float)
    if array.dtype.kind not in "biuf" or array.size > MOST:
        raise TypeError
    return {"array": array.ravel().tolist(), "shape": list(array.shape), "kind": array.dtype.kind}


def decoded(wire: Any) -> Any:
    """The value that was encoded.

    Raises
    ------
    ValueError
        If it is nothing that `encoded` makes.
    """
    if not isinstance(wire, dict):
        if wire is None or isinstance(wire, bool | int | float | str):
            return wire
    elif wire.keys() == {"dots"}:
        return ...
    elif wire.keys() == {"list"} and isinstance(wire["list"], list):
        return [decoded(part) for part in wire["list"]]
    elif wire.keys() == {"tuple"} and isinstance(wire["tuple"], list):
        return tuple(decoded(part) for part in wire["tuple"])
    elif wire.keys() == {"array", "shape", "kind"}:
        kinds = {"b": bool, "i": np.int64, "u": np.uint64, "f": np.float64}
        return np.array(wire["array"], dtype=kinds.get(wire["kind"], float)).reshape(wire["shape"])
    elif wire.keys() == {"type"}:
        name = str(wire["type"])
        if name == "complex":
            return 1j
        return type(name if name.isidentifier() else "object", (), {})()
    raise ValueError(f"no value: {str(wire)[:80]}")


def encoded_outcome(outcome: Any) -> dict:
    """What a function did with one input, its error by the names of its types."""
    error = outcome.error
    if error is None:
        return {"value": encoded(outcome.value), "changed": bool(outcome.changed)}
    kinds = [one.__name__ for one in type(error).__mro__]
    try:
        text = str(error)[:300]
    except Exception:
        text = ""
    return {"error": kinds, "text": text, "where": outcome.where[:300]}


def decoded_outcome(wire: dict, outcome: type) -> Any:
    """The same on the other side; of an error a built-in one that is nearest to it."""
    if "error" not in wire:
        return outcome(decoded(wire["value"]), changed=wire.get("changed") is True)
    for name in wire["error"]:
        kind = getattr(builtins, str(name), None)
        if isinstance(kind, type) and issubclass(kind, Exception | SystemExit):
            try:
                error = kind(str(wire.get("text", "")))
            except TypeError:  # a UnicodeError takes more
                continue
            return outcome(error=error, where=str(wire.get("where", "")))
    return outcome(error=Exception(str(wire.get("text", ""))))
