"""Walking: areas on paths that turn where they meet other parts."""

from __future__ import annotations

from arcsolve.dsl.kernels.scenery.walks import (
    BOUNCE,
    END,
    TURN_LEFT,
    TURN_RIGHT,
    walk_cells,
)
from arcsolve.dsl.rules.scene import Parts
from arcsolve.dsl.rules.terms import (
    Area,
    AreaColumn,
    Choice,
    DirectionColumn,
    ReactionColumn,
    term,
)


class Border(Choice):
    """What a walk does at the border of the grid."""

    END = ("end", 0.1)
    BOUNCE = ("bounce", 0.5)
    LEFT = ("turn_left", 0.5)
    RIGHT = ("turn_right", 0.5)


BORDERS = {
    Border.END: END, Border.BOUNCE: BOUNCE, Border.LEFT: TURN_LEFT, Border.RIGHT: TURN_RIGHT,
}  # fmt: skip


@term(cost=1.2)
def walk(
    parts: Parts, directions: DirectionColumn, reactions: ReactionColumn, border: Border
) -> AreaColumn:
    """The path from its tip, {0}, with {1}, and at the border: {2}."""
    return Area(
        *walk_cells(parts.board, parts.outline, parts.index, directions, reactions, BORDERS[border])
    )
