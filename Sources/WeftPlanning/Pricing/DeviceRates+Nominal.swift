import WeftPlacement
package import WeftProvider

extension DeviceRates {
    /// Rates typical of a class of device, for `threads` threads of the host.
    package static func nominal(
        _ device: DeviceDescription, threads: Int, remark: String? = nil
    ) -> DeviceRates {
        let cores = Double(max(1, threads))
        let source = RateSource.nominal(device.kind, remark: remark)
        func rates(
            _ gemm: Double, _ direct: Double, _ elementwise: Double, _ transcendental: Double, _ reference: Double
        ) -> [RateKey: Double] {
            [
                .gemm: gemm, .direct: direct, .elementwise: elementwise, .transcendental: transcendental,
                .reference: reference,
            ]
        }
        /// With unified memory nothing is copied, but making a value visible to the other side takes a moment.
        func transfer(_ latency: Double, _ bytesPerSecond: Double) -> TransferRates.Link {
            device.unifiedMemory
                ? .init(latency: 1e-6, bytesPerSecond: .infinity)
                : .init(latency: latency, bytesPerSecond: bytesPerSecond)
        }
        switch device.kind {
        case .host:
            return DeviceRates(
                steady: rates(60e9 * cores, 20e9 * cores, 4e9 * cores, 8e9 * cores, 0.5e9 * cores),
                memory: 10e9 * cores, launch: 1e-6, segment: 0, source: source)
        case .discrete:
            let link = transfer(20e-6, 10e9)
            return DeviceRates(
                steady: rates(5e12, 1e12, 1e12, 1e12, 1e11), memory: 300e9, launch: 8e-6,
                segment: 40e-6, link: link, source: source)
        case .integrated:
            let link = transfer(10e-6, 10e9)
            return DeviceRates(
                steady: rates(400e9, 100e9, 100e9, 100e9, 1e10), memory: 30e9, launch: 10e-6,
                segment: 50e-6, link: link, source: source)
        case .software:
            let link = transfer(10e-6, 5e9)
            return DeviceRates(
                steady: rates(1e9 * cores, 0.5e9 * cores, 0.5e9 * cores, 0.5e9 * cores, 0.2e9 * cores),
                memory: 1e9 * cores, launch: 30e-6, segment: 100e-6, link: link,
                source: source)
        }
    }
}
