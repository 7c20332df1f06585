import Testing
import WeftRuntime

@testable import WeftPlacement

private let schedules: [PlanInterpreter.Schedule] = [.late, .early, .random(1), .random(2)]

/// Whether a plan, made of the sound one, gives these outputs whatever the timing.
private func gives(_ outputs: [[UInt32]], _ plan: PlanDescription, of sound: PlanDescription) -> Bool {
    let sizes = sound.values.map { $0.bytes ?? 0 }
    return schedules.allSatisfy { schedule in
        var interpreter = PlanInterpreter(plan, sizes: sizes, arenas: sound.arenas)
        return (try? interpreter.run(schedule)) == outputs
    }
}

@Test func theVerifierCatchesNinetyNineInAHundredOfThePlansWhoseOutputChanges() throws {
    var changed: [PlanMutation.Kind: Int] = [:]
    var caught: [PlanMutation.Kind: Int] = [:]
    for seed in 0..<150 {
        var random = PartitioningRandom(seed: seed)
        let sound = try PlanMutation.soundPlan(using: &random)
        #expect(PlanVerifier.violations(of: sound) == [], "seed \(seed)")
        var interpreter = PlanInterpreter(sound, sizes: sound.values.map { $0.bytes ?? 0 }, arenas: sound.arenas)
        let expected = try interpreter.run(.early)
        #expect(gives(expected, sound, of: sound), "seed \(seed)")
        for kind in PlanMutation.Kind.allCases {
            for _ in 0..<2 {
                var mutant = sound
                PlanMutation.mutate(&mutant, kind, using: &random)
                if gives(expected, mutant, of: sound) { continue }
                changed[kind, default: 0] += 1
                if !PlanVerifier.violations(of: mutant).isEmpty { caught[kind, default: 0] += 1 }
            }
        }
    }
    for kind in PlanMutation.Kind.allCases {
        #expect(changed[kind, default: 0] >= 10, "\(kind) changes too few plans to test anything")
    }
    let (all, found) = (changed.values.reduce(0, +), caught.values.reduce(0, +))
    print("the verifier caught \(found) of \(all) changed plans: \(Double(found) / Double(all) * 100) %")
    #expect(all >= 1000)
    #expect(found * 100 >= all * 99, "missed by kind: \(changed.merging(caught) { $0 - $1 }.filter { $0.value > 0 })")
}
