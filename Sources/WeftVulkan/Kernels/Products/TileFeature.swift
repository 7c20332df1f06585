#if Vulkan
    import WeftProvider

    /// Which tile is fastest on a device, by kind of product: a feature of its description, found by `TileTuning`.
    enum TileFeature {
        private static let prefix = "tile."

        static func name(_ kind: String, _ shape: String) -> String { "\(prefix)\(kind)=\(shape)" }

        /// The tile shape that a kind of product was found to run best with.
        static func preferred(_ kind: String, _ device: DeviceDescription) -> String? {
            let start = name(kind, "")
            return device.features.first { $0.hasPrefix(start) }.map { String($0.dropFirst(start.count)) }
        }
    }
#endif
