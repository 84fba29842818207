"""Draw MiniLM as an ONNX graph of int8 weights, with mean pooling and length 1 inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from halo_app.ports import Vectors

LAYERS, HEADS, WIDTH, EPSILON = 6, 12, 384, 1e-12
FUSED = "com.microsoft"                # ONNX Runtime's own operators
# 7 bits: two products then never pass 16 bits, which processors without VNNI would cut off. Costs 0.001 of cosine.
LARGEST = 63


def minilm_graph(tensors: Mapping[str, Vectors]) -> onnx.ModelProto:
    """Return the model that maps input_ids (int64, 1 x tokens) to sentence_embedding (1 x 384).

    `tensors` are the published float32 weights by their published names. Dense weights become int8 per output column,
    word vectors int8 per word; activations are quantized while running (Jacob et al., CVPR 2018). There is no mask: texts
    run one by one, without padding, which lets ONNX Runtime take its fastest attention.
    """
    draw = _Drawing(tensors)
    hidden = draw.words()
    for layer in range(LAYERS):
        hidden = draw.layer(hidden, f"encoder.layer.{layer}.")
    draw.pooled(hidden)
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "tokens"])
    output = helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, [1, WIDTH])
    graph = helper.make_graph(draw.nodes, "all-MiniLM-L6-v2", [ids], [output], draw.constants)
    versions = [helper.make_opsetid("", 17), helper.make_opsetid(FUSED, 1)]
    return helper.make_model(graph, opset_imports=versions, ir_version=8, producer_name="halo")


class _Drawing:
    """Collects nodes and constants; every method returns the name of the value it computes."""

    def __init__(self, tensors: Mapping[str, Vectors]) -> None:
        self.tensors = tensors
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self.first_axis = self.constant("first_axis", np.array([0], np.int64))

    def words(self) -> str:
        table = self.tensors["embeddings.word_embeddings.weight"]
        numbers, scales = _quantized(table, axis=1, largest=127)
        small = self.node("Gather", [self.constant("word_numbers", numbers), "input_ids"], "word_numbers_taken")
        wide = self.node("Cast", [small], "word_numbers_wide", to=TensorProto.FLOAT)
        scale = self.node("Gather", [self.constant("word_scales", scales), "input_ids"], "word_scales_taken")
        words = self.node("Mul", [wide, scale], "words")
        places = self.tensors["embeddings.position_embeddings.weight"] + self.tensors["embeddings.token_type_embeddings.weight"][0]
        length = self.node("Shape", ["input_ids"], "length", start=1, end=2)
        taken = self.node("Slice", [self.constant("places", places), self.first_axis, length], "places_taken")
        placed = self.node("Unsqueeze", [taken, self.first_axis], "places_row")
        both = self.node("Add", [words, placed], "words_placed")
        return self._normed(both, "embeddings.LayerNorm")

    def layer(self, hidden: str, name: str) -> str:
        seen = self._attention(hidden, f"{name}attention.self.")
        said = self._dense(seen, f"{name}attention.output.dense")
        middle = self._added(said, hidden, f"{name}attention.output.LayerNorm")
        wide = self._dense(middle, f"{name}intermediate.dense")
        bent = self.node("Gelu", [wide], f"{name}gelu", domain=FUSED)
        narrow = self._dense(bent, f"{name}output.dense")
        return self._added(narrow, middle, f"{name}output.LayerNorm")

    def pooled(self, hidden: str) -> str:
        mean = self.node("ReduceMean", [hidden], "mean", axes=[1], keepdims=0)
        return self.node("LpNormalization", [mean], "sentence_embedding", axis=1, p=2)

    def _attention(self, hidden: str, name: str) -> str:
        parts = ("query", "key", "value")
        weight = np.concatenate([self.tensors[f"{name}{part}.weight"].T for part in parts], axis=1)
        bias = np.concatenate([self.tensors[f"{name}{part}.bias"] for part in parts])
        together = self._product(hidden, f"{name}together", weight, bias)
        names = [f"{name}{part}" for part in parts]
        self.nodes.append(helper.make_node("Split", [together], names, axis=2))
        return self.node("MultiHeadAttention", names, f"{name}seen", domain=FUSED, num_heads=HEADS)

    def _dense(self, value: str, name: str) -> str:
        return self._product(value, name, self.tensors[f"{name}.weight"].T, self.tensors[f"{name}.bias"])

    def _product(self, value: str, name: str, weight: Vectors, bias: Vectors) -> str:
        numbers, scales = _quantized(weight, axis=0, largest=LARGEST)
        parts = {"numbers": numbers, "scales": scales[0], "zeros": np.zeros(weight.shape[1], np.int8), "bias": bias}
        constants = [self.constant(f"{name}.{part}", values) for part, values in parts.items()]
        return self.node("DynamicQuantizeMatMul", [value, *constants], f"{name}.out", domain=FUSED)

    def _added(self, value: str, before: str, name: str) -> str:
        # Apart, these two take a quarter of the time of ONNX Runtime's SkipLayerNormalization.
        return self._normed(self.node("Add", [value, before], f"{name}.sum"), name)

    def _normed(self, value: str, name: str) -> str:
        gain, shift = (self.constant(f"{name}.{part}", self.tensors[f"{name}.{part}"]) for part in ("weight", "bias"))
        return self.node("LayerNormalization", [value, gain, shift], f"{name}.out", axis=-1, epsilon=EPSILON)

    def constant(self, name: str, values: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, kind: str, inputs: Sequence[str], output: str, *, domain: str = "", **attributes: Any) -> str:
        self.nodes.append(helper.make_node(kind, list(inputs), [output], domain=domain, **attributes))
        return output


def _quantized(values: Vectors, *, axis: int, largest: int) -> tuple[NDArray[np.int8], Vectors]:
    scales = (np.abs(values).max(axis=axis, keepdims=True) / largest).astype(np.float32)
    scales[scales == 0] = 1
    return np.rint(values / scales).astype(np.int8), scales
