"""What holds however the course was started: with make, conda, Windows' commands or a hub."""

import os
import subprocess
import sys

CODE = """
import numpy, scipy.linalg, sklearn.tree
import cecourse
from threadpoolctl import threadpool_info
print([library["num_threads"] for library in threadpool_info()])
"""


def run(code, **variables):
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    environment = kept | variables
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )


def test_a_kernel_of_the_course_computes_on_one_thread():
    threads = run(CODE).stdout.strip()
    assert set(threads.strip("[]").split(", ")) == {"1"}


def test_a_home_that_cannot_be_written_leaves_no_word_on_stderr():
    """Matplotlib keeps a cache there, and says so where it cannot; a file is nobody's home."""
    said = run("import cecourse", HOME="/dev/null", XDG_CACHE_HOME="", XDG_CONFIG_HOME="")
    assert said.stderr == ""
