import WeftProvider
import WeftProviderKit

/// An 8-bit operand widened to int32 and freed of its zero point, in scratch memory.
struct QuantizedOperand: Sendable {
    private let input: Int
    private let zero: Int?
    private let signed: Bool
    let count: Int
    private let sharing: Sharing
    private let zeros: Int

    /// Which elements share a zero point, where there are several.
    enum Sharing: Sendable {
        /// Those of a row of `length` elements.
        case rows(length: Int)
        /// Those of a column of a matrix of `length` columns and `depth` rows.
        case columns(length: Int, depth: Int)
    }

    init(_ node: NodeView, input: Int, zero: Int, sharing: Sharing) {
        self.input = input
        self.zero = node.has(input: zero) ? zero : nil
        signed = node.inputType(input) == .int8
        count = node.inputShape(input).elementCount
        zeros = Swift.max(1, node.inputShape(zero).elementCount)
        self.sharing = sharing
    }

    /// Bytes that the widened operands of a node take.
    static func scratch(_ node: NodeView, _ inputs: [Int]) -> Int {
        inputs.reduce(0) { $0 + 4 * node.inputShape($1).elementCount }
    }

    func widen(_ invocation: borrowing HostInvocation, to target: UnsafeMutablePointer<Int32>) {
        if signed {
            widen(invocation.input(input, as: Int8.self), zero.map { invocation.input($0, as: Int8.self) }, target)
        } else {
            widen(invocation.input(input, as: UInt8.self), zero.map { invocation.input($0, as: UInt8.self) }, target)
        }
    }

    private func widen<T: FixedWidthInteger>(
        _ x: UnsafePointer<T>, _ zero: UnsafePointer<T>?, _ target: UnsafeMutablePointer<Int32>
    ) {
        guard let zero else {
            for index in 0..<count { target[index] = Int32(x[index]) }
            return
        }
        for index in 0..<count {
            let at = zeros == 1 ? 0 : zeroIndex(index) % zeros
            target[index] = Int32(x[index]) - Int32(zero[at])
        }
    }

    private func zeroIndex(_ index: Int) -> Int {
        switch sharing {
        case .rows(let length): index / length
        case .columns(let length, let depth): index / (length * depth) * length + index % length
        }
    }
}
