"""The configuration of a network: one frozen description from which the model is built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import Any, get_type_hints

from arcsolve.dsl.errors import BadInput

MIXERS = ("attention", "mlp", "local", "scan")
GRADIENTS = ("cycle", "update", "all")
POSITIONS = ("rope", "rope2d", "learned", "none")
PROBABILITIES = ("stablemax", "softmax")

# Limits on sizes in a file: far above any network, and a network within them can be laid out.
LARGEST = 1 << 16  # of a size
MOST_TASKS = 1 << 24  # official networks have a million
MOST_REPEATED = 1 << 10  # layers, planes and cycles


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """A variant of the network; raises BadInput if fields clash.

    An input is a stack of `planes` canvases of tokens. Tokens are below `vocabulary`. Cells whose
    first plane holds the token `padding` are outside the grid, and no layer looks at them.

    `mixer` is the layer that mixes information between cells: ``attention``; ``mlp``, a gated layer
    over all positions of a canvas of exactly `tokens` cells; ``local``, a 3x3 depthwise convolution
    with pooling over rows, columns and the canvas; or ``scan``, sums that decay along rows, columns
    and diagonals. `positions` is the position encoding of attention. ``learned`` positions also
    need `tokens`. With `symmetric` the weights of the local mixer are tied over the symmetries of
    the square.

    The network keeps an answer and a latent state. With `separate` the answer is updated by layers
    of its own, as in HRM (arXiv 2506.21734). With `single` there is no latent state: each update
    refines the answer from the input. `gradients` flow through the last H-``cycle`` of a
    supervision step, as in TRM; through the last ``update`` of each state, as in HRM; or through
    ``all`` updates, as in a plain looped transformer.

    Each of `tasks` tasks has an embedding of `task_width` numbers. The embedding fills `prefix`
    extra tokens before the canvas. If `prefix` is 0 the embedding is added to every cell.

    `copying` is the logit with which the untrained network predicts that a cell keeps its input.
    The first `copied` planes show the input, or all planes if `copied` is 0. With `pointed` the
    network learns for each cell which of the first `pointed` planes to copy. `probabilities` is the
    function from logits to probabilities: ``stablemax`` or ``softmax``.
    """

    vocabulary: int = 11  # ten colors and the padding
    planes: int = 1
    width: int = 64  # channels
    layers: int = 2
    heads: int = 4
    hidden: int = 256  # units of the gated layer
    token_hidden: int = 256  # units of the gated layer over positions, of the mlp mixer
    h_cycles: int = 3  # updates of the answer in a supervision step
    l_cycles: int = 4  # updates of the latent state before each update of the answer
    supervision_steps: int = 4
    separate: bool = False
    single: bool = False
    gradients: str = "cycle"
    mixer: str = "attention"
    positions: str = "rope2d"
    tokens: int = 0
    tasks: int = 1
    task_width: int = 64
    prefix: int = 0
    padding: int | None = 10
    symmetric: bool = False
    copying: float = 0.0
    copied: int = 0
    pointed: int = 0
    probabilities: str = "stablemax"

    def __post_init__(self) -> None:
        for problems in (self._size_problems, self._clashes):
            for problem, wrong in problems().items():
                if wrong:
                    raise BadInput(f"network configuration: {problem}")

    @property
    def updates(self) -> int:
        """The number of times that the layers are applied in a supervision step."""
        return self.h_cycles * (self.l_cycles + (not self.single))

    @property
    def tracked(self) -> int:
        """The number of these updates, counted from the last, that gradients flow through."""
        cycle = self.updates // self.h_cycles
        return {"cycle": cycle, "update": min(cycle, 2 - self.single), "all": self.updates}[
            self.gradients
        ]

    def _size_problems(self) -> dict[str, bool]:
        """Each problem with a single size, and whether this configuration has it."""
        units = (self.width, self.heads, self.hidden, self.token_hidden)
        repeated = (self.planes, self.layers, self.h_cycles, self.l_cycles, self.supervision_steps)
        lengths = (self.tokens, self.task_width, self.prefix)
        return {
            "sizes and cycles must be at least 1": min(self.vocabulary, *units, *repeated) < 1,
            "tokens, tasks, task_width and prefix must not be negative": (
                min(self.tasks, *lengths) < 0
            ),
            f"sizes must be at most {LARGEST:,}": max(self.vocabulary, *units, *lengths) > LARGEST,
            f"tasks must be at most {MOST_TASKS:,}": self.tasks > MOST_TASKS,
            f"layers, planes and cycles must be at most {MOST_REPEATED:,}": (
                max(repeated) > MOST_REPEATED
            ),
        }

    def _clashes(self) -> dict[str, bool]:
        """Each clash between fields, and whether this configuration has it."""
        spread = self.prefix * self.width if self.prefix else self.width
        attends = self.mixer == "attention"
        part = 4 if self.positions == "rope2d" else 2
        rotary = attends and self.positions.startswith("rope")
        return {
            f"mixer must be one of {', '.join(MIXERS)}": self.mixer not in MIXERS,
            f"gradients must be one of {', '.join(GRADIENTS)}": self.gradients not in GRADIENTS,
            "only the local mixer can be symmetric": self.symmetric and self.mixer != "local",
            "separate layers for the answer need a latent state": self.separate and self.single,
            "the scan mixer needs a width of a multiple of 8": (
                self.mixer == "scan" and self.width % 8 != 0
            ),
            f"positions must be one of {', '.join(POSITIONS)}": self.positions not in POSITIONS,
            f"probabilities must be one of {', '.join(PROBABILITIES)}": (
                self.probabilities not in PROBABILITIES
            ),
            "padding must be a token of the vocabulary": (
                self.padding is not None and not 0 <= self.padding < self.vocabulary
            ),
            f"copied and pointed must be from 0 to {self.planes} planes": (
                min(self.copied, self.pointed) < 0 or max(self.copied, self.pointed) > self.planes
            ),
            "width must be a multiple of heads": attends and self.width % self.heads != 0,
            f"rotary positions need heads of a multiple of {part} channels": (
                rotary and self.width // self.heads % part != 0
            ),
            "this mixer or these positions need a fixed number of tokens": (
                (self.mixer == "mlp" or self.positions == "learned") and self.tokens == 0
            ),
            "this mixer has no place for prefix tokens": (
                self.mixer in ("local", "scan") and self.prefix > 0
            ),
            "prefix tokens need embeddings of tasks": self.prefix > 0 and self.tasks == 0,
            f"task_width must be at most {spread}": self.tasks > 0 and self.task_width > spread,
        }


_LOCAL = ModelConfig(
    layers=1, hidden=128, h_cycles=1, l_cycles=3, supervision_steps=3, mixer="local",
    positions="none", copying=4.0, probabilities="softmax",
)  # fmt: skip

PRESETS: Mapping[str, ModelConfig] = MappingProxyType(
    {
        "tiny-deep": ModelConfig(h_cycles=16, l_cycles=1),
        "local": _LOCAL,
        "shallow": replace(_LOCAL, l_cycles=1, supervision_steps=1),
        "scan": replace(_LOCAL, mixer="scan"),
        "hrm": ModelConfig(h_cycles=2, l_cycles=2, separate=True, gradients="update"),
        "looped": ModelConfig(
            h_cycles=1, l_cycles=8, supervision_steps=1, single=True, gradients="all"
        ),
        "paper": ModelConfig(
            width=512,
            heads=8,
            hidden=1536,
            l_cycles=6,
            supervision_steps=16,
            task_width=512,
            prefix=16,
        ),
    }
)
"""`shallow` trains on the most examples for the work; `paper` has the 7M of arXiv 2510.04871."""


def parse_config(values: Mapping[str, Any]) -> ModelConfig:
    """Build a configuration from fields by name.

    Fields that are not given keep their defaults. Raises BadInput for unknown fields and for values
    of a wrong type.
    """
    types = get_type_hints(ModelConfig)
    for name, value in values.items():
        if name not in types:
            raise BadInput(f"network configuration: there is no field {name!r}")
        if isinstance(value, bool) != (types[name] is bool) or not isinstance(value, types[name]):
            raise BadInput(f"network configuration: {name} is {value!r}, expected {types[name]}")
    return ModelConfig(**{**asdict(ModelConfig()), **values})
