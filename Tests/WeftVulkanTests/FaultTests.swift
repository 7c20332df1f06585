#if Vulkan
    import Testing
    import WeftProvider

    @testable import WeftVulkan

    @Suite(Vulkan.required, .serialized) struct FaultTests {
        private func open(memoryCap: Int = .max) throws -> VulkanDevice {
            let id = try #require(Vulkan.devices.first).device.description.id
            let entry = try #require(try DeviceList.current().first { $0.description.id == id })
            return try VulkanDevice(entry, staging: true, memoryCap: memoryCap)
        }

        private func expect(_ code: WeftError.Code, _ body: () throws -> Void) {
            #expect { try body() } throws: { ($0 as? WeftError)?.code == code }
        }

        private func product(_ device: VulkanDevice) throws -> TestRun {
            var graph = TestGraph()
            graph.feed("x", .noise([64, 64]))
            graph.feed("w", TestTensor.noise([64, 64], seed: 2).constant)
            graph.add("MatMul", ["x", "w"], [("y", [64, 64])])
            return try graph.bind(outputs: ["y"], on: device)
        }

        @Test func memoryPastTheCapIsATypedErrorAndComesBack() throws {
            let device = try open(memoryCap: 1 << 20)
            do {
                let first = try device.allocate(700 << 10, .deviceLocal)
                expect(.outOfMemory) { _ = try device.allocate(400 << 10, .hostVisible) }
                #expect(first.byteCount == 700 << 10)
            }
            #expect(try device.allocate(1 << 20, .hostVisible).byteCount == 1 << 20)
            Vulkan.expectSilence()
        }

        @Test func segmentThatFindsNoMemoryIsATypedError() throws {
            // Enough for the values, not for the chunk that holds constants.
            let device = try open(memoryCap: 1 << 20)
            expect(.outOfMemory) { _ = try product(device) }
            Vulkan.expectSilence()
        }

        @Test func lostDeviceRefusesEverythingAndMayBeReleased() throws {
            var device: VulkanDevice? = try open()
            var run: TestRun? = try product(try #require(device))
            let point = try #require(run).submit()
            device?.logical.lose()
            expect(.deviceLost) { try device?.wait(point) }
            expect(.deviceLost) { _ = try run?.submit() }
            expect(.deviceLost) { _ = try product(try #require(device)).run() }
            run = nil
            device = nil
            // A fresh device is not touched by it.
            #expect(try product(try open()).run().first?.count == 64 * 64 * 4)
            Vulkan.expectSilence()
        }

        @Test func waitThatTakesTooLongIsATypedError() throws {
            let device = try open()
            // A point that nobody has submitted.
            for wait in [Duration.milliseconds(5), .zero, .seconds(-1)] {
                expect(.timeout) { try device.wait(TimelinePoint(1 << 40), deadline: .now + wait) }
            }
            try device.wait(.done, deadline: .now - .seconds(1))
        }
    }
#endif
