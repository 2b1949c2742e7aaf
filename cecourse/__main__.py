"""Open the course: `python -m cecourse`, as `make lab` does; options go to JupyterLab."""

import sys

from .copies import main

if __name__ == "__main__":
    folder = main()
    from jupyterlab.labapp import LabApp

    first = "--LabApp.default_url=/lab/tree/00_start_here.ipynb"
    LabApp.launch_instance([f"--notebook-dir={folder}", first, *sys.argv[1:]])
