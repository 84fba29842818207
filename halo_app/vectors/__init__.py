"""Chunks with their vectors: LanceDB, and numpy as the fake that is also real."""
