"""The team screen: departments, what they need, who is there, what goes between them."""
