package import WeftProvider

/// Bytes that one context of a plan takes on a device, by purpose; constants are not included.
package struct DeviceNeed: Sendable, Hashable {
    /// Index into the engine's devices.
    package let device: Int
    package var values = 0
    package var staging = 0
    package var scratch = 0

    package init(device: Int) { self.device = device }

    /// Adds a need on the same device that is held at the same time. A sum that overflows becomes `Int.max`.
    package mutating func add(_ other: DeviceNeed) {
        func sum(_ first: Int, _ second: Int) -> Int {
            let (sum, overflow) = first.addingReportingOverflow(second)
            return overflow ? Int.max : sum
        }
        values = sum(values, other.values)
        staging = sum(staging, other.staging)
        scratch = sum(scratch, other.scratch)
    }

    /// The sum of all bytes; nil if it overflows.
    package var bytes: Int? {
        let (first, a) = values.addingReportingOverflow(staging)
        let (all, b) = first.addingReportingOverflow(scratch)
        return a || b ? nil : all
    }

    /// The error `.deviceMemoryExceeded` if this, `weights` and `others` together exceed `limit`; nil if not.
    ///
    /// All are bytes: `weights` those of constants, `others` those that runs under way hold.
    package func exceeds(_ limit: Int, on device: DeviceDescription, weights: Int, others: Int = 0) -> WeftError? {
        let (held, a) = weights.addingReportingOverflow(others)
        let (sum, b) = (bytes ?? Int.max).addingReportingOverflow(held)
        guard a || b || sum > limit else { return nil }
        let total = a || b || bytes == nil ? "more bytes than memory can hold" : "\(sum) bytes"
        let rest = others > 0 ? ", runs under way \(others)" : ""
        return WeftError(
            .deviceMemoryExceeded,
            "the plan needs \(total) on \(device.id), whose limit is \(limit): values \(values), staging \(staging), scratch \(scratch), weights \(weights)\(rest)",
            hint: "raise the session's limit of device memory, place fewer nodes there, or run smaller inputs")
    }
}
