"""The changes: what teammates did."""
