import Testing
import WeftProvider
import WeftProviderKit

@testable import WeftPlanning

/// The layouts that nodes of one memory work in, against every choice that there is.
struct LayoutChoiceTests {
    /// Runs nothing; says what ways there are, and what each takes, by the number of its launches.
    private struct PricedProvider: Provider {
        let name = "priced"
        let rows: [SupportRow] = []
        /// By node.
        let ways: [[Variant]]
        /// By operator.
        let conversions: [String: Int]

        func devices() -> (found: [DeviceDescription], unavailable: String?) {
            ([DeviceDescription(id: name, name: name, provider: name, kind: .host)], nil)
        }

        func support(_ node: NodeView, on device: DeviceDescription) -> Support {
            guard node.domain == LayoutConversion.domain else { return .variants(ways[node.id]) }
            return conversions[node.opType].map { .variants([.init("convert", work: Self.work($0))]) }
                ?? .declined(.opType)
        }

        func open(_ device: DeviceDescription) throws(WeftError) -> any Device { HostDevice(device, provider: self) }

        static func work(_ launches: Int) -> Work { Work(.direct, flops: 0, bytes: 0, launches: launches) }
    }

    /// A random graph whose nodes have ways in some of the layouts.
    private struct Trial {
        let offers: Offers
        let spaces: MemorySpaces
        let graph: PlacementGraph

        init(seed: Int, nodes count: Int, layouts: [Layout]) throws {
            var dice = Dice(seed)
            let type = ValueType.tensor(.float32, .fixed([1, 8, 2, 2]))
            var nodes: [NodeView] = [], ways: [[Variant]] = []
            for node in 0..<count {
                let inputs = (0..<1 + dice.below(2)).map { _ in max(0, node - dice.below(3)) }
                nodes.append(
                    NodeView(
                        id: node, name: "n\(node)", opType: "Op", inputs: inputs.map { Operand(value: $0, type: type) },
                        outputs: [Operand(value: node + 1, type: type)]))
                var list: [Variant] = []
                for layout in [.plain] + layouts where layout == .plain || dice.below(4) > 0 {
                    // Some take a layout and leave what they make dense.
                    let given = dice.below(4) == 0 ? Layout.plain : layout
                    list.append(
                        Variant(
                            "\(layout) to \(given)", work: PricedProvider.work(2 + dice.below(20)),
                            inputLayouts: inputs.map { _ in layout }, outputLayouts: [given]))
                }
                ways.append(list)
            }
            var conversions: [String: Int] = [:]
            for layout in layouts {
                conversions[LayoutConversion.opType(from: .plain, to: layout)] = 1 + dice.below(8)
                conversions[LayoutConversion.opType(from: layout, to: .plain)] = 1 + dice.below(8)
            }
            if layouts.count == 2, dice.flip() {
                conversions[LayoutConversion.opType(from: layouts[0], to: layouts[1])] = 1 + dice.below(4)
            }
            let provider = PricedProvider(ways: ways, conversions: conversions)
            let description = try #require(provider.devices().found.first)
            var rates = DeviceRates.nominal(description, threads: 1)
            rates.launch = 1
            let devices = [
                EngineDevice(
                    provider: provider, description: description, device: try provider.open(description), rates: rates)
            ]
            let outputs = Set([count, 1 + dice.below(count)]).sorted()
            var specialised = Specialised()
            specialised.values = (0...count).map { Specialised.Value(name: "v\($0)", type: type) }
            specialised.inputs = [0]
            specialised.outputs = outputs
            specialised.units = nodes.map { node in
                .init(
                    kind: .planned(node), inputs: node.inputs.compactMap { $0?.value },
                    outputs: node.outputs.compactMap { $0?.value }, nodeCount: 1)
            }
            graph = PlacementGraph(specialised)
            offers = Offers(graph, devices: devices)
            spaces = MemorySpaces(devices)
        }

        var choices: [[Choice]] {
            offers.answers.map { answers in
                answers.compactMap { answer in if case .able(let choice) = answer { choice } else { nil } }
            }
        }

        /// What nodes and conversions take.
        func seconds(_ choices: [[Choice]]) -> Double {
            var values = graph.values.map { PlacedValue(name: $0.name, type: $0.type) }
            return LayoutChoice(
                offers, spaces: spaces, choices: choices, fusions: [], constants: DerivedConstants(), graph: graph,
                frame: 0
            ).choose(&values).reduce(0) { $0 + $1.seconds }
        }

        /// The least that any choice of one way for each node takes, of ways that pass.
        func least(where passes: (Variant) -> Bool = { _ in true }) -> Double {
            let choices = choices
            var best = Double.infinity
            func extend(_ fixed: [[Choice]]) {
                guard fixed.count < choices.count else { return best = min(best, seconds(fixed)) }
                let choice = choices[fixed.count][0]
                for way in choice.ways where passes(way.variant) {
                    extend(fixed + [[Choice(device: choice.device, ways: [way])]])
                }
            }
            extend([])
            return best
        }
    }

    private static let blocks = ["a", "b"].map { name in Layout(name) { _, shape in shape.elementCount * 4 } }

    @Test func withOneLayoutNothingIsQuicker() throws {
        for seed in 0..<120 {
            let trial = try Trial(seed: seed, nodes: 1 + seed % 7, layouts: [Self.blocks[0]])
            #expect(trial.seconds(trial.choices) == trial.least(), "seed \(seed)")
        }
    }

    @Test func withTwoLayoutsNoneOfThemAloneIsQuicker() throws {
        var best = 0
        for seed in 0..<60 {
            let trial = try Trial(seed: seed + 900, nodes: 1 + seed % 5, layouts: Self.blocks)
            let chosen = trial.seconds(trial.choices)
            let least = trial.least()
            #expect(chosen >= least, "seed \(seed)")
            for layout in Self.blocks {
                #expect(chosen <= trial.least { [.plain, layout].contains($0.layout) }, "seed \(seed), \(layout)")
            }
            if chosen == least { best += 1 }
        }
        #expect(best >= 54, "\(best) of 60 are the quickest there are")
    }
}
