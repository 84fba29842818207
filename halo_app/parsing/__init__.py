"""Documents to text with true places, one format family per file."""
