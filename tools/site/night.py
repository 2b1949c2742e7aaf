"""Dark twins of the stored pictures: the same pixels, their palette turned round for a dark page.

Stored pictures have a palette of at most 256 colours (`cecourse.picture`), so that a twin is made
without touching a pixel: each colour becomes its `cecourse.palette.night`.
"""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path

from cecourse import palette

PICTURE = re.compile(r'<img [^>]*?src="([^":]*_static/(?:figures/[^"]+|landscape)\.png)"[^>]*>')


def dark(png: bytes) -> bytes:
    """Return the PNG with each colour of its palette replaced by the dark twin.

    Raises
    ------
    ValueError
        If the picture is no PNG with a palette.
    """
    start = png.find(b"PLTE")
    if png[:4] != b"\x89PNG" or png[25] != 3 or start < 0:  # byte 25 is the kind of its colours
        raise ValueError(f"png must be a picture with a palette; it begins {png[:26]!r}")
    end = start + 4 + struct.unpack(">I", png[start - 4 : start])[0]
    colours = png[start + 4 : end].hex()
    twins = (palette.night("#" + colours[i : i + 6])[1:] for i in range(0, len(colours), 6))
    chunk = b"PLTE" + bytes.fromhex("".join(twins))
    return png[:start] + chunk + struct.pack(">I", zlib.crc32(chunk)) + png[end + 4 :]


def darken(page: str, folder: Path) -> str:
    """Return a page in which each picture has its twin, written beside it where it is not yet.

    The two are one element: a browser loads the one it shows, and one description is read.
    """

    def both(image: re.Match) -> str:
        twin = image[1].removesuffix(".png") + "-dark.png"
        if not (folder / twin).exists():
            (folder / twin).write_bytes(dark((folder / image[1]).read_bytes()))
        source = f'<source class="night" media="(prefers-color-scheme: dark)" srcset="{twin}">'
        return f"<picture>{source}{image[0]}</picture>"

    return PICTURE.sub(both, page)
