"""Where a share may lie: folders and servers, their addresses, credentials and budgets, and the sentinel."""
