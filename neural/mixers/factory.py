"""Builds the mixer that a configuration names: the layer that mixes information between cells."""

from __future__ import annotations

import torch
from torch import nn

from arcsolve.neural.config import ModelConfig
from arcsolve.neural.mixers.attention import Attention
from arcsolve.neural.mixers.local import LocalMixer
from arcsolve.neural.mixers.mlp import PositionMlp
from arcsolve.neural.mixers.scan import ScanMixer


def build_mixer(config: ModelConfig, generator: torch.Generator) -> nn.Module:
    """Build the mixer that the configuration names, with weights drawn from the generator."""
    kinds = {"attention": Attention, "mlp": PositionMlp, "local": LocalMixer, "scan": ScanMixer}
    return kinds[config.mixer](config, generator)
