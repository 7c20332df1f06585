public import WeftProvider

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The folder that keeps measured rates and compiled pipelines of a user between processes.
public enum CacheDirectory {
    /// The environment variable that names the folder.
    public static let variable = EnvironmentVariable(
        "WEFT_CACHE_DIR", values: "a folder, or nothing to keep nothing",
        standard: "weft in XDG_CACHE_HOME or ~/.cache",
        summary: "Where rates that were measured, compiled pipelines and the fastest tiles are kept.")

    /// The folder's path: `chosen`, else `WEFT_CACHE_DIR`, else `weft` in `XDG_CACHE_HOME` or in `~/.cache`.
    ///
    /// The last two count only if they are absolute paths. Nil if the first that applies is empty, or if none applies;
    /// nothing is then read or kept.
    public static func path(_ chosen: String? = nil) -> String? {
        if let path = chosen ?? variable.value { return path.isEmpty ? nil : path }
        if let cache = system("XDG_CACHE_HOME"), cache.hasPrefix("/") { return cache + "/weft" }
        if let home = system("HOME"), home.hasPrefix("/") { return home + "/.cache/weft" }
        return nil
    }

    private static func system(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
