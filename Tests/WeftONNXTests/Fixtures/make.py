#!/usr/bin/env python3
"""Writes the fixtures beside it with the `onnx` package: python3 make.py"""
import pathlib

import numpy as np
import onnx
from onnx import TensorProto as T, helper as h

HERE = pathlib.Path(__file__).parent
F, I, B, S = T.FLOAT, T.INT64, T.BOOL, T.STRING


def info(name, type=F, shape=()):
    return h.make_tensor_value_info(name, type, shape)


def save(name, graph, opset=20, ir=10, functions=(), opsets=(), **more):
    imports = [h.make_opsetid("", opset), *opsets]
    model = h.make_model(graph, opset_imports=imports, ir_version=ir, functions=functions, producer_name="make.py", **more)
    (HERE / f"{name}.onnx").write_bytes(model.SerializeToString(deterministic=True))
    return model


def every_type():
    """Each element type twice, as raw bytes and in its typed field, with the same elements."""
    tensors = []
    for name, type in T.DataType.items():
        if name in ("UNDEFINED", "STRING"):
            continue
        dtype = h.tensor_dtype_to_np_dtype(type)
        values = np.array([1, 0, 1, 3, 2], np.float32) if name != "BOOL" else np.array([1, 0, 1, 1, 0])
        if name.startswith("INT2"):
            values = np.array([1, 0, -1, -2, 1])
        elif name.startswith(("INT", "FLOAT", "DOUBLE", "BFLOAT")) and "E8M0" not in name:
            values = np.array([1, 0, -1, -2, 1])
        values = values.astype(dtype)
        raw = onnx.numpy_helper.from_array(values, f"{name}.raw")
        assert raw.data_type == type, name
        typed = h.make_tensor(f"{name}.typed", type, [5], values)
        assert not typed.HasField("raw_data"), name
        tensors += [raw, typed]
    tensors.append(h.make_tensor("STRING.typed", S, [2], [b"alpha", "\u00df".encode()]))
    values = h.make_tensor("sparse", F, [2], [1.5, -2.0])
    sparse = h.make_sparse_tensor(values, h.make_tensor("sparse_indices", I, [2, 2], [0, 1, 1, 2]), [2, 3])
    flat = h.make_sparse_tensor(
        h.make_tensor("flat", F, [2], [1.5, -2.0]), h.make_tensor("flat_indices", I, [2], [1, 5]), [2, 3])
    graph = h.make_graph(
        [h.make_node("Identity", ["FLOAT.raw"], ["y"])], "every_type", [], [info("y", F, [5])], tensors,
        doc_string="every element type", sparse_initializer=[sparse, flat])
    model = save("every_type", graph, opset=26, ir=13, doc_string="a model", producer_version="1", domain="org.example", model_version=7)
    h.set_model_props(model, {"task": "nothing", "classes": "none"})
    (HERE / "every_type.onnx").write_bytes(model.SerializeToString(deterministic=True))


def constants():
    """A Constant node for each kind of value."""
    sparse = h.make_sparse_tensor(h.make_tensor("v", F, [1], [3.0]), h.make_tensor("i", I, [1], [2]), [4])
    node = lambda name, **attributes: h.make_node("Constant", [], [name], name=name, **attributes)
    nodes = [
        node("value", value=h.make_tensor("inner", F, [2], [1.0, 2.0])),
        node("value_float", value_float=1.5),
        node("value_floats", value_floats=[1.5, 2.5]),
        node("value_int", value_int=-3),
        node("value_ints", value_ints=[4, 5]),
        node("value_string", value_string="text"),
        node("value_strings", value_strings=["a", "b"]),
        node("sparse_value", sparse_value=sparse),
    ]
    types = dict(value=(F, [2]), value_float=(F, []), value_floats=(F, [2]), value_int=(I, []), value_ints=(I, [2]),
                 value_string=(S, []), value_strings=(S, [2]), sparse_value=(F, [4]))
    save("constants", h.make_graph(nodes, "constants", [], [info(n, *t) for n, t in types.items()]))


def functions():
    """Nested functions with attribute references and defaults, one inside the branch of an If."""
    ref = lambda op, i, o, name, outer, type: _ref(h.make_node(op, i, o), name, outer, type)

    def _ref(node, name, outer, type):
        attribute = node.attribute.add()
        attribute.name, attribute.ref_attr_name, attribute.type = name, outer, type
        return node

    leaky = h.make_function(
        "local", "Leaky", ["x"], ["y"],
        [ref("LeakyRelu", ["x"], ["t"], "alpha", "slope", onnx.AttributeProto.FLOAT), h.make_node("Identity", ["t"], ["y"])],
        [h.make_opsetid("", 20)], attribute_protos=[h.make_attribute("slope", 0.25)])
    call = h.make_node("Leaky", ["x"], ["t"], domain="local")
    call_ref = ref("Leaky", ["t"], ["u"], "slope", "steep", onnx.AttributeProto.FLOAT)
    call_ref.domain = "local"
    twice = h.make_function(
        "local", "Twice", ["x", "bias"], ["y"], [call, call_ref, h.make_node("Add", ["u", "bias"], ["y"])],
        [h.make_opsetid("", 20), h.make_opsetid("local", 1)], attributes=["steep"])
    branch = lambda name, node: h.make_graph([node], name, [], [info(f"{name}_out", F, [3])])
    then = branch("then", h.make_node("Leaky", ["m"], ["then_out"], domain="local", slope=0.5))
    other = branch("else", h.make_node("Neg", ["m"], ["else_out"]))
    graph = h.make_graph(
        [h.make_node("Twice", ["x", "b"], ["m"], name="call", domain="local", steep=0.75),
         h.make_node("If", ["c"], ["y"], name="if", then_branch=then, else_branch=other)],
        "functions", [info("x", F, [3]), info("b", F, [3]), info("c", B)], [info("y", F, [3])])
    save("functions", graph, functions=[leaky, twice], opsets=[h.make_opsetid("local", 1)])


def bodies():
    """If in Loop, both capturing values from two levels out, and a Scan."""
    inner = lambda name, op: h.make_graph(
        [h.make_node(op, ["acc_in", "x"], [f"{name}_out"])], name, [], [info(f"{name}_out", F, [2])])
    body = h.make_graph(
        [h.make_node("Greater", ["i", "limit"], ["big"]),
         h.make_node("If", ["big"], ["acc_out"], then_branch=inner("then", "Add"), else_branch=inner("else", "Sub")),
         h.make_node("Mul", ["acc_out", "w"], ["scanned"]),
         h.make_node("Identity", ["keep"], ["keep_out"])],
        "body", [info("i", I), info("keep", B), info("acc_in", F, [2])],
        [info("keep_out", B), info("acc_out", F, [2]), info("scanned", F, [2])])
    scan = h.make_graph(
        [h.make_node("Add", ["s", "e"], ["s_out"]), h.make_node("Mul", ["s_out", "w"], ["o"])], "scan",
        [info("s", F, [2]), info("e", F, [2])], [info("s_out", F, [2]), info("o", F, [2])])
    graph = h.make_graph(
        [h.make_node("Loop", ["n", "", "x"], ["acc", "rows"], name="loop", body=body),
         h.make_node("Scan", ["acc", "rows"], ["y", "z"], name="scan", body=scan, num_scan_inputs=1)],
        "bodies", [info("n", I), info("limit", I), info("x", F, [2])],
        [info("y", F, [2]), info("z", F, ["n", 2])],
        [h.make_tensor("w", F, [2], [2.0, 3.0])])
    save("bodies", graph)


def data():
    """Values of every container kind, as test data files hold them."""
    array = lambda *v: np.array(v, np.float32)
    put = lambda name, proto: (HERE / f"{name}.pb").write_bytes(proto.SerializeToString(deterministic=True))
    put("tensor", onnx.numpy_helper.from_array(array(1, 2), "t"))
    put("sequence", onnx.numpy_helper.from_list([array(1, 2), array(3)], "s"))
    put("optional", onnx.numpy_helper.from_optional(array(4), "o"))
    put("empty_optional", onnx.numpy_helper.from_optional(None, "e"))
    put("map", onnx.numpy_helper.from_dict({7: array(1), 9: array(2)}, "m"))


every_type()
constants()
functions()
bodies()
data()
