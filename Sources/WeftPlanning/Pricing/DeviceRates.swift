package import WeftPlacement
package import WeftProvider

/// How fast a device works. Rates turn a variant's work into seconds.
package struct DeviceRates: Sendable {
    /// Operations a second, depending on their number, by kind of work and element type.
    ///
    /// Types that are not listed use the curve of float32.
    package var throughput: [RateKey: [ElementType: RateCurve]]
    /// Bytes a second that kernels read and write, depending on the number of bytes.
    package var memory: RateCurve
    /// Seconds to start one kernel.
    package var launch: Double
    /// Seconds to start a segment and wait for it.
    package var segment: Double
    /// Links for transfers from the host to the device, and back; nil for devices in the host's memory.
    package var upload: TransferRates.Link?
    package var download: TransferRates.Link?
    package var source: RateSource
    /// Figures that were not measured, among others that were: they are typical of the class of device.
    package var assumed: Set<Figure> = []
    /// The price of starting a segment, if it was measured in runs of the model itself.
    package var tunedSegment: Price?
    /// The number of threads of the measurement, if the rates were scaled to another number.
    package var scaledFrom: Int?

    /// The figures of a device's rates other than throughput.
    package enum Figure: String, Hashable, Sendable, CaseIterable { case memory, launch, segment, upload, download }

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

    /// The same rates at every size and for every type. `link` is for both directions; nil for devices of the host.
    package init(
        steady throughput: [RateKey: Double], memory: Double, launch: Double, segment: Double,
        link: TransferRates.Link? = nil, source: RateSource
    ) {
        self.init(
            throughput: throughput.mapValues { [.float32: RateCurve($0)] }, memory: RateCurve(memory), launch: launch,
            segment: segment, upload: link, download: link, source: source)
    }

    /// The price of work: the time of its arithmetic or of its memory, whichever is longer, and of its launches.
    ///
    /// Its source, spread and samples are those of the figure that contributes most.
    package func price(_ work: Work, _ type: ElementType = .float32) -> Price {
        var price = Price(0, source: source.priceSource)
        func take(_ seconds: Double, _ point: RateCurve.Point, _ source: PriceSource) {
            guard seconds > price.seconds else { return }
            price = Price(seconds, spread: point.spread, samples: point.samples, source: source)
        }
        if work.flops > 0 {
            let point = curve(work.rate, type).point(at: work.flops)
            take(work.flops / point.rate, point, source.priceSource)
        }
        if work.bytes > 0 {
            let point = memory.point(at: work.bytes)
            take(work.bytes / point.rate, point, self.source(of: .memory))
        }
        let launches = Double(work.launches) * launch
        if launches > price.seconds, assumed.contains(.launch) {
            price = Price(price.seconds, source: .nominal)
        }
        price.seconds += launches
        return price
    }

    /// Where a figure comes from.
    package func source(of figure: Figure) -> PriceSource {
        assumed.contains(figure) ? .nominal : source.priceSource
    }

    /// The source of the rates in words, with the figures that have another source.
    package var origin: String {
        var remarks: [String] = []
        if !assumed.isEmpty {
            remarks.append("but \(assumed.map(\.rawValue).sorted().joined(separator: ", ")) nominal")
        }
        if let scaledFrom { remarks.append("scaled from \(scaledFrom) thread\(scaledFrom == 1 ? "" : "s")") }
        return remarks.isEmpty ? "\(source)" : "\(source), \(remarks.joined(separator: ", "))"
    }

    package func seconds(_ work: Work, _ type: ElementType = .float32) -> Double { price(work, type).seconds }

    private func curve(_ key: RateKey, _ type: ElementType) -> RateCurve {
        let curves = throughput[key] ?? throughput[.elementwise] ?? [:]
        return curves[type] ?? curves[.float32] ?? RateCurve(1e9)
    }
}

/// Where a device's rates come from.
package enum RateSource: Hashable, Sendable, CustomStringConvertible {
    /// Typical of a class of device; `remark` says why measured rates that were found are not used.
    case nominal(DeviceDescription.Kind, remark: String? = nil)
    /// Measured on this machine, on the given day.
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
