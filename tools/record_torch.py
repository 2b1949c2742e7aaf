"""Write torch_recorded.json: what PyTorch answers to notebooks 11 and 12.

PyTorch is no dependency of the course: it is large, and one table of numbers is all that is
needed. Run as ``python -m tools.record_torch`` in an environment with torch and the course, the
file names the version and the date. With ``--check`` nothing is written: each number is computed
again and compared, and the exit code is 1 where one differs by more than 1e-6 of its size.
"""

from __future__ import annotations

import argparse
import datetime
import json
import math
import sys
import warnings
from importlib.util import find_spec

from cecourse.lessons.framework_rosetta import calls
from cecourse.lessons.loss_clinic import choice
from tools._command import ROOT

FILE = ROOT / "cecourse" / "lessons" / "framework_rosetta" / "torch_recorded.json"
TOLERANCE = 1e-6


def answers() -> dict:
    """Evaluate every text with PyTorch in float64: parts of the file, by name call and value."""
    import torch

    usual = {"torch": torch, "F": torch.nn.functional}
    scope = usual | tensors(calls.inputs())
    scope |= tensors({"one": [1.0], "zero": [0.0], "far": calls.FAR}, dtype=torch.float64)
    texts = {"table": calls.CALLS["PyTorch"], "traps": calls.TORCH_TRAPS, "far": calls.TORCH_FAR}
    found = {
        part: {name: {"call": call, "value": answer(call, scope)} for name, call in of.items()}
        for part, of in texts.items()
    }
    found["warnings"] = {
        name: {"call": calls.TORCH_TRAPS[name], "value": warning(calls.TORCH_TRAPS[name], scope)}
        for name in calls.TORCH_WARNS
    }
    far = [scope | single(calls.inputs(z)) for z in (50.0, -50.0)]
    found["table, far out in float32"] = {
        key: {"call": call, "value": [answer(call, names) for names in far]}
        for key, call in calls.CALLS["PyTorch"].items()
    }
    # each line of the chooser: on its example in float64, then far out in float32, row by row
    found["chooser"] = {}
    for key, loss in choice.ADVICE.items():
        code, example = loss.code["PyTorch"], tensors(choice.example(loss.example))
        rows = [example, *map(single, choice.far(loss.example))]
        value = [plain(choice.run(code, usual | row).item()) for row in rows]
        found["chooser"][key] = {"call": code, "value": value}
    return found


def tensors(row: dict, **settings) -> dict:
    """Arrays as tensors, of their own precision unless a ``dtype`` is set."""
    import torch

    return {name: torch.as_tensor(value, **settings) for name, value in row.items()}


def single(row: dict) -> dict:
    """Arrays as tensors, numbers with a fraction in float32."""
    made = tensors(row)
    return {name: x.float() if x.is_floating_point() else x for name, x in made.items()}


def answer(call: str, scope: dict):
    """The value of a call as JSON can hold it, or the kind of error it raises."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # kl_div warns about the very default that is recorded
            value = eval(call, scope)
    except (RuntimeError, ValueError, IndexError, TypeError) as error:
        return type(error).__name__
    return [plain(x) for x in value.tolist()] if value.ndim else plain(value.item())


def warning(call: str, scope: dict) -> str:
    """What PyTorch warns of where it answers."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        eval(call, scope)
    return " ".join(str(one.message) for one in caught)


def plain(x: float):
    """A finite number, or its name."""
    return x if math.isfinite(x) else str(x)


def differences(kept: dict, found: dict) -> list[str]:
    """A sentence for each recorded value that PyTorch does not give any more."""
    lines = []
    for part, entries in found.items():
        known = kept.get(part, {})
        for name in known | entries:
            old, new = known.get(name), entries.get(name)
            if old is None or new is None or old["call"] != new["call"]:
                lines.append(f"{part}, {name}: the call has changed; record again")
            elif not alike(old["value"], new["value"]):
                lines.append(f"{part}, {name}: recorded {old['value']}, now {new['value']}")
    return lines


def alike(old, new) -> bool:
    """Whether two values are equal to within the tolerance; names must be the same."""
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(alike, old, new))
    if isinstance(old, float | int) and isinstance(new, float | int):
        return math.isclose(old, new, rel_tol=TOLERANCE)
    return old == new


def main() -> int:
    """Record, or check and report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    arguments = parser.parse_args()
    if not find_spec("torch"):
        sys.exit("torch is not installed: pip install torch")
    import torch

    version, found = torch.__version__.partition("+")[0], answers()
    if arguments.check:
        kept = json.loads(FILE.read_text(encoding="utf-8"))
        lines = differences(kept, found)
        print("\n".join(lines) or f"torch {version} gives the numbers of {kept['version']}.")
        return int(bool(lines))
    head = {"version": version, "date": datetime.date.today().isoformat()}
    text = json.dumps(head | found, indent=1) + "\n"
    FILE.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
