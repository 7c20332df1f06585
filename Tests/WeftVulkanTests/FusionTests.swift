#if Vulkan
    import Testing
    import WeftProvider

    @testable import WeftVulkan

    @Suite(Vulkan.required, .serialized) struct FusionTests {
        private static let shape = [1, 8, 6, 5]
        private static let pads: [String: Attribute] = ["pads": .ints([1, 1, 1, 1])]

        private func start(groups: Int = 1) -> TestGraph {
            var graph = TestGraph()
            graph.feed("x", .noise(Self.shape, seed: 91))
            graph.feed("w", TestTensor.noise([8, 8 / groups, 3, 3], seed: 92).constant)
            graph.feed("b", TestTensor.noise([8], seed: 93).constant)
            let attributes = Self.pads.merging(["group": .int(Int64(groups))]) { $1 }
            graph.add("Conv", ["x", "w", "b"], [("c", Self.shape)], attributes)
            return graph
        }

        /// Runs a graph as it is and fused; demands the same result and the number of nodes that is left.
        private func expectFused(_ graph: TestGraph, to nodes: Int, on device: TestDevice, _ label: String) throws {
            let fused = graph.fused(outputs: ["y"], on: device.device.description)
            #expect(fused.nodes.count == nodes, "\(label)")
            let plain = try graph.run(outputs: ["y"], on: device.device)[0]
            let together = try fused.run(outputs: ["y"], on: device.device)[0]
            expectClose(together, plain.map(Double.init), 1e-6, label)
            Vulkan.expectSilence()
        }

        @Test(arguments: Vulkan.drivers) func convolutionTakesItsActivation(_ device: TestDevice) throws {
            for opType in ["Relu", "Sigmoid", "HardSwish", "LeakyRelu"] {
                var graph = start()
                graph.add(opType, ["c"], [("y", Self.shape)])
                try expectFused(graph, to: 1, on: device, opType)
            }
            var clip = start(groups: 8)
            clip.feed("low", TestTensor([Float(0)], []).constant)
            clip.feed("high", TestTensor([Float(0.5)], []).constant)
            clip.add("Clip", ["c", "low", "high"], [("y", Self.shape)])
            try expectFused(clip, to: 1, on: device, "Clip")
        }

        @Test(arguments: Vulkan.drivers) func convolutionTakesSwishAndResidual(_ device: TestDevice) throws {
            for groups in [1, 8] {
                var graph = start(groups: groups)
                graph.add("Sigmoid", ["c"], [("s", Self.shape)])
                graph.add("Mul", ["s", "c"], [("m", Self.shape)])
                graph.add("Add", ["x", "m"], [("y", Self.shape)])
                try expectFused(graph, to: 1, on: device, "groups \(groups)")
            }
        }

        @Test(arguments: Vulkan.drivers) func convolutionTakesResidualAndRelu(_ device: TestDevice) throws {
            for groups in [1, 8] {
                var graph = start(groups: groups)
                graph.add("Add", ["x", "c"], [("a", Self.shape)])
                graph.add("Relu", ["a"], [("y", Self.shape)])
                try expectFused(graph, to: 1, on: device, "groups \(groups)")
            }
        }

        @Test(arguments: Vulkan.drivers) func onePixelPlanesAreProducts(_ device: TestDevice) throws {
            var graph = TestGraph()
            graph.feed("x", .noise([3, 40, 1, 1], seed: 81))
            graph.feed("w", TestTensor.noise([24, 40, 1, 1], seed: 82).constant)
            graph.feed("b", TestTensor.noise([24], seed: 83).constant)
            graph.feed("r", .noise([3, 24, 1, 1], seed: 84))
            graph.add("Conv", ["x", "w", "b"], [("c", [3, 24, 1, 1])])
            graph.add("Add", ["c", "r"], [("a", [3, 24, 1, 1])])
            graph.add("HardSigmoid", ["a"], [("y", [3, 24, 1, 1])])
            try expectFused(graph, to: 1, on: device, "squeeze and excitation")
        }

        @Test(arguments: Vulkan.drivers) func whatOthersReadIsNotFusedAway(_ device: TestDevice) throws {
            var graph = start()
            graph.add("Relu", ["c"], [("r", Self.shape)])
            graph.add("Sigmoid", ["r"], [("s", Self.shape)])
            graph.add("Add", ["r", "s"], [("y", Self.shape)])
            try expectFused(graph, to: 3, on: device, "relu read twice")
            var both = start()
            both.add("Relu", ["c"], [("y", Self.shape)])
            #expect(both.fused(outputs: ["y", "c"], on: device.device.description).nodes.count == 2)
        }

        @Test(arguments: Vulkan.drivers) func broadcastAddIsNoResidual(_ device: TestDevice) throws {
            var graph = start()
            graph.feed("v", .noise([8, 1, 1], seed: 94))
            graph.add("Add", ["c", "v"], [("y", Self.shape)])
            try expectFused(graph, to: 2, on: device, "broadcast")
        }

        @Test(arguments: Vulkan.drivers) func productsTakeBiasAndActivation(_ device: TestDevice) throws {
            for bias in [[12], [1, 12]] {
                var graph = TestGraph()
                graph.feed("x", .noise([2, 9, 16], seed: 95))
                graph.feed("w", TestTensor.noise([16, 12], seed: 96).constant)
                graph.feed("b", TestTensor.noise(bias, seed: 97).constant)
                graph.add("MatMul", ["x", "w"], [("p", [2, 9, 12])])
                graph.add("Add", ["b", "p"], [("a", [2, 9, 12])])
                graph.add("Gelu", ["a"], [("g", [2, 9, 12])])
                graph.feed("r", .noise([2, 9, 12], seed: 98))
                graph.add("Add", ["r", "g"], [("y", [2, 9, 12])])
                try expectFused(graph, to: 1, on: device, "\(bias)")
            }
            var gemm = TestGraph()
            gemm.feed("x", .noise([9, 16], seed: 95))
            gemm.feed("w", TestTensor.noise([12, 16], seed: 96).constant)
            gemm.feed("b", TestTensor.noise([12], seed: 97).constant)
            gemm.add("Gemm", ["x", "w", "b"], [("g", [9, 12])], ["transB": .int(1)])
            gemm.add("Relu", ["g"], [("y", [9, 12])])
            try expectFused(gemm, to: 1, on: device, "Gemm")
        }

        @Test(arguments: Vulkan.drivers) func theMembersAreTheProductAndItsActivation(_ device: TestDevice) throws {
            var graph = start()
            graph.add("Relu", ["c"], [("y", Self.shape)])
            let fusions = VulkanProvider().fusions(in: graph.view(outputs: ["y"]), on: device.device.description)
            let fusion = try #require(fusions.first)
            #expect(fusion.members == [0, 1] && fusions.count == 1)
        }
    }
#endif
