"""The language: grids, tasks, primitives with laws, and programs over them."""

from dsl.errors import ArcsolveError as ArcsolveError
from dsl.errors import BadInput as BadInput
from dsl.errors import BadProgram as BadProgram
from dsl.errors import Undefined as Undefined
from dsl.grid import Grid as Grid
from dsl.task import Pair as Pair
from dsl.task import Task as Task
