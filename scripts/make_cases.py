#!/usr/bin/env python3
"""Writes the ONNX backend test cases as ONNX test folders.

    python3 -m venv .venv && .venv/bin/pip install -r scripts/requirements/cases.txt
    .venv/bin/python scripts/make_cases.py OUT_DIR      (scripts/cases does both)

The `onnx` wheel holds the node cases as Python code and the others as data. Each case becomes
OUT_DIR/KIND/NAME/{model.onnx, test_data_set_K/{input,output}_J.pb, case.json}, where case.json has
the tolerances that the suite itself uses: {"rtol":…, "atol":…}. Inputs and outputs are TensorProto,
SequenceProto, OptionalProto or MapProto, by the type that the model declares.
"""
import glob, json, os, shutil, sys, warnings

import numpy as np
import onnx
from onnx import numpy_helper


def encode(value, info):
    kind = info.type.WhichOneof("value")
    if kind == "map_type":
        return numpy_helper.from_dict(value, info.name)
    if kind == "sequence_type":
        return numpy_helper.from_list(value, info.name)
    if kind == "optional_type":
        return numpy_helper.from_optional(value, info.name)
    if isinstance(value, onnx.TensorProto):
        return value
    return numpy_helper.from_array(np.asarray(value), info.name)


def main(out):
    from onnx.backend.test.case.node import collect_testcases
    warnings.simplefilter("ignore")
    np.random.seed(0)
    count = {}
    for case in collect_testcases(None):
        folder = os.path.join(out, "node", case.name)
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        model = case.model
        open(f"{folder}/model.onnx", "wb").write(model.SerializeToString())
        for k, (inputs, outputs) in enumerate(case.data_sets):
            os.makedirs(f"{folder}/test_data_set_{k}")
            for word, values, infos in (("input", inputs, model.graph.input), ("output", outputs, model.graph.output)):
                for j, v in enumerate(values):
                    open(f"{folder}/test_data_set_{k}/{word}_{j}.pb", "wb").write(
                        encode(v, infos[j]).SerializeToString())
        json.dump({"rtol": case.rtol, "atol": case.atol}, open(f"{folder}/case.json", "w"))
        count["node"] = count.get("node", 0) + 1
    data = os.path.join(os.path.dirname(onnx.__file__), "backend", "test", "data")
    for kind in ("simple", "pytorch-converted", "pytorch-operator"):
        for name in sorted(os.listdir(os.path.join(data, kind))):
            source = os.path.join(data, kind, name)
            if os.path.isdir(source) and os.path.exists(f"{source}/model.onnx"):
                shutil.copytree(source, os.path.join(out, kind, name), dirs_exist_ok=True)
                json.dump({"rtol": 1e-3, "atol": 1e-7}, open(os.path.join(out, kind, name, "case.json"), "w"))
                count[kind] = count.get(kind, 0) + 1
    for path in sorted(glob.glob(os.path.join(data, "light", "*.onnx"))):
        name = os.path.basename(path)[len("light_"):-len(".onnx")]
        folder = os.path.join(out, "light", name)
        os.makedirs(f"{folder}/test_data_set_0", exist_ok=True)
        shutil.copy(path, f"{folder}/model.onnx")
        shutil.copy(path.replace(".onnx", "_output_0.pb"), f"{folder}/test_data_set_0/output_0.pb")
        graph = onnx.load(path).graph
        weights = {i.name for i in graph.initializer}
        info, = (i for i in graph.input if i.name not in weights)
        shape = [d.dim_value for d in info.type.tensor_type.shape.dim]
        ramp = (np.arange(np.prod(shape)).reshape(shape) / np.prod(shape)).astype(np.float32)  # as the suite's runner does
        open(f"{folder}/test_data_set_0/input_0.pb", "wb").write(numpy_helper.from_array(ramp, info.name).SerializeToString())
        json.dump({"rtol": 1e-3, "atol": 1e-7}, open(f"{folder}/case.json", "w"))
        count["light"] = count.get("light", 0) + 1
    print(", ".join(f"{k} {v}" for k, v in count.items()), "cases")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
