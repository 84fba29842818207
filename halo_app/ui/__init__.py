"""The faces in the browser: frame, state, components, theme, server."""
