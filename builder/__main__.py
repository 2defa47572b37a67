"""`python -m builder` is the `slugline` command."""

from builder.cli import main

if __name__ == "__main__":
    main(prog_name="slugline")
