"""HALO: a private research notebook that answers from your own documents, with proof."""

__version__ = "0.1.0"
