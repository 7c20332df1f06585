import WeftProvider

extension Operator {
    /// The input, unchanged. ONNX opset 1 and later; any type, containers too.
    package static let identity = Operator("Identity", since: 25, inputs: 1...1) { inference throws(WeftError) in
        inference.outputs[0] = inference.inputs[0]
    }
}
