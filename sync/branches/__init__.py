"""Histories that forked: how a fork is noticed, where its branches lead, and how they are taken in."""
