"""The arena: every state of a search in flat arrays.

A state is the values of one expression on all examples: the pairs, then the tests. One byte array
holds the cells of all values. A state is a row of offsets and packed shapes, with the operator and
the argument states that made it. Two expressions with equal values are one state. A 64-bit hash of
type, shapes and cells identifies a state, and open addressing finds it. (Among a million states,
two hashes collide with a chance of about 3e-8.)
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba.extending import register_jitable
from numpy.typing import NDArray

from arcsolve.dsl.grid import MAX_SIDE
from arcsolve.dsl.jit import inlined
from arcsolve.dsl.values import MAX_LAYERS, Cells, Integers, ValueType
from arcsolve.search.engine.intrinsics import copy_bytes, view

TYPES = tuple(ValueType)  # the arena stores the position of a type
GRID, MASK, COLOR = map(TYPES.index, (ValueType.GRID, ValueType.MASK, ValueType.COLOR))
NO_TYPE = len(TYPES)  # type of the missing arguments of unary and binary operators

States = NDArray[np.int32]  # numbers of states, -1 for none
Hash = np.uint64

STATES, BYTES, OPERATIONS = range(3)  # positions in `Arena.counters`

FULL = -1  # no room for another state
UNDEFINED = -2  # no value on an example
_KNOWN = -3  # from `register`: state 0 has these values; one less, state 1; and so on

_WORD = 8  # bytes; values are padded to whole words for hashing
_MIX = np.uint64(0x9E3779B97F4A7C15)  # 2**64 divided by the golden ratio
_MULTIPLIER = np.uint64(0xD6E8FEB86659FD93)
_LARGEST_VALUE = MAX_LAYERS * MAX_SIDE * MAX_SIDE  # bytes


class Arena(NamedTuple):
    """The arrays of an arena, by state and then by example; a fixed number of states fits."""

    cells: Cells  # all values, flat
    words: NDArray[np.uint64]  # the same memory in words
    offsets: Integers  # (state, example): the first cell of a value, or the scalar itself
    shapes: Integers  # (state, example): packed by `pack_shape`, 0 for scalars
    operators: NDArray[np.int32]  # the operator, or -1 - number of the terminal
    arguments: States  # (state, 3)
    costs: NDArray[np.int32]
    types: NDArray[np.int8]  # positions in `TYPES`
    hashes: NDArray[np.uint64]
    slots: States  # hash table
    members: States  # (type, position): the states of a type in order of creation
    sizes: Integers  # number of members by type
    matches: NDArray[np.uint32]  # bit i is set if the state equals the output of pair i
    distances: NDArray[np.float32]  # mean share of wrong cells, see `engine.goals.measure`
    counters: Integers  # STATES, BYTES, OPERATIONS


class Memory:
    """Memory for the cells of successive arenas.

    The page faults of fresh memory took a sixth of the time of a search. An arena must not be read
    any more once a later arena uses its memory.
    """

    def __init__(self) -> None:
        self._words = np.empty(0, np.uint64)

    def words(self, size: int) -> NDArray[np.uint64]:
        """Return an uninitialized array of `size` words."""
        if self._words.size < size:
            self._words = np.empty(size, np.uint64)
        return self._words[:size]


@register_jitable
def pack_shape(layers: Any, height: Any, width: Any) -> Any:
    """Return the sizes of a value as one number; a grid or mask has one layer. Arrays work, too."""
    return layers << 16 | height << 8 | width


@register_jitable
def unpack_shape(shape: Any) -> Any:
    """Return (layers, height, width) from a number of `pack_shape`. Arrays work, too."""
    return shape >> 16, (shape >> 8) & 0xFF, shape & 0xFF


def open_arena(examples: int, states: int, cell_bytes: int, memory: Memory | None = None) -> Arena:
    """Return an empty arena of this many examples, states and cell bytes, in `memory` if given."""
    room = max(cell_bytes, 2 * examples * _LARGEST_VALUE) // _WORD  # the input always fits
    words = (memory or Memory()).words(room)
    slots = 1 << (2 * states - 1).bit_length()
    members = np.empty((NO_TYPE + 1, states), np.int32)
    members[NO_TYPE, 0] = -1
    sizes = np.zeros(NO_TYPE + 1, np.int64)
    sizes[NO_TYPE] = 1
    return Arena(
        cells=words.view(np.uint8),
        words=words,
        offsets=np.empty((states, examples), np.int64),
        shapes=np.empty((states, examples), np.int64),
        operators=np.empty(states, np.int32),
        arguments=np.empty((states, 3), np.int32),
        costs=np.empty(states, np.int32),
        types=np.empty(states, np.int8),
        hashes=np.empty(states, np.uint64),
        slots=np.full(slots, -1, np.int32),
        members=members,
        sizes=sizes,
        matches=np.zeros(states, np.uint32),
        distances=np.full(states, np.inf, np.float32),
        counters=np.zeros(3, np.int64),
    )


@inlined
def grid_at(arena: Arena, state: int, example: int) -> Cells:
    """Return a grid or mask without a copy."""
    _, height, width = unpack_shape(arena.shapes[state, example])
    return view(arena.cells, arena.offsets[state, example], (height, width))


@inlined
def layers_at(arena: Arena, state: int, example: int) -> Cells:
    """Return layers without a copy."""
    layers, height, width = unpack_shape(arena.shapes[state, example])
    return view(arena.cells, arena.offsets[state, example], (layers, height, width))


@inlined
def area_at(arena: Arena, state: int, example: int) -> int:
    """Return the number of cells of a grid or mask."""
    _, height, width = unpack_shape(arena.shapes[state, example])
    return height * width


@inlined
def cells_at(arena: Arena, state: int, example: int) -> Cells:
    """Return the cells of a grid or mask in one row without a copy, for comparisons."""
    start = arena.offsets[state, example]
    return arena.cells[start : start + area_at(arena, state, example)]


@inlined
def begin_hash(value_type: int) -> Hash:
    """Return the hash of a type, to which values are added."""
    return np.uint64(value_type + 1) * _MIX


@inlined
def _mix_word(digest: Hash, word: Hash) -> Hash:
    digest = (digest ^ word) * _MIX
    return digest ^ (digest >> np.uint64(29))


@inlined
def store_cells(
    arena: Arena, state: int, example: int, value: Cells, shape: int, tail: int, digest: Hash
) -> tuple[int, Hash]:
    """Copy the cells of a value to the tail of the arena; return the new tail and hash.

    The caller makes sure that the largest value fits behind the tail.
    """
    first = tail // _WORD
    last = first + (value.size + _WORD - 1) // _WORD
    arena.words[last - 1] = 0
    copy_bytes(arena.cells, tail, value)
    arena.offsets[state, example] = tail
    arena.shapes[state, example] = shape
    digest = _mix_word(digest, np.uint64(shape))
    return last * _WORD, _mix_word(digest, _hash_words(arena.words[first:last]))


@inlined
def _hash_words(words: NDArray[np.uint64]) -> Hash:
    """Hash every fourth word in a chain of its own: four chains keep the multiplier busy.

    The chains begin with the same number, so they are mixed one after the other to keep their
    order.
    """
    a, b, c, d = _MIX, _MIX, _MIX, _MIX
    whole = words.size // 4 * 4
    for i in range(0, whole, 4):
        a = chain_word(a, words[i])
        b = chain_word(b, words[i + 1])
        c = chain_word(c, words[i + 2])
        d = chain_word(d, words[i + 3])
    for i in range(whole, words.size):
        a = chain_word(a, words[i])
    return _mix_word(_mix_word(_mix_word(_mix_word(_MIX, a), b), c), d)


@inlined
def chain_word(digest: Hash, word: Hash) -> Hash:
    """Add a word to a hash; the shift brings down the differences that the product carries up."""
    digest = (digest ^ word) * _MULTIPLIER
    return digest ^ (digest >> np.uint64(32))


@inlined
def store_scalar(arena: Arena, state: int, example: int, value: int, digest: Hash) -> Hash:
    """Store a color, count or direction; return the new hash."""
    arena.offsets[state, example] = value
    arena.shapes[state, example] = 0
    return _mix_word(digest, np.uint64(value))


@inlined
def has_room(arena: Arena) -> bool:
    """Return whether one more state fits, however large its values are."""
    examples = arena.offsets.shape[1]
    room = arena.cells.size - arena.counters[BYTES]
    return arena.counters[STATES] < arena.costs.size and room > examples * _LARGEST_VALUE


@inlined
def register(
    arena: Arena, key: Hash, tail: int, operator: int, x: int, y: int, z: int, cost: int, kind: int
) -> int:
    """Keep the values stored last as a new state and return it; `key` is their hash.

    If the values are known, return a number for `resolve_state`; the known state keeps the cheaper
    expression.
    """
    mask = arena.slots.size - 1
    slot = np.int64(key & np.uint64(mask))
    while arena.slots[slot] >= 0:
        known = arena.slots[slot]
        if arena.hashes[known] == key:
            if cost < arena.costs[known]:
                _derive(arena, known, operator, x, y, z, cost)
            return _KNOWN - known
        slot = (slot + 1) & mask
    state = arena.counters[STATES]
    arena.slots[slot] = state
    arena.hashes[state] = key
    _derive(arena, state, operator, x, y, z, cost)
    arena.types[state] = kind
    arena.members[kind, arena.sizes[kind]] = state
    arena.sizes[kind] += 1
    arena.counters[STATES] = state + 1
    arena.counters[BYTES] = tail
    return state


@inlined
def _derive(arena: Arena, state: int, operator: int, x: int, y: int, z: int, cost: int) -> None:
    """Record the expression that made a state; arguments cost less than the state: no cycles."""
    arena.operators[state] = operator
    arena.arguments[state, 0] = x
    arena.arguments[state, 1] = y
    arena.arguments[state, 2] = z
    arena.costs[state] = cost


def resolve_state(outcome: int) -> int:
    """Return the new or known state that an application gave; -1 if it gave none."""
    return outcome if outcome >= 0 else max(_KNOWN - outcome, -1)


def read_grid(arena: Arena, state: int, example: int) -> Cells:
    """Return a copy of a grid or mask, for callers that are not compiled."""
    start = int(arena.offsets[state, example])
    _, height, width = unpack_shape(int(arena.shapes[state, example]))
    cells: Cells = arena.cells[start : start + height * width].reshape(height, width).copy()
    return cells
