import WeftProvider

/// Indices of either integer type, counted from the front or, where negative, from the back.
struct Indices {
    private let pointer: UnsafeRawPointer
    private let long: Bool

    init(_ pointer: UnsafeRawPointer, _ type: ElementType?) {
        self.pointer = pointer
        long = type == .int64
    }

    @inline(__always)
    subscript(position: Int) -> Int {
        long
            ? Int(pointer.load(fromByteOffset: position &* 8, as: Int64.self))
            : Int(pointer.load(fromByteOffset: position &* 4, as: Int32.self))
    }

    /// The index at a position, counted from the front. Throws where an axis of `size` has no such element.
    @inline(__always)
    func resolved(_ position: Int, size: Int) throws(WeftError) -> Int {
        let index = self[position]
        let counted = index < 0 ? index &+ size : index
        guard counted >= 0, counted < size else { throw Self.outOfRange(index, size) }
        return counted
    }

    @inline(never)
    private static func outOfRange(_ index: Int, _ size: Int) -> WeftError {
        WeftError(.invalidData, "index \(index) is out of range for an axis of \(size) elements")
    }
}
