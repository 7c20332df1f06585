import WeftONNX
public import WeftProvider

extension Tensor {
    /// Reads a NumPy `.npy` file. Throws `.unreadableFile`, or `.invalidInput` for what is none or has no ONNX type.
    public init(npy path: String) throws(WeftError) { self = try NumpyFile.read(path) }

    /// Writes a NumPy `.npy` file.
    public func write(npy path: String) throws(WeftError) { try NumpyFile.write(self, to: path) }
}

extension Value {
    /// Reads a `.pb` file of an ONNX test data set: a TensorProto, or what `type` says.
    ///
    /// The name is the one in the file, empty where it has none.
    public static func read(pb path: String, as type: ValueType? = nil) throws(WeftError) -> (
        name: String, value: Value
    ) {
        try TensorFile.read(path, as: type)
    }
}
