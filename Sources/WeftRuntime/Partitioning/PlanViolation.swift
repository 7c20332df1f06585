/// Something that is wrong with a plan.
package struct PlanViolation: Sendable, Equatable, CustomStringConvertible {
    package enum Kind: Sendable, Equatable {
        /// An index that names nothing, or a number that cannot be.
        case malformed
        case nodeNeverRun
        case nodeRunTwice
        /// Two nodes yield a value, or a node yields what was given.
        case valueYieldedTwice
        case cycle
        /// An operand, or a transfer's source, is not in that space at that time.
        case valueAbsent
        /// It is on its way, but nobody has waited for it.
        case valueNotAwaited
        case transferRepeated
        case outputAbsent
        /// Two values hold the same bytes at once.
        case memoryShared
        /// A view that is not inside the memory it views.
        case viewOutside
        case dearerThanHost
    }

    package let kind: Kind
    package let message: String

    package var description: String { message }
}
