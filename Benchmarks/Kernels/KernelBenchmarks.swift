import ArgumentParser
import BenchmarkSupport
import WeftCPU
import WeftOpenBLAS
import WeftProvider

/// Times kernels one by one, every variant that a provider offers, on one thread.
@main
struct KernelBenchmarks: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "KernelBenchmarks",
        abstract: "Times every variant of products, convolutions, elementwise and row operators on one thread.",
        discussion: """
            Each variant's output is held against the plain kernel's on the generic instruction set. `of peak` is the \
            share of this core's measured multiply-adds; `x plain` says how much faster it is than the plain kernel. \
            Ends with exit 1 where an output is wrong.
            """)

    @Option(name: .long, help: "Only the cases whose family or name has this in it.")
    var filter = ""

    @Option(name: .long, help: "Times each variant gets its turn.")
    var rounds = 7

    @Flag(name: .long, help: "One case in three, three turns.")
    var quick = false

    @Flag(name: .long, help: "Print one JSON document.")
    var json = false

    private struct Document: Encodable {
        let peak: MachinePeak
        let kernels: [KernelTimes]
    }

    func validate() throws {
        guard rounds > 0 else { throw ValidationError("--rounds takes a positive number") }
    }

    func run() throws {
        let turns = quick ? Turns(burst: 0.01, rounds: min(rounds, 3)) : Turns(burst: 0.04, rounds: rounds)
        var cases = KernelCase.all.filter {
            filter.isEmpty || $0.family.contains(filter) || $0.name.contains(filter)
        }
        if quick { cases = cases.enumerated().filter { $0.offset % 3 == 0 }.map(\.element) }
        guard !cases.isEmpty else { throw ValidationError("no case has '\(filter)' in its family or name") }
        let providers: [any Provider] = [CPUProvider(), OpenBLASProvider()]
        let peak = MachinePeak.measure()
        var kernels: [KernelTimes] = []
        for one in cases { kernels += try KernelTimes.measure(one, providers, peak, turns) }
        if json {
            print(try Report.json(Document(peak: peak, kernels: kernels)))
        } else {
            print("one core, \(peak.instructions): \(peak.gigaflops.short) GFLOP/s in registers, ", terminator: "")
            print("\(peak.gigabytes.short) GB/s copying\n")
            print(Report.table(KernelTimes.header, kernels.map(\.cells)))
        }
        if kernels.contains(where: { !$0.isRight }) { throw ExitCode.failure }
    }
}
