"""The search for rules over parts: the cheapest list of rules that explains all changes."""
