#!/usr/bin/env python3
"""Writes the models beside it: python3 make.py (needs onnx and numpy)."""
import os

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

here = os.path.dirname(os.path.abspath(__file__))


def value(name, shape, kind=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, kind, shape)


def save(name, nodes, inputs, outputs, weights=(), opsets=((("", 17)),)):
    graph = helper.make_graph(nodes, name, inputs, outputs, list(weights))
    model = helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid(d, v) for d, v in opsets],
                              producer_name="make.py")
    with open(f"{here}/{name}.onnx", "wb") as file:
        file.write(model.SerializeToString())


def external(name, location):
    weight = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[4, 3])
    weight.data_location = TensorProto.EXTERNAL
    entry = weight.external_data.add()
    entry.key, entry.value = "location", location
    save(name, [helper.make_node("MatMul", ["x", "w"], ["y"], name="product")], [value("x", [2, 4])],
         [value("y", [2, 3])], [weight])


weight = numpy_helper.from_array(np.arange(12, dtype=np.float32).reshape(4, 3) - 6, "w")
dense = [helper.make_node("MatMul", ["x", "w"], ["m"], name="product"),
         helper.make_node("Relu", ["m"], ["y"], name="positive")]

# y = relu(x w), for any number of rows.
save("dense", dense, [value("x", ["rows", 4])], [value("y", ["rows", 3])], [weight])
external("external_missing", "nowhere.bin")
external("external_outside", "../dense.onnx")
save("unknown_operator", [helper.make_node("Frobnicate", ["x"], ["y"], name="frob", domain="com.example")],
     [value("x", [2, 4])], [value("y", [2, 4])], opsets=(("", 17), ("com.example", 3)))
save("cycle", [helper.make_node("Add", ["x", "b"], ["a"], name="first"),
               helper.make_node("Relu", ["a"], ["b"], name="second")], [value("x", [2, 4])], [value("b", [2, 4])])
save("undefined", [helper.make_node("Add", ["x", "ghost"], ["y"], name="sum")], [value("x", [2, 4])],
     [value("y", [2, 4])])
# Sines in double precision: nothing that an accelerator would have.
save("exotic", [helper.make_node("Sin", ["x"], ["y"], name="wave")], [value("x", [2], TensorProto.DOUBLE)],
     [value("y", [2], TensorProto.DOUBLE)])
