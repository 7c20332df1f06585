#if Vulkan
    import Foundation
    import Testing
    import WeftProvider
    import WeftProviderKit

    @testable import WeftVulkan

    @Test func providerWithoutDevicesSaysWhy() {
        let (found, unavailable) = VulkanProvider().devices()
        #expect(found.isEmpty == (unavailable != nil))
        #expect(unavailable?.isEmpty != true)
    }

    @Suite(Vulkan.required, .serialized) struct DeviceTests {
        private func pipeline(on device: VulkanDevice, constants: PlainConstantStore = PlainConstantStore()) throws
            -> TestRun
        {
            var graph = TestGraph()
            graph.feed("x", .noise([1, 4, 9, 7]))
            graph.feed("w", TestTensor.noise([6, 4, 3, 3], seed: 2).constant)
            graph.add("Conv", ["x", "w"], [("c", [1, 6, 9, 7])], ["pads": .ints([1, 1, 1, 1])])
            graph.add("Sigmoid", ["c"], [("s", [1, 6, 9, 7])])
            graph.add("Mul", ["c", "s"], [("y", [1, 6, 9, 7])])
            return try graph.bind(outputs: ["y"], on: device, constants: constants)
        }

        @Test(arguments: Vulkan.devices) func recordedSegmentRunsAgainWithNewInputs(_ device: TestDevice) throws {
            let run = try pipeline(on: device.device)
            let first = try run.run()
            #expect(try run.run() == first)
            try run.write(0, TestTensor.noise([1, 4, 9, 7], seed: 9).bytes)
            #expect(try run.run() != first)
            try run.write(0, TestTensor.noise([1, 4, 9, 7]).bytes)
            #expect(try run.run() == first)
            Vulkan.expectSilence()
        }

        @Test(arguments: Vulkan.devices) func twoThreadsShareADevice(_ device: TestDevice) async throws {
            let constants = PlainConstantStore()
            let expected = try pipeline(on: device.device, constants: constants).run()
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<2 {
                    group.addTask {
                        let run = try pipeline(on: device.device, constants: constants)
                        for _ in 0..<10 where try run.run() != expected { return false }
                        return true
                    }
                }
                for try await same in group { #expect(same) }
            }
            Vulkan.expectSilence()
        }

        @Test(arguments: Vulkan.devices) func independentNodesNeedNoBarrier(_ device: TestDevice) throws {
            var graph = TestGraph()
            graph.feed("x", .noise([64]))
            graph.add("Relu", ["x"], [("a", [64])])
            graph.add("Sigmoid", ["x"], [("b", [64])])
            graph.add("Add", ["a", "b"], [("y", [64])])
            let run = try graph.bind(outputs: ["y"], on: device.device)
            let recorded = try #require(run.bound as? VulkanBoundSegment).recorded
            #expect(recorded.dispatches == 3)
            // Staged: the import before, the export after; else only the one before Add.
            #expect(recorded.barriers == (device.device.logical.unified ? 1 : 3))
            _ = try run.run()
            Vulkan.expectSilence()
        }

        @Test(arguments: Vulkan.devices) func pipelinesAreMadeOnce(_ device: TestDevice) throws {
            let keys = (1...6).map { PipelineKey(shader: "unary_f32", constants: [UInt32($0), 1]) }
            let pipelines = device.device.logical.pipelines
            let first = try pipelines.pipelines(Set(keys))
            #expect(first.count == keys.count)
            let second = try pipelines.pipelines(Set(keys))
            #expect(keys.allSatisfy { second[$0]?.handle == first[$0]?.handle && first[$0] != nil })
            #expect(throws: WeftError.self) { try pipelines.pipelines([PipelineKey(shader: "none", constants: [])]) }
        }

        @Test(arguments: Vulkan.devices) func viewsMoveNothing(_ device: TestDevice) throws {
            var graph = TestGraph()
            graph.feed("x", .noise([2, 3, 4]))
            graph.feed("s", .sizes([6, 4]))
            graph.add("Reshape", ["x", "s"], [("y", [6, 4])])
            let node = try #require(graph.view(outputs: ["y"]).nodes.first)
            guard case .variants(let offered) = VulkanProvider().support(node, on: device.device.description) else {
                Issue.record("declined")
                return
            }
            #expect(offered.map(\.view) == [0] && offered.map(\.work.launches) == [0])
        }

        @Test(arguments: Vulkan.devices) func tooLargeABufferIsAnErrorAndNoTrap(_ device: TestDevice) {
            #expect(throws: WeftError.self) { try device.device.allocate(1 << 50, .deviceLocal) }
            #expect(throws: WeftError.self) { try device.device.allocate(Int.max, .hostVisible) }
        }

        @Test(arguments: Vulkan.devices) func operandPastTheStorageRangeIsDeclined(_ device: TestDevice) {
            let range = device.device.description.limit(DeviceLimit.storageRange)
            let type = ValueType.tensor(.float32, .fixed([range / 4 + 1]))
            let node = NodeView(
                id: 0, name: "big", opType: "Relu", inputs: [Operand(value: 0, type: type)],
                outputs: [Operand(value: 1, type: type)])
            guard
                case .declined(.limit(let name, _, let has)) = VulkanProvider().support(
                    node, on: device.device.description)
            else {
                Issue.record("claimed")
                return
            }
            #expect(name == DeviceLimit.storageRange && has == range)
        }

        @Test func validationIsOnWhereItIsInstalled() throws {
            guard case .success(let instance) = Instance.shared else { return }
            let installed = try Instance.hasLayer(Instance.validationLayer, instance.loader)
            let wish = ProcessInfo.processInfo.environment["WEFT_VULKAN_VALIDATION"]
            #expect((instance.validation != nil) == (installed && (wish ?? "1") == "1"))
        }
    }

    @Suite struct ShaderTests {
        @Test func everyShaderIsListedWithItsBindings() {
            #expect(ShaderTable.shared.names.count >= 18)
            #expect(ShaderTable.shared["conv_f32"]?.bindings == 5)
            #expect(ShaderTable.shared["no such shader"] == nil)
        }

        @Test(
            .enabled(
                if: ["/usr/bin/glslc", "/usr/bin/spirv-val"].allSatisfy(FileManager.default.fileExists), "no glslc"))
        func committedShadersAreWhatTheSourcesCompileTo() throws {
            let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent()
            let process = Process()
            process.executableURL = root.appending(path: "scripts/shaders")
            process.arguments = ["--check"]
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
        }
    }
#endif
