"""Program synthesis over the language of `dsl`: stages over an arena of states."""
