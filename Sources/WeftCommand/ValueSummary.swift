import Weft

/// What a value is, and the range of its numbers.
struct ValueSummary: Encodable {
    let type: String
    let shape: [Int]?
    /// Nil for what has no numbers; NaN where any element is.
    var min: Double?
    var max: Double?
    var mean: Double?
    /// Where it was written to.
    var file: String?

    init(_ value: Value) {
        shape = value.shape
        guard let tensor = value.tensor else {
            type = value.type.elementType.map { "\($0)" } ?? "\(value.type)"
            return
        }
        type = "\(tensor.elementType)"
        guard let numbers = Self.numbers(tensor), let first = numbers.first else { return }
        var (least, most, sum) = (first, first, 0.0)
        for number in numbers {
            if number < least || number.isNaN { least = number }
            if number > most || number.isNaN { most = number }
            sum += number
        }
        if sum.isNaN, numbers.contains(where: \.isNaN) { (least, most) = (.nan, .nan) }
        (min, max, mean) = (least, most, sum / Double(numbers.count))
    }

    private static func numbers(_ tensor: Tensor) -> [Double]? {
        switch tensor.elementType {
        case .int64: try? tensor.array(as: Int64.self).map(Double.init)
        case .uint64: try? tensor.array(as: UInt64.self).map(Double.init)
        default: tensor.doubles
        }
    }

    var text: String {
        var text = type
        if let shape { text += " \(shape)" }
        if let min, let max, let mean {
            text += ", min \(Figures.number(min)), mean \(Figures.number(mean)), max \(Figures.number(max))"
        }
        if let file { text += ", in \(file)" }
        return text
    }
}
