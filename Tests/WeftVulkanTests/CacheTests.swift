#if Vulkan
    import Foundation
    import Testing
    import WeftProvider

    @testable import WeftVulkan

    @Suite(Vulkan.required, .serialized) struct CacheTests {
        /// A folder of this test's own, gone when the body returns.
        private func withFolder(_ body: (CacheFolder) throws -> Void) throws {
            let path = FileManager.default.temporaryDirectory.appending(path: "weft-\(UUID().uuidString)/deep").path
            defer { try? FileManager.default.removeItem(atPath: path) }
            try body(CacheFolder(path: path))
        }

        /// What a driver of this device might write: a header that names it, and some data.
        private func data(_ physical: PhysicalDevice) -> [UInt8] {
            [32, 1, physical.vendorID, physical.deviceID].flatMap { word in
                (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * UInt32($0))) }
            } + physical.pipelineCacheUUID + Array(0..<100)
        }

        @Test func filesAreReplacedAsAWhole() throws {
            try withFolder { folder in
                #expect(folder.read("a") == nil)
                #expect(folder.write("a", [1, 2, 3]) && folder.read("a") == [1, 2, 3])
                #expect(folder.write("a", []) && folder.read("a") == [])
                #expect(folder.read("a", limit: -1) == nil)
                let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
                #expect(names == ["a"])
            }
            #expect(!CacheFolder(path: "/dev/null/none").write("a", [1]))
        }

        @Test func keptPipelinesAreUsedOnlyByTheirOwnDriver() throws {
            let physical = try #require(Vulkan.devices.first).device.logical.physical
            try withFolder { folder in
                let file = PipelineFile(folder, physical)
                guard case .none = file.load(for: physical) else { throw WeftError(.invalidData, "out of nothing") }
                file.store(data(physical))
                #expect(file.load(for: physical).bytes == data(physical))
                let whole = try #require(folder.read(file.name))
                let otherDriver = data(physical).enumerated().map { $0.offset == 20 ? $0.element ^ 1 : $0.element }
                let cases: [(String, [UInt8])] = [
                    ("damaged", whole.enumerated().map { $0.offset == 90 ? $0.element ^ 1 : $0.element }),
                    ("damaged", whole.dropLast()), ("no file of pipelines", Array(whole.prefix(30))),
                    ("no file of pipelines", [UInt8](repeating: 7, count: 500)), ("no file of pipelines", []),
                ]
                for (reason, bytes) in cases {
                    folder.write(file.name, bytes)
                    guard case .refused(let said) = file.load(for: physical) else {
                        Issue.record("\(bytes.count) bytes were taken")
                        continue
                    }
                    #expect(said.contains(reason) && said.contains(folder.path))
                }
                file.store(otherDriver)
                guard case .refused(let said) = file.load(for: physical) else { throw WeftError(.invalidData, "taken") }
                #expect(said.contains("another device or driver"))
            }
        }

        @Test(arguments: Vulkan.drivers) func pipelinesOutliveTheirProcess(_ device: TestDevice) throws {
            let logical = device.device.logical
            let keys = Set((1...3).map { PipelineKey(shader: "unary_f32", constants: [8, $0]) })
            try withFolder { folder in
                let file = PipelineFile(folder, logical.physical)
                func open() throws -> PipelineCache {
                    try PipelineCache(logical.handle, logical.functions, logical.physical, file)
                }
                let first = try open()
                #expect(first.refusal == nil)
                #expect(try first.pipelines(keys).count == 3)
                first.destroy()
                guard case .data = file.load(for: logical.physical) else {
                    throw WeftError(.invalidData, "nothing was kept")
                }
                let second = try open()
                #expect(second.refusal == nil)
                #expect(try second.pipelines(keys).count == 3)
                second.destroy()
                folder.write(file.name, Array("rubbish".utf8))
                let third = try open()
                #expect(third.refusal != nil)
                #expect(try third.pipelines(keys).count == 3)
                third.destroy()
            }
            Vulkan.expectSilence()
        }

        @Test func tileThatWasFoundBestComesFirst() throws {
            let device = try #require(Vulkan.devices.first).device
            let demand = TileDemand(family: .matrix, rows: 128, vector: true, shares: true)
            var description = device.description
            let usual = demand.tiles(description)
            let last = try #require(TileShape.all(description).last)
            description.features.insert(TileFeature.name(demand.kind, last.name))
            #expect(TileFeature.preferred(demand.kind, description) == last.name)
            let tiles = demand.tiles(description)
            #expect(tiles.first == demand.cut(last, description) && Set(tiles) == Set(usual))
            description.features = [TileFeature.name(demand.kind, "no tile")]
            #expect(Set(demand.tiles(description)).isSubset(of: Set(usual)))
        }

        @Test func tuningTimesEveryTileAndFindsNoneWrong() throws {
            let device = try #require(Vulkan.drivers.first).device
            let results = try TileTuning(device: device, provider: VulkanProvider()).run()
            #expect(Set(results.map(\.kind)).count == 6)
            for result in results {
                #expect(result.wrong.isEmpty, "\(result)")
                #expect(result.seconds.count > 2 && result.seconds.allSatisfy { $0.seconds > 0 })
                #expect(result.seconds.map(\.seconds) == result.seconds.map(\.seconds).sorted())
                #expect(result.best == result.seconds.first?.shape && result.skipped == 0)
            }
            #expect(try TileTuning(device: device, provider: VulkanProvider()).run(seconds: 0).isEmpty)
            Vulkan.expectSilence()
        }
    }
#endif
