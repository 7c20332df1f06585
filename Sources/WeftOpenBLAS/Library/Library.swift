#if OpenBLAS
    import COpenBLAS
    import Glibc
    import WeftProvider

    /// OpenBLAS, opened at run time so that a machine without it still runs; single-threaded from then on.
    ///
    /// Never closed. Sizes are 32-bit: builds with 64-bit sizes are refused, as are those that several threads may
    /// not call at once.
    struct Library: @unchecked Sendable {
        let sgemm: openblas_sgemm
        let dgemm: openblas_dgemm
        let sgemv: openblas_sgemv
        let dgemv: openblas_dgemv
        /// As the library states it: version, options, core.
        let configuration: String
        /// The processor core that its kernels were chosen for.
        let core: String

        /// The file names that are tried, in order.
        static let names = ["libopenblas.so.0", "libopenblas.so"]

        /// The machine's own, opened when first asked for.
        static let shared = opened(names)

        static func opened(_ names: [String]) -> Result<Library, WeftError> {
            Result { () throws(WeftError) in try Library(names) }
        }

        /// Opens the first of `names` that the loader finds. Throws `.providerUnavailable`, saying why.
        init(_ names: [String]) throws(WeftError) {
            var reasons: [String] = []
            for name in names {
                guard let handle = Library.open(name) else {
                    reasons.append(dlerror().map { String(cString: $0) } ?? "\(name): no reason given")
                    continue
                }
                do {
                    self = try Library(handle, name)
                    return
                } catch {
                    reasons.append(error.message)
                }
            }
            throw WeftError(
                .providerUnavailable,
                "\(names.first ?? "OpenBLAS") could not be opened; install libopenblas0 (\(reasons.joined(separator: "; ")))"
            )
        }

        private init(_ handle: UnsafeMutableRawPointer, _ name: String) throws(WeftError) {
            func symbol<F>(_ symbol: String, _: F.Type) throws(WeftError) -> F {
                guard let pointer = dlsym(handle, symbol) else {
                    throw WeftError(.providerUnavailable, "\(name) has no \(symbol)")
                }
                return unsafeBitCast(pointer, to: F.self)
            }
            sgemm = try symbol("cblas_sgemm", openblas_sgemm.self)
            dgemm = try symbol("cblas_dgemm", openblas_dgemm.self)
            sgemv = try symbol("cblas_sgemv", openblas_sgemv.self)
            dgemv = try symbol("cblas_dgemv", openblas_dgemv.self)
            configuration =
                try symbol("openblas_get_config", openblas_get_text.self)().map { String(cString: $0) } ?? ""
            core = try symbol("openblas_get_corename", openblas_get_text.self)().map { String(cString: $0) } ?? ""
            let options = Set(configuration.split(separator: " "))
            if options.contains("USE64BITINT") {
                throw WeftError(.providerUnavailable, "\(name) takes 64-bit sizes; a build with 32-bit ones is needed")
            }
            let parallel = try symbol("openblas_get_parallel", openblas_get_parallel_kind.self)()
            if parallel == OPENBLAS_SEQUENTIAL.rawValue, !options.contains("USE_LOCKING") {
                throw WeftError(
                    .providerUnavailable, "\(name) was built without locks, so one thread alone may call it")
            }
            try symbol("openblas_set_num_threads", openblas_set_threads.self)(1)
        }

        /// Loads a library with its own threads switched off, which it decides while it is loaded.
        ///
        /// The environment is as before afterwards. Nil where the loader has no such library; `dlerror` says why.
        private static func open(_ name: String) -> UnsafeMutableRawPointer? {
            if let present = dlopen(name, RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD) { return present }
            let variable = "OPENBLAS_NUM_THREADS"
            let before = getenv(variable).map { String(cString: $0) }
            setenv(variable, "1", 1)
            let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL)
            if let before { setenv(variable, before, 1) } else { unsetenv(variable) }
            return handle
        }

        /// The version, such as `0.3.21`; empty where the library does not state one.
        var version: String {
            configuration.split(separator: " ").first { $0.first?.isNumber ?? false }.map(String.init) ?? ""
        }
    }
#endif
