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
        /// A node on a device that did not offer to run it, or in a space that is not its device's.
        case wrongDevice
        /// A value that lies in memory otherwise than a node's kernel was told.
        case wrongLayout
        /// Fewer bytes than the value takes: its shape is another than the place was made for.
        case placeTooSmall
        /// Bytes past the end of their arena.
        case placeOutside
        /// A view that is not inside the memory it views.
        case viewOutside
        case dearerThanHost
    }

    package let kind: Kind
    package let message: String

    package var description: String { message }
}
