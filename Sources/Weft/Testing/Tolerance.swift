public import WeftProvider

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// How far floating-point outputs may be from what a test expects.
public struct Tolerance: Sendable, Hashable {
    /// `|got - want| <= absolute + relative * |want|`, element by element.
    public var relative = 1e-3
    public var absolute = 1e-7
    /// Least cosine similarity of each output, in place of the element-wise bound.
    public var cosine: Double?

    public init(relative: Double = 1e-3, absolute: Double = 1e-7, cosine: Double? = nil) {
        self.relative = relative
        self.absolute = absolute
        self.cosine = cosine
    }

    private struct CaseFile: Decodable {
        var rtol: Double?
        var atol: Double?
        var cosine: Double?
    }

    /// Reads a `case.json`; the ONNX suite's tolerances where there is none.
    init(caseFile path: String) throws(WeftError) {
        guard let data = FileManager.default.contents(atPath: path) else { return }
        do {
            let file = try JSONDecoder().decode(CaseFile.self, from: data)
            relative = file.rtol ?? relative
            absolute = file.atol ?? absolute
            cosine = file.cosine
        } catch {
            throw WeftError(.unreadableFile, "is no test case's tolerance: \(error)", file: path)
        }
    }

    /// What is wrong with a value where another was expected; nil if nothing is.
    public func difference(_ got: Value, _ want: Value) -> String? {
        switch (got, want) {
        case (.tensor(let got), .tensor(let want)): return difference(got, want)
        case (.strings(let got), .strings(let want)):
            guard got.shape == want.shape else { return "has shape \(got.shape), expected \(want.shape)" }
            for index in want.elements.indices where got.elements[index] != want.elements[index] {
                return "element \(index) is \"\(got.elements[index])\", expected \"\(want.elements[index])\""
            }
            return nil
        case (.sequence(let got, _), .sequence(let want, _)):
            guard got.count == want.count else { return "has \(got.count) elements, expected \(want.count)" }
            for (index, pair) in zip(got, want).enumerated() {
                if let problem = difference(pair.0, pair.1) { return "element \(index) \(problem)" }
            }
            return nil
        case (.optional(let got, _), .optional(let want, _)):
            switch (got, want) {
            case (nil, nil): return nil
            case (let got?, let want?): return difference(got, want)
            default: return got == nil ? "is empty, expected a value" : "has a value, expected none"
            }
        case (.optional(let got?, _), _): return difference(got, want)
        case (_, .optional(let want?, _)): return difference(got, want)
        default: return "is a \(got.type), expected a \(want.type)"
        }
    }

    private func difference(_ got: Tensor, _ want: Tensor) -> String? {
        guard got.elementType == want.elementType else { return "is \(got.elementType), expected \(want.elementType)" }
        guard got.shape == want.shape else { return "has shape \(got.shape), expected \(want.shape)" }
        guard let a = got.doubles, let b = want.doubles else {
            return got.storage.bytes.elementsEqual(want.storage.bytes) ? nil : "differs from what was expected"
        }
        return want.elementType.isFloatingPoint ? compare(a, b) : Self.exact(a, b)
    }

    private static func exact(_ got: [Double], _ want: [Double]) -> String? {
        for index in want.indices where got[index] != want[index] {
            return "element \(index) is \(got[index]), expected \(want[index])"
        }
        return nil
    }

    private func compare(_ got: [Double], _ want: [Double]) -> String? {
        if let cosine {
            var dot = 0.0, left = 0.0, right = 0.0
            for (a, b) in zip(got, want) {
                dot += a * b
                left += a * a
                right += b * b
            }
            if left == 0 && right == 0 { return nil }
            let similarity = dot / (left.squareRoot() * right.squareRoot())
            return similarity >= cosine ? nil : "has cosine similarity \(similarity), at least \(cosine) is asked for"
        }
        var worst: (index: Int, excess: Double)?
        var count = 0
        for index in want.indices {
            let a = got[index], b = want[index]
            if a == b || (a.isNaN && b.isNaN) { continue }
            let excess = abs(a - b) - (absolute + relative * abs(b))
            if excess <= 0 { continue }
            count += 1
            if worst.map({ excess > $0.excess || excess.isNaN }) ?? true { worst = (index, excess) }
        }
        guard let worst else { return nil }
        return
            "element \(worst.index) is \(got[worst.index]), expected \(want[worst.index]) (\(count) of \(want.count) are off)"
    }
}

extension Tensor {
    /// Elements as double-precision numbers; nil for types that have no exact one here.
    public var doubles: [Double]? {
        switch elementType {
        case .float32: try? array(as: Float.self).map(Double.init)
        case .float64: try? array(as: Double.self)
        case .float16: try? array(as: Float16.self).map(Double.init)
        case .bfloat16: try? array(as: BFloat16.self).map { Double($0.float) }
        case .int8: try? array(as: Int8.self).map(Double.init)
        case .int16: try? array(as: Int16.self).map(Double.init)
        case .int32: try? array(as: Int32.self).map(Double.init)
        case .uint8: try? array(as: UInt8.self).map(Double.init)
        case .uint16: try? array(as: UInt16.self).map(Double.init)
        case .uint32: try? array(as: UInt32.self).map(Double.init)
        case .bool: try? array(as: Bool.self).map { $0 ? 1 : 0 }
        default: nil
        }
    }
}
