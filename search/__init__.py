"""Program synthesis over the language of `dsl`: a bottom-up closure, a beam, and what uses them."""
