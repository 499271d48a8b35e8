"""Families of effects that draw parts again, patterns around them, and the walks they take."""
