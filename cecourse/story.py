"""The numbers of the course's story, from `story.toml`: `story.base_rate` and its neighbours.

Notebooks that tell another story (`make notebooks STORY=churn`) lie beside a folder `story` with
its numbers and its lessons; Python that starts there takes both from it.
"""

import tomllib
from pathlib import Path

OWN = Path(__file__).with_name("story.toml")
_told = Path("story").absolute()
FOLDER = _told if (_told / OWN.name).is_file() else None

_numbers = tomllib.loads(((FOLDER or OWN.parent) / OWN.name).read_text("utf-8"))["numbers"]
base_rate, miss, rows = (_numbers[name] for name in ("base_rate", "miss", "rows"))
