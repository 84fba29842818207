"""Values that may be gone at any time."""
