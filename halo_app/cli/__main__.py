"""`python -m halo_app.cli …` is the same as `halo …`."""

from halo_app.cli import main

raise SystemExit(main())
