import WeftProvider
import WeftProviderKit

/// A function of one element, in the types that memory has.
protocol ElementFunction: Sendable {
    associatedtype X: BitwiseCopyable
    associatedtype Y: BitwiseCopyable
    func callAsFunction(_ x: X) -> Y
}

/// A function of two elements.
protocol PairFunction: Sendable {
    associatedtype A: BitwiseCopyable
    associatedtype B: BitwiseCopyable
    associatedtype Y: BitwiseCopyable
    func callAsFunction(_ a: A, _ b: B) -> Y
}

/// The loops of elementwise operators: one for each shape that operands can have, whatever the function and types.
enum ElementLoops {
    /// y[i] = f(x[i]): operands of one shape, or in one layout.
    static func run<F: ElementFunction>(
        _ invocation: borrowing HostInvocation, _ count: Int, _ f: F
    ) throws(WeftError) {
        let x = invocation.input(0, as: F.X.self)
        let y = invocation.output(0, as: F.Y.self)
        try invocation.workers.forEachRange(of: count, grain: 32768, step: 64) { range, _ in
            for index in range { y[index] = f(x[index]) }
        }
    }

    static func map<F: ElementFunction>(_ count: Int, _ f: F) -> HostKernel.Body {
        { invocation throws(WeftError) in try run(invocation, count, f) }
    }

    /// y = f(a, b) for operands that broadcast: along a row each is dense, or one element for all of it.
    static func map<F: PairFunction>(_ plan: Broadcast, _ f: F) -> HostKernel.Body {
        let (stepA, stepB) = (plan.step(1), plan.step(2))
        return { invocation throws(WeftError) in
            let a = invocation.input(0, as: F.A.self)
            let b = invocation.input(1, as: F.B.self)
            let y = invocation.output(0, as: F.Y.self)
            try plan.forEachPiece(invocation.workers) { row, start, length in
                let a = a + (plan.offset(1, row: row) + start * stepA)
                let b = b + (plan.offset(2, row: row) + start * stepB)
                let y = y + (plan.offset(0, row: row) + start)
                switch (stepA, stepB) {
                case (1, 1): for index in 0..<length { y[index] = f(a[index], b[index]) }
                case (1, 0):
                    let scalar = b.pointee
                    for index in 0..<length { y[index] = f(a[index], scalar) }
                case (0, 1):
                    let scalar = a.pointee
                    for index in 0..<length { y[index] = f(scalar, b[index]) }
                default: y.update(repeating: f(a.pointee, b.pointee), count: length)
                }
            }
        }
    }

    /// A fold of any number of operands that broadcast, in the type that numbers are computed in, rounded at the end.
    ///
    /// `mean` divides the result by the number of operands.
    static func fold<F: BinaryFormula, E: KernelNumber>(
        _ plan: Broadcast, _: F.Type, _: E.Type, mean: Bool
    ) -> HostKernel.Body {
        let operands = plan.strides.count - 1
        let steps = (1...operands).map { plan.step($0) }
        let divisor = mean ? E.Work(whole: operands) : nil
        return { invocation throws(WeftError) in
            var inputs: [UnsafePointer<E>] = []
            for index in 0..<operands { inputs.append(invocation.input(index, as: E.self)) }
            let y = invocation.output(0, as: E.self)
            try plan.forEachPiece(invocation.workers) { row, start, length in
                let y = y + (plan.offset(0, row: row) + start)
                let offsets = (0..<operands).map { plan.offset($0 + 1, row: row) + start * steps[$0] }
                for index in 0..<length {
                    var result = inputs[0][offsets[0] &+ index &* steps[0]].work
                    for operand in 1..<operands {
                        result = F.apply(result, inputs[operand][offsets[operand] &+ index &* steps[operand]].work)
                    }
                    if let divisor { result = .quotient(result, divisor) }
                    y[index] = E(work: result)
                }
            }
        }
    }
}
