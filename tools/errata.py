"""Write a closed report of a mistake into teaching/errata.md: `python -m tools.errata event.json`.

The event is GitHub's, of an issue made with `.github/ISSUE_TEMPLATE/mistake.yml`; the workflow
`errata.yml` calls this when such an issue is closed as completed, and proposes the change.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from tools._command import ROOT, ToolError, told

FILE = ROOT / "teaching" / "errata.md"
FIELDS = ("Where is it?", "What does it say?", "What should it say, and how do you know?")
LONGEST = 300  # characters of a field


def fields(body: str) -> dict[str, str]:
    """What the fields of an issue's form hold, by their labels."""
    parts = re.split(r"^### (.+?)\s*$", body.replace("\r", ""), flags=re.MULTILINE)
    return dict(zip(parts[1::2], map(str.strip, parts[2::2]), strict=True))


def cell(text: str) -> str:
    """A text as a cell of a Markdown table: in one line, shortened, nothing in it markup."""
    line = " ".join(text.split())
    if len(line) > LONGEST:
        line = line[:LONGEST].rsplit(" ", 1)[0] + " …"
    return re.sub(r"([\\|<>`*_\[\]$])", r"\\\1", line)


def row(issue: dict) -> str:
    """The row of an issue.

    Raises
    ------
    ToolError
        If a field of the form is missing.
    """
    said = fields(issue.get("body") or "")
    if missing := [name for name in FIELDS if not said.get(name)]:
        raise ToolError(f"issue {issue.get('number')}: no field {', '.join(map(repr, missing))}")
    link = f"[#{issue['number']}]({issue['html_url']})"
    cells = [f"{issue['closed_at'][:10]}, {link}", *(cell(said[name]) for name in FIELDS)]
    return f"| {' | '.join(cells)} |"


def write(event: Path, page: Path = FILE) -> str:
    """Put the row of an event's issue on top of the page's table, once; return what to say."""
    issue = json.loads(event.read_text(encoding="utf-8"))["issue"]
    text = page.read_text(encoding="utf-8")
    if f"[#{issue['number']}](" in text:
        return f"issue {issue['number']} stands there already"
    above, rule, below = text.partition("|---|---|---|---|\n")
    page.write_text(f"{above}{rule}{row(issue)}\n{below}", encoding="utf-8", newline="\n")
    return f"{page.name}: issue {issue['number']}"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("python -m tools.errata event.json")
    sys.exit(told(lambda: write(Path(sys.argv[1]))))
