"""One module an engine: reads a whole schema with a constant number of catalog queries."""
