"""Nouns and arithmetic: frozen records and pure functions; standard library and numpy only, no I/O, no clock."""
