"""driftcheck finds drift between contracts before it ships."""
