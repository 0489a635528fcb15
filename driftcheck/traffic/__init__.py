"""What consumers really send and what services really answered, held against a description or a service."""
