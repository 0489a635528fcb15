"""All that is configured, in one report: parts are planned, run in processes of their own, and merged."""
