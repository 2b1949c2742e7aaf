"""The scoreboard: how each library answers, by flag, and a sentence for each kind of difference.

An adapter's DIFFERENCES are these sentences, each with the flags of the cases that it explains
(or `flag:loss`, the cases of one loss). The first that fits a case explains it.
Every case that comes out wrong or refused must be explained, and every sentence must explain one.
"""

from __future__ import annotations

import json
import re
from types import ModuleType
from typing import Any

from vectors import report
from vectors.adapters import Module, load
from vectors.runner import HERE, PLAIN, Problem, Verdict, asked, by_flag, cases, judge, tally

FILE = HERE / "scoreboard.json"
# the last bits of another processor move a value no further
SLACKS = (1 / 8, 8)
LUCK = 2  # cases of a flag that are right there by luck, where all digits cancel

Row = dict[str, Any]


def main(libraries: list[str], check: bool) -> int:
    """Write the rows of libraries that are installed here, or compare them with what is written."""
    kept, found, faults, seen = recorded(), {}, [], []
    for library in libraries:
        try:
            module = load(library)
        except Problem as problem:
            if len(libraries) == 1:
                raise
            print(f"{problem}: its row stays as it was recorded")
            continue
        found[library], lines = played(module, kept.get(library) if check else None)
        faults += [f"{library}: {line}" for line in lines]
        seen.append(library)
    if not check:
        FILE.write_text(written(recorded() | found), encoding="utf-8", newline="\n")
    print("\n".join(faults) or f"{', '.join(seen)}: {'as recorded' if check else 'recorded'}")
    return int(bool(faults))


def played(module: ModuleType, kept: Row | None) -> tuple[Row, list[str]]:
    """The row of a library, and what is wrong with it: unexplained, or other than it was kept."""
    ask = Module(module)
    answered = [(case, ask(case)) for case in asked(cases(), ask.single)]
    ask.close()
    strict, lenient = (
        [judge(case, answer, single=ask.single, slack=slack) for case, answer in answered]
        for slack in SLACKS
    )
    verdicts = [judge(case, answer, single=ask.single) for case, answer in answered]
    explained, lines = sentences(module.DIFFERENCES, verdicts)
    found = {
        "name": ask.name,
        "version": ask.version,
        "functions": module.FUNCTIONS,
        "bits": 32 if ask.single else 64,
        "counts": report.counted(verdicts),
        "bad input scored": sum(v.outcome == "wrong" and "refuse" in v.case for v in verdicts),
        "flags": {flag: report.counted(some) for flag, some in by_flag(verdicts).items()},
        "differences": explained,
    }
    return found, lines + (others(kept, found, strict, lenient) if kept else [])


def sentences(known: dict[str, str], verdicts: list[Verdict]) -> tuple[list[Row], list[str]]:
    """Each sentence with how much it explains and an example, and a line for what is off.

    A case that carries several flags is explained by the first sentence that names one of them.
    """
    odd = [verdict for verdict in verdicts if verdict.outcome in ("wrong", "refused")]
    explains: dict[str, list[Verdict]] = {sentence: [] for sentence in known}
    lines = []
    for verdict in odd:
        why = [sentence for sentence, covered in known.items() if covers(covered, verdict)]
        if why:
            explains[why[0]].append(verdict)
        else:
            own = verdict.case["flags"] or [PLAIN]
            what = f"{verdict.case['loss']}, {', '.join(own)}, {verdict.outcome}"
            lines.append(f"{verdict.case['id']} ({what}) is not explained")
    lines += [f"nothing shows: {sentence}" for sentence, some in explains.items() if not some]
    found = []
    for sentence, some in explains.items():
        named = {one.partition(":")[0] for one in known[sentence].split()}
        met = {flag for verdict in some for flag in verdict.case["flags"] or [PLAIN]}
        entry = {"sentence": sentence, "flags": sorted(named & met)}
        entry |= {outcome: tally(some)[outcome] for outcome in ("wrong", "refused")}
        shortest = min(map(report.example, some), key=lambda e: sum(map(len, e)), default=[])
        found.append(entry | {"example": [line.removeprefix("  ") for line in shortest]})
    return found, lines


def covers(known: str, verdict: Verdict) -> bool:
    """Whether a list of flags, some for one loss alone as `flag:loss`, fits a case."""
    loss, own = verdict.case["loss"], verdict.case["flags"] or [PLAIN]
    return any(one in known.split() for flag in own for one in (flag, f"{flag}:{loss}"))


def others(kept: Row, found: Row, strict: list[Verdict], lenient: list[Verdict]) -> list[str]:
    """What is no longer as it was recorded: versions, sentences, and more than last bits."""
    lines = [
        f"{what} {kept[what]} recorded, {found[what]} here"
        for what in ("version", "bits", "functions", "bad input scored")
        if kept[what] != found[what]
    ]
    most, least = by_flag(strict), by_flag(lenient)
    for flag in kept["flags"] | found["flags"]:
        old, new = kept["flags"].get(flag), found["flags"].get(flag)
        if old is None or new is None:
            lines.append(f"{flag}: recorded {old}, here {new}")
            continue
        low, high = (tally(some.get(flag, ()))["wrong"] for some in (least, most))
        fixed = ("refused", "not offered")
        near = low - LUCK <= old["wrong"] <= high + LUCK
        if not near or any(old[one] != new[one] for one in fixed):
            lines.append(f"{flag}: recorded {old}, here {new}")
    for one, other in ((kept, found), (found, kept)):
        told = {entry["sentence"] for entry in other["differences"]}
        new = [e["sentence"] for e in one["differences"] if e["sentence"] not in told]
        lines += [f"only {'recorded' if one is kept else 'here'}: {sentence}" for sentence in new]
    return lines


def recorded() -> dict[str, Row]:
    """The rows of scoreboard.json, by the name of the adapter."""
    return json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}


def written(rows: dict[str, Row]) -> str:
    """The file: a line for each flag, and for each sentence."""
    text = json.dumps(dict(sorted(rows.items())), ensure_ascii=False, indent=1)
    inner = re.compile(r"[\[{]\n[^\[\]{}]*[\]}]")  # a list or an object that holds no other
    return inner.sub(lambda found: " ".join(found[0].split()), text) + "\n"
