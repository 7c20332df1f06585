import Testing
import WeftProvider

@testable import WeftOpenBLAS

@Suite struct LibraryTests {
    @Test func aMissingLibrarySaysWhy() {
        let (found, unavailable) = OpenBLASProvider.devices(of: Library.opened(["libopenblas-that-is-not.so.0"]))
        #expect(found.isEmpty)
        #expect(unavailable?.contains("libopenblas-that-is-not.so.0 could not be opened") == true)
        #expect(unavailable?.contains("install libopenblas0") == true)
    }

    @Test func anotherLibraryOfTheNameIsRefused() {
        let (found, unavailable) = OpenBLASProvider.devices(of: Library.opened(["libm.so.6"]))
        #expect(found.isEmpty)
        #expect(unavailable?.contains("libm.so.6 has no cblas_sgemm") == true)
    }

    @Test(.enabled(if: CaseGraph.available)) func theDeviceComputesInHostMemory() throws {
        let device = try #require(OpenBLASProvider().devices().found.first)
        #expect(device.id == "openblas")
        #expect(device.isHost)
        #expect(OpenBLASProvider().details.contains { $0.name == "configuration" && $0.value.hasPrefix("OpenBLAS") })
    }
}
