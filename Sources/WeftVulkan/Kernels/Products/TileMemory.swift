#if Vulkan
    import WeftProvider

    /// Which tile was fastest on a device, by kind of product: measured by `TileTuning`, kept in the user's cache.
    ///
    /// What is remembered is among the features of a device's description, so that support stays a function of it.
    enum TileMemory {
        private static let prefix = "tile."

        private static func file(_ physical: PhysicalDevice) -> String {
            "vulkan-\(PipelineFile.identity(physical)).tiles"
        }

        /// The features that a device's file names: `tile.KIND=NAME`; empty where there is no file.
        static func features(of physical: PhysicalDevice, in folder: CacheFolder? = .user) -> Set<String> {
            guard let bytes = folder?.read(file(physical), limit: 1 << 16) else { return [] }
            var features: Set<String> = []
            for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
                let words = line.split(separator: " ")
                if words.count == 2 { features.insert("\(prefix)\(words[0])=\(words[1])") }
            }
            return features
        }

        /// The tile shape that a kind of product is remembered to run best with.
        static func preferred(_ kind: String, _ device: DeviceDescription) -> String? {
            let start = "\(prefix)\(kind)="
            return device.features.first { $0.hasPrefix(start) }.map { String($0.dropFirst(start.count)) }
        }

        /// Replaces what is remembered; false where the folder cannot be written.
        static func store(_ best: [String: String], _ physical: PhysicalDevice, in folder: CacheFolder) -> Bool {
            let lines = best.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }
            return folder.write(file(physical), Array(lines.joined().utf8))
        }
    }
#endif
