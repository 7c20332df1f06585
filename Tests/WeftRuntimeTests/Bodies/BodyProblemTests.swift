import Testing
import WeftCPU
import WeftGraph
import WeftProvider
import WeftProviderKit
import WeftProviderTesting

@testable import WeftInterpreter
@testable import WeftPlacement
@testable import WeftPlanning
@testable import WeftRuntime

/// The cut of a caller and its bodies is the best of all labellings.
struct BodyProblemTests {
    /// A device of its own and the host, with random links, and random prices for each node.
    private struct World {
        let devices: [EngineDevice]
        let prices: [String: [Double]]

        init(_ program: BodyProgram, _ dice: inout Dice) throws {
            var prices: [String: [Double]] = [:]
            func price(_ graph: Graph, _ dice: inout Dice) {
                for node in graph.nodes {
                    for body in node.bodies.sorted(by: { $0.key < $1.key }) { price(body.value, &dice) }
                    guard node.bodies.isEmpty else { continue }
                    let far = dice.below(5) == 0 ? Double.infinity : Double(dice.below(1000)) * 1e-9
                    prices[node.name] = [Double(dice.below(1000)) * 1e-9, far]
                }
            }
            price(program.graph, &dice)
            let known = prices
            let cpu = CPUProvider()
            let far = SeparateMemoryProvider("far", host: cpu) { known[$0.name]?[1] != .infinity }
            devices = try ([far, cpu] as [any Provider]).map { provider in
                let description = try #require(provider.devices().found.first)
                var rates = DeviceRates.nominal(description, threads: 1)
                if !description.isHost {
                    rates.upload = .init(latency: Double(dice.below(200)) * 1e-9, bytesPerSecond: 1e9)
                    rates.download = .init(latency: Double(dice.below(200)) * 1e-9, bytesPerSecond: 2e9)
                }
                return EngineDevice(
                    provider: provider, description: description, device: try provider.open(description), rates: rates)
            }
            self.prices = prices
        }

        func offers(_ graph: PlacementGraph) -> Offers {
            var offers = Offers(graph, devices: devices, groups: false)
            for device in devices.indices {
                var choices: [Int: Choice] = [:]
                for (index, node) in graph.view.nodes.enumerated() {
                    guard case .able(let choice) = offers.answers[index][device], let way = choice.cheapest(),
                        let price = prices[node.name]?[devices[device].description.isHost ? 0 : 1]
                    else { continue }
                    let priced = Way(variant: way.variant, price: Price(price, source: .tuned))
                    choices[index] = Choice(device: device, ways: [priced])
                }
                offers = offers.replacing(choices, of: device)
            }
            return offers
        }
    }

    private static let reference = Result { try Reference(CPUProvider(), store: PackedStore()) }

    private func placer(_ program: BodyProgram, _ world: World) throws -> Placer {
        let reference = try Self.reference.get()
        func specialise(_ graph: Graph, _ facts: [Fact]) throws(WeftError) -> Specialised {
            var specialiser = Specialiser(reference: reference, regions: RegionTable(), workers: SerialWorkers())
            return try specialiser.specialise(graph, facts)
        }
        let graph = try specialise(program.graph, program.inputs.map { Fact(type: $0.type) })
        let laidOut = PlacementGraph(graph) { body, facts in try? specialise(body, facts) }
        return Placer(
            laidOut, offers: world.offers(laidOut), devices: world.devices, rules: PlacementRules(mode: .cost))
    }

    @Test func theCutOfACallerAndItsBodiesEqualsBruteForce() throws {
        var (withBodies, mixed, nested, apart) = (0, 0, 0, 0)
        for seed in 0..<400 {
            var dice = Dice(seed &+ 77_000)
            let program = try BodyProgram(seed: seed, limit: 2 + seed % 11)
            let world = try World(program, &dice)
            let placer = try placer(program, world)
            let prospects = try placer.prospects()
            let found = try placer.graph.problem(prospects.fusions, spaces: placer.spaces).solve()
            let names = placer.view.nodes.map(\.name)
            #expect(names.count == program.nodeCount, "seed \(seed)")

            let link = try #require(world.devices[0].rates.upload), back = try #require(world.devices[0].rates.download)
            let brute = BodyBruteForce(
                program, prices: { world.prices[$0] ?? [] }, up: { link.seconds(bytes: $0) },
                down: { back.seconds(bytes: $0) })
            let far = Set(zip(names, found.spaces).filter { $1 == 1 }.map(\.0))
            let cost = brute.cost(brute.mask(far.contains))
            // Of weights that are nothing a billionth is left, so that what is impossible stays so.
            #expect(abs(cost - found.seconds) <= 1e-12, "seed \(seed): \(found.seconds), by hand \(cost)")
            #expect(abs(brute.least - found.seconds) <= 1e-12, "seed \(seed): \(found.seconds), least \(brute.least)")
            if placer.graph.frames.count > 1 { withBodies += 1 }
            if Set(found.spaces).count == 2 { mixed += 1 }
            if placer.graph.frames.contains(where: { $0.call?.frame ?? 0 > 0 }) { nested += 1 }

            // The caller for itself and each body for itself, as if nothing were shared.
            let alone = try alone(placer, prospects)
            let apartFar = Set(zip(names, alone).filter { $1 == 1 }.map(\.0))
            if brute.cost(brute.mask(apartFar.contains)) > found.seconds + 1e-11 { apart += 1 }
        }
        #expect(withBodies >= 250)
        #expect(mixed >= 120)
        #expect(nested >= 20)
        #expect(apart >= 20, "cuts that are better for being joint")
    }

    private func alone(_ placer: Placer, _ prospects: Prospects) throws -> [Int] {
        var spaces = [Int](repeating: 0, count: placer.view.nodes.count)
        for (number, frame) in placer.graph.frames.enumerated() {
            let problem = placer.graph.problem(prospects.fusions, spaces: placer.spaces, frame: number)
            for (node, space) in zip(frame.nodes, try problem.solve().spaces) { spaces[node] = space }
        }
        return spaces
    }

    @Test func noPlanIsSlowerThanItsAlternativesNorQuickerThanTheBound() throws {
        for seed in 0..<120 {
            var dice = Dice(seed &+ 99_000)
            let program = try BodyProgram(seed: seed, limit: 12)
            let world = try World(program, &dice)
            let placer = try placer(program, world)
            let report = try placer.place().report
            let figures = try #require(report.comparison)
            let host = try #require(figures.hostOnly)
            #expect(figures.chosen <= min(host, figures.deviceFirst, figures.greedy), "seed \(seed)")
            #expect(figures.lowerBound <= figures.chosen * (1 + 1e-9), "seed \(seed)")
        }
    }

    // MARK: Trips

    private func trips(_ opType: String, _ inputs: [Fact?], _ attributes: [String: Attribute], _ condition: Bool?)
        -> TripCount
    {
        let node = Node(
            id: 0, name: "", domain: "", opType: opType, version: 21, inputs: Array(inputs.indices), outputs: [],
            attributes: attributes, bodies: [:], captureCount: 0)
        return TripCount(
            node, inputs, condition: condition.map { ConstantFactory.constant(Tensor(scalar: $0)) })
    }

    private func known(_ tensor: Tensor) -> Fact {
        Fact(type: .tensor(tensor.elementType, .fixed(tensor.shape)), contents: ConstantFactory.constant(tensor))
    }

    @Test func tripsAreKnownOrAssumedAndSaySo() {
        let ten = known(Tensor(scalar: Int64(10))), three = known(Tensor(scalar: Int64(3)))
        #expect(trips("Loop", [ten, nil], [:], true).count == 10)
        #expect(trips("Loop", [ten, known(Tensor(scalar: false))], [:], true).count == 0)
        #expect(trips("Loop", [ten, nil], [:], false).count == 1)
        #expect(trips("Loop", [ten, nil], [:], nil).count == 8)
        #expect(trips("Loop", [ten, nil], [:], nil).reason.hasPrefix("assumed"))
        #expect(trips("Loop", [three, nil], [:], nil).count == 3)
        #expect(trips("Loop", [nil, nil], [:], nil).count == 8)
        #expect(trips("Loop", [known(Tensor(scalar: Int64(-4))), nil], [:], true).count == 0)
        #expect(trips("Loop", [known(Tensor(scalar: Int64.max)), nil], [:], true).count == 1e6)
        #expect(trips("If", [nil], [:], nil).count == 0.5)
        let rows = Fact(type: .tensor(.float32, .fixed([5, 7])))
        #expect(trips("Scan", [rows], ["num_scan_inputs": .int(1)], nil).count == 5)
        let columns: [String: Attribute] = ["num_scan_inputs": .int(1), "scan_input_axes": .ints([-1])]
        #expect(trips("Scan", [rows], columns, nil).count == 7)
    }
}
