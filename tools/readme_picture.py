"""Write the README's picture from the function that draws it in notebook 00."""

from pathlib import Path

from cehelpers.figures._style import png_bytes
from cehelpers.figures.start_here import landscape

Path(__file__).parents[1].joinpath("teaching", "landscape.png").write_bytes(png_bytes(landscape()))
