"""Decorating: a constant pattern around a part."""

from __future__ import annotations

from arcsolve.dsl.kernels.scenery.patterns import draw_patterns
from arcsolve.dsl.rules.scene import Parts
from arcsolve.dsl.rules.terms import PatternColumn, StrokeColumn, Strokes, term


@term(cost=1.4)
def decorate(parts: Parts, pattern: PatternColumn) -> StrokeColumn:
    """Draw {0}.

    >>> paint('(decorate (pattern -1 -1 ".2./2*2/.2."))', "000/030/000")
    Grid('020/232/020')
    """
    return Strokes(*draw_patterns(parts.board, parts.outline, parts.index, parts.color, pattern))
