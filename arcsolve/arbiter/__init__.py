"""The arbiter: weighs the candidates for each test and chooses two attempts."""
