"""What a network looks like: one frozen description, from which the model is built."""

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

# What a file may ask for: far beyond any network, and little enough to lay one out without memory.
LARGEST = 1 << 16  # of a size
MOST_TASKS = 1 << 24  # official networks have a million
MOST_REPEATED = 1 << 10  # layers, planes and cycles


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """Every variant of the network is a value of these fields; raises BadInput if they clash.

    An input is `planes` stacked canvases of tokens below `vocabulary`. `mixer` is how positions
    see each other: ``attention``; ``mlp`` over all positions of a canvas of exactly `tokens`
    cells; ``local``, 3x3 depthwise convolution with pooling over rows, columns and canvas; or
    ``scan``, sums that fade along rows, columns and diagonals. `positions` serve attention;
    ``learned`` ones also need `tokens`.

    With `separate` the answer is updated by layers of its own, as in HRM (arXiv 2506.21734). With
    `single` there is no latent state: the answer itself is refined with the input in sight.
    `gradients` flow through the last H-``cycle`` of a step, as in TRM; the last ``update`` of each
    state, as in HRM; or ``all`` updates, as in a plain looped transformer.

    A task is known by one of `tasks` embeddings of `task_width` numbers, spread over `prefix`
    extra tokens ahead of the canvas, or added to every cell if `prefix` is 0.
    With `symmetric` the local mixer's weights are tied over the symmetries of the square.
    Cells whose first plane holds `padding` are outside the grid and are never looked at.
    `copying` is how strongly the untrained network predicts that a cell keeps its input, which the
    first `copied` planes show, or all if it is 0. With `pointed` the network learns for each cell
    from which of so many first planes to copy. `probabilities` says what turns logits into
    probabilities: ``stablemax`` or ``softmax``.
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
        """Times that the network is applied in a supervision step."""
        return self.h_cycles * (self.l_cycles + (not self.single))

    @property
    def tracked(self) -> int:
        """How many of these, the last ones, gradients flow through."""
        cycle = self.updates // self.h_cycles
        return {"cycle": cycle, "update": min(cycle, 2 - self.single), "all": self.updates}[
            self.gradients
        ]

    def _size_problems(self) -> dict[str, bool]:
        """What could be wrong with single sizes, and whether it is."""
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
        """What could be wrong with sizes that may be, and whether it is."""
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
"""`shallow` sees the most examples for the work; `paper` has the size of arXiv 2510.04871 (7M)."""


def parse_config(values: Mapping[str, Any]) -> ModelConfig:
    """The configuration with these fields; raises BadInput for unknown fields and wrong types."""
    types = get_type_hints(ModelConfig)
    for name, value in values.items():
        if name not in types:
            raise BadInput(f"network configuration: there is no field {name!r}")
        if isinstance(value, bool) != (types[name] is bool) or not isinstance(value, types[name]):
            raise BadInput(f"network configuration: {name} is {value!r}, expected {types[name]}")
    return ModelConfig(**{**asdict(ModelConfig()), **values})
