"""Holds a running service to its description with generated requests; Schemathesis makes and sends them."""
