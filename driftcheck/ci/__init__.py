"""What runs in CI systems around the command line; `install` is run before driftcheck is installed.

Everything that comes from a pull request (names of branches, texts of descriptions) is hostile here.
"""
