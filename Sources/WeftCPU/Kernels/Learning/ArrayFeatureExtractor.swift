import WeftProvider

extension CPUKernels {
    static let arrayFeatureExtractor = features.numbers()
    static let arrayFeatureExtractorOfStrings = features.strings

    private static let features = Movement("ArrayFeatureExtractor", domain: "ai.onnx.ml") {
        node, width throws(WeftError) in
        let size = node.inputShape(0).last ?? 0
        let rows = node.inputShape(0).dropLast().reduce(1, &*)
        let count = node.inputShape(1).elementCount
        return { operands throws(WeftError) in
            let indices = Indices(try operands.input(1), .int64)
            let (from, to) = (try operands.input(0), try operands.output())
            for index in 0..<count {
                let column = try indices.resolved(index, size: size)
                for row in 0..<rows {
                    (to + (row * count + index) * width).copyMemory(
                        from: from + (row * size + column) * width, byteCount: width)
                }
            }
        }
    }
}
