#if Vulkan
    import WeftProvider

    extension Condition {
        /// What every row asks: known shapes without empty dimensions, and operands that fit one binding.
        static let fits = Condition("no empty tensor, each within maxStorageBufferRange") { node, device in
            let range = device.limit(DeviceLimit.storageRange)
            for (index, operand) in (node.inputs + node.outputs).enumerated() {
                guard let operand else { continue }
                let isOutput = index >= node.inputs.count
                // Sizes and axes that a kernel reads when it is compiled may be empty.
                if !isOutput, operand.wantsHost || operand.constant != nil, operand.type.elementType != .float32 {
                    continue
                }
                guard let bytes = operand.type.byteCount else {
                    if isOutput { return .other("the shape of its output is known only at run time") }
                    return .runtimeShape(operand: index)
                }
                if bytes == 0, operand.constant == nil || isOutput { return .other("a tensor has no elements") }
                if bytes > range { return .limit(DeviceLimit.storageRange, needs: bytes, has: range) }
            }
            return nil
        }

        /// Outputs past the first are not asked for.
        static let oneOutput = Condition("first output only") { node, _ in
            for index in node.outputs.indices.dropFirst() where node.has(output: index) {
                return .other("it does not compute output \(index)")
            }
            return nil
        }

        /// A string attribute is absent or has one of the values.
        static func attribute(_ name: String, in values: [String]) -> Condition {
            Condition("\(name) \(values.joined(separator: " or "))") { node, _ in
                guard case .string(let value) = node.attributes[name], !values.contains(value) else { return nil }
                return .attribute(name, got: value)
            }
        }

        /// An integer attribute is absent or has the value.
        static func attribute(_ name: String, is expected: Int64) -> Condition {
            Condition("\(name) = \(expected)") { node, _ in
                guard case .int(let value) = node.attributes[name], value != expected else { return nil }
                return .attribute(name, got: "\(value)")
            }
        }

        /// Operands broadcast over at most `StridedShape.maxRank` dimensions that do not fold together.
        static let broadcasts = Condition("at most \(StridedShape.maxRank) dimensions that do not fold together") {
            node, _ in
            let shape = node.outputShape(0)
            for (index, operand) in node.inputs.enumerated() {
                guard let operand else { continue }
                guard StridedShape.broadcastStrides(operand.shape, to: shape) != nil else {
                    return .rank(operand.shape.count, operand: index)
                }
            }
            let strides = node.inputs.compactMap { $0.flatMap { StridedShape.broadcastStrides($0.shape, to: shape) } }
            let folded = StridedShape(shape, strides)
            return folded.shape.count <= StridedShape.maxRank ? nil : .rank(shape.count, operand: 0)
        }

        /// A condition that is what a function of the node alone says.
        static func check(_ text: String, _ decline: @escaping @Sendable (NodeView) -> Decline?) -> Condition {
            Condition(text) { node, _ in decline(node) }
        }
    }

    extension NodeView {
        /// An attribute's integers; `otherwise` where it is absent or of another kind.
        func ints(_ name: String, otherwise: [Int]) -> [Int] {
            guard case .ints(let values) = attributes[name] else { return otherwise }
            return values.map { Int($0) }
        }

        func int(_ name: String, otherwise: Int) -> Int {
            guard case .int(let value) = attributes[name] else { return otherwise }
            return Int(value)
        }

        func float(_ name: String, otherwise: Float) -> Float {
            guard case .float(let value) = attributes[name] else { return otherwise }
            return value
        }

        func string(_ name: String, otherwise: String) -> String {
            guard case .string(let value) = attributes[name] else { return otherwise }
            return value
        }

        /// The elements of a constant float input; nil where it is absent or not known.
        func constantFloats(_ index: Int) -> [Float]? {
            guard let constant = input(index)?.constant, constant.elementType == .float32 else { return nil }
            return try? constant.withBytes { bytes throws(WeftError) in
                (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
            }
        }

        /// The elements of a constant integer input; nil where it is absent or not known.
        func knownInts(_ index: Int) -> [Int]? {
            guard input(index)?.constant != nil else { return nil }
            return (try? constantInts(index)) ?? nil
        }
    }
#endif
