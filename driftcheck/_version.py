"""The version, as a constant: reading package metadata would cost every start 30 ms."""

VERSION = "0.1.0"
