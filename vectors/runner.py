"""Ask a library for every case and judge what it says; the standard library alone.

A case is `passed` where value and gradient are those of the vectors (or where an error was due and
came), `refused` where an error came that was not due, `not offered` where the library has no such
function or option, and `wrong` where another number came, or a number where an error was due.
"""

from __future__ import annotations

import json
import math
import struct
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
OUTCOMES = ("passed", "refused", "not offered", "wrong")
PLAIN = "plain"  # stands for a flag where a case has none
EPS = {False: 2.0**-52, True: 2.0**-23}  # by whether the arithmetic is that of 32 bits
SMALLEST = {False: 5e-324, True: 2.0**-149}
RANGE_32 = (2.0**-126, 2.0**128)
UNITS = {"exact": 0, "tight": 8, "sum": 32}  # of eps, relative
ROOT = 1e-9
FAR = 1e-3  # relative: where rounding the inputs moves a value further, it is another case


class Problem(Exception):
    """Why the vectors cannot be run, as a sentence for whoever asked."""


class Answer(NamedTuple):
    """What came back for a case: a value and a gradient, or the sentence why not."""

    value: Any = None
    gradient: Any = None
    refused: str | None = None
    not_offered: str | None = None
    failed: str | None = None  # no answer and no error: the process died, or kept silent


class Fault(NamedTuple):
    """The part of a case that is wrong, what was expected of it, and what came."""

    part: str
    expected: Any
    got: Any


class Verdict(NamedTuple):
    """The outcome of a case, with the sentence or the faults behind it."""

    case: dict[str, Any]
    outcome: str
    why: str = ""
    faults: tuple[Fault, ...] = ()


Ask = Callable[[dict[str, Any]], Answer]

# ---------------------------------------------------------------- cases


def flags() -> dict[str, dict[str, Any]]:
    """Each flag with its sentence and the public reports of its fault."""
    return json.loads((HERE / "flags.json").read_text(encoding="utf-8"))


def families() -> list[str]:
    """The files of cases, by name."""
    return sorted(path.stem for path in (HERE / "data").glob("*.json"))


def cases(wanted: Iterable[str] = (), flagged: Iterable[str] = ()) -> list[dict[str, Any]]:
    """The cases of some families, or of all, that have one of these flags, if any is named."""
    wanted, flagged = list(wanted), set(flagged)
    for what, names, known in (("family", wanted, families()), ("flag", flagged, flags())):
        for name in names:
            if name not in known:
                raise Problem(f"there is no {what} {name!r}; there are {', '.join(known)}")
    found = []
    for family in wanted or families():
        text = (HERE / "data" / f"{family}.json").read_text(encoding="utf-8")
        found += json.loads(text)["cases"]
    return [case for case in found if not flagged or flagged & set(case["flags"])]


def numbers(value: Any) -> Any:
    """A value of a file with its infinities and NaNs as floats."""
    if isinstance(value, list):
        return [numbers(one) for one in value]
    return float(value) if value in ("inf", "-inf", "nan") else value


def worded(value: Any) -> Any:
    """The same with infinities and NaNs in words, as JSON can hold them."""
    if isinstance(value, dict):
        return {name: worded(one) for name, one in value.items()}
    if isinstance(value, list):
        return [worded(one) for one in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def leaves(value: Any) -> list[Any]:
    """The numbers of a nested list, or of the values of a dictionary, in their order."""
    if isinstance(value, dict):
        value = list(value.values())
    return [leaf for one in value for leaf in leaves(one)] if isinstance(value, list) else [value]


# ---------------------------------------------------------------- 32 bits


def rounded(value: Any) -> Any:
    """The same with each float as 32 bits hold it: ±inf where they do not reach."""
    if isinstance(value, list | dict):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        made = {key: rounded(one) for key, one in items}
        return made if isinstance(value, dict) else list(made.values())
    if not isinstance(value, float):
        return value
    try:
        return struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)


def shift_of_rounding(case: dict[str, Any]) -> float | None:
    """How far a value may move as its inputs are rounded to 32 bits; None: it is another case then.

    The way is that of the gradient, to first order; where that is far, or unknown, or the value
    lies out of reach, the case is none in 32 bits.
    """
    given, (low, high) = numbers_of(case), RANGE_32
    if case.get("refuse"):
        return 0.0
    values = sizes(case["value"])
    if case["tolerance"] == "root" or not all(
        low <= x < high for x in [*values, *sizes(case.get("gradient", {}))]
    ):
        return None
    if rounded(given) == given:
        return 0.0
    moved, names = 0.0, case.get("gradient", {})
    for name, slopes in names.items():
        pairs = zip(leaves(numbers(slopes)), leaves(given[name]), strict=True)
        moved += sum(abs(g * (rounded(x) - x)) for g, x in pairs if rounded(x) != x)
    return moved if names and values and moved <= FAR * min(values) else None


def sizes(value: Any) -> list[float]:
    """How large the numbers of a value are that are neither 0 nor infinite."""
    found = map(numbers, leaves(value))
    return [abs(x) for x in found if x not in (0, math.inf, -math.inf)]


def numbers_of(case: dict[str, Any]) -> dict[str, Any]:
    """The arguments and options of a case by name, as numbers."""
    return {name: numbers(x) for name, x in (case["arguments"] | case["options"]).items()}


# ---------------------------------------------------------------- judging


def judge(
    case: dict[str, Any], answer: Answer, *, single: bool = False, slack: float = 1
) -> Verdict:
    """Hold an answer against a case, or against `slack` times what it tolerates."""
    if answer.not_offered is not None:
        return Verdict(case, "not offered", answer.not_offered)
    if answer.failed is not None:
        due = "an error" if case.get("refuse") else case["value"]
        return Verdict(case, "wrong", answer.failed, (Fault("value", due, answer.failed),))
    if case.get("refuse"):
        # a nan that comes back as a nan has been told
        told = any(map(is_nan, leaves(list(numbers_of(case).values()))))
        if answer.refused is not None or (told and any(map(is_nan, leaves(answer.value)))):
            return Verdict(case, "passed", answer.refused or "")
        return Verdict(case, "wrong", faults=(Fault("value", "an error", answer.value),))
    if answer.refused is not None:
        return Verdict(case, "refused", answer.refused)
    moved = shift_of_rounding(case) if single else 0.0
    tolerance, moved, faults = slack * relative(case, single), slack * moved, []
    if not alike(numbers(case["value"]), answer.value, tolerance, moved, single):
        faults.append(Fault("value", case["value"], answer.value))
    if "gradient" in case and answer.gradient is not None and not moved:
        slopes = {name: numbers(g) for name, g in case["gradient"].items()}
        got = answer.gradient
        got = got if isinstance(got, dict) else dict.fromkeys(slopes, got)
        got = {name: got.get(name) for name in slopes}
        if not alike(slopes, got, tolerance, 0.0, single):
            faults.append(Fault("gradient", case["gradient"], got))
    return Verdict(case, "wrong" if faults else "passed", faults=tuple(faults))


def relative(case: dict[str, Any], single: bool) -> float:
    """By how much of itself a value may differ."""
    kind = case["tolerance"]
    if kind == "root":
        return ROOT
    return (8 * kind["condition"] if isinstance(kind, dict) else UNITS[kind]) * EPS[single]


def alike(expected: Any, got: Any, tolerance: float, moved: float, single: bool) -> bool:
    """Whether two nested values have one shape, and each number is near enough."""
    if isinstance(expected, dict):
        if not isinstance(got, dict) or expected.keys() != got.keys():
            return False
        pairs = [(one, got[name]) for name, one in expected.items()]
    elif isinstance(expected, list):
        if not isinstance(got, list) or len(expected) != len(got):
            return False
        pairs = list(zip(expected, got, strict=True))
    else:
        return is_number(got) and near(expected, got, tolerance, moved, SMALLEST[single])
    return all(alike(one, other, tolerance, moved, single) for one, other in pairs)


def near(expected: float, got: float, tolerance: float, moved: float, smallest: float) -> bool:
    """Whether a number is the expected one to within a tolerance; infinities must be equal."""
    if expected == got:
        return True
    if not (math.isfinite(expected) and math.isfinite(got)) or not tolerance:
        return False
    return abs(got - expected) <= tolerance * abs(expected) + moved + 4 * smallest


def is_number(value: Any) -> bool:
    return isinstance(value, int | float)


def is_nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)


# ---------------------------------------------------------------- all cases


def asked(todo: Iterable[dict[str, Any]], single: bool) -> list[dict[str, Any]]:
    """The cases that can be asked: all, or those that 32 bits can hold."""
    return [case for case in todo if not single or shift_of_rounding(case) is not None]


def run(ask: Ask, todo: Iterable[dict[str, Any]], *, single: bool = False) -> list[Verdict]:
    """Ask for each case, and judge."""
    return [judge(case, ask(case), single=single) for case in asked(todo, single)]


def tally(verdicts: Iterable[Verdict]) -> Counter[str]:
    """How many cases came out how."""
    return Counter(verdict.outcome for verdict in verdicts)


def by_flag(verdicts: Iterable[Verdict]) -> dict[str, list[Verdict]]:
    """The verdicts of each flag, in the order of flags.json, and last those without a flag."""
    found: dict[str, list[Verdict]] = {flag: [] for flag in [*flags(), PLAIN]}
    for verdict in verdicts:
        for flag in verdict.case["flags"] or [PLAIN]:
            found.setdefault(flag, []).append(verdict)
    return {flag: some for flag, some in found.items() if some}
