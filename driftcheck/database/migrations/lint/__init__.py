"""What a revision does to production, measured while it runs in a scratch database."""
