"""The verbs: one class per file, each knowing only ports and the domain."""
