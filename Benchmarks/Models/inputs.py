"""A model's inputs as .npy files, the same for every engine, and the outputs that its test data expects."""
import glob, os, re

import numpy as np


def number(path):
    return int(re.search(r"_(\d+)\.pb$", path).group(1))


def tensors(folder, word, names):
    """The tensors of a test data folder by name; those that are no plain tensors end it."""
    import onnx
    from onnx import numpy_helper
    found = {}
    for path in sorted(glob.glob(f"{folder}/{word}_*.pb"), key=number):
        proto = onnx.TensorProto()
        proto.ParseFromString(open(path, "rb").read())
        index = number(path)
        found[proto.name or names[index]] = numpy_helper.to_array(proto)
    return found


def random(info, generator):
    """A seeded array for a graph input; a dimension without a size counts as one."""
    from onnx import helper
    tensor = info.type.tensor_type
    shape = [d.dim_value if d.HasField("dim_value") else 1 for d in tensor.shape.dim]
    kind = helper.tensor_dtype_to_np_dtype(tensor.elem_type)
    if np.issubdtype(kind, np.floating):
        return generator.standard_normal(shape).astype(kind)
    return generator.integers(0, 2, shape).astype(kind)


def prepare(model, into):
    """Writes inputs to `into`; returns ({input: file}, {output: array}, the names of the model's outputs)."""
    import onnx
    graph = onnx.load(model, load_external_data=False).graph
    weights = {i.name for i in graph.initializer}
    infos = [i for i in graph.input if i.name not in weights]
    outputs = [o.name for o in graph.output]
    data = os.path.join(os.path.dirname(model), "test_data_set_0")
    given, expected = {}, {}
    if os.path.isdir(data):
        given = tensors(data, "input", [i.name for i in infos])
        expected = tensors(data, "output", outputs)
    generator = np.random.default_rng(0)
    files = {}
    for index, info in enumerate(infos):
        array = given.get(info.name)
        if array is None:
            array = random(info, generator)
        files[info.name] = os.path.join(into, f"{index}.npy")
        np.save(files[info.name], array)
    return files, expected, outputs


def difference(got, wanted):
    """How far outputs are apart: the greatest difference over the greatest element, and why they disagree, if so."""
    if len(got) != len(wanted):
        return None, f"gives {len(got)} outputs, not {len(wanted)}"
    sizes = [a.size for a in got]
    if len(set(sizes)) == len(sizes) and set(sizes) == {b.size for b in wanted}:
        # Converters do not all keep the order.
        got = [next(a for a in got if a.size == b.size) for b in wanted]
    worst = 0.0
    for index, (a, b) in enumerate(zip(got, wanted)):
        if a.size != b.size:
            return None, f"output {index} has {a.size} elements, not {b.size}"
        a, b = a.astype(np.float64).ravel(), b.astype(np.float64).ravel()
        if not np.array_equal(np.isfinite(a), np.isfinite(b)):
            return None, f"output {index} is not finite where it should be"
        if a.size == 0:
            continue
        greatest = max(float(np.max(np.abs(b))), 1e-30)
        worst = max(worst, float(np.max(np.abs(a - b))) / greatest)
        cosine = float(a @ b) / max(float(np.linalg.norm(a) * np.linalg.norm(b)), 1e-30)
        if cosine < 0.999 and np.any(b):
            return worst, f"output {index} is off: cosine {cosine:.4f}"
    return worst, None
