public import WeftProvider

/// How fast a pretended device is: what it sleeps, and what its prices may say.
///
/// The formulas are those by which an engine prices work, so that rates of the same figures predict the very times.
public struct SimulatedSpeed: Sendable {
    /// Operations a second, by what dominates a kernel; kinds that are not there have that of `elementwise`.
    public var throughput: [RateKey: Double]
    /// Bytes a second that kernels read and write.
    public var memory: Double
    /// Seconds to start a kernel.
    public var launch: Double
    /// Seconds to start a segment and wait for it.
    public var segment: Double
    /// Seconds before the first byte of a transfer, either way.
    public var latency: Double
    /// Bytes a second of a transfer after that.
    public var bandwidth: Double

    /// What is not given costs nothing.
    public init(
        throughput: [RateKey: Double], memory: Double = .infinity, launch: Double = 0, segment: Double = 0,
        latency: Double = 0, bandwidth: Double = .infinity
    ) {
        self.throughput = throughput
        self.memory = memory
        self.launch = launch
        self.segment = segment
        self.latency = latency
        self.bandwidth = bandwidth
    }

    /// Kernels that take so many times as long; launches and transfers as before.
    public func slowed(by factor: Double) -> SimulatedSpeed {
        var slow = self
        slow.throughput = throughput.mapValues { $0 / factor }
        slow.memory /= factor
        return slow
    }

    /// Seconds that a kernel of so much work takes.
    public func seconds(_ work: Work) -> Double {
        let rate = throughput[work.rate] ?? throughput[.elementwise] ?? .infinity
        return max(work.flops / rate, work.bytes / memory) + Double(work.launches) * launch
    }

    /// Seconds that a transfer of so many bytes takes.
    public func seconds(transfer bytes: Int) -> Double { latency + Double(bytes) / bandwidth }
}

/// What one submission takes in simulated time: its start, what is brought, its nodes, what is sent back.
public struct SimulatedCourse: Sendable {
    /// Seconds before the first node: the start of the segment and all uploads.
    public let before: Double
    /// Seconds of each node.
    public let nodes: [Double]
    /// Seconds after the last node: all downloads.
    public let after: Double

    /// Seconds from start to end.
    public var seconds: Double { nodes.reduce(before + after, +) }

    /// `imports` and `exports` are the bytes of each value that crosses.
    public init(_ nodes: [Double], imports: [Int], exports: [Int], speed: SimulatedSpeed?) {
        self.nodes = nodes
        before = imports.reduce(speed?.segment ?? 0) { $0 + (speed?.seconds(transfer: $1) ?? 0) }
        after = exports.reduce(0) { $0 + (speed?.seconds(transfer: $1) ?? 0) }
    }
}
