"""Results of test runs, tied to the recorded calls that the tests made."""
