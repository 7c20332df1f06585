import WeftCPU
import WeftExecution
package import WeftPlanning
import WeftProvider
import WeftRuntime

/// Turns a preference list into devices, in its order, the host's reference provider last.
struct DeviceSelection {
    private(set) var devices: [EngineDevice]
    /// How many of the devices, from the front, the list named.
    let namedCount: Int
    let providers: [any Provider]

    /// An empty list stands for everything that this machine has.
    ///
    /// Throws `.unknownProvider` for a name that nobody has, `.providerUnavailable` where it has no device here, and
    /// `.invalidOption` where two providers have one name, or a device is named twice.
    init(
        _ list: [ProviderChoice], threads: Int, cache: RateCache, memoryLimit: Int? = nil,
        log: EngineLog = EngineLog(nil)
    ) throws(WeftError) {
        var devices: [EngineDevice] = []
        var providers: [any Provider] = []
        let chosen = try Self.resolve(list)
        let shared = Set(DefaultProviders.all.map(\.name)).subtracting(list.compactMap(\.own?.name))
        func add(_ provider: any Provider, _ description: DeviceDescription) throws(WeftError) {
            let known = cache.knowledge(description, threads: threads)
            var described = description
            described.features.formUnion(known.features)
            let device = EngineDevice(
                provider: provider, description: described,
                device: try OpenDevices.open(provider, description, isShared: shared.contains(provider.name)),
                rates: known.rates, memoryLimit: memoryLimit)
            devices.append(device)
            log.opened(description, memoryLimit: device.memoryLimit)
            providers.append(provider)
        }
        if list.isEmpty {
            for provider in DefaultProviders.all {
                let (found, reason) = provider.devices()
                if let first = found.first { try add(provider, first) } else { log.unavailable(provider.name, reason) }
            }
        }
        for (provider, device) in chosen { try add(provider, device) }
        namedCount = devices.count
        if !devices.contains(where: { $0.description.id == CPUProvider.device.id }) {
            try add(DefaultProviders.reference, CPUProvider.device)
        }
        self.devices = devices
        self.providers = providers
    }

    /// The host's reference provider, wherever in the list it is.
    var reference: EngineDevice? { devices.first { $0.description.id == CPUProvider.device.id } }

    /// Lets measured prices count.
    mutating func tune(_ prices: TunedPrices) { devices = devices.map { $0.tuned(by: prices) } }

    /// Where a device or provider is in `devices`, one's own instances included; nil where the list lacks it.
    ///
    /// Throws as `resolve` does for a name that stands for nothing here.
    func index(of name: String) throws(WeftError) -> Int? {
        if let index = devices.firstIndex(where: { $0.description.id == name || $0.provider.name == name }) {
            return index
        }
        _ = try Self.resolve(.named(name) as ProviderChoice)
        return nil
    }

    /// The providers and devices that a list names.
    ///
    /// Throws as `init` does. `cpu`, which every session adds, counts as named.
    static func resolve(_ list: [ProviderChoice]) throws(WeftError) -> [(any Provider, DeviceDescription)] {
        let own = list.compactMap(\.own).map(\.name)
        if own.contains(DefaultProviders.reference.name) { throw .sameName(DefaultProviders.reference.name) }
        var chosen: [(any Provider, DeviceDescription)] = []
        for choice in list {
            let (provider, devices) = try resolve(choice)
            if let other = chosen.first(where: { $0.0.name == provider.name }), own.contains(other.0.name) {
                throw .sameName(provider.name)
            }
            for device in devices {
                if let other = chosen.first(where: { $0.1.id == device.id }) {
                    throw WeftError(
                        .invalidOption,
                        other.0.name == provider.name
                            ? "the list names device '\(device.id)' twice"
                            : "providers '\(other.0.name)' and '\(provider.name)' both call a device '\(device.id)'",
                        hint: "name each device once")
                }
                chosen.append((provider, device))
            }
        }
        return chosen
    }

    /// The provider and devices that a choice names; a provider's own name means its first device.
    private static func resolve(_ choice: ProviderChoice) throws(WeftError) -> (any Provider, [DeviceDescription]) {
        switch choice.kind {
        case .instance(let provider, let names):
            let (found, reason) = provider.devices()
            guard let first = found.first else { throw unavailable(provider.name, reason) }
            var devices: [DeviceDescription] = []
            for name in names { devices.append(try device(name, of: found)) }
            return (provider, devices.isEmpty ? [first] : devices)
        case .named(let name):
            let base = name.split(separator: ":").first.map(String.init) ?? name
            guard let provider = DefaultProviders.all.first(where: { $0.name == base }) else {
                let known = DefaultProviders.all.map(\.name).joined(separator: ", ")
                throw WeftError(
                    .unknownProvider, "there is no provider '\(name)'", hint: "the providers are \(known)")
            }
            let (found, reason) = provider.devices()
            guard let first = found.first else { throw unavailable(base, reason) }
            return (provider, [name == base ? first : try device(name, of: found)])
        }
    }

    private static func device(
        _ name: String, of found: [DeviceDescription]
    ) throws(WeftError) -> DeviceDescription {
        guard let device = found.first(where: { $0.id == name }) else {
            throw WeftError(
                .providerUnavailable, "there is no device '\(name)'",
                hint: "the devices are \(found.map(\.id).joined(separator: ", "))")
        }
        return device
    }

    private static func unavailable(_ name: String, _ reason: String?) -> WeftError {
        WeftError(
            .providerUnavailable, "provider '\(name)' has no device here: \(reason ?? "none was found")",
            hint: "`weft providers` says what this machine has")
    }
}

extension EngineDevice {
    /// The devices of a list as a session has them, the host's reference provider last, with the rates that it uses.
    ///
    /// Rates are read from `cache`: nil for the user's cache directory, empty for none. Throws `.unknownProvider` for a
    /// name that nobody has, `.providerUnavailable` where it has no device here.
    package static func selected(
        _ list: [ProviderChoice], threads: Int, cache: String? = nil
    ) throws(WeftError) -> [EngineDevice] {
        try DeviceSelection(list, threads: threads, cache: RateCache(directory: cache)).devices
    }
}

/// Devices of this process, opened once and shared by all sessions.
private enum OpenDevices {
    private static let lock = Lock()
    nonisolated(unsafe) private static var open: [DeviceDescription: any Device] = [:]

    /// A provider that was given as an instance may be any number of them: each session opens its own.
    static func open(
        _ provider: any Provider, _ description: DeviceDescription, isShared: Bool
    ) throws(WeftError) -> any Device {
        guard isShared else { return try provider.open(description) }
        return try lock.withLock { () throws(WeftError) in
            if let device = open[description] { return device }
            let device = try provider.open(description)
            open[description] = device
            return device
        }
    }
}
