"""A small second embedding model, made on the spot: another width, CLS pooling, a unigram tokenizer, a query prefix."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers, processors

WORDS = ("the", "a", "moon", "sun", "tide", "water", "sea", "price", "bread", "is", "of", "and", "query", "text")
WIDTH = 48


def unigram_tokenizer() -> Tokenizer:
    signs = sorted({chr(code) for code in range(33, 127)} | {"▁"} | set("äöüéß"))
    pieces = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    pieces += [(f"▁{word}", -2.0) for word in WORDS] + [(sign, -6.0) for sign in signs]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=3))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    return tokenizer


def make_model(
    folder: Path, *, width: int = WIDTH, pooling: str = "cls_token", output: str = "last_hidden_state",
    inputs: tuple[str, ...] = ("input_ids", "attention_mask"), query: str = "query: ", text: str = "text: ", file: str = "model.onnx",
) -> Path:
    """Write a model folder as sentence-transformers would. Every token's vector is its own plus half the text's mean."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = unigram_tokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))
    table = np.random.default_rng(7).standard_normal((tokenizer.get_vocab_size(), width)).astype(np.float32)
    (folder / file).parent.mkdir(exist_ok=True)
    onnx.save(_graph(table, output, inputs), folder / file)
    _write(folder / "config.json", {"hidden_size": width, "max_position_embeddings": 130})
    _write(folder / "sentence_bert_config.json", {"max_seq_length": 128})
    _write(folder / "modules.json", [{"type": "x.Transformer", "path": ""}, {"type": "x.Pooling", "path": "1_Pooling"}])
    _write(folder / "1_Pooling" / "config.json", {"word_embedding_dimension": width, f"pooling_mode_{pooling}": True})
    _write(folder / "config_sentence_transformers.json", {"prompts": {"query": query, "document": text}})
    return folder


def _graph(table: np.ndarray, output: str, inputs: tuple[str, ...]) -> onnx.ModelProto:
    constants = [numpy_helper.from_array(table, "table"), numpy_helper.from_array(np.array(0.5, np.float32), "half")]
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["own"]),
        helper.make_node("ReduceMean", ["own"], ["mean"], axes=[1], keepdims=1),
        helper.make_node("Mul", ["mean", "half"], ["shared"]),
        helper.make_node("Add", ["own", "shared"], ["tokens"]),
    ]
    single = output == "sentence_embedding"
    last = helper.make_node("ReduceMax", ["tokens"], [output], axes=[1], keepdims=0) if single else None
    nodes.append(last or helper.make_node("Identity", ["tokens"], [output]))
    shape = ["batch", table.shape[1]] if single else ["batch", "length", table.shape[1]]
    graph = helper.make_graph(
        nodes, "second", [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"]) for name in inputs],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, shape)], constants,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def _write(path: Path, content: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content))
