"""The API half: OpenAPI documents loaded, compared as contracts, and judged."""
