"""Start the course the way a learner does, `make lab`, and ask it for the first notebook."""

import json
import os
import re
import signal
import subprocess
import time
import urllib.request
from pathlib import Path

log = Path("build/lab.log")
log.parent.mkdir(exist_ok=True)
started = time.monotonic()
with log.open("w") as output:
    make = subprocess.Popen(
        ["make", "--silent", "lab", "ARGS=--no-browser"],
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
try:
    while not (found := re.search(r"(http://127\S+?)/lab/tree/\S+token=(\w+)", log.read_text())):
        assert make.poll() is None and time.monotonic() < started + 300, log.read_text()
        time.sleep(0.5)
    base, token = found.groups()
    with urllib.request.urlopen(f"{base}/lab/tree/00_start_here.ipynb?token={token}") as page:
        assert b"JupyterLab" in page.read()
    address = f"{base}/api/contents/00_start_here.ipynb?token={token}"
    with urllib.request.urlopen(address) as answer:
        cells = json.load(answer)["content"]["cells"]
    assert not any(cell.get("outputs") for cell in cells)  # the learner's own copy
    assert Path("my_course/00_start_here.ipynb").exists()
    print(f"JupyterLab answers after {time.monotonic() - started:.0f} s, set-up included")
finally:
    os.killpg(make.pid, signal.SIGTERM)
