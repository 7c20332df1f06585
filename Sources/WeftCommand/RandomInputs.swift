import Weft

/// Values for inputs that nobody gives: the same numbers every time, for each name its own.
enum RandomInputs {
    /// Fills what is missing, floats from 0 to 1, integers and booleans from {0, 1}; returns the names.
    ///
    /// Dimensions come from `shapes`, else from the model, symbols taking the sizes that other inputs give them.
    /// Optional inputs stay absent. Throws `.invalidInput` where a dimension stays open.
    static func fill(
        _ values: inout [String: Value], _ inputs: [ValueDescription], _ shapes: [String: [Int]]
    ) throws(WeftError) -> [String] {
        var symbols: [String: Int] = [:]
        for input in inputs {
            guard let shape = values[input.name]?.shape ?? shapes[input.name] else { continue }
            for case (.symbol(let name), let size) in zip(input.dimensions ?? [], shape) { symbols[name] = size }
        }
        var filled: [String] = []
        for input in inputs where values[input.name] == nil {
            if case .optional = input.type { continue }
            guard let type = input.elementType else {
                throw WeftError(
                    .invalidInput, "input '\(input.name)' is missing, and is no tensor that could be filled",
                    hint: "give it with --test-data; it is \(input)")
            }
            if let shape = shapes[input.name] {
                values[input.name] = try value(type, shape, seed: input.name)
            } else {
                values[input.name] = try value(type, shape(of: input, symbols), seed: input.name)
            }
            filled.append(input.name)
        }
        return filled
    }

    private static func shape(of input: ValueDescription, _ symbols: [String: Int]) throws(WeftError) -> [Int] {
        func open(_ example: String) -> WeftError {
            WeftError(
                .invalidInput, "input '\(input.name)' has open dimensions (\(input)) and no value was given",
                hint: "give --shape \(input.name)=\(example) or --input \(input.name)=FILE.npy")
        }
        guard let dimensions = input.dimensions else { throw open("1x3x224x224") }
        var shape: [Int] = []
        for dimension in dimensions {
            switch dimension {
            case .fixed(let size): shape.append(size)
            case .symbol(let name) where symbols[name] != nil: shape.append(symbols[name] ?? 0)
            default:
                let example = dimensions.map { dimension in
                    if case .fixed(let size) = dimension { return "\(size)" }
                    return "1"
                }
                throw open(example.joined(separator: "x"))
            }
        }
        return shape
    }

    private static func value(_ type: ElementType, _ shape: [Int], seed: String) throws(WeftError) -> Value {
        guard let count = shape.checkedElementCount, type == .string || type.byteCount(count) != nil, count <= 1 << 34
        else {
            throw WeftError(.invalidInput, "a \(type) input of shape \(shape) is larger than memory can be")
        }
        var generator = SplitMix(seed: seed)
        if type == .string {
            return .strings(StringTensor((0..<count).map { _ in generator.bit() ? "1" : "0" }, shape: shape))
        }
        func tensor<Element: TensorElement>(_ make: (inout SplitMix) -> Element) -> Value {
            .tensor(Tensor((0..<count).map { _ in make(&generator) }, shape: shape))
        }
        switch type {
        case .float32: return tensor { Float($0.unit()) }
        case .float64: return tensor { $0.unit() }
        case .float16: return tensor { Float16($0.unit()) }
        case .bfloat16: return tensor { BFloat16(Float($0.unit())) }
        case .int8: return tensor { Int8($0.bit() ? 1 : 0) }
        case .int16: return tensor { Int16($0.bit() ? 1 : 0) }
        case .int32: return tensor { Int32($0.bit() ? 1 : 0) }
        case .int64: return tensor { Int64($0.bit() ? 1 : 0) }
        case .uint8: return tensor { UInt8($0.bit() ? 1 : 0) }
        case .uint16: return tensor { UInt16($0.bit() ? 1 : 0) }
        case .uint32: return tensor { UInt32($0.bit() ? 1 : 0) }
        case .uint64: return tensor { UInt64($0.bit() ? 1 : 0) }
        case .bool: return tensor { $0.bit() }
        default: return .tensor(try Tensor(uninitialized: type, shape: shape, zeroed: true))
        }
    }
}

/// Steele's SplitMix64, seeded with a name.
private struct SplitMix {
    private var state: UInt64

    init(seed: String) { state = StableHash(seed).value }

    private mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    mutating func bit() -> Bool { next() >> 63 == 1 }
    /// 0 ..< 1, of 24 bits so that a `Float` holds it exactly.
    mutating func unit() -> Double { Double(next() >> 40) / Double(1 << 24) }
}
