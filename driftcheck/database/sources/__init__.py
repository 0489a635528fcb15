"""Where a side comes from: a live URL, models, migrations, a snapshot, or a file of DDL."""
