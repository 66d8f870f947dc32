"""Runs the command line as ``python -m pooledfund``."""

import sys

from pooledfund.cli import main

if __name__ == "__main__":
    sys.exit(main())
