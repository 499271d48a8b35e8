"""Sight: the planes in which a network sees an input under a view, features included."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from neural import corpus
from neural.config import ModelConfig
from neural.features import COLOR_PLANES, NOTHING, feature_planes
from ttt.views import View

__all__ = ["Sight"]

MAX_FEATURED = 2  # stacked planes of an input; features of more would be too many


class Sight:
    """The planes of one input, and of its features if there are any, under any view.

    Planes that show the input come first, then features that are colors, then those that are not.
    Features are those of the turned input, and are worked out once for each symmetry.
    """

    def __init__(self, planes: NDArray[np.uint8], features: bool) -> None:
        self.planes = planes
        self.featured = features and len(planes) <= MAX_FEATURED
        self._turned: dict[int, NDArray[np.uint8]] = {}

    @property
    def colored(self) -> int:
        """How many planes hold colors; these are the first."""
        return len(self.planes) * (COLOR_PLANES if self.featured else 1)

    @property
    def as_it_is(self) -> NDArray[np.uint8]:
        """(planes, height, width) of tokens under no view."""
        return self.under(View(0))

    def fitted(self, config: ModelConfig, tasks: int) -> ModelConfig:
        """The configuration with planes for inputs seen as this one, and so many embeddings.

        A network that is shown features may copy from those that are colors.
        """
        pointed = self.colored if self.featured else 0
        planes = len(self.as_it_is)
        return replace(config, planes=planes, copied=len(self.planes), pointed=pointed, tasks=tasks)

    def under(self, view: corpus.View) -> NDArray[np.uint8]:
        """(planes, height, width), tokens of colors recolored as the view does."""
        if view.symmetry not in self._turned:
            self._turned[view.symmetry] = self._with_features(
                View(view.symmetry).apply(self.planes)
            )
        seen = self._turned[view.symmetry].copy()
        palette = np.array((*view.palette, NOTHING), np.uint8)
        seen[: self.colored] = palette[seen[: self.colored]]
        return seen

    def _with_features(self, planes: NDArray[np.uint8]) -> NDArray[np.uint8]:
        if not self.featured:
            return planes
        features = [feature_planes(plane)[1:] for plane in planes]
        colors = [part[: COLOR_PLANES - 1] for part in features]
        return np.concatenate([planes, *colors, *(part[COLOR_PLANES - 1 :] for part in features)])
