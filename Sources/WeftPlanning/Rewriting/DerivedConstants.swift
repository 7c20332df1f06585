import WeftGraph
import WeftProvider

/// Constants that are computed from a model's own, kept so that all plans share them and their packed forms.
package final class DerivedConstants: Sendable {

    package init() {}
    /// What a constant was made from, and how.
    private struct Key: Hashable {
        let rule: String
        let sources: [UInt64]
        let parameters: [Int]
    }

    private let lock = Lock()
    // Guarded by `lock`.
    nonisolated(unsafe) private var known: [Key: Constant] = [:]
    /// Constants that plans bring with them have new identities each time: past so many, all are forgotten.
    private static let most = 4096

    /// The constant that `make` gives for these sources, made at most once while it is remembered.
    func constant(
        _ rule: String, from sources: [Constant], parameters: [Int] = [], _ make: () throws(WeftError) -> Tensor
    ) throws(WeftError) -> Constant {
        try constant(
            rule, from: sources, parameters: parameters,
            constant: { () throws(WeftError) in
                ConstantFactory.constant(try make())
            })
    }

    /// The same where `make` gives a constant with an identity of its own.
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
