"""A slow, obviously correct twin of the network and its losses: loops over numpy numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np


def norm(row: Any) -> Any:
    return row / math.sqrt(sum(v * v for v in row) / len(row) + 1e-5)


def silu(v: float) -> float:
    return v / (1 + math.exp(-v))


def gated(row: Any, w: Any, name: str) -> Any:
    both = w[f"{name}.gate_up.weight"] @ row
    gate, up = both[: len(both) // 2], both[len(both) // 2 :]
    return w[f"{name}.down.weight"] @ np.array([silu(g) * u for g, u in zip(gate, up, strict=True)])


def rotated(row: Any, place: int) -> Any:
    turned = row.copy()
    for i in range(0, len(row), 2):
        angle = place / 10_000 ** (i / len(row))
        turned[i] = row[i] * math.cos(angle) - row[i + 1] * math.sin(angle)
        turned[i + 1] = row[i + 1] * math.cos(angle) + row[i] * math.sin(angle)
    return turned


def attention(rows: Any, w: Any, name: str, heads: int) -> Any:
    width = rows.shape[1]
    size = width // heads
    qkv = rows @ w[f"{name}.qkv.weight"].T
    mixed = np.zeros_like(rows)
    for head in range(heads):
        part = slice(head * size, (head + 1) * size)
        q, k, v = (qkv[:, n * width : (n + 1) * width][:, part] for n in range(3))
        q = [rotated(row, place) for place, row in enumerate(q)]
        k = [rotated(row, place) for place, row in enumerate(k)]
        for at in range(len(rows)):
            weights = np.exp([q[at] @ other / math.sqrt(size) for other in k])
            mixed[at, part] = sum(
                p * row for p, row in zip(weights / weights.sum(), v, strict=True)
            )
    return mixed @ w[f"{name}.out.weight"].T


def local(rows: Any, w: Any, name: str, shape: tuple[int, int]) -> Any:
    height, width = shape
    grid = rows.reshape(height, width, -1)
    kernel = w[f"{name}.kernel"][:, 0]
    out = np.zeros_like(grid)
    for r, c in np.ndindex(height, width):
        near = np.zeros(grid.shape[2])
        for dr, dc in np.ndindex(3, 3):
            if 0 <= r + dr - 1 < height and 0 <= c + dc - 1 < width:
                near += kernel[:, dr, dc] * grid[r + dr - 1, c + dc - 1]
        out[r, c] = w[f"{name}.out.weight"] @ near
        regions = {"row": grid[r], "column": grid[:, c], "whole": rows}
        for part, cells in regions.items():
            pooled = np.concatenate([cells.mean(0), np.maximum(cells.max(0), 0)])
            out[r, c] += w[f"{name}.{part}.weight"] @ pooled
    return out.reshape(rows.shape)


def scanned(rows: Any, w: Any, name: str, shape: tuple[int, int]) -> Any:
    height, width = shape
    cells = np.array([w[f"{name}.seen.weight"] @ row for row in rows]).reshape(height, width, -1)
    fading = 1 / (1 + np.exp(-w[f"{name}.fading"]))
    sums, each = np.zeros_like(cells), cells.shape[2] // 8
    ways = [(-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1)]
    for r, c, k in np.ndindex(cells.shape):
        dr, dc = ways[k // each]
        row, col, weight = r, c, 1 - fading[k]
        while 0 <= row < height and 0 <= col < width:
            sums[r, c, k] += weight * cells[row, col, k]
            row, col, weight = row - dr, col - dc, weight * fading[k]
    pooled = np.concatenate([rows.mean(0), np.maximum(rows.max(0), 0)])
    whole = w[f"{name}.whole.weight"] @ pooled
    return np.array([w[f"{name}.out.weight"] @ row + whole for row in sums.reshape(rows.shape)])


def network_of(config: Any, w: Any, shape: tuple[int, int]) -> Any:
    """The function that all cycles apply, from rows (tokens, width) to rows."""

    def network(rows: Any) -> Any:
        for layer in range(config.layers):
            name = f"blocks.{layer}"
            if config.mixer == "attention":
                mixed = attention(rows, w, f"{name}.mixer", config.heads)
            else:
                mixer = local if config.mixer == "local" else scanned
                mixed = mixer(rows, w, f"{name}.mixer", shape)
            rows = np.array([norm(row) for row in rows + mixed])
            rows = np.array([norm(row + gated(row, w, f"{name}.gated")) for row in rows])
        return rows

    return network


def embed(config: Any, w: Any, planes: Any, task: int) -> Any:
    cells = planes.reshape(len(planes), -1)
    rows = [
        sum(w["tokens"][p, plane[i]] for p, plane in enumerate(cells)) for i in range(cells[0].size)
    ]
    spread = np.zeros(max(config.prefix, 1) * config.width)
    spread[: config.task_width] = w["tasks"][task]
    if config.prefix:
        rows = [*spread.reshape(config.prefix, -1), *rows]
    else:
        rows = [row + spread for row in rows]
    return math.sqrt(config.width) * np.array(rows)


def logits_of(config: Any, w: Any, answer: Any, planes: Any) -> Any:
    logits = answer[config.prefix :] @ w["head.weight"].T
    for p, plane in enumerate(planes.reshape(len(planes), -1)):
        for cell, token in enumerate(plane):
            logits[cell, token] += w["copying"][p]
            if p < config.pointed:
                logits[cell, token] += w["pointer"][p] @ answer[config.prefix + cell]
    return logits


def cell_loss(logits: Any, label: int) -> float:
    scaled = [x + 1 if x >= 0 else 1 / (1 - x) for x in logits]
    return -math.log(scaled[label] / sum(scaled))


def loss_of(config: Any, w: Any, planes: Any, task: int, labels: Any, states: Any) -> float:
    """The loss of one example, from the states before the last H-cycle."""
    network, embedded = network_of(config, w, planes.shape[1:]), embed(config, w, planes, task)
    answer, latent = states
    for _ in range(config.l_cycles):
        latent = network(latent + answer + embedded)
    answer = network(answer + latent)
    logits = logits_of(config, w, answer, planes)
    losses = [cell_loss(row, label) for row, label in zip(logits, labels.ravel(), strict=True)]
    right = all(row.argmax() == label for row, label in zip(logits, labels.ravel(), strict=True))
    seen = answer[0] if config.prefix else answer.mean(0)
    halting = 1 / (1 + math.exp(-(seen @ w["halting_weight"] + w["halting_bias"])))
    return sum(losses) / len(losses) - 0.5 * math.log(halting if right else 1 - halting)
