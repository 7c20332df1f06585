import Testing
import Weft
import WeftProviderKit

/// A provider whose layout breaks the contract is refused by name, before anything is placed.
@Suite struct OwnLayoutTests {
    /// Relu that takes and gives tensors in a layout of its own, with conversions or without.
    private struct BlockProvider: Provider {
        let name = "blocks"
        let rows: [SupportRow]

        init(_ layout: Layout, conversions: [String]) {
            func row(_ opType: String, domain: String = "", _ layouts: ([Layout], [Layout])) -> SupportRow {
                SupportRow(
                    opType, domain: domain, types: TypeConstraint([.float32]),
                    variants: { node, _ in
                        [
                            Variant(
                                "blocked", work: .elements(of: node), inputLayouts: layouts.0,
                                outputLayouts: layouts.1)
                        ]
                    },
                    kernel: HostKernel { _ throws(WeftError) in { _ throws(WeftError) in } })
            }
            rows =
                [row("Relu", ([layout], [layout]))]
                + conversions.map { row($0, domain: LayoutConversion.domain, ([], [])) }
        }

        func devices() -> (found: [DeviceDescription], unavailable: String?) {
            ([DeviceDescription(id: name, name: "host processor", provider: name, kind: .host)], nil)
        }

        func open(_ device: DeviceDescription) throws(WeftError) -> any Device { HostDevice(device, provider: self) }
    }

    private func problem(_ layout: Layout, conversions: [String]) throws -> WeftError {
        try #require(throws: WeftError.self) {
            _ = try Session(
                loading: ModelWriter.pair(), providers: [.provider(BlockProvider(layout, conversions: conversions))])
        }
    }

    private static let sized = Layout("blocks.x") { _, shape in shape.elementCount * 4 + 64 }

    @Test func aLayoutWithoutAByteCountIsRefused() throws {
        let error = try problem(
            Layout("blocks.x") { _, _ in nil }, conversions: ["ToBLOCKS.X", "FromBLOCKS.X"])
        #expect(error.code == .invalidProvider)
        #expect(error.message.contains("provider 'blocks'") && error.message.contains("layout 'blocks.x'"))
        #expect(error.message.hasSuffix("whose byte count for that is not known"))
    }

    @Test func aLayoutWithoutAConversionIsRefused() throws {
        let into = try problem(Self.sized, conversions: ["FromBLOCKS.X"])
        #expect(into.code == .invalidProvider)
        #expect(into.message.hasSuffix("which no device of memory space 'host' converts from plain"))
        let back = try problem(Self.sized, conversions: ["ToBLOCKS.X"])
        #expect(back.message.hasSuffix("which no device of memory space 'host' converts to plain"))
    }
}
