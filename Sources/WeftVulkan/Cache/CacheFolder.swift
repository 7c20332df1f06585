#if Vulkan
    import Glibc
    import WeftProvider
    import WeftProviderKit

    /// Small files that later processes of this user read: what drivers compiled, what was measured.
    ///
    /// They lie in the user's `CacheDirectory`.
    struct CacheFolder: Sendable {
        let path: String

        /// Nil where nothing is to be kept.
        static var user: CacheFolder? { CacheDirectory.path().map { CacheFolder(path: $0) } }

        /// The contents of a file; nil where there is none, it cannot be read, or it is larger than `limit`.
        func read(_ name: String, limit: Int = 256 << 20) -> [UInt8]? {
            let descriptor = Glibc.open(path + "/" + name, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return nil }
            defer { close(descriptor) }
            var status = stat()
            guard fstat(descriptor, &status) == 0, status.st_size >= 0, status.st_size <= limit else { return nil }
            var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
            var filled = 0
            while filled < bytes.count {
                let start = filled
                let count = bytes.withUnsafeMutableBytes { buffer in
                    buffer.baseAddress.map { Glibc.read(descriptor, $0 + start, buffer.count - start) } ?? 0
                }
                if count <= 0 { return nil }
                filled += count
            }
            return bytes
        }

        /// Replaces a file at once, so that readers see the old contents or the new; false where that cannot be done.
        @discardableResult func write(_ name: String, _ bytes: some Collection<UInt8>) -> Bool {
            makeFolders()
            let target = path + "/" + name
            let draft = "\(target).\(getpid()).\(UInt32.random(in: 0 ... .max))"
            let descriptor = Glibc.open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { return false }
            let contents = Array(bytes)
            var written = 0
            var whole = true
            while written < contents.count, whole {
                let start = written
                let count = contents.withUnsafeBytes { buffer in
                    buffer.baseAddress.map { Glibc.write(descriptor, $0 + start, buffer.count - start) } ?? 0
                }
                if count > 0 { written += count } else { whole = false }
            }
            whole = close(descriptor) == 0 && whole
            if whole, rename(draft, target) == 0 { return true }
            unlink(draft)
            return false
        }

        private func makeFolders() {
            var made = ""
            for part in path.split(separator: "/") {
                made += "/" + part
                mkdir(made, 0o700)
            }
        }
    }
#endif
