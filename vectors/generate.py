"""Write vectors/data: the cases of every family with what they are by definition.

python -m vectors.generate            # or `make vectors`
python -m vectors.generate focal      # one family
"""

import json
import sys
from decimal import Context
from pathlib import Path

from mpmath import inf, mp, mpf

from vectors import (
    cases_activations,
    cases_binary,
    cases_brier,
    cases_calibration,
    cases_categorical,
    cases_focal,
    cases_information,
    cases_ordinal,
    cases_ranking,
)
from vectors.losses import FITS, evaluate
from vectors.outcomes import flat
from vectors.table import Case

VERSION = "1.0.0"
DATA = Path(__file__).parent / "data"
FAMILIES = {
    "information": cases_information,
    "activations": cases_activations,
    "binary": cases_binary,
    "categorical": cases_categorical,
    "focal": cases_focal,
    "ordinal": cases_ordinal,
    "brier": cases_brier,
    "calibration": cases_calibration,
    "ranking": cases_ranking,
}
DIGITS = 30
FEW = 8  # entries that add up to one number: more of them round more often
NOTHING = mpf(10) ** -400  # far below the smallest float
LARGEST = sys.float_info.max
CLEAR = 4  # a condition that costs no careful formula more than a few eps


def text(family: str) -> str:
    """The data file of a family: a case a line."""
    cases = enumerate(FAMILIES[family].cases(), start=1)
    lines = [compact(entry(case, f"{family}-{number:04}")) for number, case in cases]
    head = f'{{"format": 1, "family": "{family}", "version": "{VERSION}", "cases": [\n'
    return head + ",\n".join(lines) + "\n]}\n"


def compact(entry: dict) -> str:
    return json.dumps(entry, ensure_ascii=False, allow_nan=False)


def entry(case: Case, name: str) -> dict:
    """What a data file says about a case."""
    made = {
        "id": name,
        "loss": case.loss,
        "arguments": case.arguments,
        "options": case.options,
    }
    if case.chunks:
        made["chunks"] = list(case.chunks)
    if case.refuse:
        made["refuse"] = True
    else:
        made |= expected(case)
    return made | {"flags": list(case.flags)}


def expected(case: Case) -> dict:
    """Value, gradient where there is one, and how near an answer must be."""
    found = evaluate(case.loss, case.arguments, case.options)
    digits = by_number(shown, found.value)
    made = {"value": by_number(nearest, digits), "digits": digits}
    worst = found.condition
    if case.gradient and has_gradient(found):
        made["gradient"] = {
            name: by_number(lambda x: nearest(shown(x)), slopes)
            for name, slopes in found.gradient.items()
        }
        worst = max(worst, found.slope_condition)
    made["tolerance"] = tolerance(case, made, worst)
    return made


def has_gradient(found) -> bool:
    """Whether there is one, of finite numbers, that asks for no more patience than its value."""
    if found.gradient is None or any(abs(x) == inf for x in flat(found.value)):
        return False
    finite = all(abs(x) <= LARGEST for x in flat(list(found.gradient.values())))
    return finite and found.slope_condition <= max(CLEAR, found.condition)


def tolerance(case: Case, made: dict, worst) -> str | dict:
    """The class of a case, from its conditioning and from how many terms it adds."""
    if case.loss in FITS:
        return "root"
    numbers = flat(made["value"]) + flat(list(made.get("gradient", {}).values()))
    if all(x in (0, "inf", "-inf") for x in numbers):
        return "exact"
    if worst > CLEAR and not case.careful:
        return {"condition": float(mp.nstr(worst, 4))}
    entries = len(flat(next(iter(case.arguments.values()))))
    return "sum" if entries > FEW * len(flat(made["value"])) else "tight"


def by_number(function, value):
    return [by_number(function, v) for v in value] if isinstance(value, list) else function(value)


def shown(x) -> str:
    """A number in decimals, or an infinity by name."""
    if abs(x) < NOTHING or abs(x) == inf:
        return "0" if abs(x) < NOTHING else "inf" if x > 0 else "-inf"
    number = Context(prec=DIGITS).create_decimal(mp.nstr(x, 2 * DIGITS))
    number, _, exponent = f"{number:{'f' if 1e-5 < abs(number) < 1e17 else 'e'}}".partition("e")
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    return f"{number}e{exponent}" if exponent else number


def nearest(digits: str) -> float | str:
    """The float64 nearest to a decimal, or the name of an infinity."""
    return digits if digits.endswith("inf") else float(digits) + 0.0


def main(names: list[str]) -> None:
    DATA.mkdir(exist_ok=True)
    for family in names or FAMILIES:
        (DATA / f"{family}.json").write_text(text(family), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
