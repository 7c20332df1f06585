#if Vulkan
    import CVulkan
    import WeftProvider

    /// Where a device's compiled pipelines are kept from process to process, one file a device and driver.
    ///
    /// The file begins with a mark, the length and a checksum of what follows: the driver's own data, whose header
    /// must name this vendor, device and pipeline cache version. Drivers trust their data, so nothing else reaches them.
    struct PipelineFile: Sendable {
        let folder: CacheFolder
        let name: String

        /// What a file had to give.
        enum Contents {
            case data([UInt8])
            /// There is a file, but not one to use.
            case refused(String)
            case none

            var bytes: [UInt8] { if case .data(let bytes) = self { bytes } else { [] } }
        }

        private static let mark: [UInt8] = Array("weftpipe".utf8)
        private static let prefix = 24
        /// Of the driver's data: its length, a version, vendor, device, 16 bytes of pipeline cache version.
        private static let header = 32

        /// Nil where the user's environment keeps nothing.
        init?(_ physical: PhysicalDevice) {
            guard let folder = CacheFolder.user else { return nil }
            self.init(folder, physical)
        }

        init(_ folder: CacheFolder, _ physical: PhysicalDevice) {
            self.folder = folder
            name = "vulkan-\(Self.identity(physical)).pipelines"
        }

        /// Vendor, device, driver and pipeline cache version in hexadecimal: what tells one device from another.
        static func identity(_ physical: PhysicalDevice) -> String {
            let numbers = [physical.vendorID, physical.deviceID, physical.driverVersion].map { String($0, radix: 16) }
            let version = physical.pipelineCacheUUID.map { byte in
                (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
            return (numbers + [version.joined()]).joined(separator: "-")
        }

        func load(for physical: PhysicalDevice) -> Contents {
            guard let bytes = folder.read(name) else { return .none }
            func refused(_ reason: String) -> Contents { .refused("\(folder.path)/\(name) is not used: \(reason)") }
            guard bytes.count >= Self.prefix + Self.header, bytes.starts(with: Self.mark) else {
                return refused("it is no file of pipelines")
            }
            let data = bytes[Self.prefix...]
            guard Self.word(bytes, 8) == UInt64(data.count), Self.word(bytes, 16) == StableHash(data).value else {
                return refused("it is damaged")
            }
            func number(_ index: Int) -> UInt32 {
                (0..<4).reduce(0) { $0 | UInt32(data[data.startIndex + 4 * index + $1]) << (8 * UInt32($1)) }
            }
            let ours =
                number(0) == UInt32(Self.header) && number(1) == UInt32(VK_PIPELINE_CACHE_HEADER_VERSION_ONE.rawValue)
                && number(2) == physical.vendorID && number(3) == physical.deviceID
                && Array(data.dropFirst(16).prefix(16)) == physical.pipelineCacheUUID
            return ours ? .data(Array(data)) : refused("another device or driver wrote it")
        }

        func store(_ data: some Collection<UInt8>) {
            var bytes = Self.mark
            for word in [UInt64(data.count), StableHash(data).value] {
                bytes += (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) }
            }
            folder.write(name, bytes + data)
        }

        private static func word(_ bytes: [UInt8], _ at: Int) -> UInt64 {
            (0..<8).reduce(0) { $0 | UInt64(bytes[at + $1]) << (8 * UInt64($1)) }
        }
    }
#endif
