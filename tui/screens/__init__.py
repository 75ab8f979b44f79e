"""One file a screen: what it shows, what its keys do, what it asks of the store."""
