"""The commands: each module is one of them, and imports what is heavy only when it runs."""
