import CBenchmarks
import CWeftKernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What one core of this machine does at best, measured: the measure of everything else.
package struct MachinePeak: Encodable, Sendable {
    package let instructions: String
    /// Multiply-adds in registers, two operations each.
    package let gigaflops: Double
    /// Reading one array and writing another, both far larger than the caches.
    package let gigabytes: Double

    package static func measure() -> MachinePeak {
        MachinePeak(
            instructions: String(cString: weft_isa_name(weft_isa())), gigaflops: multiplyAdds(),
            gigabytes: copies())
    }

    private static func multiplyAdds() -> Double {
        var best = 0.0
        for _ in 0..<20 {
            var sink: Float = 0
            let watch = Stopwatch()
            let flops = weft_benchmark_multiply_adds(weft_isa(), 200_000, &sink)
            best = max(best, flops / watch.seconds)
        }
        return best / 1e9
    }

    private static func copies() -> Double {
        let bytes = 64 << 20
        let source = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        let target = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        defer {
            source.deallocate()
            target.deallocate()
        }
        memset(source, 1, bytes)
        memset(target, 2, bytes)
        var best = 0.0
        for _ in 0..<8 {
            let watch = Stopwatch()
            memcpy(target, source, bytes)
            best = max(best, 2 * Double(bytes) / watch.seconds)
        }
        return best / 1e9
    }
}
