"""What `driftcheck.pytest_plugin` does when it is asked to; nothing here is imported before that."""
