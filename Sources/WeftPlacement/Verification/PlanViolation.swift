/// Something that is wrong with a plan.
package struct PlanViolation: Sendable, Equatable, CustomStringConvertible {
    package enum Kind: Sendable, Equatable {
        /// An index that does not exist, or a number that is not possible.
        case malformed
        case nodeNeverRun
        case nodeRunTwice
        /// Two nodes make the same value, or a node makes a value that was given.
        case valueYieldedTwice
        case cycle
        /// An operand, or the source of a transfer, is not in its space at that time.
        case valueAbsent
        /// The value is being brought there, but the plan has not waited for it.
        case valueNotAwaited
        case transferRepeated
        case outputAbsent
        /// Two values hold the same bytes at once.
        case memoryShared
        /// A node runs on a device that did not offer to run it, or in a space that is not its device's.
        case wrongDevice
        /// A value's layout differs from the one that a node's kernel expects.
        case wrongLayout
        /// A place has fewer bytes than its value needs: it was made for another shape.
        case placeTooSmall
        /// A place ends behind the end of its arena.
        case placeOutside
        /// A view is not inside the memory that it views.
        case viewOutside
        case dearerThanHost
    }

    package let kind: Kind
    package let message: String

    package var description: String { message }
}
