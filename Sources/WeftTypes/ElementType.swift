/// The element types of ONNX tensors; the raw values are those of `TensorProto.DataType`.
///
/// Elements of two, four and six bits are packed: the first one lies in the lowest bits of the first byte.
public enum ElementType: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    case float32 = 1, uint8, int8, uint16, int16, int32, int64, string, bool, float16, float64, uint32, uint64
    case complex64 = 14, complex128, bfloat16, float8e4m3fn, float8e4m3fnuz, float8e5m2, float8e5m2fnuz
    case uint4 = 21, int4, float4e2m1, float8e8m0, uint2, int2
    case float6e2m3 = 27, float6e3m2

    /// Bits of one element; zero for strings, which have no fixed size.
    public var bitWidth: Int {
        switch self {
        case .string: 0
        case .uint2, .int2: 2
        case .uint4, .int4, .float4e2m1: 4
        case .float6e2m3, .float6e3m2: 6
        case .uint8, .int8, .bool, .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float8e8m0: 8
        case .uint16, .int16, .float16, .bfloat16: 16
        case .float32, .int32, .uint32: 32
        case .float64, .int64, .uint64, .complex64: 64
        case .complex128: 128
        }
    }

    /// Bytes of one element; 1 for packed types, 0 for strings.
    public var byteWidth: Int { (bitWidth + 7) / 8 }

    /// Bytes that `count` elements take, packed; nil if the count is negative or the result overflows.
    public func byteCount(_ count: Int) -> Int? {
        guard count >= 0 else { return nil }
        let (bits, overflow) = count.multipliedReportingOverflow(by: bitWidth)
        guard !overflow, bits <= Int.max - 7 else { return nil }
        return (bits + 7) / 8
    }

    /// Whether elements are real floating-point numbers of any width; false for complex ones.
    public var isFloatingPoint: Bool {
        switch self {
        case .float32, .float64, .float16, .bfloat16: true
        case .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float8e8m0: true
        case .float4e2m1, .float6e2m3, .float6e3m2: true
        default: false
        }
    }

    /// Whether elements are integers of any width; false for booleans.
    public var isInteger: Bool { isSignedInteger || isUnsignedInteger }

    /// Whether elements are signed integers.
    public var isSignedInteger: Bool {
        switch self {
        case .int2, .int4, .int8, .int16, .int32, .int64: true
        default: false
        }
    }

    /// Whether elements are unsigned integers; false for booleans.
    public var isUnsignedInteger: Bool {
        switch self {
        case .uint2, .uint4, .uint8, .uint16, .uint32, .uint64: true
        default: false
        }
    }

    /// The type's name in messages and files, such as `float32`.
    public var description: String {
        switch self {
        case .float32: "float32"
        case .uint8: "uint8"
        case .int8: "int8"
        case .uint16: "uint16"
        case .int16: "int16"
        case .int32: "int32"
        case .int64: "int64"
        case .string: "string"
        case .bool: "bool"
        case .float16: "float16"
        case .float64: "float64"
        case .uint32: "uint32"
        case .uint64: "uint64"
        case .complex64: "complex64"
        case .complex128: "complex128"
        case .bfloat16: "bfloat16"
        case .float8e4m3fn: "float8e4m3fn"
        case .float8e4m3fnuz: "float8e4m3fnuz"
        case .float8e5m2: "float8e5m2"
        case .float8e5m2fnuz: "float8e5m2fnuz"
        case .uint4: "uint4"
        case .int4: "int4"
        case .float4e2m1: "float4e2m1"
        case .float8e8m0: "float8e8m0"
        case .uint2: "uint2"
        case .int2: "int2"
        case .float6e2m3: "float6e2m3"
        case .float6e3m2: "float6e3m2"
        }
    }
}
