"""Reference values of losses, and a runner that holds a library against them: see README.md."""
