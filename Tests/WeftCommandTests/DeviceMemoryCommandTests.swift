import Foundation
import Testing

@testable import WeftCommand

/// `--device-memory` on the command line.
@Suite struct DeviceMemoryCommandTests {
    private let dense = Tool.fixture("dense.onnx")

    @Test func sizesAreReadAsPeopleWriteThem() throws {
        for (text, bytes) in [
            ("0", 0), ("4096", 4096), ("12b", 12), ("512MB", 512_000_000), ("64MiB", 64 << 20), ("64 mib", 64 << 20),
            ("1.5GiB", 3 << 29), ("2kb", 2000), ("1TiB", 1 << 40),
        ] {
            #expect(try ByteSize.bytes(text) == bytes, "\(text)")
        }
    }

    @Test func commandsTakeALimit() throws {
        for words in [
            ["run", dense, "--shape", "x=2x4"], ["explain", dense, "--shape", "x=2x4"],
            ["tune", dense, "--shape", "x=2x4", "--seconds", "0"], ["inspect", dense, "--shape", "x=2x4"],
            ["compare", dense, "--shape", "x=2x4"],
        ] {
            let result = try Tool.run(words + ["--provider", "cpu", "--device-memory", "1MiB"])
            #expect(result.code == 0, "\(words): \(result.errors)")
        }
    }

    /// Whether this machine has a Vulkan device, as a build without one has not.
    private func hasVulkan() throws -> Bool {
        try Tool.run(["run", dense, "--shape", "x=2x4", "--provider", "vulkan"]).code == 0
    }

    @Test func explainSaysWhatMemoryKeepsOff() throws {
        guard try hasVulkan() else { return }
        let words = ["explain", dense, "--shape", "x=2x4", "--provider", "vulkan,cpu", "--placement", "preference"]
        let free = try #require(try Tool.run(words + ["--json"]).json()["plan"] as? [String: Any])
        #expect(free["is_bound_by_memory"] as? Bool == false)
        let use = try #require((free["memory"] as? [[String: Any]])?.first)
        #expect(use["device"] as? String == "vulkan" && use["need"] as? Int ?? 0 > 0)
        try Tool.withFolder { folder in
            let page = folder + "/plan.html"
            let text = try Tool.run(words + ["--device-memory", "100", "--html", page])
            #expect(text.code == 0)
            #expect(text.output.contains("memory bound the placement: 2 nodes would be on a device but for it"))
            #expect(text.output.contains("not surely the best"))
            #expect(try String(contentsOfFile: page, encoding: .utf8).contains("memory bound the placement"))
        }
        let node = try Tool.run(words + ["--device-memory", "100", "--node", "product"])
        #expect(node.output.contains("because: would be on vulkan but for its memory: "))
        #expect(node.output.contains("the limit is 100"))
        let bound = try Tool.run(words + ["--device-memory", "100", "--json"])
        let plan = try #require(try bound.json()["plan"] as? [String: Any])
        #expect(plan["is_bound_by_memory"] as? Bool == true)
        let nodes = try #require(plan["nodes"] as? [[String: Any]])
        #expect(nodes.allSatisfy { $0["kept_off"] as? String == "vulkan" && $0["device"] as? String == "cpu" })
        let strict = try Tool.run(
            ["run", dense, "--shape", "x=2x4", "--provider", "vulkan", "--strict", "--device-memory", "100"])
        #expect(strict.code == 4)
        #expect(strict.errorLines.first?.contains("whose limit is 100") == true)
    }

    @Test func aPlanUnderALimitIsSavedAndFollowed() throws {
        guard try hasVulkan() else { return }
        try Tool.withFolder { folder in
            let plan = folder + "/plan.json"
            let common = ["--shape", "x=2x4", "--provider", "vulkan,cpu", "--placement", "preference"]
            #expect(try Tool.run(["explain", dense, "--save-plan", plan, "--device-memory", "100"] + common).code == 0)
            let followed = try Tool.run(["explain", dense, "--shape", "x=2x4", "--plan", plan])
            #expect(followed.code == 0, "\(followed.errors)")
            #expect(followed.output.contains("memory bound the placement: 2 nodes"))
            #expect(try Tool.run(["explain", dense, "--save-plan", plan] + common).code == 0)
            let refused = try Tool.run(["run", dense, "--shape", "x=2x4", "--plan", plan, "--device-memory", "100"])
            #expect(refused.code == 4)
            #expect(refused.errors.contains("the plan file asks for more than fits"))
        }
    }
}
