"""From a path, URL, git revision, application or dict to a Document; the only part that does I/O."""
