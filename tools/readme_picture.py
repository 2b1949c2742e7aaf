"""Write the README's picture from the function that draws it in notebook 00."""

from pathlib import Path

from cecourse.lessons.start_here.pictures import landscape
from cecourse.picture import png_bytes

Path(__file__).parents[1].joinpath("teaching", "landscape.png").write_bytes(png_bytes(landscape().figure))
