package import WeftProvider

/// How fast a device works: what turns a variant's work into seconds.
package struct DeviceRates: Sendable {
    /// Operations a second over operations, by what dominates the kernel and the elements' type.
    ///
    /// Types that are not there take float32's curve.
    package var throughput: [RateKey: [ElementType: RateCurve]]
    /// Bytes a second that kernels read and write, over bytes.
    package var memory: RateCurve
    /// Seconds to start one kernel.
    package var launch: Double
    /// Seconds to start a segment and wait for it.
    package var segment: Double
    /// Moving a tensor from the host's memory to the device's, and back; nil where they are one.
    package var upload: TransferRates.Link?
    package var download: TransferRates.Link?
    package var source: RateSource

    package init(
        throughput: [RateKey: [ElementType: RateCurve]], memory: RateCurve, launch: Double, segment: Double,
        upload: TransferRates.Link? = nil, download: TransferRates.Link? = nil, source: RateSource
    ) {
        self.throughput = throughput
        self.memory = memory
        self.launch = launch
        self.segment = segment
        self.upload = upload
        self.download = download
        self.source = source
    }

    /// The same rates at every size and for every type. `link` is both ways; nil where memory is one.
    package init(
        steady throughput: [RateKey: Double], memory: Double, launch: Double, segment: Double,
        link: TransferRates.Link? = nil, source: RateSource
    ) {
        self.init(
            throughput: throughput.mapValues { [.float32: RateCurve($0)] }, memory: RateCurve(memory), launch: launch,
            segment: segment, upload: link, download: link, source: source)
    }

    /// The price of work: arithmetic or memory, whichever takes longer, and the launches.
    package func price(_ work: Work, _ type: ElementType = .float32) -> Price {
        var seconds = 0.0
        var spread: Double?
        if work.flops > 0 {
            let point = curve(work.rate, type).point(at: work.flops)
            seconds = work.flops / point.rate
            spread = point.spread
        }
        if work.bytes > 0 {
            let point = memory.point(at: work.bytes)
            if work.bytes / point.rate > seconds {
                seconds = work.bytes / point.rate
                spread = point.spread
            }
        }
        return Price(seconds + Double(work.launches) * launch, spread: spread, source: source.priceSource)
    }

    package func seconds(_ work: Work, _ type: ElementType = .float32) -> Double { price(work, type).seconds }

    private func curve(_ key: RateKey, _ type: ElementType) -> RateCurve {
        let curves = throughput[key] ?? throughput[.elementwise] ?? [:]
        return curves[type] ?? curves[.float32] ?? RateCurve(1e9)
    }
}

/// What a device's rates rest on.
package enum RateSource: Hashable, Sendable, CustomStringConvertible {
    /// Typical of a class of device; `remark` says why nothing better is used, where something was found.
    case nominal(DeviceDescription.Kind, remark: String? = nil)
    /// Measured on this machine, on a day.
    case calibrated(on: String)

    package var priceSource: PriceSource {
        switch self {
        case .nominal: .nominal
        case .calibrated: .calibrated
        }
    }

    package var description: String {
        switch self {
        case .nominal(let kind, let remark?): "nominal (\(kind.rawValue); \(remark))"
        case .nominal(let kind, nil): "nominal (\(kind.rawValue))"
        case .calibrated(let day): "calibrated (\(day))"
        }
    }
}
