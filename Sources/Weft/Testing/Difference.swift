public import WeftProvider

/// How far a value is from the one that was expected, element by element.
public struct Difference: Sendable, Encodable {
    /// The greatest `|got - want|`; infinite where one is no number and the other is.
    public private(set) var absolute = 0.0
    /// The greatest `|got - want| / |want|` where `want` is not zero.
    public private(set) var relative = 0.0
    /// The most representable numbers of the type that lie between; nil where no element is floating-point.
    public private(set) var ulps: Double?
    /// Elements outside the tolerance, of how many.
    public private(set) var exceeding = 0
    public private(set) var count = 0
    /// What exceeds most, in words; nil where nothing does.
    public private(set) var problem: String?
    /// The greatest absolute tolerance that applied.
    public private(set) var atol = 0.0
    private var worst = 0.0

    private enum CodingKeys: CodingKey { case absolute, relative, ulps, exceeding, count, problem, atol }

    /// Compares under `|got - want| <= atol + rtol * |want|`; integers, booleans and strings must be equal.
    ///
    /// Without `absolute`, atol is 1e-5 of the greatest finite magnitude that is expected: sums that cancel leave
    /// errors of the size of what was summed.
    public init(_ got: Value, _ want: Value, relative: Double, absolute: Double?) {
        compare(got, want, (relative, absolute))
    }

    init() {}

    public var isWithin: Bool { problem == nil }

    private mutating func fail(_ text: String) {
        exceeding += 1
        count = max(count, 1)
        worst = .infinity
        absolute = .infinity
        problem = problem ?? text
    }

    private mutating func compare(_ got: Value, _ want: Value, _ bound: (relative: Double, absolute: Double?)) {
        switch (got, want) {
        case (.tensor(let got), .tensor(let want)): compare(got, want, bound)
        case (.strings(let got), .strings(let want)):
            guard got.shape == want.shape else { return fail("has shape \(got.shape), expected \(want.shape)") }
            count += want.elements.count
            for index in want.elements.indices where got.elements[index] != want.elements[index] {
                fail("element \(index) is \"\(got.elements[index])\", expected \"\(want.elements[index])\"")
            }
        case (.sequence(let got, _), .sequence(let want, _)):
            guard got.count == want.count else { return fail("has \(got.count) elements, expected \(want.count)") }
            for (got, want) in zip(got, want) { compare(got, want, bound) }
        case (.optional(let got, _), .optional(let want, _)):
            switch (got, want) {
            case (nil, nil): return
            case (let got?, let want?): compare(got, want, bound)
            default: fail(got == nil ? "is empty, expected a value" : "has a value, expected none")
            }
        case (.map(let gotKeys, let got), .map(let wantKeys, let want)):
            guard got.count == want.count else { return fail("has \(got.count) entries, expected \(want.count)") }
            compare(gotKeys, wantKeys, bound)
            for (got, want) in zip(got, want) { compare(got, want, bound) }
        default: fail("is a \(got.type), expected a \(want.type)")
        }
    }

    private mutating func compare(_ got: Tensor, _ want: Tensor, _ bound: (relative: Double, absolute: Double?)) {
        guard got.elementType == want.elementType, got.shape == want.shape else {
            return fail("is \(got.elementType) \(got.shape), expected \(want.elementType) \(want.shape)")
        }
        let isFloating = want.elementType.isFloatingPoint
        guard let a = got.numbers, let b = want.numbers, a.count == b.count else {
            count += want.elementCount
            if !got.storage.bytes.elementsEqual(want.storage.bytes) { fail("differs from what was expected") }
            return
        }
        count += b.count
        var atol = 0.0
        var rtol = 0.0
        if isFloating {
            rtol = bound.relative
            atol = bound.absolute ?? 1e-5 * b.lazy.map(abs).filter(\.isFinite).reduce(0, max)
            self.atol = max(self.atol, atol)
        }
        for index in b.indices where a[index] != b[index] && !(a[index].isNaN && b[index].isNaN) {
            add(index, a[index], b[index], allowed: atol + rtol * abs(b[index]), got.elementType)
        }
        if isFloating, ulps == nil { ulps = 0 }
    }

    private mutating func add(_ index: Int, _ got: Double, _ want: Double, allowed: Double, _ type: ElementType) {
        var gap = abs(got - want)
        if gap.isNaN { gap = .infinity }
        absolute = max(absolute, gap)
        if want != 0 { relative = max(relative, (gap / abs(want)).isNaN ? .infinity : gap / abs(want)) }
        if type.isFloatingPoint { ulps = max(ulps ?? 0, type.steps(from: want, to: got)) }
        guard !(gap <= allowed) else { return }
        exceeding += 1
        let excess = gap - (allowed.isNaN ? 0 : allowed)
        guard problem == nil || excess > worst else { return }
        worst = excess
        problem = "element \(index) is \(got), expected \(want)"
    }
}

extension Tensor {
    /// Elements of any type of at least eight bits that has an order, as double-precision numbers.
    fileprivate var numbers: [Double]? {
        switch elementType {
        case .int64: try? array(as: Int64.self).map(Double.init)
        case .uint64: try? array(as: UInt64.self).map(Double.init)
        default: doubles
        }
    }
}

extension ElementType {
    /// How many representable numbers of this type lie between two of its numbers; infinite where one is none.
    fileprivate func steps(from a: Double, to b: Double) -> Double {
        guard !a.isNaN, !b.isNaN else { return .infinity }
        /// Where a bit pattern stands in the order of the numbers that it and its like denote.
        func place(_ bits: Int64, _ width: Int) -> Double {
            let sign = Int64(1) << Int64(width - 1)
            return bits & sign == 0 ? Double(bits) : -Double(bits & (sign - 1))
        }
        switch self {
        case .float32:
            return abs(place(Int64(Float(a).bitPattern), 32) - place(Int64(Float(b).bitPattern), 32))
        case .float16:
            return abs(place(Int64(Float16(a).bitPattern), 16) - place(Int64(Float16(b).bitPattern), 16))
        case .bfloat16:
            return abs(
                place(Int64(BFloat16(Float(a)).bitPattern), 16) - place(Int64(BFloat16(Float(b)).bitPattern), 16))
        default:
            // The places of doubles do not fit a double exactly: subtract them as integers where the signs agree.
            let (p, q) = (Int64(bitPattern: a.magnitude.bitPattern), Int64(bitPattern: b.magnitude.bitPattern))
            return a.sign == b.sign ? Double((p - q).magnitude) : Double(p) + Double(q)
        }
    }
}
