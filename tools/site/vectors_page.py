"""What the book's page on the loss vectors leaves open: the scoreboard, and each flag's meaning."""

from __future__ import annotations

from collections import Counter

from vectors.runner import HERE, OUTCOMES, PLAIN, cases, flags
from vectors.scoreboard import Row, recorded

ORDER = ("cehelpers", "torch", "jax", "optax", "keras", "scipy", "sklearn", "numpy")


def places() -> dict[str, str]:
    """The parts of the page by the name of their place."""
    board = recorded()
    rows = [board[name] for name in sorted(board, key=ORDER.index)]
    return {
        "cases": str(len(cases())),
        "flags": str(len(flags())),
        "command": section_of("Any other language"),
        "libraries": ", ".join(f"`{name}`" for name in ORDER),
        "board": table(rows),
        "matrix": matrix(rows),
        "differences": "\n\n".join(map(section, rows)),
        "meanings": meanings(),
    }


def section_of(heading: str) -> str:
    """A section of the maintainers' page, without its heading."""
    page = (HERE / "README.md").read_text(encoding="utf-8")
    return page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0].strip()


def grid(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table, all columns but the first set to the right."""
    rule = ["---"] + ["--:"] * (len(head) - 1)
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows))


def table(rows: list[Row]) -> str:
    """A line for each library: how its answers came out."""
    lines = [
        [f"{row['name']} {row['version']}"]
        + [str(row["counts"][outcome]) for outcome in OUTCOMES]
        + [str(row["bad input scored"])]
        for row in rows
    ]
    return grid(["library", *OUTCOMES, "of these on bad input"], lines)


def matrix(rows: list[Row]) -> str:
    """A line for each flag: how many of its cases each library answers wrongly."""
    carry = Counter(flag for case in cases() for flag in case["flags"] or [PLAIN])
    lines = [
        [f"`{flag}`", str(carry[flag]), *(wrong(row["flags"].get(flag)) for row in rows)]
        for flag in [*flags(), PLAIN]
    ]
    return grid(["flag", "cases", *(row["name"] for row in rows)], lines)


def wrong(count: dict[str, int] | None) -> str:
    """How many of the answers are wrong; a dash where no answer is offered."""
    answered = sum(count.values()) - count["not offered"] if count else 0
    return str(count["wrong"]) if answered else "–"


def section(row: Row) -> str:
    """What a library does otherwise, each with an example."""
    bits = f"Asked in {row['bits']} bits were {row['functions']}."
    lines = [f"### {row['name']} {row['version']}", "", bits, ""]
    for entry in row["differences"]:
        count = ", ".join(f"{entry[what]} {what}" for what in ("wrong", "refused") if entry[what])
        known = ", ".join(f"`{flag}`" for flag in entry["flags"])
        lines += [f"- {entry['sentence']} ({count}: {known})", "", "  ```text"]
        lines += [f"  {line}" for line in entry["example"]] + ["  ```", ""]
    if not row["differences"]:
        lines += ["Nothing came out otherwise.", ""]
    return "\n".join(lines)


def meanings() -> str:
    """Each flag, its sentence, and links to the reports."""
    lines = []
    for flag, about in flags().items():
        links = [
            f"[{one['repository']}#{one['number']}]"
            f"(https://github.com/{one['repository']}/issues/{one['number']}) ({one['year']})"
            for one in about["reports"]
        ]
        told = f" Reported in {', '.join(links)}." if links else ""
        lines.append(f"- `{flag}`: {about['sentence']}{told}")
    return "\n".join(lines)
