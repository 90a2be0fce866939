"""The network as an ONNX graph: a BERT encoder whose products are of whole numbers.

The weights come with 4 bits. Most products become 8-bit ones, which are quicker: of weights of 7 bits, for
with 8, processors without VNNI would overflow where two products are added. The last product of each layer
stays as it is: what it multiplies lies so far apart that one scale for all of it costs most of what is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from nlu.e5.weights import BLOCK, Sizes, Weights

_LARGEST = 63
"""The largest weight of 7 bits."""
_AS_BYTES = 4
"""How onnxruntime computes a 4-bit product: what flows in as bytes."""
_OWN = "com.microsoft"
"""Where onnxruntime has the operators that do in one step what ONNX does in several."""


def graph(weights: Weights) -> bytes:
    """The graph, serialised: from `embedded` (1, pieces, width) to as much again, each piece with what it has
    seen of the others."""
    return _Graph(weights.sizes).made(weights)


class _Graph:
    def __init__(self, sizes: Sizes) -> None:
        self._sizes = sizes
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def made(self, weights: Weights) -> bytes:
        sizes = self._sizes
        self._constant("thirds", np.full(3, sizes.width, dtype=np.int64))
        flow = self._norm(weights, "emb.ln", "embedded")
        for layer in range(sizes.layers):
            flow = self._layer(weights, f"l{layer}", flow)
        entry = helper.make_tensor_value_info("embedded", TensorProto.FLOAT, [1, "pieces", sizes.width])
        out = helper.make_tensor_value_info(flow, TensorProto.FLOAT, [1, "pieces", sizes.width])
        whole = helper.make_graph(self._nodes, "e5", [entry], [out], self._constants)
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid(_OWN, 1)]
        return helper.make_model(whole, opset_imports=opsets, ir_version=9).SerializeToString()

    def _layer(self, weights: Weights, name: str, flow: str) -> str:
        """Attention, then two products with a bend between them; each adds to what came in."""
        sizes = self._sizes
        self._product(weights, [f"{name}.q", f"{name}.k", f"{name}.v"], flow, f"{name}.qkv")
        parts = [f"{name}.query", f"{name}.key", f"{name}.value"]
        self._node("Split", [f"{name}.qkv", "thirds"], *parts, axis=2)
        self._node("MultiHeadAttention", parts, f"{name}.seen", own=True, num_heads=sizes.heads)
        self._product(weights, [f"{name}.ao"], f"{name}.seen", f"{name}.ao")
        middle = self._norm(weights, f"{name}.aln", flow, f"{name}.ao")
        self._product(weights, [f"{name}.fi"], middle, f"{name}.fi")
        self._node("Gelu", [f"{name}.fi"], f"{name}.bent", own=True)
        self._exact_product(weights, f"{name}.fo", f"{name}.bent")
        return self._norm(weights, f"{name}.oln", middle, f"{name}.fo")

    def _product(self, weights: Weights, names: Sequence[str], flow: str, out: str) -> None:
        """`flow` times the weights of `names`, side by side, with what they add."""
        table = np.concatenate([weights.blocks(f"{name}.w", self._sizes.width).whole() for name in names]).T
        scales = np.maximum(np.abs(table).max(axis=0) / _LARGEST, np.float32(1e-12))
        self._constant(f"{out}.w", np.round(table / scales).astype(np.int8))
        self._constant(f"{out}.s", scales)
        self._constant(f"{out}.b", np.concatenate([weights.floats(f"{name}.b") for name in names]))
        self._node("DynamicQuantizeMatMul", [flow, f"{out}.w", f"{out}.s", "", f"{out}.b"], out, own=True)

    def _exact_product(self, weights: Weights, name: str, flow: str) -> None:
        """The same with 4-bit weights and a scale for every block of both; a byte has two neighbours."""
        width = self._sizes.inner
        blocks = weights.blocks(f"{name}.w", width)
        self._constant(f"{name}.w", blocks.levels[..., 0::2] | blocks.levels[..., 1::2] << 4)
        self._constant(f"{name}.s", blocks.scales)
        self._constant(f"{name}.b", weights.floats(f"{name}.b"))
        inputs = [flow, f"{name}.w", f"{name}.s", "", "", f"{name}.b"]
        shape = {"K": width, "N": len(blocks.levels), "bits": 4, "block_size": BLOCK}
        self._node("MatMulNBits", inputs, name, own=True, **shape, accuracy_level=_AS_BYTES)

    def _norm(self, weights: Weights, name: str, *flows: str) -> str:
        """The sum of one or two flows with mean 0 and variance 1, stretched and moved as was learned."""
        self._constant(f"{name}.w", weights.floats(f"{name}.w"))
        self._constant(f"{name}.b", weights.floats(f"{name}.b"))
        inputs, epsilon = [*flows, f"{name}.w", f"{name}.b"], self._sizes.epsilon
        if len(flows) == 1:
            self._node("LayerNormalization", inputs, name, axis=-1, epsilon=epsilon)
        else:
            self._node("SkipLayerNormalization", inputs, name, own=True, epsilon=epsilon)
        return name

    def _node(self, kind: str, inputs: Sequence[str], *out: str, own: bool = False, **options: Any) -> None:
        self._nodes.append(helper.make_node(kind, inputs, out, domain=_OWN if own else "", **options))

    def _constant(self, name: str, values: NDArray[Any]) -> None:
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
