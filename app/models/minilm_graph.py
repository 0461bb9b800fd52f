"""all-MiniLM-L6-v2 as an ONNX graph of the operators that ONNX Runtime runs fast on a CPU.

Batches hold texts of equal length, so the graph knows no padding and no mask. Residual and normalisation stay two
operators: SkipLayerNormalization, which joins them, took seven times as long as both on the CPU.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

LAYERS, HEADS = 6, 12
FUSED = "com.microsoft"
NORM = {"axis": -1, "epsilon": 1e-12}
# Products of two 7-bit weights and 8-bit activations fit 16 bits: a CPU without VNNI would clip what is larger.
LARGEST_WEIGHT = 63

Weights = Mapping[str, NDArray[np.float32]]


class _Graph:
    """Nodes and constants in the order in which they are added; every call returns the name of what it adds."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, values: NDArray[Any]) -> str:
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, kind: str, *inputs: str, **attributes: Any) -> str:
        return self.nodes_of(kind, inputs, 1, **attributes)[0]

    def nodes_of(self, kind: str, inputs: Sequence[str], outputs: int, **attributes: Any) -> list[str]:
        names = [f"{kind}_{len(self.nodes)}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, **attributes))
        return names


def minilm(weights: Weights, *, int8: bool) -> bytes:
    """From `ids` (batch, length) int32 to unit `vectors` (batch, 384), and `tokens` (batch, length, 384) if asked for.

    In int8 or float32.
    """
    graph = _Graph()
    x = _embedded(graph, weights, int8)
    for layer in range(LAYERS):
        x = _layer(graph, weights, f"encoder.layer.{layer}.", x, int8)
    total = graph.node("ReduceSum", x, graph.constant(np.array([1])), keepdims=0)
    graph.nodes.append(helper.make_node("LpNormalization", [total], ["vectors"], axis=-1, p=2))
    graph.nodes.append(helper.make_node("LpNormalization", [x], ["tokens"], axis=-1, p=2))
    return _serialized(graph)


def _serialized(graph: _Graph) -> bytes:
    ids = helper.make_tensor_value_info("ids", TensorProto.INT32, ["batch", "length"])
    vectors = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["batch", "dimensions"])
    tokens = helper.make_tensor_value_info("tokens", TensorProto.FLOAT, ["batch", "length", "dimensions"])
    body = helper.make_graph(graph.nodes, "minilm", [ids], [vectors, tokens], graph.constants)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(FUSED, 1)]
    model: onnx.ModelProto = helper.make_model(body, opset_imports=opsets, ir_version=8)
    return bytes(model.SerializeToString(deterministic=True))


def _embedded(graph: _Graph, weights: Weights, int8: bool) -> str:
    words = _rows(graph, weights["embeddings.word_embeddings.weight"], int8)
    # One text at a time is a single segment, so the vector of segment 0 belongs to every position.
    places = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    length = graph.node("Shape", "ids", start=1, end=2)
    position = graph.node("Slice", graph.constant(places), graph.constant(np.array([0])), length)
    return _normalised(graph, weights, "embeddings.", words, position)


def _rows(graph: _Graph, table: NDArray[np.float32], int8: bool) -> str:
    """Word vectors of the ids; in int8 each word has its own scale, which leaves 12 MB of 47 in memory."""
    if not int8:
        return graph.node("Gather", graph.constant(table), "ids")
    scales = np.abs(table).max(axis=1, keepdims=True) / 127
    codes = graph.node("Gather", graph.constant(np.rint(table / scales).astype(np.int8)), "ids")
    values = graph.node("Cast", codes, to=TensorProto.FLOAT)
    return graph.node("Mul", values, graph.node("Gather", graph.constant(scales.astype(np.float32)), "ids"))


def _layer(graph: _Graph, weights: Weights, prefix: str, x: str, int8: bool) -> str:
    attention, output = f"{prefix}attention.self.", f"{prefix}attention.output."
    projected = _linear(graph, weights, [f"{attention}{part}." for part in ("query", "key", "value")], x, int8)
    parts = graph.nodes_of("Split", [projected], 3, axis=-1)
    attended = graph.node("MultiHeadAttention", *parts, domain=FUSED, num_heads=HEADS)
    x = _normalised(graph, weights, output, _linear(graph, weights, [f"{output}dense."], attended, int8), x)
    hidden = _linear(graph, weights, [f"{prefix}intermediate.dense."], x, int8)
    hidden = graph.node("Gelu", hidden, domain=FUSED)
    return _normalised(
        graph, weights, f"{prefix}output.", _linear(graph, weights, [f"{prefix}output.dense."], hidden, int8), x
    )


def _normalised(graph: _Graph, weights: Weights, prefix: str, x: str, residual: str) -> str:
    scale, shift = (graph.constant(weights[f"{prefix}LayerNorm.{part}"]) for part in ("weight", "bias"))
    return graph.node("LayerNormalization", graph.node("Add", x, residual), scale, shift, **NORM)


def _linear(graph: _Graph, weights: Weights, layers: Sequence[str], x: str, int8: bool) -> str:
    """The layers side by side as one product; in int8 every output channel has its own scale."""
    matrix = np.concatenate([weights[f"{layer}weight"].T for layer in layers], axis=1)
    bias = graph.constant(np.concatenate([weights[f"{layer}bias"] for layer in layers]))
    if not int8:
        return graph.node("Add", graph.node("MatMul", x, graph.constant(matrix)), bias)
    scales = np.abs(matrix).max(axis=0) / LARGEST_WEIGHT
    codes = graph.constant(np.rint(matrix / scales).astype(np.int8))
    scale = graph.constant(scales.astype(np.float32))
    return graph.node("DynamicQuantizeMatMul", x, codes, scale, "", bias, domain=FUSED)
