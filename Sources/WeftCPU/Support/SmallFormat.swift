import WeftProvider

/// An element type of at most eight bits that arithmetic knows only through casts and quantisation.
///
/// Two- and four-bit types are packed, the first element in the low bits.
struct SmallFormat: Sendable {
    /// What happens to a value that lies between two powers, in the format of powers alone.
    enum PowerRounding: Sendable { case up, down, nearest }

    let type: ElementType
    /// Bits of the significand that are stored; nil for integers and for powers of two.
    private let significand: Int?
    private let bias: Int
    private let largest: Double
    private let nan: UInt8?
    private let infinity: UInt8?

    /// nil for every other element type.
    init?(_ type: ElementType?) {
        guard let type else { return nil }
        self.type = type
        switch type {
        case .float8e4m3fn: (significand, bias, largest, nan, infinity) = (3, 7, 448, 0x7f, nil)
        case .float8e4m3fnuz: (significand, bias, largest, nan, infinity) = (3, 8, 240, 0x80, nil)
        case .float8e5m2: (significand, bias, largest, nan, infinity) = (2, 15, 57344, 0x7e, 0x7c)
        case .float8e5m2fnuz: (significand, bias, largest, nan, infinity) = (2, 16, 57344, 0x80, nil)
        case .float4e2m1: (significand, bias, largest, nan, infinity) = (1, 1, 6, nil, nil)
        case .float8e8m0: (significand, bias, largest, nan, infinity) = (nil, 127, 0x1p127, 0xff, nil)
        case .int4: (significand, bias, largest, nan, infinity) = (nil, 0, 7, nil, nil)
        case .uint4: (significand, bias, largest, nan, infinity) = (nil, 0, 15, nil, nil)
        case .int2: (significand, bias, largest, nan, infinity) = (nil, 0, 1, nil, nil)
        case .uint2: (significand, bias, largest, nan, infinity) = (nil, 0, 3, nil, nil)
        default: return nil
        }
    }

    private var unsignedZero: Bool { nan == 0x80 }
    private var signBit: UInt8 { type == .float4e2m1 ? 8 : 0x80 }

    /// The value of a code.
    func decode(_ code: UInt8) -> Double {
        if type.isInteger {
            let value = Int(code & mask)
            return Double(type.isSignedInteger && value > Int(largest) ? value - 1 << type.bitWidth : value)
        }
        guard let significand else { return code == 0xff ? .nan : power(Int(code) - bias) }
        if let nan, unsignedZero ? code == nan : code & 0x7f == nan { return .nan }
        let negative = code & signBit != 0
        let magnitude = Int(code & (signBit - 1))
        if let infinity {
            if magnitude == Int(infinity) { return negative ? -.infinity : .infinity }
            if magnitude > Int(infinity) { return .nan }
        }
        let exponent = magnitude >> significand
        let fraction = Double(magnitude & (1 << significand - 1))
        let value =
            exponent == 0
            ? fraction * power(1 - bias - significand)
            : (Double(1 << significand) + fraction) * power(exponent - bias - significand)
        return negative ? -value : value
    }

    /// The code of the nearest value, ties to even; what is too large becomes the largest where `saturate`, else
    /// infinity or NaN. Integers are truncated and wrap.
    func encode(_ value: Double, saturate: Bool = true, rounding: PowerRounding = .up) -> UInt8 {
        if type.isInteger { return UInt8(truncatingIfNeeded: Int64(saturating: value)) & mask }
        guard let significand else { return encodePower(value, saturate, rounding) }
        if value.isNaN { return nan.map { unsignedZero ? $0 : $0 | (value.sign == .minus ? 0x80 : 0) } ?? signBit }
        let sign: UInt8 = value.sign == .minus ? signBit : 0
        var magnitude = value.magnitude
        var exponent = 1 - bias
        if magnitude >= power(exponent), magnitude.isFinite { exponent = Int(magnitude.exponent) }
        if magnitude.isFinite {
            let quantum = power(exponent - significand)
            magnitude = (magnitude / quantum).rounded(.toNearestOrEven) * quantum
        }
        if magnitude > largest {
            guard saturate || nan == nil else { return infinity.map { $0 | sign } ?? unsigned(nan, sign) }
            magnitude = largest
        }
        if magnitude == 0 { return unsignedZero ? 0 : sign }
        exponent = Swift.max(Int(magnitude.exponent), 1 - bias)
        let fraction = Int(magnitude / power(exponent - significand))
        let code = ((exponent + bias) << significand) + fraction - (1 << significand)
        return UInt8(truncatingIfNeeded: code) | sign
    }

    private func unsigned(_ nan: UInt8?, _ sign: UInt8) -> UInt8 {
        guard let nan else { return 0 }
        return unsignedZero ? nan : nan | sign
    }

    private func encodePower(_ value: Double, _ saturate: Bool, _ rounding: PowerRounding) -> UInt8 {
        let magnitude = value.magnitude
        if magnitude.isNaN { return 0xff }
        if magnitude.isInfinite { return saturate ? 0xfe : 0xff }
        if magnitude < power(-bias) { return 0 }
        var exponent = Int(magnitude.exponent)
        let rest = magnitude.significand
        let up =
            switch rounding {
            case .up: rest > 1
            case .down: false
            case .nearest: rest >= 1.5
            }
        if up { exponent += 1 }
        if exponent > 127 { return saturate ? 0xfe : 0xff }
        return UInt8(truncatingIfNeeded: exponent + bias)
    }

    private func power(_ exponent: Int) -> Double { Double(sign: .plus, exponent: exponent, significand: 1) }
    private var mask: UInt8 { type.bitWidth == 8 ? 0xff : 1 << UInt8(type.bitWidth) - 1 }

    /// The code of one element of a buffer.
    func code(_ bytes: UnsafeRawPointer, _ index: Int) -> UInt8 {
        let perByte = 8 / type.bitWidth
        let byte = bytes.load(fromByteOffset: index / perByte, as: UInt8.self)
        return byte >> UInt8(index % perByte * type.bitWidth) & mask
    }

    /// Sets the code of one element; elements that share its byte keep theirs.
    func set(_ bytes: UnsafeMutableRawPointer, _ index: Int, _ code: UInt8) {
        let perByte = 8 / type.bitWidth
        let shift = UInt8(index % perByte * type.bitWidth)
        let byte = bytes.load(fromByteOffset: index / perByte, as: UInt8.self)
        bytes.storeBytes(of: byte & ~(mask << shift) | code << shift, toByteOffset: index / perByte, as: UInt8.self)
    }
}
