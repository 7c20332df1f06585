#!/usr/bin/env python3
"""Writes the models beside it: python3 make.py (needs onnx)."""
import os

from onnx import TensorProto, helper

# What the README's example asks of a model: its file's name, input and output.
graph = helper.make_graph(
    [helper.make_node("GlobalAveragePool", ["images"], ["output0"], name="mean")], "mean",
    [helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, 640, 640])],
    [helper.make_tensor_value_info("output0", TensorProto.FLOAT, [1, 3, 1, 1])])
model = helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)], producer_name="make.py")
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "yolo11n.onnx"), "wb") as file:
    file.write(model.SerializeToString())
