"""Network input: the planes of an input and of its features, under any augmentation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from arcsolve.neural.config import ModelConfig
from arcsolve.neural.data.augment import Augmentation
from arcsolve.neural.data.features import COLOR_PLANES, NOTHING, feature_planes

MAX_FEATURED = 2  # planes of an input; the features of more planes would be too many
CODES_OF_COLORS = NOTHING + 1  # codes below are recolored, codes from here on stay
KEPT = bytes([NOTHING, *range(NOTHING + 1)])  # tokens of the codes above the ten colors


class NetworkInput:
    """The planes of one input, with or without feature planes, under any augmentation.

    `planes` (planes, height, width) hold the input. They come first, then features that are colors,
    then features that are classes. Features are those of the transformed input, and are computed
    once for each symmetry. An input of more than `MAX_FEATURED` planes has no features.
    """

    def __init__(self, planes: NDArray[np.uint8], features: bool) -> None:
        self.planes = planes
        self.has_features = features and len(planes) <= MAX_FEATURED
        self._codes: dict[int, NDArray[np.uint8]] = {}

    @property
    def num_color_planes(self) -> int:
        """The number of planes that hold colors; these planes come first."""
        return len(self.planes) * (COLOR_PLANES if self.has_features else 1)

    @property
    def original(self) -> NDArray[np.uint8]:
        """The tokens (planes, height, width) without augmentation."""
        return self.augment(Augmentation(0))

    def fit_config(self, config: ModelConfig, tasks: int) -> ModelConfig:
        """Fit a configuration to inputs like this one, with `tasks` task embeddings.

        With features, the network may copy from every plane that holds colors.
        """
        pointed = self.num_color_planes if self.has_features else 0
        planes = len(self.original)
        return replace(config, planes=planes, copied=len(self.planes), pointed=pointed, tasks=tasks)

    def augment(self, augmentation: Augmentation) -> NDArray[np.uint8]:
        """The tokens (planes, height, width) under an augmentation."""
        return recolor(self.codes(augmentation.symmetry), augmentation.palette)

    def codes(self, symmetry: int) -> NDArray[np.uint8]:
        """The planes under a symmetry as codes for `recolor`; must not be written to."""
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
    """Convert codes to tokens under a palette, in a new array.

    Codes up to `NOTHING` are tokens of colors. Codes above are tokens of classes, which no palette
    changes. So one lookup serves planes of both kinds.
    """
    return np.frombuffer(bytes(palette) + KEPT, np.uint8).take(codes)
