"""What a class believes: votes by phone and collected files, `make vote room`."""
