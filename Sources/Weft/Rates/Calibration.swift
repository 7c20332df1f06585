import WeftPlanning
public import WeftProvider
import WeftRuntime

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Measures this machine's devices and keeps their rates for every session that comes after.
///
/// Nothing else in Weft measures anything: sessions price plans with what is kept, else with rates typical of the
/// class of device.
public enum Calibration {
    /// Seconds that a device is measured unless somebody wants another number.
    public static let defaultSeconds = 8.0

    /// Measures every device of the list (all that are here where it is empty).
    ///
    /// Each takes about `seconds`: a third at most for what its provider tunes by itself, the rest for probes, the most
    /// telling first; a probe that is long may end later. `threads` as sessions take it; `cacheDirectory` stands for the
    /// user's own. `progress` is told the device and how much of it is done. Throws what devices report, and
    /// `.unreadableFile` where nothing can be kept.
    public static func run(
        _ providers: [ProviderChoice] = [], threads: Int? = nil, seconds: Double = defaultSeconds,
        cacheDirectory: String? = nil, progress: (_ device: String, _ share: Double) -> Void = { _, _ in }
    ) throws(WeftError) -> [Device] {
        if let threads, threads < 1 || threads > 1024 {
            throw WeftError(.invalidOption, "threads should be 1 to 1024, is \(threads)")
        }
        guard seconds >= 0 else { throw WeftError(.invalidOption, "seconds should not be negative, is \(seconds)") }
        let threads = threads ?? Machine.cores
        let cache = RateCache(directory: cacheDirectory)
        let selection = try DeviceSelection(providers, threads: threads, cache: cache)
        var results: [Device] = []
        // A list of names means these alone; `cpu`, which every session adds, is measured where it is asked for.
        let count = providers.isEmpty ? selection.devices.count : selection.namedCount
        for device in selection.devices.prefix(count) {
            let start = ContinuousClock.now
            let record = try measure(
                device, memory: selection.reference, threads: threads, seconds: seconds, progress: progress)
            let file = try cache.keep(record, of: device.description)
            progress(record.device, 1)
            results.append(Device(record, file: file, seconds: (ContinuousClock.now - start).seconds))
        }
        return results
    }

    /// `memory` measures the host's memory for devices that have no kernel to show it.
    private static func measure(
        _ device: EngineDevice, memory: EngineDevice?, threads: Int, seconds: Double,
        progress: (_ device: String, _ share: Double) -> Void
    ) throws(WeftError) -> RateCache.Record {
        let start = ContinuousClock.now
        let id = device.description.id
        progress(id, 0)
        let tuned = try device.provider.tune(device.device, seconds: seconds / 3)
        var description = device.device.description
        description.features.formUnion(tuned.map(\.feature))
        let calibrator = Calibrator(
            device.provider, device: device.device, description: description, memory: memory)
        let spent = (ContinuousClock.now - start).seconds
        let measured = try calibrator.measure(
            threads: threads, seconds: max(0, seconds - spent), pool: { Machine.pool(threads: $0) },
            progress: { progress(id, $0) })
        return RateCache.Record(
            weft: WeftVersion.number, machine: Machine.name, device: id, name: description.name,
            provider: device.provider.name, kind: description.kind.rawValue, version: description.version, day: today,
            measured: measured, tuned: tuned)
    }

    private static var today: String { String(Date().formatted(.iso8601).prefix(10)) }
}
