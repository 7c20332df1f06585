import Foundation
import Testing

/// `weft detect` on several pictures and folders.
@Suite(.enabled("needs the Pictures trait") { try Tool.run(["--version"]).output.contains("Pictures") })
struct DetectTests {
    private let model = Tool.digits + "/model.onnx"
    private let scene = Tool.digits + "/scene.png"

    @Test func aFoldersPicturesComeInTheOrderOfTheirNames() throws {
        try Tool.withFolder { folder in
            let pictures = folder + "/pictures"
            let drawings = folder + "/found"
            try FileManager.default.createDirectory(atPath: pictures, withIntermediateDirectories: true)
            for name in ["b.png", "A.PNG", "a.png"] {
                try FileManager.default.copyItem(atPath: scene, toPath: "\(pictures)/\(name)")
            }
            try Data("no picture".utf8).write(to: URL(fileURLWithPath: pictures + "/notes.txt"))
            let result = try Tool.run([
                "detect", pictures, "--model", model, "--provider", "openblas,cpu", "--json", "--output", drawings,
            ])
            try #require(result.code == 0, "\(result.errors)")
            let reports = try #require(
                try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])
            #expect(
                reports.compactMap { $0["image"] as? String }
                    == ["A.PNG", "a.png", "b.png"].map { "\(pictures)/\($0)" })
            for report in reports { #expect((report["detections"] as? [Any])?.count == 10) }
            let drawn = try FileManager.default.contentsOfDirectory(atPath: drawings).sorted()
            #expect(drawn == ["A.png", "a.png", "b.png"])
        }
    }

    @Test func aFolderOfOneIsAListAndAPictureIsNone() throws {
        try Tool.withFolder { folder in
            try FileManager.default.copyItem(atPath: scene, toPath: folder + "/only.png")
            let list = try Tool.run(["detect", folder, "--model", model, "--provider", "openblas,cpu", "--json"])
            #expect(list.output.hasPrefix("["))
            let single = try Tool.run(["detect", scene, "--model", model, "--provider", "openblas,cpu", "--json"])
            #expect(try single.json()["task"] as? String == "detect")
        }
    }

    @Test func picturesOfOneNameAreDrawnUnderNamesOfTheirOwn() throws {
        try Tool.withFolder { folder in
            let drawings = folder + "/found"
            let result = try Tool.run([
                "detect", scene, scene, "--model", model, "--provider", "openblas,cpu", "--output", drawings,
            ])
            #expect(result.code == 0)
            let drawn = try FileManager.default.contentsOfDirectory(atPath: drawings).sorted()
            #expect(drawn == ["scene-2.png", "scene.png"])
        }
    }

    @Test func whatIsNoPictureIsNamed() throws {
        try Tool.withFolder { folder in
            #expect(try Tool.run(["detect", folder, "--model", model]).code == 2)
            let none = try Tool.run(["detect", folder + "/none.png", "--model", model])
            #expect(none.code == 3)
            #expect(none.errors.contains("none.png"))
        }
    }
}
