"""Tokens: grids encoded for a network, and the tokens that stand for colors."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.neural.config import ModelConfig
from arcsolve.neural.data.batches import Batch, Example, collate
from arcsolve.neural.losses import IGNORED
from arcsolve.neural.model import TinyRecursiveModel

OUTSIDE, END, FIRST_COLOR = 0, 1, 2  # tokens of the official code; END marks right and lower edges
OFFICIAL_VOCABULARY = FIRST_COLOR + NUM_COLORS


def encode(examples: Sequence[Example], config: ModelConfig) -> Batch:
    """Encode examples for a network of this configuration, in the top left corner of a canvas.

    The canvas is the smallest that holds all examples, or the square of all tokens of the
    configuration. For official networks the labels contain the end marks. Raises BadInput for grids
    that do not fit on the canvas, and if the number of tokens is no square.
    """
    side = math.isqrt(config.tokens)
    if config.tokens:
        _check_fit(examples, config.tokens, side)
    if not _is_official(config):
        return collate(examples, config.padding or 0, side)
    inputs = np.stack([[_frame(plane, side) for plane in e.planes] for e in examples])
    labels = np.stack([_frame(example.labels, side) for example in examples])
    labels[labels == OUTSIDE] = IGNORED
    tasks = torch.tensor([example.task for example in examples])
    return Batch(torch.from_numpy(inputs), torch.from_numpy(labels), tasks)


def encode_for(model: TinyRecursiveModel, examples: Sequence[Example]) -> Batch:
    """Encode examples for this network, on the device of the network."""
    device = model.head.weight.device
    return Batch(*(tensor.to(device) for tensor in encode(examples, model.config)))


def color_tokens(config: ModelConfig) -> range:
    """The tokens of the colors 0 to 9."""
    first = FIRST_COLOR if _is_official(config) else 0
    return range(first, first + NUM_COLORS)


def _is_official(config: ModelConfig) -> bool:
    square = config.tokens > 0 and math.isqrt(config.tokens) ** 2 == config.tokens
    return config.padding is None and square and config.vocabulary == OFFICIAL_VOCABULARY


def _check_fit(examples: Sequence[Example], tokens: int, side: int) -> None:
    if side**2 != tokens:
        raise BadInput(f"the network takes {tokens} tokens, which form no square canvas")
    for height, width in (cells.shape for e in examples for cells in (e.planes[0], e.labels)):
        if max(height, width) > side:
            found = f"found {height}x{width}"
            raise BadInput(f"the network takes grids of at most {side} a side, {found}")


def _frame(cells: NDArray[np.uint8], side: int) -> NDArray[np.int64]:
    """Put cells in the corner of a square canvas, with end marks along right and lower edges."""
    height, width = cells.shape
    canvas = np.full((side, side), OUTSIDE, np.int64)
    canvas[:height, :width] = cells.astype(np.int64) + FIRST_COLOR
    canvas[height : height + 1, :width] = END
    canvas[:height, width : width + 1] = END
    return canvas
