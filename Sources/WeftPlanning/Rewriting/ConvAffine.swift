import WeftGraph
import WeftProvider

/// Folds operators that scale or shift a Conv's output channels by constants into its weights and bias.
///
/// These are BatchNormalization with constant statistics, and Add, Sub and Mul with one number per channel. float32
/// only; factors are computed in double precision.
struct ConvAffine {
    private let constants: DerivedConstants

    init(_ constants: DerivedConstants) { self.constants = constants }

    func apply(_ unit: Int, _ graph: inout RewriteGraph) throws(WeftError) -> Bool {
        guard let conv = graph.node(unit), conv.opType == "Conv", conv.domain.isEmpty,
            let weights = conv.input(1)?.constant, weights.elementType == .float32, let filters = weights.shape.first,
            weights.elementCount > 0, let product = conv.output(0),
            let (reader, node) = graph.soleReader(of: product.value), let output = node.output(0),
            node.domain.isEmpty, node.outputs.count == 1, output.type == product.type,
            let affine = try affine(node, of: product, channels: filters)
        else { return false }
        let bias = conv.input(2)?.constant
        if conv.has(input: 2), bias == nil { return false }
        var view = conv
        view.outputs = [output]
        if affine.scales {
            let scaled = try constants.constant(
                "scaled by \(affine.name)", from: [weights] + affine.sources, parameters: affine.parameters
            ) { () throws(WeftError) in
                let factors = try affine.factors()
                var values = try weights.tensor().array(as: Float.self)
                let filter = values.count / filters
                for index in values.indices { values[index] = Float(Double(values[index]) * factors[index / filter]) }
                return Tensor(values, shape: weights.shape)
            }
            view.inputs[1] = graph.operand("\(conv.name) weights", scaled)
        }
        let shifted = try constants.constant(
            "shifted by \(affine.name)", from: [bias].compactMap { $0 } + affine.sources,
            parameters: affine.parameters + [bias == nil ? 0 : 1, filters]
        ) { () throws(WeftError) in
            let (factors, offsets) = (try affine.factors(), try affine.offsets())
            let old = try bias?.tensor().array(as: Float.self) ?? [Float](repeating: 0, count: filters)
            return Tensor(
                zip(old.indices, old).map { Float(Double($1) * factors[$0] + offsets[$0]) }, shape: [filters])
        }
        view.inputs = [view.inputs[0], view.inputs[1], graph.operand("\(conv.name) bias", shifted)]
        graph.remove(unit)
        graph.replace(reader, with: view, absorbing: 1)
        return true
    }

    /// y = factor × x + offset, with a factor and an offset per channel.
    private struct Affine {
        /// With `sources` and `parameters`, the key under which the derived constants are kept.
        let name: String
        let sources: [Constant]
        var parameters: [Int] = []
        /// Whether a factor may differ from 1; if not, the weights stay as they are.
        let scales: Bool
        let factors: () throws(WeftError) -> [Double]
        let offsets: () throws(WeftError) -> [Double]
    }

    private func affine(_ node: NodeView, of product: Operand, channels: Int) throws(WeftError) -> Affine? {
        switch node.opType {
        case "BatchNormalization":
            guard node.input(0)?.value == product.value, try !node.flag("training_mode") else { return nil }
            let statistics = (1...4).compactMap { node.input($0)?.constant }
            guard statistics.count == 4,
                statistics.allSatisfy({ $0.elementType == .float32 && $0.elementCount == channels })
            else { return nil }
            let epsilon = Double(try node.float("epsilon"))
            func numbers(_ index: Int) throws(WeftError) -> [Double] {
                try statistics[index].tensor().array(as: Float.self).map { Double($0) }
            }
            func factors() throws(WeftError) -> [Double] {
                zip(try numbers(0), try numbers(3)).map { $0 / ($1 + epsilon).squareRoot() }
            }
            return Affine(
                name: node.opType, sources: statistics, parameters: [Int(bitPattern: UInt(epsilon.bitPattern))],
                scales: true, factors: factors,
                offsets: { () throws(WeftError) in
                    let (factors, bias, mean) = (try factors(), try numbers(1), try numbers(2))
                    return factors.indices.map { bias[$0] - mean[$0] * factors[$0] }
                })
        case "Add", "Sub", "Mul":
            guard node.inputs.count == 2 else { return nil }
            let position = node.input(0)?.value == product.value ? 1 : 0
            guard node.opType != "Sub" || position == 1, let constant = node.input(position)?.constant,
                constant.elementType == .float32,
                isPerChannel(constant.shape, rank: product.shape.count, channels: channels)
            else { return nil }
            let isProduct = node.opType == "Mul"
            let sign: Double = node.opType == "Sub" ? -1 : 1
            func numbers() throws(WeftError) -> [Double] {
                let values = try constant.tensor().array(as: Float.self).map { Double($0) * sign }
                return values.count == channels ? values : [Double](repeating: values[0], count: channels)
            }
            let same = [Double](repeating: isProduct ? 0 : 1, count: channels)
            return Affine(
                name: node.opType, sources: [constant], scales: isProduct,
                factors: { () throws(WeftError) in isProduct ? try numbers() : same },
                offsets: { () throws(WeftError) in isProduct ? same : try numbers() })
        default: return nil
        }
    }

    /// Whether a shape has size 1 on every axis but the second, the channels', where it has 1 or `channels`.
    private func isPerChannel(_ shape: [Int], rank: Int, channels: Int) -> Bool {
        guard shape.count <= rank else { return false }
        let padded = [Int](repeating: 1, count: rank - shape.count) + shape
        return padded.indices.allSatisfy { $0 == 1 ? padded[1] == 1 || padded[1] == channels : padded[$0] == 1 }
    }
}
