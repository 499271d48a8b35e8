"""The protocol that the stages of a search follow."""

from __future__ import annotations

from typing import Protocol

from arcsolve.search.engine.workspace import Workspace


class Stage(Protocol):
    """One mechanism of the search, as a frozen dataclass whose fields are its settings."""

    def extend(self, workspace: Workspace) -> None:
        """Add states to the arena of the workspace, within its budget."""
