"""The guided set-up that opens where a home has no workspace yet."""
