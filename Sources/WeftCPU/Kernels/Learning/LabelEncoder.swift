import WeftProvider
import WeftProviderKit

extension CPUKernels {
    /// A look-up in a table of keys.
    static let labelEncoder = dynamic(
        "LabelEncoder", domain: "ai.onnx.ml", types: TypeConstraint(ElementTypes.numeric.union([.string]))
    ) { node, invocation throws(WeftError) in
        let keys = try Label.list(node, "keys"), values = try Label.list(node, "values")
        guard keys.count == values.count else {
            throw WeftError(.invalidModel, "\(keys.count) keys have \(values.count) values", node: node.label)
        }
        let table = Dictionary(zip(keys, values)) { first, _ in first }
        let standard = try Label.standard(node)
        let found = try Label.labels(of: try invocation.value(input: 0)).map { table[$0] ?? standard }
        guard let type = node.outputType(0), type != .string else {
            return try invocation.set(
                output: 0, .strings(StringTensor(found.map(\.text), shape: node.inputShape(0))))
        }
        let y = UnsafeMutableRawPointer(invocation.output(0, as: UInt8.self))
        let write = try CastWriter().dispatch(type)
        for (index, label) in found.enumerated() {
            // Whole numbers of 64 bits have no exact double.
            if type == .int64, case .whole(let number) = label {
                y.storeBytes(of: number, toByteOffset: index * 8, as: Int64.self)
            } else {
                write(y, index, label.number)
            }
        }
    }
}

/// A key or a value of a LabelEncoder; a NaN equals every other.
enum Label: Hashable {
    case text(String)
    case whole(Int64)
    case real(Double)

    var text: String {
        if case .text(let text) = self { return text }
        return ""
    }

    var number: Double {
        switch self {
        case .text: .nan
        case .whole(let number): Double(number)
        case .real(let number): number
        }
    }

    static func == (left: Label, right: Label) -> Bool {
        switch (left, right) {
        case (.text(let a), .text(let b)): a == b
        case (.whole(let a), .whole(let b)): a == b
        case (.real(let a), .real(let b)): a == b || (a.isNaN && b.isNaN)
        default: false
        }
    }

    func hash(into hasher: inout Hasher) {
        switch self {
        case .text(let text): hasher.combine(text)
        case .whole(let number): hasher.combine(number)
        case .real(let number): hasher.combine(number.isNaN ? .nan : number == 0 ? 0 : number)
        }
    }

    /// The elements of a tensor of numbers or strings.
    static func labels(of value: Value) throws(WeftError) -> [Label] {
        if case .strings(let strings) = value { return strings.elements.map { .text($0) } }
        guard let tensor = value.tensor else { throw WeftError(.invalidData, "expected a tensor") }
        if tensor.elementType == .int64 { return try tensor.array(as: Int64.self).map { .whole($0) } }
        let read = try CastReader().dispatch(tensor.elementType)
        guard let bytes = tensor.storage.bytes.baseAddress else { return [] }
        return (0..<tensor.elementCount).map { index in
            let number = read(bytes, index)
            return tensor.elementType.isInteger ? .whole(Int64(number)) : .real(number)
        }
    }

    /// The list `keys_…` or `values_…`, of whatever kind is given.
    static func list(_ node: NodeView, _ name: String) throws(WeftError) -> [Label] {
        if case .tensor(let constant)? = node.attributes["\(name)_tensor"] { return try labels(of: constant.value()) }
        if case .strings(let texts)? = node.attributes["\(name)_strings"] { return texts.map { .text($0) } }
        if case .ints(let numbers)? = node.attributes["\(name)_int64s"] { return numbers.map { .whole($0) } }
        if case .floats(let numbers)? = node.attributes["\(name)_floats"] { return numbers.map { .real(Double($0)) } }
        throw WeftError(.invalidModel, "the list of \(name) is missing", node: node.label)
    }

    /// What stands for an element that is no key.
    static func standard(_ node: NodeView) throws(WeftError) -> Label {
        if case .tensor(let constant)? = node.attributes["default_tensor"],
            let first = try labels(of: constant.value()).first
        {
            return first
        }
        switch node.outputType(0) {
        case .string: return .text(try node.string("default_string"))
        case .int64: return .whole(Int64(try node.int("default_int64")))
        default: return .real(Double(try node.float("default_float")))
        }
    }
}
