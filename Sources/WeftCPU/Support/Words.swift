import WeftProvider

/// Sixteen bytes that are moved as one element.
struct DoubleWord: BitwiseCopyable, Sendable {
    var low: UInt64
    var high: UInt64
}

/// What is done with elements whose width alone matters.
protocol WordVisitor {
    associatedtype Result
    func visit<Word: BitwiseCopyable & Sendable>(_ type: Word.Type) throws(WeftError) -> Result
}

extension WordVisitor {
    /// Calls `visit` with a type of 1, 2, 4, 8 or 16 bytes.
    @inline(__always)
    func dispatch(width: Int) throws(WeftError) -> Result {
        switch width {
        case 1: return try visit(UInt8.self)
        case 2: return try visit(UInt16.self)
        case 4: return try visit(UInt32.self)
        case 8: return try visit(UInt64.self)
        case 16: return try visit(DoubleWord.self)
        default: throw WeftError(.internalInconsistency, "no element is \(width) bytes wide")
        }
    }
}
