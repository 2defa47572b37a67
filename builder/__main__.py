"""`python -m builder` is the `slugline` command."""

from builder.cli.app import run

if __name__ == "__main__":
    run()
