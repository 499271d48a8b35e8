"""The arbiter: from candidates to two attempts."""
