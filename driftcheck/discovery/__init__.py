"""What a repository holds that driftcheck can look at, and the configuration that follows from it."""
