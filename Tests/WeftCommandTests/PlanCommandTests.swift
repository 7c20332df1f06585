import Foundation
import Testing
import Weft

/// Plans as files on the command line: saved, followed, compared, refused; and what is measured when asked.
@Suite struct PlanCommandTests {
    private let dense = Tool.fixture("dense.onnx")

    @Test func aSavedPlanIsFollowedAndComparesAsTheSame() throws {
        try Tool.withFolder { folder in
            let (first, second) = (folder + "/a.json", folder + "/b.json")
            let saved = try Tool.run([
                "explain", dense, "--shape", "x=2x4", "--provider", "cpu", "--save-plan", first,
            ])
            #expect(saved.code == 0)
            let followed = try Tool.run(["explain", dense, "--shape", "x=2x4", "--plan", first, "--save-plan", second])
            #expect(followed.code == 0)
            #expect(try Tool.run(["run", dense, "--shape", "x=2x4", "--plan", first]).code == 0)
            let difference = try Tool.run(["explain", "--diff", first, second])
            #expect(difference.code == 0)
            #expect(difference.output.contains("both plans run every node in the same way"))
            let pinned = try Tool.run([
                "explain", dense, "--shape", "x=2x4", "--plan", first, "--pin", "*=cpu", "--json",
            ])
            let plan = try #require(try pinned.json()["plan"] as? [String: Any])
            let nodes = try #require(plan["nodes"] as? [[String: Any]])
            #expect(nodes.allSatisfy { ($0["reason"] as? String)?.hasPrefix("pinned to cpu by '*'") == true })
        }
    }

    @Test func whatIsNoPlanForThisIsRefused() throws {
        try Tool.withFolder { folder in
            let plan = folder + "/plan.json"
            #expect(
                try Tool.run(["explain", dense, "--shape", "x=2x4", "--save-plan", plan, "--provider", "cpu"]).code == 0
            )
            let other = try Tool.run(["run", Tool.digits + "/model.onnx", "--plan", plan])
            #expect(other.code == 3)
            let absent = try Tool.run(["run", dense, "--plan", folder + "/none.json"])
            #expect(absent.code == 3)
            try Data("{}".utf8).write(to: URL(fileURLWithPath: plan))
            let damaged = try Tool.run(["run", dense, "--plan", plan])
            #expect(damaged.code == 3)
            #expect(damaged.errors.contains("is no plan file"))
            #expect(try Tool.run(["explain"]).code == 2)
            #expect(try Tool.run(["explain", "--diff", plan]).code == 2)
        }
    }

    @Test func tuneMeasuresAndSaves() throws {
        try Tool.withFolder { folder in
            let plan = folder + "/plan.json"
            let result = try Tool.run([
                "tune", dense, "--shape", "x=2x4", "--provider", "cpu", "--seconds", "0", "--save", plan, "--json",
            ])
            #expect(result.code == 0)
            let tuning = try #require(try result.json()["tuning"] as? [String: Any])
            #expect((tuning["ways_measured"] as? Int ?? 0) > 0)
            #expect((tuning["measured_seconds"] as? Double ?? 0) > 0)
            let explained = try Tool.run(["explain", dense, "--shape", "x=2x4", "--plan", plan])
            #expect(explained.output.contains("tuned"))
        }
    }
}
