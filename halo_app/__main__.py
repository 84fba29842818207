"""`python -m halo_app …` is the same as `halo …`."""

from __future__ import annotations

import sys

from halo_app.cli import main

if __name__ == "__main__":
    sys.exit(main())
