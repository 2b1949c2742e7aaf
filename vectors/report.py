"""What a run found, in words for a person or as JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any

from vectors.runner import OUTCOMES, Verdict, by_flag, flags, tally, worded

WIDTH = 96


def text(name: str, verdicts: list[Verdict], skipped: int = 0) -> str:
    """A table of the flags, then each wrong one with its sentence, reports and an example."""
    counts = tally(verdicts)
    found = ", ".join(f"{counts[outcome]} {outcome}" for outcome in OUTCOMES)
    lines = [f"{name}: {found}, of {len(verdicts)} cases"]
    if skipped:
        lines.append(
            f"{skipped} more cannot be asked in 32 bits: their inputs or values don't fit."
        )
    tallies = {flag: tally(some) for flag, some in by_flag(verdicts).items()}
    rest = dict(tallies)
    for outcome, words in (("passed", "all passed"), ("not offered", "not asked")):
        alike = [flag for flag, count in tallies.items() if set(count) == {outcome}]
        if alike:
            lines += ["", *wrapped(f"{words}: {', '.join(alike)}")]
        rest = {flag: count for flag, count in rest.items() if flag not in alike}
    if rest:
        width = max(map(len, rest))
        lines += ["", f"{'':{width}}  " + "  ".join(OUTCOMES)]
        lines += [f"{flag:{width}}  {row(count)}" for flag, count in rest.items()]
    lines += refusals(verdicts)
    for flag, some in by_flag(verdicts).items():
        wrong = [verdict for verdict in some if verdict.outcome == "wrong"]
        if wrong:
            lines += ["", *section(flag, wrong)]
    return "\n".join(lines)


def row(count: dict[str, int]) -> str:
    return "  ".join(f"{count.get(outcome) or '-':>{len(outcome)}}" for outcome in OUTCOMES)


def refusals(verdicts: list[Verdict]) -> list[str]:
    """The errors that were not due, each once, with how often it came and a case that shows it."""
    found: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.outcome == "refused":
            found.setdefault(verdict.why, []).append(verdict)
    lines = ["", "refused, though there is an answer:"] if found else []
    for why, some in found.items():
        lines += wrapped(f"{len(some)} times, as in {some[0].case['id']}: {why}", "  ")
    return lines


def section(flag: str, wrong: list[Verdict]) -> list[str]:
    """What a flag says, who reported such a thing, and one case that shows it."""
    about = flags().get(flag, {"sentence": "Cases of no particular fault.", "reports": []})
    lines = wrapped(f"{flag}: {about['sentence']}")
    for report in about["reports"]:
        place = f"{report['repository']}#{report['number']} ({report['year']})"
        lines += wrapped(f"reported in {place}: {report['what']}", "  ")
    lines += example(wrong[0])
    if len(wrong) > 1:
        ids = ", ".join(verdict.case["id"] for verdict in wrong[1:9])
        more = len(wrong) - 9
        lines += wrapped(f"and {ids}{f', and {more} more' if more > 0 else ''}", "  ")
    return lines


def example(verdict: Verdict) -> list[str]:
    """One case: its id, the call, what was expected and what came, or why nothing came."""
    lines = [f"  {verdict.case['id']}: {call(verdict.case)}"]
    if verdict.outcome == "refused":
        lines += wrapped(f"refused  {verdict.why}", "    ")
    for part, expected, got in verdict.faults:
        what = "" if part == "value" else f"{part} "
        lines += [f"    {what}expected {shown(expected)}", f"    {what}got      {shown(got)}"]
    return lines


def call(case: dict[str, Any]) -> str:
    """A case as the call of a function."""
    given = [shown(value) for value in case["arguments"].values()]
    given += [f"{name}={worded(value)!r}" for name, value in case["options"].items()]
    chunks = f", in pieces of {case['chunks']} rows" if "chunks" in case else ""
    return f"{case['loss']}({', '.join(given)}){chunks}"


def shown(value: Any) -> str:
    """A value as Python writes it, infinities by name."""
    if isinstance(value, dict):
        return ", ".join(f"{name}: {shown(one)}" for name, one in value.items())
    if isinstance(value, list):
        return f"[{', '.join(map(shown, value))}]"
    return str(value)


def wrapped(text: str, indent: str = "") -> list[str]:
    """The lines of a paragraph, all but the first two spaces further in."""
    return textwrap.wrap(
        text, WIDTH, break_on_hyphens=False, initial_indent=indent, subsequent_indent=f"{indent}  "
    )


def as_json(name: str, version: str, verdicts: Iterable[Verdict]) -> dict[str, Any]:
    """All verdicts, for a program."""
    verdicts = list(verdicts)
    return {
        "library": name,
        "version": version,
        "counts": counted(verdicts),
        "flags": {flag: counted(some) for flag, some in by_flag(verdicts).items()},
        "cases": [worded(verdict_as_json(verdict)) for verdict in verdicts],
    }


def counted(verdicts: Iterable[Verdict]) -> dict[str, int]:
    """How many came out how, in the order of the outcomes."""
    count = tally(verdicts)
    return {outcome: count[outcome] for outcome in OUTCOMES}


def verdict_as_json(verdict: Verdict) -> dict[str, Any]:
    found: dict[str, Any] = {"id": verdict.case["id"], "outcome": verdict.outcome}
    if verdict.why:
        found["why"] = verdict.why
    for part, expected, got in verdict.faults:
        found[part] = {"expected": expected, "got": got}
    return found


def listed() -> str:
    """Every flag with its sentence."""
    return "\n".join(
        line for flag, about in flags().items() for line in wrapped(f"{flag}: {about['sentence']}")
    )
