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
    """The reaction of a walk to the border of the grid."""

    END = ("end", 0.1, "ending at the border")
    BOUNCE = ("bounce", 0.5, "bouncing off the border")
    LEFT = ("turn_left", 0.5, "turning left at the border")
    RIGHT = ("turn_right", 0.5, "turning right at the border")


BORDERS = {
    Border.END: END, Border.BOUNCE: BOUNCE, Border.LEFT: TURN_LEFT, Border.RIGHT: TURN_RIGHT,
}  # fmt: skip


@term(cost=1.2)
def walk(
    parts: Parts, directions: DirectionColumn, reactions: ReactionColumn, border: Border
) -> AreaColumn:
    """The path {0} from its tip, {1} and {2}.

    The tip is the one cell that is farthest in the direction.

    >>> effect = "(fill (walk right (reactions 4 left other stop) end) 5)"
    >>> paint(effect, "0000/3004/0000", "(has color 3)")
    Grid('0050/3554/0000')
    """
    return Area(
        *walk_cells(parts.board, parts.outline, parts.index, directions, reactions, BORDERS[border])
    )
