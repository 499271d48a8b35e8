"""Matching: compiled loops that judge drawings and combine them with colors and tests."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from arcsolve.dsl.grid import NUM_COLORS
from arcsolve.dsl.jit import compiled, helper
from arcsolve.dsl.kernels.bits import first_bit
from arcsolve.dsl.values import Cells, Integers

NOTHING, WRONG = -1, -2  # in place of the color that a drawing needs
MOST_EQUAL = 2  # rules with the same drawing, color and chosen parts of pairs; their tests differ
MOST_SEEN = 64  # distinct choices of parts that are remembered for each drawing and color

Words = NDArray[np.uint64]

_ONE = np.uint64(1)


@compiled
def judge_areas(
    goal: Cells, bits: Integers, offsets: Integers, places: Integers, words: int
) -> tuple[Integers, Words]:
    """Return for each row of an area the color it needs and the changed cells it accounts for.

    The color is that of all its cells in the `goal`. It is NOTHING for an empty row, and WRONG if
    the cells differ in the goal.
    """
    rows = len(offsets) - 1
    needed, cover = np.full(rows, NOTHING, np.int64), np.zeros((rows, words), np.uint64)
    for row in range(rows):
        for at in range(offsets[row], offsets[row + 1]):
            color = np.int64(goal[places[at]])
            if needed[row] == NOTHING:
                needed[row] = color
            elif needed[row] != color:
                needed[row] = WRONG
                break
        if needed[row] >= 0:
            for at in range(offsets[row], offsets[row + 1]):
                bit = bits[places[at]]
                if bit >= 0:
                    cover[row, bit >> 6] |= _ONE << np.uint64(bit & 63)
    return needed, cover


@compiled
def judge_strokes(
    goal: Cells,
    bits: Integers,
    offsets: Integers,
    places: Integers,
    colors: Cells,
    erased_offsets: Integers,
    erased: Integers,
    blank: Cells,
    words: int,
) -> tuple[Integers, Words]:
    """Return for each row of strokes 0, NOTHING or WRONG, and the changed cells it accounts for.

    `blank` has the background color at each place. An erased cell is accounted for if it is
    background in the `goal`.
    """
    rows = len(offsets) - 1
    needed, cover = np.full(rows, NOTHING, np.int64), np.zeros((rows, words), np.uint64)
    for row in range(rows):
        for at in range(offsets[row], offsets[row + 1]):
            if goal[places[at]] != colors[at]:
                needed[row] = WRONG
                break
            needed[row] = 0
        if needed[row] != 0:
            continue
        for at in range(offsets[row], offsets[row + 1]):
            bit = bits[places[at]]
            if bit >= 0:
                cover[row, bit >> 6] |= _ONE << np.uint64(bit & 63)
        for at in range(erased_offsets[row], erased_offsets[row + 1]):
            bit = bits[erased[at]]
            if bit >= 0 and goal[erased[at]] == blank[erased[at]]:
                cover[row, bit >> 6] |= _ONE << np.uint64(bit & 63)
    return needed, cover


@helper
def _sort_parts(colors: Integers, by_color: Words) -> None:
    """Set the bit of each part in the row of its color; a negative color sets none."""
    by_color[:] = 0
    for part in range(len(colors)):
        if colors[part] >= 0:
            by_color[colors[part], part >> 6] |= _ONE << np.uint64(part & 63)


@helper
def _mark_parts(
    needed: Integers, cover: Words, covering: NDArray[np.bool_], bearing: Words, painting: Words
) -> None:
    """Mark the parts that account for changes, as flags and as bits, and those that paint."""
    painting[:], bearing[:] = 0, 0
    for part in range(len(needed)):
        bit = _ONE << np.uint64(part & 63)
        covering[part] = (cover[part] != 0).any()
        if covering[part]:
            bearing[part >> 6] |= bit
        if needed[part] != NOTHING:
            painting[part >> 6] |= bit


@helper
def _choose(needed: Words, painting: Words, color: Words, good: Words, acting: Words) -> bool:
    """Set the bits of the parts that paint right and that paint; return whether any paints right.

    `needed` and `color` (color, word) have the bits of the parts that need and get a color, and
    `painting` has those of the parts that paint at all.
    """
    found = False
    for word in range(len(good)):
        right, colored = np.uint64(0), np.uint64(0)
        for value in range(NUM_COLORS):
            right |= needed[value, word] & color[value, word]
            colored |= color[value, word]
        good[word], acting[word] = right, colored & painting[word]
        found |= right != 0
    return found


@helper
def _tabulate(
    needed: Integers,
    covering: NDArray[np.bool_],
    keys: Integers,
    scratch: Integers,
    color: Integers,
) -> tuple[int, int]:
    """Write the color that a table over keys gives each part; return (entries, seen once).

    `keys` are numbers from 0 on, or -1 for a part without one. Only parts that account for changes
    make entries, and keys with two colors have no entry. Returns (0, 0) for fewer than two colors.
    `scratch` has two rows, with a place for each key.
    """
    values, counts = scratch[0], scratch[1]
    values[:], counts[:] = NOTHING, 0
    for part in range(len(needed)):
        key = keys[part]
        if needed[part] >= 0 and covering[part] and key >= 0:
            agrees = counts[key] == 0 or values[key] == needed[part]
            values[key] = needed[part] if agrees else WRONG
            counts[key] += 1
    entries, once, first, several = 0, 0, NOTHING, False
    for key in range(len(values)):
        if values[key] >= 0:
            entries, once = entries + 1, once + (counts[key] == 1)
            several |= first != NOTHING and first != values[key]
            first = values[key]
    for part in range(len(needed)):
        color[part] = values[keys[part]] if keys[part] >= 0 else NOTHING
    return (entries, once) if several else (0, 0)


@helper
def _remember(
    good: Words, acting: Words, met: Words, times: Integers, known: int
) -> tuple[int, int]:
    """Look for a pair of bit sets among the `known` first of `met`, and count it.

    Return its row, and the number of known rows. The row is -1 if the pair was met `MOST_EQUAL`
    times before, and if there is no room for it.
    """
    row = 0
    while row < known and ((met[row, 0] != good).any() or (met[row, 1] != acting).any()):
        row += 1
    if row == len(met):
        return -1, known
    if row == known:
        met[row, 0], met[row, 1], times[row] = good, acting, 0
        known += 1
    times[row] += 1
    return (row if times[row] <= MOST_EQUAL else -1), known


@helper
def _add_tests(
    good: Words,
    acting: Words,
    covering: Words,
    tests: Words,
    cover: Words,
    seen: Words,
    out: Words,
    found: Integers,
) -> int:
    """Collect the tests that choose no part which paints wrong, and return their number.

    `covering` has the bits of the parts that account for changes.
    `out` gets the cover of each test, and `found` gets the number of each test. `seen` is scratch:
    it holds the choices of parts that were met before. At most `MOST_EQUAL` tests are collected
    for the same choice.
    """
    size, known = 0, 0
    counts = np.zeros(MOST_SEEN, np.int64)
    for test in range(len(tests)):
        wrong, empty = False, True
        for word in range(len(good)):
            chosen = tests[test, word] & acting[word]
            empty &= chosen == 0
            wrong |= chosen & ~good[word] != 0
        if wrong or empty:
            continue
        slot = 0
        while slot < known:
            same = True
            for word in range(len(good)):
                same &= seen[slot, word] == tests[test, word] & acting[word]
            if same:
                break
            slot += 1
        if slot == MOST_SEEN or counts[slot] >= MOST_EQUAL:
            continue
        if slot == known:
            known += 1
            for word in range(len(good)):
                seen[slot, word] = tests[test, word] & acting[word]
        counts[slot] += 1
        out[size], any_change = 0, False
        for word in range(len(good)):
            left = np.int64(seen[slot, word] & covering[word])
            while left != 0:
                part = 64 * word + first_bit(left)
                left &= left - 1
                any_change = True
                for place in range(cover.shape[1]):
                    out[size, place] |= cover[part, place]
        if any_change:
            found[size] = test
            size += 1
    return size


@compiled
def match_rules(
    needed: Integers, cover: Words, colors: Integers, keys: Integers, tests: Words
) -> tuple[Integers, Words]:
    """Return all rules (drawing, color, test) that paint nothing wrong, and the cover of each.

    `needed` (drawing, part) and `cover` (drawing, part, word) are those of `judge_areas` for the
    parts of the pairs. `colors` (color, part) are the values of color expressions. `keys` (key,
    part) number the values of the attributes for tables, with -1 for a missing value. `tests`
    (test, word) have a bit for each part that passes. A row of the result is (drawing, color or
    -1 - key, test, entries of the table, entries seen once).
    """
    drawings, parts = needed.shape
    most = len(tests)
    rules, covers = np.empty((1024, 5), np.int64), np.empty((1024, cover.shape[2]), np.uint64)
    width = tests.shape[1]
    good, acting = np.zeros(width, np.uint64), np.zeros(width, np.uint64)
    painting, bearing = np.zeros(width, np.uint64), np.zeros(width, np.uint64)
    met, times = np.zeros((MOST_SEEN, 2, width), np.uint64), np.zeros(MOST_SEEN, np.int64)
    wanted = np.zeros((NUM_COLORS, width), np.uint64)
    given = np.zeros((len(colors) + 1, NUM_COLORS, width), np.uint64)
    for color in range(len(colors)):
        _sort_parts(colors[color], given[color])
    seen = np.zeros((MOST_SEEN, width), np.uint64)
    out, found = np.zeros((most, cover.shape[2]), np.uint64), np.zeros(most, np.int64)
    table, covering = np.zeros(parts, np.int64), np.zeros(parts, np.bool_)
    scratch = np.zeros((2, parts), np.int64)
    size = 0
    for drawing in range(drawings):
        known = 0
        _mark_parts(needed[drawing], cover[drawing], covering, bearing, painting)
        _sort_parts(needed[drawing], wanted)
        for color in range(len(colors) + len(keys)):
            entries, once = 0, 0
            if color < len(colors):
                right = _choose(wanted, painting, given[color], good, acting)
            else:
                key = keys[color - len(colors)]
                entries, once = _tabulate(needed[drawing], covering, key, scratch, table)
                _sort_parts(table, given[-1])
                right = entries > 0 and _choose(wanted, painting, given[-1], good, acting)
            if not right:
                continue
            slot, known = _remember(good, acting, met, times, known)
            if slot < 0:
                continue
            count = _add_tests(good, acting, bearing, tests, cover[drawing], seen, out, found)
            while size + count > len(rules):
                rules = np.concatenate((rules, np.empty_like(rules)))
                covers = np.concatenate((covers, np.empty_like(covers)))
            for row in range(count):
                which = color if color < len(colors) else len(colors) - 1 - color
                rules[size, 0], rules[size, 1], rules[size, 2] = drawing, which, found[row]
                rules[size, 3], rules[size, 4] = entries, once
                covers[size] = out[row]
                size += 1
    return rules[:size].copy(), covers[:size].copy()


@compiled
def find_pairs(covers: Words, costs: NDArray[np.float64], full: Words, most: float) -> Integers:
    """Return the pairs (row, row) of covers that are together `full`, in order of their rows.

    `costs` must rise. Pairs that cost more than `most` together are left out.
    """
    found = np.empty((1024, 2), np.int64)
    size = 0
    for one in range(len(covers)):
        for other in range(one + 1, len(covers)):
            if costs[one] + costs[other] > most:
                break
            complete = True
            for word in range(len(full)):
                if covers[one, word] | covers[other, word] != full[word]:
                    complete = False
                    break
            if complete:
                if size == len(found):
                    found = np.concatenate((found, np.empty_like(found)))
                found[size, 0], found[size, 1] = one, other
                size += 1
    return found[:size].copy()
