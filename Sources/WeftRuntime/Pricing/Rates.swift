package import WeftProvider

/// How fast a device works: what turns a variant's work into seconds.
package struct DeviceRates: Sendable {
    /// Operations a second, by what dominates the kernel.
    package var flops: [RateKey: Double]
    /// Bytes a second that kernels read and write.
    package var bandwidth: Double
    /// Seconds to start one kernel.
    package var launch: Double
    /// Seconds to start a segment and wait for it.
    package var segment: Double
    /// Moving a tensor between the host's memory and the device's; nil where they are one.
    package var transfer: TransferRates.Link?
    /// Where the figures come from, for people.
    package var source: String

    /// The price of work in seconds: arithmetic or memory, whichever takes longer, and the launches.
    package func seconds(_ work: Work) -> Double {
        let rate = flops[work.rate] ?? flops[.elementwise] ?? 1e9
        return max(work.flops / rate, work.bytes / bandwidth) + Double(work.launches) * launch
    }

    /// Rates typical of a class of device, for `threads` threads of the host.
    package static func nominal(_ device: DeviceDescription, threads: Int) -> DeviceRates {
        let cores = Double(max(1, threads))
        switch device.kind {
        case .host:
            return DeviceRates(
                flops: [
                    .gemm: 60e9 * cores, .direct: 20e9 * cores, .elementwise: 4e9 * cores,
                    .transcendental: 8e9 * cores, .reference: 0.5e9 * cores,
                ], bandwidth: 10e9 * cores, launch: 1e-6, segment: 0, transfer: nil, source: "nominal (host)")
        case .discrete:
            return DeviceRates(
                flops: [
                    .gemm: 5e12, .direct: 1e12, .elementwise: 1e12, .transcendental: 1e12, .reference: 1e11,
                ], bandwidth: 300e9, launch: 8e-6, segment: 40e-6,
                transfer: .init(latency: 20e-6, bytesPerSecond: 10e9), source: "nominal (discrete)")
        case .integrated:
            return DeviceRates(
                flops: [
                    .gemm: 400e9, .direct: 100e9, .elementwise: 100e9, .transcendental: 100e9, .reference: 1e10,
                ], bandwidth: 30e9, launch: 10e-6, segment: 50e-6,
                transfer: .init(latency: 10e-6, bytesPerSecond: 10e9), source: "nominal (integrated)")
        case .software:
            return DeviceRates(
                flops: [
                    .gemm: 1e9 * cores, .direct: 0.5e9 * cores, .elementwise: 0.5e9 * cores,
                    .transcendental: 0.5e9 * cores, .reference: 0.2e9 * cores,
                ], bandwidth: 1e9 * cores, launch: 30e-6, segment: 100e-6,
                transfer: .init(latency: 10e-6, bytesPerSecond: 5e9), source: "nominal (software)")
        }
    }
}
