"""What was once looked at and approved, kept as files; the tests compare with it."""
