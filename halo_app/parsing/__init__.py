"""Documents to text with true places, one format family per file; `isolated` reads a file in a process of its own."""
