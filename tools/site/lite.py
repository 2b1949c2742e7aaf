"""The lab in the browser: JupyterLab, the notebooks and `cehelpers`, with no server behind them.

The result is a folder of files for any static host and any path; `make site` builds it. Pyodide
comes from its public distribution when the lab is opened, or lies inside: then not one request
leaves the site. How it starts quickly: one lock file names Pyodide's packages and ours, so that all
of them are fetched at once while WebAssembly compiles, nothing is resolved or installed by `pip`,
and `cehelpers_lab.py` imports the slow libraries while the reader reads.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from cecourse import palette
from cecourse.lessons import NOTEBOOKS
from tools.site import lite_notebooks, lite_wheels

ROOT = Path(__file__).parents[2]
HERE = ROOT / "site" / "lite"
PLUGIN = "@jupyterlite/pyodide-kernel-extension:kernel"
EXTENSIONS = ("@jupyterlite/pyodide-kernel-extension", "@jupyter-widgets/jupyterlab-manager")
SITE_PACKAGES = "/lib/python3.14/site-packages"
# What a learner waits for, in turn; `editions.js` shows it, `cehelpers_lab.py` counts on.
START = (
    "Opening JupyterLab …",
    "Fetching and starting Python (30 MB the first time) … Read on meanwhile.",
    "Python is there and imports the course …",
)
START_LINE = f"""
<style>
#course-start {{ position: fixed; bottom: 2.5rem; left: 50%; transform: translateX(-50%);
  z-index: 1001; max-width: 90vw; padding: .4rem .9rem; border-radius: .4rem; pointer-events: none;
  font: 14px/1.4 system-ui, sans-serif; color: CanvasText; background: Canvas;
  border: 1px solid GrayText; }}
#course-start[hidden] {{ display: none; }}
</style>
<div id="course-start" role="status">{START[0]}</div>
"""


def build(folder: Path, self_contained: bool = False) -> None:
    """Build the lab into a folder, which is replaced.

    Parameters
    ----------
    folder : Path
        The site's `lab` folder. Its `index.html` is a page of its own that leads to the notebooks.
    self_contained : bool
        Whether everything lies inside, so that no request leaves the site.

    Raises
    ------
    ValueError
        If a file of Pyodide is not the pinned one, or the folder holds something else than a lab.
    """
    folder = Path(folder).resolve()
    if folder.exists():
        if any(folder.iterdir()) and not (folder / "jupyter-lite.json").is_file():
            raise ValueError(f"folder must be empty, new, or an earlier lab; got {folder}")
        shutil.rmtree(folder)
    with tempfile.TemporaryDirectory() as temporary:
        stage = Path(temporary)
        wheels = stage / "pyodide"
        lock = write_python(wheels, self_contained)
        written = lite_notebooks.write_copies(stage / "contents", lite_notebooks.for_browser)
        editions = {name: copy.metadata.course.edition for name, copy in written.items()}
        _write_json(stage / "jupyter-lite.json", _settings(lock, editions, self_contained))
        _write_json(stage / "jupyter_lite_config.json", _config(stage, folder))
        shutil.copyfile(HERE / "overrides.json", stage / "overrides.json")
        command = [sys.executable, "-m", "jupyterlite_core", "build"]
        done = subprocess.run(command, cwd=stage, capture_output=True, text=True, check=False)
        if done.returncode:
            said = (done.stdout + done.stderr)[-4000:]
            raise RuntimeError(f"jupyter lite build failed:\n{said}")
        shutil.copytree(wheels, folder / "static" / "pyodide", dirs_exist_ok=True)
    _show_start(folder / "lab" / "index.html")
    page = _front_page(lock, self_contained, book=(folder.parent / "index.html").exists())
    (folder / "index.html").write_text(page, encoding="utf-8", newline="\n")


def write_python(folder: Path, self_contained: bool = False) -> dict:
    """Write the Python of the lab and the pages into a folder, and return its lock file."""
    folder.mkdir(parents=True)
    lock = lite_wheels.lock_and_wheels(folder, self_contained=self_contained)
    _write_json(folder / "pyodide-lock.json", lock)
    return lock


def _show_start(file: Path) -> None:
    """Let JupyterLab's own page say from its first moment what it waits for."""
    page = file.read_text(encoding="utf-8")
    page, found = re.subn(r"<body[^>]*>", lambda body: body[0] + START_LINE, page)
    if found != 1:
        raise RuntimeError(f"{file} has {found} bodies: JupyterLite has changed its page")
    file.write_text(page, encoding="utf-8", newline="\n")


def _write_json(path: Path, content: dict) -> None:
    path.write_text(json.dumps(content, sort_keys=True), encoding="utf-8", newline="\n")


def write_downloads(site: Path, repository: str | None) -> None:
    """Put the notebooks that run anywhere into a site, and the wheel that they install."""
    wheels = site / "wheels"
    wheels.mkdir()
    setup = lite_notebooks.setup_cell(lite_wheels.pack(wheels, "cehelpers").name, repository)
    lite_notebooks.write_copies(
        site / "notebooks", lambda notebook, _: lite_notebooks.for_anywhere(notebook, setup)
    )


def address(notebook: str) -> str:
    """A notebook's address under the lab; a workspace of its own opens no other beside it."""
    return f"lab/index.html?workspace={notebook[:2]}&path={notebook}"


def _settings(lock: dict, editions: dict[str, str], self_contained: bool) -> dict:
    """`jupyter-lite.json`: what the page and `editions.js` read when the lab is opened."""
    core = "./static/pyodide/" if self_contained else lite_wheels.address()
    kernel = {
        "pyodideUrl": core + "pyodide.mjs",
        "disablePyPIFallback": self_contained,
        "loadPyodideOptions": {
            "lockFileURL": "./static/pyodide/pyodide-lock.json",
            "packages": lite_wheels.preloaded(lock),
            "env": {"PYTHONSTARTUP": f"{SITE_PACKAGES}/{lite_wheels.STARTUP.name}"},
        },
    }
    data = {
        "appName": "Cross-Entropy, hands on",
        "courseEditions": editions,
        "courseStart": START,
        "litePluginSettings": {PLUGIN: kernel},
    }
    return {"jupyter-lite-schema-version": 0, "jupyter-config-data": data}


def _config(stage: Path, folder: Path) -> dict:
    """`jupyter_lite_config.json`: what the builder reads."""
    return {
        "LiteBuildConfig": {
            "lite_dir": str(stage),
            "output_dir": str(folder),
            "cache_dir": str(stage / "cache"),
            "contents": [str(stage / "contents")],
            "apps": ["lab"],
            "no_sourcemaps": True,
            "no_unused_shared_packages": True,
            # of all that is installed here, only what the lab needs
            "ignore_sys_prefix": ["federated_extensions"],
            "federated_extensions": [
                *(str(lite_wheels.extension(name)) for name in EXTENSIONS),
                str(HERE / "editions"),  # tells of newer editions
            ],
        }
    }


def _front_page(lock: dict, self_contained: bool, book: bool = False) -> str:
    """The lab's own first page: the notebooks; large files are fetched ahead while one reads."""
    page = (HERE / "index.html").read_text(encoding="utf-8")
    rows = [
        f'<li><a href="{html.escape(address(notebook.file))}"><span>{notebook.number}</span> '
        f"{html.escape(notebook.title)}</a>: {html.escape(notebook.promise)} "
        f"<small>({notebook.minutes}&nbsp;min to read, "
        f"{notebook.minutes_with_exercises}&nbsp;with the exercises)</small></li>"
        for notebook in NOTEBOOKS
        if (ROOT / "notebooks" / notebook.file).exists()
    ]
    here = "static/pyodide/"
    core = here if self_contained else lite_wheels.address()
    ahead = [core + name for name in lite_wheels.CORE]
    for name in lite_wheels.preloaded(lock):
        file = lock["packages"][name]["file_name"]
        ahead.append(file if "://" in file else here + file)
    links = [f'<link rel="prefetch" href="{url}" as="fetch" crossorigin>' for url in ahead]
    back = '<p><a href="../index.html">← The course as a book</a></p>' if book else ""
    page = page.replace("/* palette */", palette.css())
    page = page.replace("<!-- ahead -->", "\n".join(links)).replace("<!-- book -->", back)
    return page.replace("<!-- notebooks -->", "\n".join(rows)).replace(
        "<!-- seconds -->", lite_notebooks.SECONDS
    )
