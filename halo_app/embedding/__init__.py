"""Text to unit vectors: the built-in MiniLM, any ONNX model, and a hashed stand-in for tests."""
