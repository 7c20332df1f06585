import WeftGraph
import WeftProvider

/// Constants computed from the model's constants, kept so that all plans share them and their packed forms.
package final class DerivedConstants: Sendable {

    package init() {}
    /// The rule by which a constant was made, the identities of its sources, and the rule's parameters.
    private struct Key: Hashable {
        let rule: String
        let sources: [UInt64]
        let parameters: [Int]
    }

    private let lock = Lock()
    // Guarded by `lock`.
    nonisolated(unsafe) private var known: [Key: Constant] = [:]
    /// The most constants that are kept; at the limit all are dropped.
    ///
    /// Constants that specialising folds have new identities in each plan, so without a limit the table would grow.
    private static let most = 4096

    /// A constant with the tensor that `make` returns for these sources; an equal key returns the kept constant.
    func constant(
        _ rule: String, from sources: [Constant], parameters: [Int] = [], _ make: () throws(WeftError) -> Tensor
    ) throws(WeftError) -> Constant {
        try constant(
            rule, from: sources, parameters: parameters,
            constant: { () throws(WeftError) in
                ConstantFactory.constant(try make())
            })
    }

    /// The same for a `make` that returns a constant instead of a tensor.
    ///
    /// `make` runs without the lock: if two threads make one constant at once, both get the one that was kept first.
    func constant<E: Error>(
        _ rule: String, from sources: [Constant], parameters: [Int] = [], constant make: () throws(E) -> Constant
    ) throws(E) -> Constant {
        let key = Key(rule: rule, sources: sources.map(\.id), parameters: parameters)
        if let constant = lock.withLock({ known[key] }) { return constant }
        let made = try make()
        return lock.withLock {
            if let earlier = known[key] { return earlier }
            if known.count >= Self.most { known = [:] }
            known[key] = made
            return made
        }
    }
}
