import BenchmarkSupport
import CWeftKernels
import WeftProvider

/// What one variant of a provider takes for a case.
struct KernelTimes: Encodable {
    let family: String
    let name: String
    let provider: String
    let variant: String
    let medianMicroseconds: Double
    /// The least of all runs, on which the rates rest.
    let bestMicroseconds: Double
    let gigaflops: Double
    /// Operands read and results written once, by the second.
    let gigabytes: Double
    let shareOfPeak: Double
    /// The plain kernel's time over this one's.
    let timesPlain: Double
    /// The greatest difference from the plain kernel's output, over that output's greatest element.
    let difference: Double
    let isRight: Bool

    static let header = [
        "case", "provider", "variant", "us", "GFLOP/s", "of peak", "GB/s", "x plain", "difference", "",
    ]

    var cells: [String] {
        [
            name, provider, variant, bestMicroseconds.short, gigaflops > 0 ? gigaflops.short : "",
            gigaflops > 0 ? shareOfPeak.short : "", gigabytes.short, timesPlain.short, "\(Float(difference))",
            isRight ? "" : "WRONG",
        ]
    }

    /// Single precision in another order of summation, and Winograd's transforms, stay well below this.
    private static let tolerance = 1e-4

    /// Times every variant that the providers offer for a case, in turns.
    static func measure(
        _ one: KernelCase, _ providers: [any Provider], _ peak: MachinePeak, _ turns: Turns
    ) throws -> [KernelTimes] {
        let inputs = one.inputs.enumerated().map { index, input in input.tensor(seed: index) }
        let view = try one.view(inputs)
        let (expected, plainSeconds) = try plain(one, inputs, providers)
        let greatest = expected.reduce(Float(0)) { max($0, abs($1)) }

        var kernels: [BoundKernel] = []
        for provider in providers {
            for device in provider.devices().found {
                guard case .variants(let variants) = provider.support(view, on: device) else { continue }
                for variant in variants where variant.work.rate != .reference && variant.view == nil {
                    kernels.append(try BoundKernel(view, variant, provider, device, inputs))
                }
            }
        }
        let series = try turns.time(kernels.map { kernel in { try kernel.run() } })
        return zip(kernels, series).map { kernel, series in
            let output = kernel.output()
            let worst = zip(output, expected).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
            let difference = Double(greatest > 0 ? worst / greatest : worst)
            let seconds = series.least
            return KernelTimes(
                family: one.family, name: one.name, provider: kernel.provider, variant: kernel.variant,
                medianMicroseconds: series.median * 1e6, bestMicroseconds: seconds * 1e6,
                gigaflops: one.flops / seconds / 1e9, gigabytes: kernel.bytes / seconds / 1e9,
                shareOfPeak: one.flops / seconds / 1e9 / peak.gigaflops, timesPlain: plainSeconds / seconds,
                difference: difference, isRight: difference <= tolerance && output.allSatisfy(\.isFinite))
        }
    }

    /// The output and the time of the plain kernel, with the generic loops where it calls any.
    private static func plain(
        _ one: KernelCase, _ inputs: [Tensor], _ providers: [any Provider]
    ) throws -> (output: [Float], seconds: Double) {
        guard weft_isa_override(WEFT_ISA_GENERIC) != 0 else { throw BenchmarkError("no generic instruction set") }
        defer { weft_isa_restore() }
        let view = try one.plainView(inputs)
        guard let provider = providers.first(where: { $0.name == "cpu" }), let device = provider.devices().found.first,
            case .variants(let variants) = provider.support(view, on: device),
            let variant = variants.first(where: { $0.name == "plain" }) ?? variants.last
        else { throw BenchmarkError("\(one.name): cpu does not run it") }
        let kernel = try BoundKernel(view, variant, provider, device, inputs)
        var best = Double.infinity
        let whole = Stopwatch()
        repeat {
            let watch = Stopwatch()
            try kernel.run()
            best = min(best, watch.seconds)
        } while whole.seconds < 0.05
        return (one.finish(kernel.output()), best)
    }
}

/// A benchmark that cannot be done.
struct BenchmarkError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
