import WeftPlacement
import WeftProvider

/// The memory spaces of a list of devices, the host's first, with the prices of launches and transfers.
package struct MemorySpaces: Sendable {
    package let names: [String]
    /// The space of each device.
    package let ofDevice: [Int]
    /// By space, seconds to start a segment and to wait for it; zero for the host if no device works in it.
    package let launch: [Double]
    /// By space, whether its work runs beside the host's; false for the host and for devices on the host's cores.
    let overlaps: [Bool]
    /// The prices of transfers from space to space; those between devices go through the host.
    let links: TransferRates

    package init(_ devices: [EngineDevice]) {
        var names = [DeviceDescription.hostSpace]
        for device in devices where !names.contains(device.description.memorySpace) {
            names.append(device.description.memorySpace)
        }
        let spaceOf = devices.map { device in names.firstIndex(of: device.description.memorySpace) ?? 0 }
        self.names = names
        ofDevice = spaceOf
        launch = names.indices.map { space in spaceOf.firstIndex(of: space).map { devices[$0].rates.segment } ?? 0 }
        overlaps = names.indices.map { space in
            guard space > 0, let device = spaceOf.firstIndex(of: space) else { return false }
            return !devices[device].description.usesHostCores
        }
        var links = TransferRates(spaces: names.count)
        for (device, space) in zip(devices, spaceOf) where space != 0 {
            links[0, space] = device.rates.upload
            links[space, 0] = device.rates.download
        }
        links.route(through: 0)
        self.links = links
    }

    package var count: Int { names.count }

    package func isHost(_ device: Int) -> Bool { ofDevice[device] == 0 }
}
