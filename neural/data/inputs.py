"""Sight: the planes in which a network sees an input under a view, features included."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from arcsolve.neural.config import ModelConfig
from arcsolve.neural.data.augment import Augmentation
from arcsolve.neural.data.features import COLOR_PLANES, NOTHING, feature_planes

MAX_FEATURED = 2  # stacked planes of an input; features of more would be too many
CODES_OF_COLORS = NOTHING + 1  # codes of tokens that are recolored; those that stay are above
KEPT = bytes([NOTHING, *range(NOTHING + 1)])  # what the codes above the ten colors stand for


class NetworkInput:
    """The planes of one input, and of its features if there are any, under any view.

    Planes that show the input come first, then features that are colors, then those that are not.
    Features are those of the turned input, and are worked out once for each symmetry.
    """

    def __init__(self, planes: NDArray[np.uint8], features: bool) -> None:
        self.planes = planes
        self.has_features = features and len(planes) <= MAX_FEATURED
        self._codes: dict[int, NDArray[np.uint8]] = {}

    @property
    def num_color_planes(self) -> int:
        """How many planes hold colors; these are the first."""
        return len(self.planes) * (COLOR_PLANES if self.has_features else 1)

    @property
    def original(self) -> NDArray[np.uint8]:
        """(planes, height, width) of tokens under no view."""
        return self.augment(Augmentation(0))

    def fit_config(self, config: ModelConfig, tasks: int) -> ModelConfig:
        """The configuration with planes for inputs seen as this one, and so many embeddings.

        A network that is shown features may copy from those that are colors.
        """
        pointed = self.num_color_planes if self.has_features else 0
        planes = len(self.original)
        return replace(config, planes=planes, copied=len(self.planes), pointed=pointed, tasks=tasks)

    def augment(self, augmentation: Augmentation) -> NDArray[np.uint8]:
        """(planes, height, width), tokens of colors recolored as the view does."""
        return recolor(self.codes(augmentation.symmetry), augmentation.palette)

    def codes(self, symmetry: int) -> NDArray[np.uint8]:
        """The planes under a symmetry, for `recolored`; not to be written to."""
        if symmetry not in self._codes:
            codes = self._add_features(Augmentation(symmetry).apply(self.planes))
            codes[self.num_color_planes :] += CODES_OF_COLORS
            self._codes[symmetry] = codes
        return self._codes[symmetry]

    def _add_features(self, planes: NDArray[np.uint8]) -> NDArray[np.uint8]:
        if not self.has_features:
            return planes
        features = [feature_planes(plane)[1:] for plane in planes]
        colors = [part[: COLOR_PLANES - 1] for part in features]
        return np.concatenate([planes, *colors, *(part[COLOR_PLANES - 1 :] for part in features)])


def recolor(codes: NDArray[np.uint8], palette: tuple[int, ...]) -> NDArray[np.uint8]:
    """The tokens that codes stand for under a palette, in an array of its own.

    Codes up to `NOTHING` are tokens of colors, and those above are tokens that stay, of classes:
    so a single lookup does for planes of both kinds.
    """
    return np.frombuffer(bytes(palette) + KEPT, np.uint8).take(codes)
