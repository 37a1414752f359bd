"""Tiny piper voices, made by the tests: a real model for the real runtime, which hums instead of speaking."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SAMPLES_PER_PHONEME = 700
"""Of each id, of which there are about two for a letter."""
LETTERS = "_^$ !'(),-.:;?abcdefghijklmnopqrstuvwxyzæçðøħŋœθβχ" + "".join(map(chr, range(0x250, 0x2D1)))


def make_voice(
    folder: Path,
    name: str = "en_US-hum-low",
    *,
    rate: int = 22_050,
    language: str = "en_US",
    speakers: Sequence[str] = (),
    slow: bool = False,
    **more: object,
) -> Path:
    """The .onnx file; its description is beside it. `slow` thinks for seconds about each sentence."""
    folder.mkdir(parents=True, exist_ok=True)
    model = folder / f"{name}.onnx"
    onnx.save(_model(rate, many=bool(speakers), slow=slow), str(model))
    described = {
        "audio": {"sample_rate": rate, "quality": "low"},
        "espeak": {"voice": language.replace("_", "-").lower()},
        "language": {"code": language},
        "dataset": "hum",
        "inference": {"noise_scale": 0.667, "length_scale": 1.0, "noise_w": 0.8},
        "phoneme_type": "espeak",
        "phoneme_id_map": {letter: [number] for number, letter in enumerate(LETTERS)},
        "num_symbols": len(LETTERS),
        "num_speakers": max(len(speakers), 1),
        "speaker_id_map": {speaker: number for number, speaker in enumerate(speakers)},
    }
    Path(f"{model}.json").write_text(json.dumps({**described, **more}))
    return model


def make_voice_without(sound: str, folder: Path, name: str) -> Path:
    """Its description knows this phoneme, and its model does not."""
    ids = {letter: [number] for number, letter in enumerate(LETTERS)}
    return make_voice(folder, name, phoneme_id_map=ids | {sound: [len(LETTERS) + 7]})


def _model(rate: int, *, many: bool, slow: bool) -> onnx.ModelProto:
    """As many samples as there are phoneme ids, times the length scale; each further speaker an octave higher."""
    constants = {
        "per_phoneme": np.float32(SAMPLES_PER_PHONEME * rate / 22_050),
        "octave": np.float32(2),
        "step": np.float32(440 * 2 * np.pi / rate),
        "loudness": np.float32(0.5),
        "zero": np.float32(0),
        "one": np.float32(1),
        "nothing": np.float32(1e-30),
        "first": np.int64(1),
        "table": np.zeros(len(LETTERS), dtype=np.float32),
        "side": np.array([6000, 6000], dtype=np.int64),
        "front": np.array([0, 1, 2], dtype=np.int64),
    }
    node = helper.make_node
    nodes = [
        node("Shape", ["input"], ["shape"]),
        node("Gather", ["shape", "first"], ["phonemes"]),
        node("Cast", ["phonemes"], ["count"], to=TensorProto.FLOAT),
        node("Gather", ["scales", "first"], ["length_scale"]),
        node("Mul", ["count", "per_phoneme"], ["usual"]),
        node("Mul", ["usual", "length_scale"], ["samples"]),
        node("Range", ["zero", "samples", "one"], ["time"]),
        *_pitch(many=many),
        node("Mul", ["time", "pitch"], ["phase"]),
        node("Sin", ["phase"], ["wave"]),
        *_thought(slow=slow),
        # As in a real model, an id that is not in the table ends it all.
        node("Gather", ["table", "input"], ["known"]),
        node("ReduceSum", ["known"], ["trifling"], keepdims=0),
        node("Add", ["volume", "trifling"], ["heard"]),
        node("Mul", ["wave", "heard"], ["sound"]),
        node("Unsqueeze", ["sound", "front"], ["output"]),
    ]
    inputs = [
        helper.make_tensor_value_info("input", TensorProto.INT64, ["batch", "phonemes_"]),
        helper.make_tensor_value_info("input_lengths", TensorProto.INT64, ["batch"]),
        helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
        *([helper.make_tensor_value_info("sid", TensorProto.INT64, [1])] if many else []),
    ]
    output = helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, 1, "samples_"])
    initializers = [numpy_helper.from_array(np.array(value), name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, "hum", inputs, [output], initializers)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


def _pitch(*, many: bool) -> list[onnx.NodeProto]:
    if not many:
        return [helper.make_node("Identity", ["step"], ["pitch"])]
    return [
        helper.make_node("Cast", ["sid"], ["speaker"], to=TensorProto.FLOAT),
        helper.make_node("Pow", ["octave", "speaker"], ["higher"]),
        helper.make_node("Mul", ["step", "higher"], ["pitch"]),
    ]


def _thought(*, slow: bool) -> list[onnx.NodeProto]:
    """Two large matrices, which no optimizer can foresee, hardly change the volume."""
    if not slow:
        return [helper.make_node("Identity", ["loudness"], ["volume"])]
    return [
        helper.make_node("Expand", ["length_scale", "side"], ["matrix"]),
        helper.make_node("MatMul", ["matrix", "matrix"], ["product"]),
        helper.make_node("ReduceMean", ["product"], ["mean"], keepdims=0),
        helper.make_node("Mul", ["mean", "nothing"], ["trifle"]),
        helper.make_node("Add", ["trifle", "loudness"], ["volume"]),
    ]
