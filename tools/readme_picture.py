"""Write the README's picture from the function that draws it in notebook 00."""

from pathlib import Path

from cecourse.lessons.start_here.pictures import landscape
from cecourse.picture import png_bytes

if __name__ == "__main__":
    path = Path(__file__).parents[1] / "teaching" / "landscape.png"
    path.write_bytes(png_bytes(landscape().figure))
