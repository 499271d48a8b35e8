"""Tells people about rules: in words, by examples, and part by part on a grid."""
