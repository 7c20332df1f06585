import WeftInterpreter
import WeftProvider
import WeftRuntime

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What this process may use of the machine.
enum Machine {
    /// Cores for kernels: those that affinity and control group leave, two threads of one core counting once.
    static let cores: Int = {
        var count = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        #if os(Linux)
            if let allowed = allowedByAffinity() { count = min(count, allowed) }
            count = min(count, physicalCores() ?? count)
            if let quota = controlGroupQuota() { count = min(count, max(1, quota)) }
        #endif
        return count
    }()

    /// What tells this machine's measurements from another's: processor and cores.
    static let name: String = {
        var model = "unknown processor"
        #if os(Linux)
            let fields = contents("/proc/cpuinfo", limit: 1 << 16)?.split(separator: "\n") ?? []
            for key in ["model name", "Model", "cpu model"] {
                guard let line = fields.first(where: { $0.hasPrefix(key) }), let colon = line.firstIndex(of: ":") else {
                    continue
                }
                model = String(line[line.index(after: colon)...].drop { $0 == " " })
                break
            }
        #endif
        return "\(model), \(cores) cores"
    }()

    #if os(Linux)
        private static func contents(_ path: String, limit: Int = 4096) -> String? {
            guard let file = fopen(path, "r") else { return nil }
            defer { fclose(file) }
            var bytes = [UInt8](repeating: 0, count: limit)
            let count = fread(&bytes, 1, bytes.count, file)
            return String(decoding: bytes[..<count], as: UTF8.self)
        }

        private static func allowedByAffinity() -> Int? {
            guard let status = contents("/proc/self/status") else { return nil }
            guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("Cpus_allowed:") }) else {
                return nil
            }
            let bits = line.dropFirst("Cpus_allowed:".count).reduce(0) { $0 + ($1.hexDigitValue ?? 0).nonzeroBitCount }
            return bits > 0 ? bits : nil
        }

        private static func physicalCores() -> Int? {
            var cores: Set<String> = []
            for cpu in 0..<sysconf(Int32(_SC_NPROCESSORS_CONF)) {
                guard let siblings = contents("/sys/devices/system/cpu/cpu\(cpu)/topology/thread_siblings_list") else {
                    return cores.isEmpty ? nil : cores.count
                }
                cores.insert(siblings)
            }
            return cores.isEmpty ? nil : cores.count
        }

        private static func controlGroupQuota() -> Int? {
            guard let text = contents("/sys/fs/cgroup/cpu.max") else { return nil }
            let parts = text.split(whereSeparator: \.isWhitespace)
            guard parts.count == 2, let quota = Double(parts[0]), let period = Double(parts[1]), period > 0 else {
                return nil
            }
            return Int((quota / period).rounded(.up))
        }
    #endif

    private static let lock = Lock()
    nonisolated(unsafe) private static var pools: [Int: WorkerPool] = [:]

    /// The process's pool of so many threads, made when first asked for.
    static func pool(threads: Int) -> WorkerPool {
        lock.withLock {
            if let pool = pools[threads] { return pool }
            let pool = WorkerPool(threads: threads)
            pools[threads] = pool
            return pool
        }
    }
}
