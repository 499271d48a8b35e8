"""The words of the language of rules, each declared by one function over parts."""
