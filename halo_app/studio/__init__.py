"""Studio templates, one per file."""
