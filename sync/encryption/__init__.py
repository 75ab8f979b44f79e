"""Keeping a workspace to its members: keys, who is given them, encrypted files, and invitations."""
