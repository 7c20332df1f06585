package import WeftProvider
import WeftProviderKit

/// Runs what ends in a matrix product on OpenBLAS, which it opens at run time.
///
/// OpenBLAS stays single-threaded: the engine's workers each call it on a part of the product. Built without the
/// `OpenBLAS` trait the provider is there, has no device, and says why.
package struct OpenBLASProvider: Provider {
    package init() {}

    package var name: String { Self.name }
    static let name = "openblas"

    #if OpenBLAS
        package var rows: [SupportRow] { OpenBLASTable.rows }

        package func devices() -> (found: [DeviceDescription], unavailable: String?) {
            Self.devices(of: Library.shared)
        }

        /// The device that a library gives, or why there is none.
        static func devices(
            of library: Result<Library, WeftError>
        ) -> (found: [DeviceDescription], unavailable: String?) {
            switch library {
            case .success(let library):
                let maker = library.version.isEmpty ? "OpenBLAS" : "OpenBLAS \(library.version)"
                let version = "\(library.configuration); \(library.core)"
                return ([DeviceDescription(id: name, name: maker, provider: name, version: version, kind: .host)], nil)
            case .failure(let error): return ([], error.message)
            }
        }

        package func fusions(in graph: GraphView, on device: DeviceDescription) -> [Fusion] {
            var search = EpilogueSearch(
                graph, heads: ["Conv", "MatMul", "Gemm"], activations: Activation.names,
                admits: { row(for: $0, on: device) != nil && OpenBLASTable.takesEpilogue($0) })
            return search.fusions()
        }

        package func open(_ device: DeviceDescription) throws(WeftError) -> any Device {
            _ = try Library.shared.get()
            return HostDevice(device, provider: self)
        }

        package var details: [(name: String, value: String)] {
            guard case .success(let library) = Library.shared else { return [] }
            return [("configuration", library.configuration), ("core", library.core)]
        }
    #else
        package var rows: [SupportRow] { [] }

        package func devices() -> (found: [DeviceDescription], unavailable: String?) {
            ([], "this build leaves OpenBLAS out; build with the package trait OpenBLAS")
        }

        package func open(_ device: DeviceDescription) throws(WeftError) -> any Device {
            throw WeftError(
                .providerUnavailable, "this build leaves OpenBLAS out", hint: "build with the package trait OpenBLAS")
        }
    #endif
}
