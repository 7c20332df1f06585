"""The rivals: each makes a function that runs a model once and returns its outputs in the model's order.

One that has to convert the model first calls `converted` after that, for conversion is not loading.
"""
import contextlib, os, shutil, subprocess, sys, tempfile


def onnxruntime(model, feeds, outputs, threads, converted):
    import onnxruntime as ort
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return lambda: session.run(outputs, feeds)


def openvino(model, feeds, outputs, threads, converted):
    import openvino as ov
    core = ov.Core()
    network = core.read_model(model)
    network.reshape({i: list(feeds[i.get_any_name()].shape) for i in network.inputs})
    compiled = core.compile_model(network, "CPU", {
        "INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1, "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": "f32"})
    request = compiled.create_infer_request()
    return lambda: list(request.infer(feeds).values())


@contextlib.contextmanager
def scratch():
    folder = tempfile.mkdtemp(prefix="weft-peers-")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def tool(package, name):
    """A command that a package brings: beside the interpreter, or inside the package."""
    import importlib.util
    beside = os.path.join(os.path.dirname(sys.executable), name)
    if os.path.exists(beside) and package != "pnnx":
        return beside
    spec = importlib.util.find_spec(package)
    if spec is None:
        raise ImportError(f"No module named '{package}'")
    return os.path.join(spec.submodule_search_locations[0], name)


def convert(command, folder):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{os.path.basename(command[0])} does not convert the model (exit {done.returncode})")


def ncnn(model, feeds, outputs, threads, converted, vulkan=False):
    import ncnn as library
    import numpy as np
    kinds = {"float32": "f32", "int64": "i64", "int32": "i32"}
    for array in feeds.values():
        if str(array.dtype) not in kinds:
            raise RuntimeError(f"its converter takes no {array.dtype} inputs")
    shapes = ",".join(f"[{','.join(map(str, a.shape))}]{kinds[str(a.dtype)]}" for a in feeds.values())
    with scratch() as folder:
        # The converter writes beside the model.
        for name in os.listdir(os.path.dirname(model)):
            if os.path.isfile(os.path.join(os.path.dirname(model), name)):
                os.symlink(os.path.join(os.path.dirname(model), name), os.path.join(folder, name))
        convert([tool("pnnx", "pnnx"), os.path.join(folder, os.path.basename(model)), f"inputshape={shapes}", "fp16=0",
                 f"ncnnparam={folder}/net.param", f"ncnnbin={folder}/net.bin"], folder)
        converted()
        net = library.Net()
        net.opt.num_threads = threads
        net.opt.use_vulkan_compute = vulkan
        for option in ("use_fp16_packed", "use_fp16_storage", "use_fp16_arithmetic", "use_bf16_storage"):
            setattr(net.opt, option, False)
        if vulkan and library.get_gpu_count() == 0:
            raise RuntimeError("it finds no Vulkan device")
        if net.load_param(f"{folder}/net.param") or net.load_model(f"{folder}/net.bin"):
            raise RuntimeError("it does not load what its converter wrote")
    mats = [library.Mat(np.ascontiguousarray(a[0] if a.ndim > 1 and a.shape[0] == 1 else a)).clone()
            for a in feeds.values()]

    def run():
        extractor = net.create_extractor()
        for name, mat in zip(net.input_names(), mats):
            extractor.input(name, mat)
        results = []
        for name in net.output_names():
            code, mat = extractor.extract(name)
            if code:
                raise RuntimeError(f"extract gives {code}")
            results.append(np.array(mat))
        return results
    return run


def mnn(model, feeds, outputs, threads, converted):
    import MNN
    import numpy as np
    with scratch() as folder:
        path = os.path.join(folder, "net.mnn")
        convert([tool("MNN", "mnnconvert"), "-f", "ONNX", "--modelFile", model, "--MNNModel", path, "--bizCode", "weft"],
                folder)
        converted()
        manager = MNN.nn.create_runtime_manager(
            ({"backend": "CPU", "precision": "high", "numThread": threads},))
        net = MNN.nn.load_module_from_file(path, list(feeds), outputs, runtime_manager=manager)
    variables = []
    for array in feeds.values():
        array = array.astype(np.int32) if array.dtype == np.int64 else array
        kind = MNN.expr.int if array.dtype == np.int32 else MNN.expr.float
        variables.append(MNN.expr.const(array, list(array.shape), MNN.expr.NCHW, kind))

    def run():
        return [v.read() for v in net.forward(variables)]
    return run


ENGINES = {
    "ort": ("onnxruntime", onnxruntime),
    "openvino": ("openvino", openvino),
    "ncnn": ("ncnn", ncnn),
    "ncnn-vulkan": ("ncnn", lambda *a: ncnn(*a, vulkan=True)),
    "mnn": ("MNN", mnn),
}
