"""Warm-up of the search for rules: runs a tiny problem, so that all kernels are loaded."""

from __future__ import annotations

from functools import cache

import numpy as np

from arcsolve.dsl.grid import Grid
from arcsolve.dsl.rules.expression import Call
from arcsolve.dsl.rules.terms import find_term
from arcsolve.dsl.rules.vocabulary.copying.restoring import Regularity
from arcsolve.search.rules.enumeration import call, list_choices
from arcsolve.search.rules.induction import Induction
from arcsolve.search.rules.target import build_target

_GRIDS = ("1100/0020/2100", "1010/0200/0011")
_WORK = 10**6  # parts: more than the tiny problem needs


@cache
def warm_up() -> None:
    """Load all kernels into this process, and compile those that are not cached."""
    inputs = [np.array(Grid(text).cells) for text in _GRIDS]
    outputs = [np.where(grid == 2, np.uint8(3), grid) for grid in inputs]
    target = build_target([*inputs, inputs[0]], outputs, 0)
    assert target is not None
    Induction().induce(target, _WORK)
    parts = target.scene.parts("objects_8")
    stamp = find_term("stamp")  # the tiny problem has no markers
    Call(stamp, tuple(list_choices(each)[0] for each in stamp.parameters)).evaluate(parts)
    restored = call("show_restored", call("every"), Regularity.PERIOD)  # and is no summary
    restored.evaluate(parts)
